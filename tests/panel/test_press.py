"""Haberler: what counts now, found by Turkish words, by outlet and by story; who decides what waits; and no headline runs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model import Article
from storage import Storage
from storage.rulings import rule
from tests.indicators.papers import FILE, Press, article
from tests.indicators.standing import store
from tests.panel.served import Answer, Get, is_inert, served
from tests.reports.measured import BEGIN, DAY, FEED, LAST, X, half_a_year
from tests.reports.sample import HOSTILE

MARCH = BEGIN + 70 * DAY
ARTICLE = re.compile(r"^/haberler/\d+$")
KAVSAK = "ÜMRANİYE’DE KAVŞAK AÇILDI: IŞIKLAR YANDI"


def titled(key: str, at: datetime, title: str, **more: str) -> Article:
    return replace(article(key, at, **more), title=title)


@pytest.fixture(scope="module")
def storage(tmp_path_factory: pytest.TempPathFactory) -> Storage:
    storage = half_a_year(tmp_path_factory.mktemp("press"))
    storage.register([])
    press = Press(storage)
    told = [titled(f"c{n}.example", MARCH + n * timedelta(hours=5), KAVSAK, outlet=f"Gazete {n}", story="kavsak") for n in range(4)]
    told += [
        titled(f"h{n}.example", MARCH, text, outlet="<img src=x onerror=alert(1)>") for n, text in enumerate(HOSTILE) if n != 4
    ]
    told += [replace(titled("kotu.example", MARCH, "İmar"), url="javascript:alert(1)", summary=HOSTILE[6])]
    told += [
        titled(f"w{n}.example", MARCH + DAY, f"Bekleyen {n}", status="review", reason="only the place is named") for n in range(3)
    ]
    press.tell(FEED, MARCH + 2 * DAY, *told)
    press.tell(FILE, LAST, *(titled(f"agency{n}", MARCH, f"Ajans {n}", via="agency", outlet="Ulusal") for n in range(5)))
    first, last = (number(storage, f"w{n}.example") for n in (0, 1))
    rule(storage, [first], "counted", 'Bizi anlatıyor <b>"evet"</b>', "Ayşe", LAST)
    rule(storage, [last], "counted", "önce sayıldı", "Ayşe", LAST)
    rule(storage, [last], "excluded", "sonra sayılmadı", "Fatma", LAST)
    rule(storage, [number(storage, "c3.example")], "excluded", "aynı gazetenin başka adı", "Ayşe", LAST)
    return storage


def number(storage: Storage, key: str) -> int:
    return int(storage.connection.execute("SELECT article FROM articles WHERE key = ?", (key,)).fetchone()[0])


@pytest.fixture(scope="module")
def get(storage: Storage) -> Iterator[Get]:
    with served(Path(storage.connection.execute("PRAGMA database_list").fetchone()[2])) as get:
        yield get


def asked(get: Get, target: str) -> Answer:
    answer = get(target)
    assert answer.status == 200
    is_inert(answer)
    return answer


def titles(answer: Answer) -> list[str]:
    return re.findall(r'<td role="cell" class="text"><a href="[^"]*">([^<]*)</a>', answer.text)


OURS = "found_via != 'agency' AND published_on <= '2026-06-30'"


def statuses(storage: Storage, where: str = OURS) -> Counter[str]:
    """As a person would count them, row by row."""
    found: Counter[str] = Counter()
    for key, status in storage.connection.execute(f"SELECT key, status FROM articles WHERE {where}").fetchall():
        ruled = storage.connection.execute("SELECT status FROM rulings WHERE article_key = ? ORDER BY ruling", (key,)).fetchall()
        found[ruled[-1][0] if ruled else status] += 1
    return found


def sums(answer: Answer) -> dict[str, int]:
    whole = answer.text.partition('<p class="sums">')[2].partition("</p>")[0]
    found = re.findall(r'class="badge (counted|excluded|review)">.*?</span> [^<]*</span>\s* ([\d.]+)</a>', whole, re.S)
    return {name: int(figure.replace(".", "")) for name, figure in found}


def test_statuses_are_counted_with_what_people_ruled(get: Get, storage: Storage) -> None:
    assert sums(asked(get, "/haberler?donem=2026-H1")) == dict(statuses(storage))
    agency = asked(get, "/haberler?donem=2026-H1&kaynak=ajans")
    assert sums(agency) == {"counted": 5, "excluded": 0, "review": 0}
    assert titles(agency) == [f"Ajans {n}" for n in reversed(range(5))]
    for name, status in (("sayilan", "counted"), ("sayilmayan", "excluded"), ("inceleme", "review")):
        pages = [asked(get, f"/haberler?donem=2026-H1&durum={name}&sayfa={n}") for n in (1, 2)]
        shown = pages[0].text.count('<tr role="row">') - 1
        assert min(50, statuses(storage)[status]) == shown
        assert set(re.findall(r'<td role="cell"><span class="badge (\w+)">', pages[0].text)) == {status}


def test_days_and_months(get: Get, storage: Storage) -> None:
    days = storage.connection.execute(
        "SELECT published_on FROM articles WHERE found_via != 'agency' ORDER BY published_on"
    ).fetchall()
    told = [f"{day[8:]}.{day[5:7]}.{day[:4]}" for (day,) in days]
    shown = re.findall(r'class="when">([\d.]+)<', asked(get, "/haberler?donem=tumu&yon=artan").text)
    assert shown == told[:50]
    march = asked(get, "/haberler?donem=2026-H1&ay=2026-03")
    assert {day[3:] for day in re.findall(r'class="when">([\d.]+)<', march.text)} == {"03.2026"}
    assert sums(march) == dict(statuses(storage, f"{OURS} AND published_on LIKE '2026-03%'"))


@pytest.mark.parametrize("typed", ["kavsak isiklar", "KAVŞAK IŞIKLAR", "ümraniye'de".replace("'", "’"), "umraniye’de acildi"])
def test_titles_are_found_with_turkish_letters_folded(get: Get, typed: str) -> None:
    answer = asked(get, f"/haberler?donem=tumu&ara={quote(typed)}")
    assert titles(answer) == [KAVSAK] * 4
    assert sums(answer) == {"counted": 3, "excluded": 1, "review": 0}
    assert titles(asked(get, f"/haberler?donem=tumu&durum=sayilmayan&ara={quote(typed)}")) == [KAVSAK]


def test_an_outlet_alone(get: Get) -> None:
    answer = asked(get, "/haberler?donem=2026-H1&yayin=Gazete+2")
    assert titles(answer) == [KAVSAK] and "4 kez yayımlandı" in answer.page.words
    everything = titles(asked(get, "/haberler?donem=2026-H1"))
    assert titles(asked(get, "/haberler?donem=2026-H1&yayin=Gazete")) == everything, "no such outlet: not asked for"


def test_what_waits_says_why_and_how_it_is_decided(get: Get, storage: Storage) -> None:
    one = number(storage, "w2.example")
    news = asked(get, "/haberler")
    assert "/haberler?donem=tumu&durum=inceleme" in news.page.links
    review = asked(get, "/haberler?donem=tumu&durum=inceleme")
    assert f'mecra news count {one} --why "…"' in review.page.words and f'mecra news exclude {one} --why "…"' in review.page.words
    assert "yalnızca ilçenin adı geçiyor" in review.text
    assert f"mecra news count {number(storage, 'w0.example')}" not in review.page.words, "it was decided"
    assert f"mecra news count {one}" in asked(get, f"/haberler/{one}").page.words
    assert "Burada inceleme bekleyen haber yok" in get("/haberler?donem=2026-H1&ay=2026-02&durum=inceleme&ara=yok").text


def test_one_article_its_story_and_what_was_decided(get: Get, storage: Storage) -> None:
    answer = asked(get, f"/haberler/{number(storage, 'c1.example')}")
    assert "4 yayın organında 4 haber" in answer.page.words
    others = {f"/haberler/{number(storage, f'c{n}.example')}" for n in (0, 2, 3)}
    assert {link for link in answer.page.links if ARTICLE.match(link)} == others
    assert "https://c1.example" in answer.page.links
    response = storage.connection.execute("SELECT response FROM articles WHERE key = 'c1.example'").fetchone()[0]
    assert f"/yanit/{response}" in answer.page.links
    ruled = asked(get, f"/haberler/{number(storage, 'w1.example')}")
    assert ruled.text.index("önce sayıldı") < ruled.text.index("sonra sayılmadı", ruled.text.index("önce sayıldı"))
    assert "Fatma" in ruled.text
    assert '<b>"evet"</b>' in asked(get, f"/haberler/{number(storage, 'w0.example')}").page.words, "as words"


def test_stories_that_appeared_more_than_once(get: Get, storage: Storage) -> None:
    answer = asked(get, "/haberler/konular?donem=2026-H1")
    rows = re.findall(r'data-label="Yansıma">([\d.]+)</td><td [^>]*>([\d.]+)</td>', answer.text)
    assert rows[0] == ("3", "3"), "the fourth was ruled out"
    found = Counter(
        story
        for (story,) in storage.connection.execute(
            f"SELECT story FROM articles WHERE status = 'counted' AND {OURS} AND key != 'c3.example'"
        )
    )
    assert len(rows) == sum(count > 1 for count in found.values())
    assert f"/haberler/{number(storage, 'c0.example')}" in answer.page.links
    only = asked(get, "/haberler/konular?donem=2026-H1&ara=kavsak")
    assert len(titles(only)) == 1


def test_who_wrote_most(get: Get, storage: Storage) -> None:
    answer = asked(get, "/haberler/gazeteler?donem=2026-H1")
    rows = dict(
        re.findall(r'<th scope="row"><a href="[^"]*">([^<]*)</a></th><td class="n">([\d.]+)</td><td class="n">%', answer.text)
    )
    expected: Counter[str] = Counter()
    for outlet, status, key in storage.connection.execute(f"SELECT outlet, status, key FROM articles WHERE {OURS}").fetchall():
        ruled = storage.connection.execute("SELECT status FROM rulings WHERE article_key = ? ORDER BY ruling", (key,)).fetchall()
        expected[outlet] += (ruled[-1][0] if ruled else status) == "counted"
    found = {name.replace("&lt;", "<").replace("&gt;", ">"): int(count) for name, count in rows.items()}
    assert found == dict(expected)
    assert list(found.values()) == sorted(found.values(), reverse=True)
    total, stories = sum(expected.values()), re.search(r"çıkan (\d+) ayrı konudur", answer.page.words)
    assert f"sayılan {total} haberden {max(expected.values())} tanesi" in answer.page.words and stories
    assert len(answer.page.all("img")) == 2, "outlets, months"
    by_month = re.findall(
        r'<th scope="row"><a href="[^"]*ay=(2026-0\d)[^"]*">[^<]*</a></th><td class="n">(\d+)</td></tr>', answer.text
    )
    assert [month for month, _ in by_month] == [f"2026-0{n}" for n in range(1, 7)]
    assert sum(int(count) for _, count in by_month) == total
    assert "/haberler?donem=2026-H1&yayin=Gazete+2" in answer.page.links
    assert len(asked(get, "/haberler/gazeteler?donem=2026-H1&ay=2026-03").page.all("img")) == 1
    assert "Ulusal" in asked(get, "/haberler/gazeteler?donem=2026-H1&kaynak=ajans").text


def test_addresses_that_run_are_not_followed(get: Get, storage: Storage) -> None:
    answer = asked(get, f"/haberler/{number(storage, 'kotu.example')}")
    assert not [address for address in answer.page.addresses() if "javascript" in address]
    assert "javascript:alert(1)" in answer.page.words and len(answer.text) > 10_000


@pytest.mark.parametrize("target", ["0", "999999", "9" * 30, "abc", "-1", "%00", "1/2"])
def test_an_article_that_is_not_there(get: Get, target: str) -> None:
    answer = get(f"/haberler/{target}")
    assert answer.status == 404
    is_inert(answer)


def test_both_languages(get: Get, storage: Storage) -> None:
    for target in ("/haberler", "/haberler/konular", "/haberler/gazeteler", f"/haberler/{number(storage, 'c1.example')}"):
        turkish, english = asked(get, target), asked(get, f"{target}?lang=en")
        assert ("Yayın" in turkish.text, "Yayın" in english.text, "Outlet" in english.text) == (True, False, True), target


def test_nothing_is_known_yet(tmp_path: Path) -> None:
    store(tmp_path, X)
    with served(tmp_path / "mecra.db") as get:
        for target in ("/haberler", "/haberler/konular", "/haberler/gazeteler"):
            assert "mecra collect news" in asked(get, target).text


NAMES = ("donem", "ay", "yayin", "durum", "kaynak", "yon", "sayfa", "ara")
PLAUSIBLE = st.sampled_from(
    ["tumu", "2026", "2026-H1", "2026-03", "Posta", "sayilan", "inceleme", "ajans", "artan", "2", "9" * 30, "a' OR 1", "İ ı"]
)


@given(
    st.sampled_from(["", "/konular", "/gazeteler"]),
    st.dictionaries(st.sampled_from(NAMES), st.one_of(PLAUSIBLE, st.text(max_size=40)), max_size=5),
)
def test_any_question_has_an_answer(get: Get, where: str, asked_for: dict[str, str]) -> None:
    query = "&".join(f"{name}={quote(value.encode('utf-8', 'surrogatepass'))}" for name, value in asked_for.items())
    asked(get, f"/haberler{where}?{query}")
