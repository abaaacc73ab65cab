"""`kill -9` at a moment that can be numbered, so that a test can go through all of them.

A moment is before a statement that begins or ends a transaction (what lies between two of them is nothing on the disk), or before a
file is opened for writing, renamed or removed (which the interpreter tells itself, by `sys.addaudithook`).
"""

from __future__ import annotations

import os
import signal
import sqlite3
import sys
from typing import Any

DECIDING = ("BEGIN", "COMMIT", "ROLLBACK", "END", "SAVEPOINT", "RELEASE")
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
FILES = ("os.rename", "os.remove", "os.mkdir", "os.link", "os.truncate", "os.rmdir", "subprocess.Popen")
HARMLESS = (".lock", ".pyc", "/dev/null")  # a lock is the kernel's: the file says nothing


def die_before(moment: int, *, statements: bool = False) -> None:
    """Kill this process before its n-th moment from now on; 0: never. `statements`: each one is a moment, and files are none."""
    done = 0

    def count() -> None:
        nonlocal done
        done += 1
        if done == moment:
            os.kill(os.getpid(), signal.SIGKILL)

    def said(statement: str) -> None:
        word = statement.lstrip().split(maxsplit=1)[0].rstrip(";").upper() if statement.strip() else ""
        if statements or word in DECIDING or (word == "PRAGMA" and "=" in statement):
            count()

    def heard(event: str, args: tuple[Any, ...]) -> None:
        if (event in FILES or (event == "open" and int(args[2] or 0) & WRITING)) and not str(args[0]).endswith(HARMLESS):
            count()

    def connected(*args: Any, **options: Any) -> sqlite3.Connection:
        connection: sqlite3.Connection = connect(*args, **options)
        connection.set_trace_callback(said)
        return connection

    if moment:
        connect, sqlite3.connect = sqlite3.connect, connected  # type: ignore[assignment]
        if not statements:
            sys.addaudithook(heard)
