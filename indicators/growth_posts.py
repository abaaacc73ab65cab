"""What the posts of an account gained, from their counters; or what the posts of a period have reached.

A counter stands at 0 until its post is published. Falls count as they are: platforms take back what was undone or never real.
"""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from typing import NamedTuple, TypeAlias

from indicators.asked import Asked
from indicators.covered import days_over, looked_at, unlisted
from indicators.result import Part, digest
from indicators.scope import Share
from model import from_text
from storage.counters import Counter, Posts, Seen, Span, counters, deleted_posts, falls, posts_by_stream, streams_of, why_unread
from storage.coverage import EDGE, Looked, listings, read_before
from words import N_, Note

PER_ACCOUNT = {"daily", "profile"}  # streams that tell nothing of single posts
PROMPT = timedelta(hours=24)  # a post whose counters were first read so soon after its publication was not read late
LATE = N_(
    "{account}: counters of older posts that were first read after the period had begun: {counters}; "
    "what they gained in it before is not known"
)
AFTER = N_("{account}: counters that were first read more than a day after publication and after the period: {counters}")
MISSING = N_("{account}: counters of posts that were never read: {counters}")
WITHHELD = N_("{account}: counters of posts that were never read: {counters} ({reason})")
UNREAD = N_("{account}: counters last read on {day}; days of which the growth is not known: {days}")
NEVER_READ = N_("{account}: counters were not read up to the edge; days of which the growth is not known: {days}")
OPENING = N_("{account}: counters last read on {day}, {days} days before the period; what they gained in between counts in it")
LAST_HOURS = N_("counters of posts of the last hours that were first read after the edge: {counters}; counted before it: {amount}")
FELL = N_("times that a counter fell: {times}, by {amount} in all; the fall counts")
DELETED = N_("posts deleted within the period: {posts}; what their counters gained until then counts: {amount}")


LookedAt: TypeAlias = dict[tuple[str, ...], Looked]  # by account and streams


class Gain(NamedTuple):
    """One counter: its values at both ends (None: not known), and the readings that they are from.

    `late`: one of them is the first reading, of a later time. Of a post of the period the opening is 0 and no reading.
    """

    post: str
    metric: str
    opening: int | None
    closing: int | None
    opening_seen: Seen | None
    closing_seen: Seen | None
    late: bool = False
    prompt: bool = False
    deleted: bool = False

    @property
    def value(self) -> int:
        return 0 if self.opening is None or self.closing is None else self.closing - self.opening


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of the counters of a part, and added up over parts."""

    late: int = 0
    after: int = 0
    missing: Mapping[str, int] = field(default_factory=dict)  # by the reason that was told
    prompt: int = 0
    prompt_amount: int = 0
    falls: int = 0
    fallen: int = 0
    deleted: Mapping[str, int] = field(default_factory=dict)  # by account
    deleted_amount: int = 0

    def __add__(self, other: Told) -> Told:
        names = ("late", "after", "prompt", "prompt_amount", "falls", "fallen", "deleted_amount")
        sums = {name: getattr(self, name) + getattr(other, name) for name in names}
        missing = Tally(self.missing) + Tally(other.missing)
        return Told(missing=missing, deleted={**self.deleted, **other.deleted}, **sums)

    @property
    def unknown(self) -> int:
        return self.late + self.after + sum(self.missing.values())

    def notes(self) -> tuple[Note, ...]:
        posts = sum(self.deleted.values())
        said = (
            (self.falls, Note(FELL, {"times": self.falls, "amount": self.fallen})),
            (self.prompt, Note(LAST_HOURS, {"counters": self.prompt, "amount": self.prompt_amount})),
            (posts, Note(DELETED, {"posts": posts, "amount": self.deleted_amount})),
        )
        return tuple(note for count, note in said if count)

    def lacks(self, account: str) -> list[Note]:
        said = [(self.late, LATE), (self.after, AFTER), (self.missing.get("", 0), MISSING)]
        notes = [Note(text, {"account": account, "counters": count}) for count, text in said if count]
        why = sorted((reason, count) for reason, count in self.missing.items() if reason)
        return notes + [Note(WITHHELD, {"account": account, "counters": count, "reason": reason}) for reason, count in why]


@dataclass(frozen=True, slots=True)
class Basis:
    """What is counted of posts: the growth of all of them, or (`published`) where those of the period have got to by `until`."""

    leave_out: tuple[str, ...]
    published: bool = False
    until: str = ""


@dataclass(frozen=True, slots=True)
class Reach:
    """How far counters were read: the days, and how many days before the period's beginning they were read last."""

    looked: Looked
    lag: int = 0
    opened_at: str | None = None


