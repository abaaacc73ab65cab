BEGIN TRANSACTION;
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
INSERT INTO "_sqlite_migrations" VALUES(1,'mecra','collecting','2026-11-24 01:07:10.563624+00:00');
INSERT INTO "_sqlite_migrations" VALUES(2,'mecra','measuring','2026-11-24 01:07:10.564697+00:00');
INSERT INTO "_sqlite_migrations" VALUES(3,'mecra','turkish_views','2026-11-24 01:07:10.565714+00:00');
INSERT INTO "_sqlite_migrations" VALUES(4,'mecra','exact_subscribers','2026-11-24 01:07:10.566217+00:00');
CREATE TABLE accounts (
    account TEXT PRIMARY KEY,
    platform TEXT NOT NULL,
    handle TEXT NOT NULL,
    remote_id TEXT NOT NULL DEFAULT '',
    label TEXT NOT NULL DEFAULT '',
    url TEXT NOT NULL DEFAULT '',
    since TEXT,
    until TEXT
) STRICT;
INSERT INTO "accounts" VALUES('x:a','x','a','','','',NULL,NULL);
INSERT INTO "accounts" VALUES('facebook:b','facebook','b','','','',NULL,NULL);
INSERT INTO "accounts" VALUES('feed:gazete','feed','gazete','','Gazete','https://gazete.example/rss',NULL,NULL);
CREATE TABLE articles (
    article INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    outlet TEXT NOT NULL,
    url TEXT NOT NULL,
    canonical_url TEXT NOT NULL,
    title TEXT NOT NULL,
    summary TEXT NOT NULL DEFAULT '',
    published_at TEXT,
    published_on TEXT NOT NULL,        -- of first_seen_at where the outlet gives no date
    published_raw TEXT NOT NULL DEFAULT '',
    first_seen_at TEXT NOT NULL,
    last_seen_at TEXT NOT NULL,
    found_via TEXT NOT NULL,
    matched TEXT NOT NULL,
    match_in TEXT NOT NULL,
    agency TEXT NOT NULL DEFAULT '',
    story TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('counted', 'excluded', 'review')),
    reason TEXT NOT NULL DEFAULT '',
    rule TEXT NOT NULL DEFAULT '',
    account TEXT NOT NULL REFERENCES accounts,
    response INTEGER REFERENCES responses
) STRICT;
INSERT INTO "articles" VALUES(1,'k1','gazete','https://gazete.example/1','k1','Belediyeden yeni park','','2026-03-01T09:00:00Z','2026-03-01','','2026-03-01T14:00:00Z','2026-03-01T14:00:00Z','feed:gazete','belediye','title','','k1','counted','','','feed:gazete',4);
INSERT INTO "articles" VALUES(2,'k2','gazete','https://gazete.example/2','k2','Başka bir haber','','2026-03-01T09:00:00Z','2026-03-01','','2026-03-01T14:00:00Z','2026-03-01T14:00:00Z','feed:gazete','','','','k2','review','no term','','feed:gazete',4);
CREATE TABLE breaks (
    platform TEXT NOT NULL,
    metric TEXT NOT NULL,
    "on" TEXT NOT NULL,
    what TEXT NOT NULL,
    PRIMARY KEY (platform, metric, "on")
) STRICT;
CREATE TABLE definitions (
    platform TEXT NOT NULL,
    metric TEXT NOT NULL,
    name TEXT NOT NULL,
    stream TEXT NOT NULL,
    since TEXT,
    until TEXT,
    meaning TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (platform, stream, name, metric)
) STRICT;
CREATE TABLE entries (
    entry INTEGER PRIMARY KEY,
    indicator TEXT NOT NULL,
    period TEXT,
    day TEXT,
    value TEXT NOT NULL,
    note TEXT NOT NULL DEFAULT '',
    evidence_sha256 TEXT,
    entered_by TEXT NOT NULL,
    entered_at TEXT NOT NULL,
    approved_by TEXT,
    approved_at TEXT
) STRICT;
CREATE TABLE gaps (
    gap INTEGER PRIMARY KEY,
    account TEXT NOT NULL REFERENCES accounts,
    stream TEXT NOT NULL,
    post TEXT,
    metric TEXT NOT NULL,
    day TEXT,
    reason TEXT NOT NULL,
    at TEXT NOT NULL,
    until TEXT NOT NULL,
    filled_at TEXT,                    -- when the figure came after all
    response INTEGER REFERENCES responses
) STRICT;
INSERT INTO "gaps" VALUES(1,'x:a','posts','1790000000000000001','saves',NULL,'the platform does not tell it','2026-03-01T11:00:00Z','2026-03-01T11:00:00Z',NULL,1);
CREATE TABLE indicators (
    plan TEXT NOT NULL REFERENCES plans,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    unit TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('flow', 'level', 'ratio')),
    weight TEXT NOT NULL,
    baseline TEXT,
    PRIMARY KEY (plan, code)
) STRICT;
CREATE TABLE plan_slots (
    slot INTEGER PRIMARY KEY,
    planned_at TEXT NOT NULL,
    platform TEXT NOT NULL,
    title TEXT NOT NULL DEFAULT '',
    withdrawn_at TEXT,
    reason TEXT NOT NULL DEFAULT '',
    matched_post TEXT,
    source TEXT NOT NULL
) STRICT;
CREATE TABLE plans (
    plan TEXT PRIMARY KEY,             -- sha256 of the plan file
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    loaded_at TEXT NOT NULL,
    body TEXT NOT NULL
) STRICT;
CREATE TABLE posts (
    account TEXT NOT NULL REFERENCES accounts,
    post TEXT NOT NULL,
    stream TEXT NOT NULL,
    kind TEXT NOT NULL,
    published_at TEXT NOT NULL,
    published_on TEXT NOT NULL,
    url TEXT NOT NULL DEFAULT '',
    text TEXT NOT NULL DEFAULT '',
    group_key TEXT,
    first_seen_at TEXT NOT NULL,
    last_seen_at TEXT NOT NULL,
    gone_at TEXT,
    response INTEGER REFERENCES responses,
    PRIMARY KEY (account, post)
) STRICT;
INSERT INTO "posts" VALUES('x:a','1790000000000000001','posts','post','2026-03-01T09:00:00Z','2026-03-01','https://x.example/1','Yeni park açıldı. ☘',NULL,'2026-03-01T11:00:00Z','2026-03-01T12:00:00Z',NULL,1);
INSERT INTO "posts" VALUES('x:a','1790000000000000002','posts','post','2026-03-01T10:00:00Z','2026-03-01','https://x.example/2','İkinci gönderi',NULL,'2026-03-01T11:00:00Z','2026-03-01T12:00:00Z',NULL,1);
CREATE TABLE publications (
    series TEXT NOT NULL,
    number TEXT NOT NULL,
    published_on TEXT NOT NULL,
    iso_week TEXT NOT NULL,
    url TEXT NOT NULL DEFAULT '',
    via TEXT NOT NULL,
    PRIMARY KEY (series, number)
) STRICT;
CREATE TABLE readings (
    reading INTEGER PRIMARY KEY,
    account TEXT NOT NULL REFERENCES accounts,
    post TEXT,
    metric TEXT NOT NULL,
    day TEXT,
    value INTEGER NOT NULL,
    at TEXT NOT NULL,
    until TEXT NOT NULL,
    exact INTEGER NOT NULL DEFAULT 1,
    fell INTEGER NOT NULL DEFAULT 0,   -- 1: a lifetime counter that is lower than before
    response INTEGER REFERENCES responses
) STRICT;
INSERT INTO "readings" VALUES(1,'x:a','1790000000000000001','views',NULL,10,'2026-03-01T11:00:00Z','2026-03-01T11:00:00Z',1,0,1);
INSERT INTO "readings" VALUES(2,'x:a','1790000000000000001','likes',NULL,1,'2026-03-01T11:00:00Z','2026-03-01T12:00:00Z',1,0,1);
INSERT INTO "readings" VALUES(3,'x:a','1790000000000000002','views',NULL,5,'2026-03-01T11:00:00Z','2026-03-01T12:00:00Z',1,0,1);
INSERT INTO "readings" VALUES(4,'x:a','1790000000000000001','views',NULL,12,'2026-03-01T12:00:00Z','2026-03-01T12:00:00Z',1,0,2);
INSERT INTO "readings" VALUES(5,'facebook:b',NULL,'views','2026-02-27',70,'2026-03-01T13:00:00Z','2026-03-01T13:00:00Z',1,0,3);
INSERT INTO "readings" VALUES(6,'facebook:b',NULL,'views','2026-02-28',80,'2026-03-01T13:00:00Z','2026-03-01T13:00:00Z',1,0,3);
CREATE TABLE responses (
    response INTEGER PRIMARY KEY,
    walk INTEGER NOT NULL REFERENCES walks,
    at TEXT NOT NULL,
    method TEXT NOT NULL,
    url TEXT NOT NULL,
    status INTEGER NOT NULL,           -- 0: asked, and no whole answer came; the cost is the most that it may have been
    bytes INTEGER NOT NULL,            -- as received; the body kept may be shorter
    sha256 TEXT NOT NULL,              -- of the body kept
    body BLOB,                         -- zlib
    ms INTEGER NOT NULL,
    bucket TEXT NOT NULL,
    cost INTEGER NOT NULL              -- in the bucket's unit
) STRICT;
INSERT INTO "responses" VALUES(1,1,'2026-03-01T11:00:00Z','GET','https://api.example/posts',200,30,'73aebc24222b3c0a1c22d57539c68650ade02eb55011ac00d888a8c2e5b3018c',X'785E4BCA4FA954C84F53A8B04A5430323032D33530D63530543034B4323000226D300900BCD308BA',0,'',0);
INSERT INTO "responses" VALUES(2,2,'2026-03-01T12:00:00Z','GET','https://api.example/posts',200,30,'d7cbb11eec9727c0304566d2c652df315d1b2b22173b22f70ac76c8e27d27031',X'785E4BCA4FA954C84F53A8B04A5430323032D33530D63530543034B2323000226D300900BCE008BB',0,'',0);
INSERT INTO "responses" VALUES(3,3,'2026-03-01T13:00:00Z','GET','https://api.example/daily',200,30,'c1b7bc01e214a92f7928ed484f6e154f613a10951fdb133ad40932e12e556b5f',X'785E4BCA4FA954C84F53484B4C4E4DCACFCFB64A5230323032D33530D63530543034B6323000226D3009002B730B7F',0,'',0);
INSERT INTO "responses" VALUES(4,4,'2026-03-01T14:00:00Z','GET','https://api.example/articles',200,30,'6f3d31fe08a401e4707ca5bedeea62bfcb8a0c18bb723367841f5f4bdaafd80f',X'785E4BCA4FA954C84F53484B4D4DB14A4FAC4A2D495530323032D33530D63530543034B1323000226D3009003E340BF8',0,'',0);
CREATE TABLE snapshot_evidence (
    snapshot INTEGER NOT NULL,
    code TEXT NOT NULL,
    part TEXT NOT NULL,
    value TEXT,
    opening TEXT,
    closing TEXT,
    opening_reading INTEGER REFERENCES readings,
    closing_reading INTEGER REFERENCES readings,
    PRIMARY KEY (snapshot, code, part),
    FOREIGN KEY (snapshot, code) REFERENCES snapshot_values
) STRICT;
CREATE TABLE snapshot_values (
    snapshot INTEGER NOT NULL REFERENCES snapshots,
    code TEXT NOT NULL,
    value TEXT,
    numerator TEXT,
    denominator TEXT,
    baseline TEXT,
    target TEXT,
    performance TEXT,
    capped TEXT,
    contribution TEXT,
    coverage TEXT,
    status TEXT NOT NULL,
    note TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (snapshot, code)
) STRICT;
CREATE TABLE snapshots (
    snapshot INTEGER PRIMARY KEY,
    period TEXT NOT NULL,
    revision INTEGER NOT NULL,
    as_of TEXT NOT NULL,
    taken_at TEXT NOT NULL,
    plan TEXT NOT NULL REFERENCES plans,
    sha256 TEXT,
    previous_sha256 TEXT,
    sealed_at TEXT,
    note TEXT NOT NULL DEFAULT '',
    UNIQUE (period, revision)
) STRICT;
CREATE TABLE targets (
    plan TEXT NOT NULL,
    code TEXT NOT NULL,
    year INTEGER NOT NULL,
    target TEXT NOT NULL,
    PRIMARY KEY (plan, code, year),
    FOREIGN KEY (plan, code) REFERENCES indicators
) STRICT;
CREATE TABLE walks (
    walk INTEGER PRIMARY KEY,
    account TEXT NOT NULL REFERENCES accounts,
    stream TEXT NOT NULL,
    started_at TEXT NOT NULL,
    finished_at TEXT,
    since TEXT NOT NULL,
    depth INTEGER NOT NULL,            -- seconds from since to started_at
    outcome TEXT,                      -- of the last attempt: done, partial, unavailable, refused ...
    error TEXT NOT NULL DEFAULT '',
    notes TEXT NOT NULL DEFAULT '[]',  -- JSON: what the pages had to say
    pages INTEGER NOT NULL DEFAULT 0,
    rows INTEGER NOT NULL DEFAULT 0,
    attempts INTEGER NOT NULL DEFAULT 0,
    missed INTEGER NOT NULL DEFAULT 0, -- runs that were due before this one and did not happen
    trigger TEXT NOT NULL,
    cursor TEXT,
    memo TEXT NOT NULL DEFAULT '{}',
    resume_at TEXT,
    due_at TEXT
) STRICT;
INSERT INTO "walks" VALUES(1,'x:a','posts','2026-03-01T11:00:00Z','2026-03-01T11:00:00Z','2026-02-26T11:00:00Z',259200,'done','','[]',1,5,1,0,'manual',NULL,'{}',NULL,NULL);
INSERT INTO "walks" VALUES(2,'x:a','posts','2026-03-01T12:00:00Z','2026-03-01T12:00:00Z','2026-02-26T12:00:00Z',259200,'done','','[]',1,1,1,0,'manual',NULL,'{}',NULL,NULL);
INSERT INTO "walks" VALUES(3,'facebook:b','daily','2026-03-01T13:00:00Z','2026-03-01T13:00:00Z','2026-02-26T13:00:00Z',259200,'done','','[]',1,2,1,0,'manual',NULL,'{}',NULL,NULL);
INSERT INTO "walks" VALUES(4,'feed:gazete','articles','2026-03-01T14:00:00Z','2026-03-01T14:00:00Z','2026-02-26T14:00:00Z',259200,'done','','[]',1,2,1,0,'manual',NULL,'{}',NULL,NULL);
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
CREATE INDEX walks_by_stream ON walks (account, stream, started_at);
CREATE INDEX walks_open ON walks (account, stream) WHERE finished_at IS NULL;
CREATE INDEX responses_by_bucket ON responses (bucket, at, cost);
CREATE INDEX responses_by_walk ON responses (walk);
CREATE INDEX posts_by_day ON posts (account, published_on);
CREATE INDEX readings_by_series ON readings (account, post, metric, day, at);
CREATE INDEX gaps_by_series ON gaps (account, post, metric, day, reason);
CREATE INDEX gaps_open ON gaps (account, post, metric, day) WHERE filled_at IS NULL;
CREATE INDEX articles_by_day ON articles (published_on, status);
CREATE INDEX articles_by_story ON articles (story);
CREATE VIEW takipciler AS
SELECT a.platform, a.account AS hesap, a.label AS ad, r.value AS takipci, r.at AS okundu, r.until AS gecerli,
       CASE r.exact WHEN 1 THEN 'tam' ELSE 'platform yuvarlıyor' END AS kesinlik
