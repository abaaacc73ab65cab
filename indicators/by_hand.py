"""Figures entered by hand beside the measured ones: never mixed without being told."""

from __future__ import annotations

from indicators import measure
from indicators.asked import Asked
from indicators.result import Measured


def resolve(asked: Asked) -> Measured:
    """The indicator's official value: as measured, or as entered and approved where the plan lets that stand in."""
    return measure(asked)
