"""Settings: what is written holds, what is misspelt is named with its cure, and nothing that is written can crash."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config import EXAMPLE, FEEDS, PLANS, ConfigError, Settings, find, load, span
from config.checks import BUCKETS, KINDS, OPTIONS
from config.metrics import table
from config.plan_file import load_plan
from model import MecraError, Rung

ROOT = Path(__file__).parent.parent
NEWSLESS = "[news]\nfeeds = false\ngdelt.enabled = false\n"


def written(directory: Path, text: str | bytes, environ: dict[str, str] | None = None) -> Settings:
    path = directory / "mecra.toml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return load(path, environ or {})


def test_the_example_is_settings(tmp_path: Path) -> None:
    for name in ("news.toml", "feeds.toml"):
        (tmp_path / name).write_bytes((EXAMPLE.parent / name).read_bytes())
    found = written(tmp_path, EXAMPLE.read_bytes())
    assert found.zone.key == "Europe/Istanbul" and found.language == "tr" and found.institution == "Ümraniye Belediyesi"
    assert found.budgets == {"x": {"cost_per_month": 25_000_000}, "youtube.data": {"cost_per_day": 9000}}
    assert sum(a.platform == "feed" for a in found.accounts) > 5


def test_everything_that_the_example_shows_may_be_written(tmp_path: Path) -> None:
    """Each line that is switched off, switched on."""
    text = re.sub(r"(?m)^# (?=[a-z_]+ = |\[)", "", EXAMPLE.read_text(encoding="utf-8"))
    for name in ("news.toml", "feeds.toml"):
        (tmp_path / name).write_bytes((EXAMPLE.parent / name).read_bytes())
    found = written(tmp_path, text)
    assert found.ladders["x", "posts"][0] == Rung(timedelta(hours=1), timedelta(days=1))
    assert found.data == tmp_path / "data" and found.since == date(2026, 1, 1)
    assert found.http == {"connect_seconds": 5, "read_seconds": 30, "total_seconds": 120}


def test_what_a_collector_asks_its_settings_for_is_a_setting() -> None:
    own = {"rule", "feeds", "allow_hosts", "contact", "institution", "fake"}
    asked = set()
    for path in (ROOT / "collectors").rglob("*.py"):
        asked |= set(re.findall(r'settings\.get\("(\w+)"', path.read_text(encoding="utf-8")))
    assert asked - own <= {name for names in OPTIONS.values() for name in names}
    assert {name for names in OPTIONS.values() for name in names} == set(KINDS)


def test_where_settings_are_looked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data").mkdir()
    assert find({}, "named.toml") == Path("named.toml")
    assert find({"MECRA_CONFIG": "env.toml"}) == Path("env.toml") and find({"MECRA_CONFIG": "env.toml"}, "named.toml") == Path(
        "named.toml"
    )
    assert find({"MECRA_DATA": "data"}) == Path("mecra.toml"), "where nothing is, the first place is named"
    (tmp_path / "data" / "mecra.toml").touch()
    assert find({"MECRA_DATA": "data"}) == Path("data/mecra.toml")
    (tmp_path / "mecra.toml").touch()
    assert find({"MECRA_DATA": "data"}) == Path("mecra.toml")


def test_where_the_data_is(tmp_path: Path) -> None:
    assert written(tmp_path, NEWSLESS).database == tmp_path / "mecra.db"
    assert written(tmp_path, 'data = "d"\n' + NEWSLESS).data == tmp_path / "d"
    assert written(tmp_path, f'data = "{tmp_path}/e"\n' + NEWSLESS).data == tmp_path / "e"
    assert written(tmp_path, 'data = "d"\n' + NEWSLESS, {"MECRA_DATA": str(tmp_path / "f")}).data == tmp_path / "f"


def test_an_account_s_key_stays_when_an_at_is_added(tmp_path: Path) -> None:
    text = '[[accounts]]\nplatform = "youtube"\nhandle = "@kanal"\nid = "UC1"\nsince = 2026-01-01\n' + NEWSLESS
    [account, agency] = written(tmp_path, text).accounts
    assert (account.account, account.handle, account.remote_id, account.since) == (
        "youtube:kanal",
        "@kanal",
        "UC1",
        date(2026, 1, 1),
    )
    assert agency.account == "agency:import"


def test_the_exact_number_of_subscribers_is_set_with_its_day(tmp_path: Path) -> None:
    text = '[[accounts]]\nplatform = "youtube"\nhandle = "@kanal"\noptions = { subscriber_base = 48300, subscriber_base_on = 2026-01-01 }\n'
    account = written(tmp_path, text + NEWSLESS).accounts[0]
    assert account.options == {"subscriber_base": 48_300, "subscriber_base_on": date(2026, 1, 1)}


WRONG = {
    "langauge = 'tr'": "langauge is not a setting",
    "language = 5": "language = 5; write text",
    "data = 5": "data = 5",
    "since = 'yesterday'": "since = 'yesterday' is no day; write 2025-01-01",
    "since = '2026-01-01 garbage'": "is no day",
    "institution = 'x'": r"institution must be a table \(\[institution\]\)",
    "[institution]\nnam = 'x'": "institution.nam is not a setting",
    "[institution]\nname = 5": "institution.name = 5",
    "[institution]\nzone = 'Europe/Ankara'": "'Europe/Ankara' is no time zone; write e.g. Europe/Istanbul",
    "[institution]\nzone = '../../etc/passwd'": "is no time zone",
    "[institution]\nzone = ''": "is no time zone",
    "accounts = 5": "accounts = 5; write a list",
    "accounts = ['x']": "accounts must be a table",
    "[[accounts]]\nplatform = 'myspace'\nhandle = 'x'": "an account needs platform .x, facebook, instagram, youtube, page; by import only: tiktok.*. and handle",
    "[[accounts]]\nplatform = 'x'": "needs platform",
    "[[accounts]]\nplatform = 'x'\nhandle = '@'": "'@' is no handle",
    "[[accounts]]\nplatform = 'x'\nhandle = 'a'\ntoken = 's3cret'": "accounts.token is not a setting",
    "[[accounts]]\nplatform = 'x'\nhandle = 'a'\noptions = 5": "options = 5",
    "[[accounts]]\nplatform = 'x'\nhandle = 'a'\noptions = {subscriber_base = 5}": "options.subscriber_base is not a setting; there are none",
    "[[accounts]]\nplatform = 'youtube'\nhandle = 'a'\noptions = {subscribers = 5}": "there are subscriber_base, subscriber_base_on",
    "[[accounts]]\nplatform = 'youtube'\nhandle = 'a'\noptions = {subscriber_base = '48.300'}": "subscriber_base = '48.300'; write a whole number",
    "[[accounts]]\nplatform = 'youtube'\nhandle = 'a'\noptions = {subscriber_base = 5}": "write { subscriber_base = 48300, subscriber_base_on = 2026-01-01 }",
    "[[accounts]]\nplatform = 'youtube'\nhandle = 'a'\noptions = {subscriber_base = 5, subscriber_base_on = '1.1.2026'}": "write a day like 2026-01-31",
    "[[accounts]]\nplatform = 'youtube'\nhandle = 'a'\noptions = {subscriber_base = -5, subscriber_base_on = 2026-01-01}": "write { subscriber_base",
    "[[accounts]]\nplatform = 'youtube'\nhandle = 'a'\noptions = {subscriber_base = 5, subscriber_base_on = 2026-01-01T10:00:00}": "write { subscriber_base",
    "[[accounts]]\nplatform = 'x'\nhandle = 'a'\n[[accounts]]\nplatform = 'x'\nhandle = '@a'": "account x:a stands there twice",
    "[[accounts]]\nplatform = 'x'\nhandle = 'a'\nuntil = 'never'": "accounts a until = 'never' is no day",
    "[platforms.twitter]": "platforms.twitter is not a setting",
    "[platforms.x]\ntoken = 's3cret'": "platforms.x.token is not a setting",
    "[platforms]\nx = 5": "platforms.x must be a table",
    "[platforms.x]\ncap_day = 'first'": "platforms.x.cap_day = 'first'; write a whole number",
    "[platforms.x]\ncap_day = true": "cap_day = True; write a whole number",
    "[platforms.x]\nowned_reads = 1": "owned_reads = 1; write true or false",
    "[platforms.x]\nladder = 5": "ladder = 5; write a table",
    "[platforms.x.ladder]\nposts = 5": r'ladder\.posts: .*write \[\["1h", "1d"\]',
    "[platforms.x.ladder]\nposts = []": "a ladder needs a rung",
    "[platforms.x.ladder]\nposts = [['0h', '1d']]": "each rung some time",
    "[platforms.x.ladder]\nposts = [['1h']]": r"ladder\.posts",
    "[platforms.x.ladder]\nposts = [[1, 2]]": r"ladder\.posts",
    "[platforms.x.ladder]\nposts = [['1w', '1d']]": "'1w' is no span of time",
    "[platforms.x.ladder]\nposts = [['99999999999d', '1d']]": r"ladder\.posts",
    "budgets = 5": "budgets = 5",
    "[budgets]\nx = 5": "budgets.x = 5; write a table",
    "[budgets.twitter]\nusd_per_month = 5": r'budgets\."twitter" limits nothing',
    "[budgets.youtube]\nunits_per_day = 5": 'budgets."youtube" limits nothing; there are .*youtube.data',
    "[budgets.x]\neur_per_month = 5": "budgets.x.eur_per_month = 5; write e.g. usd_per_month = 25",
    "[budgets.x]\nusd_per_month = -1": "usd_per_month = -1",
    "[budgets.x]\nusd_per_month = nan": "usd_per_month = nan",
    "[budgets.x]\nusd_per_month = inf": "usd_per_month = inf",
    "[budgets.x]\nrequests_per_day = true": "requests_per_day = True",
    "[budgets.x]\nrequests_per_day = '5'": "requests_per_day = '5'",
    "news = false": "news must be a table",
    "[news]\nfeed = 5": "news.feed must be a table",
    "[news]\nrule = 5": "news.rule = 5",
    "[news]\nfeeds = 'nowhere.toml'": "no settings at .*nowhere.toml",
    "[news]\ngdelt = true": "news.gdelt must be a table",
    "[news.gdelt]\nenabled = 'yes'": "enabled = 'yes'; write true or false",
    "[news]\nallow_hosts = 'localhost'": "allow_hosts = 'localhost'; write a list",
    "http = 5": "http must be a table",
    "[http]\ntimeout = 5": "http.timeout is not a setting",
    "[http]\nread_seconds = 0": "read_seconds = 0; write seconds, more than 0 and at most 600",
    "[http]\ntotal_seconds = 3600": "total_seconds = 3600",
    "[http]\nconnect_seconds = nan": "connect_seconds = nan",
    "[http]\nconnect_seconds = true": "connect_seconds = True",
    "a = [": r"mecra\.toml: ",
}


@pytest.mark.parametrize("text", WRONG)
def test_what_is_wrong_is_named_with_its_cure(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigError, match=WRONG[text]) as caught:
        written(tmp_path, text if text.startswith("[news") or "news =" in text else f"{text}\n")
    assert str(tmp_path) in str(caught.value) and "s3cret" not in str(caught.value)


@pytest.mark.parametrize(
    "entry",
    [
        "feed = 5",
        "feed = [5]",
        "[[feed]]\nurl = 'ftp://h/'",
        "[[feed]]\nurl = 'http://'",
        "[[feed]]\nname = 'x'",
        "[[feed]]\nurl = 5",
    ],
)
def test_a_feed_list_that_is_none_is_named(tmp_path: Path, entry: str) -> None:
    (tmp_path / "own.toml").write_text(entry)
    with pytest.raises(ConfigError, match=r"own\.toml"):
        written(tmp_path, "[news]\nfeeds = 'own.toml'\n")


def test_a_feed_may_have_days_of_its_own(tmp_path: Path) -> None:
    feeds = tmp_path / "own.toml"
    feeds.write_text("[[feed]]\nurl = 'http://a/f'\nsince = 2026-11-01\nuntil = '2026-12-31'\n", encoding="utf-8")
    [feed] = [a for a in written(tmp_path, "[news]\nfeeds = 'own.toml'\n").accounts if a.platform == "feed"]
    assert (feed.since, feed.until) == (date(2026, 11, 1), date(2026, 12, 31))
    feeds.write_text("[[feed]]\nurl = 'http://a/f'\nsince = 'kasım'\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="feed a: since = 'kasım' is no day"):
        written(tmp_path, "[news]\nfeeds = 'own.toml'\n")


def test_a_feed_that_is_switched_off_is_none(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(
        "[[feed]]\nurl = 'http://a/f'\nenabled = false\n[[feed]]\nurl = 'https://b:8080/f'\noutlet = 'B'\n"
    )
    [feed] = [a for a in written(tmp_path, "[news]\nfeeds = 'own.toml'\n").accounts if a.platform == "feed"]
    assert (feed.account, feed.label, feed.url) == ("feed:b:8080", "B", "https://b:8080/f")
    assert load_feeds_shipped(tmp_path) > 5


def load_feeds_shipped(directory: Path) -> int:
    (directory / "feeds.toml").write_bytes(FEEDS.read_bytes())
    return sum(a.platform == "feed" for a in written(directory, "[news]\nfeeds = 'feeds.toml'\n").accounts)


def test_a_file_in_another_encoding_says_how_to_save_it(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"not UTF-8.*UTF-8 olarak kaydedin"):
        written(tmp_path, "[institution]\nname = 'Şişli'\n".encode("cp1254"))


def test_a_file_that_is_not_there_or_is_none(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="mecra init"):
        load(tmp_path / "nowhere.toml", {})
    with pytest.raises(ConfigError, match="can't be read"):
        load(tmp_path, {})


ANYTHING: st.SearchStrategy[Any] = st.recursive(
    st.booleans() | st.integers(-5, 10**12) | st.floats() | st.text(max_size=6) | st.dates() | st.datetimes() | st.sampled_from(["1h", "7d", "x", "http://h/"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "ladder", "posts", "x", "enabled", "name", "url"]), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip
PLACES = [
    "language", "data", "since", "institution", "institution.name", "institution.zone", "accounts", "platforms", "platforms.x",
    "platforms.x.ladder", "platforms.x.ladder.posts", "platforms.x.prices", "budgets", "budgets.x", "budgets.x.usd_per_month",
    "news", "news.feeds", "news.rule", "news.gdelt", "news.gdelt.query", "news.feed", "news.allow_hosts", "news.agency",
]  # fmt: skip


@settings(max_examples=250, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(place=st.sampled_from(PLACES), value=ANYTHING)
def test_nothing_that_is_written_can_crash(
    monkeypatch_session: list[dict[str, Any]], tmp_path: Path, place: str, value: Any
) -> None:
    raw: Any = value
    for name in reversed(place.split(".")):
        raw = {name: raw}
    monkeypatch_session.append(raw)
    try:
        load(tmp_path / "mecra.toml", {})
    except ConfigError as error:
        assert "mecra.toml" in str(error) or ".toml" in str(error) or "settings" in str(error)


@pytest.fixture
def monkeypatch_session(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What the settings file holds: the last of these, as TOML would give it."""
    held: list[dict[str, Any]] = []
    import config

    honest = config._toml
    monkeypatch.setattr(config, "_toml", lambda path: held[-1] if path.name == "mecra.toml" else honest(path))
    return held


