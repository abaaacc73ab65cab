"""Gönderiler: which posts are listed in which order, what one post tells, and that nothing a post says runs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.listing import put_lists
from model import Post, Reading
from storage import Storage
from storage.knowledge import Known
from tests.indicators.standing import Archive
from tests.panel.served import Get, is_inert, served
from tests.reports.measured import BEGIN, DAY, H1, LAST, YOUTUBE, X, half_a_year, provisional, the_plan
from tests.reports.sample import HOSTILE

LISTED = re.compile(r"/gonderiler/[^?/]+/.")
EMPTY = "youtube:bos"


@pytest.fixture(scope="module")
def storage(tmp_path_factory: pytest.TempPathFactory) -> Storage:
    storage = half_a_year(tmp_path_factory.mktemp("posts"))
    archive = Archive(storage)
    at = BEGIN + 40 * DAY
    told = [
        Post("v1", "video", at, "javascript:alert(1)", HOSTILE[6]),
        Post("v2", "video", at + DAY, "https://www.youtube.com/watch?v=v2", "IŞIL IŞIL İSTANBUL: ÜMRANİYE ŞENLİĞİ"),
        Post("v/3?x=1#y", "video", at + 2 * DAY, "//kotu.example/", "\u202eters " + HOSTILE[3]),
        Post("v4", "video", at + 3 * DAY, "data:text/html,<script>1</script>", ""),
    ]
    for hours, views in ((5, 40), (30, 900), (300, 5_000)):
        readings = [Reading("views", views * n, post.post) for n, post in enumerate(told[:3], 1)]
        archive.told(YOUTUBE, at + 3 * DAY + timedelta(hours=hours), posts=told, readings=readings, stream="posts", since=BEGIN)
    edited = [Post("v2", "video", at + DAY, "", "Işıl ışıl İstanbul: Ümraniye Şenliği")]
    archive.told(YOUTUBE, LAST - DAY, posts=edited, stream="posts", since=at, lasting=True)
    provisional(storage)
    put_lists(storage, the_plan(), H1, Known(10**9, LAST))
    return storage


@pytest.fixture(scope="module")
def get(storage: Storage) -> Iterator[Get]:
    path = Path(storage.connection.execute("PRAGMA database_list").fetchone()[2])
    with served(path) as get:
        yield get


def listed(get: Get, query: str = "") -> list[str]:
    """The posts of a page, in order."""
    answer = get(f"/gonderiler?{query}")
    assert answer.status == 200
    is_inert(answer)
    return [link for link in answer.page.links if LISTED.match(link)]


def figures(get: Get, query: str) -> list[tuple[str, str]]:
    cells = re.findall(r'<td role="cell" class="n"[^>]*>([^<]*)</td>', get(f"/gonderiler?{query}").text)
    return list(zip(cells[::2], cells[1::2], strict=True))


def test_the_half_year_is_listed_the_newest_first_fifty_a_page(get: Get, storage: Storage) -> None:
    rows = storage.connection.execute("SELECT account, post FROM posts ORDER BY published_at DESC, account, post").fetchall()
    expected = [f"/gonderiler/{quote(account, safe='')}/{quote(post)}" for account, post in rows]
    pages = [listed(get, f"donem=2026-H1&sayfa={n}") for n in (1, 2)]
    assert (len(pages[0]), [*pages[0], *pages[1]]) == (50, expected)
    assert listed(get, "donem=2026-H1&sayfa=2") == listed(get, "donem=2026-H1&sayfa=99"), "beyond the last page stands the last"
    assert listed(get, "donem=2026-H1&yon=artan") == expected[::-1][:50]
    assert "1–50" in get("/gonderiler").page.words, "the newest period that a snapshot is kept of is the usual one"


def test_sorted_by_figures_the_unknown_last_both_ways(get: Get) -> None:
    for by, place in (("goruntulenme", 0), ("etkilesim", 1)):
        falling = [row[place] for row in figures(get, f"donem=2026-H1&hesap={YOUTUBE}&sirala={by}")]
        rising = [row[place] for row in figures(get, f"donem=2026-H1&hesap={YOUTUBE}&sirala={by}&yon=artan")]
        numbers = [int(text.replace(".", "")) for text in falling if text != "–"]
        assert numbers == sorted(numbers, reverse=True)
        assert falling[-1] == rising[-1] == "–"
        assert [text for text in rising if text != "–"] == [text for text in falling if text != "–"][::-1]
    assert listed(get, "sirala=goruntulenme&donem=2026-H1")[0].endswith("/v/3%3Fx%3D1%23y"), "3 times 5,000"
    assert figures(get, f"donem=2026-H1&hesap={YOUTUBE}&sirala=goruntulenme")[0] == ("15.000", "–")


def test_what_was_read_since_is_sorted_by(get: Get, storage: Storage) -> None:
    assert listed(get, f"sirala=goruntulenme&hesap={YOUTUBE}")[-1].endswith("/v4")
    Archive(storage).told(YOUTUBE, LAST, readings=[Reading("views", 10**6, "v4"), Reading("likes", 3, "v4")], stream="posts")
    assert listed(get, f"sirala=goruntulenme&hesap={YOUTUBE}")[0].endswith("/v4")
    assert figures(get, f"sirala=etkilesim&hesap={YOUTUBE}")[0] == ("1.000.000", "3")


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("ışıl istanbul", ["v2"]), ("ISIL ISTANBUL", ["v2"]), ("İSTANBUL", ["v2"]), ("umraniye senligi", ["v2"]),
        ("Ümraniye şenliği yok", []), ("%", []), ("_ _", ["v/3%3Fx%3D1%23y"]), ("'; DROP TABLE posts; --", []),
    ],
)  # fmt: skip
def test_searching_folds_turkish_letters(get: Get, typed: str, found: list[str]) -> None:
    links = listed(get, f"donem=tumu&hesap={quote(YOUTUBE)}&ara={quote(typed)}")
    assert [link.partition("/gonderiler/youtube%3Aornek/")[2] for link in links] == found


def test_filters_leave_out_and_say_where_else_to_look(get: Get) -> None:
    assert len(listed(get, "donem=2026-H1&platform=youtube")) == 4
    assert listed(get, "donem=2026-H1&platform=youtube&tur=video&ay=2026-02") == listed(get, f"hesap={quote(YOUTUBE)}")
    assert all("/x%3Aornek/" in link for link in listed(get, "donem=2026-H1&platform=x"))
    nothing = get("/gonderiler?donem=2026-H1&ay=2026-05&platform=youtube")
    assert not [link for link in nothing.page.links if LISTED.match(link)]
    assert "/gonderiler?donem=2026-H1" in nothing.page.links and "süzgeci kaldırın" in nothing.text
    is_inert(nothing)


def test_a_deleted_post_is_marked_and_stays(get: Get) -> None:
    answer = get(f"/gonderiler?donem=2026-H1&hesap={YOUTUBE}")
    assert answer.text.count("silindi") == 2, "what the last whole look did not see: v/3 and v4, between the oldest and its start"
    one = get("/gonderiler/youtube%3Aornek/v4")
    assert "silindi" in one.text and "sayılmaya devam eder" in one.text and "(metinsiz)" in one.text
    is_inert(one)


def test_one_post_tells_its_readings_and_where_they_came_from(get: Get, storage: Storage) -> None:
    answer = get("/gonderiler/youtube%3Aornek/v/3%3Fx%3D1%23y")
    is_inert(answer)
    words = answer.page.words
    assert "120 10.02.2026" not in words and "15.000" in words and "+14.880" in words
    readings = storage.connection.execute("SELECT response FROM readings WHERE post = 'v/3?x=1#y' AND metric = 'views'").fetchall()
    assert len(readings) == 3 and {f"/yanit/{n}" for (n,) in readings} <= set(answer.page.links)
    assert "//kotu.example/" not in answer.page.links and "//kotu.example/" in words, "an address that is not followed is told"
    earlier = get("/gonderiler/youtube%3Aornek/v2")
    assert "IŞIL IŞIL İSTANBUL" in earlier.text and "Işıl ışıl İstanbul" in earlier.text
    assert "https://www.youtube.com/watch?v=v2" in earlier.page.links


def test_a_post_names_the_slot_that_it_met(get: Get, storage: Storage) -> None:
    slot, matched = storage.connection.execute(
        "SELECT slot, matched_post FROM plan_slots WHERE matched_post IS NOT NULL"
    ).fetchone()
    account, _, post = matched.partition("/")
    links = get(f"/gonderiler/{quote(account, safe='')}/{post}").page.links
    mine = [link for link in links if link.endswith(f"#slot-{slot}")]
    assert len(mine) == 1
    assert f'id="slot-{slot}"' in get(mine[0].partition("#")[0]).text


def test_charts_are_images_of_ours_light_and_dark(get: Get) -> None:
    page = get("/gonderiler/youtube%3Aornek/v2").page
    image, sources = page.all("img")[0], page.all("source")
    assert "10.000" in image["alt"] and len(sources) == 3
    for address in {image["src"], *(one["srcset"].split()[0] for one in sources)}:
        drawn = get(address)
        assert (drawn.status, drawn.headers["content-type"], drawn.body[:4]) == (200, "image/png", b"\x89PNG")
    assert get("/grafik/0123/light-wide.png").status == 404
    assert get(image["src"].replace("light", "no")).status == 404


@pytest.mark.parametrize("target", ["x%3Aornek/yok", "x/y", "%00/%ff", quote("‮") + "/" + "9" * 5000, "../../etc/passwd"])
def test_a_post_that_is_not_there(get: Get, target: str) -> None:
    answer = get(f"/gonderiler/{target}")
    assert answer.status == 404
    is_inert(answer)


def test_every_text_of_a_page_stays_text(get: Get) -> None:
    answer = get("/gonderiler?donem=2026-H1&platform=x&sayfa=1")
    is_inert(answer)
    assert "<script>alert(1)</script>" in answer.page.words, "as words"
    long = get("/gonderiler/youtube%3Aornek/v1")
    assert len(long.text) > 10_000 and "javascript:alert(1)" not in long.page.addresses()
    is_inert(long)


def test_both_languages(get: Get) -> None:
    for target in ("/gonderiler", "/gonderiler/youtube%3Aornek/v2"):
        turkish, english = get(f"{target}?ay=2026-02"), get(f"{target}?ay=2026-02&lang=en")
        assert (turkish.page.all("html")[0]["lang"], english.page.all("html")[0]["lang"]) == ("tr", "en")
        assert "Görüntülenme" in turkish.text and "Görüntülenme" not in english.text and "Views" in english.text
        is_inert(english)
        assert "?ay=2026-02&lang=en" in turkish.page.links, "another language keeps the question"


def test_nothing_is_known_yet(tmp_path: Path) -> None:
    from tests.indicators.standing import store

    store(tmp_path, EMPTY)
    with served(tmp_path / "mecra.db") as get:
        answer = get("/gonderiler")
        assert answer.status == 200 and "mecra collect" in answer.text
        is_inert(answer)


NAMES = ("donem", "ay", "platform", "hesap", "tur", "sirala", "yon", "sayfa", "ara")
PLAUSIBLE = st.sampled_from(
    [
        "tumu",
        "2026",
        "2026-H1",
        "2099-H2",
        "2026-02",
        "x",
        X,
        "video",
        "goruntulenme",
        "artan",
        "2",
        "-1",
        "9" * 30,
        "²",
        "0x1",
        "İ",
    ]
)


@given(st.dictionaries(st.sampled_from(NAMES), st.one_of(PLAUSIBLE, st.text(max_size=40)), max_size=5), st.booleans())
def test_any_question_has_an_answer(get: Get, asked: dict[str, str], twice: bool) -> None:
    query = "&".join(f"{name}={quote(value.encode('utf-8', 'surrogatepass'))}" for name, value in asked.items())
    answer = get(f"/gonderiler?{query}{'&' + query if twice else ''}")
    assert answer.status == 200, query
    is_inert(answer)
