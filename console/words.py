"""The language of the screen: English in the code, Turkish from the catalogue, numbers and dates as they are written there.

The catalogue holds click's messages too: click asks gettext for the current domain, as we do.
"""

from __future__ import annotations

import gettext
from collections.abc import Mapping, MutableMapping
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

DOMAIN = "mecra"
CATALOGUES = Path(__file__).parents[1] / "locale"
LANGUAGES = ("tr", "en")
_spoken = ["en"]


def speak(language: str, environ: MutableMapping[str, str]) -> None:
    """Use `language` from now on. gettext takes it from LANGUAGE, before any locale, also under LC_ALL=C."""
    _spoken[0] = language if language in LANGUAGES else "en"
    environ["LANGUAGE"] = _spoken[0]
    gettext.bindtextdomain(DOMAIN, str(CATALOGUES))
    gettext.textdomain(DOMAIN)


def _(text: str) -> str:
    return gettext.gettext(text) if text else ""


def N_(text: str) -> str:  # noqa: N802  gettext's name for "translate this later"
    """Mark a text for the catalogue; it is translated where it is shown."""
    return text


def number(value: int) -> str:
    """`22.465.660`, in English `22,465,660`."""
    text = f"{value:,}"
    return text.replace(",", ".") if _spoken[0] == "tr" else text


def decimal(value: float, places: int) -> str:
    """`1.234,5`, in English `1,234.5`."""
    text = f"{value:,.{places}f}"
    return text.translate(str.maketrans(",.", ".,")) if _spoken[0] == "tr" else text


def percent(share: float) -> str:
    """`%95,5`, in English `95.5%`; of a share between 0 and 1."""
    return f"%{decimal(share * 100, 1)}" if _spoken[0] == "tr" else f"{decimal(share * 100, 1)}%"


def day(value: date) -> str:
    """`23.11.2026`, in English `2026-11-23`."""
    return f"{value:%d.%m.%Y}" if _spoken[0] == "tr" else value.isoformat()


def moment(at: datetime, zone: ZoneInfo) -> str:
    """Day and minute on the institution's clocks."""
    local = at.astimezone(zone)
    return f"{day(local.date())} {local:%H:%M}"


def span(length: timedelta) -> str:
    """The largest whole unit of a span: `3 saat`."""
    minutes = max(0, int(length.total_seconds() // 60))
    if minutes < 60:
        return _("{n} min").format(n=minutes)
    if minutes < 48 * 60:
        return _("{n} h").format(n=minutes // 60)
    return _("{n} days").format(n=number(minutes // 1440))


def ago(length: timedelta) -> str:
    return _("{span} ago").format(span=span(length)) if length >= timedelta(minutes=1) else _("just now")


def cost(amount: int, bucket: str) -> str:
    """What a bucket's ledger counts: micro-dollars for X, quota units elsewhere."""
    if bucket == "x":
        return f"${decimal(amount / 1_000_000, 3)}"
    return _("{n} units").format(n=number(amount))


def costs(by_bucket: Mapping[str, int]) -> str:
    """The costs of several buckets, added up by unit; empty where nothing was spent."""
    dollars, units = by_bucket.get("x", 0), sum(amount for bucket, amount in by_bucket.items() if bucket != "x")
    return ", ".join([*([cost(dollars, "x")] if dollars else []), *([cost(units, "")] if units else [])])


OUTCOMES = {
    "done": N_("done"),
    "partial": N_("done, with notes"),
    "failed": N_("failed"),
    "unavailable": N_("unavailable"),
    "rate limited": N_("rate limited"),
    "over budget": N_("over budget"),
    "expired": N_("cursor expired"),
    "refused": N_("refused"),
    "gone": N_("gone"),
    "unsupported": N_("unsupported"),
    "malformed": N_("malformed answer"),
}


def outcome(name: str | None) -> str:
    """The outcome of a walk in words; one that has not ended has none."""
    return _("under way") if name is None else _(OUTCOMES.get(name, name))
