"""The archive without a network: files that people hand in go into it, and the tables are derived again from it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from collectors import make_collector
from collectors.base import CollectError, Collector
from collectors.exports.archived import read as read_figures
from collectors.exports.who import Accounts
from collectors.news import settle
from model import FILES, IMPORT, Account, Exchange, MecraError, Reading, Records, Stream, Walk
from scheduler import Jobs, Run
from storage import Handed, Storage, opened
from storage.imports import Origin, differing, taken_in
from storage.purges import without_archive
from storage.rebuilding import copy_given, differences, put_in_place
from words import _

if TYPE_CHECKING:
    from collectors.exports.said import Figures, Told

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
    with opened(jobs.settings.database, jobs.settings.zone, settle=settle) as storage:
        [walk] = storage.take_in([Handed(account, [(told, records)], records.faults[:20])], now)
    return Run(account, FILES, walk)


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What came of a file of figures: a walk for each account of which it said anything new.

    `before` is when the very same file was handed in first. `others` are figures for which another file has another value: account,
    figure, that value and the file. They are corrected, or, where this file was handed in before, have been since.
    """

    walks: tuple[Walk, ...]
    before: datetime | None
    others: tuple[tuple[str, Reading, int, Origin], ...]

    @property
    def rows(self) -> int:
        return sum(walk.rows for walk in self.walks)


def load_readings(jobs: Jobs, path: Path, told: Told, mapping: Mapping[str, str]) -> Figures:
    """What a file of figures says, and every cell that is wrong; nothing is stored. Raises MecraError when there is nothing in it."""
    from collectors.exports.load import load
    from config.exports import words

    known = words(jobs.settings.path.parent)
    return load(path, known, Accounts(jobs.settings.accounts), jobs.now(), jobs.settings.zone, told=told, mapping=mapping)


def import_readings(jobs: Jobs, figures: Figures) -> TakenIn:
    """Take in a file of figures: archived at the instants that they belong to, whole or not at all, and only once.

    Raises MecraError when a row has an error.
    """
    from collectors.exports.archived import exchanges

    accounts, now = figures.accounts, jobs.now()
    with opened(jobs.settings.database, jobs.settings.zone, settle=settle) as storage:
        handed: list[Handed] = []
        before: list[datetime] = []
        others: list[tuple[str, Reading, int, Origin]] = []
        for key, found in exchanges(figures).items():
            harvest: list[tuple[Exchange, Records]] = []
            for exchange in found:
                records = read_figures(accounts[key], exchange)
                others += [(key, *one) for one in differing(storage, key, exchange.at, records.readings)]
                if known := taken_in(storage, key, exchange):
                    before.append(known)
                else:
                    harvest.append((exchange, records))
            if harvest:
                handed.append(Handed(accounts[key], harvest))
        walks = storage.take_in(handed, now) if handed else []
    return TakenIn(tuple(walks), min(before) if before and not handed else None, tuple(others))


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
            if purge := without_archive(storage):
                text = _(
                    "the archive does not hold everything any more that the tables came from: purge {purge} of {day}, because: {why}; `mecra rebuild` is over"
                )
                raise MecraError(text.format(purge=purge.purge, day=purge.purged_at[:10], why=purge.why))
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
    read: Callable[[Account, Exchange], Records]
    for response, walk, exchange, last in storage.archived():
        account, stream = accounts[walk.account], Stream(walk.stream, ())
        read = read_figures
        if exchange.method != IMPORT:
            reader = readers.get(account.platform) or make_collector(account.platform, jobs.outfit(account.platform))
            readers[account.platform] = reader
            read, stream = reader.read, reader.streams.get(walk.stream, stream)
        records = Records()
        if exchange.status in stream.statuses and exchange.body:
            try:
                records = read(account, exchange)
            except CollectError:
                log.warning("response %d can't be read, now as then", response)
        lasting = stream.lasting and walk.outcome in ("done", "partial")
        storage.derive(response, walk, exchange.at, records, last=last, lasting=lasting)
