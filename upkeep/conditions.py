"""What is wrong at this moment, as the database, the settings and the clock have it: nothing is asked, nothing is written.

Each question is a function of what is looked at, and answers with the conditions that hold.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from statistics import median_low
from typing import Any

from config import Settings
from indicators.growth import TO_COME
from model import Period, from_text
from reports.health import BudgetHealth, budgets
from storage import Storage
from storage.expiry import known_expiries
from storage.health import StreamHealth, newest_answer, streams
from storage.incidents import Condition
from storage.snapshots import ValueRow, first_answer, latest_provisional, latest_sealed
from upkeep.room import free_on
from words import N_, Note, Value, cost, exact_percent, number, speaking

LISTED = 6
LONGEST = 200  # letters of one that lacks
DAY = timedelta(days=1)
FUTURE = timedelta(minutes=10)  # an answer may be archived by a clock that runs a little differently
ENDS = N_("the token of {platform} ends on {day}")
ENDED = N_("the token of {platform} ended on {day}")
DATA_ENDS = N_("the access of {platform} to data ends on {day}")
AUTH = N_("run `mecra auth {platform}`")
LOW = N_("{budget}: {used} of {most} are used, and at the pace of the last week it will be {forecast} by {day}")
SPENT = N_("{budget}: the limit of {most} is used up; nothing more is asked before {day}")
RAISE = N_("raise it under [budgets] in mecra.toml, read less often (a longer `ladder`), or wait")
GAPS = N_("{period} closes on {day}, and something lacks: {list}")
CLOSED = N_("{period} closed on {day}, is not sealed, and something lacks: {list}")
CLOSE = N_("`mecra snapshot {period}` tells each; what can be entered, imported or decided has to be by then")
DISK = N_("{megabytes} MB are free where the data are")
ROOM = N_("make room on that disk (`mecra doctor`); when it is full, nothing is collected any more")
AHEAD = N_("an answer was archived {minutes} min in the future: the clock was set back")
SKEWED = N_("the clock is {seconds} s off, as the platforms' servers say")
SET = N_("set the clock: timedatectl set-ntp true")


@dataclass(frozen=True)
class Look:
    """What conditions are found in. `intervals`: how often each (account, stream) that is expected is to be read.

    `skews`: by how many seconds our clock differed from each of some servers' when they answered last.
    """

    storage: Storage
    settings: Settings
    now: datetime
    intervals: Mapping[tuple[str, str], timedelta] = field(default_factory=dict)
    skews: Sequence[int] = ()
    free: Callable[[Path], int] = free_on

    @cached_property
    def streams(self) -> list[StreamHealth]:
        """Those that are expected and were ever tried: what nobody set up is missed by nobody."""
        return [one for one in streams(self.storage, self.now) if (one.account, one.stream) in self.intervals]

    @cached_property
    def budgets(self) -> list[BudgetHealth]:
        return budgets(self.storage, self.settings.budgets, self.now)

    @property
    def platforms(self) -> set[str]:
        return {account.platform for account in self.settings.accounts}

    def day(self, at: datetime) -> str:
        return at.astimezone(self.settings.zone).date().isoformat()


def tokens(look: Look) -> Iterator[Condition]:
    """Which token ends soon, as its platform said at the last consent or check."""
    soon = timedelta(days=look.settings.alarms.token_days)
    for platform, known in known_expiries(look.settings.data).items():
        for name, text in (("expires_at", ENDS), ("data_access_expires_at", DATA_ENDS)):
            ends = _instant(known.get(name))
            if platform in look.platforms and ends and ends - look.now < soon:
                said = ENDED if text is ENDS and ends <= look.now else text
                what = Note(said, {"platform": platform, "day": look.day(ends)})
                yield Condition("token_ends", f"{platform} {name}", look.now, what, Note(AUTH, {"platform": platform}))


def spending(look: Look) -> Iterator[Condition]:
    """Which limit is used up, and which one will be before its month is over. A limit of nothing is meant."""
    set_limits = [one for one in look.budgets if one.most]
    stopped = {one.platform for one in look.streams if one.outcome == "over budget"}
    nearest = {_platform(one): one for one in sorted(set_limits, key=lambda one: Fraction(one.used, one.most or 1))}
    for one in set_limits:
        about = f"{one.bucket} {one.kind}_per_{one.per}"
        if one.used >= (one.most or 0) or (_platform(one) in stopped and nearest[_platform(one)] is one):
            yield Condition("budget_spent", about, look.now, _spent(look, SPENT, one), Note(RAISE))
        elif one.per == "month" and one.exceeded:
            yield Condition("budget_low", about, look.now, _spent(look, LOW, one), Note(RAISE))


def _platform(budget: BudgetHealth) -> str:
    return budget.bucket.partition(".")[0]


def _spent(look: Look, text: str, budget: BudgetHealth) -> Note:
    """Money and units are said in the language of the alarms: a note knows whole numbers only."""
    with speaking(look.settings.alarms.language):
        amounts = {"used": budget.used, "most": budget.most or 0, "forecast": budget.forecast}
        said = {name: number(n) if budget.kind == "requests" else cost(n, budget.bucket) for name, n in amounts.items()}
    return Note(text, {"budget": budget.bucket, "day": look.day(budget.ends_at), **said})


def closing(look: Look) -> Iterator[Condition]:
    """Which half-year is about to close, or has closed and is not sealed, though something lacks that a person can still see to."""
    today = look.now.astimezone(look.settings.zone).date()
    running = Period.half_of(today)
    before = Period.half_of(running.first - DAY)
    begun = first_answer(look.storage)
    for period in (before, running):
        over = period is before
        if begun is None or begun >= period.span(look.settings.zone)[1] or latest_sealed(look.storage, period):
            continue
        if not over and period.last - today > timedelta(days=look.settings.alarms.period_days):
            continue
        stated = latest_provisional(look.storage, period)
        lacking = [text for row in stated.values for text in _lacking(row, look.settings.alarms.language)] if stated else []
        if stated and lacking:
            listed = "; ".join(lacking[:LISTED]) + (" …" if len(lacking) > LISTED else "")
            values: dict[str, Value] = {"period": str(period), "day": period.last.isoformat(), "list": listed}
            what = Note(CLOSED if over else GAPS, values)
            yield Condition("period_gaps", str(period), from_text(stated.as_of), what, Note(CLOSE, {"period": str(period)}))


def disk(look: Look) -> Iterator[Condition]:
    """Whether there is little room where the data are: told before collecting stops for want of it (`storage.free_mb`)."""
    free = look.free(look.settings.data)
    if free < max(look.settings.alarms.disk_free_mb, look.settings.free_mb) << 20:
        yield Condition("disk_low", str(look.settings.data), look.now, Note(DISK, {"megabytes": free >> 20}), Note(ROOM))


def clock(look: Look) -> Iterator[Condition]:
    """Whether the clock is wrong: against the archive, and against the servers that answered (most of three at least)."""
    newest = newest_answer(look.storage)
    if newest is not None and newest - look.now > FUTURE:
        minutes = (newest - look.now) // timedelta(minutes=1)
        yield Condition("clock_wrong", "archive", look.now, Note(AHEAD, {"minutes": minutes}), Note(SET))
    if len(look.skews) >= 3 and abs(skew := median_low(look.skews)) > look.settings.alarms.clock_seconds:
        yield Condition("clock_wrong", "servers", look.now, Note(SKEWED, {"seconds": skew}), Note(SET))


def _lacking(row: ValueRow, language: str) -> Iterator[str]:
    """What lacks of an indicator and does not come by itself, as a person reads it."""
    known: Any = json.loads(row.details).get("lacks", [])
    for text, values in known:
        if text != TO_COME:
            with speaking(language):
                yield f"{row.code} ({exact_percent(Fraction(str(row.coverage or 0)) / 100)}): {Note(text, values).said()[:LONGEST]}"


def _instant(text: object) -> datetime | None:
    """What is written in a file that anybody may have edited."""
    try:
        return from_text(text) if isinstance(text, str) else None
    except ValueError:
        return None
