"""The tables of what is measured: plans, what is entered by hand, and snapshots. A step of the schema (storage/schema.py).

Their first form was in no database with a row in it, so it is replaced whole. What is sealed or entered never changes: triggers
refuse it, and `mecra verify` finds what was changed in spite of them.
"""

from __future__ import annotations

TABLES = """
DROP VIEW gostergeler;
DROP VIEW anlik_goruntuler;
DROP VIEW haberler;
DROP TABLE snapshot_evidence;
DROP TABLE snapshot_values;
DROP TABLE snapshots;
DROP TABLE entries;
DROP TABLE publications;
DROP TABLE plan_slots;
DROP TABLE targets;
DROP TABLE indicators;
DROP TABLE plans;

CREATE TABLE plans (
    plan TEXT PRIMARY KEY,             -- sha256 of the plan file
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    loaded_at TEXT NOT NULL,
    body TEXT NOT NULL
) STRICT;
CREATE TABLE indicators (
    plan TEXT NOT NULL REFERENCES plans,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    unit TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('flow', 'level', 'ratio')),
    weight ANY NOT NULL,               -- percent
    baseline ANY,
    PRIMARY KEY (plan, code)
) STRICT;
CREATE TABLE targets (
    plan TEXT NOT NULL,
    code TEXT NOT NULL,
    year INTEGER NOT NULL,
    target ANY NOT NULL,
    PRIMARY KEY (plan, code, year),
    FOREIGN KEY (plan, code) REFERENCES indicators
) STRICT;

CREATE TABLE plan_slots (
    slot INTEGER PRIMARY KEY,
    planned_at TEXT NOT NULL,
    platform TEXT NOT NULL,
    title TEXT NOT NULL DEFAULT '',
    withdrawn_at TEXT,                 -- when it was told, not when it was decided
    reason TEXT NOT NULL DEFAULT '',
    matched_post TEXT,                 -- account/post, as matched last
    source TEXT NOT NULL,              -- file name and sha256
    added_at TEXT NOT NULL,
    UNIQUE (planned_at, platform, title)
) STRICT;

CREATE TABLE publications (
    series TEXT NOT NULL,
    number TEXT NOT NULL,              -- of the issue, or its ISO week where issues have none
    published_on TEXT NOT NULL,
    iso_week TEXT NOT NULL,            -- 2026-W01
    url TEXT NOT NULL DEFAULT '',
    via TEXT NOT NULL,                 -- the account whose post it is, or 'entry'
    post TEXT,
    entry INTEGER REFERENCES entries,
    PRIMARY KEY (series, number)
) STRICT;

CREATE TABLE evidence (
    sha256 TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    body BLOB NOT NULL,
    added_at TEXT NOT NULL
) STRICT;
CREATE TABLE entries (
    entry INTEGER PRIMARY KEY AUTOINCREMENT,
    indicator TEXT NOT NULL,
    period TEXT,                       -- 2026-H1; or
    day TEXT,                          -- the day of an issue, or of a level
    value ANY,                         -- null: an issue of a series
    number TEXT NOT NULL DEFAULT '',
    url TEXT NOT NULL DEFAULT '',
    note TEXT NOT NULL DEFAULT '',
    evidence_sha256 TEXT REFERENCES evidence,
    entered_by TEXT NOT NULL,
    entered_at TEXT NOT NULL,
    approved_by TEXT,
    approved_at TEXT,
    corrects INTEGER REFERENCES entries,   -- the entry that this one replaces once it is approved
    withdraws INTEGER NOT NULL DEFAULT 0   -- 1: the corrected entry is to count no more, and nothing stands in for it
) STRICT;
CREATE TRIGGER entries_are_kept BEFORE DELETE ON entries BEGIN SELECT raise(ABORT, 'entries are kept: enter a correction'); END;
CREATE TRIGGER entries_stay BEFORE UPDATE ON entries
WHEN old.approved_at IS NOT NULL OR new.indicator IS NOT old.indicator OR new.period IS NOT old.period OR new.day IS NOT old.day
  OR new.value IS NOT old.value OR new.number IS NOT old.number OR new.url IS NOT old.url OR new.note IS NOT old.note
  OR new.evidence_sha256 IS NOT old.evidence_sha256 OR new.entered_by IS NOT old.entered_by OR new.entered_at IS NOT old.entered_at
  OR new.corrects IS NOT old.corrects OR new.withdraws IS NOT old.withdraws
BEGIN SELECT raise(ABORT, 'entries never change: enter a correction'); END;

CREATE TABLE rulings (
    ruling INTEGER PRIMARY KEY AUTOINCREMENT,
    article_key TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('counted', 'excluded')),
    why TEXT NOT NULL,
    ruled_by TEXT NOT NULL,
    ruled_at TEXT NOT NULL
) STRICT;
CREATE INDEX rulings_by_article ON rulings (article_key, ruling);
CREATE TRIGGER rulings_are_kept BEFORE DELETE ON rulings BEGIN SELECT raise(ABORT, 'rulings are kept: rule again'); END;
CREATE TRIGGER rulings_stay BEFORE UPDATE ON rulings BEGIN SELECT raise(ABORT, 'rulings never change: rule again'); END;

ALTER TABLE articles ADD COLUMN found_on TEXT;                               -- published_on as it was first stored
ALTER TABLE articles ADD COLUMN dated_by INTEGER REFERENCES responses;       -- the answer that moved published_on
ALTER TABLE articles ADD COLUMN decided_by INTEGER REFERENCES responses;     -- the answer that decided what waited for review
UPDATE articles SET found_on = published_on;
CREATE INDEX articles_moved ON articles (found_on, dated_by) WHERE dated_by IS NOT NULL;

CREATE INDEX readings_fallen ON readings (account, metric, at) WHERE fell = 1;
CREATE INDEX posts_gone ON posts (account, gone_at) WHERE gone_at IS NOT NULL;
CREATE INDEX posts_by_time ON posts (account, published_at, kind, response, post, stream);

CREATE TABLE snapshots (
    snapshot INTEGER PRIMARY KEY AUTOINCREMENT,
    period TEXT NOT NULL,
    revision INTEGER NOT NULL,         -- of the sealed ones, from 1; 0: provisional
    as_of TEXT NOT NULL,
    taken_at TEXT NOT NULL,
    plan TEXT NOT NULL REFERENCES plans,
    archive INTEGER NOT NULL,          -- the last response that it knows
    goal REAL,                         -- percent, rounded half up to two places
    goal_exact TEXT,                   -- as a fraction, 1 is 100 percent
    status TEXT NOT NULL,              -- ok or provisional
    sha256 TEXT,
    previous_sha256 TEXT,
    sealed_at TEXT,
    sealed_by TEXT,
    reason TEXT NOT NULL DEFAULT '',   -- why a revision after the first
    note TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE UNIQUE INDEX snapshots_sealed ON snapshots (period, revision) WHERE sealed_at IS NOT NULL;
CREATE INDEX snapshots_by_period ON snapshots (period, snapshot);
CREATE TABLE snapshot_values (
    snapshot INTEGER NOT NULL REFERENCES snapshots,
    code TEXT NOT NULL,
    value ANY,                         -- rounded half up to two places where it is no whole number; null: not known
    numerator TEXT,                    -- exact
    denominator TEXT,
    baseline ANY,
    target ANY,                        -- of the year's end
    performance REAL,                  -- percent, rounded half up to two places, not capped
    performance_exact TEXT,            -- as a fraction, 1 is 100 percent
    capped REAL,
    contribution REAL,                 -- percent points of the goal
    expected ANY,                      -- what should have been reached by now
    coverage REAL,                     -- percent of the account-days that the value rests on
    status TEXT NOT NULL,              -- ok, provisional, no data, no target, not compared
    band TEXT NOT NULL DEFAULT '',
    note TEXT NOT NULL DEFAULT '',     -- in Turkish
    details TEXT NOT NULL DEFAULT '{}',    -- JSON: second numbers, breakdowns, notes
    PRIMARY KEY (snapshot, code)
) STRICT;
CREATE TABLE snapshot_evidence (
    snapshot INTEGER NOT NULL,
    code TEXT NOT NULL,
    part TEXT NOT NULL,
    value ANY,
    opening ANY,
    closing ANY,
    opening_reading INTEGER,
    closing_reading INTEGER,
    opened_at TEXT,
    closed_at TEXT,
    asked INTEGER NOT NULL DEFAULT 0,  -- account-days that it should rest on
    covered INTEGER NOT NULL DEFAULT 0,
    digest TEXT NOT NULL DEFAULT '',   -- sha256 of the rows that the part was counted from
    note TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (snapshot, code, part),
    FOREIGN KEY (snapshot, code) REFERENCES snapshot_values
) STRICT;
CREATE TRIGGER seals_stay BEFORE UPDATE ON snapshots WHEN old.sealed_at IS NOT NULL
BEGIN SELECT raise(ABORT, 'a sealed snapshot never changes: seal a new revision'); END;
CREATE TRIGGER seals_are_kept BEFORE DELETE ON snapshots WHEN old.sealed_at IS NOT NULL
BEGIN SELECT raise(ABORT, 'a sealed snapshot is kept'); END;
CREATE TRIGGER sealed_values_stay BEFORE UPDATE ON snapshot_values
WHEN (SELECT sealed_at FROM snapshots s WHERE s.snapshot = old.snapshot) IS NOT NULL
BEGIN SELECT raise(ABORT, 'a sealed snapshot never changes: seal a new revision'); END;
CREATE TRIGGER sealed_values_are_kept BEFORE DELETE ON snapshot_values
WHEN (SELECT sealed_at FROM snapshots s WHERE s.snapshot = old.snapshot) IS NOT NULL
BEGIN SELECT raise(ABORT, 'a sealed snapshot is kept'); END;
CREATE TRIGGER sealed_evidence_stays BEFORE UPDATE ON snapshot_evidence
WHEN (SELECT sealed_at FROM snapshots s WHERE s.snapshot = old.snapshot) IS NOT NULL
BEGIN SELECT raise(ABORT, 'a sealed snapshot never changes: seal a new revision'); END;
CREATE TRIGGER sealed_evidence_is_kept BEFORE DELETE ON snapshot_evidence
WHEN (SELECT sealed_at FROM snapshots s WHERE s.snapshot = old.snapshot) IS NOT NULL
BEGIN SELECT raise(ABORT, 'a sealed snapshot is kept'); END;
"""

