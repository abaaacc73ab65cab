"""What every contestant is served: the same bytes, made once from a seed, and what they add up to."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

USER = "1409000000000000001"
HANDLE = "ornekbeltr"
PAGES, PER_PAGE = 200, 100
FEEDS, ITEMS = 500, 30
NEWEST = datetime(2026, 6, 30, 18, tzinfo=UTC)
OLDEST = (NEWEST - timedelta(hours=PAGES * PER_PAGE)).date()
X_SECRETS = {"MECRA_X_ACCESS_TOKEN2": "bench-access-token", "MECRA_X_CLIENT_ID": "bench-client"}
COUNTERS = ("retweet_count", "reply_count", "like_count", "quote_count", "bookmark_count", "impression_count")
SNOWFLAKE_EPOCH = 1_288_834_974_657

TEXT = """belediye başkan mahalle sokak park çocuk kültür merkezi açılış töreni vatandaş hizmet yol çalışma spor gençlik kadın
eğitim konser sergi tiyatro kütüphane yeşil alan ulaşım destek proje yıl dönümü kutlama ücretsiz kurs başvuru ilçe şehir gün
akşam öğle hafta etkinlik program katılım davet müjde yenilenen büyük küçük güzel yeni ilk son her bütün bugün yarın"""
WORDS = TEXT.split()


def sentence(draw: random.Random, words: int) -> str:
    return " ".join(draw.choices(WORDS, k=words)).capitalize() + "."


def timeline(growth: int) -> Iterator[tuple[str, dict[str, object]]]:
    """(token, page) of one account's timeline on X, newest first; every counter has grown by `growth` times its rank plus one."""
    draw = random.Random(1)
    for number in range(PAGES):
        rows = [_post(draw, number * PER_PAGE + index, growth) for index in range(PER_PAGE)]
        meta: dict[str, object] = {"result_count": PER_PAGE, "newest_id": rows[0]["id"], "oldest_id": rows[-1]["id"]}
        if number + 1 < PAGES:
            meta["next_token"] = token(number + 1)
        if number:
            meta["previous_token"] = token(number - 1)
        yield token(number) if number else "", {"data": rows, "meta": meta}


def token(number: int) -> str:
    return f"7140dibdnow9c7btw{number:07x}zzz"


def _post(draw: random.Random, index: int, growth: int) -> dict[str, object]:
    at = NEWEST - timedelta(hours=index, seconds=draw.randrange(3000))
    post = str((int(at.timestamp() * 1000) - SNOWFLAKE_EPOCH) << 22 | index)
    views = int(draw.lognormvariate(8, 1))
    values = (views // 200, views // 400, views // 40, views // 2000, views // 900, views)
    return {
        "id": post,
        "created_at": at.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        "text": f"{sentence(draw, 22)} https://t.co/{index:010x}",
        "edit_history_tweet_ids": [post],
        "public_metrics": {name: value + growth * rank for rank, (name, value) in enumerate(zip(COUNTERS, values, strict=True), 1)},
    }


def encoded(page: object) -> bytes:
    return json.dumps(page, ensure_ascii=False, separators=(",", ":")).encode()


def sums(growth: int) -> dict[str, int]:
    """Posts, and each counter over all posts."""
    total = dict.fromkeys(COUNTERS, 0)
    rows = 0
    for _, page in timeline(growth):
        for row in page["data"]:  # type: ignore[attr-defined]
            rows += 1
            for name, value in row["public_metrics"].items():
                total[name] += value
    return {"rows": rows, **total}


def titles(number: int) -> list[str]:
    """The titles of a feed's items, read from its bytes in the plainest way."""
    return [part.partition("</title>")[0] for part in feed(number).decode().split("<item><title>")[1:]]


def feed(number: int) -> bytes:
    """RSS 2.0 as Turkish publishers serve it: 30 items; of all items one in a hundred names the municipality."""
    draw = random.Random(1000 + number)
    items = "".join(_item(draw, number, index) for index in range(ITEMS))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:media="http://search.yahoo.com/mrss/"><channel>'
        f"<title>Gazete {number}</title><link>https://www.gazete{number}.com.tr/</link><description>Haberler</description>"
        f"<language>tr-TR</language><lastBuildDate>{format_datetime(NEWEST)}</lastBuildDate><ttl>15</ttl>{items}</channel></rss>"
    ).encode()


def _item(draw: random.Random, number: int, index: int) -> str:
    at = NEWEST - timedelta(minutes=37 * index + draw.randrange(30))
    named = "Örnek Belediyesi " if (number * ITEMS + index) % 100 == 3 else ""
    link = f"https://www.gazete{number}.com.tr/haber/{number * 1000 + index}-{'-'.join(draw.choices(('park', 'yol', 'spor'), k=3))}"
    return (
        f'<item><title>{named}{sentence(draw, 9)}</title><link>{link}</link><guid isPermaLink="true">{link}</guid>'
        f"<pubDate>{format_datetime(at)}</pubDate><category>Gündem</category>"
        f'<description><![CDATA[<img src="{link}.jpg" /><p>{sentence(draw, 30)}</p>]]></description>'
        f'<media:content url="{link}.jpg" type="image/jpeg" medium="image"/></item>'
    )
