"""What the columns of an agency's file are called.

No layout of the Turkish agencies' row exports is published (facts: yt_news 15); so heads are searched by these words.
"""

from __future__ import annotations

from collectors.sheets.heads import Columns

# What each column may be called, the surest name first; a name further right gives way ("mecra" is often the medium).
NAMES: dict[str, tuple[str, ...]] = {
    "date": ("yayin tarihi", "haber tarihi", "yayim tarihi", "tarih", "tarih saat", "yayin tarihi saati", "yayin tarih", "gun", "date"),
    "time": ("yayin saati", "haber saati", "saat", "time"),
    "outlet": (
        "yayin adi", "yayin organi", "mecra adi", "kaynak adi", "gazete adi", "site adi", "kanal adi", "yayin", "kaynak", "gazete",
        "web sitesi", "internet sitesi", "site", "medya adi", "kurulus", "kanal", "dergi", "mecra", "medya", "outlet", "source",
    ),
    "title": ("haber basligi", "haber adi", "baslik", "manset", "haber baslik", "haber", "title", "headline"),
    "url": (
        "haber linki", "haber url", "haber adresi", "link", "url", "link adresi", "web adresi", "internet adresi", "adres", "baglanti",
        "haber baglantisi", "web link", "linki",
    ),
    "medium": (
        "mecra turu", "medya turu", "yayin turu", "mecra tipi", "medya tipi", "yayin tipi", "haber turu", "tur", "tip", "mecra", "medya",
    ),
    "city": ("yayin ili", "il", "sehir", "yayin yeri"),
    "page": ("sayfa no", "sayfa numarasi", "sayfa"),
    "circulation": ("net tiraj", "tiraj", "tiraji"),
    "reach": ("erisim", "erisim sayisi", "toplam erisim", "ulasilan kisi", "net etki"),
    "ad_value": ("reklam esdegeri", "reklam esdeger", "reklam degeri", "es deger", "esdeger", "ave", "aev"),
    "area": ("stxcm", "st x cm", "sutunxcm", "sutun x cm", "stcm", "st cm", "sutun cm", "sutun santim"),
    "tone": ("haber tonu", "ton", "algi", "haber yonu", "duygu", "olumlu olumsuz", "editor"),
    "summary": ("haber ozeti", "ozet", "spot", "haber metni", "metin"),
}  # fmt: skip

COLUMNS = Columns(NAMES, {"date": ("date",), "title": ("title",), "outlet or url": ("outlet", "url")})
