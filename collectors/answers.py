"""An answer as a platform's judge sees it, and what no platform means as one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from collectors.base import Malformed, RateLimited, Unavailable
from model import legible

LONGEST_REST = 31 * 86400


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer, whole, as a platform's judge sees it. `value` is the JSON in it, None when there is none."""

    method: str
    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    now: datetime
    value: Any = None

    @property
    def path(self) -> str:
        return urlsplit(self.url).path

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.url).query))

    @property
    def text(self) -> str:
        """The beginning of the body, on one line, for a message."""
        return legible(" ".join(self.body[:300].decode("utf-8", "replace").split()))[:160]


def believable(answer: Answer, *, json_expected: bool = True) -> None:
    """Refuse what no platform means as an answer; a platform's judge has had its say before."""
    if answer.status == 429:
        until = retry_at(answer.headers, answer.now) or answer.now + timedelta(minutes=15)
        cure = f"gone on with by itself from {until:%d.%m.%Y %H:%M} UTC on"
        raise RateLimited(_with(answer, "too many requests (429)"), until=until, cure=cure)
    if answer.status >= 500:
        raise Unavailable(f"the platform answers {answer.status}", cure="tried again by itself later")
    if 300 <= answer.status < 400 and answer.status != 304:
        raise Malformed(f"a redirect ({answer.status}) where none belongs", cure="check api_root in mecra.toml")
    if answer.status >= 400:
        raise Malformed(_with(answer, f"an unknown refusal ({answer.status})"), cure="run `mecra doctor`")
    if answer.status < 300 and answer.status != 200:
        raise Malformed(f"no answer, but a {answer.status}", cure="tried again later; a firewall's challenge answers this way")
    if json_expected and answer.status == 200 and not isinstance(answer.value, dict):
        kind = "an empty body" if not answer.body.strip() else "HTML" if answer.body.lstrip()[:1] == b"<" else "no JSON object"
        raise Malformed(
            _with(answer, f"{kind} with status 200"), cure="tried again later; a proxy or an outage page answers this way"
        )


def _with(answer: Answer, what: str) -> str:
    return f"{what}: {answer.text}" if answer.text else what


def retry_at(headers: Mapping[str, str], now: datetime) -> datetime | None:
    """When to come back: `Retry-After` in seconds or as a date, `x-rate-limit-reset` in epoch seconds or ISO 8601.

    Bounded to 31 days, so that a mad header can't silence an account for ever.
    """
    for name in ("Retry-After", "x-rate-limit-reset", "X-RateLimit-Reset"):
        raw = (headers.get(name) or "").strip()
        try:
            if raw.isdecimal():
                latest = LONGEST_REST if name == "Retry-After" else now.timestamp() + LONGEST_REST
                seconds = min(int(raw), int(latest))
                found = now + timedelta(seconds=seconds) if name == "Retry-After" else datetime.fromtimestamp(seconds, UTC)
            elif raw:
                found = parsedate_to_datetime(raw) if "," in raw else datetime.fromisoformat(raw)
            else:
                continue
        except (ValueError, OverflowError, OSError):
            continue
        found = found.replace(tzinfo=UTC) if found.tzinfo is None else found
        return min(max(found, now), now + timedelta(seconds=LONGEST_REST))
    return None
