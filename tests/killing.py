"""A process that does what it is told, so that it can be killed: `python -m tests.killing`.

Reads a line `DIRECTORY URL` a turn, forks a child that makes its database ready and collects the small platform there,
says the child's number, waits for it, and says how it ended. Everything is imported before, so that a turn is short.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import filelock
import sqlite_utils

import collectors
import collectors.transfer
import storage.schema
from config.secrets import Secrets
from scheduler import Jobs
from tests.conftest import fake_settings
from tests.fakes import NOON, FakeCollector

NEEDED = (collectors.transfer, filelock, sqlite_utils, storage.schema, FakeCollector)


def collect(directory: str, url: str) -> None:
    jobs = Jobs(fake_settings(Path(directory), url), Secrets({}), now=lambda: NOON, sleep=lambda seconds: None)
    jobs.prepare()
    jobs.collect(jobs.settings.accounts)


def main() -> None:
    collectors.COLLECTORS["fake"] = "tests.fakes:FakeCollector"
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            try:
                collect(*line.split())
                os._exit(0)
            except BaseException as error:
                sys.stderr.write(f"{error!r}\n")
                os._exit(1)
        print(child, flush=True)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


if __name__ == "__main__":
    main()
