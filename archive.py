"""The archive without a network: files that people hand in go into it, and the tables are derived again from it."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path

from collectors import make_collector
from collectors.base import CollectError, Collector
from collectors.news import settle
from model import FILES, Records, Stream
from scheduler import Jobs, Run
from storage import Handed, Storage, opened
from storage.rebuilding import copy_given, differences, put_in_place

log = logging.getLogger("mecra.archive")


# -- what people hand in


def import_news(jobs: Jobs, path: Path, mapping: Mapping[str, str] | None = None) -> Run:
    """Take in a clipping agency's file: archived like an answer, so that `rebuild` covers it too, whole or not at all.

    Raises MecraError when a row has an error.
    """
    from collectors.news.agency import exchange
    from collectors.news.clippings import load

    account = next(a for a in jobs.settings.accounts if a.platform == "agency")
    reader = make_collector("agency", jobs.outfit("agency"))
    now = jobs.now()
    told = exchange(load(path, mapping, now=now), now)
    records = reader.read(account, told)
    with opened(jobs.settings.database, jobs.settings.zone, settle=settle) as storage, jobs.lock(account, wait=True):
        [walk] = storage.take_in([Handed(account, [(told, records)], records.faults[:20])], now)
    return Run(account, FILES, walk)


# -- the tables again


def rebuild(jobs: Jobs, *, apply: bool = False) -> dict[str, tuple[int, int]]:
    """Derive posts, readings, articles and gaps again from the archived answers, and compare them with the tables.

    Answers, per table that differs, how many rows only the database and only the archive have; `apply` puts the archive's
    tables in place. Needs about as much free disk as the database takes.
    """
    settings = jobs.settings
    twin = settings.data / "rebuild.db"
    for leftover in settings.data.glob("rebuild.db*"):
        leftover.unlink()
    try:
        with (
            opened(settings.database, settings.zone, settle=settle) as storage,
            opened(twin, settings.zone, settle=settle) as other,
        ):
            copy_given(other.connection, settings.database)
            _derive_all(jobs, other)
            found = differences(storage.connection, twin)
            if apply and found:
                put_in_place(storage.connection, twin)
    finally:
        for leftover in settings.data.glob("rebuild.db*"):
            leftover.unlink()
    return found


def _derive_all(jobs: Jobs, storage: Storage) -> None:
    accounts = {account.account: account for account in storage.accounts()}
    accounts |= {account.account: account for account in jobs.settings.accounts}
    readers: dict[str, Collector] = {}
    for response, walk, exchange, last in storage.archived():
        account = accounts[walk.account]
        reader = readers.setdefault(account.platform, make_collector(account.platform, jobs.outfit(account.platform)))
        records = Records()
        stream = reader.streams.get(walk.stream, Stream(walk.stream, ()))
        if exchange.status in stream.statuses and exchange.body:
            try:
                records = reader.read(account, exchange)
            except CollectError:
                log.warning("response %d can't be read, now as then", response)
        lasting = stream.lasting and walk.outcome in ("done", "partial")
        storage.derive(response, walk, exchange.at, records, last=last, lasting=lasting)
