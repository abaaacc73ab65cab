"""What the fuzzer found in what comes back while somebody consents, each as small as it gets."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from collectors.base import Malformed, Refused
from collectors.http import Door, Line, Outfit
from collectors.x import X
from config.secrets import Secrets
from console import consent
from console.consent_google import _tell_expiry
from console.consent_meta import Graph, _choose, instant, note_token
from model import MecraError, Walk
from storage.expiry import known_expiries
from tests.conftest import ISTANBUL
from tests.fakes import NOON, Server, as_json


def door(line: Line) -> Door:
    return Door(line, now=lambda: NOON, secrets=Secrets({}), sleep=lambda seconds: None, attempts=1)


def someone(path: Path) -> Any:
    return SimpleNamespace(
        settings=SimpleNamespace(accounts=(), path=path / "mecra.toml", data=path, zone=ISTANBUL), now=lambda: NOON
    )


@pytest.mark.parametrize("address", ["http://[::1", "", "http://127.0.0.1/?error=a%1b%5b2Jb", "?code=a&state=other"])
def test_an_address_that_is_none_is_refused(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(consent, "_pasted", lambda redirect: address)
    with pytest.raises(MecraError) as caught:
        consent.Trip(8899).code(listen=False)
    assert str(caught.value).isprintable()


@pytest.mark.parametrize("error", [None, "x", [], {"message": 5}])
def test_a_token_that_is_not_valid_for_whatever_reason(error: Any) -> None:
    with Server([as_json({"data": {"is_valid": False, "error": error}})]) as server, pytest.raises(Refused):
        Graph(door(Line("facebook", consent.judge)), server.url, "1", "geheim").inspect("EAA")


@pytest.mark.parametrize("linked", ["x", 5, [], {"username": "a"}])
def test_a_page_without_an_account_behind_it(linked: Any, tmp_path: Path) -> None:
    page = {"id": "100", "name": "A", "instagram_business_account": linked}
    assert _choose([page], "facebook", someone(tmp_path)) == page
    with pytest.raises(MecraError):
        _choose([page], "instagram", someone(tmp_path))


def test_a_token_that_ends_in_no_year_does_not_end(tmp_path: Path) -> None:
    assert instant(10**15) is None and instant(1790000000) is not None
    _tell_expiry(someone(tmp_path), {"refresh_token_expires_in": 10**30})
    assert known_expiries(tmp_path)["youtube"]["expires_at"] is None
    note_token({"scopes": None}, "facebook", someone(tmp_path))
    assert known_expiries(tmp_path)["facebook"]["scopes"] == []


@pytest.mark.parametrize("data", [{}, {"id": None}, {"username": "a"}])
def test_an_answer_that_names_no_user(data: Any) -> None:
    with Server([as_json({"data": data})]) as server:
        x = X(Outfit({"api_root": server.url}, Secrets({"MECRA_X_BEARER_TOKEN": "bearer"}), lambda: NOON, door))
        with pytest.raises(Malformed):
            x.whoami()


@pytest.mark.parametrize("token", [5, "", [], {"a": 1}])
def test_a_next_page_without_a_token_is_no_page(token: Any) -> None:
    """Kept as it is, it would be no cursor when it is read again, and the walk would begin anew for ever."""
    secrets = Secrets({"MECRA_X_BEARER_TOKEN": "bearer"})
    walk = Walk(1, "x:a", "posts", NOON, NOON, "manual", memo={"access": "app", "id": "5", "owned": False})
    with Server([as_json({"meta": {"result_count": 0, "next_token": token}})]) as server:
        x = X(Outfit({"api_root": server.url}, secrets, lambda: NOON, lambda line: Door(line, now=lambda: NOON, secrets=secrets)))
        with pytest.raises(Malformed):
            x.fetch(SimpleNamespace(account="x:a", handle="a", remote_id="5"), "posts", walk)  # type: ignore[arg-type]
