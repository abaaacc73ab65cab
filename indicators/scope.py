"""Which accounts count in a period, and from which of its days to which."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from config.plan import Plan
from model import Account, Period, to_text
from storage import Storage
from storage.knowledge import Known

NEWS = ("feed", "gdelt", "gnews", "agency")  # the press: its sources count for news only (indicators/news_sources.py)
NO_ACCOUNTS = (*NEWS, "page")  # and pages that a bulletin is looked for on


@dataclass(frozen=True, slots=True)
class Share:
    """An account's part of a period: from `first` to `last`, both included. Never empty."""

    account: Account
    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def span(self, zone: ZoneInfo) -> tuple[str, str]:
        """From the first instant to the first one after, as UTC text."""
        return _text(self.first, zone), _text(self.last + timedelta(days=1), zone)


def shares(storage: Storage, plan: Plan, period: Period, last: date, known: Known | None = None) -> list[Share]:
    """The accounts that count, up to `last` (the last local day that a statement is about), by key."""
    found = []
    for account, since, until in scope(storage, plan, known):
        first, end = max(period.first, since or date.min), min(period.last, last, until or date.max)
        if first <= end:
            found.append(Share(account, first, end))
    return found


def scope(storage: Storage, plan: Plan, known: Known | None = None) -> list[tuple[Account, date | None, date | None]]:
    """The accounts that ever count, each with its first and its last day (None: open), by key.

    The plan's list, or the accounts of the settings with their days where the plan has none. An account that the plan names and
    the database does not know is there too: nothing is known of it. `known`: without the accounts that a file brought later.
    """
    there = storage.accounts(known=known.text if known else None)
    accounts = {account.account: account for account in there if account.platform not in NO_ACCOUNTS}
    if plan.scope:
        own = [s for s in plan.scope if s.account.partition(":")[0] not in NO_ACCOUNTS]
        named = [(accounts.get(s.account) or _unknown(s.account), s.since, s.until) for s in own]
    else:
        named = [(account, account.since, account.until) for account in accounts.values()]
    return sorted(named, key=lambda one: one[0].account)


def _unknown(key: str) -> Account:
    platform, _, handle = key.partition(":")
    return Account(key, platform, handle)


def _text(day: date, zone: ZoneInfo) -> str:
    return to_text(Period.midnight(day, zone))
