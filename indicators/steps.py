"""What a part of a value was counted from, row by row, each with the archived answer that it came in."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain, groupby
from operator import attrgetter
from typing import TYPE_CHECKING

from config.plan import Growth, Level, News, Posts, Series, Slots
from indicators.asked import Asked
from indicators.result import Measured
from storage.entries import all_entries
from storage.proof import SlotTold, articles, origins, post_told, slots

if TYPE_CHECKING:
    from indicators.growth import Detail
    from storage.press import Appearance


@dataclass(frozen=True, slots=True)
class Step:
    """One row. `of` is what it is of: a post, a day, an address, a planned hour. `opening` and `closing` with the instants (UTC
    text) at which they were read, and the archived answers. `value` None: not known."""

    part: str
    of: str
    value: int | None
    metric: str = ""
    opening: int | None = None
    closing: int | None = None
    opened_at: str | None = None
    closed_at: str | None = None
    opening_response: int | None = None
    closing_response: int | None = None
    text: str = ""
    url: str = ""

    @property
    def responses(self) -> set[int]:
        return {number for number in (self.opening_response, self.closing_response) if number is not None}


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows that belong together. How many they are is known before they are told, which takes its time."""

    rows: int
    told: Callable[[], Iterable[Step]]


def batches(asked: Asked, measured: Measured, account: str | None = None) -> Iterator[Batch]:
    """The rows of every part, or of those of one account (outlet, platform, source). A family is imported when it is asked for."""
    rule, names = asked.indicator.rule, [part.part for part in measured.parts]
    wanted = [name for name in names if account in (None, name, name.split(" ")[0])]
    yield _whole(_entered(asked, wanted))
    if isinstance(rule, Level):
        yield _whole(_levels(asked, measured, wanted, rule))
    elif isinstance(rule, Growth):
        from indicators.growth import account_detail

        metrics = {name.partition(" ")[2] for name in wanted} if account in names else None
        for name in dict.fromkeys(name.split(" ")[0] for name in wanted):
            details = list(account_detail(asked, rule, name, metrics))
            yield Batch(len(details), partial(_growth, asked, name, details))
    elif isinstance(rule, Posts):
        from indicators.posts import counted

        for name in wanted:
            posts = list(counted(asked, rule, name))
            yield Batch(len(posts), partial(_posts, asked, name, posts))
    elif isinstance(rule, News):
        yield from _news(asked, rule, wanted)
    elif isinstance(rule, Series):
        from indicators.series import publications_of

        yield _whole(
            Step(
                p.via,
                p.iso_week,
                1,
                closed_at=p.published_on.isoformat(),
                closing_response=p.response,
                text="" if p.number == p.iso_week else p.number,
                url=p.url,
            )
            for p in publications_of(asked, rule)
            if p.via in wanted
        )
    elif isinstance(rule, Slots):
        yield _slots(asked, rule, wanted)


def steps(asked: Asked, measured: Measured, account: str | None = None) -> Iterator[Step]:
    """All of them, one by one."""
    return chain.from_iterable(batch.told() for batch in batches(asked, measured, account))


def _whole(found: Iterable[Step]) -> Batch:
    rows = list(found)
    return Batch(len(rows), lambda: rows)


def _levels(asked: Asked, measured: Measured, wanted: list[str], rule: Level) -> Iterator[Step]:
    named = origins(asked.storage, (part.closing_reading for part in measured.parts if part.closing_reading))
    for part in measured.parts:
        if part.part in wanted and part.closing_reading and part.closing_reading in named:
            origin = named[part.closing_reading]
            yield Step(
                part.part, origin.metric, part.closing, rule.metric, closing=part.closing, closed_at=part.closed_at,
                closing_response=origin.response,
            )  # fmt: skip


def _growth(asked: Asked, account: str, details: Sequence[Detail]) -> Iterator[Step]:
    for d in details:
        opened, closed = d.opening_seen, d.closing_seen
        yield _named(asked, Step(
            account, d.of, d.value, d.metric, d.opening, d.closing, opened and opened.at, closed and closed.at,
            opened and opened.response, closed and closed.response,
        ))  # fmt: skip


def _posts(asked: Asked, account: str, posts: Sequence[tuple[str, str]]) -> Iterator[Step]:
    for post, at in posts:
        yield _named(asked, Step(account, post, 1, closed_at=at))


def _named(asked: Asked, step: Step) -> Step:
    """With the words and the address of the post that it is of, and where it has no reading the answer that first told of it."""
    post = post_told(asked.storage, step.part, step.of)
    if post is None:
        return step
    first = None if step.responses else post.response
    return replace(step, text=post.text, url=post.url, closing_response=step.closing_response or first)


def _news(asked: Asked, rule: News, wanted: Collection[str]) -> Iterator[Batch]:
    """A batch a day."""
    from indicators.news import appearances_of
    from storage.press import COUNTED, appearances

    outlets = set(wanted)
    if len(outlets) == 1:
        every: Iterable[Appearance] = appearances(asked.storage, asked.period.first, asked.last, asked.known, *outlets)
    else:
        every = appearances_of(asked)
    own = (a for a in every if a.status == COUNTED and a.outlet in outlets and a.agency == (rule.official == "agency"))
    for day, found in groupby(own, key=attrgetter("day")):
        keys = [a.key for a in found]
        yield Batch(len(keys), partial(_of_day, asked, day, keys))


def _of_day(asked: Asked, day: str, keys: Sequence[str]) -> Iterator[Step]:
    for found in articles(asked.storage, keys):
        yield Step(
            found.outlet, day, 1, closed_at=found.first_seen_at, closing_response=found.response, text=found.title, url=found.url
        )


def _slots(asked: Asked, rule: Slots, wanted: Collection[str]) -> Batch:
    from indicators.slots import matches

    met = matches(asked, rule, wanted)
    found = slots(asked.storage, met)
    return Batch(len(found), partial(_met, asked, found, met))


def _met(asked: Asked, found: Sequence[SlotTold], met: Mapping[int, str | None]) -> Iterator[Step]:
    """With the answer that first told of the post that met it."""
    for slot in found:
        post = met[slot.slot]
        told = post_told(asked.storage, *post.split("/", 1)) if post else None
        yield Step(
            slot.platform,
            slot.planned_at,
            int(post is not None),
            closing_response=told.response if told else None,
            text=slot.title,
            url=post or "",
        )


def _entered(asked: Asked, wanted: list[str]) -> Iterator[Step]:
    numbers = {int(name.rpartition("entry:")[2]): name for name in wanted if "entry:" in name}
    for entry in all_entries(asked.storage, asked.indicator.code) if numbers else ():
        if entry.entry in numbers:
            figure, name = entry.figure, numbers[entry.entry]
            proof = f"SHA-256 {entry.evidence}" if entry.evidence else figure.url
            value = figure.value if asked.indicator.kind != "ratio" else None
            whole = int(value) if value is not None and value.denominator == 1 else None
            yield Step(name, name, whole, closed_at=entry.entered_at, text=proof or figure.note, url=figure.url)
