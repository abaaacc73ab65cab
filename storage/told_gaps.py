"""What should be known of a period and was not, by the reason that was told: as it stood at an instant."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from storage import Storage
from storage.knowledge import Known

# A figure of a day belongs to that day; any other was missed at the time at which it was asked for.
OPEN = """
SELECT g.account, g.metric, g.reason, count(*), count(DISTINCT g.post), min(coalesce(g.day, substr(g.at, 1, 10))),
       max(coalesce(g.day, substr(g.at, 1, 10)))
FROM gaps g
WHERE (g.response IS NULL OR g.response <= :response) AND g.at <= :known AND (g.filled_at IS NULL OR g.filled_at > :known)
AND g.metric IN (SELECT value FROM json_each(:metrics))
AND NOT EXISTS (
    SELECT 1 FROM posts p WHERE p.account = g.account AND p.post = g.post AND p.kind IN (SELECT value FROM json_each(:leave_out))
)
AND CASE WHEN g.day IS NULL THEN g.at >= :start AND g.at < :end ELSE g.day BETWEEN :first AND :last END
GROUP BY g.account, g.metric, g.reason ORDER BY g.account, g.metric, g.reason
"""


@dataclass(frozen=True, slots=True)
class Missed:
    """`figures` of an account that are not known, `posts` of them of single posts; from the first day to the last."""

    account: str
    metric: str
    reason: str
    figures: int
    posts: int
    first: date
    last: date


def missed(
    storage: Storage,
    days: tuple[date, date],
    span: tuple[str, str],
    known: Known,
    *,
    metrics: Sequence[str],
    leave_out: Sequence[str] = (),
) -> list[Missed]:
    """The gaps of the local days, both included, and of the instants of a span (UTC text) that nothing had filled by then; of some
    metrics, and of no post of a kind that is left out."""
    asked = {
        "first": days[0].isoformat(), "last": days[1].isoformat(), "start": span[0], "end": span[1], "known": known.text,
        "response": known.response, "metrics": json.dumps(list(metrics)), "leave_out": json.dumps(list(leave_out)),
    }  # fmt: skip
    return [
        Missed(account, metric, reason, figures, posts, date.fromisoformat(first), date.fromisoformat(last))
        for account, metric, reason, figures, posts, first, last in storage.connection.execute(OPEN, asked)
    ]
