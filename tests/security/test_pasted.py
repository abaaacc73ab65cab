"""What is printed to be pasted into the settings: a text of somebody else's stays one text there."""

from __future__ import annotations

import contextlib
import io
import tomllib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collectors.news.discover import FeedState
from console.feed_check import show_entries

HOSTILE = 'Sabah"\nurl = "http://169.254.169.254/"\n[alarms]\ncommand = ["/bin/sh"]\n# \\'


def pasted(state: FeedState, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    show_entries([state])
    return tomllib.loads(capsys.readouterr().out.partition("\n")[2])


def test_a_feed_s_title_and_address_add_nothing_to_the_list(capsys: pytest.CaptureFixture[str]) -> None:
    found = pasted(FeedState(f"https://ornek.example/rss?{HOSTILE}", "ok", title=HOSTILE), capsys)
    assert found.keys() == {"feed"}
    [feed] = found["feed"]
    assert feed.keys() == {"name", "outlet", "url"} and feed["name"] == "ornek"
    assert feed["url"].startswith("https://ornek.example/")


@settings(max_examples=30, deadline=None)
@given(title=st.text(max_size=40), path=st.text(max_size=40))
def test_no_text_does(title: str, path: str) -> None:
    with contextlib.redirect_stdout(io.StringIO()) as out:
        show_entries([FeedState(f"https://ornek.example/{path}", "ok", title=title)])
    found = tomllib.loads(out.getvalue().partition("\n")[2])
    assert found.keys() == {"feed"} and len(found["feed"]) == 1 and found["feed"][0].keys() == {"name", "outlet", "url"}
