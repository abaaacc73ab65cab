"""A strategic plan's target card as data: what is measured, how, over which accounts, and against which targets.

`load_plan` reads a plan file, and `check_plan` says what is wrong with one (config/plan_file.py). Figures are exact: weights, baselines and targets are
fractions, percentages are numbers of percent (95 is %95). A plan is known by the SHA-256 of its file: a changed file is a new version.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class News:
    """Appearances in the press. `official`: `collected` or `agency`; both are always shown."""

    official: str = "collected"


@dataclass(frozen=True, slots=True)
class Level:
    """A metric of the accounts at the period's edge. A reading older than `fresh_days` before it leaves the value provisional."""

    metric: str = "followers"
    fresh_days: int = 3


@dataclass(frozen=True, slots=True)
class Series:
    """A weekly publication. Recognised among the posts of `accounts` (keys, or whole platforms) by `title`, a regular expression
    over their text in which a group `number` is the issue's number; and what is entered by hand.

    `unique`: `number` or `week` (ISO): what makes two issues one.
    """

    series: str
    title: str = ""
    accounts: tuple[str, ...] = ()
    unique: str = "week"


@dataclass(frozen=True, slots=True)
class Slots:
    """A weekly plan of posts by the hour. A slot is met by a post of its platform within `tolerance`; `beside` are shown too."""

    tolerance: timedelta = timedelta(minutes=60)
    beside: tuple[timedelta, ...] = (timedelta(minutes=15), timedelta(minutes=30), timedelta(minutes=60))


@dataclass(frozen=True, slots=True)
class Posts:
    """Posts in the period. `official`: `posts` (each platform's own) or `contents` (the same content on several platforms within
    `within` is one); both are computed. `leave_out` are kinds of posts that don't count; `platforms` empty: all."""

    official: str = "posts"
    within: timedelta = timedelta(hours=48)
    leave_out: tuple[str, ...] = ("story",)
    platforms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Count:
    """What counts of one platform: the sum of `metrics`, from the platform's own per-day series (`days`) or from the growth of
    each post's counters (`posts`)."""

    platform: str
    metrics: tuple[str, ...]
    source: str = "posts"


@dataclass(frozen=True, slots=True)
class Growth:
    """Views, engagements. `basis`: `growth` in the period, or `published` (the counters of the period's posts, `after_days` after
    its end); both are computed, never mixed."""

    counts: tuple[Count, ...]
    basis: str = "growth"
    after_days: int = 7
    leave_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ByHand:
    """Only what is entered by hand."""


Rule: TypeAlias = News | Level | Series | Slots | Posts | Growth | ByHand


@dataclass(frozen=True, slots=True)
class Scoped:
    """An account that counts, between two local days, both included (None: open)."""

    account: str
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Indicator:
    """One row of the card.

    `printed` is the official text after the code, verbatim; `label` is how it is shown on screens. `weight_printed`,
    `baseline_printed` and `targets_printed` are the figures as printed. `kind`: `flow`, `level` or `ratio`. `formula`:
    `C/B` or `(C-A)/(B-A)`. `better`: `up` or `down`. `cap`: the most percent that count in the goal. `by_hand`: `fill` (an approved
    figure entered by hand stands in where nothing was measured), `instead` (it goes before the measured one) or `never`.
    """

    code: str
    printed: str
    label: str
    unit: str
    kind: str
    weight: Fraction
    rule: Rule
    targets: Mapping[int, Fraction]
    baseline: Fraction | None = None
    baseline_printed: str = "-"
    baseline_period: str = ""
    formula: str = "C/B"
    better: str = "up"
    cap: Fraction = Fraction(100)
    by_hand: str = "fill"
    definition: str = ""
    source: str = ""
    monitored: str = ""
    reported: str = ""
    weight_printed: str = ""
    targets_printed: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Line:
    """A text of the card: as printed, and as it should have been where that differs."""

    printed: str
    corrected: str = ""

    @property
    def text(self) -> str:
        return self.corrected or self.printed


@dataclass(frozen=True, slots=True)
class Bands:
    """The words for a performance, in percent: from `reached` on it is reached, from `partly` on partly; above 100 exceeded."""

    reached: Fraction = Fraction(100)
    partly: Fraction = Fraction(50)


@dataclass(frozen=True, slots=True)
class Plan:
    """One target card. `scope` empty: the accounts of the settings, with their days. `settled_days` after a period's end its last
    figures are in. `deviation`: a yearly performance farther than so many percent points from 100 needs a reason."""

    sha256: str
    body: str
    institution: str
    code: str
    aim: Line
    target: Line
    unit: Line
    partners: Line
    indicators: tuple[Indicator, ...]
    risks: tuple[Line, ...] = ()
    activities: tuple[Line, ...] = ()
    cost: Line = field(default_factory=lambda: Line(""))
    findings: tuple[Line, ...] = ()
    needs: tuple[Line, ...] = ()
    notes: tuple[str, ...] = ()
    headings: Mapping[str, str] = field(
        default_factory=dict
    )  # of a column, as printed, where it was read otherwise: {"2026": "750"}
    scope: tuple[Scoped, ...] = ()
    bands: Bands = Bands()
    deviation: Fraction = Fraction(0)
    settled_days: int = 10

    @property
    def years(self) -> tuple[int, ...]:
        return tuple(sorted({year for indicator in self.indicators for year in indicator.targets}))

    def indicator(self, code: str) -> Indicator:
        """Raises KeyError for a code that the plan has not."""
        return next((i for i in self.indicators if i.code == code), None) or _missing(code, self)


def _missing(code: str, plan: Plan) -> Indicator:
    raise KeyError(f"{code}: {plan.code} has {', '.join(i.code for i in plan.indicators)}")
