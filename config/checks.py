"""What may stand in the settings, and of what kind it is: a slip of the pen is an error with its name, never ignored."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from config.titles import title_pattern
from model import MecraError
from words import N_, _

PLATFORMS = ("x", "facebook", "instagram", "youtube")
NEWS = ("feed", "gdelt", "gnews", "agency")
PAGE = "page"  # the institution's own page on which a series is listed: an account without followers
# Channels without an interface that could be asked: their figures come in by files.
CHANNELS = ("tiktok", "linkedin", "threads", "telegram", "nsosyal", "bluesky", "mastodon", "whatsapp", "bip", "pinterest")
BUCKETS = ("x", "facebook", "instagram", "youtube.data", "youtube.analytics", "youtube.token", PAGE, *NEWS)
SEARCH = {"enabled", "query", "name", "pace", "api_root", "ladder"}
OPTIONS: dict[str, set[str]] = {
    "x": {"api_root", "ladder", "dialect", "count_replies", "owned_reads", "prices", "cap_day"},
    "facebook": {"api_root", "ladder", "version"},
    "instagram": {"api_root", "ladder", "version", "insights"},
    "youtube": {"api_root", "ladder"},
    "feed": {"ladder", "poll_minutes", "silent_days"},
    "gdelt": SEARCH,
    "gnews": SEARCH,
    "agency": {"counts"},
    PAGE: {"ladder"},
}
KINDS: dict[str, tuple[type, ...]] = {
    "api_root": (str,), "ladder": (dict,), "dialect": (str,), "count_replies": (bool,), "owned_reads": (bool,), "prices": (dict,),
    "cap_day": (int,), "version": (str,), "insights": (str,), "poll_minutes": (list,), "silent_days": (int, float), "enabled": (bool,),
    "query": (str,), "name": (str,), "pace": (int, float), "counts": (str,),
}  # fmt: skip
OF_ACCOUNTS: dict[str, dict[str, tuple[type, ...]]] = {
    "youtube": {"subscriber_base": (int,), "subscriber_base_on": (date,)},
    PAGE: {"title": (str,)},
}
WORDS = {
    dict: N_("a table"),
    list: N_("a list"),
    str: N_('text in "quotes"'),
    bool: N_("true or false"),
    int: N_("a whole number"),
    float: N_("a number"),
    date: N_("a day like 2026-01-31"),
}


SPAN = re.compile(r"(\d+)\s*(min|h|d)")
SPANS = {"min": "minutes", "h": "hours", "d": "days"}


class ConfigError(MecraError):
    """The settings can't be used: file, key, value and what would be right."""


def known(table: Any, names: Collection[str], path: Path, prefix: str) -> None:
    """Refuse what is no table, and a key that there is none of."""
    if not isinstance(table, Mapping):
        raise ConfigError(_("{path}: {prefix} must be a table ([{prefix}])").format(path=path, prefix=prefix.rstrip(".")))
    for name in table:
        if name not in names:
            raise ConfigError(
                _("{path}: {prefix}{name} is not a setting; there are {names}").format(
                    path=path, prefix=prefix, name=name, names=", ".join(sorted(names)) or _("none")
                )
            )


def of_kind(value: Any, kinds: tuple[type, ...], path: Path, key: str) -> Any:
    """`value`, when it is of one of the kinds (true is no number)."""
    if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
        raise ConfigError(
            _("{path}: {key} = {value!r}; write {names}").format(
                path=path, key=key, value=value, names=(" " + _("or") + " ").join(_(WORDS[kind]) for kind in kinds)
            )
        )
    return value


def span(text: str) -> timedelta:
    """`30min`, `6h`, `184d`; raises ValueError."""
    match = SPAN.fullmatch(text.strip())
    if not match:
        raise ValueError(f"{text[:100]!r} is no span of time; write 30min, 6h or 7d")
    return timedelta(**{SPANS[match[2]]: int(match[1])})


def options(table: Any, platform: str, path: Path, prefix: str) -> dict[str, Any]:
    """A platform's own settings."""
    known(table, OPTIONS[platform], path, f"{prefix}{platform}.")
    return {name: of_kind(value, KINDS[name], path, f"{prefix}{platform}.{name}") for name, value in table.items()}


def _pattern(text: str, path: Path, key: str) -> None:
    try:
        title_pattern(text)
    except (re.error, OverflowError, RecursionError) as error:
        raise ConfigError(
            _("{path}: {key} = {text!r} is no pattern ({why}); write words of the issues' names, in 'single quotes'").format(
                path=path, key=key, text=text, why=error
            )
        ) from None


def account_options(table: Any, platform: str, path: Path, key: str) -> dict[str, Any]:
    """What is set for one account of a platform; the exact number of subscribers and its day only together."""
    kinds = OF_ACCOUNTS.get(platform, {})
    known(of_kind(table, (dict,), path, key), kinds, path, f"{key}.")
    found = {name: of_kind(value, kinds[name], path, f"{key}.{name}") for name, value in table.items()}
    if platform == PAGE:
        _pattern(str(found.get("title", "")), path, f"{key} title")
        return found
    whole = len(found) == len(kinds) and not isinstance(found.get("subscriber_base_on"), datetime)
    if found and not (whole and 0 <= found["subscriber_base"] < 10**12):
        raise ConfigError(
            _("{path}: {key}; write {{ subscriber_base = 48300, subscriber_base_on = 2026-01-01 }}").format(path=path, key=key)
        )
    return found
