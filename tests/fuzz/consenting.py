"""What comes back while somebody consents: the pasted address, the token servers' answers, and whose account it is."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest import mock

import click

from collectors.http import Door, Line
from config.secrets import Secrets
from console import consent, consent_google, consent_meta
from model import MecraError, from_json
from tests.fuzz.answering import ZONE, Answers
from tests.fuzz.files import _folder
from tests.fuzz.platforms import FACEBOOK, INSTAGRAM, YOUTUBE, X
from tests.fuzz.promises import Broken, fit
from tests.fuzz.target import NOW, Target

PASTED = (
    "http://127.0.0.1:8899/?code=abc&state=STATE",
    "http://127.0.0.1:8899/callback?error=access_denied&state=STATE",
    "code=abc",
)
ANSWERS: tuple[Any, ...] = (
    {"data": {"is_valid": True, "app_id": "1", "expires_at": 1790000000, "data_access_expires_at": 0, "scopes": ["pages_read_engagement"], "error": {"message": "m"}}},
    {"data": [{"id": "100", "name": "Örnek", "access_token": "EAA", "instagram_business_account": {"id": "1784", "username": "ornek"}}]},
    {"access_token": "ya29.a", "refresh_token": "1//b", "expires_in": 3599, "refresh_token_expires_in": 604799},
    {"data": {"id": "1480000000000000001", "username": "ornek", "name": "Örnek"}},
    {"id": "100", "name": "Örnek", "username": "ornek", "instagram_business_account": {"id": "1784", "username": "ornek"}, "fan_count": 5},
    {"error": "invalid_grant", "error_description": "Bad Request"},
    {"kind": "youtube#channelListResponse", "items": [{"id": "UCabc", "snippet": {"title": "Örnek"}}]},
)  # fmt: skip
WHO: Any = SimpleNamespace(settings=SimpleNamespace(accounts=(), path=Path("mecra.toml"), data=Path(), zone=ZONE), now=lambda: NOW)


def pasted(body: bytes) -> None:
    """The code of this very consent, or a refusal."""
    trip = consent.Trip(8899)
    text = body.decode("utf-8", "replace").replace("STATE", trip._state)
    with mock.patch.object(consent, "_pasted", lambda redirect: text), _words():
        if not trip.code(listen=False):
            raise Broken("an empty code")


def answered(body: bytes) -> None:
    """Each step of a consent, given this answer."""
    WHO.settings.data = _folder()
    door = Door(Line("facebook", consent.judge), now=lambda: NOW, secrets=Secrets({}), sleep=lambda seconds: None, attempts=1)
    door.mount("https://", Answers(lambda path: (200, {}, body)))
    graph = consent_meta.Graph(door, "https://graph.facebook.com", "1", "geheim")
    with mock.patch.object(click, "prompt", lambda *_, **__: 1):
        with _words():
            consent_meta.show_token(graph.inspect("EAA"), "facebook", WHO)
        with _words():
            graph.exchange("EAA")
        for platform in ("facebook", "instagram"):
            with _words():
                consent_meta._choose(graph.pages("EAA"), platform, WHO)
    with _words():
        value = from_json(body) if _is_object(body) else {}
        consent_google._tell_expiry(WHO, value)
    for one in (X, FACEBOOK, INSTAGRAM, YOUTUBE):
        with _words():
            whose: Any = one.made(lambda path: (200, {}, body))
            fit("".join(whose.whoami()), "who it is")


def _is_object(body: bytes) -> bool:
    try:
        return isinstance(from_json(body), dict)
    except ValueError:
        return False


@contextmanager
def _words() -> Iterator[None]:
    """A MecraError that can be shown, and nothing else."""
    try:
        yield
    except MecraError as error:
        fit(str(error), "an error")


def _own(*seeds: Any) -> Callable[[], list[bytes]]:
    return lambda: [seed.encode() if isinstance(seed, str) else json.dumps(seed).encode() for seed in seeds]


TARGETS = (
    Target("consents-pasted", pasted, _own(*PASTED), "text"),
    Target("consents", answered, _own(*ANSWERS), "json"),
)
