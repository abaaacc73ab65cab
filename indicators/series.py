"""Series."""

from __future__ import annotations

from config.plan import Series
from indicators.asked import Asked
from indicators.result import Measured


def measure_series(asked: Asked, rule: Series) -> Measured:
    """Nothing is known yet."""
    return Measured(None)
