"""A plan as JSON: figures as numbers where they are whole, else as text of a fraction; and what is remarkable about it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import timedelta
from fractions import Fraction
from typing import Any

from config.plan import ByHand, Growth, Indicator, Level, News, Plan, Posts, Rule, Series, Slots
from config.plan_reading import Mistake
from model import to_text
from storage.plans import Version
from words import _

NAMES: dict[type[Rule], str] = {
    News: "news", Level: "level", Series: "series", Slots: "slots", Posts: "posts", Growth: "growth", ByHand: "by_hand",
}  # fmt: skip


def remarks(plan: Plan) -> Iterator[str]:
    """What is right and yet worth a look: headings that were read otherwise, formulas that seldom mean what they say."""
    for key, printed in plan.headings.items():
        yield _("the column of {year} is headed “{printed}” in print").format(year=key, printed=printed)
    for i in plan.indicators:
        if i.kind == "flow" and i.formula != "C/B":
            yield _("{code}: {formula} compares what adds up in a year with a value at the plan's start").format(
                code=i.code, formula=i.formula
            )
        falls = [year for year in plan.years[1:] if i.targets.get(year, Fraction(0)) < i.targets.get(year - 1, Fraction(0))]
        if falls and i.better == "up":
            yield _("{code}: the target of {year} is lower than the one before").format(code=i.code, year=falls[0])
        if isinstance(i.rule, Growth) and i.rule.basis == "published":
            yield _("{code}: only posts of the period count; halves don't add up to the year").format(code=i.code)


def as_object(plan: Plan) -> dict[str, Any]:
    card = {name: asdict(getattr(plan, name)) for name in ("aim", "target", "unit", "partners", "cost")}
    lists = {name: [asdict(line) for line in getattr(plan, name)] for name in ("risks", "activities", "findings", "needs")}
    return {
        "sha256": plan.sha256,
        "institution": plan.institution,
        "code": plan.code,
        "years": list(plan.years),
        **card,
        **lists,
        "indicators": [_indicator(i) for i in plan.indicators],
        "scope": [
            {"account": s.account, "since": s.since and s.since.isoformat(), "until": s.until and s.until.isoformat()}
            for s in plan.scope
        ],
        "headings": dict(plan.headings),
        "bands": {"reached": _number(plan.bands.reached), "partly": _number(plan.bands.partly)},
        "deviation": _number(plan.deviation),
        "settled_days": plan.settled_days,
        "notes": list(plan.notes),
        "remarks": list(remarks(plan)),
    }


def _indicator(i: Indicator) -> dict[str, Any]:
    texts = (
        "code",
        "printed",
        "label",
        "unit",
        "kind",
        "formula",
        "better",
        "by_hand",
        "definition",
        "source",
        "monitored",
        "reported",
    )
    return {
        **{name: getattr(i, name) for name in texts},
        "weight": _number(i.weight),
        "cap": _number(i.cap),
        "baseline": _number(i.baseline),
        "baseline_printed": i.baseline_printed,
        "baseline_period": i.baseline_period,
        "targets": {str(year): _number(target) for year, target in i.targets.items()},
        "targets_printed": {str(year): text for year, text in i.targets_printed.items()},
        "rule": {"measure": NAMES[type(i.rule)], **{key: _json(value) for key, value in asdict(i.rule).items()}},
    }


def _json(value: Any) -> Any:
    if isinstance(value, timedelta):
        return f"{int(value.total_seconds() // 60)}min"
    if isinstance(value, (tuple, list)):
        return [_json(one) for one in value]
    return {key: _json(one) for key, one in value.items()} if isinstance(value, dict) else value


def _number(value: Fraction | None) -> int | str | None:
    return None if value is None else int(value) if value.denominator == 1 else str(value)


def mistakes_as_objects(mistakes: list[Mistake]) -> list[dict[str, Any]]:
    return [asdict(mistake) for mistake in mistakes]


def versions_as_objects(found: list[Version], now: str) -> list[dict[str, Any]]:
    return [{**asdict(v), "loaded_at": to_text(v.loaded_at), "in_force": v.plan == now} for v in found]
