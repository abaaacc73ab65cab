"""Plan files: what is written is read exactly, and every mistake is told with its line, all of a file at once."""

from __future__ import annotations

import tomllib
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.plan import ByHand, Count, Growth, Level, News, Plan, Posts, Scoped, Series, Slots
from config.plan_file import MOST_BYTES, PlanError, check_plan, load_plan, parse_plan
from config.plan_reading import Mistake
from model import MecraError

GOOD = """\
institution = "Deneme Belediyesi"
code = "H1"
aim = "A1: Amaç"
target = "H1.1: Hedef"
unit = "Müdürlük"
years = [2025, 2026]
risks = ["bir", { printed = "ikı", corrected = "iki" }]
settled_days = 12
deviation = "2,5"

[headings]
2026 = "750"

[bands]
reached = 100
partly = 50

[[account]]
account = "x:deneme"
since = 2025-01-01
until = "2026-06-30"

[[indicator]]
code = "PG1"
printed = "Takipçi (adet)"
unit = "adet"
kind = "level"
weight = "%33,5"
formula = "(C-A)/(B-A)"
baseline = "11.617"
baseline_period = "2024-H1"
targets = { 2025 = "23.000", 2026 = 24000 }
rule = { measure = "level", fresh_days = 2 }

[[indicator]]
code = "PG2"
printed = "Bülten (adet)"
label = "Bülten"
unit = "adet"
kind = "flow"
weight = 26.5
baseline = "-"
targets = { 2025 = "52", 2026 = "—" }

[indicator.rule]
measure = "series"
series = "Bülten"
title = '(?i)bülten\\s+(?P<number>\\d+)'
accounts = ["x", "facebook:deneme"]
unique = "number"

[[indicator]]
code = "PG3"
printed = "Oran (%)"
unit = "%"
kind = "ratio"
weight = "20%"
baseline = "95,5%"
baseline_period = "2024"
cap = 120
by_hand = "instead"
[indicator.targets]
2025 = "%97"
2026 = "100 %"
[indicator.rule]
measure = "slots"
tolerance = "30min"
beside = ["15min", "1h"]

[[indicator]]
code = "PG4"
printed = "Etkileşim (adet)"
unit = "adet"
kind = "flow"
weight = 20
targets = { 2025 = "1.000.000", 2026 = "1\u00a0100\u00a0000" }
[indicator.rule]
measure = "growth"
leave_out = ["story"]
counts = [
  { platform = "x", metrics = ["likes", "shares"] },
  { platform = "youtube", source = "days", metrics = ["likes"] },
]
"""


def checked(directory: Path, text: str | bytes) -> tuple[Plan | None, list[Mistake]]:
    path = directory / "plan.toml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return check_plan(path)


def test_what_is_written_is_read(tmp_path: Path) -> None:
    plan, mistakes = checked(tmp_path, GOOD)
    assert mistakes == [] and plan is not None
    assert plan.institution == "Deneme Belediyesi" and plan.years == (2025, 2026) and plan.headings == {"2026": "750"}
    assert [line.text for line in plan.risks] == ["bir", "iki"] and plan.risks[1].printed == "ikı"
    assert plan.settled_days == 12 and plan.deviation == Fraction(5, 2) and plan.partners.text == ""
    assert plan.scope == (Scoped("x:deneme", date(2025, 1, 1), date(2026, 6, 30)),)
    first, second, third, fourth = plan.indicators
    assert first.weight == Fraction(67, 2) and first.weight_printed == "%33,5" and first.label == "Takipçi (adet)"
    assert first.baseline == 11617 and first.baseline_printed == "11.617" and first.formula == "(C-A)/(B-A)"
    assert first.targets == {2025: 23000, 2026: 24000} and first.targets_printed == {2025: "23.000", 2026: "24.000"}
    assert first.rule == Level("followers", 2)
    assert (
        second.weight == Fraction(53, 2) and second.baseline is None and second.targets == {2025: 52} and second.label == "Bülten"
    )
    assert second.rule == Series("Bülten", r"(?i)bülten\s+(?P<number>\d+)", ("x", "facebook:deneme"), "number")
    assert (
        third.baseline == Fraction(191, 2)
        and third.targets == {2025: 97, 2026: 100}
        and third.cap == 120
        and third.by_hand == "instead"
    )
    assert third.rule == Slots(timedelta(minutes=30), (timedelta(minutes=15), timedelta(hours=1)))
    assert fourth.targets[2026] == 1_100_000 and fourth.baseline_printed == "-"
    counts = (Count("x", ("likes", "shares")), Count("youtube", ("likes",), "days"))
    assert fourth.rule == Growth(counts, leave_out=("story",))


