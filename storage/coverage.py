"""On which local days an account was looked at: what its complete walks say.

A walk looked at everything between `since` and `started_at`, and read the counters of the posts in it at `started_at`. Only whole
walks that were over by then count, so that a statement finds again what it once knew.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from model import Period, from_text, to_text
from storage import Storage
from storage.knowledge import Known

LISTINGS = {"facebook": ("posts", "reels"), "instagram": ("posts", "stories")}  # elsewhere all posts stand in one list
LIVES = {"stories": timedelta(hours=24)}  # no walk sees further back, whatever it was asked for
EDGE = timedelta(hours=1)  # the reading before a period closes: what is published after it, the next walk finds
NEAR = timedelta(days=31)  # the walk that looks back furthest is hardly ever farther away
DAY = timedelta(days=1)

WALKS = "FROM walks WHERE account = :account AND stream = :stream AND outcome IN ('done', 'partial') AND finished_at <= :known"
REACH = "max(since, strftime('%Y-%m-%dT%H:%M:%SZ', started_at, :lives))"
BACK_TO = f"SELECT min({REACH}) {WALKS} AND started_at >= :low AND started_at <= :high AND {REACH} < :at"
BEFORE = f"SELECT started_at {WALKS} AND started_at < :at AND {REACH} < started_at ORDER BY started_at DESC LIMIT 1"
LAST = (
    f"SELECT started_at {WALKS} AND started_at >= :since AND started_at <= :at AND since <= :since ORDER BY started_at DESC LIMIT 1"
)
LATEST = f"SELECT started_at {WALKS} AND started_at <= :at ORDER BY started_at DESC LIMIT 1"


@dataclass(frozen=True, slots=True)
class Looked:
    """Local days of an account. `listed`: the list of its posts was looked at; `read`: and the counters were read up to then.

    `read_at`: when they were last read (UTC text), None where they never were.
    """

    listed: frozenset[date]
    read: frozenset[date]
    read_at: str | None


def listings(platform: str, leave_out: Sequence[str] = ()) -> tuple[str, ...]:
    """The streams that list a platform's posts of the kinds that count."""
    streams = LISTINGS.get(platform, ("posts",))
    return tuple(stream for stream in streams if not (stream == "stories" and "story" in leave_out))


def looked(
    storage: Storage, account: str, streams: Sequence[str], first: date, last: date, known: Known, until: str | None = None
) -> Looked:
    """What was looked at of the days from `first` to `last`, which are over. `until`: up to when counters count (UTC text),
    the end of the last day unless it is named.

    Every half-year is a question of its own. Its counters are known up to the last walk that went back to its beginning: one of a
    later half, too, where the days go on into that. While it runs, up to the last walk.
    """
    listed: set[date] = set()
    read: set[date] = set()
    read_at = None
    for begin, end in _halves(first, last):
        days = _listed(storage, account, streams, begin, end, known)
        listed |= days
        over = end == Period.half_of(end).last or (until is not None and until < known.text)
        at = until or _text(storage, last + DAY)
        since = _text(storage, min(days, default=begin)) if over else None
        lasting = [stream for stream in streams if stream not in LIVES]
        times = [_last_walk(storage, account, stream, since, at, known) for stream in lasting]
        read_at = min((time for time in times if time), default=None) if all(times) else None
        reach = to_text(from_text(read_at) + EDGE) if read_at else ""
        read |= {day for day in days if not lasting or _text(storage, day + DAY) <= reach}
    return Looked(frozenset(listed), frozenset(read), read_at)


def read_before(storage: Storage, account: str, streams: Sequence[str], day: date, known: Known) -> str | None:
    """When the counters were last read before a local day began (UTC text), None if they never were."""
    last = day - DAY
    begin = Period.half_of(last).first
    return looked(storage, account, streams, begin, last, known).read_at


def spans(storage: Storage, account: str, stream: str, start: str, end: str, known: Known) -> list[tuple[str, str]]:
    """The spans of time between two instants (UTC text) that walks over a stream looked at, those that touch joined, the newest first."""
    return list(_spans(storage, account, stream, start, end, known))


def _listed(storage: Storage, account: str, streams: Sequence[str], first: date, last: date, known: Known) -> set[date]:
    days = {first + timedelta(n) for n in range((last - first).days + 1)}
    for stream in streams:
        high = to_text(from_text(_text(storage, last + DAY)) - EDGE)
        seen = spans(storage, account, stream, _text(storage, first), high, known)
        days = {day for day in days if any(low <= _text(storage, day) and _ended(storage, day, last) <= high for low, high in seen)}
    return days


def _ended(storage: Storage, day: date, last: date) -> str:
    after = _text(storage, day + DAY)
    return to_text(from_text(after) - EDGE) if day == last else after


def _spans(storage: Storage, account: str, stream: str, start: str, end: str, known: Known) -> Iterator[tuple[str, str]]:
    """The spans of time within a longer one that walks looked at, the newest first: from its end on, always as far back as the
    deepest walk over that point goes."""
    lives = LIVES.get(stream, timedelta(days=36500))
    values = {"account": account, "stream": stream, "known": known.text, "lives": f"-{int(lives.total_seconds())} seconds"}

    def one(query: str, **more: str) -> str | None:
        row = storage.connection.execute(query, {**values, **more}).fetchone()
        return row[0] if row else None

    at = high = end
    while at > start:
        near = to_text(from_text(at) + NEAR)
        back = one(BACK_TO, at=at, low=at, high=near) or one(BACK_TO, at=at, low=near, high=known.text)
        if back is None:
            if at < high:
                yield at, high
            back = one(BEFORE, at=at)
            if back is None:
                return
            high = back
        at = back
    yield at, high


def _last_walk(storage: Storage, account: str, stream: str, since: str | None, at: str, known: Known) -> str | None:
    query = LATEST if since is None else LAST
    values = {"account": account, "stream": stream, "known": known.text, "since": since, "at": at}
    row = storage.connection.execute(query, values).fetchone()
    return str(row[0]) if row else None


def _halves(first: date, last: date) -> Iterator[tuple[date, date]]:
    while first <= last:
        end = min(Period.half_of(first).last, last)
        yield first, end
        first = end + DAY


def _text(storage: Storage, day: date) -> str:
    return _midnight(day, storage.zone)


@lru_cache(maxsize=4096)
def _midnight(day: date, zone: ZoneInfo) -> str:
    return to_text(Period.midnight(day, zone))
