"""A file of figures as it is archived, and read again from the archive: one exchange for each instant that figures belong to."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from collectors.base import Malformed
from collectors.exports.said import Figures, Listed, Said
from model import IMPORT, Account, Exchange, MecraError, Post, Reading, Records, from_text, of_our_times, to_text
from words import _

BUCKET = "import"
MOST = 10**15
FIRST, LAST = date(1990, 1, 1), date(2199, 12, 31)


def exchanges(figures: Figures) -> dict[str, list[Exchange]]:
    """By account, oldest first: its figures and posts, with the rows that they stood in. Raises MecraError while a row has an error."""
    if figures.errors:
        raise MecraError(
            _("{what} ({n} errors in all; nothing was imported)").format(what=figures.errors[0], n=len(figures.errors))
        )
    found: dict[str, dict[datetime, tuple[list[Said], list[Listed]]]] = {}
    for said in figures.figures:
        found.setdefault(said.account.account, {}).setdefault(said.at, ([], []))[0].append(said)
    for listed in figures.posts:
        found[listed.account.account][listed.at][1].append(listed)
    return {
        account: [_exchange(figures, at, *instants[at]) for at in sorted(instants)] for account, instants in sorted(found.items())
    }


def _exchange(figures: Figures, at: datetime, said: list[Said], listed: list[Listed]) -> Exchange:
    body = {
        "columns": dict(figures.mapping),
        "figures": [_plain(one) for one in said],
        "posts": [
            {"post": p.post, "kind": p.kind, "published_at": to_text(p.published_at), "url": p.url, "text": p.text}
            for p in (one.post for one in listed)
        ],
    }
    raw = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    return Exchange(at, IMPORT, f"file:{figures.file}?sha256={figures.sha256}", 200, raw, figures.size, bucket=BUCKET)


def _plain(said: Said) -> dict[str, Any]:
    r = said.reading
    known = {
        "sheet": said.sheet,
        "row": said.row,
        "metric": r.metric,
        "value": r.value,
        "post": r.post,
        "day": r.day and r.day.isoformat(),
    }
    return {name: value for name, value in known.items() if value not in ("", None)} | ({} if r.exact else {"exact": False})


def read(account: Account, exchange: Exchange) -> Records:
    """The records of one archived exchange; raises Malformed for what is none."""
    try:
        body = exchange.value
        figures, posts = list(body["figures"]), list(body["posts"])
    except (ValueError, KeyError, TypeError):
        raise Malformed("no archived file of figures", at=exchange.url, cure="hand the file in again") from None
    faults: list[str] = []
    readings = tuple(_each(figures, _reading, faults))
    return Records(posts=tuple(_each(posts, _post, faults)), readings=readings, faults=tuple(faults))


def _each(rows: list[Any], made: Any, faults: list[str]) -> Iterator[Any]:
    for row in rows:
        try:
            yield made(row)
        except (KeyError, TypeError, ValueError) as error:
            faults.append(f"a row that can't be read ({type(error).__name__}: {str(error)[:160]})")


def _reading(row: Any) -> Reading:
    day = date.fromisoformat(row["day"]) if "day" in row else None
    metric, value, post = row["metric"], row["value"], row.get("post")
    if type(value) is not int or abs(value) > MOST or not isinstance(metric, str) or not metric:
        raise ValueError("no figure")
    if not isinstance(post, (str, type(None))) or (day and not FIRST <= day <= LAST):
        raise ValueError("a figure of no post, or of no day")
    return Reading(metric, value, post, day, bool(row.get("exact", True)))


def _post(row: Any) -> Post:
    post, kind, published, url, text = (row[name] for name in ("post", "kind", "published_at", "url", "text"))
    if not all(isinstance(one, str) for one in (post, kind, url, text)) or not post or not kind:
        raise ValueError("no post")
    return Post(post, kind, of_our_times(from_text(published)), url, text)
