"""Reasons as collecting stores them, in the reader's language."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from collectors.news.matching import Rule
from collectors.news.search import article_of
from config import RULE
from indicators.news_reasons import reason_said
from words import speaking


@pytest.mark.parametrize(
    ("stored", "said"),
    [
        ("", ""),
        ("stadyum adı", "stadyum adı"),
        ("dated 1200 days before it was first seen", "ilk görüldüğü günden 1.200 gün önceki tarihi taşıyor"),
        (
            "only the place is named; dated 5 days before it was first seen",
            "yalnızca ilçenin adı geçiyor; ilk görüldüğü günden 5 gün önceki tarihi taşıyor",
        ),
    ],
)
def test_a_stored_reason(stored: str, said: str) -> None:
    assert reason_said(stored) == stored.replace("1200", "1,200")
    with speaking("tr"):
        assert reason_said(stored) == said


def test_what_the_rule_itself_says() -> None:
    rule = Rule.of(RULE)
    at = datetime(2026, 6, 1, tzinfo=UTC)
    found = [
        article_of(rule, "q", key="k", outlet="o", url="u", title=t, at=at, raw="", via="gdelt")
        for t in ("Ümraniye’de kaza", "Kaza")
    ]
    with speaking("tr"):
        assert [reason_said(one.reason) for one in found] == [
            "yalnızca ilçenin adı geçiyor",
            "metnindeki sözcüklerle bulundu; başlıkta geçmiyor",
        ]
