"""The ways by which an alarm leaves beside mail: a request to a web address, and a program of the operator's.

Neither gets a secret but the webhook's own; a redirect is not followed, and a program runs without a shell and without our environment.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from config.alarms import Alarms, check_webhook
from config.secrets import Secrets
from model import MecraError
from reports.inert import inert
from words import _

WEBHOOK, COMMAND = "webhook", "command"
CONNECT_SECONDS, READ_SECONDS = 5.0, 15.0
COMMAND_SECONDS = 30.0
ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8"}
LONGEST_ANSWER = 300


class NotTold(MecraError):
    """The message did not arrive: why. `unclear`: it may have."""

    def __init__(self, text: str, *, unclear: bool = False) -> None:
        super().__init__(text)
        self.unclear = unclear


Send = Callable[[Mapping[str, Any]], str]


@dataclass(frozen=True, slots=True)
class Way:
    """`send` hands a message over and answers what was answered. Raises NotTold."""

    name: str
    send: Send


def ways(settings: Alarms, secrets: Secrets) -> list[Way]:
    """Those that the settings and the secrets name. Raises ConfigError for an address that can't be used."""
    found = []
    address = settings.webhook or secrets.get("webhook", "url") or ""
    if address:
        check_webhook(address, "MECRA_WEBHOOK_URL" if not settings.webhook else "alarms.webhook")
        found.append(Way(WEBHOOK, lambda message: post(address, message, secrets)))
    if settings.command:
        found.append(Way(COMMAND, lambda message: run(settings.command, message)))
    return found


def post(address: str, message: Mapping[str, Any], secrets: Secrets, *, seconds: float = READ_SECONDS) -> str:
    """POST as JSON. `Authorization` has the token, `X-Mecra-Signature` the HMAC-SHA256 of the body, where there are such secrets."""
    import requests

    secrets.remember(address)
    body = json.dumps(message, ensure_ascii=False).encode()
    headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "mecra", "Idempotency-Key": str(message["id"])}
    if token := secrets.get("webhook", "token"):
        headers["Authorization"] = f"Bearer {token}"
    if key := secrets.get("webhook", "secret"):
        headers["X-Mecra-Signature"] = f"sha256={hmac.new(key.encode(), body, hashlib.sha256).hexdigest()}"
    host = urlsplit(address).hostname
    try:
        with requests.Session() as session:
            surroundings = session.merge_environment_settings(address, {}, None, None, None)
            session.trust_env = False  # of the surroundings the proxies and certificates, no `.netrc`
            answer = session.post(
                address, data=body, headers=headers, timeout=(CONNECT_SECONDS, seconds), allow_redirects=False, stream=True,
                proxies=surroundings["proxies"], verify=surroundings["verify"], cert=surroundings["cert"],
            )  # fmt: skip
            with answer:
                said = secrets.redact(inert(f"{answer.status_code} {answer.reason or ''}".strip(), LONGEST_ANSWER))
    except requests.ConnectTimeout:
        raise NotTold(_("{host} does not answer").format(host=host)) from None
    except requests.ReadTimeout:
        raise NotTold(_("{host} said nothing for {n} s").format(host=host, n=round(seconds)), unclear=True) from None
    except (requests.RequestException, OSError, ValueError) as error:
        kind = type(error).__name__
        raise NotTold(
            _("{host} can't be reached ({kind}): check alarms.webhook and the network").format(host=host, kind=kind)
        ) from None
    if not 200 <= answer.status_code < 300:
        raise NotTold(_("{host} answers {answer}").format(host=host, answer=said))
    return said


def run(command: Sequence[str], message: Mapping[str, Any], *, seconds: float = COMMAND_SECONDS) -> str:
    """Start a program with the message as JSON on its standard input. What it writes to standard error goes where ours goes."""
    body = json.dumps(message, ensure_ascii=False).encode()
    name = inert(command[0], 200)
    try:
        process = subprocess.Popen(  # noqa: S603  the operator's own program, without a shell
            list(command), stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, env=ENVIRONMENT, cwd="/", start_new_session=True
        )
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or type(error).__name__
        raise NotTold(_("{command} can't be started ({why}): check alarms.command").format(command=name, why=why)) from None
    try:
        process.communicate(body, timeout=seconds)
    except subprocess.TimeoutExpired:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        text = _("{command} took longer than {n} s and was ended").format(command=name, n=round(seconds))
        raise NotTold(text, unclear=True) from None
    if process.returncode:
        raise NotTold(_("{command} ended with {code}").format(command=name, code=process.returncode))
    return "0"
