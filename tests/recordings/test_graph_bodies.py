"""Odd bodies of the Graph API, from every version since 1.0, read as each of our answers."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from collectors.base import Malformed
from model import Account, Exchange
from tests.collectors.graph_walks import collector

RECORDINGS = os.environ.get("MECRA_RECORDINGS")
pytestmark = pytest.mark.skipif(not RECORDINGS, reason="MECRA_RECORDINGS is not set: the recorded answers are not here")
NOW = datetime(2026, 4, 10, 9, tzinfo=UTC)


def test_odd_bodies_are_records_or_malformed_and_never_a_crash() -> None:
    files = sorted(Path(RECORDINGS or "", "graph", "bodies_restfb").rglob("*.json"))
    assert len(files) > 50
    asks = {
        "facebook": ("9?fields=followers_count", "9/published_posts?fields=shares,insights.metric(post_clicks)", "9/video_reels?fields=id,video_insights.metric(post_video_social_actions)",
                     "9/insights?metric=page_follows&period=day", "9_9/insights?metric=post_clicks"),
        "instagram": ("9?fields=followers_count", "9/media?fields=like_count,insights.metric(views)", "9/stories", "9/insights?metric=reach&period=day",
                      "9/insights?metric=views&period=day&metric_type=total_value"),
    }  # fmt: skip
    for platform, paths in asks.items():
        reader = collector("http://127.0.0.1:9", platform)
        account = Account(f"{platform}:9", platform, "9", "9")
        for file in files:
            raw = json.loads(file.read_text(encoding="utf-8"))["body"].encode()
            for path in paths:
                try:
                    records = reader.read(
                        account, Exchange(NOW, "GET", f"https://graph.facebook.com/v26.0/{path}", 200, raw, len(raw))
                    )
                except Malformed:
                    continue
                assert all(isinstance(r.value, int) and not isinstance(r.value, bool) for r in records.readings), file
