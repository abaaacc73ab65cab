"""What staff ask of the tables, ready to be asked and to be changed: each question with its SQL. Columns carry the names of readers."""

from __future__ import annotations

from dataclasses import dataclass

from words import N_


@dataclass(frozen=True, slots=True)
class Question:
    """`name` stands in addresses."""

    name: str
    title: str
    sql: str


NEWEST = "(SELECT max(snapshot) FROM snapshots WHERE period = (SELECT period FROM snapshots ORDER BY snapshot DESC LIMIT 1))"
VIEWS = """(SELECT value FROM readings r WHERE r.account = p.account AND r.post = p.post AND r.metric = 'views' AND r.day IS NULL
   ORDER BY at DESC, reading DESC LIMIT 1)"""
RULED = "LEFT JOIN rulings r ON r.ruling = (SELECT max(ruling) FROM rulings WHERE article_key = a.key)"

QUESTIONS = (
    Question("takipciler", N_("Followers of each account, as last read"), """
SELECT a.platform, a.label AS hesap, t.takipci AS "takipçi", t.gecerli AS "son okuma (UTC)", t.kesinlik AS "kesinlik"
FROM accounts a JOIN takipciler t ON t.hesap = a.account
WHERE t.gecerli = (SELECT max(gecerli) FROM takipciler WHERE hesap = a.account)
ORDER BY t.takipci DESC"""),
    Question("takipci-ay-sonu", N_("Followers at the end of each month"), """
SELECT substr(at, 1, 7) AS ay, account AS hesap, value AS "takipçi", until AS "son okuma (UTC)"
FROM (SELECT account, value, at, until,
             row_number() OVER (PARTITION BY account, substr(at, 1, 7) ORDER BY at DESC, reading DESC) AS sira
      FROM readings WHERE metric = 'followers' AND post IS NULL AND day IS NULL)
WHERE sira = 1 ORDER BY ay DESC, hesap"""),
    Question("ayin-gonderileri", N_("The posts of each month that were viewed most"), f"""
SELECT ay, sira AS "sıra", goruntulenme AS "görüntülenme", hesap, gun AS "gün", metin, baglanti AS "bağlantı"
FROM (SELECT *, row_number() OVER (PARTITION BY ay ORDER BY goruntulenme DESC) AS sira
      FROM (SELECT substr(p.published_on, 1, 7) AS ay, p.account AS hesap, p.published_on AS gun, substr(p.text, 1, 120) AS metin,
                   p.url AS baglanti, {VIEWS} AS goruntulenme
            FROM posts p WHERE p.kind <> 'story' AND p.published_on >= (SELECT date(max(published_on), '-1 year') FROM posts))
      WHERE goruntulenme IS NOT NULL)
WHERE sira <= 5 ORDER BY ay DESC, sira"""),
    Question("gonderi-aylar", N_("Posts by month and account"), """
SELECT substr(published_on, 1, 7) AS ay, account AS hesap, count(*) FILTER (WHERE kind <> 'story') AS "gönderi",
       count(*) FILTER (WHERE kind = 'story') AS hikaye
FROM posts GROUP BY ay, hesap ORDER BY ay DESC, hesap"""),
    Question("gonderi-turleri", N_("Which kind of post is viewed most on average"), f"""
SELECT account AS hesap, kind AS "tür", count(*) AS "gönderi", round(avg(goruntulenme)) AS "ortalama görüntülenme",
       max(goruntulenme) AS "en çok"
FROM (SELECT p.account, p.kind, {VIEWS} AS goruntulenme FROM posts p
      WHERE p.published_on >= (SELECT date(max(published_on), '-1 year') FROM posts))
GROUP BY account, kind ORDER BY 4 DESC"""),
    Question("silinen-gonderiler", N_("Posts that were deleted"), """
SELECT account AS hesap, published_on AS "yayın günü", gone_at AS "yokluğu görüldü (UTC)", substr(text, 1, 120) AS metin, url AS "bağlantı"
FROM posts WHERE gone_at IS NOT NULL AND kind <> 'story' ORDER BY gone_at DESC"""),
    Question("gunluk-goruntulenme", N_("Views of each month from the platforms' own days"), """
SELECT substr(day, 1, 7) AS ay, account AS hesap, sum(value) AS "görüntülenme", count(*) AS "gün"
FROM (SELECT account, day, value, row_number() OVER (PARTITION BY account, day ORDER BY at DESC, reading DESC) AS sira
      FROM readings WHERE post IS NULL AND metric = 'views' AND day IS NOT NULL)
WHERE sira = 1 GROUP BY ay, hesap ORDER BY ay DESC, hesap"""),
    Question("dusen-sayaclar", N_("Counters that fell"), """
SELECT at AS "okundu (UTC)", account AS hesap, post AS "gönderi", metric AS "ölçü", value AS "yeni değer", response AS "yanıt"
FROM readings WHERE fell = 1 ORDER BY at DESC LIMIT 500"""),
    Question("haber-yayinlar", N_("Which outlet wrote most, this year and before"), f"""
SELECT substr(a.published_on, 1, 4) AS "yıl", a.outlet AS "yayın organı", count(*) AS "yansıma", count(DISTINCT a.story) AS "tekil haber"
FROM articles a {RULED}
WHERE coalesce(r.status, a.status) = 'counted' AND a.found_via <> 'agency'
GROUP BY 1, 2 ORDER BY 1 DESC, 3 DESC"""),
    Question("haber-aylar", N_("News by month: counted, excluded, waiting for review"), f"""
SELECT substr(a.published_on, 1, 7) AS ay, count(*) FILTER (WHERE coalesce(r.status, a.status) = 'counted') AS "sayılan",
       count(*) FILTER (WHERE coalesce(r.status, a.status) = 'excluded') AS "sayılmayan",
       count(*) FILTER (WHERE coalesce(r.status, a.status) = 'review') AS "inceleme bekleyen",
       count(DISTINCT CASE WHEN coalesce(r.status, a.status) = 'counted' THEN a.story END) AS "tekil haber"
FROM articles a {RULED} WHERE a.found_via <> 'agency' GROUP BY ay ORDER BY ay DESC"""),
    Question("haber-inceleme", N_("Articles that wait for a person's decision"), """
SELECT no, gun AS "gün", yayin AS "yayın organı", baslik AS "başlık", neden, baglanti AS "bağlantı"
FROM haberler WHERE durum = 'inceleme bekliyor' ORDER BY gun DESC"""),
    Question("haber-kopyalar", N_("The stories that were printed by most outlets"), f"""
SELECT count(DISTINCT a.outlet) AS "yayın organı", count(*) AS "yansıma", min(a.published_on) AS "ilk gün", min(a.title) AS "başlık"
FROM articles a {RULED} WHERE coalesce(r.status, a.status) = 'counted'
GROUP BY a.story ORDER BY 1 DESC, 2 DESC LIMIT 100"""),
    Question("haber-kararlar", N_("What people decided of news, and why"), """
SELECT r.ruled_at AS "karar (UTC)", r.ruled_by AS "karar veren", CASE r.status WHEN 'counted' THEN 'sayıldı' ELSE 'sayılmadı' END AS karar,
       r.why AS neden, a.outlet AS "yayın organı", a.title AS "başlık"
FROM rulings r LEFT JOIN articles a ON a.key = r.article_key ORDER BY r.ruling DESC"""),
    Question("plan-aylar", N_("The weekly plan by month: planned, met, withdrawn"), """
SELECT substr(planned_at, 1, 7) AS ay, platform, count(*) AS planlanan, count(*) FILTER (WHERE withdrawn_at < planned_at) AS "geri çekilen",
       count(matched_post) AS "gerçekleşen"
FROM plan_slots GROUP BY ay, platform ORDER BY ay DESC, platform"""),
    Question("plan-kacirilan", N_("Planned posts that did not appear"), """
SELECT planned_at AS "planlanan saat (UTC)", platform, title AS "başlık", source AS kaynak
FROM plan_slots
WHERE matched_post IS NULL AND (withdrawn_at IS NULL OR withdrawn_at >= planned_at) AND planned_at < (SELECT max(at) FROM responses)
ORDER BY planned_at DESC"""),
    Question("yayinlar", N_("Issues of the weekly publications"), """
SELECT series AS "yayın", iso_week AS hafta, number AS "sayı", published_on AS "gün", via AS nerede, url AS "bağlantı"
FROM publications ORDER BY series, published_on DESC"""),
    Question("gostergeler", N_("All indicators in the newest snapshot"), f"""
SELECT v.code AS kod, i.name AS "gösterge", v.value AS "değer", v.expected AS "şimdiye dek beklenen", v.target AS "yıl sonu hedefi",
       v.performance AS "performans (%)", v.contribution AS "katkı (puan)", v.coverage AS "kapsam (%)", v.status AS durum,
       v.note AS "açıklama"
FROM snapshot_values v JOIN snapshots s USING (snapshot) LEFT JOIN indicators i ON i.plan = s.plan AND i.code = v.code
WHERE v.snapshot = {NEWEST} ORDER BY v.rowid"""),
    Question("gidis", N_("How each indicator went, statement by statement"), """
SELECT v.code AS kod, s.period AS "dönem", substr(s.as_of, 1, 10) AS tarih, v.value AS "değer", v.expected AS beklenen,
       v.performance AS "performans (%)", CASE WHEN s.sealed_at IS NULL THEN '' ELSE 'mühürlü' END AS "mühür"
FROM snapshots s JOIN snapshot_values v USING (snapshot) ORDER BY s.period DESC, v.code, s.as_of"""),
    Question("degerin-parcalari", N_("What each figure of the newest snapshot is made of"), f"""
SELECT code AS kod, part AS "parça", value AS "değer", opening AS "açılış", closing AS "kapanış", closed_at AS "son okuma (UTC)", note AS "not"
FROM snapshot_evidence WHERE snapshot = {NEWEST} ORDER BY code, rowid"""),
    Question("muhurler", N_("Sealed snapshots with who sealed them and why"), """
SELECT period AS "dönem", revision AS "sürüm", sealed_at AS "mühür (UTC)", sealed_by AS "mühürleyen", goal AS "hedef performansı (%)",
       reason AS neden, sha256
FROM snapshots WHERE sealed_at IS NOT NULL ORDER BY snapshot DESC"""),
    Question("girilenler", N_("Figures that were entered by hand, and who approved them"), """
SELECT entry AS no, indicator AS "gösterge", coalesce(period, day) AS "dönem ya da gün", value AS "değer", number AS "sayı",
       entered_by AS giren, entered_at AS "giriş (UTC)", coalesce(approved_by, 'onay bekliyor') AS onaylayan, note AS "not"
FROM entries ORDER BY entry DESC"""),
    Question("bosluklar", N_("What should be known and is not, by reason"), """
SELECT account AS hesap, stream AS "akış", metric AS "ölçü", reason AS neden, count(*) AS adet, min(at) AS ilk, max(until) AS son
FROM gaps WHERE filled_at IS NULL GROUP BY account, stream, metric, reason ORDER BY adet DESC"""),
    Question("hatalar", N_("Collections that failed"), """
SELECT started_at AS "başladı (UTC)", account AS hesap, stream AS "akış", outcome AS "sonuç", error AS hata, attempts AS deneme
FROM walks WHERE outcome NOT IN ('done', 'partial') ORDER BY started_at DESC LIMIT 200"""),
    Question("istekler", N_("Requests and what they cost, by month and platform"), """
SELECT substr(at, 1, 7) AS ay, bucket AS kova, count(*) AS istek, sum(cost) AS maliyet, sum(bytes) AS bayt
FROM responses GROUP BY ay, bucket ORDER BY ay DESC, bucket"""),
    Question("tanimlar", N_("What each figure means at each platform, and since when"), """
SELECT platform, metric AS "ölçü", name AS "platformdaki adı", since AS "başlangıç", until AS "bitiş", meaning AS anlam
FROM definitions ORDER BY platform, metric"""),
)  # fmt: skip


def question(name: str) -> Question | None:
    return next((one for one in QUESTIONS if one.name == name), None)
