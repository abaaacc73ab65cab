"""What a part of a value was counted from, row by row, each with the archived answer that it came in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from config.plan import Growth, Level, News, Posts, Series, Slots
from indicators.asked import Asked
from indicators.growth import account_detail
from indicators.posts import counted
from indicators.result import Measured
from indicators.series import publications_of
from indicators.slots import matches
from storage.entries import all_entries
from storage.press import COUNTED, appearances
from storage.proof import articles, origins, posts, slots


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


def steps(asked: Asked, measured: Measured, account: str | None = None) -> Iterator[Step]:
    """The rows of every part, or of those of one account (outlet, platform, source)."""
    rule, names = asked.indicator.rule, [part.part for part in measured.parts]
    wanted = [name for name in names if account in (None, name, name.split(" ")[0])]
    yield from _entered(asked, wanted)
    if isinstance(rule, Level):
        yield from _levels(asked, measured, wanted, rule)
    elif isinstance(rule, Growth):
        for name in dict.fromkeys(name.split(" ")[0] for name in wanted):
            yield from _named(asked, name, _growth(asked, rule, name))
    elif isinstance(rule, Posts):
        for name in wanted:
            yield from _named(asked, name, _posts(asked, rule, name))
    elif isinstance(rule, News):
        yield from _news(asked, rule, wanted)
    elif isinstance(rule, Series):
        yield from (
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
        yield from _slots(asked, rule, wanted)


def _levels(asked: Asked, measured: Measured, wanted: list[str], rule: Level) -> Iterator[Step]:
    named = origins(asked.storage, (part.closing_reading for part in measured.parts if part.closing_reading))
    for part in measured.parts:
        if part.part in wanted and part.closing_reading and part.closing_reading in named:
            origin = named[part.closing_reading]
            yield Step(
                part.part, origin.metric, part.closing, rule.metric, closing=part.closing, closed_at=part.closed_at,
                closing_response=origin.response,
            )  # fmt: skip


def _growth(asked: Asked, rule: Growth, account: str) -> Iterator[Step]:
    for d in account_detail(asked, rule, account):
        opened, closed = d.opening_seen, d.closing_seen
        yield Step(
            account, d.of, d.value, d.metric, d.opening, d.closing, opened and opened.at, closed and closed.at,
            opened and opened.response, closed and closed.response,
        )  # fmt: skip


def _posts(asked: Asked, rule: Posts, account: str) -> Iterator[Step]:
    for post, at in counted(asked, rule, account):
        yield Step(account, post, 1, closed_at=at)


def _named(asked: Asked, account: str, found: Iterator[Step]) -> Iterator[Step]:
    """With the words and the address of the posts among them, and of one that has no reading the answer that first told of it."""
    told = posts(asked.storage, account)
    for step in found:
        post = told.get(step.of)
        if post is None:
            yield step
        else:
            first = None if step.responses else post.response
            yield replace(step, text=post.text, url=post.url, closing_response=step.closing_response or first)


def _news(asked: Asked, rule: News, wanted: list[str]) -> Iterator[Step]:
    told = appearances(asked.storage, asked.period.first, asked.last, asked.known)
    keys = [a.key for a in told if a.status == COUNTED and a.outlet in wanted and a.agency == (rule.official == "agency")]
    for found in articles(asked.storage, keys):
        yield Step(
            found.outlet,
            found.day,
            1,
            closed_at=found.first_seen_at,
            closing_response=found.response,
            text=found.title,
            url=found.url,
        )


def _slots(asked: Asked, rule: Slots, wanted: list[str]) -> Iterator[Step]:
    """With the answer that first told of the post that met it."""
    met = matches(asked, rule)
    accounts = {post.partition("/")[0] for post in met.values() if post}
    told = {f"{account}/{post}": found for account in accounts for post, found in posts(asked.storage, account).items()}
    for slot in slots(asked.storage, met):
        if slot.platform in wanted:
            post = met[slot.slot]
            first = told[post].response if post in told else None
            yield Step(
                slot.platform, slot.planned_at, int(post is not None), closing_response=first, text=slot.title, url=post or ""
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
