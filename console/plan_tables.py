"""A plan on the screen: its mistakes, a table of weights and targets, the whole card, its versions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, is_dataclass
from datetime import timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from config.plan import ByHand, Growth, Indicator, Level, Line, News, Plan, Posts, Rule, Series, Slots
from config.plan_file import told
from config.plan_reading import Mistake
from console.plan_objects import remarks
from console.tables import show_table
from storage.plans import SHORT, Version
from words import N_, _, day, exact_percent, exactly, moment, number, span

FULL = 100
MEASURES: dict[type[Rule], str] = {
    News: N_("news"),
    Level: N_("level at the edge"),
    Series: N_("weekly series"),
    Slots: N_("post plan"),
    Posts: N_("posts"),
    Growth: N_("growth of counters"),
    ByHand: N_("by hand"),
}
KINDS = {"flow": N_("flow"), "level": N_("level"), "ratio": N_("ratio")}
BY_HAND = {
    "fill": N_("by hand where nothing was measured"),
    "instead": N_("by hand before what was measured"),
    "never": N_("never by hand"),
}


def figure_shown(indicator: Indicator, value: Fraction | None) -> str:
    """A figure in the indicator's unit as the language writes it; a dash where there is none."""
    if value is None:
        return "-"
    return exact_percent(value / FULL) if indicator.kind == "ratio" else exactly(value)


def show_mistakes(path: Path, mistakes: list[Mistake]) -> None:
    for mistake in mistakes:
        print(told(str(path), mistake))


def show_summary(plan: Plan) -> None:
    """What a person reads over before a plan is put in force."""
    print(f"{plan.institution} · {plan.code}")
    print(plan.target.text)
    print(_("version {hash}").format(hash=plan.sha256[:SHORT]) + "\n")
    headings = [_("code"), _("indicator"), _("kind"), _("formula"), _("weight"), _("baseline"), *map(str, plan.years)]
    show_table(headings, (_row(plan, i) for i in plan.indicators), numbers=range(4, len(headings)))
    total = sum((i.weight for i in plan.indicators), Fraction(0))
    counted = ", ".join(scope.account for scope in plan.scope) or _("those of the settings")
    print(_("weights together: {total}").format(total=exact_percent(total / FULL)))
    print(_("accounts that count: {accounts}").format(accounts=counted))
    for text in (*remarks(plan), *plan.notes):
        print(f"! {text}")


def _row(plan: Plan, i: Indicator) -> list[str]:
    targets = (figure_shown(i, i.targets.get(year)) for year in plan.years)
    return [i.code, i.label, _(KINDS[i.kind]), i.formula, exact_percent(i.weight / FULL), figure_shown(i, i.baseline), *targets]


def show_card(plan: Plan) -> None:
    """The whole card: the summary, each indicator's rule and definition, and the texts around it."""
    show_summary(plan)
    for i in plan.indicators:
        print(f"\n{i.code} {i.printed}")
        how = rule_shown(i.rule)
        print("  " + _("measured by: {rule}").format(rule=_(MEASURES[type(i.rule)]) + (f" ({how})" if how else "")))
        print("  " + _(BY_HAND[i.by_hand]) + " · " + _("at most {percent} count").format(percent=exact_percent(i.cap / FULL)))
        for name, text in (
            (_("definition"), i.definition),
            (_("source"), i.source),
            (_("monitored"), i.monitored),
            (_("reported"), i.reported),
        ):
            if text:
                print(f"  {name}: {text}")
    for name, lines in (
        (_("Aim"), [plan.aim]), (_("Target"), [plan.target]), (_("Responsible unit"), [plan.unit]), (_("Units that take part"), [plan.partners]),
        (_("Risks"), plan.risks), (_("Activities and projects"), plan.activities), (_("Estimated cost"), [plan.cost]),
        (_("Findings"), plan.findings), (_("Needs"), plan.needs),
    ):  # fmt: skip
        _show_lines(name, lines)
    for one in plan.scope:
        print(f"  {one.account}  {day(one.since) if one.since else '…'} – {day(one.until) if one.until else '…'}")


def _show_lines(name: str, lines: Iterable[Line]) -> None:
    written = [line for line in lines if line.printed]
    if written:
        print(f"\n{name}")
    for line in written:
        print(f"  {line.printed}")
        if line.corrected:
            print("    " + _("set right: {text}").format(text=line.corrected))


def rule_shown(rule: Rule) -> str:
    """What the rule says beyond its name, in the words of the plan file."""
    return ", ".join(f"{key} = {value}" for key, value in _rule(rule).items() if value not in ("", [], None))


def _rule(rule: Rule) -> dict[str, Any]:
    if isinstance(rule, Growth):
        counts = [f"{c.platform} {c.source}: {' + '.join(c.metrics)}" for c in rule.counts]
        return {
            "basis": rule.basis,
            "after_days": rule.after_days,
            "leave_out": ", ".join(rule.leave_out),
            "counts": "; ".join(counts),
        }
    found = asdict(rule) if is_dataclass(rule) else {}
    return {key: _plain(value) for key, value in found.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, timedelta):
        return span(value)
    return ", ".join(str(_plain(one)) for one in value) if isinstance(value, tuple) else value


def show_versions(found: list[Version], now: Plan, zone: ZoneInfo) -> None:
    rows = [
        [v.plan[:SHORT], v.code, moment(v.loaded_at, zone), number(v.snapshots), number(v.sealed), _("in force") if v.plan == now.sha256 else "", v.name]
        for v in found
    ]  # fmt: skip
    headings = [_("version"), _("code"), _("put in force"), _("snapshots"), _("sealed"), "", _("target")]
    show_table(headings, rows, numbers=(3, 4))
    if now.sha256 not in [v.plan for v in found]:
        print(_("The plan in force ({hash}) is kept with its first snapshot.").format(hash=now.sha256[:SHORT]))
