"""News: appearances in the press, by the day of their publication; what was collected and what an agency counted stand apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from config.plan import News
from indicators.asked import Asked
from indicators.news_sources import Sources, files, sources
from indicators.result import Measured, Part, digest
from storage.press import COUNTED, EXCLUDED, REVIEW, Appearance, appearances
from words import N_, Note

WAITING = N_("articles that wait for review and may count yet: {articles} (`mecra news review`)")
STORIES = N_("{appearances} appearances are {stories} distinct stories; copies count one by one")
OTHER = {
    "collected": N_("an agency's files count {appearances}; they are never added up"),
    "agency": N_("mecra's own collection counts {appearances}; they are never added up"),
}
FIRST = 10  # of those that wait, named by their numbers


def measure_news(asked: Asked, rule: News) -> Measured:
    """One part an outlet, and one for each kind of source, which says how far the period was looked at and has no value."""
    found = appearances_of(asked)
    kinds = {
        "collected": [one for one in found if not one.agency],
        "agency": [one for one in found if one.agency],
    }
    official = rule.official
    other = "agency" if official == "collected" else "collected"
    own, looked = kinds[official], sources(asked) if official == "collected" else files(asked, kinds["agency"])
    counted, waiting = _with(own, COUNTED), _with(own, REVIEW)
    known = bool(counted) or looked.covered
    lacks = [Note(WAITING, {"articles": len(waiting)})] if waiting else []
    notes = [Note(STORIES, {"appearances": len(counted), "stories": len(_stories(counted))})] if counted else []
    if kinds[other]:
        notes.append(Note(OTHER[official], {"appearances": len(_with(kinds[other], COUNTED))}))
    return Measured(
        numerator=len(counted) if known else None,
        parts=(*_outlets(counted), *looked.parts),
        lacks=(*lacks, *looked.lacks),
        notes=(*notes, *looked.notes),
        beside={
            "collected": _breakdown(kinds["collected"]),
            "agency": _breakdown(kinds["agency"]),
            "ruled": sum(one.ruled for one in own),
            **_told(looked),
        },
    )


def appearances_of(asked: Asked) -> Sequence[Appearance]:
    """The articles of the period's days, looked up once."""
    return asked.once("appearances", lambda: appearances(asked.storage, asked.period.first, asked.last, asked.known))


def _with(found: Iterable[Appearance], status: str) -> list[Appearance]:
    return [one for one in found if one.status == status]


def _stories(found: Iterable[Appearance]) -> set[str]:
    return {one.story for one in found}


def _outlets(counted: Sequence[Appearance]) -> tuple[Part, ...]:
    """The largest first."""
    keys: dict[str, list[str]] = {}
    for one in counted:
        keys.setdefault(one.outlet, []).append(one.key)
    by_size = sorted(keys.items(), key=lambda item: (-len(item[1]), item[0]))
    return tuple(Part(outlet, len(own), digest=digest([key] for key in sorted(own))) for outlet, own in by_size)


def _breakdown(found: Sequence[Appearance]) -> dict[str, Any]:
    """The second numbers of one count; `first` are the numbers of articles that wait, by day."""
    counted, waiting = _with(found, COUNTED), _with(found, REVIEW)
    return {
        "appearances": len(counted),
        "stories": len(_stories(counted)),
        "by_outlet": _numbers(one.outlet for one in counted),
        "by_month": dict(sorted(Counter(one.day[:7] for one in counted).items())),
        "excluded": _numbers(one.reason for one in _with(found, EXCLUDED)),
        "review": {"articles": len(waiting), "first": [one.article for one in waiting[:FIRST]]},
    }


def _numbers(values: Iterable[str]) -> Mapping[str, int]:
    """How often each value occurs, by name: that is how it is kept."""
    return dict(sorted(Counter(values).items()))


def _told(looked: Sources) -> dict[str, Any]:
    return {"sources": dict(looked.beside)}
