"""Who may look: from loopback anybody, beyond it whoever knows the password or whom a proxy names; nobody under another name."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from config import Settings
from console.serving import application
from panel.guard import HEADERS, SESSION, Sessions, hashed, is_password
from storage import opened
from tests.indicators.standing import ISTANBUL

NOW = datetime(2026, 7, 12, 9, tzinfo=UTC)


def browser(tmp_path: Path, **how: object) -> TestClient:
    settings = Settings(path=tmp_path / "mecra.toml", data=tmp_path, institution="Örnek", zone=ISTANBUL)
    with opened(settings.database, ISTANBUL):
        pass
    return TestClient(application(settings, now=lambda: NOW, **how), base_url="http://127.0.0.1:8801", follow_redirects=False)  # type: ignore[arg-type]


def test_without_a_password_anybody_on_this_machine_looks(tmp_path: Path) -> None:
    answer = browser(tmp_path).get("/")
    assert answer.status_code == 200
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS


@pytest.mark.parametrize("path", ["/", "/gonderiler", "/static/style.css/../../app.py", "/sorgu?sql=select+1", "/nowhere"])
def test_with_a_password_nothing_is_shown_before(tmp_path: Path, path: str) -> None:
    answer = browser(tmp_path, password="çok gizli").get(path)
    assert (answer.status_code, answer.headers.get("location")) == (303, "/giris") or answer.status_code == 404
    assert "Örnek" not in answer.text


def test_the_password_opens_and_the_way_out_closes(tmp_path: Path) -> None:
    seen = browser(tmp_path, password="çok gizli ışık")
    assert 'type="password"' in seen.get("/giris").text
    wrong = seen.post("/giris", data={"parola": "ÇOK GİZLİ IŞIK"})
    assert (wrong.status_code, "Parola bu değil." in wrong.text) == (403, True)
    right = seen.post("/giris", data={"parola": "çok gizli ışık"})
    assert (right.status_code, right.headers["location"]) == (303, "/")
    cookie = right.headers["set-cookie"]
    assert all(word in cookie for word in ("HttpOnly", "SameSite=strict", "Path=/"))
    assert seen.get("/").status_code == 200
    assert seen.post("/cikis").status_code == 303
    seen.cookies.set(SESSION, cookie.partition("=")[2].partition(";")[0])
    assert seen.get("/").status_code == 303, "the session itself is over"


def test_after_ten_wrong_passwords_nobody_may_try(tmp_path: Path) -> None:
    seen = browser(tmp_path, password="çok gizli")
    for _ in range(Sessions.TRIES):
        assert seen.post("/giris", data={"parola": "x"}).status_code == 403
    assert seen.post("/giris", data={"parola": "çok gizli"}).status_code == 429


def test_a_minute_later_one_may_again() -> None:
    sessions = Sessions()
    for second in range(Sessions.TRIES):
        sessions.failed(float(second))
    assert not sessions.may_try(30.0)
    assert sessions.may_try(Sessions.REST + 1)


@pytest.mark.parametrize(
    "headers",
    [{"origin": "http://evil.example"}, {"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}],
)
def test_a_form_from_another_site_is_refused(tmp_path: Path, headers: dict[str, str]) -> None:
    answer = browser(tmp_path, password="çok gizli").post("/giris", data={"parola": "çok gizli"}, headers=headers)
    assert (answer.status_code, "set-cookie" in answer.headers) == (403, False)


def test_a_form_of_a_megabyte_is_not_read(tmp_path: Path) -> None:
    assert browser(tmp_path, password="x").post("/giris", content=b"parola=" + b"x" * 2**20).status_code == 413


def test_a_proxy_names_who_is_signed_in(tmp_path: Path) -> None:
    seen = browser(tmp_path, user_header="X-Remote-User")
    assert seen.get("/").status_code == 401
    assert seen.get("/", headers={"x-remote-user": "ayse"}).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "evil.example:8801", "169.254.169.254"])
def test_under_another_name_nothing_is_shown(tmp_path: Path, host: str) -> None:
    answer = browser(tmp_path).get("/", headers={"host": host})
    assert (answer.status_code, "Örnek" in answer.text) == (421, False)


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_the_panel_is_only_read(tmp_path: Path, method: str) -> None:
    assert browser(tmp_path).request(method, "/").status_code == 405


def test_a_password_is_kept_as_its_hash() -> None:
    kept = hashed("parola")
    assert "parola" not in kept
    assert kept != hashed("parola")
    assert is_password("parola", kept)
    assert not is_password("Parola", kept)
    assert not is_password("parola", "plain$00$00")
