"""What each column of the tables and views that are handed over holds. A name that means the same everywhere stands under ''."""

from __future__ import annotations

from collections.abc import Mapping

from words import N_

AT = N_("when it was measured or seen first (UTC)")
UNTIL = N_("when it was last seen to be so (UTC)")
RESPONSE = N_("the archived answer that it came in")
SHA256 = N_("SHA-256 of it")
CODE = N_("the indicator's code in the plan")
SNAPSHOT = N_("the snapshot's number")
WHO = N_("who did it")
PLAN = N_("SHA-256 of the plan file")
GOAL = N_("performance of the goal in percent")
COVERAGE = N_("how much of what it should rest on is known, in percent")
BASELINE = N_("the value at the plan's beginning")
TARGET = N_("the target of the year's end")
PERFORMANCE = N_("performance in percent, as computed")
CAPPED = N_("performance as it counts, at most 100")
CONTRIBUTION = N_("what it adds to the goal, in percent points")
EXPECTED = N_("what should have been reached by then")
NOTE = N_("what is to be told beside it")
DAY = N_("the day that it belongs to")
URL = N_("its address")
TEXT = N_("its words")
TITLE = N_("its title")
REASON = N_("why")
PURGE = N_("the purge's number")

COLUMNS: Mapping[str, Mapping[str, str]] = {
    "": {
        "account": N_("the account's key, e.g. x:umraniyebeltr"),
        "hesap": N_("the account's key, e.g. x:umraniyebeltr"),
        "platform": N_("x, facebook, instagram, youtube ...; feed, gdelt, gnews, agency for the press"),
        "post": N_("the platform's number of the post; null: the account itself"),
        "metric": N_("the figure's name, the same for all platforms; `definitions` says what it is there"),
        "day": DAY, "gun": DAY, "at": AT, "until": UNTIL, "response": RESPONSE, "code": CODE, "kod": CODE, "snapshot": SNAPSHOT,
        "plan": PLAN, "coverage": COVERAGE, "kapsam": COVERAGE, "baseline": BASELINE, "baslangic": BASELINE, "target": TARGET,
        "hedef": TARGET, "performance": PERFORMANCE, "performans": PERFORMANCE, "capped": CAPPED, "sinirli": CAPPED,
        "contribution": CONTRIBUTION, "katki": CONTRIBUTION, "expected": EXPECTED, "beklenen": EXPECTED, "goal": GOAL,
        "hedef_performansi": GOAL, "note": NOTE, "aciklama": NOTE, "url": URL, "baglanti": URL, "text": TEXT, "metin": TEXT,
        "title": TITLE, "baslik": TITLE, "reason": REASON, "neden": REASON, "why": REASON, "sha256": SHA256, "purge": PURGE,
        "ruled_by": WHO, "karar_veren": WHO, "entered_by": WHO, "approved_by": WHO, "written_by": WHO, "sealed_by": WHO, "purged_by": WHO,
        "stream": N_("what was read of the account: profile, posts, daily ..."),
        "akis": N_("what was read of the account: profile, posts, daily ..."),
        "kind": N_("what it is"), "tur": N_("what it is"),
        "value": N_("the figure; null: not known"), "deger": N_("the figure; null: not known"),
        "unit": N_("the unit"), "birim": N_("the unit"),
        "weight": N_("its weight in the goal, in percent"), "agirlik": N_("its weight in the goal, in percent"),
        "status": N_("how it stands"), "durum": N_("how it stands"),
        "published_at": N_("when it was published (UTC); null: not told"),
        "published_on": N_("the local day that it was published on"),
        "first_seen_at": N_("when it was first seen (UTC)"), "goruldu": N_("when it was first seen (UTC)"),
        "last_seen_at": N_("when it was last seen (UTC)"),
        "period": N_("half-year (2026-H1) or year (2026)"), "donem": N_("half-year (2026-H1) or year (2026)"),
        "revision": N_("of the sealed statements of a period, from 1; 0: provisional"),
        "surum": N_("of the sealed statements of a period, from 1; 0: provisional"),
        "as_of": N_("the instant as of which it is (UTC)"), "tarih": N_("the instant as of which it is (UTC)"),
        "sealed_at": N_("when it was sealed (UTC); null: provisional"), "muhurlendi": N_("when it was sealed (UTC); null: provisional"),
        "previous_sha256": N_("that of the one before: they make a chain"),
        "outlet": N_("the newspaper, site or channel"), "yayin": N_("the newspaper, site or channel"),
        "story": N_("the same for all copies of one text"), "haber": N_("the same for all copies of one text"),
        "agency": N_("the agency that its dateline names"), "ajans": N_("the agency that its dateline names"),
        "matched": N_("the term of the counting rule that it has"), "eslesen": N_("the term of the counting rule that it has"),
        "found_via": N_("feed, gdelt, gnews or agency: who had it first"), "kaynak": N_("feed, gdelt, gnews or agency: who had it first"),
        "year": N_("the year"), "yil": N_("the year"),
        "number": N_("the number of an issue"),
        "error": N_("what went wrong at the last attempt"), "son_hata": N_("what went wrong at the last attempt"),
        "missed": N_("runs that were due and did not happen"), "kacirilan": N_("runs that were due and did not happen"),
    },
    "takipciler": {
        "ad": N_("the account's name"), "takipci": N_("followers"), "okundu": AT, "gecerli": UNTIL,
        "kesinlik": N_("exact, or rounded by the platform"),
    },
    "aboneler": {"abone": N_("exact subscribers at the end of the day; null: a day is missing"), "tam": N_("1: no day is missing before")},
    "gonderiler": {
        "gonderi": N_("the platform's number of the post"), "yayin": N_("when it was published (UTC)"),
        "silindi": N_("when it was seen to be gone (UTC); null: still there"), "goruntuleme": N_("views, as last read"),
        "begeni": N_("likes or reactions, as last read"), "yorum": N_("comments, as last read"), "paylasim": N_("shares, as last read"),
    },
    "haberler": {"no": N_("the article's number")},
    "gostergeler": {"ad": N_("the indicator's name")},
    "anlik_goruntuler": {"degerlendirme": N_("the band that the performance is in")},
    "veri_sagligi": {
        "son_basarili": N_("when it was last read to its end (UTC)"), "hatali": N_("passes that failed"),
        "bosluk": N_("figures that should be known and are not"), "dusen_sayac": N_("counters that fell"),
    },
    "accounts": {
        "handle": N_("its name in its address"), "remote_id": N_("its number at the platform"), "label": N_("the account's name"),
        "since": N_("from this day on it counts; null: always"), "until": N_("up to this day it counts; null: still"),
        "added_at": N_("when a file brought it (UTC); null: the settings name it"),
    },
    "posts": {
        "group_key": N_("the same for one content on several platforms"), "gone_at": N_("when it was seen to be gone (UTC); null: still there"),
    },
    "edits": {"text": N_("what it said until then"), "response": N_("the answer that said otherwise")},
    "readings": {
        "reading": N_("the reading's number"), "day": N_("of a figure of a day: which, at the platform's clocks; null: a level or a counter"),
        "exact": N_("0: rounded by the platform"), "fell": N_("1: a counter that is lower than before"),
    },
    "gaps": {"gap": N_("the gap's number"), "filled_at": N_("when the figure came after all (UTC); null: it is still missing")},
    "articles": {
        "article": N_("the article's number"), "key": N_("the appearance, whoever found it"), "canonical_url": N_("the appearance, whoever found it"),
        "summary": N_("the first words of it, as the outlet tells them"), "published_raw": N_("its date in the outlet's own words"),
        "match_in": N_("where the term stood"), "rule": N_("version of the counting rule"),
        "status": N_("counted, excluded or review (a person's to judge); a ruling goes before it"),
        "found_on": N_("`published_on` as first stored"), "dated_by": N_("the answer that moved its day"),
        "decided_by": N_("the answer that decided what waited for review"),
    },
    "rulings": {
        "ruling": N_("the ruling's number; the newest counts"), "article_key": N_("`key` of the article"),
        "status": N_("counted or excluded"), "ruled_at": N_("when it was decided (UTC)"),
    },
    "plan_slots": {
        "slot": N_("the planned post's number"), "planned_at": N_("the hour that it was planned for (UTC)"),
        "withdrawn_at": N_("when it was withdrawn (UTC); before its hour it leaves the plan"),
        "matched_post": N_("account/post that met it; null: none"), "source": N_("the file that it came in"),
        "added_at": N_("when it was handed in (UTC)"),
    },
    "publications": {
        "series": N_("the publication"), "iso_week": N_("the ISO week of the issue"), "via": N_("the account that showed it, or `entry`"),
        "entry": N_("the figure entered by hand that tells of it"),
    },
    "entries": {
        "entry": N_("the entry's number"), "indicator": CODE, "evidence_sha256": N_("the file that was handed in with it"),
        "entered_at": N_("when it was entered (UTC)"), "approved_at": N_("when somebody else approved it (UTC); null: it does not count"),
        "corrects": N_("the entry that it replaces"), "withdraws": N_("1: nothing stands in for that one"),
    },
    "evidence": {
        "name": N_("the file's name"), "bytes": N_("its size"), "body": N_("the file; empty where the archive was not handed over"),
        "added_at": N_("when it was handed in (UTC)"),
    },
    "indicator_notes": {
        "note": N_("the note's number"), "indicator": CODE, "reason": N_("why the figure deviates"), "measures": N_("what will be done"),
        "relevance": N_("answer to the question of relevance"), "effectiveness": N_("answer to the question of effectiveness"),
        "efficiency": N_("answer to the question of efficiency"), "sustainability": N_("answer to the question of sustainability"),
        "written_at": N_("when it was written (UTC)"),
    },
    "plans": {
        "code": N_("the goal's code"), "name": N_("the goal's name"), "loaded_at": N_("when it was last put in force (UTC)"),
        "body": N_("the plan file, whole"),
    },
    "indicators": {"name": N_("the indicator's name"), "kind": N_("flow, level or ratio")},
    "snapshots": {
        "taken_at": N_("when it was measured (UTC)"), "archive": N_("the last answer that it knows"),
        "goal_exact": N_("the same as a fraction; 1 is 100 percent"), "scope": N_("the accounts that counted, as JSON"),
    },
    "snapshot_values": {
        "numerator": N_("exact; the value is numerator / denominator"), "denominator": N_("exact"),
        "performance_exact": N_("the same as a fraction; 1 is 100 percent"), "band": N_("the band that the performance is in"),
        "details": N_("second figures and notes, as JSON"),
    },
    "snapshot_evidence": {
        "part": N_("account, outlet, series or entry"), "opening": N_("the figure that it grew from"), "closing": N_("the figure that it grew to"),
        "opening_reading": N_("the reading that it grew from"), "closing_reading": N_("the reading that it grew to"),
        "opened_at": N_("when the opening was read (UTC)"), "closed_at": N_("when the closing was read (UTC)"),
        "asked": N_("days that it should rest on"), "covered": N_("days that it rests on"),
        "digest": N_("SHA-256 of the rows that it was counted from"),
    },
    "walks": {
        "walk": N_("the pass's number"), "started_at": N_("when it began (UTC)"), "finished_at": N_("when it ended (UTC); null: it goes on"),
        "since": N_("how far back it looked (UTC)"), "depth": N_("the same in seconds"), "outcome": N_("done, partial, or how it failed"),
        "notes": N_("what the pages had to say, as JSON"), "pages": N_("how many pages were read"), "rows": N_("how many rows were new"),
        "attempts": N_("how many attempts it took"), "trigger": N_("schedule, manual or glance"), "cursor": N_("not handed over"),
        "memo": N_("not handed over"), "resume_at": N_("when it may go on (UTC)"), "due_at": N_("when it is due again (UTC)"),
    },
    "responses": {
        "response": N_("the answer's number"), "walk": N_("the pass that asked"), "at": N_("when it came (UTC)"), "method": N_("how it was asked"),
        "url": N_("what was asked, without secrets"), "status": N_("HTTP status; 0: no whole answer came"), "bytes": N_("its size as it came"),
        "sha256": N_("SHA-256 of the body as kept"), "body": N_("the body, packed by zlib; empty where the archive was not handed over"),
        "ms": N_("how long it took, in milliseconds"), "bucket": N_("what it counted against"), "cost": N_("what it cost, in the bucket's unit"),
    },
    "definitions": {
        "name": N_("what the platform calls it"), "since": N_("from this day on"), "until": N_("up to this day"), "meaning": N_("what it means"),
    },
    "breaks": {"on": N_("from this day on it means something else"), "what": N_("what changed")},
    "purges": {
        "kind": N_("what was purged: account, post, article, expired, bodies or texts"), "account": N_("whose; null: everybody's, or an article"),
        "subject_sha256": N_("SHA-256 of the post's or the article's key"), "before": N_("only what was older (UTC); null: all of it"),
        "rows": N_("how many rows of each table, as JSON"), "rows_sha256": N_("SHA-256 of the rows that went"),
        "purged_at": N_("when it was done (UTC)"), "sha256": N_("SHA-256 of this record"),
    },
    "purged_answers": {
        "was_sha256": N_("SHA-256 of the body before"), "sha256": N_("SHA-256 of what is left of it; null: nothing"),
        "response": N_("the answer's number"),
    },
    "purged_values": {"part": N_("account, outlet, series or entry"), "sha256": N_("SHA-256 of what is measured since; null: nothing is")},
}  # fmt: skip


def meaning(table: str, column: str) -> str | None:
    """To be translated; None for a column that nobody has described."""
    return COLUMNS.get(table, {}).get(column) or COLUMNS[""].get(column)
