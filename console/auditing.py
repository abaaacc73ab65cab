"""The audit log on the screen and as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any
from zoneinfo import ZoneInfo

from console.tables import show_table
from indicators.verify import act_said
from model import from_text
from storage.acts import BEGUN, DONE, FAILED
from storage.audit import Done, Fault, Head
from words import N_, _, moment, number

OUTCOMES = {BEGUN: N_("not told to its end"), DONE: N_("done"), FAILED: N_("failed")}


def as_object(acts: Sequence[Done], last: Head | None, faults: Sequence[Fault]) -> dict[str, Any]:
    """`last` is the line to be noted elsewhere; times are UTC."""
    return {
        "acts": [asdict(act) for act in acts],
        "last": asdict(last) if last else None,
        "faults": [{**asdict(fault), "what": act_said(fault).said()} for fault in faults],
    }


def show_acts(acts: Sequence[Done], zone: ZoneInfo) -> None:
    if not acts:
        print(_("Nothing was changed by hand."))
        return
    headings = (_("act"), _("when"), _("who"), _("login"), _("command"), _("outcome"))
    show_table(headings, [_row(act, zone) for act in acts], numbers=(0,))


def show_faults(faults: Sequence[Fault], last: Head | None) -> None:
    for fault in faults:
        print(f"✗ {act_said(fault).said()}")
    if last is None:
        print(_("Nothing was changed by hand."))
    elif faults:
        print(
            _("{n} faults in the audit log: look for who changed the database, and restore a backup of before").format(
                n=len(faults)
            )
        )
    else:
        text = _("The audit log is whole, {n} lines. The last one is {sha256}: note it elsewhere, and look for it later.")
        print(text.format(n=number(last.act), sha256=last.sha256))


def _row(act: Done, zone: ZoneInfo) -> tuple[str, ...]:
    outcome = _(OUTCOMES[act.outcome]) + (f": {act.told}" if act.told else "")
    typed = " ".join([act.command, *_options(act.arguments)])
    return str(act.act), moment(from_text(act.at), zone), act.who, act.login, typed, outcome


def _options(arguments: Mapping[str, Any]) -> list[str]:
    return [f"{name}={json.dumps(value, ensure_ascii=False)}" for name, value in arguments.items() if value is not None]
