"""An account that its platform gives another name is one account: all that was read of it goes on under the key that it had."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from config import Settings, load
from config.secrets import Secrets
from model import MecraError
from sandbox.server import Sandbox
from sandbox.world import World, WorldAccount
from scheduler import Jobs
from storage import opened

NOW = datetime(2026, 2, 1, 6, tzinfo=UTC)
ENTRY = 'platform = "x"\nhandle = "{handle}"\n{more}'


def written(folder: Path, box: Sandbox, handle: str, more: str = "") -> Settings:
    entry = ENTRY.format(handle=handle, more=more)
    news = "[news]\nfeeds = false\ngdelt.enabled = false\n"
    text = f'since = 2026-01-20\n[[accounts]]\n{entry}\n[platforms.x]\napi_root = "{box.url}/x"\n{news}'
    (folder / "mecra.toml").write_text(text, encoding="utf-8")
    return load(folder / "mecra.toml", {})


def collected(settings: Settings, box: Sandbox) -> set[str]:
    """The keys of what was walked to the end."""
    jobs = Jobs(settings, Secrets({"MECRA_X_BEARER_TOKEN": "sandbox-x-bearer"}), now=lambda: box.now, sleep=lambda _: None)
    jobs.prepare()
    runs = jobs.collect(settings.accounts)
    assert all(run.walk and run.walk.outcome == "done" for run in runs if not run.skipped)
    return {run.account.account for run in runs if run.walk}


@pytest.mark.parametrize("more", ['id = "1480000000000000001"', ""], ids=["its id is in the settings", "its id was learned"])
def test_a_renamed_account_keeps_its_key(tmp_path: Path, more: str) -> None:
    world = World(start=date(2026, 1, 20), end=date(2026, 3, 1))
    with Sandbox(world, now=NOW) as box:
        assert collected(written(tmp_path, box, "ornekbelediye", more), box) == {"x:ornekbelediye"}
        was = world.accounts["x"]
        world.accounts["x"] = WorldAccount("x", "ornekbld", was.remote_id, was.label)
        box.now = NOW.replace(day=3)
        if not more:  # the new name alone tells nothing until X has been asked
            assert collected(written(tmp_path, box, "ornekbld"), box) == {"x:ornekbld"}
        with pytest.raises(MecraError, match=r'x:ornekbld is x:ornekbelediye under another name.*was = "ornekbelediye"'):
            collected(written(tmp_path, box, "ornekbld", more), box)
        settings = written(tmp_path, box, "ornekbld", f'{more}\nwas = "ornekbelediye"')
        assert collected(settings, box) == {"x:ornekbelediye"}
    with opened(settings.database, settings.zone, read_only=True) as storage:
        (account,) = (a for a in storage.accounts() if a.account == "x:ornekbelediye")
        assert account.handle == "ornekbld"
        if more:
            assert [a.account for a in storage.accounts() if a.platform == "x"] == ["x:ornekbelediye"]


def test_two_accounts_of_one_platform_are_no_rename(tmp_path: Path) -> None:
    with Sandbox(World(start=date(2026, 1, 20), end=date(2026, 3, 1)), now=NOW) as box:
        collected(written(tmp_path, box, "ornekbelediye"), box)
        settings = written(tmp_path, box, "baskabelediye", 'id = "1480000000000000002"')
        Jobs(settings, Secrets({}), now=lambda: box.now).prepare()
