"""What an alarm says, in the language of the settings: what is wrong, since when, and what to do; and what is right again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from config.alarms import TITLES
from model import to_text
from reports.inert import inert
from storage.incidents import Bulletin, Incident
from words import _, moment, number, span

MOST_LISTED = 30
LONGEST = 1500


def subject(bulletin: Bulletin, institution: str) -> str:
    """`Örnek Belediyesi: kaynak sessiz (x:ornek posts) (+2)`; of one that is over alone, that it is."""
    first = (bulletin.begun or bulletin.over)[0]
    more = len(bulletin.begun) + len(bulletin.over) - 1
    text = _("{institution}: alarm: {title} ({about})") if bulletin.begun else _("{institution}: over: {title} ({about})")
    said = text.format(institution=institution or "mecra", title=title(first), about=inert(first.about, 80))
    return said + (f" (+{number(more)})" if more else "")


def text(bulletin: Bulletin, zone: ZoneInfo) -> str:
    """Everything that began, then everything that is over."""
    blocks = list(_part(_("What is wrong"), bulletin.begun, lambda one: _begun(one, zone)))
    blocks += _part(_("What is right again"), bulletin.over, lambda one: _over(one, zone))
    blocks.append(_("All that is wrong now: `mecra alarms`. This message comes once; another one says when it is over."))
    return "\n\n".join(blocks) + "\n"


def as_json(bulletin: Bulletin, institution: str, zone: ZoneInfo, key: str) -> dict[str, Any]:
    """For a program. `id` is the same in every try; `text` is what chat services show."""
    heading = subject(bulletin, institution)
    return {
        "id": key,
        "institution": institution,
        "at": to_text(bulletin.made_at),
        "subject": heading,
        "text": f"{heading}\n\n{text(bulletin, zone)}",
        "begun": [incident_json(one) for one in bulletin.begun],
        "over": [incident_json(one) for one in bulletin.over],
    }


def incident_json(one: Incident) -> dict[str, Any]:
    return {
        "incident": one.incident,
        "kind": one.kind,
        "about": one.about,
        "title": title(one),
        "what": said(one.what),
        "cure": said(one.cure),
        "since": to_text(one.since),
        "opened_at": to_text(one.opened_at),
        "over_at": to_text(one.over_at) if one.over_at else None,
    }


def title(one: Incident) -> str:
    return _(TITLES.get(one.kind, one.kind))


def said(note: Any) -> str:
    return inert(note.said(), LONGEST)


def _part(heading: str, incidents: Sequence[Incident], line: Any) -> Iterator[str]:
    if incidents:
        yield heading
        yield from (line(one) for one in incidents[:MOST_LISTED])
        if len(incidents) > MOST_LISTED:
            yield _("… and {n} more: `mecra alarms`").format(n=number(len(incidents) - MOST_LISTED))


def _begun(one: Incident, zone: ZoneInfo) -> str:
    lines = [f"* {title(one)}: {inert(one.about, 120)}", f"  {said(one.what)}"]
    lines.append("  " + _("since {at}").format(at=moment(one.since, zone)))
    lines.append(f"  → {said(one.cure)}")
    return "\n".join(lines)


def _over(one: Incident, zone: ZoneInfo) -> str:
    until = one.over_at or one.opened_at
    heading = f"* {title(one)}: {inert(one.about, 120)}"
    lasted = _("over at {at}, after {span}").format(at=moment(until, zone), span=span(until - one.since))
    return f"{heading}\n  {lasted}"
