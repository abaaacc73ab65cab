"""All that is known of one post: its words, its counters and their readings, and the planned slot that it met. As of now."""

from __future__ import annotations

from dataclasses import dataclass

from storage import Storage
from storage.overview import ENGAGEMENTS

POST = """
SELECT account, post, stream, kind, published_at, published_on, url, text, first_seen_at, last_seen_at, gone_at, response
FROM posts WHERE account = ? AND post = ?
"""
READINGS = """
SELECT metric, value, at, until, exact, fell, response FROM readings
WHERE account = ? AND post = ? AND day IS NULL ORDER BY metric, at, reading
"""
EARLIER = """
SELECT e.text, r.at FROM edits e LEFT JOIN responses r USING (response) WHERE e.account = ? AND e.post = ? ORDER BY e.response
"""
MET = "SELECT slot, planned_at, platform, title FROM plan_slots WHERE matched_post = ? ORDER BY slot LIMIT 1"
GAPS = """
SELECT metric, reason, at, until FROM gaps
WHERE account = ? AND post = ? AND day IS NULL AND filled_at IS NULL ORDER BY metric, at
"""


@dataclass(frozen=True, slots=True)
class PostReading:
    """A counter that stood at `value` from `at` to `until` (UTC text), as the archived answer `response` told it."""

    metric: str
    value: int
    at: str
    until: str
    exact: int
    fell: int
    response: int | None


@dataclass(frozen=True, slots=True)
class Planned:
    """The slot of the weekly plan that a post met, as it was matched last."""

    slot: int
    planned_at: str
    platform: str
    title: str


@dataclass(frozen=True, slots=True)
class Missing:
    """Why a counter is not known."""

    metric: str
    reason: str
    at: str
    until: str


@dataclass(frozen=True, slots=True)
class WholePost:
    """`earlier`: what it said before, and when it was first seen to say otherwise."""

    account: str
    post: str
    stream: str
    kind: str
    published_at: str
    published_on: str
    url: str
    text: str
    first_seen_at: str
    last_seen_at: str
    gone_at: str | None
    response: int | None
    readings: tuple[PostReading, ...]
    earlier: tuple[tuple[str, str | None], ...]
    planned: Planned | None
    missing: tuple[Missing, ...]

    @property
    def counters(self) -> dict[str, list[PostReading]]:
        """Each counter's readings in order of time; what people do with a post first."""
        known: dict[str, list[PostReading]] = {}
        for reading in self.readings:
            known.setdefault(reading.metric, []).append(reading)
        order = ("views", "reach", *ENGAGEMENTS)
        return {name: known[name] for name in sorted(known, key=lambda n: (order.index(n) if n in order else len(order), n))}


def whole_post(storage: Storage, account: str, post: str) -> WholePost | None:
    """The post of an account; None where there is none."""
    key = (account, post)
    row = storage.connection.execute(POST, key).fetchone()
    if row is None:
        return None
    planned = storage.connection.execute(MET, (f"{account}/{post}",)).fetchone()
    readings = tuple(PostReading(*reading) for reading in storage.connection.execute(READINGS, key))
    missing = tuple(Missing(*gap) for gap in storage.connection.execute(GAPS, key))
    earlier = tuple(storage.connection.execute(EARLIER, key).fetchall())
    return WholePost(*[*row, readings, earlier, Planned(*planned) if planned else None, missing])
