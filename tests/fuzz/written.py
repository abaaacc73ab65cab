"""What an operator writes: settings, secrets, plans, lists of feeds, counting rules, tables of metrics, and the seals' file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from collectors.news.matching import Rule
from collectors.news.urls import outlet_names
from config import EXAMPLE, FEEDS, PLANS, RULE, load
from config.exports import words
from config.metrics import table
from config.plan_file import PlanError, check_plan, parse_plan
from config.secrets import Secrets
from model import MecraError
from storage.seal_file import read_lines
from tests.fuzz.files import _file, _refusals
from tests.fuzz.promises import Broken, whole
from tests.fuzz.target import Target

ROOT = Path(__file__).parents[2]
PLAN = """name = "p"\ncode = "H1"\n[[indicator]]\ncode = "PG1"\nname = "Haber"\nunit = "Adet"\nkind = "flow"\nweight = "50"\nbaseline = "11.617"\nrule = { kind = "news" }\ntargets = { "2026" = "%95,5" }\n"""
SETTINGS = """language = "tr"\nsince = 2025-01-01\nplan = "h7.2"\n[institution]\nname = "Örnek"\nzone = "Europe/Istanbul"\n[[accounts]]\nplatform = "x"\nhandle = "@ornek"\nsince = 2025-01-01\n[[accounts]]\nplatform = "page"\nhandle = "bulten"\nurl = "https://a.example"\noptions = { title = "Sayı (\\\\d+)" }\n[platforms.x]\nladder.posts = [["1h", "1d"]]\n[budgets.x]\nusd_per_month = 25\n[http]\nread_seconds = 10\n[news]\nallow_hosts = ["a.example"]\ngdelt = { enabled = true, query = "x" }\n[panel]\nhosts = ["p.example"]\n[reports]\ndirectory = "r"\n[mail]\nhost = "smtp.a.example"\nport = 587\nfrom = "a@a.example"\nto = ["b@a.example"]\n"""
FEED_LIST = (
    """[[feed]]\nname = "a"\nurl = "https://a.example/rss"\noutlet = "A"\nsince = 2026-01-01\n[hosts]\n"b.example" = "B"\n"""
)
RULES = """institution = "Örnek Belediyesi"\nplace = "Örnek"\nhead = "Ayşe Yılmaz"\nlook_in = ["title", "summary"]\n[[counts]]\nwords = "{place} halkı"\n[[excludes]]\nwords = "Örnek Spor"\nreason = "spor"\nscope = "article"\n"""
METRICS = """[[metric]]\nname = "like_count"\nours = "likes"\nstream = "posts"\nsince = 2026-01-01\ngroup = "public_metrics"\n[[break]]\nours = "views"\non = 2026-01-01\nwhat = "x"\n"""
EXPORTS = """[columns]\naccount = ["hesap"]\n[[metric]]\nours = "likes"\naccount = "flow"\npost = true\nnames = ["begeni"]\n[[export]]\nname = "X"\nplatform = "x"\nheads = ["Post id"]\ncolumns = { post = "Post id" }\nfigures = { "Likes" = "likes" }\nzone = "UTC"\nreply = "^@"\n"""
SEALS = "2026-07-02T09:00:00Z 2026-H1 1 " + "a1" * 32 + "\n2027-01-03T09:00:00Z 2026 2 " + "b2" * 32 + "\nbaska\n"


def plan(body: bytes) -> None:
    """Every mistake told at once, or a plan; and the same text as it is read out of the database."""
    path = _file("plan.toml", body)
    read, mistakes = check_plan(path)
    whole([(mistake.key, mistake.what, mistake.cure) for mistake in mistakes])
    if (read is None) != bool(mistakes):
        raise Broken("a plan with mistakes, or none without")
    if any(mistake.line < 1 for mistake in mistakes):
        raise Broken("a mistake on no line")
    try:
        parse_plan(body.decode(), "plan.toml")
    except (PlanError, UnicodeDecodeError):
        if read is not None:
            raise Broken("what was read from the file can't be read from the database") from None


def settings(body: bytes) -> None:
    with _refusals():
        found = load(_file("mecra.toml", body), {})
        whole([(account.account, account.url, account.label) for account in found.accounts])


def feed_list(body: bytes) -> None:
    """A list of feeds that the settings take can be used for the outlets' names."""
    path = _file("feeds.toml", body)
    main = _file("mecra.toml", b'[institution]\nname = "x"\n[news]\nfeeds = "feeds.toml"\n')
    with _refusals():
        load(main, {})
        for host, outlet in outlet_names.__wrapped__(path).items():
            if not isinstance(host, str) or not isinstance(outlet, str):
                raise Broken("an outlet's name is no text")


def rule(body: bytes) -> None:
    with _refusals():
        found = Rule.load(_file("news.toml", body))
        found.match("Örnek Belediyesi halkı", "Başkan Ayşe Yılmaz")
        if len(found.version) != 12:
            raise Broken("a rule without a version")


def metrics(body: bytes) -> None:
    folder = _file("x.toml", body).parent
    with _refusals():
        table.__wrapped__("x", folder)
    _file("exports.toml", body)
    with _refusals():
        words.__wrapped__(folder)


def kept_secrets(body: bytes) -> None:
    path = _file("secrets.toml", body)
    path.chmod(0o600)
    try:
        found = Secrets({}, path)
    except MecraError as error:
        if len(str(error)) > 500:
            raise Broken("an error that quotes the file") from None
        return
    found.get("x", "token")
    found.redact("GET /x")
    repr(found)


def seals(body: bytes) -> None:
    lines, others = read_lines(_file("seals.txt", body))
    for line in lines:
        if len(line.sha256) != 64 or line.revision < 0:
            raise Broken("a line that is no seal")
    if len(others) > body.count(b"\n") + body.count(b"\r") + len(body) + 1:
        raise Broken("more lines than there are")


def _own(*seeds: str) -> Callable[[], list[bytes]]:
    return lambda: [seed.encode() for seed in seeds]


def _shipped(*paths: Path) -> Callable[[], list[bytes]]:
    return lambda: [path.read_bytes() for path in paths]


TARGETS = (
    Target("plans", plan, _own(PLAN), "text", _shipped(*sorted(PLANS.glob("*.toml")))),
    Target("settings", settings, _own(SETTINGS), "text", _shipped(EXAMPLE)),
    Target("feed-lists", feed_list, _own(FEED_LIST), "text", lambda: [FEEDS.read_bytes()[:3000]]),
    Target("rules", rule, _own(RULES), "text", _shipped(RULE)),
    Target("metric-tables", metrics, _own(METRICS, EXPORTS), "text"),
    Target("secrets", kept_secrets, _own('[x]\ntoken = "abc"\n[youtube]\napi_key = "y"\n'), "text"),
    Target("seals", seals, _own(SEALS), "text"),
)
