"""The shared vocabulary: what the parts of mecra say to each other. Imports nothing of ours.

Times are aware UTC datetimes, days are `date`s in the zone that the record names; values are integers.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple, TypeAlias
from zoneinfo import ZoneInfo

Clock: TypeAlias = Callable[[], datetime]
Memo: TypeAlias = Mapping[str, Any]

GLANCE = "glance"  # the trigger of a walk that was asked to look back less far than was due: it hides no hole
FILES = "files"  # the stream of what people hand in: nothing is fetched, and nothing is covered by it
IMPORT = "IMPORT"  # the method of figures from a file: they belong to `Exchange.at`, and are known since their walk
UNREAD = "not read: "  # how the note on a row begins that was listed and could not be understood
SILENT = "no new item for "  # and that on a feed which answers and has nothing new for longer than is its habit


def utc_now() -> datetime:
    """The machine's time, aware UTC, in whole seconds: the only caller of `datetime.now`."""
    return datetime.now(UTC).replace(microsecond=0)


def to_text(at: datetime) -> str:
    """`2026-11-23T07:00:00Z`: fixed width, so that text order is time order. Raises ValueError for a time without a zone."""
    if at.tzinfo is None:
        raise ValueError(f"a time without a zone: {at}")
    return at.astimezone(UTC).isoformat(timespec="seconds")[:19] + "Z"


def from_text(text: str) -> datetime:
    """The instant that ISO 8601 text names; raises ValueError for a time without a zone."""
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError(f"a time without a zone: {text!r}")
    try:
        return at.astimezone(UTC)
    except OverflowError:
        raise ValueError(f"a time before the first or after the last year: {text!r}") from None


def of_our_times(at: datetime) -> datetime:
    """An instant that somebody else told; raises ValueError where it lies outside of 1970 to 2199, in which local days exist."""
    if not 1970 <= at.year < 2200:
        raise ValueError(f"a time of the year {at.year}")
    return at


STEERING = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
HALVES = re.compile("[\ud800-\udfff]")


def legible(text: str) -> str:
    """Text without half letters and without characters that steer a terminal; line breaks and tabs stay."""
    return HALVES.sub("\ufffd", STEERING.sub("", text))


def from_json(raw: str | bytes, *, strict: bool = True) -> Any:
    """What a JSON text from outside holds, its texts `legible`. Raises ValueError, also for NaN, infinity and endless nesting.

    Every answer is read this way, when it comes in and out of the archive, so that both say the same. Without `strict` a text may hold
    line breaks and control characters as they are.
    """
    try:
        text = raw if isinstance(raw, str) else raw.decode(json.detect_encoding(raw), "surrogatepass")
        value = json.loads(text, parse_constant=_no_number, parse_float=_finite, strict=strict)
        return _legible(value) if "\\u" in text or STEERING.search(text) or HALVES.search(text) else value
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _legible(value: Any) -> Any:
    if isinstance(value, str):
        return legible(value)
    if isinstance(value, list):
        return [_legible(inner) for inner in value]
    return {legible(name): _legible(inner) for name, inner in value.items()} if isinstance(value, dict) else value


def _finite(text: str) -> float:
    value = float(text)
    return value if math.isfinite(value) else _no_number(text)


