"""Indexes for whole half-years, and what measuring looks at first. A step of the schema (storage/schema.py)."""

from __future__ import annotations

# Each holds everything that is asked for by it, so that a row's page need not be read. `last_moves` says of a post's counters that no
# row of them begins after `moved_at`, and that there is one for each of `metrics` since `response`: most posts need no other look.
SPEED = """
DROP INDEX readings_by_series;
CREATE INDEX readings_by_series ON readings (account, post, metric, day, at, reading, value, response);
CREATE INDEX readings_of_accounts ON readings (account, metric, at, until, value, exact, response) WHERE post IS NULL AND day IS NULL;
CREATE INDEX walks_done ON walks (account, stream, started_at, since, finished_at) WHERE outcome IN ('done', 'partial');
CREATE TABLE last_moves (
    account TEXT NOT NULL,
    post TEXT NOT NULL,
    moved_at TEXT NOT NULL,            -- the latest `at` of its counters' rows
    response INTEGER,                  -- the answer that they were first read in,
    metrics TEXT NOT NULL,             -- and which of them, between blanks
    PRIMARY KEY (account, post)
) STRICT, WITHOUT ROWID;
INSERT INTO last_moves
SELECT account, post, moved_at, response, ' ' || ifnull((
    SELECT group_concat(metric, ' ') FROM (
        SELECT DISTINCT metric FROM readings r
        WHERE r.account = f.account AND r.post = f.post AND r.day IS NULL AND r.response = f.response ORDER BY metric)
    ), '') || ' '
FROM (SELECT account, post, max(at) AS moved_at, min(response) AS response FROM readings WHERE post IS NOT NULL AND day IS NULL
      GROUP BY account, post) f;
"""
