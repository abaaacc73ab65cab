"""How a standing was calculated, in words, in the language that is spoken: for whoever checks it with a pencil."""

from __future__ import annotations

from fractions import Fraction

from indicators.formulas import FULL
from indicators.statement import Standing
from words import _, exact_percent, exactly

MOST_SUMMANDS = 8


def in_words(standing: Standing) -> list[str]:
    """From the parts to the value, from the value to the performance, from there to the goal; each step on a line."""
    return [*_value(standing), *_performance(standing), *_contribution(standing)]


def _value(standing: Standing) -> list[str]:
    measured = standing.measured
    if measured.value is None:
        return [_("Not known: nothing was measured or entered.")]
    if standing.indicator.kind == "ratio":
        return [
            _("Value: {met} of {planned} = {value}").format(
                met=exactly(measured.numerator or 0), planned=exactly(measured.denominator), value=exact_percent(measured.value)
            )
        ]
    values = [Fraction(part.value) for part in measured.parts if part.value is not None]
    if 1 < len(values) <= MOST_SUMMANDS and sum(values) == measured.value:
        summands = " + ".join(exactly(value) for value in values)
        return [_("Value: {summands} = {value}").format(summands=summands, value=exactly(measured.value))]
    return [_("Value: {value}, of {n} parts").format(value=exactly(measured.value), n=exactly(len(values)))]


def _performance(standing: Standing) -> list[str]:
    raw, target, start = standing.performance, standing.target, standing.indicator.baseline
    if raw is None or target is None:
        return []
    percent = FULL if standing.indicator.kind == "ratio" else Fraction(1)
    reached = (standing.measured.value or Fraction(0)) * percent
    c, b = exactly(reached), exactly(target)
    if standing.indicator.formula == "(C-A)/(B-A)" and start is not None and start != target:
        a = exactly(start)
        worked = f"({c} − {a}) / ({b} − {a}) = {exactly(reached - start)} / {exactly(target - start)} = {exact_percent(raw)}"
        return [_("Performance (C − A) / (B − A): {worked}").format(worked=worked)]
    if standing.indicator.better == "down":
        return [_("Performance B / C: {worked}").format(worked=f"{b} / {c} = {exact_percent(raw)}")]
    return [_("Performance C / B: {worked}").format(worked=f"{c} / {b} = {exact_percent(raw)}")]


def _contribution(standing: Standing) -> list[str]:
    if standing.capped is None or standing.contribution is None:
        return []
    weight = standing.indicator.weight / FULL
    said = _("In the goal: {weight} × {counted} = {points}").format(
        weight=exact_percent(weight), counted=exact_percent(standing.capped), points=exact_percent(standing.contribution)
    )
    if standing.capped != standing.performance:
        said += " " + _("({raw} counts as {counted})").format(
            raw=exact_percent(standing.performance or 0), counted=exact_percent(standing.capped)
        )
    return [said]