FROM accounts a JOIN readings r ON r.account = a.account AND r.post IS NULL AND r.metric = 'followers' AND r.day IS NULL
ORDER BY a.platform, a.account, r.at;
CREATE VIEW gonderiler AS
SELECT a.platform, p.account AS hesap, p.post AS gonderi, p.kind AS tur, p.published_at AS yayin, p.published_on AS gun,
       p.url AS baglanti, p.text AS metin, p.gone_at AS silindi,
       (SELECT value FROM readings r WHERE r.account = p.account AND r.post = p.post AND r.metric = 'views' AND r.day IS NULL
        ORDER BY at DESC LIMIT 1) AS goruntuleme,
       (SELECT value FROM readings r WHERE r.account = p.account AND r.post = p.post AND r.metric IN ('likes', 'reactions') AND r.day IS NULL
        ORDER BY at DESC LIMIT 1) AS begeni,
       (SELECT value FROM readings r WHERE r.account = p.account AND r.post = p.post AND r.metric = 'comments' AND r.day IS NULL
        ORDER BY at DESC LIMIT 1) AS yorum,
       (SELECT value FROM readings r WHERE r.account = p.account AND r.post = p.post AND r.metric = 'shares' AND r.day IS NULL
        ORDER BY at DESC LIMIT 1) AS paylasim
