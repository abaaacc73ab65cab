"""What somebody who has never seen the panel finds out by clicking alone, against what the database holds."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from urllib.parse import unquote

import pytest
from playwright.sync_api import Browser, Locator, Page

import words
from storage import Storage, opened
from storage.health import response
from storage.snapshots import Snapshot, latest_sealed
from tests.browser.town import H1, Town


@pytest.fixture
def page(browser: Browser, panel: str) -> Iterator[Page]:
    """The first page, in Turkish, as a browser opens it."""
    found = browser.new_page(viewport={"width": 1280, "height": 900})
    found.goto(panel + "/")
    yield found
    found.close()


@pytest.fixture
def storage(town: Town) -> Iterator[Storage]:
    with opened(town.settings.database, town.settings.zone, read_only=True) as found:
        yield found


@pytest.fixture
def sealed(storage: Storage) -> Snapshot:
    found = latest_sealed(storage, H1)
    assert found is not None
    return found


def go_to(page: Page, place: str) -> None:
    page.get_by_role("navigation", name="Sayfalar").get_by_role("link", name=place, exact=True).click()


def choose(page: Page, **wanted: str) -> None:
    for label, option in wanted.items():
        page.get_by_role("combobox", name=label, exact=True).select_option(label=option)
    page.get_by_role("button", name="Göster", exact=True).click()


def said(place: Locator | Page, selector: str = "main") -> str:
    return " ".join(place.locator(selector).first.inner_text().split())


def printed(number: object) -> str:
    with words.speaking("tr"):
        return words.exactly(number)  # type: ignore[arg-type]


def test_which_indicator_is_behind_and_why(page: Page, sealed: Snapshot) -> None:
    choose(page, Dönem="2026-H1")
    cards = page.locator("article.card")
    behind = {said(card, ".code"): card for card in cards.all() if "geride" in said(card, ".badges")}
    assert set(behind) == {row.code for row in sealed.values if row.band == "behind"} != set()
    behind["PG3.1.4"].get_by_role("link").first.click()
    row = sealed.value("PG3.1.4")
    assert row is not None
    text = said(page)
    assert "▼ geride" in text
    assert f"{printed(row.value)} adet" in text
    assert f"Şimdiye kadar beklenen {printed(row.expected)}" in text
    why = said(page, ".told")
    missed = re.findall(r"2026-W\d\d", why)
    assert "yayın bulunmayan haftalar" in why and set(missed) <= set(re.findall(r"2026-W\d\d", row.note)) and missed


def test_which_post_brought_most_views_in_may(page: Page, storage: Storage) -> None:
    go_to(page, "Gönderiler")
    choose(page, Dönem="2026-H1")
    choose(page, Ay="Mayıs 2026")
    page.get_by_role("link", name="Görüntülenme").click()
    first = page.locator("tbody tr").first
    post, text, views = storage.connection.execute(
        "SELECT p.post, p.text, r.value FROM posts p JOIN readings r USING (account, post) WHERE p.published_on LIKE '2026-05-%' "
        "AND r.metric = 'views' AND r.day IS NULL ORDER BY r.value DESC LIMIT 1"
    ).fetchone()
    assert text in said(first, "td.text")
    assert said(first, "[data-label=Görüntülenme]") == printed(views)
    first.get_by_role("link").first.click()
    assert unquote(page.url).endswith(f"/{post}")
    assert f"{printed(views)} görüntülenme" in said(page)


def test_which_outlet_wrote_most(page: Page, storage: Storage) -> None:
    go_to(page, "Haberler")
    page.get_by_role("link", name="Yayınlar ve aylar").click()
    choose(page, Dönem="2026-H1")
    counted = storage.connection.execute(
        "SELECT yayin, count(*) FROM haberler WHERE durum = 'sayıldı' AND gun BETWEEN '2026-01-01' AND '2026-06-30' "
        "GROUP BY yayin ORDER BY 2 DESC, 1"
    ).fetchall()
    assert counted[0][1] > counted[1][1]
    assert f"En çok yazan {counted[0][0]}: sayılan {sum(n for _, n in counted)} haberden {counted[0][1]} tanesi" in said(page)
    rows = [
        [cell.inner_text() for cell in row.locator("th, td").all()[:2]] for row in page.locator("tbody").first.locator("tr").all()
    ]
    assert rows == [[outlet, printed(n)] for outlet, n in counted]


def test_how_sure_is_the_number_of_followers(page: Page, sealed: Snapshot) -> None:
    choose(page, Dönem="2026-H1")
    page.locator("article.card").get_by_role("link", name="Takipçi sayısı").click()
    row, parts = sealed.value("PG3.1.2"), sealed.parts_of("PG3.1.2")
    assert row is not None
    text = said(page)
    assert f"{printed(row.value)} adet" in text and "Kapsam %100" in text
    assert "platform bu sayıyı yuvarlıyor" in text, "one of the four accounts is rounded, and it says so"
    table = said(page, "section[aria-labelledby=parcalar] table")
    for part in parts:
        assert printed(part.value) in table
    assert table.count("30.06.2026 23:45") == len(parts) == 4, "all were read in the last hour of the half-year"


def test_where_a_figure_comes_from(page: Page, sealed: Snapshot, storage: Storage) -> None:
    choose(page, Dönem="2026-H1")
    page.locator("article.card").get_by_role("link", name="Haber sayısı").click()
    row, parts = sealed.value("PG3.1.1"), sealed.parts_of("PG3.1.1")
    assert row is not None
    assert f"{printed(row.value)} adet" in said(page)
    outlets = [part for part in parts if part.value is not None]
    assert sum(int(part.value) for part in outlets if part.value is not None) == row.value
    page.get_by_role("link", name=outlets[0].part, exact=True).click()
    assert f"Parçanın değeri: {outlets[0].value}" in said(page) and f"Satırlarının toplamı: {outlets[0].value}" in said(page)
    assert outlets[0].digest in said(page)
    line = page.locator("tbody tr").first
    title = re.sub(r"^[\d.]+ · | ↗$", "", said(line, "td.text"))
    number = int(line.locator("a[href^='/yanit/']").inner_text())
    line.locator("a[href^='/yanit/']").click()
    kept = response(storage, number)
    assert kept is not None
    exchange = kept[0]
    assert title in page.locator("pre").inner_text() and title in exchange.body.decode()
    assert hashlib.sha256(exchange.body).hexdigest() in said(page)
    assert "✓" in said(page, ".facts"), "the page has compared them"


def test_the_language_stays_and_so_does_the_question(page: Page) -> None:
    go_to(page, "Haberler")
    choose(page, Dönem="2026-H1")
    counted = said(page, "caption")
    page.get_by_role("link", name="English").click()
    assert page.locator("html").get_attribute("lang") == "en"
    assert set(re.findall(r"\d+", said(page, "caption"))) == set(re.findall(r"\d+", counted))
    page.get_by_role("navigation", name="Pages").get_by_role("link", name="Posts").click()
    assert said(page, "h1") == "Posts"
    page.get_by_role("link", name="Türkçe").click()
    assert said(page, "h1") == "Gönderiler"
