"""Room on the disk: collecting stops before there is none, because a full disk hits the seals, the mail and the neighbours too."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable
from pathlib import Path

from words import _, number

log = logging.getLogger("mecra.upkeep")

MB = 1 << 20
AGAIN = 1.1  # of what must be free, so that a disk at the edge does not stop and go every minute


def free_on(path: Path) -> int:
    """Bytes that a user may still write on the disk of `path`."""
    return shutil.disk_usage(path).free


class Room:
    """Whether the disk of `place` has `megabytes` free; its ending and its return are told once each."""

    def __init__(self, place: Path, megabytes: int, free: Callable[[Path], int] = free_on) -> None:
        self.place, self.least, self.free = place, megabytes * MB, free
        self.low = False

    def enough(self) -> bool:
        """Looked at anew each time. A disk that can't be asked is taken to have room: whoever writes is told."""
        try:
            free = self.free(self.place)
        except OSError:
            return True
        low = free < (self.least * AGAIN if self.low else self.least)
        if low and not self.low:
            text = _(
                "{mb} MB are free on the disk of {path}, less than storage.free_mb = {least}: nothing is collected until there is room"
            )
            log.error(text.format(mb=number(free // MB), path=self.place, least=number(self.least // MB)))
        elif self.low and not low:
            log.warning(
                _("{mb} MB are free on the disk of {path} again: collecting goes on").format(mb=number(free // MB), path=self.place)
            )
        self.low = low
        return not low
