"""A panel with a password, by the keyboard alone: in, and out again."""

from __future__ import annotations

from playwright.sync_api import Browser, Page

from tests.browser.conftest import served
from tests.browser.page_checks import AXE, axe, keyboard, plain
from tests.browser.town import Town


def type_password(page: Page, password: str) -> None:
    page.get_by_label("Parola").focus()
    page.keyboard.type(password)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_a_password_opens_the_panel_and_signing_out_closes_it(browser: Browser, town: Town) -> None:
    with served(town, password="açıl susam") as panel:
        page = browser.new_page(viewport={"width": 390, "height": 844})
        page.add_init_script(path=AXE)
        page.goto(f"{panel}/haberler")
        assert page.url == f"{panel}/giris"
        assert page.evaluate("() => document.activeElement.id") == "parola"
        wrong = [*plain(page, "tr", phone=True), *axe(page)]
        assert not wrong, "\n".join(wrong)
        type_password(page, "kapan susam")
        assert "Parola bu değil" in page.get_by_role("alert").inner_text()
        assert list(axe(page)) == []
        type_password(page, "açıl susam")
        assert page.url == f"{panel}/"
        wrong = [*plain(page, "tr", phone=True), *axe(page), *keyboard(page)]
        assert not wrong, "\n".join(wrong)
        with page.expect_navigation():
            page.get_by_role("button", name="Oturumu kapat").press("Enter")
        assert page.url == f"{panel}/giris"
        page.goto(f"{panel}/")
        assert page.url == f"{panel}/giris"
        page.close()
