"""A panel as browsers meet it: real HTTP on loopback, over a small half-year with hostile texts in it."""

from __future__ import annotations

import http.client
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from html.parser import HTMLParser
from pathlib import Path

import uvicorn

from panel.app import panel
from panel.shell import Shell
from tests.indicators.standing import ISTANBUL
from tests.reports.measured import LAST, the_plan

VOID = {"meta", "link", "input", "br", "img", "source", "hr"}


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def page(self) -> Page:
        return Page(self.text)


Get = Callable[..., Answer]


@contextmanager
def served(database: Path, *, now: Callable[[], datetime] = lambda: LAST) -> Iterator[Get]:
    """Asks the panel over a database: `get("/plan", lang="en")`."""
    app = panel(Shell(database, ISTANBUL, "Örnek Belediyesi", the_plan, now))
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="critical", lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    port = listening.getsockname()[1]

    def get(target: str, cookie: str = "", *, method: str = "GET", headers: Mapping[str, str] | None = None) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            connection.request(method, target, headers=({"Cookie": cookie} if cookie else {}) | dict(headers or {}))
            answer = connection.getresponse()
            return Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())
        finally:
            connection.close()

    try:
        yield get
    finally:
        server.should_exit = True
        thread.join(10)
        listening.close()


class Page(HTMLParser):
    """What a page holds: its elements with their attributes, its words, its links."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str]]] = []
        self._said: list[str] = []
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)

    def handle_data(self, data: str) -> None:
        self._said.append(data)

    @property
    def words(self) -> str:
        return " ".join(" ".join(self._said).split())

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.elements if name == tag]

    @property
    def links(self) -> list[str]:
        return [one["href"] for one in self.all("a")]

    def addresses(self) -> list[str]:
        """Every address that a browser asks for or follows."""
        named = ("href", "src", "srcset", "action", "formaction", "poster", "data", "xlink:href", "cite", "background")
        return [value for _tag, attributes in self.elements for name, value in attributes.items() if name in named]


def is_inert(answer: Answer) -> None:
    """Nothing of a page runs, nothing is asked of anyone else, every element is closed, and its frame is whole."""
    page = answer.page
    assert page.wrong == [] and page.open == [], (page.wrong, page.open)
    tags = {tag for tag, _ in page.elements}
    assert not tags & {"script", "style", "iframe", "object", "embed", "base", "math", "frame"}
    assert not tags & {"use", "image", "foreignobject", "animate", "set"}
    assert all(one.get("aria-hidden") == "true" for one in page.all("svg")), "drawn lines, beside the same in words"
    for tag, attributes in page.elements:
        assert not [name for name in attributes if name.startswith("on") or name == "style"], (tag, attributes)
    for address in page.addresses():
        outward = address.startswith(("https://", "http://"))
        assert outward or address.startswith(("/", "?", "#")), address
        assert not address.startswith("//"), address
    for link in page.all("a"):
        if link["href"].startswith("http"):
            assert {"noopener", "noreferrer"} <= set(link["rel"].split()), link
    asked = [a for tag, a in page.elements if tag in ("img", "source", "link", "form")]
    assert all(not one.get(name, "").startswith(("http", "//")) for one in asked for name in ("src", "srcset", "href", "action"))
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    for bad in "\x00\x0b\x1b\u202e\u2066\u2069\ud800\uffff":
        assert bad not in answer.text, hex(ord(bad))
    assert page.all("html")[0]["lang"] in ("tr", "en")
    ids = [attributes["id"] for _tag, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids)), "ids are of one element each"
    labelled = {one["for"] for one in page.all("label")}
    fields = [one["id"] for tag in ("select", "input", "textarea") for one in page.all(tag) if one.get("type") != "hidden"]
    assert set(fields) <= labelled