class Watched:
    """The posts of one account in a period, and what was seen of them; `days` is kept for whoever asks for the same again."""

    def __init__(self, asked: Asked, share: Share, basis: Basis, days: LookedAt | None = None) -> None:
        self.asked, self.share, self.basis = asked, share, basis
        self._looked = {} if days is None else days
        self.account, self.platform = share.account.account, share.account.platform
        self.days = days_over(asked, share)
        start, after = share.span(asked.zone)
        end = min(after, asked.span[1])
        self.span = Span(start, end, basis.until or end, since=start if basis.published else "", leave_out=basis.leave_out)
        self._reach: dict[tuple[str, ...], Reach] = {}
        self._counters: dict[str, list[Counter]] = {}

    @cached_property
    def posts(self) -> dict[str, Posts]:
        return posts_by_stream(self.asked.storage, self.account, self.span, self.asked.known)

    @cached_property
    def deleted(self) -> int:
        return deleted_posts(self.asked.storage, self.account, self.span, self.asked.known)

    def look(self, metrics: Sequence[str]) -> None:
        """Look up several metrics at once, which is faster than one by one."""
        if new := [metric for metric in metrics if metric not in self._counters]:
            self._counters |= counters(self.asked.storage, self.account, new, self.span, self.asked.known)

    def counters(self, metric: str) -> list[Counter]:
        """The counters that may have moved, in the order of publication."""
        if metric not in self._counters:
            self.look([metric])
        return self._counters[metric]

    def tells(self, metric: str) -> Callable[[str], bool]:
        """Whether posts that a stream lists have a metric: those of the streams that it is told in, or all where it is told apart."""
        told_in = streams_of(self.asked.storage, self.platform, metric) & set(listings(self.platform))
        return lambda stream: not told_in or stream in told_in or stream not in listings(self.platform)

    def reach(self, metric: str) -> Reach:
        tells = self.tells(metric)
        listed = listings(self.platform, self.basis.leave_out)
        streams = tuple(stream for stream in listed if tells(stream)) or listed
        if streams not in self._reach:
            self._reach[streams] = self._reached(streams)
        return self._reach[streams]

    def _reached(self, streams: tuple[str, ...]) -> Reach:
        key = (self.account, *streams)
        looked = self._looked[key] = self._looked.get(key) or looked_at(self.asked, self.share, streams)
        if self.basis.published or not any(posts.older for posts in self.posts.values()):
            return Reach(looked)
        read_at = read_before(self.asked.storage, self.account, streams, self.share.first, self.asked.known)
        if read_at is None:
            return Reach(looked)
        day = (from_text(read_at) + EDGE).astimezone(self.asked.zone).date()
        return Reach(looked, max((self.share.first - day).days, 0), read_at)

    def lacks(self, metrics: Sequence[str]) -> list[Note]:
        """What there is to say of the account's days."""
        found: dict[tuple[object, ...], Note] = {}
        for reach in {id(one): one for one in map(self.reach, metrics)}.values():
            lost = len(reach.looked.listed - reach.looked.read)
            notes = unlisted(self.account, self.days, reach.looked.listed)
            if lost and reach.looked.read_at:
                notes += [Note(UNREAD, {"account": self.account, "day": self._day(reach.looked.read_at), "days": lost})]
            elif lost:
                notes += [Note(NEVER_READ, {"account": self.account, "days": lost})]
            if reach.lag and reach.opened_at:
                notes += [Note(OPENING, {"account": self.account, "day": self._day(reach.opened_at), "days": reach.lag})]
            found |= {(note.text, *note.values.items()): note for note in notes}
        return list(found.values())

    def _day(self, at: str) -> str:
        return from_text(at).astimezone(self.asked.zone).date().isoformat()


