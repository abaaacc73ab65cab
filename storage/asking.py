"""Questions in SQL that somebody typed: answered by a process that can do nothing but read, and that ends when its time is over."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any, TypeAlias

from model import MecraError, legible
from words import _, number

Value: TypeAlias = str | int | float | None

SHOWN, EXPORTED = 1_000, 10_000  # rows
SECONDS = 2.0
PATIENCE = 2.0  # more, until a process that does not heed its limit is ended
LONGEST = 10_000  # letters of a question
AT_ONCE = 3
CHILD = Path(__file__).with_name("asking_child.py")

_places = BoundedSemaphore(AT_ONCE)


class NoAnswer(MecraError):
    """The question has no answer: what is wrong with it, and what to do."""


@dataclass(frozen=True, slots=True)
class Rows:
    """`more`: there are rows that were left out."""

    columns: Sequence[str]
    rows: Sequence[Sequence[Value]]
    more: bool


def ask(database: Path, sql: str, *, most: int = SHOWN, seconds: float = SECONDS) -> Rows:
    """At most so many rows. Raises NoAnswer for what is no question, asks for more than it may, or takes too long."""
    if not sql.strip() or len(sql) > LONGEST:
        raise NoAnswer(_("write one SELECT of at most {n} letters").format(n=number(LONGEST)))
    if not database.exists():
        raise NoAnswer(_("there is no database yet: run `mecra collect` or `mecra run` first"))
    asked = {"database": database.absolute().as_uri(), "sql": sql, "rows": most, "seconds": seconds}
    if not _places.acquire(timeout=2 * seconds):
        raise NoAnswer(_("too many questions at once: try again in a moment"))
    try:
        said = _said(json.dumps(asked), seconds)
    finally:
        _places.release()
    if "error" in said:
        raise NoAnswer(_why(str(said["error"]), legible(str(said["text"])), seconds))
    return Rows(said["columns"], said["rows"], said["more"])


def _said(asked: str, seconds: float) -> dict[str, Any]:
    try:
        done = subprocess.run(  # noqa: S603  this very interpreter, a file of ours; the question goes in as data
            [sys.executable, "-I", "-S", str(CHILD)], input=asked.encode(), capture_output=True, timeout=seconds + PATIENCE, check=False, env={},
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return {"error": "time", "text": ""}
    try:
        return dict(json.loads(done.stdout))
    except ValueError:  # ended by a limit of its own
        return {"error": "memory", "text": ""}


def _why(kind: str, text: str, seconds: float) -> str:
    if kind == "time":
        return _("it takes longer than {seconds} seconds: ask for fewer days or one account").format(seconds=f"{seconds:g}")
    if kind == "memory":
        return _("it needs more memory than a question may have: ask for fewer rows or shorter texts")
    if kind == "denied":
        return _("only reading is allowed here ({why}): one SELECT over the tables named below").format(why=text)
    if kind == "empty":
        return _("that is no question: write one SELECT")
    return _("SQLite does not understand it: {why}").format(why=text)