FROM posts p JOIN accounts a USING (account);
CREATE VIEW haberler AS
SELECT published_on AS gun, outlet AS yayin, title AS baslik, url AS baglanti, story AS haber, agency AS ajans, matched AS eslesen,
       CASE status WHEN 'counted' THEN 'sayıldı' WHEN 'excluded' THEN 'sayılmadı' ELSE 'inceleme bekliyor' END AS durum,
       reason AS neden, found_via AS kaynak, first_seen_at AS goruldu
FROM articles;
CREATE VIEW gostergeler AS
SELECT i.code AS kod, i.name AS ad, i.unit AS birim, i.kind AS tur, i.weight AS agirlik, i.baseline AS baslangic,
       t.year AS yil, t.target AS hedef
FROM indicators i JOIN targets t USING (plan, code)
WHERE plan = (SELECT plan FROM plans ORDER BY loaded_at DESC LIMIT 1);
CREATE VIEW anlik_goruntuler AS
SELECT s.period AS donem, s.revision AS surum, s.as_of AS tarih, s.sealed_at AS muhurlendi, v.code AS kod, v.value AS deger,
       v.target AS hedef, v.performance AS performans, v.capped AS sinirli, v.contribution AS katki, v.coverage AS kapsam,
       v.status AS durum, v.note AS aciklama
