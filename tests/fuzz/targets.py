"""All targets by name."""

from __future__ import annotations

from tests.fuzz import platforms, press, values
from tests.fuzz.target import Target

TARGETS: tuple[Target, ...] = (*platforms.TARGETS, *press.TARGETS, *values.TARGETS)
