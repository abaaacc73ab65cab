"""The log of what people did by hand. A step of the schema (storage/schema.py)."""

from __future__ import annotations

AUDIT = """
CREATE TABLE acts (
    act INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,
    begun INTEGER REFERENCES acts,     -- of an end: the line that tells of the beginning
    who TEXT NOT NULL,                 -- as they said: --by, MECRA_USER, or the login name
    login TEXT NOT NULL,               -- as the machine says, and who called sudo
    command TEXT NOT NULL,
    arguments TEXT NOT NULL,           -- JSON, without secrets; '{}' of an end
    outcome TEXT NOT NULL CHECK (outcome IN ('begun', 'done', 'failed')),
    told TEXT NOT NULL DEFAULT '',     -- why it failed
    previous_sha256 TEXT,
    sha256 TEXT NOT NULL               -- over this line and the one before it (storage/audit.py)
) STRICT;
CREATE INDEX acts_by_beginning ON acts (begun) WHERE begun IS NOT NULL;
CREATE TRIGGER acts_are_kept BEFORE DELETE ON acts BEGIN SELECT raise(ABORT, 'what was done stays told'); END;
CREATE TRIGGER acts_stay BEFORE UPDATE ON acts BEGIN SELECT raise(ABORT, 'what was done stays told'); END;
"""
