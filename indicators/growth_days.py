"""What a platform itself says of its days: added up, never filled from posts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby

from indicators.asked import Asked
from indicators.covered import days_over
from indicators.result import Part, digest
from indicators.scope import Share
from storage.counters import Seen, figures_by_day, why_missing
from storage.untold import why_untold
from words import N_, Note

MISSING = N_("{account}: {metric}: days without a figure: {days} ({first} to {last}): {reason}")


def figures(asked: Asked, share: Share, metric: str) -> dict[date, Seen]:
    """The newest figure of each day of the share that the platform has told; by the platform's own dates."""
    return figures_by_day(asked.storage, share.account.account, metric, share.first, share.last, asked.known)


def from_days(asked: Asked, share: Share, metrics: Sequence[str]) -> tuple[list[Part], list[Note]]:
    """A part a metric. A day is covered where every metric has a figure; the running one is asked of nobody."""
    account, days = share.account.account, days_over(asked, share)
    found = {metric: figures(asked, share, metric) for metric in metrics}
    covered = sum(all(day in told for told in found.values()) for day in days)
    parts = [
        Part(
            f"{account} {metric}",
            sum(seen.value for seen in told.values()) if told else None,
            asked=len(days),
            covered=covered,
            digest=digest((day, metric, seen.value) for day, seen in told.items()),
        )
        for metric, told in found.items()
    ]
    lacks = [note for metric, told in found.items() for note in _missing(asked, share, metric, [d for d in days if d not in told])]
    return parts, lacks


def _missing(asked: Asked, share: Share, metric: str, days: Sequence[date]) -> Iterator[Note]:
    account = share.account.account
    why = why_missing(asked.storage, account, metric, share.first, share.last, asked.known) if days else {}
    untold = why_untold(
        asked.storage, account, share.account.platform, metric, [day for day in days if day not in why], asked.known
    )
    reasons = sorted(((why | untold)[day], day) for day in days)
    for reason, some in groupby(reasons, key=lambda one: one[0]):
        lost = [day for _, day in some]
        ends = {"first": lost[0].isoformat(), "last": lost[-1].isoformat()}
        yield Note(MISSING, {"account": account, "metric": metric, "days": len(lost), "reason": reason, **ends})
