"""`mecra collect`: runs the chosen accounts, shows how it goes, and sums up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from config import Settings
from console.choosing import Missing
from console.progress import Progress
from console.tables import show_table
from console.words import _, cost, moment, number, outcome
from model import Account, to_text
from scheduler import Jobs, Run
from storage import opened
from storage.health import last_complete, walk_costs


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
    return 1 if any(run.failed or (run.skipped and not run.stream) for run in runs) else 0


def costs_of(settings: Settings, runs: Sequence[Run]) -> dict[int, dict[str, int]]:
    with opened(settings.database, settings.zone, read_only=True) as storage:
        return {run.walk.walk: walk_costs(storage, run.walk.walk) for run in runs if run.walk}


def show_summary(settings: Settings, runs: Sequence[Run], missing: Sequence[Missing]) -> None:
    """A row a stream; feeds that brought what they should are one row together."""
    costs = costs_of(settings, runs)
    fine = [r for r in runs if r.account.platform == "feed" and not r.failed and not r.skipped and r.walk]
    rows = [_row(run, costs, settings) for run in runs if run not in fine]
    if fine:
        walks = [run.walk for run in fine if run.walk]
        due = [walk.due_at for walk in walks if walk.due_at]
        rows.append(
            (
                _("{n} feeds").format(n=number(len(fine))), "", outcome("done"), number(sum(w.pages for w in walks)),
                number(sum(w.rows for w in walks)), "", moment(min(due), settings.zone) if due else "",
            )
        )  # fmt: skip
    headings = (_("account"), _("stream"), _("outcome"), _("pages"), _("new rows"), _("cost"), _("next"))
    show_table(headings, rows, numbers=(3, 4, 5))
    show_missing(missing)


def show_missing(missing: Sequence[Missing]) -> None:
    if missing:
        print(_("Not collected yet:"))
    for platform in missing:
        print(f"  {platform.platform}: {platform.what}. {platform.how}")


def _row(run: Run, costs: dict[int, dict[str, int]], settings: Settings) -> Sequence[str]:
    if run.walk is None:
        return run.account.account, run.stream, _("left out"), "", "", "", run.skipped
    walk = run.walk
    spent = ", ".join(filter(None, (cost(amount, bucket) for bucket, amount in costs.get(walk.walk, {}).items())))
    at = walk.due_at if walk.finished_at else walk.resume_at
    next_run = moment(at, settings.zone) if at else ""
    return run.account.account, run.stream, outcome(walk.outcome), number(walk.pages), number(walk.rows), spent, next_run


def as_json(settings: Settings, runs: Sequence[Run], missing: Sequence[Missing]) -> dict[str, Any]:
    costs = costs_of(settings, runs)
    return {
        "runs": [_object(run, costs) for run in runs],
        "missing": [{"platform": m.platform, "what": m.what, "how": m.how} for m in missing],
    }


def _object(run: Run, costs: dict[int, dict[str, int]]) -> dict[str, Any]:
    said: dict[str, Any] = {"account": run.account.account, "stream": run.stream, "failed": run.failed, "skipped": run.skipped}
    if walk := run.walk:
        said |= {
            "walk": walk.walk, "outcome": walk.outcome, "error": walk.error, "notes": list(walk.notes), "pages": walk.pages,
            "rows": walk.rows, "since": to_text(walk.since), "finished": walk.finished_at is not None,
            "next_at": to_text(at) if (at := walk.due_at if walk.finished_at else walk.resume_at) else None,
            "cost": costs.get(walk.walk, {}),
        }  # fmt: skip
    return said


# -- the dry run


def plans_as_json(settings: Settings, runs: Sequence[Run]) -> list[dict[str, Any]]:
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


def show_plans(plans: Sequence[dict[str, Any]]) -> None:
    for plan in plans:
        print(f"{plan['account']} · {plan['stream']}")
        for request in plan["requests"]:
            most = cost(request["cost_at_most"], plan["account"].partition(":")[0]) if request["cost_at_most"] else _("free")
            print(f"  {request['method']} {request['url']}")
            print("  " + _("costs at most {cost}").format(cost=most))
        if plan["skipped"]:
            print(f"  {plan['skipped']}")
        if last := plan["last_walk"]:
            spent = ", ".join(filter(None, (cost(amount, bucket) for bucket, amount in last["cost"].items()))) or _("free")
            print(
                "  "
                + _("the last complete walk took {pages} pages and cost {cost}").format(pages=number(last["pages"]), cost=spent)
            )
