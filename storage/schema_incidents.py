"""What was wrong, from when to when, and in which message it was told. A step of the schema (storage/schema.py)."""

from __future__ import annotations

INCIDENTS = """
CREATE TABLE bulletins (
    bulletin INTEGER PRIMARY KEY AUTOINCREMENT,   -- one message, by every way; how it went stands in `messages`
    made_at TEXT NOT NULL
) STRICT;
CREATE TABLE incidents (
    incident INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,                -- config/alarms.py names them
    about TEXT NOT NULL,               -- what it is about: a stream, a platform, a budget, a period, a directory
    since TEXT NOT NULL,               -- since when it has been so
    opened_at TEXT NOT NULL,           -- when it had lasted long enough to be one
    what TEXT NOT NULL,                -- JSON: the English text and its values
    cure TEXT NOT NULL,                -- likewise: what to do
    over_at TEXT,
    told_in INTEGER REFERENCES bulletins,
    over_told_in INTEGER REFERENCES bulletins
) STRICT;
CREATE UNIQUE INDEX incidents_open ON incidents (kind, about) WHERE over_at IS NULL;
CREATE INDEX incidents_untold ON incidents (incident) WHERE told_in IS NULL OR over_told_in IS NULL;
CREATE TABLE signs (
    kind TEXT NOT NULL,
    about TEXT NOT NULL,
    since TEXT NOT NULL,               -- since when it is not as `incidents` has it: wrong and no incident yet, or right again
    PRIMARY KEY (kind, about)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER incidents_are_kept BEFORE DELETE ON incidents
BEGIN SELECT raise(ABORT, 'what was wrong stays told'); END;
CREATE TRIGGER incidents_stay BEFORE UPDATE ON incidents
WHEN new.kind IS NOT old.kind OR new.about IS NOT old.about OR new.since IS NOT old.since OR new.opened_at IS NOT old.opened_at
    OR new.what IS NOT old.what OR new.cure IS NOT old.cure OR (old.over_at IS NOT NULL AND new.over_at IS NOT old.over_at)
    OR (old.told_in IS NOT NULL AND new.told_in IS NOT old.told_in)
    OR (old.over_told_in IS NOT NULL AND new.over_told_in IS NOT old.over_told_in)
BEGIN SELECT raise(ABORT, 'what was wrong stays told'); END;
"""