@pytest.mark.parametrize(
    ("text", "expected"), [("30min", timedelta(minutes=30)), ("6h", timedelta(hours=6)), (" 184 d ", timedelta(days=184))]
)
def test_spans_of_time(text: str, expected: timedelta) -> None:
    assert span(text) == expected


def test_money_is_counted_in_millionths(tmp_path: Path) -> None:
    found = written(tmp_path, "[budgets.x]\nusd_per_month = 0.1\nrequests_per_day = 7\n" + NEWSLESS)
    assert found.budgets == {"x": {"cost_per_month": 100_000, "requests_per_day": 7}}


def test_every_bucket_that_the_documents_name_can_be_limited() -> None:
    text = (ROOT / "docs" / "platforms.md").read_text(encoding="utf-8") if (ROOT / "docs" / "platforms.md").exists() else ""
    rows = [line for line in text.splitlines() if (line.startswith("| `") and "budgets" in line) or "requests_per_day" in line]
    named = {name for row in rows for name in re.findall(r"`([a-z.]+)`", row.split("|")[1])}
    assert named <= set(BUCKETS)


# -- metric names are data


@pytest.mark.parametrize("platform", ["x", "facebook", "instagram", "youtube"])
def test_the_shipped_tables_can_be_read(platform: str) -> None:
    found = table(platform)
    assert found.metrics and all(m.name and m.ours and m.stream for m in found.metrics)
    for metric in found.metrics:
        assert metric.since is None or metric.until is None or metric.since < metric.until
        assert not (metric.since and metric.valid(metric.since - timedelta(days=1))) and not (
            metric.until and metric.valid(metric.until)
        )


