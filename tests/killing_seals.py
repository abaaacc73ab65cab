"""Processes that seal, so that they can be killed: `python -m tests.killing_seals`.

The directory holds a database and `card.toml`. Reads a line `DIRECTORY STATEMENT CHILDREN` a turn: forks so many children at once, each of which seals 2026-H1 there and kills itself
(SIGKILL) before its n-th SQL statement (0: never). Says how each ended.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import indicators.followers
import storage.schema
from config import Settings
from console.sealing import Wish, state_it
from model import Account
from tests.dying import die_before
from tests.indicators.sealing import EDGE, H1, SETTLED
from tests.indicators.standing import ISTANBUL

NEEDED = (storage.schema, indicators.followers)


def seal_it(directory: Path, deadly: int) -> None:
    accounts = tuple(Account(f"{p}:{h}", p, h) for p, h in (("x", "a"), ("facebook", "b")))
    settings = Settings(directory / "mecra.toml", directory, "Örnek", ISTANBUL, accounts=accounts, plan=directory / "card.toml")
    die_before(deadly, statements=True)
    state_it(settings, Wish(H1, EDGE + SETTLED, seal=True), "Ayşe")


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
