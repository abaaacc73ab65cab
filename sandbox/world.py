"""The truth: accounts, posts, articles and counters of an invented municipality, each a pure function of time.

Nothing is stored and nothing is drawn at run time: a figure is computed from the seed, the name of the thing and the
instant, so that whoever asks for the same instant gets the same answer, in any order, in any process.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

ISTANBUL = ZoneInfo("Europe/Istanbul")
PACIFIC = ZoneInfo("America/Los_Angeles")
ZONES = {"x": ZoneInfo("UTC"), "facebook": PACIFIC, "instagram": PACIFIC, "youtube": PACIFIC}

# Rough sizes of a district municipality: posts a day, followers at the start and growth a day, views a post ends with.
SIZES = {
    "x": (2.0, 61_240, 21.0, 9_000),
    "facebook": (1.6, 88_310, 9.0, 7_500),
    "instagram": (1.8, 52_480, 34.0, 12_000),
    "youtube": (0.5, 11_949, 6.0, 5_200),
}
KINDS = {
    "x": ("post",),
    "facebook": ("photo", "status", "reel", "video"),
    "instagram": ("image", "carousel", "reel"),
    "youtube": ("video",),
}
# Share of the views that a counter ends with, per thousand.
SHARES = {
    "views": 1000, "engaged_views": 610, "reach": 720, "likes": 31, "comments": 4, "shares": 6, "quotes": 1,
    "saves": 5, "clicks": 12, "profile_clicks": 3, "engagements": 58, "views_organic": 900, "reactions": 33,
    "minutes_watched": 1400, "follows": 2, "unfollows": 1, "profile_views": 40, "replies": 1, "total_interactions": 47,
}  # fmt: skip
OPENINGS = (
    "İsmet Işık Parkı’nda ağaç dikim şenliği", "Çarşamba Pazarı yenileniyor", "Öğrencilerimize kırtasiye desteği",
    "Şehit Üsteğmen Caddesi’nde asfalt çalışması", "Gençlik Merkezi’nde ücretsiz yazılım kursu", "Ilıca Sokak’ta altyapı",
    "Kütüphanemiz 7/24 açık", "Sokak hayvanları için mama dağıtımı", "1 Dakikada 1 Hafta", "Örnek 7/24 bülteni yayında",
    "Muhtarlarımızla buluştuk", "Kış spor okulları kayıtları başladı", "Ücretsiz sağlık taraması", "Geri dönüşümde rekor",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class WorldPost:
    platform: str
    post: str
    kind: str
    published_at: datetime
    text: str
    final_views: int
    deleted_at: datetime | None = None
    edited: bool = False
    private: bool = False


@dataclass(frozen=True, slots=True)
class WorldAccount:
    platform: str
    handle: str
    remote_id: str
    label: str


@dataclass
class World:
    """A municipality between two days. `scale` multiplies the posts a day and `press` what the press writes; `outlets` names
    those that there are (empty: all)."""

    seed: int = 7
    start: date = date(2026, 1, 1)
    end: date = date(2026, 7, 1)
    scale: float = 1.0
    deletions: bool = True
    press: float = 1.0
    outlets: tuple[str, ...] = ()
    accounts: dict[str, WorldAccount] = field(
        default_factory=lambda: {
            "x": WorldAccount("x", "ornekbelediye", "1480000000000000001", "Örnek Belediyesi"),
            "facebook": WorldAccount("facebook", "ornekbelediye", "100200300400500", "Örnek Belediyesi"),
            "instagram": WorldAccount("instagram", "ornekbelediye", "17841400000000001", "Örnek Belediyesi"),
            "youtube": WorldAccount("youtube", "@ornekbelediye", "UCornekbelediye0000000001", "Örnek Belediyesi TV"),
        }
    )

    def number(self, *name: object) -> int:
        """A number from 0 to 2**64 that belongs to `name`, the same for ever."""
        text = "/".join(map(str, (self.seed, *name)))
        return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest())

    def below(self, bound: int, *name: object) -> int:
        return self.number(*name) % bound

    @cached_property
    def posts(self) -> dict[str, tuple[WorldPost, ...]]:
        """Every post of every platform, oldest first, deleted ones included."""
        return {platform: tuple(self._posts(platform)) for platform in SIZES}

    def visible(self, platform: str, at: datetime) -> list[WorldPost]:
        """What a listing shows at `at`, newest first."""
        return [
            p
            for p in reversed(self.posts[platform])
            if p.published_at <= at and not (p.deleted_at and p.deleted_at <= at) and not p.private
        ]

    def find(self, platform: str, post: str) -> WorldPost | None:
        return self._by_id.get((platform, post))

    @cached_property
    def _by_id(self) -> dict[tuple[str, str], WorldPost]:
        return {(p.platform, p.post): p for posts in self.posts.values() for p in posts}

    def _posts(self, platform: str) -> Iterator[WorldPost]:
        per_day, _, _, size = SIZES[platform]
        serial = 0
        for offset in range((self.end - self.start).days):
            day = self.start + timedelta(days=offset)
            whole = int(per_day * self.scale)
            extra = self.below(1000, platform, day, "count") < (per_day * self.scale - whole) * 1000
            for index in range(whole + extra):
                name = (platform, day, index)
                minute = 8 * 60 + (index * 13 * 60) // max(1, whole + extra) + self.below(45, *name, "minute")
                at = datetime.combine(day, time(), ISTANBUL) + timedelta(minutes=minute, seconds=self.below(60, *name, "s"))
                kind = KINDS[platform][self.below(len(KINDS[platform]), *name, "kind")]
                opening = OPENINGS[self.below(len(OPENINGS), *name, "text")]
                gone = self.deletions and self.below(40, *name, "deleted") == 0
                serial += 1
                yield WorldPost(
                    platform=platform,
                    post=self._remote_id(platform, serial, at),
                    kind=kind,
                    published_at=at.astimezone(UTC),
                    text=f"{opening} #{day:%d.%m.%Y} · {serial}. gönderi: İlçemizde “ışıl ışıl” bir gün, ğüşöç.",
                    final_views=size // 4 + self.below(size * 3 // 2, *name, "views"),
                    deleted_at=at.astimezone(UTC) + timedelta(days=3, hours=5) if gone else None,
                    edited=platform == "x" and self.below(25, *name, "edit") == 0,
                )

    def _remote_id(self, platform: str, serial: int, at: datetime) -> str:
        if platform == "x":
            return str((int(at.timestamp() * 1000) - 1_288_834_974_657) << 22 | serial % 4096)
        if platform == "facebook":
            return f"100200300400500_{9_000_000_000 + serial}"
        if platform == "instagram":
            return str(17_900_000_000_000_000 + serial)
        return "v" + hashlib.blake2b(f"{self.seed}/{serial}".encode(), digest_size=8).hexdigest()[:10]

    def followers(self, platform: str, at: datetime) -> int:
        """Grows every hour, and falls a little now and then, as real ones do."""
        _, start, growth, _ = SIZES[platform]
        hours = int((at - datetime.combine(self.start, time(), ISTANBUL)).total_seconds() // 3600)
        return start + int(growth * hours / 24) - self.below(12, platform, hours // 24, "clean-up")

    def counter(self, post: WorldPost, metric: str, at: datetime) -> int:
        """A lifetime counter: 0 at publication, half of its end after nine hours, never falling."""
        age = max(0, int((at - post.published_at).total_seconds()))
        end = post.final_views * (SHARES[metric] + self.below(1 + SHARES[metric] // 5, post.post, metric)) // 1000
        return end * age // (age + 9 * 3600)

    def flow(self, platform: str, metric: str, day: date) -> int:
        """What the platform's own per-day series says of `day`, once that day is settled."""
        _, _, growth, size = SIZES[platform]
        if metric in ("follows", "unfollows"):
            gained = int(growth) + 20 + self.below(15, platform, metric, day)
            return gained if metric == "follows" else gained - int(growth) + self.below(5, platform, metric, day, "lost")
        base = size * 2 + self.below(size, platform, day)
        return base * SHARES.get(metric, 10) // 1000
