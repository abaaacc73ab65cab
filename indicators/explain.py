"""From a printed figure back to where it comes from: the snapshot, the arithmetic, the parts, the rows, the archived answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from config.plan import Plan
from config.plan_file import parse_plan
from indicators.asked import Asked
from indicators.purged import purge_said, purges_of
from indicators.result import Part
from indicators.snapshot import scope_of, within_scope
from indicators.statement import Standing, standing
from indicators.steps import Batch, Step, batches
from model import MecraError, Period, from_text
from storage import Storage
from storage.knowledge import Known, known_at
from storage.plans import plan_body
from storage.proof import Answer, answers
from storage.purges import Purge
from storage.snapshots import Snapshot, latest_provisional, latest_sealed
from words import _


@dataclass(frozen=True, slots=True)
class Explanation:
    """`snapshot` None: none is kept of the period, and it is explained as it is known now. `more`: rows that were left out.

    `unlike`: measured again, it is not what the snapshot says; where that is so by `purges`, those are told instead.
    """

    plan: Plan
    period: Period
    known: Known
    snapshot: Snapshot | None
    standing: Standing
    parts: tuple[Part, ...]
    steps: tuple[Step, ...]
    more: int
    answers: Mapping[int, Answer]
    unlike: bool
    purges: tuple[Purge, ...] = ()


def knowing(storage: Storage, plan: Plan, code: str, period: Period, now: datetime) -> tuple[Asked, Snapshot | None]:
    """What is asked of one indicator, as the period's newest sealed snapshot knew it, else its newest provisional one, else as it is known
    now. Raises MecraError for a code that the plan has not."""
    snapshot = latest_sealed(storage, period) or latest_provisional(storage, period)
    if snapshot:
        known = Known(snapshot.archive, from_text(snapshot.as_of))
        plan = replace(parse_plan(plan_body(storage, snapshot.plan), snapshot.plan[:12]), scope=scope_of(snapshot))
    else:
        known = known_at(storage, now)
        plan = within_scope(storage, plan, known)
    try:
        indicator = plan.indicator(code)
    except KeyError:
        codes = ", ".join(each.code for each in plan.indicators)
        raise MecraError(_("{code} is not in plan {plan}: it has {codes}").format(code=code, plan=plan.code, codes=codes)) from None
    return Asked(storage, plan, indicator, period, known), snapshot


def explain(
    storage: Storage,
    plan: Plan,
    code: str,
    period: Period,
    now: datetime,
    *,
    account: str | None = None,
    most: int | None = 40,
    found: Standing | None = None,
    archived: bool = True,
) -> Explanation:
    """One figure, as its newest sealed snapshot has it (else the newest provisional one, else as it is known now).

    `account` takes one account (outlet, platform, source) of it; `most` bounds the rows; `found` is the figure, where it was measured
    as of the same before; `archived` looks up the answers that the rows name. Raises MecraError for a code or an account that the plan or the value has not.
    """
    asked, snapshot = knowing(storage, plan, code, period, now)
    found = found or standing(asked)
    parts = tuple(part for part in found.measured.parts if account in (None, part.part, part.part.split(" ")[0]))
    purges = purges_of(storage, snapshot, code)
    if account and not parts:
        if purges:
            raise MecraError(purge_said(purges[-1], snapshot).said())
        names = ", ".join(dict.fromkeys(part.part.split(" ")[0] for part in found.measured.parts)) or "–"
        raise MecraError(_("{account} has no part in {code}: there are {names}").format(account=account, code=code, names=names))
    shown, more = _rows(batches(asked, found.measured, account) if asked.begun else (), most)
    cited = {number for step in shown for number in step.responses} if archived else set()
    stored = snapshot.value(code) if snapshot else None
    unlike = stored is not None and stored.numerator != (
        None if found.measured.numerator is None else str(found.measured.numerator)
    )
    told = purges if unlike or (snapshot and snapshot.sealed_at) else ()
    return Explanation(
        asked.plan, period, asked.known, snapshot, found, parts, shown, more, answers(storage, cited), unlike and not purges, told
    )


def _rows(found: Iterable[Batch], most: int | None) -> tuple[tuple[Step, ...], int]:
    """The first rows, and how many more there are, which nobody has to tell."""
    shown: list[Step] = []
    more = 0
    for batch in found:
        room = batch.rows if most is None else most - len(shown)
        if room > 0:
            shown += list(batch.told())[:room]
        more += max(batch.rows - max(room, 0), 0)
    return tuple(shown), more
