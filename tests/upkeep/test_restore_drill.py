"""The drill: collect, seal, write the report, back up while others write, lose the machine, and go on elsewhere as if nothing had been."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from config import Settings, load
from config.plan_file import load_plan
from config.secrets import Secrets
from console.demo import SECRETS, write_settings
from indicators.seal import seal
from model import Period
from reports.reading import standings
from reports.writing import write_report
from sandbox.server import Sandbox
from sandbox.world import World
from scheduler import Jobs, Run
from storage import opened
from storage.seal_file import NAME, add_missing
from storage.snapshots import all_sealed
from tests.conftest import ISTANBUL, Clock
from tests.upkeep.kept import chain, rows
from tests.upkeep.test_backup import WRITER
from upkeep.backup import make
from upkeep.checking import findings_in
from upkeep.restore import restore

H1 = Period(2026, 1)
END = datetime(2026, 7, 1, 6, tzinfo=UTC)


def collected(settings: Settings, clock: Clock) -> list[Run]:
    jobs = Jobs(settings, Secrets({}, settings.data / "secrets.toml"), now=clock, sleep=lambda seconds: None)
    jobs.prepare()
    return jobs.collect(
        [account for account in settings.accounts if account.platform != "gdelt"], trigger="schedule", only_due=True
    )


def reported(settings: Settings, directory: Path) -> dict[str, str]:
    """The report's files, each with its SHA-256."""
    with opened(settings.database, ISTANBUL, read_only=True) as storage:
        found = standings(storage, H1)
        assert found is not None
        write_report(storage, found, ("docx", "xlsx", "csv"), "tr", directory)
    files = [path for path in sorted(directory.rglob("*")) if path.is_file()]
    return {str(path.relative_to(directory)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def verified(settings: Settings) -> list[object]:
    """Everything, every sealed value measured again."""
    from storage.copying import examine

    contents, faults = examine(settings.database)
    assert contents is not None and faults == []
    return list(findings_in(ISTANBUL, settings.data, contents, full=True))


def test_the_machine_is_lost_and_nothing_else(tmp_path: Path, tell: Callable[[str], None]) -> None:
    clock, stick = Clock(END), tmp_path / "stick"
    stick.mkdir()
    world = World(start=END.date() - timedelta(days=4), end=END.date() + timedelta(days=3))
    with Sandbox(world, now=END) as box:
        home = write_settings(tmp_path / "home", box.url, world)
        home.path.write_text(home.path.read_text(encoding="utf-8") + f'[backup]\nsecond = "{stick}"\n', encoding="utf-8")
        home = load(home.path, {})
        assert not [run for run in collected(home, clock) if run.failed]
        with opened(home.database, ISTANBUL) as storage:
            plan = load_plan(home.plan)
            clock.pass_by(minutes=1)
            seal(storage, plan, H1, clock(), by="Ayşe", now=clock, provisional=True)
            add_missing(home.data / NAME, all_sealed(storage))
        sealed, report = chain(home.database), reported(home, tmp_path / "before")
        clock.pass_by(minutes=1)
        with subprocess.Popen([sys.executable, "-c", WRITER, str(home.database)], stdout=subprocess.PIPE, text=True) as writer:
            assert writer.stdout is not None and writer.stdout.readline() == "writing\n"
            made = make(home, clock)
            assert made.good and made.second is not None and writer.poll() is None
            writer.kill()
        kept = {name: found for name, found in rows(home.database).items() if name not in ("accounts",)}

        shutil.rmtree(home.path.parent)  # with the first backup in it

        done = restore(made.second, None, clock, to=tmp_path / "new")
        new = load(tmp_path / "new" / "mecra.toml", {})
        assert done.findings == [] and verified(new) == []
        assert {name: found for name, found in rows(new.database).items() if name not in ("accounts",)} == kept
        assert chain(new.database) == sealed and reported(new, tmp_path / "after") == report
        secrets = Secrets({}, new.data / "secrets.toml")
        for platform, values in SECRETS.items():
            secrets.put(platform, **values)
        clock.pass_by(days=1)
        box.now = clock()
        runs = collected(new, clock)
        assert runs and not [run for run in runs if run.failed]
        asked = len(runs)
        assert all(run.walk is not None and run.walk.missed == 0 for run in runs if run.stream == "profile"), (
            "it goes on where it was"
        )
        assert verified(new) == [], "what was sealed is not touched by what came after"
    tell(
        f"restore drill: {sum(made.manifest.contents['rows'].values())} rows, {len(report)} files of the report equal, {asked} streams went on"
    )
