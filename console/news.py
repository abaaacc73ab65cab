"""`mecra news` for a person: what waits, one article with its history, and what was just decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from console.tables import show_table
from indicators.news_reasons import reason_said
from model import from_text
from storage.reviewing import Waiting, Whole
from storage.rulings import Ruling
from words import N_, _, day, moment, number

STATUSES = {"counted": N_("is counted"), "excluded": N_("is not counted"), "review": N_("waits for review")}
MATCHED = (N_("title"), N_("summary"), N_("body"), N_("agency"))  # where a term of the rule may stand, as stored
LONGEST = 90  # of a title in a table


def show_waiting(found: Sequence[Waiting]) -> None:
    """A line an article, the newest first, and how to decide."""
    if not found:
        print(_("Nothing waits for review."))
        return
    rows = [
        (str(one.article), day(date.fromisoformat(one.day)), one.outlet, _short(one.title), reason_said(one.why)) for one in found
    ]
    show_table((_("article"), _("day"), _("outlet"), _("title"), _("why")), rows, numbers=(0,))
    print(_("{n} articles wait. `mecra news count ARTICLE... --why TEXT` or `mecra news exclude ...`").format(n=number(len(found))))


def show_rulings(made: Sequence[Ruling]) -> None:
    """What was decided, and what is to be known of it."""
    show_table((_("status"), _("key"), _("decided by")), [(_(STATUSES[one.status]), one.key, one.ruled_by) for one in made])
    print(_("{n} articles decided. Sealed snapshots stay as they are; the next statement knows it.").format(n=number(len(made))))


def show_article(found: Whole, zone: ZoneInfo) -> None:
    """The article as it counts now, then what the rule said, what people ruled, its copies and its answers."""
    one = found.stored
    print(_printable(one.title))
    print(f"{_printable(one.outlet)} · {day(date.fromisoformat(one.published_on))} · {_printable(one.url)}")
    if one.summary:
        print(_printable(one.summary))
    print()
    show_table((_("what"), _("value")), _facts(found, zone))
    if found.rulings:
        rows = [(moment(from_text(r.ruled_at), zone), _(STATUSES[r.status]), r.ruled_by, r.why) for r in found.rulings]
        show_table((_("decided"), _("status"), _("decided by"), _("why")), rows)
    if found.copies:
        copies = [(str(c.article), day(date.fromisoformat(c.day)), c.outlet, _short(c.title)) for c in found.copies]
        show_table((_("same story"), _("day"), _("outlet"), _("title")), copies, numbers=(0,))
    answers = [(str(a.response), moment(from_text(a.at), zone), a.url, a.sha256[:12]) for a in found.answers]
    show_table((_("response"), _("answered"), _("address"), "sha256"), answers, numbers=(0,))


def as_object(found: Whole) -> dict[str, Any]:
    """`status` and `reason` as they count now; those of the rule stand in `stored`."""
    return {"article": found.stored.article, "status": found.status, "reason": found.reason, **asdict(found)}


def _facts(found: Whole, zone: ZoneInfo) -> list[tuple[str, str]]:
    one = found.stored
    decided = _(STATUSES[one.status]) + (f": {reason_said(one.reason)}" if one.reason else "")
    facts = [
        (_("status"), _(STATUSES[found.status])),
        (_("by the counting rule"), f"{decided} ({one.rule})"),
        (_("matched"), f"{one.matched} ({_(one.match_in)})"),
        (_("published"), moment(from_text(one.published_at), zone) if one.published_at else "–"),
        (_("in its own words"), one.published_raw),
        (_("found"), f"{moment(from_text(one.first_seen_at), zone)} · {_(one.found_via)} · {one.account}"),
        (_("agency"), one.agency),
        (_("key"), one.key),
    ]
    if one.found_on != one.published_on:
        facts.append((_("counted before on"), day(date.fromisoformat(one.found_on))))
    return [(what, value) for what, value in facts if value]


def _short(title: str) -> str:
    return title if len(title) <= LONGEST else title[: LONGEST - 1] + "…"


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)
