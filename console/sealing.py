"""Taking, sealing and verifying snapshots, as the commands and the daemon's settings want it, and what is said about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from config import Settings
from config.plan import Plan
from config.plan_file import load_plan, parse_plan
from indicators.finding import Finding
from indicators.listing import put_lists
from indicators.seal import seal
from indicators.snapshot import take
from indicators.verify import verify
from model import MecraError, Period, from_text, utc_now
from storage import Storage, opened
from storage.knowledge import Known
from storage.plans import plan_body, register_plan
from storage.seal_file import NAME, add_missing
from storage.snapshots import Snapshot, all_sealed, keep_provisional
from words import _, moment, number


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person asked for: a period as known at an instant, only shown (`dry`), kept as provisional, or sealed.

    `newest`: as it is known now; then the lists that staff read are made to say the same.
    """

    period: Period
    at: datetime
    seal: bool = False
    provisional: bool = False
    reason: str = ""
    dry: bool = False
    newest: bool = True


def instant(text: str, zone: ZoneInfo, now: datetime) -> datetime:
    """`2026-07-12` or `12.07.2026`: that local day's end, or now where it is today; or an instant with its zone. Raises MecraError."""
    for form in ("%Y-%m-%d", "%d.%m.%Y"):
        try:
            day = datetime.strptime(text.strip(), form).date()  # noqa: DTZ007  a day has no zone
        except ValueError:
            continue
        at = Period.midnight(day + timedelta(days=1), zone) - timedelta(seconds=1)
        return now if _is_today(day, zone, now) else _past(at, zone, now)
    try:
        return _past(from_text(text.strip()).replace(microsecond=0), zone, now)
    except ValueError:
        raise MecraError(
            _("{text} is no time: write 2026-07-12, 12.07.2026 or 2026-07-12T09:00:00+03:00").format(text=repr(text))
        ) from None


def _is_today(day: date, zone: ZoneInfo, now: datetime) -> bool:
    return day == now.astimezone(zone).date()


def _past(at: datetime, zone: ZoneInfo, now: datetime) -> datetime:
    if at > now:
        raise MecraError(_("{at} is still to come: nothing is known of it").format(at=moment(at, zone)))
    return at


def state_it(settings: Settings, wish: Wish, by: str) -> tuple[Snapshot, list[str], Plan]:
    """The snapshot that was wished for, what is to be said about it, and the plan that it was taken by."""
    plan = load_plan(settings.plan, settings.path.parent / "metrics")
    with opened(settings.database, settings.zone) as storage:
        storage.register(settings.accounts)
        if wish.seal:
            return _seal(storage, settings.data / NAME, plan, wish, by)
        found = take(storage, plan, wish.period, wish.at, taken_at=utc_now())
        if wish.dry:
            return found, [], plan
        register_plan(storage, plan, utc_now())
        found = keep_provisional(storage, found)
        if wish.newest:
            put_lists(storage, plan, wish.period, Known(found.archive, wish.at))
        return found, [], plan


def _seal(storage: Storage, lines: Path, plan: Plan, wish: Wish, by: str) -> tuple[Snapshot, list[str], Plan]:
    done = seal(storage, plan, wish.period, wish.at, by=by, now=utc_now, reason=wish.reason, provisional=wish.provisional)
    add_missing(lines, all_sealed(storage))
    found = done.snapshot
    if found.plan != plan.sha256:
        plan = parse_plan(plan_body(storage, found.plan), found.plan[:12])
    named = {
        "period": found.period,
        "revision": found.revision,
        "sha256": found.sha256,
        "at": _at(found, storage.zone),
        "by": found.sealed_by,
    }
    if not done.fresh:
        text = _('{period} was sealed already on {at} by {by}, revision {revision}: a correction needs --reason "..."')
        return found, [text.format(**named)], plan
    said = [_("{period}, revision {revision}, is sealed: {sha256}").format(**named)]
    if done.equal:
        said.append(_("All its figures are those of revision {before}.").format(before=done.before.revision if done.before else 0))
    return found, said, plan


def _at(snapshot: Snapshot, zone: ZoneInfo) -> str:
    return moment(from_text(snapshot.sealed_at or snapshot.taken_at), zone)


def verified(settings: Settings, *, quick: bool) -> tuple[list[Snapshot], list[Finding]]:
    """What is sealed, and what is wrong with it."""
    metrics = settings.path.parent / "metrics"
    with opened(settings.database, settings.zone, read_only=True) as storage:
        findings = verify(storage, settings.data / NAME, parse_plan, lambda: load_plan(settings.plan, metrics), quick=quick)
        return all_sealed(storage), findings


def show_findings(sealed: Sequence[Snapshot], findings: Sequence[Finding], *, quick: bool) -> None:
    """Each with its next step, the chain's state first."""
    for finding in findings:
        where = f"{finding.period} r{finding.revision}: " if finding.period and finding.kind != "removed" else ""
        print(f"{'✗' if finding.failed else '!'} {where}{finding.what.said()}\n  → {finding.cure.said()}")
    failed = sum(finding.failed for finding in findings)
    if failed:
        print(_("{n} findings in {seals} sealed snapshots").format(n=number(failed), seals=number(len(sealed))))
    elif quick:
        print(
            _("{seals} sealed snapshots: seals and chain are whole; nothing was measured again").format(seals=number(len(sealed)))
        )
    else:
        print(_("{seals} sealed snapshots: seals, chain, evidence and every value are as sealed").format(seals=number(len(sealed))))


def found_json(sealed: Sequence[Snapshot], findings: Sequence[Finding]) -> dict[str, Any]:
    return {
        "sealed": [{"period": s.period, "revision": s.revision, "sha256": s.sha256, "sealed_at": s.sealed_at} for s in sealed],
        "findings": [
            {
                **asdict(f), "what": f.what.said(), "values": dict(f.what.values), "cure": f.cure.said(),
            }
            for f in findings
        ],
        "whole": not any(f.failed for f in findings),
    }  # fmt: skip
