"""What things are called in a report, in the language that is spoken: platforms, metrics, months, kinds, states."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from fractions import Fraction

from config.plan import Indicator
from indicators.news_reasons import reason_said
from model import Period
from words import N_, _, exact_percent, exactly, language

PLATFORMS = {
    "x": "X", "facebook": "Facebook", "instagram": "Instagram", "youtube": "YouTube", "tiktok": "TikTok", "linkedin": "LinkedIn",
    "threads": "Threads", "bluesky": "Bluesky", "telegram": "Telegram", "nsosyal": "NSosyal", "mastodon": "Mastodon",
    "pinterest": "Pinterest", "whatsapp": "WhatsApp", "page": N_("web page"), "feed": N_("feed"), "gdelt": "GDELT",
    "gnews": "Google News", "agency": N_("clipping agency"),
}  # fmt: skip
KINDS = {"flow": N_("flow"), "level": N_("level"), "ratio": N_("ratio")}
POSTS = {
    "post": N_("post"), "photo": N_("photo"), "image": N_("image"), "carousel": N_("album"), "video": N_("video"), "reel": N_("reel"),
    "short": N_("short"), "story": N_("story"), "reply": N_("reply"), "status": N_("text"), "link": N_("shared link"), "live": N_("live"),
}  # fmt: skip
MONTHS = (
    N_("January"), N_("February"), N_("March"), N_("April"), N_("May"), N_("June"), N_("July"), N_("August"), N_("September"),
    N_("October"), N_("November"), N_("December"),
)  # fmt: skip
WEEKDAYS = (N_("Monday"), N_("Tuesday"), N_("Wednesday"), N_("Thursday"), N_("Friday"), N_("Saturday"), N_("Sunday"))
STATUSES = {
    "ok": N_("final"),
    "provisional": N_("provisional"),
    "no data": N_("no data"),
    "no target": N_("no target"),
    "not compared": N_("not compared"),
}
BANDS = {
    "exceeded": N_("exceeded"),
    "reached": N_("reached"),
    "partly reached": N_("partly reached"),
    "not reached": N_("not reached"),
    "on course": N_("on course"),
    "behind": N_("behind"),
}


def report_title(period: Period) -> str:
    """What the report of a period is called: a half-year's monitoring, a year's evaluation."""
    if not period.half:
        return _("Strategic Plan Evaluation Report, {year}").format(year=period.year)
    months = _("January–June") if period.half == 1 else _("July–December")
    return _("Strategic Plan Monitoring Report, {months} {year}").format(months=months, year=period.year)


def platform(name: str) -> str:
    return _(PLATFORMS.get(name, name))


def account(key: str) -> str:
    """`X · ornekbelediye` of `x:ornekbelediye`."""
    name, _colon, handle = key.partition(":")
    whose = titled(platform(name))
    return f"{whose} · {handle.removeprefix('@')}" if handle else whose


def metric(name: str) -> str:
    """By the name that readers know, as notes say it."""
    return titled(_(name))


def reason(stored: str) -> str:
    """Why the rule did not count an article, as it was stored."""
    return reason_said(stored)


def kind_of_post(name: str) -> str:
    return titled(_(POSTS.get(name, name)))


def month(name: str) -> str:
    """`Ocak` of `2026-01`."""
    return _(MONTHS[int(name[5:7]) - 1])


def weekday(number: int) -> str:
    """1 is Monday."""
    return titled(_(WEEKDAYS[number - 1]))


def titled(text: str) -> str:
    """With a capital at its beginning; `i` has a dotted one in Turkish."""
    first = "İ" if language() == "tr" and text[:1] == "i" else text[:1].upper()
    return first + text[1:]


def state(status: str, band: str) -> str:
    """One word for where an indicator stands, and whether it is final."""
    said = _(STATUSES.get(status, status))
    if not band:
        return said
    return _(BANDS.get(band, band)) if status == "ok" else f"{_(BANDS.get(band, band))} ({said})"


def named(indicator: Indicator) -> str:
    return f"{indicator.code} {indicator.label}"


def figure(indicator: Indicator, value: Fraction | int | None) -> str:
    """In the indicator's unit; a ratio in percent."""
    if value is None:
        return _("not known")
    return exact_percent(Fraction(value) / 100) if indicator.kind == "ratio" else exactly(value)


def iso_day(text: str) -> date:
    return date.fromisoformat(text[:10])


def in_runs(weeks: Iterable[str]) -> str:
    """`2026-W05, 2026-W10 – 2026-W14`: weeks that follow each other are told by the first and the last of them."""
    runs: list[list[date]] = []
    for name in weeks:
        monday = date.fromisocalendar(int(name[:4]), int(name[6:]), 1)
        if runs and monday - runs[-1][-1] == timedelta(days=7):
            runs[-1].append(monday)
        else:
            runs.append([monday])
    return ", ".join(_run(run) for run in runs)


def _run(mondays: list[date]) -> str:
    names = [f"{day.isocalendar().year}-W{day.isocalendar().week:02}" for day in mondays]
    return f"{names[0]} – {names[-1]}" if len(names) > 2 else ", ".join(names)


def slug(code: str) -> str:
    """`pg721` of `PG7.2.1`: for names of files and sheets."""
    return "".join(c for c in code.lower() if c.isascii() and c.isalnum())


def part_name(part: str) -> str:
    """`X · ornek, Beğeni` of `x:ornek likes`, `Besleme` of `source:feed`; a half-year before it stays."""
    first, _blank, rest = part.partition(" ")
    if rest and _is_period(first):
        return f"{first} {part_name(rest)}"
    if part.startswith("source:"):
        return account(part.removeprefix("source:"))
    if part == "entry" or part.startswith("entry:"):
        return _("entered by hand") + (f" ({part.removeprefix('entry:')})" if ":" in part else "")
    if first.partition(":")[0] not in PLATFORMS:
        return part  # an outlet, by whatever name it has
    return f"{account(first)}, {metric(rest)}" if rest else account(first)


def _is_period(text: str) -> bool:
    try:
        Period.parse(text)
    except ValueError:
        return False
    return True