@pytest.mark.parametrize(
    ("rule", "read"),
    [
        ('{ measure = "news" }', News()),
        ('{ measure = "news", official = "agency" }', News("agency")),
        ('{ measure = "posts" }', Posts()),
        ('{ measure = "posts", official = "contents", within = "2d", leave_out = [], platforms = ["x"] }', Posts("contents", timedelta(days=2), (), ("x",))),
        ('{ measure = "by_hand" }', ByHand()),
        ('{ measure = "series", series = "Dergi" }', Series("Dergi")),
        ('{ measure = "growth", basis = "published", after_days = 3, counts = [{ platform = "x", metrics = ["views"] }] }', Growth((Count("x", ("views",)),), "published", 3)),
    ],
)  # fmt: skip
def test_every_rule(tmp_path: Path, rule: str, read: object) -> None:
    start, end = GOOD.index("[indicator.rule]"), GOOD.index("[[indicator]]", GOOD.index("PG2"))
    plan, mistakes = checked(tmp_path, f"{GOOD[:start]}rule = {rule}\n{GOOD[end:]}")
    assert mistakes == [] and plan is not None and plan.indicators[1].rule == read


def test_a_plan_comes_back_from_its_stored_text(tmp_path: Path) -> None:
    for text in (GOOD, "\ufeff" + GOOD, GOOD.replace("\n", "\r\n")):
        plan, _mistakes = checked(tmp_path, text)
        assert plan is not None and plan.body == text
        assert parse_plan(plan.body, "stored") == plan


