"""What every consent shares: hidden prompts, the way there and back with PKCE, and where the tokens go.

Tokens are tried before they are kept, kept in the secrets file only, and never shown.
"""

from __future__ import annotations

import base64
import hashlib
import secrets as random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import click

from collectors import make_collector
from collectors.base import Malformed, Refused
from collectors.http import Answer, Door, Line
from config import Settings
from config.secrets import Secrets
from model import Clock, MecraError, legible
from scheduler import Jobs
from words import _


@dataclass(frozen=True, slots=True)
class Consent:
    """What a consent needs of the institution: settings, secrets, environment, clock."""

    settings: Settings
    secrets: Secrets
    environ: Mapping[str, str]
    now: Clock

    def door(self, platform: str, roots: Mapping[str, str]) -> Door:
        """A way to the platform's token server. Nothing of an answer is archived."""
        line = Line(platform, judge, roots=roots, keeps=frozenset())
        return Jobs(self.settings, self.secrets, now=self.now).outfit(platform).door(line)

    def root(self, platform: str, default: str) -> dict[str, str]:
        """How the platform's public address is replaced by `api_root`, where the settings name one."""
        root = self.settings.platform(platform).get("api_root")
        return {default: str(root)} if root else {}

    def whoami(self, platform: str, **values: str) -> tuple[str, str]:
        """(id, name) of the account that these values open, tried before they are kept. Raises CollectError."""
        trial = Secrets({f"MECRA_{platform}_{name}".upper(): value for name, value in values.items() if value})
        outfit = replace(Jobs(self.settings, trial, now=self.now).outfit(platform), secrets=trial)
        collector: Any = make_collector(platform, outfit)
        found: tuple[str, str] = collector.whoami()
        return found

    def keep(self, platform: str, **values: str) -> None:
        """Store values in the secrets file, and say where they are and what still wins over them."""
        kept = {name: value for name, value in values.items() if value}
        self.secrets.put(platform, **kept)
        click.echo(_("Kept in {path} (mode 0600).").format(path=self.secrets.path))
        for name in kept:
            variable = f"MECRA_{platform}_{name}".upper()
            for winner in (variable, f"{variable}_FILE"):
                if self.environ.get(winner):
                    click.echo(
                        _("! {variable} is set in the environment and wins over the file: remove it.").format(variable=winner)
                    )


def judge(answer: Answer) -> None:
    """Token servers say `error` in one of two shapes. Their answers are not quoted beyond its message."""
    value = answer.value if isinstance(answer.value, dict) else {}
    error = value.get("error")
    if error is None and answer.status < 400:
        return
    if answer.status >= 500 or answer.status == 429:
        return  # the door knows these
    said = error.get("message") if isinstance(error, dict) else value.get("error_description") or error
    raise Refused(str(said or f"status {answer.status}")[:200], cure="run the consent again, and check what was pasted")


def given(value: Any, name: str, at: str) -> str:
    """The text that an answer must have; raises Malformed, quoting nothing."""
    if not isinstance(value, dict) or not isinstance(value.get(name), str) or not value[name]:
        raise Malformed(f"an answer without {name}", at=at, cure="try again; check api_root in mecra.toml")
    return str(value[name])


def ask(text: str, default: str | None = None) -> str:
    return str(click.prompt(text, default=default)).strip()


def ask_secret(text: str) -> str:
    return str(click.prompt(text, hide_input=True)).strip()


def ask_perhaps(text: str) -> str:
    return str(click.prompt(text, hide_input=True, default="", show_default=False)).strip()


def mismatch(expected: set[str], found: set[str]) -> bool:
    """Whether none of the names an account goes by is among those expected; case and @ aside."""

    def bare(names: set[str]) -> set[str]:
        return {name.removeprefix("@").casefold() for name in names if name}

    return bool(bare(expected)) and not bare(expected) & bare(found)


class Trip:
    """The way to a consent page and back, with PKCE (RFC 7636) and a state that must come back."""

    def __init__(self, port: int, path: str = "/") -> None:
        self.redirect = f"http://127.0.0.1:{port}{path}"
        self.port = port
        self.verifier = random.token_urlsafe(64)
        self._state = random.token_urlsafe(24)

    def address(self, page: str, **parameters: str) -> str:
        challenge = base64.urlsafe_b64encode(hashlib.sha256(self.verifier.encode()).digest()).rstrip(b"=").decode()
        whole = {
            "response_type": "code", "redirect_uri": self.redirect, "state": self._state, "code_challenge": challenge,
            "code_challenge_method": "S256", **parameters,
        }  # fmt: skip
        return f"{page}?{urlencode(whole)}"

    def code(self, *, listen: bool) -> str:
        """The code that the consent page sent back. Raises MecraError for a refusal, another trip's answer, or none."""
        came = _listened(self.port, self.redirect) if listen else _pasted(self.redirect)
        answer = dict(parse_qsl(_query(came)))
        if answer.get("error"):
            raise MecraError(_("the consent was refused ({error})").format(error=legible(answer["error"])[:80]))
        if answer.get("state") != self._state or not answer.get("code"):
            raise MecraError(_("that address does not belong to this consent: start again, and copy it whole"))
        return answer["code"]


def _query(address: str) -> str:
    """What stands behind the question mark; nothing of what is no address."""
    try:
        return urlsplit(address).query
    except ValueError:
        return ""


def _pasted(redirect: str) -> str:
    click.echo(
        _("Afterwards the browser shows an address that begins with {redirect}; it need not load.").format(redirect=redirect)
    )
    return ask(_("Paste that address"))


def _listened(port: int, redirect: str) -> str:
    """The path of the first request on the loopback port that brings anything."""
    click.echo(_("Waiting for the browser on {redirect} ...").format(redirect=redirect))
    came: list[str] = []

    class Once(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if _query(self.path):
                came.append(self.path)
            self.send_response(200)
            self.send_header("Content-Type", "text/plain; charset=utf-8")
            self.end_headers()
            self.wfile.write(_("You can close this window.").encode())

        def log_message(self, *rest: Any) -> None:
            pass

    try:
        with HTTPServer(("127.0.0.1", port), Once) as server:
            while not came:
                server.handle_request()
    except OSError as error:
        raise MecraError(
            _("port {port} can't be listened on ({error}); choose another with --port").format(port=port, error=error.strerror)
        ) from None
    return came[0]
