"""One post: its words, how its counters grew, every reading with the archived answer that it came in, the slot that it met."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import Response

from model import Period, from_text
from panel.pictures import Picture
from panel.shell import NotThere, Shell
from panel.slot_states import week_of
from reports import phrases
from storage.one_post import PostReading, WholePost, whole_post
from storage.overview import ENGAGEMENTS
from storage.post_figures import figure_of
from words import _, moment, number


@dataclass(frozen=True, slots=True)
class Counter:
    """One counter: its first and its last reading. `rose` is None where there is only one."""

    metric: str
    first: PostReading
    last: PostReading
    readings: int

    @property
    def rose(self) -> int | None:
        return self.last.value - self.first.value if self.readings > 1 else None


def one_post(shell: Shell, request: Request) -> Response:
    """The post that the address names."""
    account, post = request.path_params["account"], request.path_params["post"]
    with shell.storage() as storage:
        found = whole_post(storage, account, post)
        figure = figure_of(storage, account, post)
    if found is None:
        raise NotThere(_("No post {post} of {account} is known.").format(post=post[:80], account=account[:80]))
    counters = [Counter(metric, own[0], own[-1], len(own)) for metric, own in found.counters.items()]
    return shell.page(
        request, "post.html", post=found, figure=figure, counters=counters, curves=_curves(shell, found),
        plan=_in_plan(found.planned.planned_at, shell.zone) if found.planned else "",
    )  # fmt: skip


def _curves(shell: Shell, post: WholePost) -> list[tuple[str, Picture]]:
    """Views in one chart, what people did in another: their scales are far apart."""
    known = post.counters
    wanted: list[tuple[str, Sequence[str]]] = [
        (_("Views over time"), ("views", "reach")),
        (_("Engagements over time"), ENGAGEMENTS),
    ]
    groups = [(title, [name for name in names if name in known]) for title, names in wanted]
    return [(title, _curve(shell, post, {n: known[n] for n in names}, title)) for title, names in groups if names]


def _curve(shell: Shell, post: WholePost, series: Mapping[str, Sequence[PostReading]], title: str) -> Picture:
    from reports.charts_lines import Line, lines

    points = {phrases.metric(name): _points(post, readings, shell.zone) for name, readings in series.items()}
    unknown = _("nothing was read")
    said = "; ".join(
        _("{metric}: {value} on {at}").format(metric=name, value=number(found[-1][1]), at=moment(found[-1][0], shell.zone))
        for name, found in points.items()
    )
    return shell.pictures.offer(
        lambda theme, width: lines(
            [Line(name, found) for name, found in points.items()], unknown=unknown, theme=theme, width=width
        ),
        title=title,
        alt=_("From 0 at publication. {figures}.").format(figures=said),
    )


def _points(post: WholePost, readings: Sequence[PostReading], zone: ZoneInfo) -> list[tuple[datetime, int]]:
    """A counter begins at 0; a value that stayed is a level line."""
    found = {post.published_at: 0}
    for reading in readings:
        found[reading.at] = found[reading.until] = reading.value
    return [(from_text(at).astimezone(zone), value) for at, value in sorted(found.items())]


def _in_plan(planned_at: str, zone: ZoneInfo) -> str:
    """The address of the week of a slot."""
    on = from_text(planned_at).astimezone(zone).date()
    return f"/plan?donem={Period.half_of(on)}&hafta={week_of(on)}"


PAGES = (("/gonderiler/{account}/{post:path}", one_post),)
