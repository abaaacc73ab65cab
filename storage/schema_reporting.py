"""The table of what people write beside the figures of a report. A step of the schema (storage/schema.py)."""

from __future__ import annotations

NOTES = """
CREATE TABLE indicator_notes (
    note INTEGER PRIMARY KEY AUTOINCREMENT,
    indicator TEXT NOT NULL,
    period TEXT NOT NULL,              -- 2026-H1 or 2026
    reason TEXT,                       -- of the deviation; null: this note says nothing of it, '': what was said is taken back
    measures TEXT,                     -- to be taken
    relevance TEXT,                    -- and the four questions of a year's evaluation
    effectiveness TEXT,
    efficiency TEXT,
    sustainability TEXT,
    written_by TEXT NOT NULL,
    written_at TEXT NOT NULL
) STRICT;
CREATE INDEX indicator_notes_by_period ON indicator_notes (period, indicator, note);
CREATE TRIGGER indicator_notes_are_kept BEFORE DELETE ON indicator_notes
BEGIN SELECT raise(ABORT, 'notes are kept: write a new one'); END;
CREATE TRIGGER indicator_notes_stay BEFORE UPDATE ON indicator_notes
BEGIN SELECT raise(ABORT, 'notes never change: write a new one'); END;
"""
