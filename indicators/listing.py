"""The tables that staff read beside a statement: every issue of a series, and which post met each slot. Nothing is measured by them."""

from __future__ import annotations

from collections.abc import Hashable

from config.plan import Plan, Series, Slots
from indicators.asked import Asked
from indicators.snapshot import within_scope
from model import Period
from storage import Storage
from storage.knowledge import Known
from storage.publications import put_publications
from storage.slots import put_matches


def put_lists(storage: Storage, plan: Plan, period: Period, known: Known) -> None:
    """Make `publications` and `plan_slots.matched_post` say what is known of a period's issues and slots."""
    from indicators.series import publications_of
    from indicators.slots import matches

    whole = within_scope(storage, plan, known)
    memo: dict[Hashable, object] = {}
    for indicator in plan.indicators:
        asked = Asked(storage, whole, indicator, period, known, memo)
        if not asked.begun:
            continue
        if isinstance(indicator.rule, Series):
            put_publications(storage, indicator.rule.series, period, publications_of(asked, indicator.rule))
        elif isinstance(indicator.rule, Slots):
            put_matches(storage, matches(asked, indicator.rule))
