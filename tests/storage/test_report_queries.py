"""What reports ask the store: top posts, gaps by their reason, files handed in; each as it was known at an instant."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from model import Exchange, Gap, Page, Post, Reading, Records, to_text
from storage import Handed, Storage
from storage.handed_in import files
from storage.knowledge import known_at
from storage.told_gaps import missed
from storage.top_posts import top_posts
from tests.indicators.standing import LATER, Archive, account, store

DAY = timedelta(days=1)
BEGIN, END = datetime(2025, 12, 31, 21, tzinfo=UTC), datetime(2026, 6, 30, 21, tzinfo=UTC)
SPAN = (to_text(BEGIN), to_text(END))
KEY = "x:a"


def posts() -> list[Post]:
    return [Post(f"p{n}", "story" if n == 9 else "post", BEGIN + n * DAY, f"https://x.com/{n}", f"metin {n}") for n in range(12)]


def test_the_posts_that_reached_most_as_they_were_known(tmp_path: Path) -> None:
    storage = store(tmp_path, KEY)
    archive = Archive(storage)
    likes = [Reading("likes", n % 4, f"p{n}") for n in range(12)]
    first = [Reading("views", 100 - n, f"p{n}") for n in range(12) if n != 3]
    archive.told(
        KEY,
        BEGIN + 20 * DAY,
        stream="posts",
        posts=[*posts(), Post("eski", "post", BEGIN - DAY)],
        readings=[*first, *likes, Reading("views", 10**6, "eski")],
    )
    archive.told(
        KEY,
        BEGIN + 40 * DAY,
        stream="posts",
        posts=[Post("p5", "post", BEGIN + 5 * DAY, text="düzeltildi")],
        readings=[Reading("views", 500, "p5")],
    )
    early, late = known_at(storage, BEGIN + 30 * DAY), known_at(storage, LATER)
    found = top_posts(storage, KEY, ["views", "likes"], SPAN, early, most=3, leave_out=["story"])
    assert [(post.post, post.value) for post in found] == [("p0", 100), ("p1", 100), ("p2", 100)], "equal ones by their time"
    assert top_posts(storage, KEY, ["views"], SPAN, late, most=1)[0].text == "düzeltildi"
    assert {post.post: post.text for post in top_posts(storage, KEY, ["views"], SPAN, early, most=99)}["p5"] == "metin 5"
    every = top_posts(storage, KEY, ["views"], SPAN, late, most=99, leave_out=["story"])
    assert every[0].post == "p5" and {"p3", "p9", "eski"} & {post.post for post in every} == set(), "unread, left out, older"


def told(storage: Storage, at: datetime, *gaps: Gap, posts: tuple[Post, ...] = ()) -> None:
    walk = storage.begin(KEY, "posts", since=at, now=at, trigger="manual", memo={}, missed=0)
    exchange = Exchange(at, "GET", "https://x.example", 200, str(at).encode(), 1)
    storage.save(walk, walk.after(Page(), at), [(exchange, Records(gaps=gaps, posts=posts))])


def test_gaps_by_their_reason_until_they_are_filled(tmp_path: Path) -> None:
    storage = store(tmp_path, KEY)
    days = [date(2026, 2, 1), date(2026, 2, 2)]
    told(storage, BEGIN + 50 * DAY, *(Gap("views", "yok", day=day) for day in days), Gap("reach", "sayılmaz", day=days[0]))
    told(storage, BEGIN + 51 * DAY, Gap("views", "gizli", post="p1"), Gap("views", "gizli", post="p9"), posts=tuple(posts()))
    Archive(storage).told(KEY, BEGIN + 60 * DAY, readings=[Reading("views", 5, day=days[0])])
    whole = (date(2026, 1, 1), date(2026, 6, 30))
    early, late = known_at(storage, BEGIN + 55 * DAY), known_at(storage, LATER)
    found = missed(storage, whole, SPAN, early, metrics=["views"], leave_out=["story"])
    assert [(one.reason, one.figures, one.posts, one.first, one.last) for one in found] == [
        ("gizli", 1, 1, (BEGIN + 51 * DAY).date(), (BEGIN + 51 * DAY).date()),
        ("yok", 2, 0, days[0], days[1]),
    ]
    later = missed(storage, whole, SPAN, late, metrics=["views"], leave_out=["story"])
    assert [(one.reason, one.figures) for one in later] == [("gizli", 1), ("yok", 1)]
    assert missed(storage, (date(2025, 1, 1), date(2025, 6, 30)), ("2025-01-01", "2025-07-01"), late, metrics=["views"]) == []


def test_files_that_were_handed_in(tmp_path: Path) -> None:
    storage = store(tmp_path, KEY, "agency:import")
    at, handed = BEGIN + 10 * DAY, BEGIN + 100 * DAY
    url = f"file:rakamlar.xlsx?sha256={'a' * 64}"
    figures = Exchange(at, "IMPORT", url, 200, b"{}", 10, bucket="import")
    clippings = Exchange(handed, "FILE", "file:ajans.csv", 200, b"[]", 10, bucket="agency")
    storage.take_in([Handed(account(KEY), [(figures, Records(readings=(Reading("followers", 7),)))])], handed)
    storage.take_in([Handed(account("agency:import"), [(clippings, Records())])], handed)
    found = files(storage, to_text(BEGIN), known_at(storage, LATER))
    assert [(one.account, one.name, one.at) for one in found] == [
        (KEY, "rakamlar.xlsx", handed),
        ("agency:import", "ajans.csv", handed),
    ]
    assert found[0].sha256 == "a" * 64 and len(found[1].sha256) == 64
    assert files(storage, to_text(BEGIN), known_at(storage, handed - DAY)) == [], "known since it was handed in"
    assert len(files(storage, to_text(BEGIN + 20 * DAY), known_at(storage, LATER))) == 1
