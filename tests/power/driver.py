"""Commands in processes that can be killed, and that a disk can be taken from: `python -m tests.power.driver`.

Reads a line of JSON a turn: `{"args": [...], "environ": {...}, "moment": 7, "bytes": 0, "plain": true}`, forks a child that runs the command
(or, with `act`, a function of tests/power/acts.py), and answers its exit code and what it wrote. Everything is imported before.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import sys
import tempfile
from typing import Any

import apscheduler.schedulers.background
import babel.dates
import filelock
import sqlite_utils

import archive
import cli
import collectors
import console.acting
import console.collecting
import console.doctor
import console.entering
import console.readings
import console.sealing
import console.slots
import console.status
import daemon
import indicators.followers
import storage.database
import storage.schema
from tests.dying import die_before
from tests.power import acts

NEEDED = (
    apscheduler.schedulers.background, archive, babel.dates, collectors, console.acting, console.collecting, console.doctor, console.entering,
    console.readings, console.sealing, console.slots, console.status, daemon, filelock, indicators.followers, sqlite_utils, storage.schema,
)  # fmt: skip


def run(asked: dict[str, Any]) -> int:
    os.chdir(asked["directory"])
    for name in [name for name in os.environ if name.startswith("MECRA_")]:
        del os.environ[name]
    os.environ.update(asked.get("environ", {}))
    if asked.get("bytes"):
        resource.setrlimit(resource.RLIMIT_FSIZE, (asked["bytes"], asked["bytes"]))
    if asked.get("plain"):
        become_plain()
    storage.database.BUSY_SECONDS = asked.get("patience", storage.database.BUSY_SECONDS)
    die_before(asked.get("moment", 0))
    if "act" in asked:
        getattr(acts, asked["act"])(*asked["args"])
        return 0
    sys.argv = ["mecra", "--lang", asked.get("language", "en"), *asked["args"]]
    try:
        return cli.main()
    except SystemExit as ended:
        return int(ended.code or 0)


def become_plain() -> None:
    """Root without its privileges: what the permissions of its own files say holds for it too."""
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    if ctypes.CDLL(None, use_errno=True).capset(header, (ctypes.c_uint32 * 6)()):
        raise OSError(ctypes.get_errno(), "capset")


def main() -> None:
    collectors.COLLECTORS["fake"] = "tests.fakes:FakeCollector"
    for line in sys.stdin:
        asked = json.loads(line)
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            child = os.fork()
            if child == 0:
                os.dup2(out.fileno(), 1)
                os.dup2(err.fileno(), 2)
                code = 70
                try:
                    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
                    code = run(asked)
                except BaseException as error:
                    sys.stderr.write(f"{error!r}\n")
                finally:
                    sys.stdout.flush()
                    sys.stderr.flush()
                    os._exit(code)
            code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
            said = [file.seek(0) or file.read().decode("utf-8", "replace") for file in (out, err)]
        print(json.dumps({"code": code, "out": said[0], "err": said[1]}), flush=True)


if __name__ == "__main__":
    main()
