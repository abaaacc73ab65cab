"""The backup of a real daemon: made beside its other work, and restored when it has stopped."""

from __future__ import annotations

import time
from pathlib import Path

from model import utc_now
from storage import backups
from tests.conftest import Clock
from tests.indicators.sealing import EDGE
from tests.test_daemon import ENDED, PATIENCE, ended, start
from tests.upkeep.kept import chain, institution
from upkeep.restore import restore
from upkeep.rotation import kept_in, last_good


def test_a_daemon_catches_up_on_its_backup_and_it_can_be_restored(tmp_path: Path, clock: Clock) -> None:
    settings = institution(tmp_path / "home")
    assert utc_now() > EDGE, "the archive of this test has begun"
    process = start(settings)
    deadline = time.monotonic() + PATIENCE
    while backups.known(settings.data).good is None and time.monotonic() < deadline:
        time.sleep(0.05)
    code, said = ended(process)
    assert code in ENDED, said
    [made] = kept_in(settings.backups, settings.database)
    assert last_good([made], utc_now()) == made
    done = restore(made.path, None, clock, to=tmp_path / "new")
    assert done.findings == [] and chain(done.place.database) == chain(settings.database) != []
