"""When an article was published, from whatever its feed wrote there."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

ISTANBUL = ZoneInfo("Europe/Istanbul")
SLACK = timedelta(minutes=5)
MISLABELLED = timedelta(hours=3)
OLDEST = datetime(1990, 1, 1, tzinfo=UTC)

MONTHS = {
    name: number
    for number, names in enumerate(
        ("jan oca", "feb sub", "mar", "apr nis", "may", "jun haz", "jul tem", "aug agu", "sep eyl", "oct eki", "nov kas", "dec ara"), 1
    )
    for name in names.split()
}  # fmt: skip
LETTERS = str.maketrans("ŞşĞğÜüÖöÇçıİ", "ssgguuooccii")
NAMED = {
    "z": 0, "ut": 0, "utc": 0, "gmt": 0, "trt": 3, "eet": 2, "eest": 3, "msk": 3, "cet": 1, "cest": 2, "bst": 1,
    "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7,
}  # fmt: skip

TIME = r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?"
ZONE = r"\s*\[?(?P<zone>[a-z]{1,5}(?![a-z+-])|(?:gmt|utc)?(?P<sign>[+-])(?P<off_h>\d{1,2}):?(?P<off_m>\d{2})?)?\]?"
FORMS = tuple(
    re.compile(rf"\s*{form}\s*", re.I)
    for form in (
        rf"(?:[^\W\d]+\.?,?\s+)?(?P<day>\d{{1,2}})[\s-]+(?P<name>[^\W\d]{{3,}})\.?,?[\s-]+(?P<year>\d{{2}}|\d{{4}})(?:,?[\s-]+(?:[^\W\d]+,?\s+)?{TIME}{ZONE})?",
        rf"(?P<year>\d{{4}})-(?P<month>\d{{1,2}})-(?P<day>\d{{1,2}})(?:[T\s]+{TIME}{ZONE})?",
        rf"(?P<day>\d{{1,2}})[./](?P<month>\d{{1,2}})[./](?P<year>\d{{4}})(?:[\s,-]+{TIME}{ZONE})?",
        r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})T(?P<hour>\d{2})(?P<minute>\d{2})(?P<second>\d{2})(?P<zone>Z)?",
        rf"(?:[^\W\d]+,?\s+)?(?P<name>[^\W\d]{{3,}})\s+(?P<day>\d{{1,2}}),?\s+{TIME}\s+(?P<year>\d{{4}})",
        rf"(?:[^\W\d]+,?\s+)?(?P<name>[^\W\d]{{3,}})\s+(?P<day>\d{{1,2}}),?\s+(?P<year>\d{{4}})(?:,?\s+{TIME}{ZONE})?",
    )
)
EPOCH = re.compile(r"\s*(\d{10})(\d{3})?\s*")


def when(text: str, *, seen: datetime) -> datetime | None:
    """The UTC instant that a feed's date means, None where it means none that can be true.

    A time without a zone is Istanbul's. A time said to be GMT that lies after `seen`, when we first saw the article,
    is taken for Istanbul's mislabelled; one that lies after `seen` even so is not believed (facts: yt_news 16.3).
    """
    at, universal = _read(text)
    if at is None:
        return None
    if at > seen + SLACK and universal:
        at -= MISLABELLED
    return at if OLDEST <= at <= seen + SLACK else None


def _read(text: str) -> tuple[datetime | None, bool]:
    """The instant as written, and whether its zone was said to be UTC."""
    try:
        if epoch := EPOCH.fullmatch(text):
            return datetime.fromtimestamp(int(epoch[1]), UTC), False
        for form in FORMS:
            if found := form.fullmatch(text[:80]):
                return _made({key: value for key, value in found.groupdict().items() if value})
    except (ValueError, OverflowError):
        pass
    return None, False


def _made(parts: dict[str, str]) -> tuple[datetime, bool]:
    month = int(parts["month"]) if "month" in parts else MONTHS.get(parts["name"].translate(LETTERS).lower()[:3], 0)
    year = int(parts["year"])
    if len(parts["year"]) == 2:
        year += 1900 if year > 68 else 2000
    hour, minute, second = (int(parts.get(name, 0)) for name in ("hour", "minute", "second"))
    zone = _zone(parts)
    local = datetime(year, month, int(parts["day"]), hour, minute, min(second, 59), tzinfo=zone or ISTANBUL)
    return local.astimezone(UTC), zone is not None and zone.utcoffset(None) == timedelta(0)


def _zone(parts: dict[str, str]) -> tzinfo | None:
    if "sign" in parts:
        offset = timedelta(hours=int(parts["off_h"]), minutes=int(parts.get("off_m", 0)))
        return timezone(-offset if parts["sign"] == "-" else offset)
    hours = NAMED.get(parts.get("zone", "").lower())
    return None if hours is None else timezone(timedelta(hours=hours))
