"""News."""

from __future__ import annotations

from config.plan import News
from indicators.asked import Asked
from indicators.result import Measured


def measure_news(asked: Asked, rule: News) -> Measured:
    """Nothing is known yet."""
    return Measured(None)
