"""What was purged: that it went, never what it was. A step of the schema (storage/schema.py)."""

from __future__ import annotations

PURGES = """
CREATE TABLE purges (
    purge INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL CHECK (kind IN ('account', 'post', 'article', 'expired', 'bodies', 'texts')),
    account TEXT,                      -- whose; null: everybody's, or an article
    subject_sha256 TEXT,               -- of the post's or the article's key: whoever knows it can find it, nobody can read it
    before TEXT,                       -- only what is older; null: all of it
    rows TEXT NOT NULL,                -- JSON: how many of each table
    rows_sha256 TEXT NOT NULL,         -- of what went, row by row
    why TEXT NOT NULL,
    purged_by TEXT NOT NULL,
    purged_at TEXT NOT NULL,
    previous_sha256 TEXT,
    sha256 TEXT NOT NULL               -- of this row, its answers and its effects, and of the purge before it
) STRICT;
CREATE TABLE purged_answers (
    purge INTEGER NOT NULL REFERENCES purges,
    response INTEGER NOT NULL,
    was_sha256 TEXT NOT NULL,          -- of the body before
    sha256 TEXT,                       -- of what is left of it; null: nothing
    PRIMARY KEY (response, purge)
) STRICT, WITHOUT ROWID;
CREATE TABLE purged_values (
    purge INTEGER NOT NULL REFERENCES purges,
    snapshot INTEGER NOT NULL,         -- a sealed one that can't be measured again as it was
    code TEXT NOT NULL,                -- '' is its head: goal and status
    part TEXT NOT NULL,                -- '' is the value itself
    sha256 TEXT,                       -- of what is measured since; null: nothing is
    PRIMARY KEY (snapshot, code, part, purge)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER purges_are_kept BEFORE DELETE ON purges BEGIN SELECT raise(ABORT, 'what was purged stays told'); END;
CREATE TRIGGER purges_stay BEFORE UPDATE ON purges BEGIN SELECT raise(ABORT, 'what was purged stays told'); END;
CREATE TRIGGER purged_answers_are_kept BEFORE DELETE ON purged_answers BEGIN SELECT raise(ABORT, 'what was purged stays told'); END;
CREATE TRIGGER purged_answers_stay BEFORE UPDATE ON purged_answers BEGIN SELECT raise(ABORT, 'what was purged stays told'); END;
CREATE TRIGGER purged_values_are_kept BEFORE DELETE ON purged_values BEGIN SELECT raise(ABORT, 'what was purged stays told'); END;
CREATE TRIGGER purged_values_stay BEFORE UPDATE ON purged_values BEGIN SELECT raise(ABORT, 'what was purged stays told'); END;
"""
