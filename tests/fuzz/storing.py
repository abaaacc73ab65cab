"""What was read is stored: no answer of anybody makes the database refuse a page, which would stop its walk for ever."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import Any

from collectors.base import CollectError
from collectors.news import settle
from model import Account, Exchange, Walk, from_json
from storage import Storage, opened
from tests.fuzz.answering import ZONE, Platform
from tests.fuzz.files import _folder
from tests.fuzz.platforms import ARCHIVED, PLATFORMS, SEEDS
from tests.fuzz.press import ARCHIVED as PRESS
from tests.fuzz.press import BODIES
from tests.fuzz.promises import Broken
from tests.fuzz.target import NOW, Target


@cache
def _store() -> Storage:
    """A database with all accounts, kept open for the process; nothing that is written into it stays."""
    held = opened(_folder() / "mecra.db", ZONE, settle=settle)
    _held.append(held)
    storage: Storage = held.__enter__()
    accounts = [platform.account for platform in PLATFORMS.values()] + [platform.account for platform, _ in PRESS.values()]
    storage.register(tuple({one.account: one for one in accounts}.values()))
    return storage


_held: list[Any] = []


def stored(body: bytes) -> None:
    """The answer is archived and its records are written, twice, as a walk does; then it is all undone."""
    try:
        value = from_json(body)
        kind, inner = value["kind"], value["body"]
        urls = ARCHIVED[kind] if kind in ARCHIVED else (PRESS[kind][1],)
        platform: Platform = PLATFORMS[kind] if kind in PLATFORMS else PRESS[kind][0]
    except (ValueError, LookupError, TypeError):
        return
    raw = json.dumps(inner, ensure_ascii=False).encode()
    collector = platform.made(lambda path: (500, {}, b""))
    storage = _store()
    for url in urls:
        exchange = Exchange(NOW, "GET", url, 200, raw, len(raw))
        try:
            records = collector.read(platform.account, exchange)
        except CollectError:
            continue
        _written(storage, platform.account, exchange, records)


def _written(storage: Storage, account: Account, exchange: Exchange, records: Any) -> None:
    connection = storage.connection
    connection.execute("SAVEPOINT fuzz")
    try:
        walk = Walk(0, account.account, "posts", NOW, NOW - timedelta(days=60), "manual", attempts=1)
        begun = storage._begun(walk)
        for at in (NOW, NOW + timedelta(hours=1)):
            moment = replace(exchange, at=at)
            storage._saved(begun, replace(begun, pages=begun.pages), [(moment, records)], lasting=False)
        broken = connection.execute("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise Broken(f"a row of {broken[0][0]} that belongs to nothing")
    finally:
        connection.execute("ROLLBACK TO fuzz")
        connection.execute("RELEASE fuzz")


def _seeds() -> list[bytes]:
    found = [{"kind": name, "body": body} for name, (own, _folder) in SEEDS.items() for body in own]
    found += [{"kind": body["kind"], "body": {key: value for key, value in body.items() if key != "kind"}} for body in BODIES]
    return [json.dumps(one).encode() for one in found]


TARGETS = (Target("stored", stored, _seeds, "json", slow=True),)
