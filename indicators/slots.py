"""Slots."""

from __future__ import annotations

from config.plan import Slots
from indicators.asked import Asked
from indicators.result import Measured


def measure_slots(asked: Asked, rule: Slots) -> Measured:
    """Nothing is known yet."""
    return Measured(None)