def _no_number(text: str) -> float:
    raise ValueError(f"{text[:40]} is no number")


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A half-year (`2026-H1`) or a whole year (`2026`), cut at local midnight; `half` is 0 for a year."""

    year: int
    half: int = 0

    @staticmethod
    def parse(text: str) -> Period:
        """Raises ValueError for anything but `2026`, `2026-H1`, `2026-H2` between 2000 and 2099."""
        match = re.fullmatch(r"(20\d\d)(?:-H([12]))?", text.strip(), re.A)
        if not match:
            raise ValueError(f"{text[:100]!r} is no period: write 2026-H1, 2026-H2 or 2026")
        return Period(int(match[1]), int(match[2] or 0))

    @staticmethod
    def half_of(day: date) -> Period:
        """The half-year that a local day belongs to."""
        return Period(day.year, 1 if day.month <= 6 else 2)

    def __str__(self) -> str:
        return f"{self.year}-H{self.half}" if self.half else str(self.year)

    @property
    def first(self) -> date:
        return date(self.year, 7 if self.half == 2 else 1, 1)

    @property
    def last(self) -> date:
        return date(self.year, 6, 30) if self.half == 1 else date(self.year, 12, 31)

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def halves(self) -> tuple[Period, ...]:
        """Itself, or a year's two."""
        return (self,) if self.half else (Period(self.year, 1), Period(self.year, 2))

    @property
    def whole_year(self) -> Period:
        return Period(self.year)

    def span(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """The first instant in it and the first one after it, UTC."""
        after = self.last + timedelta(days=1)
        return Period.midnight(self.first, zone), Period.midnight(after, zone)

    @staticmethod
    def midnight(day: date, zone: ZoneInfo) -> datetime:
        """The instant, UTC, at which a local day begins."""
        return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


class MecraError(Exception):
    """Anything that mecra knows how to explain: the thing, the value and the next step."""


@dataclass(frozen=True, slots=True)
class Account:
    """An account, feed or search under watch; `account` is its key everywhere, e.g. `x:umraniyebeltr`."""

    account: str
    platform: str
    handle: str
    remote_id: str = ""
    label: str = ""
    url: str = ""
    since: date | None = None
    until: date | None = None
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of a ladder: every so often, look back so far."""

    every: timedelta
    depth: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True)
class Stream:
    """One thing a collector can read of an account, and how often it is worth reading.

    `edge`: read once more, as deep as the period, when a half-year closes.
    `lasting`: what a complete walk no longer sees was deleted (stories expire instead).
    `needs`: secrets without which the stream is left out; `a|b` is either.
    `statuses`: of the answers that say something about it (a refusal may: "too few viewers").
    """

    name: str
    ladder: tuple[Rung, ...]
    edge: bool = False
    lasting: bool = False
    needs: tuple[str, ...] = ()
    statuses: frozenset[int] = frozenset({200})

    def missing(self, known: Callable[[str], object]) -> list[str]:
        """The needs that `known(name)` does not meet."""
        return [need for need in self.needs if not any(known(name) for name in need.split("|"))]


@dataclass(frozen=True, slots=True)
class Exchange:
    """One answer as it is archived: no secret, no third person. `sha256` is of `body`, `size` of what came in.

    `cost` is in the unit of its `bucket` (`docs/platforms.md`): micro-dollars for X, quota units for YouTube.
    """

    at: datetime
    method: str
    url: str
    status: int
    body: bytes
    size: int
    ms: int = 0
    cost: int = 0
    bucket: str = ""
    parsed: Any = field(default=None, compare=False, repr=False)

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.body).hexdigest()

    @property
    def value(self) -> Any:
        """The body as JSON; raises ValueError when it is none."""
        return from_json(self.body) if self.parsed is None else self.parsed


@dataclass(frozen=True, slots=True)
class Profile:
    """What an account says of itself."""

    remote_id: str
    label: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Post:
    """One own post, video, reel or story. `post` is the remote id (the first one, where edits get new ids)."""

    post: str
    kind: str
    published_at: datetime
    url: str = ""
    text: str = ""


class Reading(NamedTuple):
    """One measured value of the account (`post` None) or of a post; `day` only for flows, in the platform's own day."""

    metric: str
    value: int
    post: str | None = None
    day: date | None = None
    exact: bool = True


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that should be known and is not, with its reason; never stored as 0."""

    metric: str
    reason: str
    post: str | None = None
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """One appearance in the press. `key` is equal for equal appearances; `story` for copies of one text."""

    key: str
    outlet: str
    url: str
    title: str
    published_at: datetime | None
    found_via: str
    matched: str
    match_in: str
    status: str
    reason: str = ""
    published_raw: str = ""
    agency: str = ""
    summary: str = ""
    story: str = ""
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Records:
    """What one exchange says, in plain records. `faults` are rows that were refused, each with its reason."""

    profile: Profile | None = None
    posts: tuple[Post, ...] = ()
    readings: tuple[Reading, ...] = ()
    articles: tuple[Article, ...] = ()
    gaps: tuple[Gap, ...] = ()
    faults: tuple[str, ...] = ()

    @staticmethod
    def joined(parts: Iterable[Records]) -> Records:
        several = list(parts)
        return Records(
            profile=next((part.profile for part in several if part.profile), None),
            posts=tuple(post for part in several for post in part.posts),
            readings=tuple(reading for part in several for reading in part.readings),
            articles=tuple(article for part in several for article in part.articles),
            gaps=tuple(gap for part in several for gap in part.gaps),
            faults=tuple(fault for part in several for fault in part.faults),
        )


@dataclass(frozen=True, slots=True)
class Page:
    """How a walk goes on after one page. The records themselves are read from the exchanges.

    `cursor` None: the walk is complete. `due_in`: when this stream is next worth a look, where the source says so.
    """

    cursor: str | None = None
    memo: Memo | None = None
    due_in: timedelta | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Walk:
    """One pass over a stream from `started_at` back to `since`, in as many attempts as it takes.

    It is cursor, resume point and run log at once. `outcome` and `error` are those of the last attempt, `notes` what
    the pages had to say (rows refused, metrics retired). The walk is over when `finished_at` is set; until then
    `resume_at` says when the next attempt may be made. `missed` runs were due before this one and did not happen.
    """

    walk: int
    account: str
    stream: str
    started_at: datetime
    since: datetime
    trigger: str
    cursor: str | None = None
    memo: Memo = field(default_factory=dict)
    pages: int = 0
    rows: int = 0
    attempts: int = 0
    missed: int = 0
    outcome: str | None = None
    error: str = ""
    notes: tuple[str, ...] = ()
    resume_at: datetime | None = None
    finished_at: datetime | None = None
    due_at: datetime | None = None

    def after(self, page: Page, now: datetime) -> Walk:
        """The walk once `page` is stored: the only cursor arithmetic."""
        done = page.cursor is None
        notes = tuple(dict.fromkeys(self.notes + page.notes))
        return replace(
            self,
            cursor=page.cursor,
            memo=self.memo if page.memo is None else page.memo,
            pages=self.pages + 1,
            notes=notes,
            outcome=("partial" if notes else "done") if done else None,
            error="",
            resume_at=None,
            finished_at=now if done else None,
            due_at=now + page.due_in if done and page.due_in is not None else None,
        )

    def stopped(self, outcome: str, error: str, resume_at: datetime) -> Walk:
        """The walk after an attempt that failed: where it is, and when it may go on."""
        return replace(self, outcome=outcome, error=error, resume_at=resume_at)
