"""What of an answer may be archived: the keys that a platform's list names, at every depth, and nothing else."""

from __future__ import annotations

from typing import Any

BLANKED = frozenset({"next", "previous"})


def kept(value: Any, keys: frozenset[str]) -> tuple[Any, bool]:
    """`value` with only the named keys, at every depth, and whether anything had to go."""
    if isinstance(value, dict):
        clean, changed = {}, False
        for key, inner in value.items():
            if key in BLANKED and isinstance(inner, str):
                clean[key], changed = "***", True
            elif key not in keys:
                changed = True
            elif isinstance(inner, (dict, list)):
                clean[key], touched = kept(inner, keys)
                changed = changed or touched
            else:
                clean[key] = inner
        return (clean, True) if changed else (value, False)
    if isinstance(value, list):
        pairs = [kept(inner, keys) if isinstance(inner, (dict, list)) else (inner, False) for inner in value]
        if any(touched for _, touched in pairs):
            return [inner for inner, _ in pairs], True
        return value, False
    return value, False
