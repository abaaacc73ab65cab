"""The daemon on one account of the small platform, in a hurry: `python -m tests.power.running DIRECTORY URL FREE`.

FREE is a file that says how many megabytes the disk has left.
"""

from __future__ import annotations

import logging
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import collectors
from config.backup import Backups
from config.secrets import Secrets
from daemon import Daemon
from model import MecraError, utc_now
from scheduler import Jobs
from tests.conftest import fake_settings
from upkeep.room import MB, Room


def main(directory: str, url: str, free: str) -> int:
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s %(message)s", stream=sys.stderr)
    collectors.COLLECTORS["fake"] = "tests.fakes:FakeCollector"
    settings = replace(fake_settings(Path(directory), url, since=utc_now().date()), backup=Backups(nightly=False))
    daemon = Daemon(settings, Jobs(settings, Secrets({})), tick=timedelta(seconds=0.3))
    daemon._room = Room(settings.data, settings.free_mb, lambda _place: int(Path(free).read_text(encoding="utf-8")) * MB)
    try:
        return daemon.run()
    except MecraError as error:
        print(error, file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
