"""What Meta's errors mean, by code and subcode; never by type or HTTP status, which say the same of everything.

Facts: Graph API "Handling Errors" and "Rate Limiting", and answers seen live in 2026.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from collectors.answers import LONGEST_REST
from collectors.base import CollectError, Expired, Gone, Malformed, RateLimited, Refused, Unavailable, Unsupported
from collectors.http import Answer, retry_at
from model import from_json

FULL = 95
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TOKEN_CURES = {
    458: "the app was removed from the account: consent again with `mecra auth`",
    459: "Facebook wants the person to log in at facebook.com first (checkpoint); then consent again",
    460: "the person's password was changed: consent again with `mecra auth`",
    463: "the token has expired: renew it with `mecra auth`, or use a system user token, which does not expire",
    464: "the person's account is not confirmed: confirm it at facebook.com, then consent again",
    467: "the token was revoked: consent again with `mecra auth`",
    492: "the person has no role on the Page any more: restore it in the Page's settings, then consent again",
}
TOO_FEW = "fewer than five viewers: Instagram shows no figures"
TOO_OLD = "older than the professional account: Instagram has no figures"
APP_LIMITS = {4: "the app", 17: "the token's user", 32: "Pages with a user token", 613: "a custom limit", 341: "the app"}
PAUSE = {341: DAY, 368: DAY}


class Opaque(Unavailable):
    """Code 1, subcode 99: an unknown error that may also mean "no such metric for this period". Unavailable first."""


class Unmeasured(Unsupported):
    """One post has no insights to show: too few viewers, or older than the professional account."""


class TooMuch(CollectError):
    """The page was too large for Meta: ask for fewer rows."""

    outcome = "unavailable"


def judge(answer: Answer) -> None:
    """Raise what an error envelope means, in a 200 as well as elsewhere."""
    if not isinstance(answer.value, dict) or answer.value.get("error") is None:
        return
    error = answer.value["error"]
    if not isinstance(error, dict):
        raise Malformed(f"an error without a code: {answer.text}", cure="tried again later")
    code, subcode = _whole(error.get("code")), _whole(error.get("error_subcode"))
    message = " ".join(str(error.get("message", "")).split())[:300]
    if detail := error.get("error_user_msg"):
        message += f" ({' '.join(str(detail).split())[:200]})"
    what = f"{message} [code {code}{f', subcode {subcode}' if subcode else ''}]"
    if code in (102, 104, 190, 2500):
        cure = TOKEN_CURES.get(subcode, "check the token with `mecra doctor`, renew it with `mecra auth`")
        raise Refused(f"the token was refused: {what}", cure=cure, shared=True)
    if code in APP_LIMITS or code == 368 or 80000 <= code <= 80014:
        raise _limited(answer, code, what)
    if "appsecret_proof" in message:
        raise Refused(what, cure="set MECRA_<PLATFORM>_APP_SECRET to the secret of the app that the token belongs to")
    if why_unmeasured(error):
        raise Unmeasured(what, metric=_asked(answer), cure="nothing to do: its figures stay unknown")
    if code in (3, 10) or 200 <= code <= 299:
        raise Refused(
            f"a permission is missing: {what}",
            cure="grant pages_read_engagement, pages_read_user_content, read_insights (Instagram: instagram_basic, "
            "instagram_manage_insights) to the token with `mecra auth`",
        )
    if code == 2642 or (code == 100 and "cursor" in message.lower()):
        raise Expired(f"the cursor is dead: {what}", cure="the walk starts again by itself")
    if "reduce the amount of data" in message:
        raise TooMuch(what, cure="asked again with a smaller page")
    if code == 1 and subcode == 99:
        raise Opaque(what, cure="tried again by itself")
    if code in (1, 2) or error.get("is_transient") is True:
        raise Unavailable(what, cure="tried again by itself later")
    if subcode == 33 or code in (21, 803) or message.startswith("Unsupported get request"):
        raise Gone(what, cure="check the account's id, and that the token's user has a role there")
    if (
        code == 12
        or (code == 100 and any(w in message for w in ("insights metric", "metric[", "nonexisting field")))
        or (code == 100 and "metric" in message and ("not support" in message or "incompatible" in message))
    ):
        raise Unsupported(what, metric=_asked(answer), cure="set its `until` in the metrics table")
    raise Malformed(f"refused: {what}", cure="the request is wrong for this version of the API: see docs/platforms.md")


def why_unmeasured(error: Any) -> str:
    """Why one post has no figures, where an error envelope says that; empty for every other refusal."""
    if not isinstance(error, dict):
        return ""
    if _whole(error.get("code")) == 10 and "not enough viewers" in str(error.get("message", "")).lower():
        return TOO_FEW
    return TOO_OLD if _whole(error.get("error_subcode")) == 2108006 else ""


def rest(answer: Answer) -> datetime | None:
    """Until when to keep quiet: from 95 % of any limit on. "Continuing will increase the time" (Meta, Rate Limiting)."""
    fullest = max((share for share, _ in _usage(answer.headers)), default=0)
    return answer.now + (_regained(answer) or HOUR) if fullest >= FULL else None


def _limited(answer: Answer, code: int, what: str) -> RateLimited:
    own = 80000 <= code <= 80014
    regained = _regained(answer)
    asked = None if regained else retry_at(answer.headers, answer.now)
    until = asked or answer.now + (regained or PAUSE.get(code, HOUR))
    who = "this account" if own else "blocked for now" if code == 368 else APP_LIMITS.get(code, "the app")
    return RateLimited(f"too many requests ({who}): {what}", until=until, shared=not own, cure="gone on with by itself then")


def _regained(answer: Answer) -> timedelta:
    return timedelta(minutes=max((minutes for _, minutes in _usage(answer.headers)), default=0))


def _usage(headers: Mapping[str, str]) -> list[tuple[int, int]]:
    """(percent used, minutes until access is regained) of every limit in the two usage headers; both may be absent."""
    found = []
    for name in ("x-app-usage", "x-business-use-case-usage"):
        try:
            value = from_json(headers.get(name) or "{}")
            for limit in [value] if name == "x-app-usage" else [use for uses in value.values() for use in uses]:
                shares = [_whole(limit.get(part)) for part in ("call_count", "total_time", "total_cputime")]
                found.append((max(shares), min(_whole(limit.get("estimated_time_to_regain_access")), LONGEST_REST // 60)))
        except (ValueError, TypeError, AttributeError):
            continue
    return found


def _asked(answer: Answer) -> str:
    query = answer.query
    return query.get("metric") or query.get("fields", "")


def _whole(value: Any) -> int:
    return int(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else 0
