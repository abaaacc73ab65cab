"""Google's errors in our words, and its quota day."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from collectors.base import CollectError, Expired, Gone, Malformed, RateLimited, Refused, Unsupported
from collectors.http import Answer, retry_at

PACIFIC = ZoneInfo("America/Los_Angeles")
SHORT_REST = timedelta(minutes=2)

CONSENT = "consent again with `mecra auth youtube`"
LATER = "tried again by itself later"
NEXT_DAY = "goes on by itself after midnight in California; ask Google for a larger quota if this happens every day"
CLIENT = "set MECRA_YOUTUBE_CLIENT_ID and MECRA_YOUTUBE_CLIENT_SECRET, or run `mecra auth youtube`"
DEAD_TOKEN = (
    f"{CONSENT}; a refresh token dies after 7 days while the consent screen is External and in Testing (publish it, or make it "
    "Internal), after 6 months unused, and when access is withdrawn"
)
KEY = "check MECRA_YOUTUBE_API_KEY and its restrictions in the Google Cloud console, under APIs & Services, Credentials"
ENABLE = "enable YouTube Data API v3 and YouTube Analytics API in the Google Cloud project of this key or client"
BRAND = (
    "the consent was given for another channel than this one: run `mecra auth youtube` and choose the channel's brand account "
    "(`mecra doctor` names the channel that was chosen)"
)
CURES: Mapping[str, str] = {
    **dict.fromkeys(
        (
            "keyInvalid", "keyExpired", "API_KEY_INVALID", "API_KEY_SERVICE_BLOCKED", "API_KEY_HTTP_REFERRER_BLOCKED",
            "API_KEY_IP_ADDRESS_BLOCKED", "ipRefererBlocked", "refererNotAllowedMapError",
        ),
        KEY,
    ),
    **dict.fromkeys(("accessNotConfigured", "SERVICE_DISABLED"), ENABLE),
    **dict.fromkeys(("insufficientPermissions", "ACCESS_TOKEN_SCOPE_INSUFFICIENT"), f"{CONSENT} and grant both scopes"),
    **dict.fromkeys(("authError", "authorizationRequired", "UNAUTHENTICATED"), CONSENT),
    **dict.fromkeys(("youtubeSignupRequired", "NoLinkedYouTubeAccount"), f"{CONSENT} as a person: service accounts have no channel"),
}  # fmt: skip
GONE = frozenset(
    {"channelNotFound", "playlistNotFound", "playlistItemsNotAccessible", "videoNotFound", "notFound"}
    | {"channelClosed", "channelSuspended", "accountClosed", "accountSuspended"}
)
DAILY = frozenset({"quotaExceeded", "dailyLimitExceeded", "dailyLimitExceededUnreg"})
SPEED = frozenset({"rateLimitExceeded", "userRateLimitExceeded", "RATE_LIMIT_EXCEEDED"})


class StaleToken(Refused):
    """The access token was refused: a new one is fetched once, then it is an ordinary refusal."""


def pacific_day(at: datetime) -> date:
    return at.astimezone(PACIFIC).date()


def first_whole_day(at: datetime) -> date:
    """The first day of California that begins at `at` or after it."""
    day = pacific_day(at)
    return day if datetime.combine(day, time(), PACIFIC) == at else day + timedelta(days=1)


def next_quota_day(now: datetime) -> datetime:
    """The next midnight of California, when the quotas of a Google project begin anew."""
    return datetime.combine(pacific_day(now) + timedelta(days=1), time(), PACIFIC)


def judge(answer: Answer) -> None:
    """Raise what Google's error body means, whatever the status; return where there is none."""
    if answer.path.endswith("/token"):
        verdict = _token_verdict(answer)
    elif isinstance(answer.value, dict) and (error := answer.value.get("error") or answer.value.get("errors")):
        verdict = _verdict(answer, _reasons(error), _message(error))
    else:
        verdict = StaleToken("the credentials were refused (401)", cure=CONSENT) if answer.status == 401 else None
    if verdict:
        raise verdict


def _verdict(answer: Answer, reasons: set[str], message: str) -> CollectError | None:
    """None leaves it to the door: 5xx, 429 and what nobody knows."""
    reports = answer.path.endswith("/reports")
    if answer.status == 401:
        return StaleToken(f"the credentials were refused: {message}", cure=CONSENT)
    if reasons & DAILY or (reasons & SPEED and "per day" in message):
        return RateLimited(f"the day's quota is used up: {message}", until=next_quota_day(answer.now), cure=NEXT_DAY)
    if reasons & SPEED:
        until = retry_at(answer.headers, answer.now) or answer.now + SHORT_REST
        return RateLimited(f"too fast: {message}", until=until, cure="goes on by itself")
    if cure := next((CURES[reason] for reason in CURES if reason in reasons), ""):
        return Refused(message, cure=cure)
    if reasons & GONE:
        return Gone(message, cure="look the channel up by hand; correct its handle or id in mecra.toml if it moved")
    if "invalidPageToken" in reasons:
        return Expired(message, cure="the walk starts again by itself")
    if reports and (unknown := _unsupported(message)) is not None:
        return Unsupported(message, metric=unknown, cure="the other metrics are asked without it")
    if reasons & {"forbidden", "PERMISSION_DENIED"}:
        return Refused(message, cure=BRAND if reports else f"{CONSENT}, or {KEY}")
    return Malformed(f"an error inside a 200: {message}", cure=LATER) if answer.status == 200 else None


def _token_verdict(answer: Answer) -> CollectError | None:
    """Never quotes the body: what it should have held is a token."""
    value = answer.value if isinstance(answer.value, dict) else {}
    error = value.get("error")
    if error == "invalid_grant":
        return Refused("the refresh token is no longer valid (invalid_grant)", cure=DEAD_TOKEN, shared=True)
    if isinstance(error, str) and answer.status < 500:
        return Refused(f"no access token ({error[:40]})", cure=CLIENT)
    if answer.status == 200 and not isinstance(value.get("access_token"), str):
        return Malformed("an answer of the token server without an access token", cure=LATER)
    return None


def _reasons(error: Any) -> set[str]:
    """Both dialects: `errors[].reason` and, newer, `status` and `details[].reason`."""
    if not isinstance(error, dict):
        return {error} if isinstance(error, str) else set()
    rows = [row for name in ("errors", "details") for row in error.get(name) or [] if isinstance(row, dict)]
    return {str(word) for word in (error.get("status"), *(row.get("reason") for row in rows)) if word}


def _message(error: Any) -> str:
    text = error.get("message", "") if isinstance(error, dict) else error
    return " ".join(re.sub(r"<[^>]+>", "", str(text or "no message")).split())[:200]


def _unsupported(message: str) -> str | None:
    """The metric that Analytics says it does not know, "" where it only says that it does not like the query."""
    if named := re.search(r"[Uu]nknown identifier \((\w+)\)", message):
        return named[1]
    return "" if "query is not supported" in message else None
