"""Which reasons the events give each indicator of each period for what it lacks, and within which days."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from indicators.covered import UNLISTED
from indicators.followers import STALE
from indicators.growth_days import MISSING
from indicators.growth_posts import AFTER, LATE, OPENING
from indicators.growth_posts import UNREAD as COUNTERS
from indicators.news_sources import UNREAD as FEED
from indicators.series import NOT_LOOKED as WEEKS
from indicators.slots import NO_ACCOUNT, UNSEEN
from model import Period
from sandbox.world import ISTANBUL
from storage.untold import EARLIER, GONE, LATER
from tests.five_years import truths
from tests.five_years.town import OUTLETS, Town
from words import Note

ASLEEP = date(2027, 6, 25), date(2027, 7, 3)
BEFORE_VIEWS = date(2025, 1, 1), date(2025, 8, 14)
NO_SAVES = date(2028, 1, 1), date(2029, 12, 31)
CLOSING = date(2028, 9, 25), date(2028, 10, 14)
SILENT = date(2029, 3, 4), date(2029, 3, 26)
DEAD_FEED = date(2027, 8, 31)


@dataclass(frozen=True, slots=True)
class Lack:
    """One reason: its text, who it is of, why, and the days that it is about (an event: the days that it may be about)."""

    text: str
    who: str
    why: str = ""
    first: date = date.min
    last: date = date.max

    @staticmethod
    def of(note: Note) -> Lack:
        values = {name: str(value) for name, value in note.values.items()}
        who = next((values[name] for name in ("account", "source", "platform") if name in values), "")
        if "metric" in values:
            who = f"{who} {values['metric']}"
        days = [date.fromisoformat(values[name]) for name in ("first", "last") if name in values]
        return Lack(note.text, who, values.get("reason", ""), *days)

    def is_of(self, event: Lack) -> bool:
        if (self.text, self.who, self.why) != (event.text, event.who, event.why):
            return False
        return self.first == date.min or event.first <= self.first <= self.last <= event.last


def lacks(world: Town, period: str, code: str) -> list[Lack]:
    span = Period.parse(period)
    return [lack for lack in _lacks(world, span, code) if lack.first <= span.last and span.first <= lack.last]


def _lacks(world: Town, period: Period, code: str) -> Iterator[Lack]:
    if code == "PG3.1.1":
        for feed in OUTLETS:
            if feed != "ornek-gazetesi" or period.first <= DEAD_FEED:
                yield Lack(FEED, f"feed:{feed}", "", *ASLEEP)
        yield Lack(FEED, "feed:ilce-manset", "", *SILENT)
    elif code == "PG3.1.2" and str(period) == "2027-H1":
        for platform in truths.COUNTS:
            yield Lack(STALE, f"{platform}:ornekbelediye")
    elif code in truths.SERIES:
        if _issue_may_be_missed(world, truths.SERIES[code]):
            yield Lack(WEEKS, "facebook:ornekbelediye", "", *CLOSING)
    elif code == "PG3.1.5":
        for platform, (first, last) in truths.COUNTS.items():
            if period.first < first or period.last > last:
                yield Lack(NO_ACCOUNT, platform)
        yield Lack(UNSEEN, "facebook", "", *CLOSING)
    elif code == "PG3.1.6":
        yield Lack(UNLISTED, "facebook:ornekbelediye", "", *CLOSING)
    elif code in truths.FROM_POSTS:
        yield from _growth(period, code)


def _growth(period: Period, code: str) -> Iterator[Lack]:
    slept = {"2027-H1": (COUNTERS, AFTER), "2027-H2": (OPENING, LATE)}.get(str(period), ())
    for platform in truths.FROM_POSTS[code]:
        for text in slept:
            yield Lack(text, f"{platform}:ornekbelediye")
    if code == "PG3.1.8" and period.first <= CLOSING[1] <= period.last:
        yield Lack(COUNTERS, "facebook:ornekbelediye")
    if code == "PG3.1.7":
        yield Lack(MISSING, "facebook:ornekbelediye views", LATER, *BEFORE_VIEWS)
        yield Lack(MISSING, "facebook:ornekbelediye views", GONE, *CLOSING)
    else:
        yield Lack(MISSING, "instagram:ornekbelediye saves", EARLIER, *NO_SAVES)
        yield Lack(UNLISTED, "facebook:ornekbelediye", "", *CLOSING)


def _issue_may_be_missed(world: Town, title: str) -> bool:
    """Whether the week in which the account was closed has no issue anywhere else, so that one may have stood there."""
    week = CLOSING[1].isocalendar()[:2]
    several = (post for platform in truths.COUNTS for post in truths.posts(world, platform, CLOSING[0]) if platform == "facebook")
    others = (post for platform in truths.COUNTS if platform != "facebook" for post in truths.posts(world, platform))
    issues = (post for post in (*several, *others) if re.search(title, post.text))
    return all(post.published_at.astimezone(ISTANBUL).isocalendar()[:2] != week for post in issues)
