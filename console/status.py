"""`mecra status`: what is fresh, what fails, what it costs, and which token will end. Imports nothing heavy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from config import CHANNELS, Settings
from console.incidents import show_open, show_undelivered, undelivered_json
from console.progress import without_account
from console.tables import show_notes, show_table
from model import FILES, Account, to_text
from reports.health import BudgetHealth, budgets
from storage import Storage, backups
from storage.backups import BackupState
from storage.expiry import known_expiries
from storage.health import StreamHealth, streams
from storage.incidents import TOLD_WITHIN, Incident, Undelivered, open_incidents, undelivered
from upkeep.alarm_text import incident_json
from words import _, ago, cost, decimal, moment, number, outcome, percent, span


@dataclass(frozen=True, slots=True)
class Status:
    at: datetime
    streams: tuple[StreamHealth, ...]
    never: tuple[Account, ...]
    budgets: tuple[BudgetHealth, ...]
    expiries: Mapping[str, Mapping[str, Any]]
    incidents: tuple[Incident, ...] = ()
    untold: tuple[Undelivered, ...] = ()
    backup: BackupState = field(default_factory=BackupState)

    def to_json(self) -> dict[str, Any]:
        return {
            "at": to_text(self.at),
            "streams": [_texts(asdict(s)) | {"age_seconds": _age(s, self.at)} for s in self.streams],
            "never_collected": [a.account for a in self.never],
            "budgets": [_texts(asdict(b)) for b in self.budgets],
            "tokens": {platform: dict(known) for platform, known in self.expiries.items()},
            "backup": {name: value or None for name, value in asdict(self.backup).items()},
            "incidents": [incident_json(one) for one in self.incidents],
            "undelivered": [undelivered_json(one) for one in self.untold],
        }


def measure(storage: Storage, settings: Settings, now: datetime) -> Status:
    found = streams(storage, now)
    walked = {s.account for s in found if s.stream != FILES}
    handed = {s.account for s in found if s.stream == FILES and s.platform in CHANNELS}
    never = [a for a in settings.accounts if a.account not in walked | handed and a.platform != "agency"]
    return Status(
        now, tuple(found), tuple(never), tuple(budgets(storage, settings.budgets, now)), known_expiries(settings.data),
        tuple(open_incidents(storage)), tuple(undelivered(storage, now - TOLD_WITHIN)),
        backups.known(settings.data),
    )  # fmt: skip


def show(status: Status, settings: Settings) -> None:
    """The status for a person."""
    zone, now = settings.zone, status.at
    rows = [
        (
            s.account, s.stream, outcome(s.outcome), ago(now - s.good_at) if s.good_at else _("never"),
            _next(s, now, zone),
            number(s.missed) if s.missed else "", number(s.gaps) if s.gaps else "",
        )
        for s in status.streams
    ]  # fmt: skip
    rows += [
        (a.account, "", _("never collected"), _("never"), _("by import only") if a.platform in CHANNELS else _("now"), "", "")
        for a in status.never
    ]
    headings = (_("account"), _("stream"), _("last outcome"), _("fresh"), _("next"), _("missed"), _("gaps"))
    show_table(headings, rows, numbers=(5, 6))
    for s in status.streams:
        if s.error:
            print(f"✗ {s.account} · {s.stream}: {without_account(s.error, s.account)}")
    show_notes([f"{s.account} · {s.stream}: {note}" for s in status.streams for note in s.notes])
    if status.budgets:
        print()
        show_table(
            (_("budget"), _("used"), _("limit"), _("forecast"), _("until")),
            [_budget_row(b, settings) for b in status.budgets],
            numbers=(1, 2, 3),
        )
    for platform, known in status.expiries.items():
        print(_expiry_line(platform, known, settings, now))
    print(_backup_line(status.backup, settings, now))
    show_open(status.incidents, zone)
    show_undelivered(status.untold, zone)


def _next(stream: StreamHealth, now: datetime, zone: ZoneInfo) -> str:
    """When a stream is due; files are handed in when somebody has one."""
    if stream.stream == FILES:
        return _("by import only")
    return _("now") if stream.next_at is None or stream.next_at <= now else moment(stream.next_at, zone)


def _budget_row(budget: BudgetHealth, settings: Settings) -> Sequence[str]:
    def said(amount: int) -> str:
        return number(amount) if budget.kind == "requests" else cost(amount, budget.bucket)

    what = _("requests") if budget.kind == "requests" else _("cost")
    per = _("a day") if budget.per == "day" else _("a month")
    used, limit, alarm = said(budget.used), "", ""
    if budget.most is not None:
        limit = said(budget.most)
        used += f" ({percent(budget.used / budget.most)})" if budget.most else ""
        alarm = " !" if budget.forecast > budget.most else ""
    return f"{budget.bucket} · {what} {per}", used, limit, said(budget.forecast) + alarm, moment(budget.ends_at, settings.zone)


def _expiry_line(platform: str, known: Mapping[str, Any], settings: Settings, now: datetime) -> str:
    from model import from_text

    if not known.get("expires_at"):
        return _("{platform}: the token does not expire").format(platform=platform)
    at = from_text(known["expires_at"])
    if at <= now:
        return _("{platform}: the token EXPIRED on {at}; run `mecra auth {platform}`").format(
            platform=platform, at=moment(at, settings.zone)
        )
    return _("{platform}: the token expires on {at} (in {span})").format(
        platform=platform, at=moment(at, settings.zone), span=span(at - now)
    )


def _backup_line(backup: BackupState, settings: Settings, now: datetime) -> str:
    """The last good one; that one failed is an incident."""
    if not backup.good:
        nightly = _("`mecra run` makes the first one at {at}").format(at=f"{settings.backup.at:%H:%M}")
        return _("no backup yet: {next}").format(next=nightly if settings.backup.nightly else "`mecra backup`")
    size = decimal(backup.size / (1 << 20), 1)
    return _("last good backup: {ago}, {megabytes} MB, {path}").format(ago=ago(now - backup.good), megabytes=size, path=backup.path)


def _age(health: StreamHealth, now: datetime) -> int | None:
    return int((now - health.good_at).total_seconds()) if health.good_at else None


def _texts(row: dict[str, Any]) -> dict[str, Any]:
    return {name: to_text(value) if isinstance(value, datetime) else value for name, value in row.items()}
