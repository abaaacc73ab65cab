"""What may be set of alarms: a slip is named, and nothing goes out readable."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from config.alarms import KINDS, TITLES, Listening, alarms, listening
from config.checks import ConfigError

PATH = Path("/etc/mecra/mecra.toml")


def test_what_is_set_holds_and_the_rest_is_usual() -> None:
    found = alarms({"hold": {"refused": "2h"}, "silent_runs": 5, "gather": "1min", "language": "en"}, PATH, "tr")
    assert found.lasting("refused") == timedelta(hours=2) and found.clearing("refused") == KINDS["refused"][1]
    assert found.lasting("offline") == KINDS["offline"][0] and found.silent_runs == 5 and found.gather == timedelta(minutes=1)
    assert found.language == "en" and alarms({}, PATH, "tr").language == "tr"
    assert set(KINDS) <= set(TITLES)


@pytest.mark.parametrize(
    ("raw", "named"),
    [
        ({"webhok": "https://x.example"}, "alarms.webhok"),
        ({"webhook": "ftp://x.example/a"}, "alarms.webhook"),
        ({"webhook": "http://x.example/gizli-42"}, "https"),
        ({"webhook": "https://ad:parola-42@x.example/"}, "alarms.webhook"),
        ({"webhook": "https://x.example:99999/gizli-42"}, "alarms.webhook"),
        ({"webhook": "https:///gizli-42"}, "alarms.webhook"),
        ({"command": "rm -rf /"}, "alarms.command"),
        ({"command": ["alarm"]}, "alarms.command"),
        ({"command": ["/bin/alarm\0"]}, "alarms.command"),
        ({"to": ["bilgi işlem"]}, "alarms.to"),
        ({"off": ["refusd"]}, "refusd"),
        ({"hold": {"refusd": "1h"}}, "refusd"),
        ({"hold": {"refused": "1 saat"}}, "alarms.hold.refused"),
        ({"clear": {"refused": 5}}, "alarms.clear.refused"),
        ({"gather": "soon"}, "alarms.gather"),
        ({"token_days": 0}, "alarms.token_days"),
        ({"silent_runs": True}, "alarms.silent_runs"),
        ({"language": "de"}, "alarms.language"),
        ({"mail": "yes"}, "alarms.mail"),
    ],
)
def test_a_slip_is_named_and_no_secret_of_an_address_is_said(raw: dict[str, object], named: str) -> None:
    with pytest.raises(ConfigError) as error:
        alarms(raw, PATH, "tr")
    assert named in str(error.value) and "42" not in str(error.value)


def test_where_health_is_asked_for() -> None:
    assert listening({}, PATH) is None
    for text, host, alone in (
        ("127.0.0.1:9477", "127.0.0.1", True), ("localhost:0", "localhost", True), ("[::1]:9477", "::1", True),
        ("0.0.0.0:9477", "0.0.0.0", False), ("10.1.2.3:80", "10.1.2.3", False),
    ):  # fmt: skip
        found = listening({"listen": text}, PATH)
        assert isinstance(found, Listening) and (found.host, found.alone) == (host, alone)
    for text in ("9477", ":9477", "127.0.0.1:", "127.0.0.1:99999", "127.0.0.1:-1", "saglik.kurum.bel.tr:9477", "127.0.0.1:٣"):
        with pytest.raises(ConfigError, match=r"health\.listen"):
            listening({"listen": text}, PATH)