def test_an_operator_s_own_table_goes_before_the_shipped_one(tmp_path: Path) -> None:
    (tmp_path / "x.toml").write_text("[[metric]]\nname = 'a'\nours = 'b'\nstream = 'posts'\nsince = 2026-01-01\nunit = 'n'\n")
    [metric] = table("x", tmp_path).metrics
    assert (metric.name, metric.since, metric.option("unit"), metric.option("none", 5)) == ("a", date(2026, 1, 1), "n", 5)
    assert table("nothing of the kind").metrics == ()


@pytest.mark.parametrize(
    "text",
    [
        "metric = [", "metric = 5", "metric = [5]", "[[metric]]\nname = 'a'", "[[metric]]\nname = 'a'\nours = 'b'\nstream = 's'\nsince = '2026-01-01'",
        "[[metric]]\nname = 5\nours = 'b'\nstream = 's'", "[[break]]\nours = 'a'", "[[break]]\nours = 'a'\non = 'x'\nwhat = 'y'", "break = 5",
    ],
)  # fmt: skip
def test_a_table_that_can_not_be_read_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "x.toml").write_text(text)
    with pytest.raises(MecraError, match=r"x\.toml"):
        table("x", tmp_path)


@pytest.mark.parametrize(
    ("written_as", "where"),
    [("", "shipped/h7.2.toml"), ('plan = "ornek"', "shipped/ornek.toml"), ('plan = "own.toml"', "beside/own.toml"), ('plan = ""', "shipped/h7.2.toml")],
)  # fmt: skip
def test_the_plan_is_a_shipped_one_or_a_file_beside_the_settings(tmp_path: Path, written_as: str, where: str) -> None:
    kind, _slash, name = where.partition("/")
    assert written(tmp_path, f"{written_as}\n{NEWSLESS}").plan == (PLANS if kind == "shipped" else tmp_path) / name


def test_a_plan_that_is_missing_stops_no_collecting(tmp_path: Path) -> None:
    found = written(tmp_path, f'plan = "../lost/a.toml"\n{NEWSLESS}')
    assert found.plan == tmp_path / "../lost/a.toml"
    with pytest.raises(ConfigError, match=r"no such file -> see to `plan` in mecra\.toml"):
        load_plan(found.plan)
