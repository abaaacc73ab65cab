"""All targets by name."""

from __future__ import annotations

from tests.fuzz import asking, consenting, files, platforms, press, storing, values, written
from tests.fuzz.target import Target

TARGETS: tuple[Target, ...] = (
    *platforms.TARGETS,
    *press.TARGETS,
    *values.TARGETS,
    *files.TARGETS,
    *written.TARGETS,
    *asking.TARGETS,
    *consenting.TARGETS,
    *storing.TARGETS,
)
