"""What must hold of any page in a browser, each told as text where it does not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import axe_playwright_python
from playwright.sync_api import ConsoleMessage, Page, Request, Response

AXE = Path(axe_playwright_python.__file__).parent / "axe.min.js"
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
RUN_AXE = "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations'], preload: false})"
LOAD_ALL = "() => { for (const one of document.images) one.loading = 'eager'; }"
LOADED = "() => [...document.images].every(one => one.complete)"
OPEN_ALL = "() => document.querySelectorAll('details').forEach(one => one.open = true)"
ABOUT = """() => ({
  lang: document.documentElement.lang, title: document.title, headings: document.querySelectorAll('h1').length,
  wide: document.documentElement.scrollWidth - innerWidth,
  pictures: [...document.images].filter(i => !(i.complete && i.naturalWidth)).map(i => i.currentSrc),
})"""
MOVING = """() => [...document.querySelectorAll('*')].filter(e => {
  const s = getComputedStyle(e);
  return s.animationName !== 'none' || s.transitionDuration.split(',').some(t => parseFloat(t) > 0.001) || s.scrollBehavior === 'smooth';
}).map(e => e.tagName)"""
WATCH_FOCUS = """() => {
  const may = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]';
  window.able = [...document.querySelectorAll(may)].filter(
    e => e.tabIndex >= 0 && !e.disabled && e.checkVisibility({visibilityProperty: true}));
  window.met = new Map();
  document.addEventListener('focusin', ({target}) => {
    const s = getComputedStyle(target), box = target.getBoundingClientRect();
    const shown = s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2;
    const inside = box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
    if (!met.has(target)) met.set(target, shown && inside);
  });
  return able.length;
}"""
LEFT = "() => able.filter(e => !met.has(e)).length"
FOCUS = """() => {
  const said = e => e.outerHTML.slice(0, 120);
  return {missed: able.filter(e => !met.has(e)).map(said), hidden: [...met].filter(([e, shown]) => !shown && able.includes(e)).map(([e]) => said(e))};
}"""


class Watch:
    """Listens to a page from before its first request on."""

    def __init__(self, page: Page, origin: str) -> None:
        self.origin, self.heard = origin, list[str]()
        self.asked: set[str] = set()
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.heard.append(f"error: {error}"))
        page.on("request", self._request)
        page.on("requestfailed", self._failed)
        page.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.heard.append(f"console: {message.text}")

    def _request(self, request: Request) -> None:
        self.asked.add(request.url)
        if not request.url.startswith(self.origin + "/"):
            self.heard.append(f"a request to elsewhere: {request.url[:200]}")

    def _failed(self, request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # by the next page, which was asked for before the last picture came
            self.heard.append(f"failed: {request.url} {request.failure}")

    def _response(self, response: Response) -> None:
        if response.status >= 400:
            self.heard.append(f"{response.status}: {response.url}")

    def take(self) -> list[str]:
        heard, self.heard = self.heard, []
        return heard


def whole(page: Page) -> None:
    """Waits for the pictures that a reader would have scrolled to."""
    page.evaluate(LOAD_ALL)
    page.wait_for_function(LOADED)


def plain(page: Page, language: str, *, phone: bool) -> Iterator[str]:
    """Language, title, one heading, whole pictures, no scrolling sideways, also with all that opens opened."""
    page.evaluate(OPEN_ALL)
    about: dict[str, Any] = page.evaluate(ABOUT)
    if about["lang"] != language:
        yield f"its language is {about['lang']!r}"
    if about["headings"] != 1:
        yield f"it has {about['headings']} first headings"
    if len(about["title"]) < 10 or " · " not in about["title"]:
        yield f"its title is {about['title']!r}"
    if phone and about["wide"] > 0:
        yield f"it is {about['wide']} pixels wider than a phone"
    yield from (f"no picture: {address}" for address in about["pictures"])


def axe(page: Page) -> Iterator[str]:
    """What axe-core finds, with all that opens opened."""
    page.evaluate(OPEN_ALL)
    for found in page.evaluate(RUN_AXE, list(TAGS))["violations"]:
        for node in found["nodes"][:3]:
            why = " ".join(node["failureSummary"].split())
            yield f"axe {found['id']} ({len(found['nodes'])}×): {' '.join(map(str, node['target']))}: {why}"[:500]


def still(page: Page) -> Iterator[str]:
    """Nothing moves for who asked for no movement."""
    if moving := page.evaluate(MOVING):
        yield f"it moves: {sorted(set(moving))}"


def keyboard(page: Page) -> Iterator[str]:
    """Tab alone reaches every link and control, each shows that it is reached, and leads out again; the skip link skips."""
    page.evaluate(OPEN_ALL)
    count = page.evaluate(WATCH_FOCUS)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    if page.evaluate("() => document.activeElement.id") != "icerik":
        yield "the first stop is no link to the content"
    for _ in range(3):
        for _press in range(count + 20):
            page.keyboard.press("Tab")
        if not page.evaluate(LEFT):
            break
    found = page.evaluate(FOCUS)
    yield from (f"Tab does not reach {one}" for one in found["missed"])
    yield from (f"no sign of the focus on {one}" for one in found["hidden"])


def printed(page: Page) -> Iterator[str]:
    """On paper: the content alone, dark on white, also from a dark screen."""
    page.emulate_media(media="print")
    shown = page.evaluate("() => [...document.querySelectorAll('nav, form, .skip')].filter(e => e.checkVisibility()).length")
    if shown:
        yield f"{shown} controls are printed"
    if page.evaluate("() => document.querySelector('main').innerText.trim().length") < 20:
        yield "nothing is printed"
    if not page.pdf(format="A4").startswith(b"%PDF-"):
        yield "no PDF comes of it"
    page.emulate_media(media="screen")
