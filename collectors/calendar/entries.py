"""What one cell plans: `14:30 Instagram, X: 23 Nisan mesajı (iptal: yas)`, one post a line, each part where it is found."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import time

from collectors.calendar.hours import time_of
from collectors.calendar.platforms import platforms_in
from collectors.turkish import fold

MARKS = frozenset({"x", "✓", "✔", "√", "+", "*", "1", "evet", "var", "e", "true", "dogru", "yes", "ok", "tamam"})
DENIALS = frozenset({"", "-", "hayir", "h", "0", "false", "yanlis", "no", "yok"})
LONGEST = 300
BULLET = re.compile(r"^[\s•●▪◦*·–—-]+")
HOUR_FIRST = re.compile(r"^(?:saat\s+)?(\d{1,2}[:.]\d{2})(?!\d|[.]\d)(?:\s*[-–]\s*\d{1,2}[:.]\d{2})?\s*[-–—:|,]?\s*", re.I | re.A)
SIGNS = re.compile(r"\s*[:|]\s*|\s+[-–—]\s+|\s*[–—]\s*")
IN_BRACKETS = re.compile(r"\s*[(\[]([^()\[\]]*)[)\]]")
WITHDRAWN = re.compile(r"(?:iptal(?: edildi| edilmistir)?|geri cekildi|withdrawn|cancelled|canceled)(?:$|\s*[:,-]\s*|\s+)")


@dataclass(frozen=True, slots=True)
class Entry:
    """One planned post of a cell; what the cell doesn't say stands beside it, or above."""

    title: str = ""
    platforms: tuple[str, ...] | None = None
    clock: time | None = None
    withdrawn: bool = False
    reason: str = ""


def entries(text: str, ours: Sequence[str]) -> list[Entry]:
    """The posts of a cell, line by line; a line that names only platforms, or only a title, belongs to the one before it.

    Raises CellError for an hour that there is not.
    """
    found: list[Entry] = []
    for line in text.replace("\r", "\n").split("\n"):
        said = BULLET.sub("", line.replace("\xa0", " ")).strip()
        if not said:
            continue
        entry = _entry(said, ours)
        last = found[-1] if found else None
        if last is None or entry.clock or (entry.platforms and entry.title) or (entry.platforms and last.platforms):
            found.append(entry)
        elif entry.platforms:
            found[-1] = replace(last, platforms=entry.platforms)
        else:
            title = " ".join(part for part in (last.title, entry.title) if part)
            withdrawn = entry.withdrawn or last.withdrawn
            found[-1] = replace(last, title=title[:LONGEST], withdrawn=withdrawn, reason=entry.reason or last.reason)
    return found


def _entry(said: str, ours: Sequence[str]) -> Entry:
    clock = None
    if hour := HOUR_FIRST.match(said):
        clock, said = time_of(hour[1]), said[hour.end() :]
    said, withdrawn, reason = without_withdrawal(said)
    platforms = platforms_in(said, ours)
    if platforms:
        return Entry("", platforms, clock, withdrawn, reason)
    for bracket in IN_BRACKETS.finditer(said):
        if platforms := platforms_in(bracket[1], ours):
            rest = (said[: bracket.start()] + said[bracket.end() :]).strip(" :-–|")
            return Entry(rest[:LONGEST], platforms, clock, withdrawn, reason)
    signs = list(SIGNS.finditer(said))
    for sign in signs[:1] + signs[-1:]:
        before, after = said[: sign.start()], said[sign.end() :]
        for named, title in ((before, after), (after, before)):
            if platforms := platforms_in(named, ours):
                return Entry(title.strip()[:LONGEST], platforms, clock, withdrawn, reason)
    return Entry(said[:LONGEST], None, clock, withdrawn, reason)


def without_withdrawal(said: str) -> tuple[str, bool, str]:
    """The text without its withdrawal, in brackets or as all of it; whether there was one, and its reason."""
    for bracket in IN_BRACKETS.finditer(said):
        if found := WITHDRAWN.match(fold(bracket[1])):
            reason = " ".join(bracket[1].split())[found.end() :].strip(" :-")
            return (said[: bracket.start()] + said[bracket.end() :]).strip(), True, reason
    if WITHDRAWN.fullmatch(fold(said)):
        return "", True, ""
    return said, False, ""


def withdrawal(text: str, *, only: bool) -> tuple[bool, str]:
    """Whether a cell of its own says that a post is withdrawn, and why.

    `only`: the column is about nothing else, so that any text in it is the reason; else (a column of states) the word must be there.
    """
    said = " ".join(text.split())
    folded = fold(said)
    if found := WITHDRAWN.match(folded):
        return True, said[found.end() :].strip(" :-()")
    if not only or folded in DENIALS:
        return False, ""
    return True, "" if folded in MARKS else said