# What is changed, into what, in the line of which text it is told, and what is said of which key.
BAD: tuple[tuple[str, str, str, str, str], ...] = (
    ('code = "H1"', 'coed = "H1"', "coed =", "coed", "means nothing here -> did you mean code?"),
    ('code = "H1"', "", "institution", "code", "is missing -> add code"),
    ('institution = "Deneme Belediyesi"', "institution = 5", "institution", "institution", "5 is of the wrong kind"),
    ('aim = "A1: Amaç"', 'aim = " "', "aim", "aim", "empty"),
    ('unit = "Müdürlük"', 'unit = ["Müdürlük"]', "unit", "unit", "wrong kind"),
    ("years = [2025, 2026]", "", "institution", "years", "missing"),
    ("years = [2025, 2026]", "years = [2025,\n2026, 20266]", "20266", "years[3]", "no year"),
    ("years = [2025, 2026]", "years = [2025, 2026,\n2026]", "\n2026]", "years[3]", "twice"),
    ("years = [2025, 2026]", "years = [2025, 2026, 2027]", 'targets = { 2025 = "23', "PG1 targets.2027", "target of 2027 is missing"),
    ('risks = ["bir"', "risks = [7", "risks", "risks[1]", "wrong kind"),
    ('corrected = "iki"', 'corected = "iki"', "corected", "risks[2].corected", "did you mean corrected"),
    ("settled_days = 12", "settled_days = 12.5", "settled_days", "settled_days", "no whole number"),
    ("settled_days = 12", "settled_days = -1", "settled_days", "settled_days", "out of range"),
    ('deviation = "2,5"', 'deviation = "2.5"', "deviation", "deviation", "a comma begins the decimals"),
    ('2026 = "750"', '2031 = "750"', '2031 = "750"', "headings.2031", "no year of the plan"),
    ("partly = 50", "partly = 150", "partly", "bands.partly", "more than reached"),
    ("[bands]", "[band]", "[band]", "band", "did you mean bands"),
    ('account = "x:deneme"', 'account = "deneme"', 'account = "deneme"', "account[1].account", "no account"),
    ('account = "x:deneme"', 'account = "tiktok:deneme"', "tiktok", "account[1].account", "no account"),
    ("since = 2025-01-01", 'since = "01.01.2025"', "01.01", "account[1].since", "no day"),
    ("since = 2025-01-01", "since = 2027-01-01", "until =", "account[1].until", "ends before it begins"),
    ("[[indicator]]\ncode = \"PG1\"", '[[account]]\naccount = "x:deneme"\n\n[[indicator]]\ncode = "PG1"', 'account = "x:deneme"\n\n', "account[2].account", "twice"),
    ('code = "PG2"', 'code = "PG1"', 'code = "PG1"\nprinted = "Bülten', "PG1 code", "twice: also in line 24"),
    ('code = "PG2"', "", '[[indicator]]\n\nprinted = "Bülten', "indicator[2] code", "missing"),
    ('kind = "level"', 'kind = "levels"', "levels", "PG1 kind", "did you mean level?"),
    ('kind = "level"', 'kind = "flow"', 'kind = "flow"', "PG1 kind", 'level measures no flow -> write kind = "level"'),
    ('weight = "%33,5"', 'weight = "%33,4"', "weight = 20", "PG4 weight", "add up to 99.9"),
    ('weight = "%33,5"', 'weight = "çok"', "çok", "PG1 weight", "is no number"),
    ('weight = "%33,5"', "weight = 0", "weight = 0", "PG1 weight", "out of range"),
    ('weight = "%33,5"', 'weight = "-"', 'weight = "-"', "PG1 weight", "missing"),
    ('formula = "(C-A)/(B-A)"', 'formula = "C-A/B"', "C-A/B", "PG1 formula", "not known"),
    ('baseline = "11.617"', 'baseline = "-"', "formula =", "PG1 formula", "needs a baseline"),
    ('baseline = "11.617"', "baseline = 11.617", "baseline = 11.617", "PG1 baseline", 'write it in quotes, as it is printed: "11.617"'),
    ('baseline = "11.617"', "baseline = 11.617.000", "baseline = 11.617.000", "-", "the line goes on after its value"),
    ('baseline = "11.617"', 'baseline = "11,617,000"', "11,617,000", "PG1 baseline", "write 1.234.567"),
    ('baseline = "11.617"', "baseline = true", "baseline = true", "PG1 baseline", "no number"),
    ('baseline_period = "2024-H1"', 'baseline_period = "2024 ilk yarı"', "ilk yarı", "PG1 baseline_period", "write 2024-H1"),
    ('baseline_period = "2024-H1"', "", '[[indicator]]\ncode = "PG1', "PG1 baseline_period", "missing"),
    ("2026 = 24000", 'x = "24.000"', "23.000", "PG1 targets.x", "no year of the plan"),
    ("2026 = 24000", "2026 = 24000, 750 = 5", "23.000", "PG1 targets.750", "no year of the plan"),
    (', 2026 = "—"', "", "2025 = \"52\"", "PG2 targets.2026", "missing"),
    ('2025 = "52"', '2025 = "0"', "2025 = \"0\"", "PG2 targets.2025", "0 can't be divided by"),
    ('2025 = "%97"', '2025 = "%970"', "%970", "PG3 targets.2025", "out of range -> write a number: from 0 to 100"),
    ('2025 = "%97"', '2025 = "%97"\n2025 = "%98"', '2025 = "%98"', "-", "twice"),
    ('baseline = "95,5%"', 'baseline = "955%"', "955%", "PG3 baseline", "out of range"),
    ("cap = 120", "cap = 0", "cap = 0", "PG3 cap", "out of range"),
    ('by_hand = "instead"', 'by_hand = "insted"', "insted", "PG3 by_hand", "did you mean instead"),
    ('rule = { measure = "level", fresh_days = 2 }', "", '[[indicator]]\ncode = "PG1', "PG1 rule", "missing"),
    ('rule = { measure = "level", fresh_days = 2 }', 'rule = "level"', 'rule = "level"', "PG1 rule", "wrong kind"),
    ('measure = "level", fresh_days', "fresh_days", "rule = { fresh", "PG1 rule.measure", "missing"),
    ('measure = "level", fresh_days', 'measure = "levels", fresh_days', "levels", "PG1 rule.measure", "did you mean level"),
    ('measure = "level", fresh_days', 'measure = "level", metric = "fallowers", fresh_days', "fallowers", "PG1 rule.metric", "did you mean followers"),
    ("fresh_days = 2", "fresh = 2", "fresh = 2", "PG1 rule.fresh", "did you mean fresh_days"),
    ('series = "Bülten"', "", "[indicator.rule]\nmeasure = \"series", "PG2 rule.series", "missing"),
    ("title = '(?i)", "title = '(?i", "title =", "PG2 rule.title", "the pattern can't be used"),
    ("title = '(?i)bülten\\s+(?P<number>\\d+)'", 'title = "bülten\\s"', 'title = "b', "-", "a backslash in double quotes -> put the text in 'single quotes'"),
    ("title = '(?i)bülten\\s+(?P<number>\\d+)'", "title = '(?P<number>\\d*)'", "title =", "PG2 rule.title", "fits every post"),
    ("(?P<number>\\d+)", "\\d+", "title =", "PG2 rule.title", "no issue number"),
    ("title = '(?i)bülten\\s+(?P<number>\\d+)'", "", "[indicator.rule]\nmeasure = \"series", "PG2 rule.title", "missing"),
    ('accounts = ["x", "facebook:deneme"]', 'accounts = ["x",\n"facebok:deneme"]', "facebok", "PG2 rule.accounts[2]", "neither an account nor a platform"),
    ('unique = "number"', 'unique = "month"', "month", "PG2 rule.unique", "write one of: number, week"),
    ('tolerance = "30min"', 'tolerance = "30"', "tolerance", "PG3 rule.tolerance", "no span of time"),
    ('tolerance = "30min"', 'tolerance = "0min"', "tolerance", "PG3 rule.tolerance", "no span of time"),
    ('tolerance = "30min"', "tolerance = 30", "tolerance", "PG3 rule.tolerance", "wrong kind"),
    ('tolerance = "30min"', 'tolerance = "99999999d"', "tolerance", "PG3 rule.tolerance", "no span of time"),
    ('"15min", "1h"', '"15min",\n"1 saat"', "1 saat", "PG3 rule.beside[2]", "no span of time"),
    ('leave_out = ["story"]', 'leave_out = ["storys"]', "storys", "PG4 rule.leave_out[1]", "did you mean story"),
    ('platform = "x"', 'platform = "twitter"', "twitter", "PG4 rule.counts[1].platform", "write one of: x, facebook"),
    ('platform = "youtube"', 'platform = "x"', 'platform = "x", source = "days"', "PG4 rule.counts[2].platform", "twice"),
    ('source = "days"', 'source = "day"', 'source = "day"', "PG4 rule.counts[2].source", "did you mean days"),
    ('platform = "x", metrics', 'platform = "x", source = "days", metrics', 'platform = "x"', "PG4 rule.counts[1].metrics[1]", "no series per day"),
    ('["likes", "shares"]', '["likes",\n"share"]', '"share"]', "PG4 rule.counts[1].metrics[2]", "did you mean shares"),
    ('["likes", "shares"]', '["likes", "likes"]', '"likes", "likes"', "PG4 rule.counts[1].metrics[2]", "twice"),
    ('["likes", "shares"]', "[]", "[] }", "PG4 rule.counts[1].metrics", "missing"),
    ("counts = [\n", "sums = [\n", "[indicator.rule]\nmeasure = \"growth", "PG4 rule.counts", "missing"),
    ("[[indicator]]\ncode = \"PG1\"", "[indicator]\ncode = \"PG1\"", "[[indicator]]\ncode = \"PG2\"", "-", "twice"),
    ('institution = "Deneme Belediyesi"', 'institution = "Deneme', 'institution = "D', "-", ""),
    ("Müdürlük\"", "Müdürlük", "unit", "-", "line break inside quotes"),
    ("years = [2025, 2026]", "years = [2025, 2026", "years", "-", "a list has no end"),
    ('code = "H1"', "code", "code\n", "-", "a key without ="),
    ('code = "H1"', "code = H1", "code = H1", "-", "put text and printed figures in quotes"),
    ('weight = "20%"', "weight = 20%", "weight = 20%", "-", "put text and printed figures in quotes"),
    ('weight = "20%"', "weight = %20", "weight = %20", "-", "put text and printed figures in quotes"),
    ("[bands]", "[bands]\n[bands]", "[bands]\nreached", "-", "twice"),
    ("[bands]", "[bands", "[bands\n", "-", "write [name]"),
)  # fmt: skip


