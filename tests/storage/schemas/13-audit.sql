BEGIN TRANSACTION;
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
INSERT INTO "_sqlite_migrations" VALUES(1,'mecra','collecting','2026-11-24 01:07:13.503925+00:00');
INSERT INTO "_sqlite_migrations" VALUES(2,'mecra','measuring','2026-11-24 01:07:13.504658+00:00');
INSERT INTO "_sqlite_migrations" VALUES(3,'mecra','turkish_views','2026-11-24 01:07:13.505389+00:00');
INSERT INTO "_sqlite_migrations" VALUES(4,'mecra','exact_subscribers','2026-11-24 01:07:13.509302+00:00');
INSERT INTO "_sqlite_migrations" VALUES(5,'mecra','snapshots','2026-11-24 01:07:13.513113+00:00');
INSERT INTO "_sqlite_migrations" VALUES(6,'mecra','accounts_from_files','2026-11-24 01:07:13.516700+00:00');
INSERT INTO "_sqlite_migrations" VALUES(7,'mecra','snapshot_scope','2026-11-24 01:07:13.517566+00:00');
INSERT INTO "_sqlite_migrations" VALUES(8,'mecra','edited_posts','2026-11-24 01:07:13.517772+00:00');
INSERT INTO "_sqlite_migrations" VALUES(9,'mecra','indicator_notes','2026-11-24 01:07:13.518173+00:00');
INSERT INTO "_sqlite_migrations" VALUES(10,'mecra','messages','2026-11-24 01:07:13.518638+00:00');
INSERT INTO "_sqlite_migrations" VALUES(11,'mecra','browsing','2026-11-24 01:07:13.518947+00:00');
INSERT INTO "_sqlite_migrations" VALUES(12,'mecra','speed','2026-11-24 01:07:13.519377+00:00');
INSERT INTO "_sqlite_migrations" VALUES(13,'mecra','audit','2026-11-24 01:07:13.519690+00:00');
CREATE TABLE accounts (
    account TEXT PRIMARY KEY,
    platform TEXT NOT NULL,
    handle TEXT NOT NULL,
    remote_id TEXT NOT NULL DEFAULT '',
    label TEXT NOT NULL DEFAULT '',
    url TEXT NOT NULL DEFAULT '',
    since TEXT,
    until TEXT
, added_at TEXT) STRICT;
INSERT INTO "accounts" VALUES('x:a','x','a','','','',NULL,NULL,NULL);
INSERT INTO "accounts" VALUES('facebook:b','facebook','b','','','',NULL,NULL,NULL);
INSERT INTO "accounts" VALUES('feed:gazete','feed','gazete','','Gazete','https://gazete.example/rss',NULL,NULL,NULL);
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
, found_on TEXT, dated_by INTEGER REFERENCES responses, decided_by INTEGER REFERENCES responses) STRICT;
INSERT INTO "articles" VALUES(1,'k1','gazete','https://gazete.example/1','k1','Belediyeden yeni park','','2026-03-01T09:00:00Z','2026-03-01','','2026-03-01T14:00:00Z','2026-03-01T14:00:00Z','feed:gazete','belediye','title','','k1','counted','','','feed:gazete',8,'2026-03-01',NULL,NULL);
INSERT INTO "articles" VALUES(2,'k2','gazete','https://gazete.example/2','k2','Başka bir haber','','2026-03-01T09:00:00Z','2026-03-01','','2026-03-01T14:00:00Z','2026-03-01T14:00:00Z','feed:gazete','','','','k2','review','no term','','feed:gazete',8,'2026-03-01',NULL,NULL);
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
CREATE TABLE edits (
    account TEXT NOT NULL,
    post TEXT NOT NULL,
    text TEXT NOT NULL,                -- until then
    response INTEGER NOT NULL REFERENCES responses,  -- the answer that said otherwise
    PRIMARY KEY (account, post, response),
    FOREIGN KEY (account, post) REFERENCES posts
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
INSERT INTO "entries" VALUES(1,'PG2','2026-H1',NULL,97,'','','','0a41a430e8c7a3589526365af8a0f70fc3d90a2af9d3afd7ef2ea42c49e95a5d','Ayşe','2026-07-01T21:00:00Z','Mehmet','2026-07-02T21:00:00Z',NULL,0);
INSERT INTO "entries" VALUES(2,'PG2','2026',NULL,97,'','','','992aeadda7b6f9e0530c190a7972dd13c8658cf3e84f242542356bc13db572bf','Ayşe','2027-01-01T21:00:00Z','Mehmet','2027-01-02T21:00:00Z',NULL,0);
CREATE TABLE evidence (
    sha256 TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    body BLOB NOT NULL,
    added_at TEXT NOT NULL
) STRICT;
INSERT INTO "evidence" VALUES('0a41a430e8c7a3589526365af8a0f70fc3d90a2af9d3afd7ef2ea42c49e95a5d','liste.pdf',25,X'323032362D30362D33302032313A30303A30302B30303A3030','2026-07-01T21:00:00Z');
INSERT INTO "evidence" VALUES('992aeadda7b6f9e0530c190a7972dd13c8658cf3e84f242542356bc13db572bf','liste.pdf',25,X'323032362D31322D33312032313A30303A30302B30303A3030','2027-01-01T21:00:00Z');
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
INSERT INTO "gaps" VALUES(1,'x:a','posts','1790000000000000001','saves',NULL,'the platform does not tell it','2026-03-01T11:00:00Z','2026-03-01T11:00:00Z',NULL,5);
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
INSERT INTO "indicators" VALUES('1b8d7d836956598402c10020b65cc485d00945abb892a772e7fbe94724e14d8b','PG1','Takipçi','adet','level',60,100);
INSERT INTO "indicators" VALUES('1b8d7d836956598402c10020b65cc485d00945abb892a772e7fbe94724e14d8b','PG2','Oran','%','ratio',40,90);
CREATE TABLE last_moves (
    account TEXT NOT NULL,
    post TEXT NOT NULL,
    moved_at TEXT NOT NULL,            -- the latest `at` of its counters' rows
    response INTEGER,                  -- the answer that they were first read in,
    metrics TEXT NOT NULL,             -- and which of them, between blanks
    PRIMARY KEY (account, post)
) STRICT, WITHOUT ROWID;
INSERT INTO "last_moves" VALUES('x:a','1790000000000000001','2026-03-01T12:00:00Z',5,' views likes ');
INSERT INTO "last_moves" VALUES('x:a','1790000000000000002','2026-03-01T11:00:00Z',5,' views ');
CREATE TABLE messages (
    message INTEGER PRIMARY KEY AUTOINCREMENT,
    occasion TEXT NOT NULL,            -- as above; '2026-H1 due 2026-07-24' is a reminder, 'test' a try
    recipient TEXT,                    -- null: said in the log, to nobody by mail
    outcome TEXT NOT NULL CHECK (outcome IN ('begun', 'sent', 'refused', 'failed', 'unclear', 'told')),
    answer TEXT NOT NULL DEFAULT '',   -- what the mail server answered, or why it was not sent
    at TEXT NOT NULL
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
CREATE TABLE plans (
    plan TEXT PRIMARY KEY,             -- sha256 of the plan file
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    loaded_at TEXT NOT NULL,
    body TEXT NOT NULL
) STRICT;
INSERT INTO "plans" VALUES('1b8d7d836956598402c10020b65cc485d00945abb892a772e7fbe94724e14d8b','H1','H1.1: Duyurmak','2026-07-12T21:00:00Z','
institution = "Örnek"
code = "H1"
aim = "A1: Duyurmak"
target = "H1.1: Duyurmak"
unit = "Basın"
years = [2026, 2027]
settled_days = 10
account = [{ account = "x:a" }, { account = "facebook:b" }]

[[indicator]]
code = "PG1"
printed = "Takipçi sayısı"
label = "Takipçi"
unit = "adet"
kind = "level"
weight = "60%"
formula = "(C-A)/(B-A)"
baseline = "100"
baseline_period = "2024-H1"
targets = { 2026 = "400", 2027 = "500" }
rule = { measure = "level" }

[[indicator]]
code = "PG2"
printed = "Oran"
label = "Oran"
unit = "%"
kind = "ratio"
weight = "40%"
baseline = "90%"
baseline_period = "2024-H1"
targets = { 2026 = "100%", 2027 = "100%" }
rule = { measure = "by_hand" }
');
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
INSERT INTO "posts" VALUES('x:a','1790000000000000001','posts','post','2026-03-01T09:00:00Z','2026-03-01','https://x.example/1','Yeni park açıldı. ☘','yeni park açıldı','2026-03-01T11:00:00Z','2026-03-01T12:00:00Z',NULL,5);
INSERT INTO "posts" VALUES('x:a','1790000000000000002','posts','post','2026-03-01T10:00:00Z','2026-03-01','https://x.example/2','İkinci gönderi','ikinci gönderi','2026-03-01T11:00:00Z','2026-03-01T12:00:00Z',NULL,5);
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
INSERT INTO "readings" VALUES(1,'x:a',NULL,'followers',NULL,200,'2026-06-30T20:00:00Z','2026-06-30T20:00:00Z',1,0,1);
INSERT INTO "readings" VALUES(2,'facebook:b',NULL,'followers',NULL,51,'2026-06-30T20:00:00Z','2026-06-30T20:00:00Z',1,0,2);
INSERT INTO "readings" VALUES(3,'x:a',NULL,'followers',NULL,260,'2026-12-31T20:00:00Z','2026-12-31T20:00:00Z',1,0,3);
INSERT INTO "readings" VALUES(4,'facebook:b',NULL,'followers',NULL,61,'2026-12-31T20:00:00Z','2026-12-31T20:00:00Z',1,0,4);
INSERT INTO "readings" VALUES(5,'x:a','1790000000000000001','views',NULL,10,'2026-03-01T11:00:00Z','2026-03-01T11:00:00Z',1,0,5);
INSERT INTO "readings" VALUES(6,'x:a','1790000000000000001','likes',NULL,1,'2026-03-01T11:00:00Z','2026-03-01T12:00:00Z',1,0,5);
INSERT INTO "readings" VALUES(7,'x:a','1790000000000000002','views',NULL,5,'2026-03-01T11:00:00Z','2026-03-01T12:00:00Z',1,0,5);
INSERT INTO "readings" VALUES(8,'x:a','1790000000000000001','views',NULL,12,'2026-03-01T12:00:00Z','2026-03-01T12:00:00Z',1,0,6);
INSERT INTO "readings" VALUES(9,'facebook:b',NULL,'views','2026-02-27',70,'2026-03-01T13:00:00Z','2026-03-01T13:00:00Z',1,0,7);
INSERT INTO "readings" VALUES(10,'facebook:b',NULL,'views','2026-02-28',80,'2026-03-01T13:00:00Z','2026-03-01T13:00:00Z',1,0,7);
CREATE TABLE report_files (
    file INTEGER PRIMARY KEY AUTOINCREMENT,
    occasion TEXT NOT NULL,            -- '2026-H1 final' or '2026-H1 revision 1': what it was written on
    language TEXT NOT NULL,
    path TEXT NOT NULL,                -- where it was written; a person may have moved or edited it since
    bytes INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    written_at TEXT NOT NULL
) STRICT;
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
INSERT INTO "responses" VALUES(1,1,'2026-06-30T20:00:00Z','GET','https://x.a.example/profile',200,10,'5495a8e8079dbd434e24be4664c76a8867414d72a76d29904011a105d1da80f9',X'785EABB04A5430323032D33530D335360032AD0C40481B4C02005F8A05FC',0,'',0);
INSERT INTO "responses" VALUES(2,2,'2026-06-30T20:00:00Z','GET','https://facebook.b.example/profile',200,10,'b54ccc5be512f68d59866a769e4c398f93e138f29867f1d0b8eed5b878ca67d8',X'785E4B4B4C4E4DCACFCFB64A5230323032D33530D335360032AD0C40481B4C0200BAAC08BF',0,'',0);
INSERT INTO "responses" VALUES(3,3,'2026-12-31T20:00:00Z','GET','https://x.a.example/profile',200,10,'e19f306d12a9de176c979eb509bca062b2585457b0c82ef7e361c18e5511327d',X'785EABB04A5430323032D33534D235360432AD0C40481B4C02005F6205FA',0,'',0);
INSERT INTO "responses" VALUES(4,4,'2026-12-31T20:00:00Z','GET','https://facebook.b.example/profile',200,10,'5ccde31b63217433d3a24a0c8b3abb47967db70429efd89f40ce6ce4d6e7e622',X'785E4B4B4C4E4DCACFCFB64A5230323032D33534D235360432AD0C40481B4C0200BA8408BD',0,'',0);
INSERT INTO "responses" VALUES(5,5,'2026-03-01T11:00:00Z','GET','https://api.example/posts',200,30,'73aebc24222b3c0a1c22d57539c68650ade02eb55011ac00d888a8c2e5b3018c',X'785E4BCA4FA954C84F53A8B04A5430323032D33530D63530543034B4323000226D300900BCD308BA',0,'',0);
INSERT INTO "responses" VALUES(6,6,'2026-03-01T12:00:00Z','GET','https://api.example/posts',200,30,'d7cbb11eec9727c0304566d2c652df315d1b2b22173b22f70ac76c8e27d27031',X'785E4BCA4FA954C84F53A8B04A5430323032D33530D63530543034B2323000226D300900BCE008BB',0,'',0);
INSERT INTO "responses" VALUES(7,7,'2026-03-01T13:00:00Z','GET','https://api.example/daily',200,30,'c1b7bc01e214a92f7928ed484f6e154f613a10951fdb133ad40932e12e556b5f',X'785E4BCA4FA954C84F53484B4C4E4DCACFCFB64A5230323032D33530D63530543034B6323000226D3009002B730B7F',0,'',0);
INSERT INTO "responses" VALUES(8,8,'2026-03-01T14:00:00Z','GET','https://api.example/articles',200,30,'6f3d31fe08a401e4707ca5bedeea62bfcb8a0c18bb723367841f5f4bdaafd80f',X'785E4BCA4FA954C84F53484B4D4DB14A4FAC4A2D495530323032D33530D63530543034B1323000226D3009003E340BF8',0,'',0);
CREATE TABLE rulings (
    ruling INTEGER PRIMARY KEY AUTOINCREMENT,
    article_key TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('counted', 'excluded')),
    why TEXT NOT NULL,
    ruled_by TEXT NOT NULL,
    ruled_at TEXT NOT NULL
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
INSERT INTO "snapshot_evidence" VALUES(1,'PG1','facebook:b',51,NULL,51,NULL,2,NULL,'2026-06-30T20:00:00Z',1,1,'47ad40a1a2e0916fe2d38ef999a39612c2f6034f70fa79c3a3b59f9fe4614c5f','');
INSERT INTO "snapshot_evidence" VALUES(1,'PG1','x:a',200,NULL,200,NULL,1,NULL,'2026-06-30T20:00:00Z',1,1,'7799169e556ed402cd217023892fee9cfb55076d1c2eeaa3141f34736e59d3d6','');
INSERT INTO "snapshot_evidence" VALUES(1,'PG2','entry:1','97/100',NULL,NULL,NULL,NULL,NULL,NULL,181,181,'542a9deec4d3cbcc1113524f471fb47ee2b46a94016e605e21fb2831dea53729','');
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
INSERT INTO "snapshot_values" VALUES(1,'PG1',251,'251','1',100,400,50.33,'151/300',50.33,30.2,250,100.0,'ok','on course','','{"beside":{"growth":{}},"lacks":[],"notes":[],"parts":{}}');
INSERT INTO "snapshot_values" VALUES(1,'PG2',97,'97','100',90,100,97.0,'97/100',97.0,38.8,100,100.0,'ok','behind','2026-H1 dönemi için elle girildi: %97 (1 numaralı kayıt; giren: Ayşe, 02.07.2026; onaylayan: Mehmet, 03.07.2026); 1 numaralı kaydın dayanak belgesi: SHA-256 0a41a430e8c7','{"beside":{"entered":"97/100","entries":[1],"measured":null},"lacks":[],"notes":[["entered by hand for {period}: {value} (entry {entry}; entered by {by} on {day}, approved by {approver} on {approved})",{"approved":"2026-07-03","approver":"Mehmet","by":"Ayşe","day":"2026-07-02","entry":"1","period":"2026-H1","value":"%97/100"}],["the file of entry {entry} has SHA-256 {sha256}",{"entry":"1","sha256":"0a41a430e8c7"}]],"parts":{}}');
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
, scope TEXT NOT NULL DEFAULT '[]') STRICT;
INSERT INTO "snapshots" VALUES(1,'2026-H1',1,'2026-07-12T21:00:00Z','2026-07-12T21:00:00Z','1b8d7d836956598402c10020b65cc485d00945abb892a772e7fbe94724e14d8b',2,69.0,'69/100','ok','bcb71e4a48a0d2e4e95afd24ea3765336100f121a6e869c6fb34d419480e0c9a',NULL,'2026-07-12T21:00:00Z','Ayşe','','','[["x:a",null,null],["facebook:b",null,null]]');
CREATE TABLE targets (
    plan TEXT NOT NULL,
    code TEXT NOT NULL,
    year INTEGER NOT NULL,
    target ANY NOT NULL,
    PRIMARY KEY (plan, code, year),
    FOREIGN KEY (plan, code) REFERENCES indicators
) STRICT;
INSERT INTO "targets" VALUES('1b8d7d836956598402c10020b65cc485d00945abb892a772e7fbe94724e14d8b','PG1',2026,400);
INSERT INTO "targets" VALUES('1b8d7d836956598402c10020b65cc485d00945abb892a772e7fbe94724e14d8b','PG1',2027,500);
INSERT INTO "targets" VALUES('1b8d7d836956598402c10020b65cc485d00945abb892a772e7fbe94724e14d8b','PG2',2026,100);
INSERT INTO "targets" VALUES('1b8d7d836956598402c10020b65cc485d00945abb892a772e7fbe94724e14d8b','PG2',2027,100);
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
INSERT INTO "walks" VALUES(1,'x:a','profile','2026-06-30T20:00:00Z','2026-06-30T20:00:00Z','2026-06-30T20:00:00Z',0,'done','','[]',1,1,1,0,'manual',NULL,'{}',NULL,NULL);
INSERT INTO "walks" VALUES(2,'facebook:b','profile','2026-06-30T20:00:00Z','2026-06-30T20:00:00Z','2026-06-30T20:00:00Z',0,'done','','[]',1,1,1,0,'manual',NULL,'{}',NULL,NULL);
INSERT INTO "walks" VALUES(3,'x:a','profile','2026-12-31T20:00:00Z','2026-12-31T20:00:00Z','2026-12-31T20:00:00Z',0,'done','','[]',1,1,1,0,'manual',NULL,'{}',NULL,NULL);
INSERT INTO "walks" VALUES(4,'facebook:b','profile','2026-12-31T20:00:00Z','2026-12-31T20:00:00Z','2026-12-31T20:00:00Z',0,'done','','[]',1,1,1,0,'manual',NULL,'{}',NULL,NULL);
INSERT INTO "walks" VALUES(5,'x:a','posts','2026-03-01T11:00:00Z','2026-07-12T21:00:01Z','2026-02-26T11:00:00Z',259200,'done','','[]',1,5,1,0,'manual',NULL,'{}',NULL,NULL);
INSERT INTO "walks" VALUES(6,'x:a','posts','2026-03-01T12:00:00Z','2026-07-12T21:00:01Z','2026-02-26T12:00:00Z',259200,'done','','[]',1,1,1,0,'manual',NULL,'{}',NULL,NULL);
INSERT INTO "walks" VALUES(7,'facebook:b','daily','2026-03-01T13:00:00Z','2026-07-12T21:00:01Z','2026-02-26T13:00:00Z',259200,'done','','[]',1,2,1,0,'manual',NULL,'{}',NULL,NULL);
INSERT INTO "walks" VALUES(8,'feed:gazete','articles','2026-03-01T14:00:00Z','2026-07-12T21:00:01Z','2026-02-26T14:00:00Z',259200,'done','','[]',1,2,1,0,'manual',NULL,'{}',NULL,NULL);
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
CREATE INDEX walks_by_stream ON walks (account, stream, started_at);
CREATE INDEX walks_open ON walks (account, stream) WHERE finished_at IS NULL;
CREATE INDEX responses_by_bucket ON responses (bucket, at, cost);
CREATE INDEX responses_by_walk ON responses (walk);
CREATE INDEX posts_by_day ON posts (account, published_on);
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
CREATE TRIGGER entries_are_kept BEFORE DELETE ON entries BEGIN SELECT raise(ABORT, 'entries are kept: enter a correction'); END;
CREATE TRIGGER entries_stay BEFORE UPDATE ON entries
WHEN old.approved_at IS NOT NULL OR new.indicator IS NOT old.indicator OR new.period IS NOT old.period OR new.day IS NOT old.day
  OR new.value IS NOT old.value OR new.number IS NOT old.number OR new.url IS NOT old.url OR new.note IS NOT old.note
  OR new.evidence_sha256 IS NOT old.evidence_sha256 OR new.entered_by IS NOT old.entered_by OR new.entered_at IS NOT old.entered_at
  OR new.corrects IS NOT old.corrects OR new.withdraws IS NOT old.withdraws
BEGIN SELECT raise(ABORT, 'entries never change: enter a correction'); END;
CREATE INDEX rulings_by_article ON rulings (article_key, ruling);
CREATE TRIGGER rulings_are_kept BEFORE DELETE ON rulings BEGIN SELECT raise(ABORT, 'rulings are kept: rule again'); END;
CREATE TRIGGER rulings_stay BEFORE UPDATE ON rulings BEGIN SELECT raise(ABORT, 'rulings never change: rule again'); END;
CREATE INDEX articles_moved ON articles (found_on, dated_by) WHERE dated_by IS NOT NULL;
CREATE INDEX readings_fallen ON readings (account, metric, at) WHERE fell = 1;
CREATE INDEX posts_gone ON posts (account, gone_at) WHERE gone_at IS NOT NULL;
CREATE INDEX posts_by_time ON posts (account, published_at, kind, response, post, stream);
CREATE UNIQUE INDEX snapshots_sealed ON snapshots (period, revision) WHERE sealed_at IS NOT NULL;
CREATE INDEX snapshots_by_period ON snapshots (period, snapshot);
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
CREATE TRIGGER sealed_values_are_all BEFORE INSERT ON snapshot_values WHEN (SELECT sealed_at FROM snapshots s WHERE s.snapshot = new.snapshot) IS NOT NULL BEGIN SELECT raise(ABORT, 'a sealed snapshot never changes: seal a new revision'); END;
CREATE TRIGGER sealed_evidence_is_all BEFORE INSERT ON snapshot_evidence WHEN (SELECT sealed_at FROM snapshots s WHERE s.snapshot = new.snapshot) IS NOT NULL BEGIN SELECT raise(ABORT, 'a sealed snapshot never changes: seal a new revision'); END;
CREATE INDEX indicator_notes_by_period ON indicator_notes (period, indicator, note);
CREATE TRIGGER indicator_notes_are_kept BEFORE DELETE ON indicator_notes
BEGIN SELECT raise(ABORT, 'notes are kept: write a new one'); END;
CREATE TRIGGER indicator_notes_stay BEFORE UPDATE ON indicator_notes
BEGIN SELECT raise(ABORT, 'notes never change: write a new one'); END;
CREATE INDEX report_files_by_occasion ON report_files (occasion);
CREATE INDEX report_files_by_path ON report_files (path);
CREATE TRIGGER report_files_are_kept BEFORE DELETE ON report_files
BEGIN SELECT raise(ABORT, 'what was written stays told'); END;
CREATE TRIGGER report_files_stay BEFORE UPDATE ON report_files
BEGIN SELECT raise(ABORT, 'what was written stays told'); END;
CREATE INDEX messages_by_occasion ON messages (occasion, recipient, message);
CREATE TRIGGER messages_are_kept BEFORE DELETE ON messages
BEGIN SELECT raise(ABORT, 'what was sent stays told'); END;
CREATE TRIGGER messages_stay BEFORE UPDATE ON messages
BEGIN SELECT raise(ABORT, 'what was sent stays told'); END;
CREATE INDEX articles_browsed ON articles (published_on, status, found_via, outlet, story, lower(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(title, '̆', ''), '̇', ''), '̈', ''), '̧', ''), 'İ', 'i'), 'ı', 'i'), 'Î', 'i'), 'î', 'i'), 'Ş', 's'), 'ş', 's'), 'Ç', 'c'), 'ç', 'c'), 'Ğ', 'g'), 'ğ', 'g'), 'Ü', 'u'), 'ü', 'u'), 'Û', 'u'), 'û', 'u'), 'Ö', 'o'), 'ö', 'o'), 'Â', 'a'), 'â', 'a')));
CREATE INDEX articles_by_outlet ON articles (outlet, published_on, status, found_via);
CREATE INDEX articles_waiting ON articles (published_on) WHERE status = 'review';
CREATE INDEX readings_by_series ON readings (account, post, metric, day, at, reading, value, response);
CREATE INDEX readings_of_accounts ON readings (account, metric, at, until, value, exact, response) WHERE post IS NULL AND day IS NULL;
CREATE INDEX walks_done ON walks (account, stream, started_at, since, finished_at) WHERE outcome IN ('done', 'partial');
CREATE INDEX acts_by_beginning ON acts (begun) WHERE begun IS NOT NULL;
CREATE TRIGGER acts_are_kept BEFORE DELETE ON acts BEGIN SELECT raise(ABORT, 'what was done stays told'); END;
CREATE TRIGGER acts_stay BEFORE UPDATE ON acts BEGIN SELECT raise(ABORT, 'what was done stays told'); END;
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('entries',2);
INSERT INTO "sqlite_sequence" VALUES('snapshots',1);
COMMIT;
