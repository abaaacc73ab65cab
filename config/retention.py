"""How long what was collected is kept: `[retention]` of the settings."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from config.checks import ConfigError, known
from words import _

KEY_DAYS = 30  # YouTube's developer policies, III.E.4: figures that were fetched with a key alone are refreshed or deleted by then
MOST_YEARS = 100


@dataclass(frozen=True, slots=True)
class Retention:
    """`bodies_years`, `texts_years`: answers' bodies and posts' words that are older go; 0 keeps them for ever. `youtube_key_days`:
    figures of channels that nobody has consented to, which were not read again for so many days, go; 0 keeps them."""

    bodies_years: int = 0
    texts_years: int = 0
    youtube_key_days: int = KEY_DAYS


def retention(raw: Any, path: Path) -> Retention:
    """Raises ConfigError that names the key and the cure."""
    known(raw, {"bodies_years", "texts_years", "youtube_key_days"}, path, "retention.")
    for name, most in (("bodies_years", MOST_YEARS), ("texts_years", MOST_YEARS), ("youtube_key_days", KEY_DAYS)):
        value = raw.get(name, 0)
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
            text = _("{path}: {key} = {value!r}; write a whole number from 0 (kept for ever) to {most}")
            raise ConfigError(text.format(path=path, key=f"retention.{name}", value=value, most=most))
    found = Retention(**raw)
    if found.texts_years and not 0 < found.bodies_years <= found.texts_years:
        text = _("{path}: retention.texts_years = {years}: the answers hold the words too; write bodies_years, at most as long")
        raise ConfigError(text.format(path=path, years=found.texts_years))
    return found
