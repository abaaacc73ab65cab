"""What is handed in by hand, judged against the plan before it is stored: each refusal names the thing, the value and the next step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path

from config.plan import ByHand, Indicator, Plan, Series
from config.turkish_numbers import NoFigure, commas, figure
from model import MecraError, Period
from storage.entries import Entry, Figure
from storage.evidence import MOST_BYTES, Evidence, evidence
from words import _
from words import day as said

MOST = 10**15
PLACES = 6  # decimals that a figure may have
LONGEST = {"--note": 2000, "--url": 2000, "--number": 40}


@dataclass(frozen=True, slots=True)
class Given:
    """What the command line says; None: nothing was said."""

    code: str
    period: str | None = None
    on: date | None = None
    value: str | None = None
    number: str | None = None
    url: str | None = None
    note: str | None = None
    corrects: int | None = None
    withdraw: bool = False


def judged(given: Given, plan: Plan, entries: Sequence[Entry], today: date) -> Figure:
    """The figure to store. `entries` are those of before: a correction is of the same period or day unless another is named.

    Raises MecraError for what the plan has no place for, and for what can't be true yet.
    """
    indicator = _indicator(given.code, plan)
    if indicator.by_hand == "never":
        raise MecraError(
            _("{code} is not entered by hand (by_hand = never): change the plan, or collect it").format(code=indicator.code)
        )
    note, url, number = (
        _text(name, text) for name, text in (("--note", given.note), ("--url", given.url), ("--number", given.number))
    )
    if url and not url.startswith(("https://", "http://")):
        raise MecraError(_("--url {url} is no address: write it with https://").format(url=url))
    if given.corrects is not None and not note:
        raise MecraError(_("why is entry {entry} corrected? Say it with --note").format(entry=given.corrects))
    if given.withdraw:
        return _withdrawal(given, indicator, note, url)
    period, day, number = _place(given, indicator, number, entries)
    if period and day:
        raise MecraError(_("--period and --on can't be given together: one figure is for one of them"))
    if day is not None and day > today:
        raise MecraError(
            _("{day} is still to come (today is {today}): enter what has been").format(day=said(day), today=said(today))
        )
    if period is not None and period.last > today:
        raise MecraError(_("{period} runs until {day}: enter its figure then").format(period=period, day=said(period.last)))
    value = _value(given, indicator, issue=isinstance(indicator.rule, Series) and day is not None)
    if isinstance(indicator.rule, Series):
        _check_series(given, indicator, indicator.rule, number, period, day)
    else:
        _check_figure(given, indicator, number, period, day)
    return Figure(indicator.code, period, day, value, number, url, note, given.corrects)


def period_of(text: str) -> Period:
    """`2026-H1`, `2026-h2`, `2026`; raises MecraError."""
    try:
        return Period.parse(text.upper())
    except ValueError:
        raise MecraError(_("{text!r} is no period: write 2026-H1, 2026-H2 or 2026").format(text=text[:40])) from None


def read_evidence(path: Path) -> Evidence:
    """The file that shows the figure. Raises MecraError for one that isn't there, is none, is empty, or is over 20 MB."""
    if path.is_dir():
        raise MecraError(_("{file} is a directory: name one file in it").format(file=path))
    if not path.exists():
        raise MecraError(_("{file} is not there: see to its name").format(file=path))
    if not path.is_file():
        raise MecraError(_("{file} is no file: name one").format(file=path))
    try:
        with path.open("rb") as file:
            return evidence(path.name, file.read(MOST_BYTES + 1))
    except OSError as error:
        raise MecraError(_("{file} can't be read ({why}): see to its rights").format(file=path, why=error.strerror)) from None


def _indicator(code: str, plan: Plan) -> Indicator:
    found = next((one for one in plan.indicators if one.code.upper() == code.upper()), None)
    if found is None:
        codes = ", ".join(one.code for one in plan.indicators)
        raise MecraError(_("{code} is not in plan {plan}: it has {codes}").format(code=code[:40], plan=plan.code, codes=codes))
    return found


def _text(name: str, text: str | None) -> str:
    """On one line, and without what steers a terminal."""
    plain = " ".join("".join(c if c.isprintable() else " " for c in text or "").split())
    if len(plain) > LONGEST[name]:
        raise MecraError(_("{name} is longer than {n} characters: shorten it").format(name=name, n=LONGEST[name]))
    return plain


