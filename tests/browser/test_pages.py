"""Every page of the panel in a real Chromium: both languages, light and dark, phone and desktop."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import pytest
from playwright.sync_api import Browser, BrowserContext, ViewportSize

from panel.app import PAGES
from panel.shell import COOKIE
from tests.browser.conftest import screenshots
from tests.browser.crawl import Crawled, Found, crawl
from tests.browser.page_checks import AXE, Watch, axe, keyboard, plain, printed, still, whole

PHONE, DESKTOP = ViewportSize(width=390, height=844), ViewportSize(width=1280, height=900)
UNLINKED = {"/giris", "/cikis"}  # only where there is a password


@dataclass(frozen=True)
class Variant:
    language: str
    dark: bool
    phone: bool

    def __str__(self) -> str:
        return f"{self.language}-{'dark' if self.dark else 'light'}-{'phone' if self.phone else 'desktop'}"

    @property
    def looked_through(self) -> bool:
        """Whether axe looks: at light and dark, small and large once each, at either language twice; it takes most of the time."""
        return (self.language == "en") == (self.dark != self.phone)

    def context(self, browser: Browser, panel: str) -> BrowserContext:
        found = browser.new_context(
            viewport=PHONE if self.phone else DESKTOP,
            color_scheme="dark" if self.dark else "light",
            reduced_motion="reduce" if self.phone else "no-preference",
            locale="tr-TR",
        )
        found.add_init_script(path=AXE)
        found.add_cookies([{"name": COOKIE, "value": self.language, "url": panel}])
        return found


VARIANTS = [Variant(*one) for one in product(("tr", "en"), (False, True), (False, True))]


@pytest.fixture(scope="module")
def crawled(browser: Browser, panel: str) -> Crawled:
    page = browser.new_page()
    found = crawl(page, panel, [pattern for pattern, _page in PAGES])
    page.close()
    return found


def of_each_route(crawled: Crawled) -> dict[str, Found]:
    return {one.route: one for one in reversed(crawled.found) if one.html}


def pages(crawled: Crawled, variant: Variant) -> list[Found]:
    """One of each route, and its share of the others."""
    firsts = of_each_route(crawled)
    others = [one for one in crawled.found if one.html and one != firsts[one.route]]
    return [*firsts.values(), *others[VARIANTS.index(variant) :: len(VARIANTS)]]


def test_links_lead_to_every_page_and_to_nothing_else(crawled: Crawled) -> None:
    assert not crawled.wrong, "\n".join(crawled.wrong)
    reached = {found.route for found in crawled.found} | crawled.pictures
    assert {pattern for pattern, _page in PAGES} - reached - UNLINKED == set()


@pytest.mark.parametrize("variant", VARIANTS, ids=str)
def test_every_page_is_whole_and_accessible(variant: Variant, crawled: Crawled, browser: Browser, panel: str) -> None:
    context = variant.context(browser, panel)
    page = context.new_page()
    watch = Watch(page, panel)
    wrong, firsts = list[str](), list(of_each_route(crawled).values())
    for found in pages(crawled, variant):
        page.goto(panel + found.address, wait_until="load")
        whole(page)
        page.screenshot(path=screenshots() / f"{found.name}.{variant}.jpg", full_page=True, type="jpeg", quality=80)
        told = [*plain(page, variant.language, phone=variant.phone), *(still(page) if variant.phone else ())]
        if variant.looked_through or found not in firsts:
            told += axe(page)
        wrong += [f"{found.address}: {text}" for text in dict.fromkeys([*told, *watch.take()])]
    context.close()
    assert not wrong, "\n".join(wrong)


def test_the_keyboard_alone_reaches_everything(crawled: Crawled, browser: Browser, panel: str) -> None:
    page = browser.new_page(viewport=DESKTOP)
    wrong = []
    for found in of_each_route(crawled).values():
        page.goto(panel + found.address)
        wrong += [f"{found.address}: {text}" for text in keyboard(page)]
    page.close()
    assert not wrong, "\n".join(wrong)


def test_every_page_can_be_printed(crawled: Crawled, browser: Browser, panel: str) -> None:
    page = browser.new_page(viewport=DESKTOP, color_scheme="dark")
    wrong = []
    for found in of_each_route(crawled).values():
        page.goto(panel + found.address)
        wrong += [f"{found.address}: {text}" for text in printed(page)]
    page.close()
    assert not wrong, "\n".join(wrong)
