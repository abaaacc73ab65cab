"""`mecra collect`: runs the chosen accounts, shows how it goes, and sums up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from config import Settings
from console.choosing import Missing
from console.progress import Progress
from console.tables import show_notes, show_table
from model import Account, Walk, to_text
from scheduler import Jobs, Run
from storage import opened
from storage.health import last_complete, walk_costs
from words import _, cost, costs, moment, number, outcome

Ledger = Mapping[int, Mapping[str, int]]


def collect_all(jobs: Jobs, accounts: Sequence[Account], progress: Progress, **how: Any) -> list[Run]:
    """Every account after the other, told to `progress`."""
    runs: list[Run] = []
    jobs.report = progress.page
    for account in accounts:
        progress.begin(account)
        came = jobs.collect([account], **how)
        progress.done(account, came)
        runs += came
    return runs


def exit_code(runs: Sequence[Run]) -> int:
    """1 when a stream failed, or an account was left to another process."""
    return 1 if any(run.failed or (run.skipped and not run.stream) for run in runs) else 0


def ledger_of(settings: Settings, runs: Sequence[Run]) -> Ledger:
    """What each run's walk cost, by bucket."""
    with opened(settings.database, settings.zone, read_only=True) as storage:
        return {run.walk.walk: walk_costs(storage, run.walk.walk) for run in runs if run.walk}


# -- for a person


def show_summary(settings: Settings, runs: Sequence[Run], missing: Sequence[Missing]) -> None:
    """A row a stream; feeds that brought what they should are one row together."""
    ledger = ledger_of(settings, runs)
    feeds = [run.walk for run in runs if run.account.platform == "feed" and run.walk and not run.failed]
    rows = [_row(run, ledger, settings) for run in runs if run.walk not in feeds]
    if feeds:
        due = [walk.due_at for walk in feeds if walk.due_at]
        pages, new = number(sum(walk.pages for walk in feeds)), number(sum(walk.rows for walk in feeds))
        next_run = moment(min(due), settings.zone) if due else ""
        rows.append((_("feeds: {n}").format(n=number(len(feeds))), "", outcome("done"), pages, new, "", next_run))
    headings = (_("account"), _("stream"), _("outcome"), _("pages"), _("new rows"), _("cost"), _("next"))
    show_table(headings, rows, numbers=(3, 4, 5))
    show_notes([f"{run.account.account} · {run.stream}: {note}" for run in runs if run.walk for note in run.walk.notes])
    show_missing(missing)


def show_missing(missing: Sequence[Missing]) -> None:
    """What each platform lacks that nobody has set up yet."""
    if missing:
        print(_("Not collected yet:"))
    for platform in missing:
        print(f"  {platform.platform}: {platform.what}. {platform.how}")


def _row(run: Run, ledger: Ledger, settings: Settings) -> Sequence[str]:
    if run.walk is None:
        return run.account.account, run.stream, _("left out"), "", "", "", run.skipped
    walk, at = run.walk, _next(run.walk)
    spent = costs(ledger.get(walk.walk, {}))
    next_run = moment(at, settings.zone) if at else ""
    return run.account.account, run.stream, outcome(walk.outcome), number(walk.pages), number(walk.rows), spent, next_run


def _next(walk: Walk) -> Any:
    return walk.due_at if walk.finished_at else walk.resume_at


# -- for a script


def as_json(settings: Settings, runs: Sequence[Run], missing: Sequence[Missing]) -> dict[str, Any]:
    ledger = ledger_of(settings, runs)
    return {
        "runs": [_object(run, ledger) for run in runs],
        "missing": [{"platform": m.platform, "what": m.what, "how": m.how} for m in missing],
    }


def _object(run: Run, ledger: Ledger) -> dict[str, Any]:
    said: dict[str, Any] = {"account": run.account.account, "stream": run.stream, "failed": run.failed, "skipped": run.skipped}
    if walk := run.walk:
        said |= {
            "walk": walk.walk, "outcome": walk.outcome, "error": walk.error, "notes": list(walk.notes), "pages": walk.pages,
            "rows": walk.rows, "since": to_text(walk.since), "finished": walk.finished_at is not None,
            "next_at": to_text(at) if (at := _next(walk)) else None, "cost": ledger.get(walk.walk, {}),
        }  # fmt: skip
    return said


# -- the dry run


def plans_of(settings: Settings, runs: Sequence[Run]) -> list[dict[str, Any]]:
    """The first requests of every stream with the most that they may cost, and what the last complete walk took."""
    with opened(settings.database, settings.zone, read_only=True) as storage:
        found = []
        for run in runs:
            last = last_complete(storage, run.account.account, run.stream)
            found.append(
                {
                    "account": run.account.account,
                    "stream": run.stream,
                    "since": to_text(run.walk.since) if run.walk else None,
                    "requests": [{"method": m, "url": url, "cost_at_most": quote} for m, url, quote in run.planned],
                    "skipped": run.skipped,
                    "last_walk": {"pages": last[1], "cost": walk_costs(storage, last[0])} if last else None,
                }
            )
    return found


def show_plans(plans: Sequence[Mapping[str, Any]]) -> None:
    """The plans for a person, stream by stream."""
    for plan in plans:
        print(f"{plan['account']} · {plan['stream']}")
        for request in plan["requests"]:
            most = cost(request["cost_at_most"], plan["account"].partition(":")[0]) if request["cost_at_most"] else _("nothing")
            print(f"  {request['method']} {request['url']}")
            print("  " + _("costs at most: {cost}").format(cost=most))
        if plan["skipped"]:
            print(f"  {plan['skipped']}")
        if last := plan["last_walk"]:
            spent = costs(last["cost"]) or _("nothing")
            print("  " + _("the last complete walk: pages {pages}, cost {cost}").format(pages=number(last["pages"]), cost=spent))
