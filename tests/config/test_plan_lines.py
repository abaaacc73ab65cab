"""The line of every key of any TOML text, and no crash on what is none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.plan_lines import Lines, Place

TEXT = '''\
# a plan
code = "H1"  # = "H2"
"quoted key".'x' = 1
many = [
  "a, ]", # [b]
  { printed = """two
lines ] = """, "corrected" = 'c' },
  [1, 2,
   3],
]

[headings]
2026 = "750"

[[indicator]]
code = "A"
rule.title = \'\'\'(?i)"x
# not a comment\'\'\'
[indicator.targets]
2025 = 5
[[indicator]]
[[indicator.rule.counts]]
platform = "x"
[[indicator.rule.counts]]
metrics = ["views",
"likes"]
'''


@pytest.mark.parametrize(
    ("place", "line"),
    [
        (("code",), 2), (("quoted key", "x"), 3), (("quoted key",), 3), (("many",), 4), (("many", 0), 5), (("many", 1), 6),
        (("many", 1, "printed"), 6), (("many", 1, "corrected"), 7), (("many", 2), 8), (("many", 2, 2), 9), (("headings",), 12),
        (("headings", "2026"), 13), (("indicator", 0), 15), (("indicator", 0, "code"), 16), (("indicator", 0, "rule", "title"), 17),
        (("indicator", 0, "targets"), 19), (("indicator", 0, "targets", "2025"), 20), (("indicator", 1), 21),
        (("indicator", 1, "rule", "counts", 0, "platform"), 23), (("indicator", 1, "rule", "counts", 1), 24),
        (("indicator", 1, "rule", "counts", 1, "metrics", 1), 26), (("indicator", 1, "weight"), 21), (("nothing",), 1), ((), 1),
    ],
)  # fmt: skip
def test_every_key_has_its_line(place: Place, line: int) -> None:
    assert Lines(TEXT).of(place) == line
    assert Lines("\ufeff" + TEXT.replace("\n", "\r\n")).of(place) == line


def test_the_last_statement_of_what_is_no_toml() -> None:
    assert Lines('a = 1\n\nb = "x\nc = 2\n').last == 3
    assert Lines("a = [1,\n2\n").last == 1
    assert Lines("[" * 100_000).last == 1


@given(st.text() | st.text("[]{}=\"'#\n,ab.\\ ", max_size=40))
def test_any_text_has_lines(text: str) -> None:
    lines = Lines(text)
    assert 1 <= lines.of(("a", 0, "b")) <= text.count("\n") + 1 and 1 <= lines.last <= text.count("\n") + 1
