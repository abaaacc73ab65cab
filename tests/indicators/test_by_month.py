"""Month by month: the months of counters and days add up to the period, and a level stands at its month's end."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import pytest

from config.plan import Count, Growth, Level
from indicators import measure
from indicators.by_month import growth_by_month, level_by_month
from model import Post, Reading
from tests.indicators.standing import Archive, asked, indicator, store

BEGIN = datetime(2025, 12, 31, 21, tzinfo=UTC)
WEEKS = [BEGIN + timedelta(weeks=n, hours=3) for n in range(27)]
RULE = Growth((Count("x", ("views", "likes")), Count("youtube", ("views",), "days")))


@pytest.mark.parametrize("basis", ["growth", "published"])
def test_months_add_up_to_the_period(tmp_path: Path, basis: str) -> None:
    storage = store(tmp_path, "x:a", "x:b", "youtube:c")
    archive = Archive(storage)
    for n, at in enumerate(WEEKS):
        for key in ("x:a", "x:b"):
            posts = [Post(f"p{m}", "post", WEEKS[m] - timedelta(hours=2)) for m in range(0, n + 1, 3)]
            readings = [Reading(m, 7 * n + i * n % 5, p.post) for p in posts for i, m in enumerate(("views", "likes"))]
            archive.told(key, at, stream="posts", since=BEGIN - timedelta(days=30), posts=posts, readings=readings)
        days = [Reading("views", 10 + n + d, day=(at - timedelta(days=d)).date()) for d in range(1, 8)]
        archive.told("youtube:c", at, stream="daily", readings=days)
    rule = replace(RULE, basis=basis)
    found = asked(storage, indicator(rule), "2026-H1")
    months = growth_by_month(found, rule)
    measured = measure(found)
    assert set(months["x"]) == {f"2026-0{n}" for n in range(1, 7)}
    assert sum(value or 0 for own in months.values() for value in own.values()) == measured.value
    by_platform = {platform: Fraction(sum(value or 0 for value in own.values())) for platform, own in months.items()}
    assert by_platform == {name: sum(values.values()) for name, values in measured.beside["by_platform"].items()} | (
        {} if basis == "growth" or "youtube" in measured.beside["by_platform"] else {"youtube": 0}
    )


def test_a_level_stands_at_each_months_end_and_what_was_never_read_is_unknown(tmp_path: Path) -> None:
    storage = store(tmp_path, "x:a", "x:b", "facebook:c")
    archive = Archive(storage)
    for n, at in enumerate(WEEKS):
        archive.told("x:a", at, readings=[Reading("followers", 1000 + n)])
        if n > 6:
            archive.told("x:b", at, readings=[Reading("followers", 500)])
    rule = Level()
    months = level_by_month(asked(storage, indicator(rule, kind="level"), "2026-H1", at=datetime(2026, 4, 10, tzinfo=UTC)), rule)
    seen = {month: max(n for n, at in enumerate(WEEKS) if at.date() <= day) for month, day in (("2026-03", date(2026, 3, 31)),)}
    assert months["x"]["2026-01"] is None, "one of its accounts was not read by then"
    assert months["x"]["2026-03"] == 1500 + seen["2026-03"]
    assert list(months["x"]) == ["2026-01", "2026-02", "2026-03", "2026-04"], "the running month too, and none after it"
    assert set(months["facebook"].values()) == {None}
