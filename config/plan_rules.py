"""An indicator's rule as it is written: `measure` names what is counted, the other keys how."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from config.checks import PLATFORMS
from config.metrics import table as metrics_table
from config.plan import ByHand, Count, Growth, Level, News, Posts, Rule, Series, Slots
from config.plan_reading import Table, shown
from words import _

KIND_OF = {"news": "flow", "level": "level", "series": "flow", "slots": "ratio", "posts": "flow", "growth": "flow"}
SEEN_ON = (*PLATFORMS, "feed", "page")  # where an issue of a series may be found
# As the collectors name them; Facebook's are what a post's attachment is.
POST_KINDS = (
    "post", "reply", "story", "reel", "video", "image", "carousel", "photo", "album", "status", "link", "event", "note", "share",
)  # fmt: skip
LONGEST_PATTERN = 500
HANDLE = re.compile(r"[^\s:][^\s]*")


def read_rule(rule: Table) -> Rule:
    """The rule; mistakes go into the table's notebook."""
    measure = rule.choice("measure", (*KIND_OF, "by_hand"))
    return RULES[measure](rule) if measure in RULES else ByHand()


def metrics_of(directory: Path | None = None) -> Callable[[str, str], tuple[str, ...]]:
    """What may be counted of a platform: from its per-day series (`days`), its posts' counters (`posts`), its `profile`."""

    def of(platform: str, source: str) -> tuple[str, ...]:
        streams = {"days": ("daily",), "profile": ("profile",)}.get(source, ("posts", "reels", "stories", "private"))
        return tuple(dict.fromkeys(m.ours for m in metrics_table(platform, directory).metrics if m.stream in streams))

    return of


def is_account(text: str, platforms: tuple[str, ...] = PLATFORMS) -> bool:
    platform, colon, handle = text.partition(":")
    return platform in platforms and bool(colon) and bool(HANDLE.fullmatch(handle))


def _news(rule: Table) -> News:
    rule.known(("measure", "official"))
    return News(rule.choice("official", ("collected", "agency"), "collected"))


def _level(rule: Table) -> Level:
    rule.known(("measure", "metric", "fresh_days"))
    metric = rule.text("metric", "followers")
    if rule.book.metrics and "metric" in rule.values:
        metrics = rule.book.metrics
        rule.among("metric", metric, list(dict.fromkeys(ours for platform in PLATFORMS for ours in metrics(platform, "profile"))))
    return Level(metric, rule.count("fresh_days", 3))


def _series(rule: Table) -> Series:
    rule.known(("measure", "series", "title", "accounts", "unique"))
    accounts = rule.texts("accounts")
    for position, account in enumerate(accounts):
        if account and account not in SEEN_ON and not is_account(account, SEEN_ON):
            Table(rule.book, (*rule.place, "accounts"), {}).wrong(
                position,
                _("{value} is neither an account nor a platform").format(value=shown(account)),
                _("write platform:name or one of: {names}").format(names=", ".join(SEEN_ON)),
            )
    unique = rule.choice("unique", ("number", "week"), "week")
    title = rule.text("title", "")
    if title:
        _pattern(rule, title, numbered=unique == "number")
    elif accounts:
        rule.missing("title", "'(?i)...'")
    return Series(rule.text("series"), title, accounts, unique)


def _pattern(rule: Table, title: str, *, numbered: bool) -> None:
    wrong = _("the pattern can't be used: {why}")
    if len(title) > LONGEST_PATTERN:
        rule.wrong("title", wrong.format(why=len(title)), _("write at most {n} characters").format(n=LONGEST_PATTERN))
        return
    try:
        pattern = re.compile(title)
    except (re.error, OverflowError, RecursionError) as error:
        rule.wrong("title", wrong.format(why=error), _("write a regular expression in 'single quotes'"))
        return
    if pattern.search(""):
        rule.wrong("title", _("the pattern fits every post"), _("name words that only this series has"))
    if numbered and "number" not in pattern.groupindex:
        rule.wrong("title", _("the pattern finds no issue number"), _('mark it with (?P<number>\\d+), or write unique = "week"'))


def _slots(rule: Table) -> Slots:
    rule.known(("measure", "tolerance", "beside"))
    return Slots(rule.length("tolerance", "60min"), rule.lengths("beside", ("15min", "30min", "60min")))


def _posts(rule: Table) -> Posts:
    rule.known(("measure", "official", "within", "leave_out", "platforms"))
    platforms = rule.texts("platforms")
    for position, platform in enumerate(platforms):
        Table(rule.book, (*rule.place, "platforms"), {}).among(position, platform, PLATFORMS)
    official = rule.choice("official", ("posts", "contents"), "posts")
    return Posts(official, rule.length("within", "48h"), _left_out(rule, ("story",)), platforms)


def _growth(rule: Table) -> Growth:
    rule.known(("measure", "basis", "after_days", "leave_out", "counts"))
    counts: list[Count] = []
    for entry in rule.tables("counts"):
        count = _count(entry)
        if count.platform and count.platform in [other.platform for other in counts]:
            entry.wrong(
                "platform", _("{name} stands there twice").format(name=count.platform), _("write its metrics into one entry")
            )
        counts.append(count)
    if "counts" not in rule.values or rule.values["counts"] == []:
        rule.missing("counts", '[{ platform = "x", source = "posts", metrics = ["views"] }]')
    basis = rule.choice("basis", ("growth", "published"), "growth")
    return Growth(tuple(counts), basis, rule.count("after_days", 7), _left_out(rule, ()))


def _count(entry: Table) -> Count:
    entry.known(("platform", "source", "metrics"))
    platform, source = entry.choice("platform", PLATFORMS), entry.choice("source", ("days", "posts"), "posts")
    metrics = entry.texts("metrics")
    inner = Table(entry.book, (*entry.place, "metrics"), {})
    if not metrics and isinstance(entry.values.get("metrics", []), list):
        entry.missing("metrics", '["views"]')
    if entry.book.metrics and platform in PLATFORMS and source in ("days", "posts"):
        known = entry.book.metrics(platform, source)
        for position, metric in enumerate(metrics):
            if not known:
                inner.wrong(
                    position,
                    _("{platform} has no series per day").format(platform=platform),
                    _('write source = "posts"'),
                )
            else:
                inner.among(position, metric, known)
    for position, metric in enumerate(metrics):
        if metric and metric in metrics[:position]:
            inner.wrong(position, _("{name} stands there twice").format(name=metric), _("remove one"))
    return Count(platform, metrics, source)


def _left_out(rule: Table, default: tuple[str, ...]) -> tuple[str, ...]:
    kinds = rule.texts("leave_out", default)
    for position, kind in enumerate(kinds):
        Table(rule.book, (*rule.place, "leave_out"), {}).among(position, kind, POST_KINDS)
    return kinds


def _by_hand(rule: Table) -> ByHand:
    rule.known(("measure",))
    return ByHand()


RULES: dict[str, Callable[[Table], Rule]] = {
    "news": _news, "level": _level, "series": _series, "slots": _slots, "posts": _posts, "growth": _growth, "by_hand": _by_hand,
}  # fmt: skip
