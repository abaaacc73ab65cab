"""Veri sağlığı: how fresh each stream is, what fails and how that is cured, what is missing, what it costs, which token ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from starlette.requests import Request
from starlette.responses import Response

from model import FILES, Account
from panel.attention import BY_ITSELF, FRESH, OVERDUE, SOON, anchor, every_stream, incident_title, instant, stream_name
from panel.shell import Shell
from reports.failures import failure_said, gap_said
from reports.health import BudgetHealth, budgets
from storage import Storage, backups
from storage.expiry import known_expiries
from storage.health import StreamHealth, newest_answer, open_reasons
from storage.incidents import Incident, open_incidents
from storage.snapshots import heads
from words import _, ago, cost, number, outcome, span

GOOD = ("done", "partial")


@dataclass(frozen=True, slots=True)
class Stream:
    """`state`: good, failing, resting (it goes on by itself), overdue, running, or handed (a person hands it in). `cure` is empty where nothing is to be done."""

    health: StreamHealth
    state: str
    anchor: str
    fresh: str
    due: str
    what: str
    cure: str
    outcome: str


@dataclass(frozen=True, slots=True)
class Token:
    platform: str
    ends: datetime | None
    left: timedelta | None
    checked: str | None
    state: str  # good, soon, ended


@dataclass(frozen=True, slots=True)
class Health:
    at: datetime
    newest: datetime | None
    streams: Sequence[Stream]
    never: Sequence[Account]
    gaps: Sequence[tuple[str, str, str, str, int, str, str]]
    budgets: Sequence[BudgetHealth]
    size: int
    incidents: Sequence[Incident]


def health(shell: Shell, request: Request) -> Response:
    """The collection as it is now."""
    now = shell.now()
    with shell.storage() as storage:
        found = shell.kept.get(("health", shell.spoken(request)), lambda: _found(shell, storage, now), FRESH)
        newest = next(iter(heads(storage)), None)
    failing = [stream for stream in found.streams if stream.state == "failing"]
    return shell.page(
        request,
        "health.html",
        found=found,
        gap_said=gap_said,
        failing=failing,
        overdue=[stream for stream in found.streams if stream.state == "overdue"],
        missed=sum(stream.health.missed for stream in found.streams),
        tokens=_tokens(shell, now),
        titled=incident_title,
        statement=newest,
        ago=lambda at: ago(now - at) if at else _("never"),
        span=span,
        spent=_spent,
        named=stream_name,
        size=_size(found.size),
        backup=backups.known(shell.database.parent),
    )


def _found(shell: Shell, storage: Storage, now: datetime) -> Health:
    every = every_stream(shell, storage, now)
    walked = {stream.account for stream in every}
    return Health(
        now,
        newest_answer(storage),
        [_stream(shell, one, now) for one in every],
        [account for account in shell.accounts if account.account not in walked and account.platform != "agency"],
        open_reasons(storage),
        budgets(storage, shell.budgets, now),
        sum(
            path.stat().st_size
            for path in (shell.database, shell.database.with_name(f"{shell.database.name}-wal"))
            if path.exists()
        ),
        open_incidents(storage),
    )


def _stream(shell: Shell, one: StreamHealth, now: datetime) -> Stream:
    what, _arrow, cure = failure_said(one.error).partition(" -> ")
    if one.stream == FILES:
        state, due = "handed", _("by import only")
    else:
        due_at = one.next_at or one.good_at
        late = due_at is None or now - due_at > OVERDUE
        resting = one.outcome in BY_ITSELF and not late
        state = (
            "resting"
            if resting
            else "failing"
            if one.error
            else "running"
            if one.outcome is None
            else "overdue"
            if late
            else "good"
        )
        due = _("now") if one.next_at is None or one.next_at <= now else shell.moment(one.next_at)
    fresh = ago(now - one.good_at) if one.good_at else _("never")
    return Stream(one, state, anchor(one), fresh, due, what, cure, outcome(one.outcome))


def _tokens(shell: Shell, now: datetime) -> list[Token]:
    found = []
    for platform, known in sorted(known_expiries(shell.database.parent).items()):
        ends = instant(known.get("expires_at"))
        left = ends - now if ends else None
        state = "good" if left is None or left >= SOON else "soon" if left > timedelta(0) else "ended"
        checked = known.get("checked_at")
        found.append(Token(platform, ends, left, checked if instant(checked) else None, state))
    return found


def _spent(budget: BudgetHealth, amount: int) -> str:
    return number(amount) if budget.kind == "requests" else cost(amount, budget.bucket)


def _size(size: int) -> str:
    return f"{number(-(-size // 1_000_000))} MB"


PAGES = (("/veri-sagligi", health),)
