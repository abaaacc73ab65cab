"""How far what is counted from posts is known, in days of an account."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from indicators.asked import Asked
from indicators.scope import Share
from storage.coverage import Looked, looked
from words import N_, Note

UNLISTED = N_("{account}: days on which its posts were not looked up: {days} ({first} to {last})")
NOTHING = Looked(frozenset(), frozenset(), None)


def days_over(asked: Asked, share: Share) -> list[date]:
    """The days of a share that are over: the running one is asked of nobody."""
    last = min(share.last, asked.known.at.astimezone(asked.zone).date() - timedelta(days=1))
    return [share.first + timedelta(n) for n in range((last - share.first).days + 1)]


def looked_at(asked: Asked, share: Share, streams: Sequence[str]) -> Looked:
    days = days_over(asked, share)
    if not days:
        return NOTHING
    until = min(share.span(asked.zone)[1], asked.span[1])
    what = (share.account.account, tuple(streams), days[0], days[-1])
    return asked.once(("looked", *what, until), lambda: looked(asked.storage, *what, asked.known, until))


def unlisted(account: str, days: Iterable[date], listed: Iterable[date]) -> list[Note]:
    """What there is to say where days are missing."""
    missing = sorted(set(days) - set(listed))
    if not missing:
        return []
    first, last = missing[0].isoformat(), missing[-1].isoformat()
    return [Note(UNLISTED, {"account": account, "days": len(missing), "first": first, "last": last})]