@pytest.mark.parametrize(("old", "new", "at", "key", "said"), BAD, ids=[f"{n}-{case[3]}" for n, case in enumerate(BAD)])
def test_a_mistake_is_told_with_its_line(tmp_path: Path, old: str, new: str, at: str, key: str, said: str) -> None:
    assert old in GOOD
    text = GOOD.replace(old, new, 1)
    plan, mistakes = checked(tmp_path, text)
    assert plan is None
    told = [f"{mistake.what} -> {mistake.cure}" for mistake in mistakes if mistake.key == key]
    assert any(said in one for one in told), mistakes
    line = next(mistake.line for mistake in mistakes if mistake.key == key and said in f"{mistake.what} -> {mistake.cure}")
    assert line == text.count("\n", 0, text.index(at)) + 1 + at.startswith("\n"), mistakes
    assert all(mistake.what and mistake.cure and "{" not in mistake.what for mistake in mistakes)


@pytest.mark.parametrize(("old", "new", "key"), [
    ('"11.617"', '"11,617"', "PG1 baseline"), ('"23.000"', '"23,000"', "PG1 targets.2025"), ('2025 = "52"', '2025 = "1,000"', "PG2 targets.2025"),
])  # fmt: skip
def test_thousands_with_commas_are_never_taken_for_decimals(tmp_path: Path, old: str, new: str, key: str) -> None:
    plan, mistakes = checked(tmp_path, GOOD.replace(old, new, 1))
    assert plan is None and [mistake.key for mistake in mistakes] == [key]
    assert "could be thousands or decimals" in mistakes[0].what


