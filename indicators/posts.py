"""Posts."""

from __future__ import annotations

from config.plan import Posts
from indicators.asked import Asked
from indicators.result import Measured


def measure_posts(asked: Asked, rule: Posts) -> Measured:
    """Nothing is known yet."""
    return Measured(None)
