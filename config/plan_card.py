"""The target card as it is written: its texts, its indicators with weights and targets, the accounts that count."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from config.plan import Bands, Indicator, Line, Plan, Scoped
from config.plan_lines import Place
from config.plan_reading import TEXT, Notebook, Table
from config.plan_row import is_period, read_indicator
from config.plan_rules import is_account
from words import _, exactly

CARD = (
    "institution", "code", "aim", "target", "unit", "partners", "years", "risks", "activities", "cost", "findings", "needs", "notes",
    "headings", "bands", "deviation", "settled_days", "account", "indicator",
)  # fmt: skip
FIRST_YEAR, LAST_YEAR = 2000, 2099


def read_card(book: Notebook, sha256: str, body: str) -> Plan:
    """The plan; where the notebook holds mistakes afterwards it is not to be used."""
    card = Table(book, (), book.raw)
    card.known(CARD)
    years = _years(card)
    indicators = tuple(read_indicator(row, years) for row in card.tables("indicator"))
    if not card.values.get("indicator"):
        card.missing("indicator", "[[indicator]]")
    _weights(card, indicators)
    _twice(card, "code", [(("indicator", n, "code"), i.code) for n, i in enumerate(indicators)])
    _twice(card, "series", [(("indicator", n, "rule", "series"), getattr(i.rule, "series", "")) for n, i in enumerate(indicators)])
    bands = card.table("bands")
    bands.known(("reached", "partly"))
    reached, partly = (
        bands.figure(key, default, least=0, most=1000) for key, default in (("reached", Fraction(100)), ("partly", Fraction(50)))
    )
    if reached is not None and partly is not None and partly > reached:
        bands.wrong("partly", _("partly is more than reached"), _("write the smaller one for partly"))
    return Plan(
        sha256=sha256,
        body=body,
        institution=card.text("institution"),
        code=card.text("code", example='"H7.2"'),
        aim=_line(card, "aim"),
        target=_line(card, "target"),
        unit=_line(card, "unit"),
        partners=_line(card, "partners", default=""),
        indicators=indicators,
        risks=_list(card, "risks"),
        activities=_list(card, "activities"),
        cost=_line(card, "cost", default=""),
        findings=_list(card, "findings"),
        needs=_list(card, "needs"),
        notes=card.texts("notes"),
        headings=_headings(card, years),
        scope=_scope(card),
        bands=Bands(reached or Fraction(0), partly or Fraction(0)),
        deviation=card.figure("deviation", Fraction(0), least=0, most=100) or Fraction(0),
        settled_days=card.count("settled_days", 10),
    )


def _years(card: Table) -> tuple[int, ...]:
    """The plan's years, ascending; without a list of them, nothing can be said of a target that is missing."""
    years: list[int] = []
    if not card.values.get("years"):
        card.missing("years", "[2025, 2026, 2027, 2028, 2029]")
        return ()
    inner = Table(card.book, ("years",), {})
    for position, year in enumerate(card.several("years")):
        if isinstance(year, bool) or not isinstance(year, int) or not FIRST_YEAR <= year <= LAST_YEAR:
            inner.wrong(position, _("{value} is no year").format(value=year), _("write a year like 2026"))
        elif year in years:
            inner.wrong(position, _("{name} stands there twice").format(name=year), _("remove one"))
        else:
            years.append(year)
    return tuple(sorted(years))


def _weights(card: Table, indicators: tuple[Indicator, ...]) -> None:
    total = sum((i.weight for i in indicators), Fraction(0))
    if indicators and total != 100 and all(i.weight for i in indicators):
        for position, entry in reversed(list(enumerate(card.tables("indicator")))):
            entry.wrong(
                "weight",
                _("the weights add up to {total}").format(total=exactly(total)),
                _("change one of the {n}, so that they add up to 100").format(n=position + 1),
            )
            break


def _twice(card: Table, key: str, found: list[tuple[Place, str]]) -> None:
    seen: dict[str, int] = {}
    for place, name in found:
        if name and name in seen:
            what = _("{name} stands there twice: also in line {line}").format(name=name, line=seen[name])
            card.book.wrong(place, what, _("give each a {key} of its own").format(key=key))
        elif name:
            seen[name] = card.book.lines.of(place)


def _line(table: Table, key: str, default: str | None = None) -> Line:
    """Text, or a table of what is printed and what it should be."""
    if isinstance(table.values.get(key), dict):
        return _both(table.table(key))
    return Line(table.text(key, default))


def _list(card: Table, key: str) -> tuple[Line, ...]:
    return tuple(_lines(card, key))


def _lines(card: Table, key: str) -> Iterator[Line]:
    for position, value in enumerate(card.several(key)):
        inner = Table(card.book, (key,), {str(position): value})
        if isinstance(value, dict):
            yield _both(Table(card.book, (key, position), value))
        elif not isinstance(value, str):
            inner.kind(position, value, TEXT)
        elif not value.strip():
            inner.wrong(position, _("the text is empty"), _("write the text between the quotes"))
        else:
            yield Line(value.strip())


def _both(table: Table) -> Line:
    table.known(("printed", "corrected"))
    return Line(table.text("printed"), table.text("corrected", ""))


def _headings(card: Table, years: tuple[int, ...]) -> dict[str, str]:
    headings = card.table("headings")
    for key in headings.values:
        if not is_period(key) or (key.isdecimal() and years and int(key) not in years):
            headings.wrong(
                key, _("{value} is no year of the plan").format(value=key), _('write how a year\'s column is headed: 2026 = "..."')
            )
    return {key: headings.text(key) for key in headings.values}


def _scope(card: Table) -> tuple[Scoped, ...]:
    found = []
    for entry in card.tables("account"):
        entry.known(("account", "since", "until"))
        account = entry.text("account", example='"x:name"')
        if account and not is_account(account):
            entry.wrong(
                "account", _("{value} is no account").format(value=repr(account)), _("write platform:name, e.g. x:umraniyebeltr")
            )
        since, until = entry.day("since"), entry.day("until")
        if since and until and until < since:
            entry.wrong("until", _("it ends before it begins"), _("see to since and until"))
        found.append(Scoped(account, since, until))
    _twice(card, "account", [(("account", n, "account"), one.account) for n, one in enumerate(found)])
    return tuple(found)