FROM snapshots s JOIN snapshot_values v USING (snapshot);
CREATE VIEW veri_sagligi AS
SELECT w.account AS hesap, w.stream AS akis,
       max(CASE WHEN w.outcome IN ('done', 'partial') THEN w.finished_at END) AS son_basarili,
       count(*) FILTER (WHERE w.outcome NOT IN ('done', 'partial')) AS hatali,
       sum(w.missed) AS kacirilan,
       (SELECT error FROM walks e WHERE e.account = w.account AND e.stream = w.stream AND e.error != ''
        ORDER BY e.started_at DESC LIMIT 1) AS son_hata,
       (SELECT count(*) FROM gaps g WHERE g.account = w.account AND g.stream = w.stream AND g.filled_at IS NULL) AS bosluk,
       (SELECT count(*) FROM readings r WHERE r.account = w.account AND r.fell = 1) AS dusen_sayac
FROM walks w GROUP BY w.account, w.stream;
CREATE VIEW aboneler AS
WITH base AS (
    SELECT account, day, value
    FROM (SELECT account, day, value, row_number() OVER (PARTITION BY account ORDER BY until DESC, at DESC, reading DESC) AS newest
          FROM readings WHERE post IS NULL AND metric = 'followers_base' AND day IS NOT NULL)
    WHERE newest = 1
),
moves AS (
    SELECT account, day, sum(CASE metric WHEN 'follows' THEN value ELSE -value END) AS change, count(*) = 2 AS whole
    FROM (SELECT r.account, r.metric, r.day, r.value,
                 row_number() OVER (PARTITION BY r.account, r.metric, r.day ORDER BY r.at DESC, r.reading DESC) AS newest
          FROM base b JOIN readings r
          ON r.account = b.account AND r.post IS NULL AND r.metric IN ('follows', 'unfollows') AND r.day > b.day)
    WHERE newest = 1
    GROUP BY account, day
),
days AS (
    SELECT account, day, value AS subscribers, 1 AS whole FROM base
    UNION ALL
    SELECT m.account, m.day, b.value + sum(m.change) OVER until_then,
           sum(m.whole) OVER until_then = julianday(m.day) - julianday(b.day)
    FROM moves m JOIN base b USING (account)
    WINDOW until_then AS (PARTITION BY m.account ORDER BY m.day)
)
SELECT account AS hesap, day AS gun, CASE WHEN whole THEN subscribers END AS abone, whole AS tam
FROM days ORDER BY account, day;
COMMIT;
