"""What pages leaf through and search, kept in the order in which they do. A step of the schema (storage/schema.py)."""

from __future__ import annotations

from storage.folding import folded_sql

TITLE = folded_sql("title")  # never changed: an index is found by the very words that it was made with
BROWSING = f"""
CREATE INDEX articles_browsed ON articles (published_on, status, found_via, outlet, story, {TITLE});
CREATE INDEX articles_by_outlet ON articles (outlet, published_on, status, found_via);
CREATE INDEX articles_waiting ON articles (published_on) WHERE status = 'review';
"""
