"""`mecra import readings`: what a file of figures holds, how it was understood, what is wrong with it, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

from archive import TakenIn
from collectors.exports import values
from collectors.exports.said import Figures, Said, Told
from collectors.exports.who import Accounts
from collectors.sheets.cells import CellError
from config import Settings
from console.tables import show_notes, show_table
from model import MecraError, to_text
from scheduler import Jobs
from words import N_, _, moment, number

SHOWN_ERRORS = 20
LEVELS = (N_("followers"), N_("posts_total"), N_("views_total"), N_("page_likes"))  # beside the metrics that are counted


def told_of(jobs: Jobs, account: str | None, at: str | None, label: str) -> Told:
    """What the options say of all rows. Raises MecraError for an account or an hour that there is none of."""
    try:
        whose = Accounts(jobs.settings.accounts).named(account) if account else None
    except CellError as error:
        raise MecraError(f"--account {account}: {error.what} -> {error.cure}") from None
    if label and whose is None:
        raise MecraError(_("--label names one account: say with --account which one"))
    try:
        day, hour = values.moment(at, None, jobs.now(), jobs.settings.zone) if at else (None, None)
        when = hour or (values.end_of(day, jobs.now(), jobs.settings.zone) if day else None)
    except CellError as error:
        raise MecraError(f"--at {at}: {error.what} -> {error.cure}") from None
    return Told(replace(whose, label=label or whose.label) if whose else None, when)


def show(figures: Figures, settings: Settings) -> None:
    """The columns, one line an account and figure, the notes and the errors."""
    print(_("{file}: {n} figures").format(file=figures.file, n=number(len(figures.figures))))
    if figures.export:
        print(_("recognised as: {export}").format(export=figures.export))
    show_table((_("field"), _("column")), list(figures.mapping.items()))
    series: dict[tuple[str, str], list[Said]] = {}
    for said in figures.figures:
        series.setdefault((said.account.account, said.reading.metric), []).append(said)
    headings = (_("account"), _("figure"), _("number of figures"), _("posts"), _("from"), _("until"))
    show_table(headings, [_line(key, said, settings) for key, said in sorted(series.items())], numbers=(2, 3))
    show_notes(figures.notes)
    for error in figures.errors[:SHOWN_ERRORS]:
        print(f"✗ {error}")
    if len(figures.errors) > SHOWN_ERRORS:
        print(_("... and {n} more errors").format(n=number(len(figures.errors) - SHOWN_ERRORS)))


def _line(key: tuple[str, str], said: Sequence[Said], settings: Settings) -> Sequence[str]:
    posts = len({one.reading.post for one in said} - {None})
    first, last = (moment(pick(one.at for one in said), settings.zone) for pick in (min, max))
    return key[0], _(key[1]), number(len(said)), number(posts) if posts else "", first, last


def show_came(came: TakenIn, settings: Settings) -> None:
    """What was new, and which figures another file tells otherwise."""
    said = N_("{account}: {metric} is {value} now, instead of {before} in {file}")
    if came.before:
        print(_("nothing new: this file was taken in on {at}").format(at=moment(came.before, settings.zone)))
        said = N_("{account}: {metric} is {value} in it, and {before} in {file}, which came later and counts")
    else:
        print(_("{rows} new rows stored").format(rows=number(came.rows)))
    show_notes(
        [
            _(said).format(
                account=account, metric=_(reading.metric), value=number(reading.value), before=number(before), file=origin.file
            )
            for account, reading, before, origin in came.others
        ]
    )


def as_object(figures: Figures, came: TakenIn | None) -> dict[str, Any]:
    """The same for a script."""
    return {
        "file": figures.file,
        "sha256": figures.sha256,
        "export": figures.export or None,
        "columns": dict(figures.mapping),
        "accounts": sorted(figures.accounts),
        "figures": len(figures.figures),
        "posts": len(figures.posts),
        "notes": list(figures.notes),
        "errors": [asdict(error) for error in figures.errors],
        "stored": came.rows if came else None,
        "taken_in_before": to_text(came.before) if came and came.before else None,
        "other_values": [
            {"account": account, "metric": r.metric, "post": r.post, "value": r.value, "before": before, "file": origin.file}
            for account, r, before, origin in (came.others if came else ())
        ],
    }
