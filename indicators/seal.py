"""Sealing: a snapshot under a SHA-256 that covers its values, its evidence, its plan and the seal before it.

What is hashed is `sealed_text`: whoever distrusts us can make it from the tables with any tool (docs/metrics.md says how).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from config.plan import Plan
from indicators.result import NOT_COMPARED, OK
from indicators.snapshot import take
from model import MecraError, Period, to_text
from storage import Storage
from storage.database import transaction
from storage.plans import register_plan
from storage.snapshots import Snapshot, insert, last_seal, latest_sealed
from words import _, moment

OPEN = ("snapshot", "sha256", "values", "parts")  # a number of ours, the hash itself, and the rows, which are said apart


@dataclass(frozen=True, slots=True)
class Sealed:
    """What sealing came to: `fresh` is False where the period was sealed already. `before`: the revision that it corrects."""

    snapshot: Snapshot
    fresh: bool
    before: Snapshot | None = None

    @property
    def equal(self) -> bool:
        """Whether a correction says the same as what it corrects, in every figure."""
        return self.before is not None and figures(self.snapshot) == figures(self.before)


def sealed_text(snapshot: Snapshot) -> str:
    """What a seal covers, as JSON: keys sorted, no blanks, no floats (a decimal is the text of its digits); values by code, evidence
    by code and part."""
    said: dict[str, Any] = {
        name: value for name, value in asdict(replace(snapshot, values=(), parts=())).items() if name not in OPEN
    }
    said["values"] = [asdict(row) for row in sorted(snapshot.values, key=lambda row: row.code)]
    said["evidence"] = [asdict(row) for row in sorted(snapshot.parts, key=lambda row: (row.code, row.part))]
    return json.dumps(_exact(said), ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def sealed_hash(snapshot: Snapshot) -> str:
    return hashlib.sha256(sealed_text(snapshot).encode()).hexdigest()


def figures(snapshot: Snapshot) -> list[tuple[object, ...]]:
    """What a snapshot says, without when and from what."""
    return sorted(
        (row.code, row.numerator or "", row.denominator or "", row.performance_exact or "", row.status) for row in snapshot.values
    )


def seal(
    storage: Storage,
    plan: Plan,
    period: Period,
    at: datetime,
    *,
    by: str,
    now: Callable[[], datetime],
    reason: str = "",
    provisional: bool = False,
) -> Sealed:
    """Seal a period that is over, as known at an instant; with a reason as a new revision where it is sealed already.

    Measured and written in one transaction: nothing is entered, ruled or sealed between. Raises MecraError for a period that is not
    over then, and for a statement in which something lacks unless `provisional` allows it.
    """
    end = period.span(storage.zone)[1]
    if at < end:
        raise MecraError(
            _("{period} is not over: it can be sealed as of {day} or later").format(period=period, day=moment(end, storage.zone))
        )
    register_plan(storage, plan, now())
    seen = latest_sealed(storage, period)
    if seen is not None and not reason:
        return Sealed(seen, fresh=False)
    with transaction(storage.connection):
        before = latest_sealed(storage, period)
        if before is not None and (seen is None or before.snapshot != seen.snapshot):
            return Sealed(before, fresh=False)  # by another process, while this one waited
        found = take(storage, plan, period, at, taken_at=now())
        if found.status != OK and not provisional:
            raise MecraError(
                _("{period} is provisional ({why}): seal it with --provisional, or wait for what lacks").format(
                    period=period, why=_why(found)
                )
            )
        sealed = replace(
            found,
            revision=before.revision + 1 if before else 1,
            previous_sha256=last_seal(storage),
            sealed_at=to_text(now()),
            sealed_by=by,
            reason=reason,
        )
        return Sealed(insert(storage, replace(sealed, sha256=sealed_hash(sealed))), fresh=True, before=before)


def _why(snapshot: Snapshot) -> str:
    """The indicators that lack something, or why the whole is not final yet."""
    lacking = [row.code for row in snapshot.values if row.status not in (OK, NOT_COMPARED)]
    return ", ".join(lacking) or snapshot.note


def _exact(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _exact(inner) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_exact(inner) for inner in value]
    return repr(value) if isinstance(value, float) else value
