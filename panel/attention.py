"""What needs a person: what is behind, what lacks, what waits for a decision, what fails; each with the page where it is settled."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from config.alarms import TITLES
from config.plan import News
from model import FILES, Period, from_text
from panel.shell import Shell
from reports.failures import failure_said
from reports.phrases import account, figure, in_runs
from reports.statement import Row, Standings
from storage import Storage
from storage.entries import WAITING, all_entries
from storage.expiry import known_expiries
from storage.health import StreamHealth, streams
from storage.incidents import open_incidents
from words import N_, _, number, span

BEHIND, LACKING, WAITS, FAILS = "behind", "lacking", "waits", "fails"
FIRST = (FAILS, BEHIND, WAITS, LACKING)
OVERDUE = timedelta(days=2)
SOON = timedelta(days=14)
MOST_LACKS = 2
FRESH = 20.0  # seconds for which a look at the collection holds
BY_ITSELF = ("rate limited", "unavailable", "expired")  # what the daemon goes on with, without anybody
ITSELF = ("offline", "disk_low", "backup_failed", "backup_old", "verify_failed", "clock_wrong", "budget_low", "budget_spent")
STREAMS = {
    "posts": N_("its posts"), "profile": N_("profile"), "daily": N_("figures per day"), "reels": N_("reels"), "stories": N_("stories"),
    "private": N_("private figures"), "items": N_("news items"), "articles": N_("articles"), "files": N_("files"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Matter:
    """`kind` is one of the four above; `about` stands first, `where` is the address of its page."""

    kind: str
    about: str
    text: str
    where: str


def attention(shell: Shell, storage: Storage, found: Standings, now: datetime) -> list[Matter]:
    """Of a period, and of the collection as it is now: what fails first, then what is behind, what waits, what lacks."""
    found_out = [
        *(matter for row in found.rows for matter in _of_row(row, found.period)),
        *_unsealed(shell, found, now),
        *_entries(storage, found),
        *_collection(every_stream(shell, storage, now), now),
        *_tokens(shell, now),
        *_incidents(storage),
    ]
    return sorted(found_out, key=lambda matter: FIRST.index(matter.kind))


def _of_row(row: Row, period: Period) -> Iterator[Matter]:
    about, page = f"{row.indicator.code} {row.indicator.label}", f"/gosterge/{row.indicator.code}?donem={period}"
    if row.stored.band in ("behind", "partly reached", "not reached"):
        due = row.stored.band == "behind"
        text = _("stands at {value}; expected by now {expected}") if due else _("reached {value}; the target was {expected}")
        wanted = figure(row.indicator, row.expected if due else row.target)
        said = text.format(value=figure(row.indicator, row.value), expected=wanted)
        yield Matter(BEHIND, about, "; ".join([said, *_weeks(row)]), page)
    else:
        yield from (Matter(BEHIND, about, weeks, f"{page}#ayrinti") for weeks in _weeks(row))
    waiting = row.beside.get("collected", {}).get("review", {}).get("articles") if isinstance(row.indicator.rule, News) else 0
    if waiting:
        text = _("articles that wait for a decision, and may count: {n}")
        yield Matter(WAITS, about, text.format(n=number(waiting)), f"/haberler?donem={period}&durum=inceleme")
    for why in row.lacks[bool(waiting) : MOST_LACKS + bool(waiting)]:
        yield Matter(LACKING, about, why, f"{page}#neden")
    if row.value is None and not row.lacks:
        yield Matter(LACKING, about, _("not known: nothing was measured or entered"), page)


def _weeks(row: Row) -> list[str]:
    missing = row.beside.get("missing")
    return [_("weeks without an issue: {weeks}").format(weeks=in_runs(missing))] if missing else []


def _unsealed(shell: Shell, found: Standings, now: datetime) -> Iterator[Matter]:
    settled = Period.midnight(found.period.last + timedelta(days=found.plan.settled_days + 1), shell.zone)
    if not found.sealed and now >= settled:
        yield Matter(
            WAITS, str(found.period), _("the period's figures are in, and its snapshot is not sealed"), "/anlik-goruntuler"
        )


def _entries(storage: Storage, found: Standings) -> Iterator[Matter]:
    waiting = [entry for entry in all_entries(storage) if entry.state == WAITING]
    for code in sorted({entry.figure.indicator for entry in waiting}):
        mine = [entry for entry in waiting if entry.figure.indicator == code]
        text = _("entered figures that wait for a second person's approval: {n}").format(n=number(len(mine)))
        yield Matter(WAITS, code, text, f"/gosterge/{code}?donem={found.period}#girilen")


def every_stream(shell: Shell, storage: Storage, now: datetime) -> list[StreamHealth]:
    """Looked at some seconds ago at most."""
    return shell.kept.get(("streams",), lambda: streams(storage, now), FRESH)


def _collection(found: list[StreamHealth], now: datetime) -> Iterator[Matter]:
    every = [stream for stream in found if stream.stream != FILES]
    for stream in every:
        if stream.error and stream.outcome not in BY_ITSELF:
            yield Matter(
                FAILS,
                f"{account(stream.account)} · {stream_name(stream.stream)}",
                failure_said(stream.error),
                f"/veri-sagligi#{anchor(stream)}",
            )
    due = [stream.next_at or stream.good_at for stream in every]
    late = [now - at for at in due if at and now - at > OVERDUE]
    if late:
        text = _("streams that should have been read by now: {n}; the longest has waited for {span}. Does the daemon run?")
        yield Matter(FAILS, _("Collection"), text.format(n=number(len(late)), span=span(max(late))), "/veri-sagligi")


def _tokens(shell: Shell, now: datetime) -> Iterator[Matter]:
    for platform, known in known_expiries(shell.database.parent).items():
        ends = instant(known.get("expires_at"))
        if ends and ends - now < SOON:
            text = _("its token ends on {at}: run `mecra auth {platform}`").format(at=shell.moment(ends), platform=platform)
            yield Matter(FAILS, platform, text, "/veri-sagligi#belirtecler")


def _incidents(storage: Storage) -> Iterator[Matter]:
    """What is wrong with mecra itself and stands nowhere else."""
    for one in open_incidents(storage):
        if one.kind in ITSELF:
            yield Matter(FAILS, incident_title(one.kind), one.what.said(), "/veri-sagligi#uyarilar")


def incident_title(kind: str) -> str:
    return _(TITLES.get(kind, kind))


def instant(text: object) -> datetime | None:
    """What is written in a file that anybody may have edited."""
    try:
        return from_text(text) if isinstance(text, str) else None
    except ValueError:
        return None


def anchor(stream: StreamHealth) -> str:
    """The place of a stream on the page of data health."""
    return "".join(c if c.isascii() and c.isalnum() else "-" for c in f"{stream.account}-{stream.stream}")


def stream_name(name: str) -> str:
    """What a stream reads, in words."""
    return _(STREAMS.get(name, name))
