"""Which sources are silent, which refuse our credentials, and whether it is the line that is down."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from model import SILENT
from storage.health import StreamHealth, last_answered
from storage.incidents import Condition
from upkeep.conditions import Look
from words import N_, OUTCOMES, Note, Value

LEAST_FAILING, LEAST_PLACES = 3, 2
LONGEST = 300  # letters of an error
OFFLINE = N_("nothing outside answers: {n} streams of {places} places failed since the last answer ({list})")
NETWORK = N_("check network, proxy and DNS (`mecra doctor`); what was missed is collected by itself afterwards")
QUIET = N_("not read to its end for {hours} h, though it should be every {minutes} min ({outcome}): {why}")
NOT_TRIED = N_("not read for {hours} h, though it should be every {minutes} min; nothing was tried")
DOCTOR = N_("`mecra doctor` tells more; `mecra collect {account}` tries at once")
REFUSED = N_("the platform refuses our credentials or permission: {why}")
RENEW = N_("run `mecra doctor`, then `mecra auth {platform}`; it is tried again every 6 hours")
FEED = N_("the feed answers and brings nothing new, for longer than it usually does: {why}")
FEED_CHECK = N_("look whether its outlet still publishes: `mecra feeds check`; correct or remove it in feeds.toml")


def offline(look: Look) -> Iterator[Condition]:
    """Whether nothing at all has answered since several streams of several places failed for want of one."""
    answered = last_answered(look.storage)
    urls = {account.account: account.url for account in look.settings.accounts}
    failing = [
        one
        for one in look.streams
        if one.outcome == "unavailable" and one.began_at and (answered is None or one.began_at > answered)
    ]
    places = sorted(
        {
            urlsplit(urls.get(one.account, "")).hostname or one.platform if one.platform == "feed" else one.platform
            for one in failing
        }
    )
    if len(failing) >= LEAST_FAILING and len(places) >= LEAST_PLACES:
        listed = ", ".join(places[:6]) + (" …" if len(places) > 6 else "")
        values: dict[str, Value] = {"n": len(failing), "places": len(places), "list": listed}
        yield Condition("offline", "network", answered or look.now, Note(OFFLINE, values), Note(NETWORK))


def silent(look: Look, *, back: datetime | None = None) -> Iterator[Condition]:
    """Streams without a good run for so many of their own intervals. `back`: when the line came back, before which nothing counts.

    What is refused or over its budget is told as that.
    """
    settings = look.settings.alarms
    for one in look.streams:
        since = one.good_at or one.began_at
        if since is None or one.outcome in ("refused", "over budget"):
            continue
        own = look.intervals[one.account, one.stream]
        if one.good_at and one.promised_at:
            own = max(own, one.promised_at - one.good_at)
        if look.now - max(since, back or since) > max(settings.silent_runs * own, settings.silent_least):
            yield Condition("source_silent", _name(one), since, _quiet(one, look.now - since, own), _cure(one))


def refused(look: Look) -> Iterator[Condition]:
    """Streams whose last attempt was refused, an account at a time."""
    found = [one for one in look.streams if one.outcome == "refused"]
    for account in sorted({one.account for one in found}):
        mine = [one for one in found if one.account == account]
        why = _why(mine[0])
        since = min(one.began_at or look.now for one in mine)
        cure = Note(RENEW, {"platform": mine[0].platform})
        yield Condition("refused", account, since, Note(REFUSED, {"why": why}), cure)


def quiet_feeds(look: Look) -> Iterator[Condition]:
    """Feeds that answer and have nothing new for longer than is their habit, as their last reading noted."""
    for one in look.streams:
        note = next((note for note in one.notes if note.startswith(SILENT)), None)
        if note and one.platform == "feed":
            yield Condition("feed_silent", one.account, one.good_at or look.now, Note(FEED, {"why": note}), Note(FEED_CHECK))


def _quiet(one: StreamHealth, length: timedelta, own: timedelta) -> Note:
    values: dict[str, Value] = {"hours": length // timedelta(hours=1), "minutes": own // timedelta(minutes=1)}
    if not one.error:
        return Note(NOT_TRIED, values)
    return Note(QUIET, {**values, "outcome": OUTCOMES.get(one.outcome or "", ""), "why": _why(one)})


def _cure(one: StreamHealth) -> Note:
    """What the error itself says, or where to look."""
    _what, _arrow, cure = one.error.partition(" -> ")
    return Note("{cure}", {"cure": cure[:LONGEST]}) if cure else Note(DOCTOR, {"account": one.account})


def _why(one: StreamHealth) -> str:
    return one.error.partition(" -> ")[0].removeprefix(f"{one.account}: ")[:LONGEST]


def _name(one: StreamHealth) -> str:
    return f"{one.account} {one.stream}"
