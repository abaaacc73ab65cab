"""Who may look: from loopback anybody, beyond it whoever knows the password or whom a proxy names; nobody under another name."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
import uvicorn
from starlette.datastructures import Headers

from config import Settings
from console.serving import application
from panel.guard import HEADERS, Guard, Sessions, hashed, is_password
from storage import opened
from tests.indicators.standing import ISTANBUL

NOW = datetime(2026, 7, 12, 9, tzinfo=UTC)


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    text: str


@dataclass
class Browser:
    """Real HTTP, one cookie, no redirects followed."""

    port: int
    cookie: str = ""

    def ask(self, method: str, path: str, form: bytes = b"", **headers: str) -> Answer:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        told = {"Cookie": self.cookie} if self.cookie else {}
        told |= {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            connection.request(method, path, form or None, told)
            answer = connection.getresponse()
            found = {name.lower(): value for name, value in answer.getheaders()}
            return Answer(answer.status, found, answer.read().decode("utf-8", "replace"))
        finally:
            connection.close()

    def sign_in(self, password: str, **headers: str) -> Answer:
        answer = self.ask("POST", "/giris", urlencode({"parola": password}).encode(), **headers)
        self.cookie = answer.headers.get("set-cookie", self.cookie).partition(";")[0]
        return answer


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Callable[..., Browser]]:
    """`browser(password=…)`: a panel of its own, and somebody who looks at it."""
    running = []

    def start(**how: Any) -> Browser:
        settings = Settings(path=tmp_path / "mecra.toml", data=tmp_path, institution="Örnek", zone=ISTANBUL)
        with opened(settings.database, ISTANBUL):
            pass
        listening = socket.create_server(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(application(settings, now=lambda: NOW, **how), log_level="critical", lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        running.append((server, thread))
        return Browser(listening.getsockname()[1])

    yield start
    for server, thread in running:
        server.should_exit = True
        thread.join(30)


Start = Callable[..., Browser]


def test_without_a_password_anybody_on_this_machine_looks(browser: Start) -> None:
    answer = browser().ask("GET", "/")
    assert answer.status == 200
    assert {name: answer.headers.get(name.lower()) for name in HEADERS} == HEADERS


@pytest.mark.parametrize("path", ["/", "/gonderiler", "/static/style.css/../../app.py", "/sorgu?sql=select+1", "/nowhere"])
def test_with_a_password_nothing_is_shown_before(browser: Start, path: str) -> None:
    answer = browser(password="çok gizli").ask("GET", path)
    assert (answer.status, answer.headers.get("location")) == (303, "/giris") or answer.status == 404
    assert "def panel" not in answer.text
    assert answer.status == 404 or answer.text == ""


def test_the_password_opens_and_the_way_out_closes(browser: Start) -> None:
    seen = browser(password="çok gizli ışık")
    assert 'type="password"' in seen.ask("GET", "/giris").text
    wrong = seen.sign_in("ÇOK GİZLİ IŞIK")
    assert (wrong.status, "Parola bu değil." in wrong.text) == (403, True)
    right = seen.sign_in("çok gizli ışık")
    assert (right.status, right.headers["location"]) == (303, "/")
    cookie = right.headers["set-cookie"]
    assert all(word in cookie for word in ("HttpOnly", "SameSite=strict", "Path=/"))
    assert seen.ask("GET", "/").status == 200
    assert seen.ask("POST", "/cikis").status == 303
    assert seen.cookie == cookie.partition(";")[0]
    assert seen.ask("GET", "/").status == 303, "the session itself is over"


def test_after_ten_wrong_passwords_nobody_may_try(browser: Start) -> None:
    seen = browser(password="çok gizli")
    for _ in range(Sessions.TRIES):
        assert seen.sign_in("x").status == 403
    assert seen.sign_in("çok gizli").status == 429


def test_a_minute_later_one_may_again() -> None:
    sessions = Sessions()
    for second in range(Sessions.TRIES):
        assert sessions.may_try(float(second))
    assert not sessions.may_try(30.0)
    assert sessions.may_try(Sessions.REST + 1)


def test_right_passwords_use_nothing_up() -> None:
    sessions = Sessions()
    for second in range(10 * Sessions.TRIES):
        assert sessions.may_try(float(second))
        sessions.right(float(second))


def test_many_wrong_passwords_at_once_are_many(browser: Start) -> None:
    """They are counted before they are looked at: otherwise all that come while the first is hashed would be tried."""
    seen = browser(password="çok gizli")
    with ThreadPoolExecutor(40) as pool:
        answers = list(pool.map(lambda n: seen.ask("POST", "/giris", b"parola=x").status, range(40)))
    assert sorted(answers) == [403] * Sessions.TRIES + [429] * (40 - Sessions.TRIES)


def test_a_session_ends_with_the_working_day() -> None:
    sessions = Sessions()
    token = sessions.begin(1000.0)
    assert sessions.knows(token, 1000.0 + Sessions.LASTS - 1)
    assert not sessions.knows(token, 1000.0 + Sessions.LASTS + 1)
    assert not sessions.knows("", 1000.0)
    assert Sessions.LASTS <= 24 * 3600


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "http://[::1"},
        {"origin": "null"},
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"},
    ],
)
def test_a_form_from_another_site_is_refused(browser: Start, headers: dict[str, str]) -> None:
    answer = browser(password="çok gizli").sign_in("çok gizli", **headers)
    assert (answer.status, "set-cookie" in answer.headers) == (403, False)


def test_a_form_of_a_megabyte_is_not_read(browser: Start) -> None:
    assert browser(password="x").ask("POST", "/giris", b"parola=" + b"x" * 2**20).status == 413


def test_a_proxy_names_who_is_signed_in(browser: Start) -> None:
    seen = browser(user_header="X-Remote-User")
    assert seen.ask("GET", "/").status == 401
    assert seen.ask("GET", "/", x_remote_user="ayse").status == 200


def test_whoever_is_no_proxy_names_nobody(browser: Start) -> None:
    """The port can be reached past the proxy, and everybody can write a header."""
    guard = Guard(lambda *_: None, user_header="X-Remote-User", proxies=["10.0.0.5"])  # type: ignore[arg-type]
    for peer, status in (("10.0.0.5", None), ("127.0.0.1", 401), ("10.0.0.66", 401)):
        scope = {"type": "http", "method": "GET", "path": "/", "client": (peer, 40000), "headers": []}
        refused = guard._refused(scope, Headers({"host": "localhost", "x-remote-user": "ayse"}))
        assert (refused.status_code if refused else None) == status, peer
    assert browser(user_header="X-Remote-User").ask("GET", "/", x_remote_user="ayse").status == 200, "one on this machine"


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "evil.example:8801", "169.254.169.254"])
def test_under_another_name_nothing_is_shown(browser: Start, host: str) -> None:
    answer = browser().ask("GET", "/", host=host)
    assert (answer.status, "Örnek" in answer.text) == (421, False)


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_the_panel_is_only_read(browser: Start, method: str) -> None:
    assert browser().ask(method, "/").status == 405


def test_a_password_is_kept_as_its_hash() -> None:
    kept = hashed("parola")
    assert "parola" not in kept
    assert kept != hashed("parola")
    assert is_password("parola", kept)
    assert not is_password("Parola", kept)
    assert not is_password("parola", "plain$00$00")