def _withdrawal(given: Given, indicator: Indicator, note: str, url: str) -> Figure:
    if given.corrects is None:
        raise MecraError(_("--withdraw needs --corrects N: the entry that is to count no more (`mecra entries` lists them)"))
    if given.value is not None or given.period is not None or given.on is not None or given.number is not None:
        raise MecraError(
            _("--withdraw stands for no figure: leave out --value, --period, --on and --number, or leave out --withdraw")
        )
    return Figure(indicator.code, url=url, note=note, corrects=given.corrects, withdraws=True)


def _place(given: Given, indicator: Indicator, number: str, entries: Sequence[Entry]) -> tuple[Period | None, date | None, str]:
    """Period, day and an issue's number; of the entry that is corrected where none is named."""
    period = period_of(given.period) if given.period is not None else None
    if number.isascii() and number.isdigit():
        number = str(int(number))
    former = next((e.figure for e in entries if e.entry == given.corrects and e.figure.indicator == indicator.code), None)
    if former is None:
        return period, given.on, number
    if period is None and given.on is None:
        period, day = former.period, former.day
    else:
        day = given.on
    return period, day, number or (former.number if day else "")


def _value(given: Given, indicator: Indicator, *, issue: bool) -> Fraction | None:
    if given.value is None:
        return None
    if issue:
        raise MecraError(_("an issue of {code} has no value: leave out --value, or write --period").format(code=indicator.code))
    try:
        found = figure(given.value)
    except NoFigure as error:
        raise MecraError(f"--value {error}") from None
    if found is None:
        raise MecraError(_("--value {value} is no figure: leave it unknown, or write the number").format(value=given.value[:40]))
    if found < 0:
        raise MecraError(_("--value {value} is negative: a figure is 0 or more").format(value=given.value[:40]))
    if indicator.kind == "ratio":
        _check_ratio(given.value, found)
    elif (found.denominator != 1 or commas(given.value)) and not isinstance(indicator.rule, ByHand):
        raise MecraError(
            _("--value {value}: {code} is counted, write a whole number").format(value=given.value[:40], code=indicator.code)
        )
    if found > MOST or (found * 10**PLACES).denominator != 1:
        raise MecraError(
            _("--value {value} is beyond what is kept: at most 15 digits, and {n} decimals").format(
                value=given.value[:40], n=PLACES
            )
        )
    return found


def _check_ratio(text: str, percent: Fraction) -> None:
    if percent > 100:
        raise MecraError(_("--value {value} is over %100: a ratio is entered in percent, 0 to 100").format(value=text[:40]))
    if 0 < percent < 1 and "%" not in text:
        raise MecraError(
            _("--value {value} could be a share or a percentage: write it in percent with its sign, %95,5").format(value=text[:40])
        )


def _check_series(given: Given, indicator: Indicator, rule: Series, number: str, period: Period | None, day: date | None) -> None:
    if period is not None and given.value is not None and not number:
        return
    if period is not None and number:
        raise MecraError(_("an issue of {code} has a day: write --on DAY instead of --period").format(code=indicator.code))
    if day is None:
        raise MecraError(
            _("{code} is a series: write --on DAY for one issue, or --period and --value for a whole period").format(
                code=indicator.code
            )
        )
    if rule.unique == "number" and not number:
        raise MecraError(_("issues of {code} are told apart by their number: write --number N").format(code=indicator.code))


def _check_figure(given: Given, indicator: Indicator, number: str, period: Period | None, day: date | None) -> None:
    code = indicator.code
    if number:
        raise MecraError(_("--number is for issues of a series, which {code} is not: leave it out").format(code=code))
    if day is not None and indicator.kind != "level":
        raise MecraError(_("{code} is a figure of a period: write --period instead of --on").format(code=code))
    if given.value is None:
        raise MecraError(_("{code} needs a figure: write --value").format(code=code))
    if period is None and day is None:
        raise MecraError(_("{code} needs its period: write --period 2026-H1").format(code=code))
    if day is not None and day not in {half.last for half in Period(day.year).halves}:
        last = Period.half_of(day).last
        raise MecraError(
            _("{code} on {day}: a level is entered as of the last day of a half-year, {last}").format(
                code=code, day=said(day), last=said(last)
            )
        )
