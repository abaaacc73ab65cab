"""Growth."""

from __future__ import annotations

from config.plan import Growth
from indicators.asked import Asked
from indicators.result import Measured


def measure_growth(asked: Asked, rule: Growth) -> Measured:
    """Nothing is known yet."""
    return Measured(None)
