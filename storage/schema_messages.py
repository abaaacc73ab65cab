"""What mecra wrote and sent by itself: reports as files, and messages. A step of the schema (storage/schema.py)."""

from __future__ import annotations

MESSAGES = """
CREATE TABLE report_files (
    file INTEGER PRIMARY KEY AUTOINCREMENT,
    occasion TEXT NOT NULL,            -- '2026-H1 final' or '2026-H1 revision 1': what it was written on
    language TEXT NOT NULL,
    path TEXT NOT NULL,                -- where it was written; a person may have moved or edited it since
    bytes INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    written_at TEXT NOT NULL
) STRICT;
CREATE INDEX report_files_by_occasion ON report_files (occasion);
CREATE INDEX report_files_by_path ON report_files (path);
CREATE TRIGGER report_files_are_kept BEFORE DELETE ON report_files
BEGIN SELECT raise(ABORT, 'what was written stays told'); END;
CREATE TRIGGER report_files_stay BEFORE UPDATE ON report_files
BEGIN SELECT raise(ABORT, 'what was written stays told'); END;
CREATE TABLE messages (
    message INTEGER PRIMARY KEY AUTOINCREMENT,
    occasion TEXT NOT NULL,            -- as above; '2026-H1 due 2026-07-24' is a reminder, 'test' a try
    recipient TEXT,                    -- null: said in the log, to nobody by mail
    outcome TEXT NOT NULL CHECK (outcome IN ('begun', 'sent', 'refused', 'failed', 'unclear', 'told')),
    answer TEXT NOT NULL DEFAULT '',   -- what the mail server answered, or why it was not sent
    at TEXT NOT NULL
) STRICT;
CREATE INDEX messages_by_occasion ON messages (occasion, recipient, message);
CREATE TRIGGER messages_are_kept BEFORE DELETE ON messages
BEGIN SELECT raise(ABORT, 'what was sent stays told'); END;
CREATE TRIGGER messages_stay BEFORE UPDATE ON messages
BEGIN SELECT raise(ABORT, 'what was sent stays told'); END;
"""
