"""Every page that links and forms lead to from the first one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, unquote, urldefrag, urljoin, urlsplit

from playwright.sync_api import Page

MOST, ALIKE = 60, 2
# Links and forms as they stand in a page's text: nothing of it is run or loaded.
LINKS = """text => {
  const page = new DOMParser().parseFromString(text, 'text/html');
  const links = [...page.querySelectorAll('a[href]')].map(a => a.getAttribute('href'));
  const sent = [...page.forms].filter(f => f.method === 'get').flatMap(f => {
    const now = () => (f.getAttribute('action') || '') + '?' + new URLSearchParams(new FormData(f));
    return [now(), ...[...f.querySelectorAll('select')].flatMap(s => [...s.options].map(o => { s.value = o.value; return now(); }))];
  });
  const pictures = [...page.images].map(i => i.getAttribute('src'));
  return [[...links, ...sent], pictures];
}"""


@dataclass(frozen=True, order=True)
class Found:
    """A page, or a file to be downloaded; `route` is the pattern that it answers to."""

    route: str
    address: str
    html: bool

    @property
    def name(self) -> str:
        """For a file's name."""
        parts = urlsplit(self.address)
        said = f"{unquote(parts.path).strip('/') or 'ozet'} {' '.join(f'{k} {v}' for k, v in parse_qsl(parts.query))}"
        return re.sub(r"[^\w.-]+", "-", said).strip("-")[:70]


@dataclass
class Crawled:
    """A few pages of each kind, in the order in which they were met; the routes of their pictures; and what is wrong."""

    found: list[Found] = field(default_factory=list)
    pictures: set[str] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)


def crawl(page: Page, root: str, patterns: Sequence[str]) -> Crawled:
    """All that the first page leads to, then whatever has been seen least."""
    routes = {pattern: _form(pattern) for pattern in patterns}
    crawled, taken, waiting = Crawled(), Counter[object](), {"/": 0}  # address: how many clicks away
    seen = {"/"}

    def kind(address: str) -> tuple[str, frozenset[str]]:
        path, query = urlsplit(address).path, urlsplit(address).query
        route = next((pattern for pattern, form in routes.items() if form.fullmatch(path)), "")
        return route, frozenset(name for name, _ in parse_qsl(query))

    while waiting and len(crawled.found) < MOST:
        address = min(waiting, key=lambda one: (waiting[one] > 1, taken[kind(one)[0]], waiting[one]))
        clicks, (route, names) = waiting.pop(address), kind(address)
        if clicks > 1 and taken[route, names] >= ALIKE:
            continue
        taken.update([route, (route, names)])
        answer = page.context.request.get(root + address)
        html = answer.headers.get("content-type", "").startswith("text/html")
        if answer.status != 200:
            crawled.wrong.append(f"{address}: {answer.status}")
            continue
        if not route:
            crawled.wrong.append(f"{address}: in no list of pages")
        crawled.found.append(Found(route or address, address, html))
        links, pictures = page.evaluate(LINKS, answer.text()) if html else ([], [])
        crawled.pictures |= {pattern for pattern, form in routes.items() if any(form.fullmatch(one) for one in pictures)}
        for target in (urldefrag(urljoin(root + address, link))[0] for link in links):
            short = target.removeprefix(root)
            if target.startswith(root + "/") and "lang=" not in short and short not in seen:
                seen.add(short)
                waiting[short] = clicks + 1
    return crawled


def _form(pattern: str) -> re.Pattern[str]:
    """`/a/{b}/{c:path}.svg` as an expression."""
    parts = re.split(r"(\{\w+(?::\w+)?\})", pattern)
    return re.compile("".join(".+" if p.endswith(":path}") else "[^/]+" if p.startswith("{") else re.escape(p) for p in parts))
