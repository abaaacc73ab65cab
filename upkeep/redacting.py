"""An archived answer without one post or one article: what is left says of the others exactly what it said before."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from typing import Any
from urllib.parse import quote


def without(body: bytes, url: str, names: Collection[str]) -> tuple[bytes | None, str] | None:
    """Body and address without what goes by one of `names`; None: they never spoke of it. A body that is no JSON, or that spoke of
    nothing else, goes whole (None)."""
    if not any(json.dumps(name, ensure_ascii=ascii_only)[1:-1].encode() in body for name in names for ascii_only in (True, False)):
        return None
    address = _without_name(url, names)
    try:
        value = json.loads(body)
    except ValueError:
        return None, address
    cut, left, hit = _cut(value, names)
    if not cut and not hit:
        return None
    if not cut:
        return None, address
    return json.dumps(left, ensure_ascii=False, separators=(",", ":")).encode(), address


def _cut(value: Any, names: Collection[str]) -> tuple[bool, Any, bool]:
    """(whether something was taken out within, what is left, whether the value itself goes by the name)."""
    if isinstance(value, dict):
        left, cut, hit = {}, False, False
        for key, inner in value.items():
            if key in names:
                cut = True
                continue
            inner_cut, rest, inner_hit = _cut(inner, names)
            cut, hit = cut or inner_cut, hit or inner_hit
            left[key] = "" if inner_hit and isinstance(inner, str) else rest
        return cut, left, hit
    if isinstance(value, list):
        if not any(isinstance(inner, (dict, list)) for inner in value):
            return False, [inner for inner in value if inner not in names], any(inner in names for inner in value)
        found = [_cut(inner, names) for inner in value]
        kept = [rest for _inner_cut, rest, inner_hit in found if not inner_hit]
        return any(inner_cut or inner_hit for inner_cut, _rest, inner_hit in found), kept, False
    return False, value, isinstance(value, str) and value in names


def _without_name(url: str, names: Collection[str]) -> str:
    for name in sorted(names, key=len, reverse=True):
        for written in {name, quote(name, safe="")}:
            url = re.sub(rf"(?<![\w.-]){re.escape(written)}(?![\w.-])(,|%2C)?", "", url)
    return url
