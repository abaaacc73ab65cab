"""Where the issues of a series are looked for: accounts on the days on which they count, and which of their days were looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import partial

from config.plan import Series
from indicators.asked import Asked
from indicators.scope import NO_ACCOUNTS
from indicators.weeks import DAY, Week, weeks_of
from model import Account, from_text
from storage.coverage import listings, looked
from storage.publications import oldest, walked

Days = tuple[date, date]


@dataclass(frozen=True, slots=True)
class Source:
    """An account and the local days on which it counts. `walked`: somebody looked at it once. `listed`: the days whose posts were looked up."""

    account: Account
    days: tuple[Days, ...]
    walked: bool
    listed: Callable[[], frozenset[date]]  # found out when it is asked for, and once: the rows of issues do without

    def counts_on(self, day: date) -> bool:
        return any(first <= day <= last for first, last in self.days)

    def has(self, week: Week) -> bool:
        """Whether any day of the week is the account's."""
        return any(first <= week.sunday and week.monday <= last for first, last in self.days)

    def looked(self, days: Iterable[date]) -> bool:
        """Whether all of the days that are the account's were looked at. Its very last one never is: reading ends with it."""
        listed = self.listed()
        return all(day in listed for day in days if self.counts_on(day) and not any(day == last for _, last in self.days))


def weeks_over(asked: Asked) -> dict[Week, list[date]]:
    """The period's weeks that are over, each with the days of the period that its count rests on: all in it, and with the first and
    the last week what the period has of others."""
    first, last = asked.period.first, asked.period.last
    over = [week for week in weeks_of(asked.period) if asked.end_of(week.sunday) <= asked.known.text]
    found = {week: [day for day in week.days if first <= day <= last] for week in over}
    if over and over[0].monday > first:
        found[over[0]] = [*_between(first, over[0].monday - DAY), *found[over[0]]]
    if over and asked.over and over[-1].sunday < last:
        found[over[-1]] += _between(over[-1].sunday + DAY, last)
    return found


def _between(first: date, last: date) -> list[date]:
    return [first + n * DAY for n in range((last - first).days + 1)]


def sources(asked: Asked, rule: Series) -> tuple[Source, ...]:
    """The accounts that the rule names, or that are of a platform that it names, by key. One that nobody knows is there too."""
    known = {account.account: account for account in asked.storage.accounts(known=asked.known.text)}
    scope: dict[str, list[Days]] = {}
    for scoped in asked.plan.scope:
        scope.setdefault(scoped.account, []).append((scoped.since or date.min, scoped.until or date.max))
    found: dict[str, Source] = {}
    for named in rule.accounts:
        for account in _meant(named, known, scope):
            days = scope.get(account.account) or [(account.since or date.min, account.until or date.max)]
            listed = partial(asked.once, ("listed", account.account), partial(_listed, asked, account))
            found[account.account] = Source(account, tuple(days), walked(asked.storage, account.account, asked.known), listed)
    # A page that is new among the settings is no source of a statement of before.
    return tuple(
        one
        for _, one in sorted(found.items())
        if one.walked or one.account.platform != "page" or one.account.account in rule.accounts
    )


def _meant(named: str, known: dict[str, Account], scope: dict[str, list[Days]]) -> list[Account]:
    platform, colon, handle = named.partition(":")
    if colon:
        return [known.get(named) or Account(named, platform, handle)]
    within = scope if scope and platform not in NO_ACCOUNTS else known
    return [
        known.get(name) or Account(name, platform, name.partition(":")[2]) for name in within if name.startswith(f"{platform}:")
    ]


def _listed(asked: Asked, account: Account) -> frozenset[date]:
    """The days, of the weeks that are over, whose posts were looked up. A page shows its newest issues only: before the week of the
    oldest one that was ever seen on it, looking at it tells nothing."""
    weeks = weeks_over(asked)
    if not weeks:
        return frozenset()
    days = sorted({day for week, counted in weeks.items() for day in (*week.days, *counted)})
    streams = listings(account.platform, ("story",))
    what = (account.account, streams, days[0], days[-1])
    listed = asked.once(("looked", *what), lambda: looked(asked.storage, *what, asked.known)).listed
    if account.platform != "page":
        return listed
    at = oldest(asked.storage, account.account, asked.known)
    reach = Week.of(from_text(at).astimezone(asked.zone).date()).monday if at else date.max
    return frozenset(day for day in listed if day >= reach)
