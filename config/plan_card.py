"""The target card as it is written: its texts, its indicators with weights and targets, the accounts that count."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from config.plan import Bands, Indicator, Line, Plan, Scoped
from config.plan_lines import Place
from config.plan_reading import TEXT, Notebook, Table
from config.plan_rules import KIND_OF, is_account, read_rule
from config.turkish_numbers import NoFigure, figure
from model import Period
from words import _, exactly, speaking

CARD = (
    "institution", "code", "aim", "target", "unit", "partners", "years", "risks", "activities", "cost", "findings", "needs", "notes",
    "headings", "bands", "deviation", "settled_days", "account", "indicator",
)  # fmt: skip
ROW = (
    "code", "printed", "label", "unit", "kind", "weight", "rule", "targets", "baseline", "baseline_period", "formula", "better", "cap",
    "by_hand", "definition", "source", "monitored", "reported",
)  # fmt: skip
FROM_START = "(C-A)/(B-A)"
FIRST_YEAR, LAST_YEAR = 2000, 2099


def read_card(book: Notebook, sha256: str, body: str) -> Plan:
    """The plan; where the notebook holds mistakes afterwards it is not to be used."""
    card = Table(book, (), book.raw)
    card.known(CARD)
    years = _years(card)
    indicators = tuple(_indicator(row, years) for row in card.tables("indicator"))
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


def _indicator(row: Table, years: tuple[int, ...]) -> Indicator:
    row.known(ROW)
    code, printed, unit = row.text("code", example='"PG7.2.1"'), row.text("printed"), row.text("unit", example='"adet"')
    kind = row.choice("kind", ("flow", "level", "ratio"))
    if "rule" not in row.values:
        row.missing("rule", '{ measure = "by_hand" }')
    rule_table = row.table("rule")
    rule = read_rule(rule_table) if "rule" in row.values else read_rule(Table(row.book, rule_table.place, {"measure": "by_hand"}))
    measure = rule_table.values.get("measure")
    fitting = KIND_OF.get(measure, kind) if isinstance(measure, str) else kind
    if kind in ("flow", "level", "ratio") and fitting != kind:
        row.wrong(
            "kind",
            _("{measure} measures no {kind}").format(measure=measure, kind=kind),
            _('write kind = "{kind}"').format(kind=fitting),
        )
    most = 100 if kind == "ratio" else None
    formula = row.choice("formula", ("C/B", FROM_START), "C/B")
    baseline = row.figure("baseline", least=0, most=most)
    period = row.text("baseline_period", "")
    if period and not _is_period(period):
        row.wrong("baseline_period", _("{value} is no period").format(value=repr(period)), _("write 2024-H1, 2024-H2 or 2024"))
    if baseline is not None and "baseline_period" not in row.values:
        row.missing("baseline_period", '"2024-H1"')
    if formula == FROM_START and baseline is None:
        row.wrong(
            "formula", _("{formula} needs a baseline").format(formula=formula), _('add the baseline, or write formula = "C/B"')
        )
    by_hand = row.choice("by_hand", ("fill", "instead", "never"), "fill")
    if measure == "by_hand" and by_hand == "never":
        row.wrong("by_hand", _("nothing could ever be known of it"), _('write by_hand = "fill"'))
    weight = row.figure("weight", least=0, most=100)
    if "weight" not in row.values:
        row.missing("weight", '"20%"')
    elif not weight and weight is not None:
        row.wrong("weight", _("{value} is out of range").format(value="0"), _("write its share of the target: more than 0"))
    targets = _Targets(row.table("targets"), most, formula == "C/B")
    if "targets" not in row.values:
        row.missing("targets", '{ 2025 = "23.000", ... }')
    return Indicator(
        code=code,
        printed=printed,
        label=row.text("label", "") or printed,
        unit=unit,
        kind=kind,
        weight=weight or Fraction(0),
        rule=rule,
        targets=targets.read(years) if "targets" in row.values else {},
        baseline=baseline,
        baseline_printed=_printed(row.values.get("baseline", "-")),
        baseline_period=period,
        formula=formula,
        better=row.choice("better", ("up", "down"), "up"),
        cap=row.figure("cap", Fraction(100), least=1, most=1000) or Fraction(100),
        by_hand=by_hand,
        definition=row.text("definition", ""),
        source=row.text("source", ""),
        monitored=row.text("monitored", ""),
        reported=row.text("reported", ""),
        weight_printed=_printed(row.values.get("weight", "-")),
        targets_printed=targets.printed(years),
    )


@dataclass(frozen=True, slots=True)
class _Targets:
    """The targets of one indicator by year. A year with `-` has none, and says so; one that is left out is a mistake."""

    table: Table
    most: int | None
    divides: bool

    def read(self, years: tuple[int, ...]) -> dict[int, Fraction]:
        found = {}
        for key in self.table.values:
            if not key.isdecimal() or (years and int(key) not in years):
                self.table.wrong(
                    key,
                    _("{value} is no year of the plan").format(value=key),
                    _("write one of: {names}").format(names=", ".join(map(str, years)) or "2026"),
                )
        for year in years:
            if str(year) not in self.table.values:
                self.table.wrong(
                    str(year), _("the target of {year} is missing").format(year=year), _('add {year} = "..."').format(year=year)
                )
            elif (target := self.table.figure(str(year), least=0, most=self.most)) is not None:
                if not target and self.divides:
                    self.table.wrong(
                        str(year), _("a target of 0 can't be divided by"), _("write the target, or - where there is none")
                    )
                found[year] = target
        return found

    def printed(self, years: tuple[int, ...]) -> dict[int, str]:
        return {year: _printed(self.table.values[str(year)]) for year in years if str(year) in self.table.values}


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
        if not _is_period(key) or (key.isdecimal() and years and int(key) not in years):
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


def _is_period(text: str) -> bool:
    try:
        Period.parse(text)
    except ValueError:
        return False
    return True


def _printed(value: Any) -> str:
    """A figure as it stands in the file; a bare number as Turkish offices write it."""
    if isinstance(value, str):
        return value.strip() or "-"
    try:
        found = figure(value)
    except NoFigure:
        return ""
    with speaking("tr"):
        return "-" if found is None else exactly(found, 6)
