"""Measuring: an indicator is a pure function of the database, a period, the plan and what was known; the answer is exact."""

from __future__ import annotations

from config.plan import ByHand, Growth, Level, News, Posts, Series, Slots
from indicators.asked import Asked
from indicators.result import Measured

__all__ = ["Asked", "Measured", "measure"]


def measure(asked: Asked) -> Measured:
    """One indicator as it was measured; what was entered by hand is not in it (indicators/by_hand.py). Families are imported
    when the first of them is asked for."""
    rule = asked.indicator.rule
    if isinstance(rule, Level):
        from indicators.followers import measure_level

        return measure_level(asked, rule)
    if isinstance(rule, News):
        from indicators.news import measure_news

        return measure_news(asked, rule)
    if isinstance(rule, Series):
        from indicators.series import measure_series

        return measure_series(asked, rule)
    if isinstance(rule, Slots):
        from indicators.slots import measure_slots

        return measure_slots(asked, rule)
    if isinstance(rule, Posts):
        from indicators.posts import measure_posts

        return measure_posts(asked, rule)
    if isinstance(rule, Growth):
        from indicators.growth import measure_growth

        return measure_growth(asked, rule)
    assert isinstance(rule, ByHand)
    return Measured(None)
