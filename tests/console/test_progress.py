"""What is seen while a collection runs, on a terminal and elsewhere."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from console.progress import Progress, shown
from console.tables import show_notes, show_table
from model import Account, Walk
from scheduler import Run

AT = datetime(2026, 11, 23, tzinfo=UTC)
X = Account("x:ornek", "x", "ornek")
WALK = Walk(1, "x:ornek", "posts", AT, AT, "manual", pages=3, rows=1200, outcome="done", finished_at=AT)
FAILED = replace(
    WALK, stream="daily", outcome="refused", error="x:ornek: GET /2: no [token] -> run `mecra auth x`", finished_at=None
)


def told(progress: Progress) -> None:
    progress.begin(X)
    progress.page(X, "posts", WALK)
    progress.done(X, [Run(X, "posts", WALK), Run(X, "daily", FAILED), Run(X, "private", skipped="needs access_token")])


def test_without_a_terminal_an_account_is_one_line_and_each_failure_another(capsys: pytest.CaptureFixture[str]) -> None:
    with shown(1) as progress:
        told(progress)
    assert capsys.readouterr().err.splitlines() == [
        "✗ x:ornek · streams 2 · pages 6 · new rows 2,400",
        "    daily: GET /2: no [token] -> run `mecra auth x`",
        "    private: needs access_token",
    ]


def test_on_a_terminal_there_is_a_bar_too(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    screen = Terminal()
    monkeypatch.setattr("sys.stderr", screen)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "120")
    with shown(1) as progress:
        told(progress)
    assert "━" in screen.getvalue() and "no [token]" in screen.getvalue()


def test_tables_line_up_and_cut_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    show_table(("hesap", "satır"), [("x:ornek", "7"), ("youtube:çok uzun bir ad" * 9, "22.465.660")], numbers=(1,))
    head, rule, first, second, empty = capsys.readouterr().out.split("\n")[:5]
    assert len(rule) == len(first) == len(second) and second.endswith("  22.465.660") and empty == ""
    assert head.endswith("satır")
    show_table(("title",), [["\x1b[2Jtwo\nlines"]])
    assert capsys.readouterr().out.split("\n")[2] == " [2Jtwo lines"
    show_table(("nothing",), [])
    assert capsys.readouterr().out == ""


def test_notes_end_where_the_screen_does(capsys: pytest.CaptureFixture[str]) -> None:
    show_notes([f"note {n}" for n in range(40)])
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 13 and lines[-1].startswith("... and 28 more")
