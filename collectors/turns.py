"""One request at a time a host, whoever asks it: lanes of one process, and processes beside each other."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import TypeAlias

from filelock import FileLock, Timeout

from collectors.base import Unavailable

Turn: TypeAlias = Callable[[str], AbstractContextManager[object]]

LONGEST = 300.0  # seconds: two whole requests of others, and their connecting


def at_once(host: str) -> AbstractContextManager[object]:
    """Without waiting for anybody."""
    return nullcontext()


def turns(folder: Path, longest: float = LONGEST) -> Turn:
    """Turns that hold over threads and processes: a lock on a file a host. A process that dies leaves none behind."""

    @contextmanager
    def turn(host: str) -> Iterator[None]:
        """Raises Unavailable where others ask the host for too long, or where a lock can't be made."""
        name = re.sub(r"[^\w.-]", "_", host)[:100]
        lock = FileLock(folder / f"host-{name}.lock", timeout=longest)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            lock.acquire(poll_interval=0.01)
        except Timeout:
            raise Unavailable(f"{host} is being asked by another for {longest:.0f} s", at=host, cure="tried again later") from None
        except OSError as error:
            what = f"no lock for {host} can be made in {folder} ({error.strerror})"
            raise Unavailable(what, at=host, cure="see to the disk and its rights; tried again later") from None
        try:
            yield
        finally:
            lock.release()

    return turn