VIEWS = """
CREATE VIEW haberler AS
SELECT a.article AS no, a.published_on AS gun, a.outlet AS yayin, a.title AS baslik, a.url AS baglanti, a.story AS haber, a.agency AS ajans,
       a.matched AS eslesen,
       CASE coalesce(r.status, a.status) WHEN 'counted' THEN 'sayıldı' WHEN 'excluded' THEN 'sayılmadı' ELSE 'inceleme bekliyor' END AS durum,
       coalesce(r.why, a.reason) AS neden, r.ruled_by AS karar_veren, a.found_via AS kaynak, a.first_seen_at AS goruldu
FROM articles a LEFT JOIN rulings r ON r.ruling = (SELECT max(ruling) FROM rulings WHERE article_key = a.key);

CREATE VIEW gostergeler AS
SELECT i.code AS kod, i.name AS ad, i.unit AS birim, i.kind AS tur, i.weight AS agirlik, i.baseline AS baslangic,
       t.year AS yil, t.target AS hedef
FROM indicators i JOIN targets t USING (plan, code)
WHERE plan = (SELECT plan FROM plans ORDER BY loaded_at DESC LIMIT 1);

CREATE VIEW anlik_goruntuler AS
SELECT s.period AS donem, s.revision AS surum, s.as_of AS tarih, s.sealed_at AS muhurlendi, v.code AS kod, v.value AS deger,
       v.target AS hedef, v.performance AS performans, v.capped AS sinirli, v.contribution AS katki, v.expected AS beklenen,
       v.coverage AS kapsam, v.status AS durum, v.band AS degerlendirme, v.note AS aciklama, s.goal AS hedef_performansi
FROM snapshots s JOIN snapshot_values v USING (snapshot);
"""