def test_all_mistakes_at_once_by_line(tmp_path: Path) -> None:
    text = GOOD
    for old, new in (
        ('"A1: Amaç"', "5"),
        ('kind = "level"', 'kind = "x"'),
        ('"23.000"', '"23.00"'),
        ('unique = "number"', 'unique = "x"'),
    ):
        text = text.replace(old, new, 1)
    plan, mistakes = checked(tmp_path, text)
    assert plan is None
    assert [mistake.key for mistake in mistakes] == ["aim", "PG1 kind", "PG1 targets.2025", "PG2 rule.unique"]
    with pytest.raises(PlanError, match=r"plan\.toml:3: aim: 5 is of the wrong kind -> .* \(and 3 more: `mecra plan check") as told:
        load_plan(tmp_path / "plan.toml")
    assert isinstance(told.value, MecraError) and told.value.mistakes == mistakes


@pytest.mark.parametrize(
    ("body", "line", "said"),
    [
        (GOOD.encode("cp1254"), 3, "not UTF-8"),
        (GOOD.encode("utf-16"), 1, "not UTF-8"),
        (b"\x00" * 10, 1, ""),
        (b"#" * (MOST_BYTES + 1), 1, "larger than 1 MB"),
        (b"", 1, "missing"),
        (b"a = " + b"[" * 50_000, 1, ""),
        (b"a = " + b"1" * 5_000, 1, ""),
        (b"settled_days = 1e999999999999999999999", 1, ""),
        (b"settled_days = nan", 1, "no number"),
        (b"deviation = inf", 1, "no number"),
        (b"indicator = 5", 1, "wrong kind"),
        (b"indicator = [5]", 1, "wrong kind"),
        (b"account = { account = 'x:a' }", 1, "wrong kind"),
        (b"headings = 3", 1, "wrong kind"),
    ],
    ids=range(14),
)
def test_what_is_no_plan_at_all(tmp_path: Path, body: bytes, line: int, said: str) -> None:
    plan, mistakes = checked(tmp_path, body)
    assert plan is None
    assert any(said in mistake.what and mistake.line == line for mistake in mistakes), mistakes


def test_files_that_can_not_be_read(tmp_path: Path) -> None:
    for path in (tmp_path / "none.toml", tmp_path, tmp_path / "a\0b"):
        plan, mistakes = check_plan(path)
        assert plan is None and len(mistakes) == 1


def test_an_operators_own_metric_may_be_counted(tmp_path: Path) -> None:
    """The tables are looked for beside the plan; what is stored is read whatever is a metric today."""
    text = GOOD.replace('["likes", "shares"]', '["applause"]')
    assert checked(tmp_path, text)[0] is None and parse_plan(text, "stored").code == "H1"
    (tmp_path / "later" / "metrics").mkdir(parents=True)
    own = '[[metric]]\nname = "n"\nours = "applause"\nstream = "posts"\n'
    (tmp_path / "later" / "metrics" / "x.toml").write_text(own, encoding="utf-8")
    assert checked(tmp_path / "later", text)[1] == []


LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-5, 3000)
    | st.sampled_from(["", "x", "-", "%5", "2025", "level", "PG1", "1h", "x:a", "a = '"])
)


@given(
    st.sampled_from([n for n, line in enumerate(GOOD.splitlines()) if "=" in line]),
    st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=3)),
)
def test_no_value_anywhere_crashes_the_check(tmp_path_factory: pytest.TempPathFactory, number: int, value: Any) -> None:
    lines = GOOD.splitlines()
    lines[number] = f"{lines[number].partition('=')[0]}= {toml(value)}"
    plan, mistakes = checked(tmp_path_factory.mktemp("plan"), "\n".join(lines))
    assert (plan is None) == bool(mistakes)
    assert all(1 <= mistake.line <= len(lines) and mistake.what and mistake.cure for mistake in mistakes)


def toml(value: Any) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    return "1.5" if value is None else str(value) if isinstance(value, int) else f'"{value}"'


@given(st.text(max_size=200) | st.binary(max_size=200))
def test_no_file_crashes_the_check(tmp_path_factory: pytest.TempPathFactory, body: str | bytes) -> None:
    plan, mistakes = checked(tmp_path_factory.mktemp("plan"), body.encode(errors="ignore") if isinstance(body, str) else body)
    assert plan is None and mistakes


def test_the_good_plan_is_toml() -> None:
    assert tomllib.loads(GOOD, parse_float=Decimal)["code"] == "H1"
