"""Stored notes as a document says them: accounts and platforms by their names, and what is true of several of them said once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from reports.phrases import account, in_runs, platform
from words import Note, Value

NAMES = {"account": account, "platform": platform, "source": account}
_WEEKS = re.compile(r"\d{4}-W\d\d(, \d{4}-W\d\d)+")
_COMMAND = re.compile(r" \(`mecra [^`]*`\)")  # for whoever sits at the machine, not for who reads the report


def said(told: Iterable[tuple[str, Mapping[str, Value]]]) -> list[str]:
    """Each note in the language that is spoken, in order; those that differ in the account alone are one."""
    grouped: dict[tuple[str, str, tuple[Any, ...]], list[str]] = {}
    for text, values in told:
        name = next((one for one in NAMES if one in values), "")
        rest = tuple((key, _value(value)) for key, value in values.items() if key != name)
        whose = grouped.setdefault((text, name, rest), [])
        if name:
            whose.append(NAMES[name](str(values[name])))
    return [_one(text, name, dict(rest), whose) for (text, name, rest), whose in grouped.items()]


def _value(value: Value) -> Value:
    """Weeks that follow each other are told by the first and the last of them."""
    return in_runs(value.split(", ")) if isinstance(value, str) and _WEEKS.fullmatch(value) else value


def _one(text: str, name: str, values: dict[str, Value], whose: list[str]) -> str:
    if name:
        values = {**values, name: ", ".join(dict.fromkeys(whose))}
    return _COMMAND.sub("", Note(text, values).said())
