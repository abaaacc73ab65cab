"""Whether this machine's clock is right: every answer of a platform says what time it is there.

A figure is what it was and when; one under a wrong hour is worse than none, because it is taken for a fact of that hour.
"""

from __future__ import annotations

from datetime import UTC, timedelta
from email.utils import parsedate_to_datetime

from collectors.answers import Answer
from collectors.base import CollectError

MOST = timedelta(hours=1)


def ahead(answer: Answer) -> timedelta | None:
    """By how much our clock is ahead of the one of who answered (less than nothing: behind); None where the answer does not say."""
    try:
        said = parsedate_to_datetime(answer.headers.get("Date", ""))
    except ValueError:
        return None
    return answer.now - said.replace(tzinfo=said.tzinfo or UTC)


def wrong(answer: Answer) -> CollectError | None:
    """The error that a clock is which is off by more than an hour, in either direction."""
    off = ahead(answer)
    if off is None or abs(off) <= MOST:
        return None
    minutes, where = round(abs(off) / timedelta(minutes=1)), "ahead of" if off > timedelta(0) else "behind"
    return CollectError(
        f"this machine's clock is {minutes // 60} h {minutes % 60} min {where} the platform's, so nothing is stored",
        cure="set the clock: timedatectl set-ntp true; gone on with by itself then",
    )
