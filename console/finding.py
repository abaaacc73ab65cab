"""One thing that the doctor found."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """`level` is ok, warn or fail; `cure` is the next step where there is one."""

    level: str
    what: str
    cure: str = ""
