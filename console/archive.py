"""`mecra show` and `mecra rebuild`: what the archive holds, and whether the tables still say the same."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from config import Settings
from console.tables import show_table
from model import MecraError, from_text
from storage import opened
from storage.health import response, sha256_kept
from storage.purges import purged_answer
from words import _, cost, moment, number


def show_response(settings: Settings, wanted: int) -> None:
    """Print one archived answer; says so when its body is no longer the one that was stored."""
    with opened(settings.database, settings.zone, read_only=True) as storage:
        found = response(storage, wanted)
        kept = sha256_kept(storage, wanted)
        purge = purged_answer(storage, wanted)
    if found is None:
        raise MecraError(_("there is no response {number} in the archive").format(number=wanted))
    exchange, account, stream = found
    real = hashlib.sha256(exchange.body).hexdigest()
    print(f"{account} · {stream} · {moment(exchange.at, settings.zone)}")
    print(f"{exchange.method} {exchange.url}")
    print(
        _("status {status}, {size} bytes received, {ms} ms").format(
            status=exchange.status, size=number(exchange.size), ms=number(exchange.ms)
        )
    )
    if spent := cost(exchange.cost, exchange.bucket) if exchange.cost else "":
        print(_("cost {cost}").format(cost=spent))
    if purge:
        text = _("Something of it was purged on {at} by {by}, because: {why} (purge {purge})")
        print(
            text.format(at=moment(from_text(purge.purged_at), settings.zone), by=purge.purged_by, why=purge.why, purge=purge.purge)
        )
    print(
        f"sha256 {kept}"
        + (
            ""
            if real == kept or (purge and not exchange.body)
            else " " + _("BUT THE BODY IS ANOTHER ONE: {sha256}").format(sha256=real)
        )
    )
    print()
    print(exchange.body.decode("utf-8", "replace") or _("(no body was kept)"))


def show_differences(found: Mapping[str, tuple[int, int]], *, applied: bool) -> None:
    """What `Jobs.rebuild` found, by table."""
    if not found:
        print(_("The tables are exactly what the archive says."))
        return
    rows = [(table, number(ours), number(archive)) for table, (ours, archive) in sorted(found.items())]
    show_table((_("table"), _("only in the database"), _("only in the archive")), rows, numbers=(1, 2))
    print(
        _("The archive's tables were put in place.")
        if applied
        else _("Nothing was changed; `mecra rebuild --apply` puts the archive's tables in place.")
    )