def watch(asked: Asked, share: Share, basis: Basis, days: LookedAt | None = None) -> Watched:
    """The same as for whoever asked before."""
    key = ("watched", share.account.account, share.first, share.last, basis)
    return asked.once(key, lambda: Watched(asked, share, basis, days))


def told_per_post(asked: Asked, platform: str, metric: str) -> bool:
    """Whether a platform tells a metric of single posts; where nothing is known of it, it may."""
    streams = streams_of(asked.storage, platform, metric)
    return not streams or bool(streams - PER_ACCOUNT)


def gains(watched: Watched, metric: str) -> Iterator[Gain]:
    """The counters that may have moved, in the order of publication."""
    tells = watched.tells(metric)
    for counter in watched.counters(metric):
        if counter.closing or counter.first or tells(counter.stream):
            yield _gain(counter, metric, watched.span)


def _gain(counter: Counter, metric: str, span: Span) -> Gain:
    young, first = counter.published_at >= span.start, counter.first
    opening = None if young else counter.opening or first
    closing = counter.closing or first
    return Gain(
        counter.post,
        metric,
        0 if young else opening.value if opening else None,
        closing.value if closing else None,
        opening,
        closing,
        late=first is not None,
        prompt=first is not None and from_text(first.at) - from_text(counter.published_at) <= PROMPT,
        deleted=counter.gone_at is not None and span.start <= counter.gone_at < span.end,
    )


def from_posts(watched: Watched, metric: str) -> tuple[Part, Told]:
    """One metric of one account; unknown where no counter was ever read."""
    found = list(gains(watched, metric))
    moved = [g for g in found if g.closing is not None and (g.value or g.opening_seen is None)]
    told, reach, tells = _told(watched, metric, found), watched.reach(metric), watched.tells(metric)
    total = sum(posts.number for stream, posts in watched.posts.items() if tells(stream))
    known = bool(moved) or total > sum(told.missing.values()) or (not total and bool(reach.looked.listed))
    days = max(len(reach.looked.read) - reach.lag, 0)
    part = Part(
        f"{watched.account} {metric}",
        sum(g.value for g in moved) if known else None,
        opening=sum(g.opening or 0 for g in moved),
        closing=sum(g.closing or 0 for g in moved),
        opened_at=reach.opened_at,
        closed_at=reach.looked.read_at,
        asked=len(watched.days),
        covered=days * max(total - told.unknown, 0) // total if total else days,
        digest=digest((g.post, g.metric, g.opening, g.closing) for g in moved),
        notes=told.notes(),
    )
    return part, told


def _told(watched: Watched, metric: str, found: Sequence[Gain]) -> Told:
    asked, account, span = watched.asked, watched.account, watched.span
    times, fallen = (0, 0) if watched.basis.published else falls(asked.storage, account, metric, span, asked.known)
    deleted = watched.deleted
    young = [g for g in found if g.late and g.opening_seen is None]
    return Told(
        late=sum(g.late and not g.prompt for g in found) - sum(not g.prompt for g in young),
        after=sum(not g.prompt for g in young),
        missing=_missing(watched, metric, [g.post for g in found if g.closing is None]),
        prompt=sum(g.prompt for g in young),
        prompt_amount=sum(g.value for g in young if g.prompt),
        falls=times,
        fallen=fallen,
        deleted={account: deleted} if deleted else {},
        deleted_amount=sum(g.value for g in found if g.deleted),
    )


def _missing(watched: Watched, metric: str, posts: Sequence[str]) -> Mapping[str, int]:
    why = why_unread(watched.asked.storage, watched.account, metric, posts, watched.asked.known) if posts else {}
    return Tally(why.get(post, "") for post in posts)
