"""What a walk finds again of its own in the database: a cursor that can't be read starts it anew, a memo that can't is forgotten."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import UnionType
from typing import Any

from collectors.base import Expired
from model import from_json


def lost() -> Expired:
    """Of another version of mecra, or damaged."""
    return Expired("the cursor can't be read", cure="the walk starts again from the top by itself")


def cursor_of(text: str, kinds: Mapping[str, type | UnionType]) -> dict[str, Any]:
    """The parts of a cursor, each of its kind; raises Expired for a text that is none."""
    try:
        value = from_json(text)
    except ValueError:
        raise lost() from None
    if not isinstance(value, dict) or not all(isinstance(value.get(name), kind) for name, kind in kinds.items()):
        raise lost()
    return value


def cursor_day(text: str, first: date, end: date) -> date:
    """The day that a cursor names, between these two; raises Expired for any other text."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise lost() from None
    if not first <= day <= end:
        raise lost()
    return day


def day_of(value: Any, otherwise: date) -> date:
    """The day that a memo names, else `otherwise`."""
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        return otherwise


def days_of(value: Any) -> dict[str, date]:
    """The days that a memo has by name; without those that are none."""
    known = value.items() if isinstance(value, Mapping) else ()
    days = {str(name): day_of(day, date.min) for name, day in known}
    return {name: day for name, day in days.items() if day > date.min}


def texts_of(value: Any) -> dict[str, None]:
    """The texts in a memo's list, each once, in their order."""
    return dict.fromkeys(one for one in value if isinstance(one, str)) if isinstance(value, list) else {}
