"""Processes that seal, so that they can be killed: `python -m tests.killing_seals`.

The directory holds a database and `card.toml`. Reads a line `DIRECTORY STATEMENT CHILDREN` a turn: forks so many children at once, each of which seals 2026-H1 there and kills itself
(SIGKILL) before its n-th SQL statement (0: never). Says how each ended.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import indicators.followers
import storage.schema
from config import Settings
from console.sealing import Wish, state_it
from model import Account
from storage import Storage
from tests.indicators.sealing import EDGE, H1, SETTLED
from tests.indicators.standing import ISTANBUL

NEEDED = (storage.schema, indicators.followers)


def seal_it(directory: Path, deadly: int) -> None:
    accounts = tuple(Account(f"{p}:{h}", p, h) for p, h in (("x", "a"), ("facebook", "b")))
    settings = Settings(directory / "mecra.toml", directory, "Örnek", ISTANBUL, accounts=accounts, plan=directory / "card.toml")
    if deadly:
        _die_before(deadly)
    state_it(settings, Wish(H1, EDGE + SETTLED, seal=True), "Ayşe")


def _die_before(statement: int) -> None:
    """Count statements from the first one of the opened store on."""
    done = 0

    def count(_said: str) -> None:
        nonlocal done
        done += 1
        if done == statement:
            os.kill(os.getpid(), signal.SIGKILL)

    begin = Storage.__init__

    def traced(self: Storage, *args: object, **more: object) -> None:
        begin(self, *args, **more)  # type: ignore[arg-type]
        self.connection.set_trace_callback(count)

    Storage.__init__ = traced  # type: ignore[method-assign]


def main() -> None:
    for line in sys.stdin:
        directory, statement, children = line.split()
        forked = []
        for _ in range(int(children)):
            child = os.fork()
            if child == 0:
                try:
                    seal_it(Path(directory), int(statement))
                    os._exit(0)
                except BaseException as error:
                    sys.stderr.write(f"{error!r}\n")
                    os._exit(1)
            forked.append(child)
        print(*(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in forked), flush=True)


if __name__ == "__main__":
    main()
