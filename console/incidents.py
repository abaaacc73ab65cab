"""What is wrong now, and messages that did not arrive, line by line: for `mecra alarms` and `mecra status`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from console.terminal import one_line
from model import to_text
from storage.incidents import Incident, Undelivered
from upkeep.alarm_text import said, title
from words import _, moment, number


def show_open(incidents: Sequence[Incident], zone: ZoneInfo) -> None:
    for one in incidents:
        print(one_line(f"✗ {title(one)}: {one.about} ({_('since {at}').format(at=moment(one.since, zone))})"))
        print(one_line(f"  {said(one.what)}"))
        print(one_line(f"  → {said(one.cure)}"))


def show_undelivered(found: Sequence[Undelivered], zone: ZoneInfo) -> None:
    text = _("! {occasion} has not reached {recipient} ({n} tries, the last at {at}): {answer}; it is tried again")
    for one in found:
        values = {"occasion": one.occasion, "recipient": one.recipient, "answer": one.answer}
        print(one_line(text.format(**values, n=number(one.tries), at=moment(one.at, zone))))


def undelivered_json(one: Undelivered) -> dict[str, Any]:
    return {"occasion": one.occasion, "recipient": one.recipient, "tries": one.tries, "answer": one.answer, "at": to_text(one.at)}
