"""The door: the one way out of the machine.

A `requests` session that times out, tries again, obeys rate limits, counts the budget, strips secrets and third persons,
and keeps every answer for the archive. The official SDKs are handed this session; they keep their knowledge of the API
and lose their habits (own sleeping, own retries, no timeouts).
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from zoneinfo import ZoneInfo

import requests
import tenacity
import urllib3

from collectors.answers import Answer, believable, retry_at
from collectors.base import CollectError, Malformed, RateLimited, Unavailable
from collectors.budget import Budget
from collectors.clock import wrong
from collectors.keeping import kept
from collectors.punctual import Punctual
from collectors.transfer import failure, was_sent, whole_body
from collectors.turns import Turn, at_once
from config.secrets import Secrets
from model import Clock, Exchange, from_json

__all__ = ["USER_AGENT", "Answer", "Door", "Line", "Outfit", "believable", "retry_at"]

log = logging.getLogger("mecra.http")

CONNECT_SECONDS, READ_SECONDS, TOTAL_SECONDS = 5.0, 30.0, 120.0
MOST_BYTES = 8 * 1024 * 1024  # of JSON that is all brackets: 200 MB once it is read, and the daemon may have 800
USER_AGENT = "mecra/0.1"


def _free(_: Answer) -> int:
    return 0


def _no_quote(_path: str, _query: Mapping[str, str]) -> int:
    return 0


@dataclass(frozen=True, slots=True)
class Line:
    """What the door must know of one platform.

    `judge` raises CollectError where the answer is not the success that it claims to be, and decides on 4xx.
    `keeps` names the JSON keys that may be archived (None: the collector reduces the body itself, see `Door.last`);
    `reduces` takes away what keys alone can't (answers a new value, or the same one when nothing had to go).
    `quote` is the most that a request may cost, `price` what its answer did cost, in the unit of `bucket`.
    """

    platform: str
    judge: Callable[[Answer], None]
    roots: Mapping[str, str] = field(default_factory=dict)
    keeps: frozenset[str] | None = None
    reduces: Callable[[str, Any], Any] | None = None
    bucket: Callable[[str], str] | None = None
    quote: Callable[[str, Mapping[str, str]], int] = _no_quote
    price: Callable[[Answer], int] = _free
    rest: Callable[[Answer], datetime | None] | None = None
    json: bool = True
    pace: float = 0.0
    most_bytes: int = MOST_BYTES


class Door(requests.Session):
    """A session for one account of one platform. Not shared between threads.

    Raises CollectError for whatever is not a believable answer, out of the SDK that called it.
    """

    def __init__(
        self,
        line: Line,
        *,
        now: Clock,
        secrets: Secrets,
        budget: Budget | None = None,
        sleep: Callable[[float], None] = time.sleep,
        attempts: int = 4,
        timeout: tuple[float, float] = (CONNECT_SECONDS, READ_SECONDS),
        total: float = TOTAL_SECONDS,
        dry: bool = False,
        turn: Turn = at_once,
        clocked: bool = False,
    ) -> None:
        super().__init__()
        self.line, self.now, self.secrets, self.budget, self.dry = line, now, secrets, budget, dry
        self._clocked = clocked and line.json  # a publisher's own server may have any clock, and its dates are its own
        self._sleep, self._timeout, self._total, self._turn = sleep, timeout, total, turn
        self._exchanges: list[Exchange] = []
        self._closed_until: datetime | None = None
        self._last_sent: float | None = None
        self.last: Answer | None = None
        self.trust_env = False
        for scheme in ("http://", "https://"):
            self.mount(scheme, Punctual())
        self._surroundings: dict[str, Any] = {}
        self.planned: list[tuple[str, str, int]] = []
        self.headers.update({"User-Agent": USER_AGENT, "Accept-Encoding": "gzip"})
        self._retrying = tenacity.Retrying(
            retry=tenacity.retry_if_exception_type(Unavailable),
            stop=tenacity.stop_after_attempt(attempts),
            wait=tenacity.wait_random_exponential(multiplier=1, max=20),
            sleep=sleep,
            reraise=True,
        )

    def take(self) -> list[Exchange]:
        """The exchanges since the last call, in the order in which they were answered. The door forgets them."""
        taken, self._exchanges, self.last = self._exchanges, [], None
        return taken

    def keep_last(self, body: bytes) -> None:
        """Archive `body` in place of the last answer's: for answers that are not JSON (feeds, files)."""
        clean = self.secrets.strip(body.decode("utf-8", "replace")).encode()
        self._exchanges[-1] = replace(self._exchanges[-1], body=clean, parsed=None)

    def request(self, method: str | bytes, url: str | bytes, **options: Any) -> requests.Response:  # type: ignore[override]
        verb = (method if isinstance(method, str) else method.decode()).upper()
        target = self._rooted(url if isinstance(url, str) else url.decode())
        headers = requests.structures.CaseInsensitiveDict(options.get("headers") or {})
        headers["Accept-Encoding"] = "gzip"  # SDKs ask for packings of their own; only these are bounded (transfer.py)
        options.update(headers=headers, timeout=self._timeout, stream=True, allow_redirects=False)
        try:
            return self._retrying(self._once, verb, target, options)
        finally:
            self._retrying.iter_state.reset()  # it would hold on to the answer until the next one

    def _rooted(self, url: str) -> str:
        for root, other in self.line.roots.items():
            if url.startswith(root):
                return other.rstrip("/") + "/" + url[len(root) :].lstrip("/")
        return url

    def _once(self, method: str, url: str, options: dict[str, Any]) -> requests.Response:
        try:
            parts = urlsplit(url)
        except ValueError:
            raise Malformed("no address that could be asked", at=method, cure="check api_root in mecra.toml") from None
        where = f"{method} {self.secrets.redact(parts.path or url)}"
        now = self.now()
        if self._closed_until is not None and now < self._closed_until:
            raise RateLimited("the platform asked for a rest", until=self._closed_until, at=where)
        bucket = self.line.bucket(parts.path) if self.line.bucket else self.line.platform
        quote = self.line.quote(parts.path, {**dict(parse_qsl(parts.query)), **_as_query(options.get("params"))})
        if self.dry:
            self.planned.append((method, self.secrets.redact(_full(method, url, options)), quote))
            raise CollectError("dry run: nothing was sent", at=where)
        if self.budget:
            self.budget.check(bucket, now, quote)
        with self._turn(parts.hostname or ""):
            self._keep_pace()
            started = time.monotonic()
            try:
                response = super().request(method, url, **options)
                body = whole_body(response, most=self.line.most_bytes, seconds=self._total, at=where)
            except (CollectError, requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError) as error:
                if was_sent(error):
                    self._charge(now, method, _full(method, url, options), bucket, quote, started)
                raise failure(error, where) from None
        full_url = response.url or url
        value = _json(body) if self.line.json else None
        answer = Answer(method, full_url, response.status_code, response.headers, body, self.now(), value)
        self.last = answer
        off = wrong(answer) if self._clocked and method == "GET" else None  # a token that was changed has to be kept
        self._keep(answer if off is None else replace(answer, value=None), bucket, started, where)
        if off:
            off.at = where
            raise off
        response._content = body  # noqa: SLF001  the SDKs read `.content`, which streaming leaves empty
        if value is not None:
            response.json = lambda **_: value  # type: ignore[method-assign]
        self._judge(answer, where)
        return response

    def merge_environment_settings(self, url: Any, proxies: Any, stream: Any, verify: Any, cert: Any) -> Any:
        """The environment's proxies and certificates, looked up once a host and not once a request; no `.netrc`."""
        host = urlsplit(str(url)).netloc
        if host not in self._surroundings:
            self.trust_env = True
            self._surroundings[host] = super().merge_environment_settings(url, {}, None, None, None)
            self.trust_env = False
        return {**self._surroundings[host], "stream": stream}

    def _keep_pace(self) -> None:
        if self.line.pace and self._last_sent is not None:
            wait = self.line.pace - (time.monotonic() - self._last_sent)
            if wait > 0:
                self._sleep(wait)
        self._last_sent = time.monotonic()

    def _charge(self, at: datetime, method: str, url: str, bucket: str, quote: int, started: float) -> None:
        """Into the ledger: asked, and not answered whole (status 0). The platform may have counted it, so the most is assumed."""
        if self.budget:
            self.budget.add(bucket, quote)
        self._exchanges.append(Exchange(at, method, self.secrets.redact(url), 0, b"", 0, _ms(started), quote, bucket))

    def _keep(self, answer: Answer, bucket: str, started: float, where: str) -> None:
        cost = self.line.price(answer)
        if self.budget:
            self.budget.add(bucket, cost)
        try:
            body, value, deep = *self._reduced(answer), False
        except RecursionError:
            body, value, deep = b"", None, True
        text = body.decode("utf-8", "replace")
        stripped = self.secrets.strip(text)
        if stripped != text:
            body, value = stripped.encode(), None
        url = self.secrets.redact(answer.url)
        self._exchanges.append(
            Exchange(answer.now, answer.method, url, answer.status, body, len(answer.body), _ms(started), cost, bucket, value)
        )
        if deep:
            raise Malformed(f"nested too deeply, with status {answer.status}", at=where, cure="tried again later")

    def _reduced(self, answer: Answer) -> tuple[bytes, Any]:
        """What of an answer may be archived, as bytes and as JSON."""
        if self.line.keeps is None or not isinstance(answer.value, dict):
            return (b"", None) if self.line.json or answer.status >= 400 else (answer.body, None)
        clean, changed = kept(answer.value, self.line.keeps)
        if self.line.reduces is not None:
            clean, whole = self.line.reduces(answer.url, clean), clean
            changed = changed or clean is not whole
        if changed:
            return json.dumps(clean, ensure_ascii=False, separators=(",", ":")).encode(), clean
        return answer.body, answer.value

    def _judge(self, answer: Answer, where: str) -> None:
        try:
            self._verdict(answer)
        except CollectError as error:
            told = self._without_secrets(answer, error)
            told.at, told.what, told.cure = (self.secrets.redact(text) for text in (told.at or where, told.what, told.cure))
            told.args = (f"{told.at}: {told.what}" + (f" -> {told.cure}" if told.cure else ""),)
            log.info("%s", told)
            raise told from None

    def _verdict(self, answer: Answer) -> None:
        self.line.judge(answer)
        if self.line.rest and (rest := self.line.rest(answer)):
            self._closed_until = rest
        believable(answer, json_expected=self.line.json)

    def _without_secrets(self, answer: Answer, error: CollectError) -> CollectError:
        """The same error over the answer without our secrets: a message is cut to length, and the half of a token is no token."""
        text = answer.body.decode("utf-8", "replace")
        if (clean := self.secrets.strip(text)) != text:
            try:
                self._verdict(replace(answer, body=clean.encode(), value=_json(clean.encode()) if self.line.json else None))
            except type(error) as same:
                return same
        return error


@dataclass(frozen=True, slots=True)
class Outfit:
    """What a collector is given: its platform's settings, the secrets, the clock, and how to open a door.

    Making a collector does no I/O and imports no SDK; both wait for the first `fetch`.
    """

    settings: Mapping[str, Any]
    secrets: Secrets
    now: Clock
    door: Callable[[Line], Door]
    metrics: Path | None = None
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Europe/Istanbul"))


def _full(method: str, url: str, options: Mapping[str, Any]) -> str:
    return requests.Request(method, url, params=options.get("params")).prepare().url or url


def _ms(started: float) -> int:
    return round((time.monotonic() - started) * 1000)


def _as_query(params: Any) -> dict[str, str]:
    pairs = params.items() if isinstance(params, Mapping) else params or ()
    return {str(k): ",".join(map(str, v)) if isinstance(v, (list, tuple)) else str(v) for k, v in pairs if v is not None}


def _json(body: bytes) -> Any:
    try:
        return from_json(body)
    except ValueError:
        return None
