"""What takes a while to find out, kept for the next reader: each thing is found out once, whoever asks meanwhile waits."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, TypeVar, cast

T = TypeVar("T")


class Kept:
    """At most `most` things by their keys; the least wanted goes first. `clock` counts seconds."""

    def __init__(self, most: int = 400, clock: Callable[[], float] = time.monotonic) -> None:
        self.most, self._clock = most, clock
        self._found: OrderedDict[Hashable, tuple[float, Any]] = OrderedDict()
        self._under_way: dict[Hashable, Lock] = {}
        self._lock = Lock()

    def get(
        self, key: Hashable, find: Callable[[], T], seconds: float | None = None, worth: Callable[[T], bool] = lambda found: True
    ) -> T:
        """What `find` answers, or has answered for this key within so many seconds (None: ever). A failure is not kept, nor what is not
        `worth` it."""
        with self._lock:
            mine = self._under_way.setdefault(key, Lock())
        with mine:
            with self._lock:
                there = self._found.get(key)
                if there and (seconds is None or self._clock() - there[0] < seconds):
                    self._found.move_to_end(key)
                    return cast(T, there[1])
            try:
                fresh = find()
                if not worth(fresh):
                    return fresh
                with self._lock:
                    self._found[key] = (self._clock(), fresh)
                    self._found.move_to_end(key)
                    while len(self._found) > self.most:
                        self._found.popitem(last=False)
                return fresh
            finally:
                with self._lock:
                    self._under_way.pop(key, None)
