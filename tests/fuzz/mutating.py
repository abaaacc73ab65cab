"""Inputs that are nearly right: bytes, texts and JSON, changed in the places where parsers stumble."""

from __future__ import annotations

import json
from collections.abc import Sequence
from random import Random
from typing import Any

from tests.fuzz.promises import SECRET

LONGEST = 60_000
WORDS: tuple[str, ...] = (
    "\ud800", "\udfff\ud83d", "\0", "\x1b[2J", "\x85", "\u2028", "\u202e", "\ufeff", "\ufffe", "i\u0307", "İIıi", "ŞĞÇÖÜ", "ﬁ", "ß", "Ĳ", "٣٤", "²", "½", "１２",
    "", " ", "\n", "-", "–", "%", "%%", "%41", "%ff", "%u0131", "+", "=1+1", "=HYPERLINK(\"http://a.b\")", "'", '"', "\\", "\\u", "{", "}", "[[", "]]", "<", ">", "&#0;",
    "&#x110000;", "&#xD800;", "&nosuch;", "&amp;amp;", "<![CDATA[", "]]>", "<!--", "<?xml version='1.0' encoding='utf-16'?>", "<!DOCTYPE a [<!ENTITY b 'c'>]>",
    "0", "-0", "-1", "00", "1e5", "1e999", "NaN", "Infinity", "1.5", "11.617", "12,000", "9" * 19, "9" * 20, "9" * 400, "9" * 5000, "0x10", "1_000", "True", "null",
    "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-02-30T00:00:00Z", "2026-11-23T07:00:00Z", "2026-11-23T07:00:00", "1969-12-31", "2026-W53-7", "20261123",
    "31.12.9999", "00.00.0000", "99:99", "24:00", "23:59:60", "+99:99", "Pzt, 30 Şub 2026 25:61:61 +9999", "1763881200", "99999999999999", "12/31/2026",
    "http://", "http://[", "http://[::1", "//a@b:c@d:99999/..//%00?a=b#c", "https://google.com/url?url=" * 8, "http://a\u3002b", "http://xn--a.example", "http://" + "a." * 120, "../../etc/passwd",
    "javascript:alert(1)", "data:,", "a" * 300, "a" * 5000, "ü" * 5000, "(" * 200, "{" * 2000, "[" * 2000, " " * 3000, "\t" * 3000, "<a " * 600, "<b>" * 300, SECRET, json.dumps(SECRET)[1:-1],
)  # fmt: skip
NUMBERS: tuple[Any, ...] = (
    0, -1, 1, 2**31, 2**53, 2**63 - 1, 2**63, -(2**63), -(2**63) - 1, 10**30, 10**400, 1.5, -0.0, 1e308, 5e-324, float("nan"), float("inf"), True, False, None,
)  # fmt: skip


def changed(data: bytes, random: Random, kind: str, seeds: Sequence[bytes]) -> bytes:
    """A neighbour of `data`: of JSON mostly another value of the same shape, of text and bytes another text."""
    if kind == "json" and random.random() < 0.9:
        try:
            value = json.loads(data)
        except (ValueError, RecursionError):
            return _bytes(data, random, seeds)
        for _ in range(random.choice((1, 1, 2, 3, 6))):
            value = _value(value, random)
        try:
            return json.dumps(value, ensure_ascii=random.random() < 0.7 or _halves(value)).encode()[:LONGEST]
        except (ValueError, RecursionError):
            return data
    if kind == "text" and random.random() < 0.5:
        return _text(data.decode("utf-8", "replace"), random).encode("utf-8", "surrogatepass")[:LONGEST]
    return _bytes(data, random, seeds)


def _halves(value: Any) -> bool:
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return True
    return False


def _value(value: Any, random: Random) -> Any:
    """The value with one place of it changed, each place as likely as its neighbours."""
    if isinstance(value, dict) and value and random.random() < 0.9:
        key = random.choice(list(value))
        what = random.random()
        if what < 0.08:
            return {name: inner for name, inner in value.items() if name != key}
        if what < 0.12:
            return {**value, random.choice((*value, "author", "x" * 50, "", "next", "error")): value[key]}
        if what < 0.17:
            other = random.choice(list(value))
            return {**value, key: value[other], other: value[key]}
        return {**value, key: _value(value[key], random)}
    if isinstance(value, list) and value and random.random() < 0.9:
        at, what = random.randrange(len(value)), random.random()
        if what < 0.06:
            return value[:at] + value[at + 1 :]
        if what < 0.14:
            return [*value, value[at]] if what < 0.12 else value * 3
        return [*value[:at], _value(value[at], random), *value[at + 1 :]]
    return _other(value, random)


def _other(value: Any, random: Random) -> Any:
    what = random.random()
    if isinstance(value, str) and what < 0.4:
        return _text(value, random)
    if isinstance(value, (int, float)) and not isinstance(value, bool) and what < 0.2:
        return str(value)
    if what < 0.6:
        return random.choice(WORDS)
    if what < 0.85:
        return random.choice(NUMBERS)
    return random.choice(([], {}, [value], {"data": value}, [[]], {"": ""}, [None], [1, "a"], _deep(value)))


def _deep(value: Any) -> Any:
    for _ in range(150):
        value = [value]
    return value


def _text(text: str, random: Random) -> str:
    at, end = sorted((random.randint(0, len(text)), random.randint(0, len(text))))
    what = random.random()
    if what < 0.35:
        return text[:at] + random.choice(WORDS) + text[at:]
    if what < 0.55:
        return text[:at] + random.choice(WORDS) + text[min(end, at + 8) :]
    if what < 0.7:
        return text[:at] + text[min(end, at + 20) :]
    if what < 0.8:
        return text[:end] + text[at:end] * random.choice((1, 2, 20)) + text[end:]
    if what < 0.9 and text:
        return text[:at] + chr(random.choice((random.randrange(32, 127), random.randrange(0x2FFF)))) + text[at + 1 :]
    return random.choice((text.upper(), text.lower(), text[::-1], text.swapcase(), text * 2))


def _bytes(data: bytes, random: Random, seeds: Sequence[bytes]) -> bytes:
    for _ in range(random.choice((1, 1, 2, 4))):
        at, what = random.randint(0, len(data)), random.random()
        end = min(len(data), at + random.choice((1, 2, 8, 64, 512)))
        if what < 0.25:
            data = data[:at] + random.choice(WORDS).encode("utf-8", "surrogatepass") + data[at:]
        elif what < 0.4:
            data = data[:at] + random.choice(WORDS).encode("utf-8", "surrogatepass") + data[end:]
        elif what < 0.55:
            data = data[:at] + data[end:]
        elif what < 0.7:
            data = data[:at] + bytes(random.randrange(256) for _ in range(random.choice((1, 1, 2, 4)))) + data[end:]
        elif what < 0.8:
            data = data[:end] + data[at:end] * random.choice((1, 3, 30)) + data[end:]
        elif what < 0.9 and seeds:
            other = random.choice(seeds)
            data = data[:at] + other[random.randint(0, len(other)) :]
        else:
            data = data[:at]
    return data[:LONGEST]
