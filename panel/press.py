"""Haberler: what the press wrote, as it counts now: articles, the stories that several outlets wrote, who wrote most."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from model import Period
from panel.asking import (
    LONG,
    LONG_LISTS,
    Span,
    again,
    chosen,
    months_offered,
    page_asked,
    periods_offered,
    sorted_labels,
    span_asked,
)
from panel.periods import usual_period
from panel.pictures import Picture
from panel.shell import Shell
from reports import phrases
from storage import Storage
from storage.browsing_news import (
    AGENCY,
    COLLECTED,
    COUNTED,
    EXCLUDED,
    REVIEW,
    NewsFilter,
    articles_from_to,
    last_ruling,
    listed_articles,
    outlets,
    waiting_articles,
)
from storage.browsing_press import distinct_stories, outlets_by_month, stories
from storage.folding import LONGEST, words_of
from words import N_, _, number

STATUSES = {"sayilan": COUNTED, "sayilmayan": EXCLUDED, "inceleme": REVIEW}
LABELS = {"sayilan": N_("is counted"), "sayilmayan": N_("is not counted"), "inceleme": N_("waits for review")}
SOURCES = {"toplanan": COLLECTED, "ajans": AGENCY}
SHOWN = 15  # outlets of the chart


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for, and from when to when there is any news."""

    there: tuple[date, date] | None
    usual: Period
    span: Span
    wanted: NewsFilter
    search: str
    status: str
    source: str


def asked(shell: Shell, request: Request, storage: Storage, *, everything: bool = True, status: str = "") -> Asked:
    """What is asked for and is not there is left out of the question. `status`: where none is asked for."""
    there, usual = articles_from_to(storage), usual_period(shell, storage)
    span = span_asked(request, usual, there, everything=everything)
    source, search = chosen(request, "kaynak", SOURCES, "toplanan"), request.query_params.get("ara", "")[:LONGEST]
    status = chosen(request, "durum", STATUSES, status)
    wanted = NewsFilter(
        span.first,
        span.last,
        chosen(request, "yayin", outlets(storage)),
        STATUSES.get(status, ""),
        SOURCES[source],
        words_of(search),
        chosen(request, "yon", ("artan",)) == "artan",
    )
    return Asked(there, usual, span, wanted, search, status, source)


def news(shell: Shell, request: Request) -> Response:
    """Articles, one by one."""
    with shell.storage() as storage:
        ask = asked(shell, request, storage)
        number = page_asked(request)
        leaf, counts = shell.lists_kept.get(
            ("news", ask.wanted, number, last_ruling(storage)),
            lambda: listed_articles(storage, ask.wanted, number),
            LONG_LISTS,
            lambda found: found[1].all > LONG,
        )
        named = outlets(storage)
        waiting = waiting_articles(storage)
    return shell.page(
        request, "news.html", leaf=leaf, counts=counts, waiting=waiting, ask=ask, again=again(request), statuses=LABELS,
        outlets=sorted_labels((name, name) for name in named), **_offered(ask),
    )  # fmt: skip


def topics(shell: Shell, request: Request) -> Response:
    """Stories that appeared more than once."""
    with shell.storage() as storage:
        ask = asked(shell, request, storage, everything=False, status="sayilan")
        number = page_asked(request)
        leaf = shell.lists_kept.get(
            ("stories", ask.wanted, number, last_ruling(storage)),
            lambda: stories(storage, ask.wanted, number),
            LONG_LISTS,
            lambda found: found.found > LONG // 10,
        )
    return shell.page(
        request, "stories.html", leaf=leaf, ask=ask, again=again(request), **_offered(ask, everything=False)
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Outlet:
    """How much one wrote; `share` is of what counts."""

    name: str
    counted: int
    excluded: int
    review: int


def press(shell: Shell, request: Request) -> Response:
    """Which outlet wrote how much, and when."""
    with shell.storage() as storage:
        ask = asked(shell, request, storage, everything=False)
        wanted = replace(ask.wanted, outlet="", words=(), status=COUNTED)
        found, topics = shell.lists_kept.get(
            ("outlets", wanted, last_ruling(storage)),
            lambda: (outlets_by_month(storage, wanted), distinct_stories(storage, wanted)),
            LONG_LISTS,
            lambda found: found[1] > LONG // 10,
        )
    rows, months = _by_outlet(found), _by_month(found, ask)
    counted = sum(row.counted for row in rows)
    return shell.page(
        request, "press.html", ask=ask, again=again(request), rows=rows, counted=counted, topics=topics, by_month=months,
        chart=_outlet_chart(shell, rows) if counted else None, month_chart=_month_chart(shell, months) if counted and not ask.span.month else None,
        **_offered(ask, everything=False),
    )  # fmt: skip


def _offered(ask: Asked, *, everything: bool = True) -> dict[str, Any]:
    return {
        "periods": periods_offered(ask.there, ask.usual, everything=everything),
        "months": months_offered(ask.span, ask.there),
        "latest": periods_offered(ask.there, ask.usual, everything=False),
        "sources": [("toplanan", _("collected by mecra")), ("ajans", _("files of a clipping agency"))],
    }


def _by_outlet(found: Mapping[tuple[str, str, str], int]) -> list[Outlet]:
    """Those that wrote most of what counts first."""
    sums: dict[str, Counter[str]] = {}
    for (outlet, _month, status), count in found.items():
        sums.setdefault(outlet, Counter())[status] += count
    rows = [Outlet(name, of[COUNTED], of[EXCLUDED], of[REVIEW]) for name, of in sums.items()]
    return sorted(rows, key=lambda row: (-row.counted, -row.review, row.name))


def _by_month(found: Mapping[tuple[str, str, str], int], ask: Asked) -> list[tuple[str, str, int]]:
    """(month, its name, what counts in it), also months without any."""
    sums: Counter[str] = Counter()
    for (_outlet, month, status), count in found.items():
        sums[month] += count if status == COUNTED else 0
    return [(name, label, sums[name]) for name, label in months_offered(ask.span, ask.there)]


def _outlet_chart(shell: Shell, rows: list[Outlet]) -> Picture:
    from reports.charts import bars

    first = [(row.name, row.counted) for row in rows[:SHOWN] if row.counted]
    said = "; ".join(f"{name}: {number(count)}" for name, count in first[:5])
    return shell.pictures.offer(
        lambda theme, width: bars(first, unknown="", theme=theme, width=width),
        title=_("Outlets that wrote most"),
        alt=_("Counted articles by outlet: {figures}.").format(figures=said),
    )


def _month_chart(shell: Shell, found: list[tuple[str, str, int]]) -> Picture:
    from reports.charts import months

    names, unit = [phrases.month(name) for name, _label, _count in found], _("counted articles")
    said = "; ".join(f"{label}: {number(count)}" for _name, label, count in found)
    return shell.pictures.offer(
        lambda theme, width: months(
            [name[:3] for name in names] if len(names) > 6 or width < 500 else names,
            {unit: [count for _name, _label, count in found]},
            theme=theme,
            width=width,
        ),
        title=_("Counted articles by month"),
        alt=_("Counted articles by month: {figures}.").format(figures=said),
    )


PAGES = (("/haberler", news), ("/haberler/konular", topics), ("/haberler/gazeteler", press))
