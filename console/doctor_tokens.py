"""The doctor's look at credentials: whether they work, whose they are, what they lack, and when they end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from collectors import make_collector
from config import Settings
from config.secrets import Secrets
from console.choosing import HOW, TITLES, has_credentials
from console.consent import Consent, mismatch
from console.consent_meta import API, VERSION, Graph, note_token
from console.finding import Finding
from model import Account, from_text, utc_now
from scheduler import Jobs
from storage import StorageError, opened
from storage.expiry import known_expiries
from words import _, day, moment

SOON = timedelta(days=14)
META = ("facebook", "instagram")
BY_ID = {"youtube": re.compile(r"UC.+"), "facebook": re.compile(r"\d+")}


def credentials(platform: str, settings: Settings, secrets: Secrets, consent: Consent) -> Iterator[Finding]:
    """What is to be said of a platform's credentials; nothing where no account needs them."""
    accounts = [a for a in settings.accounts if a.platform == platform]
    if not accounts:
        return
    title = TITLES[platform]
    if not has_credentials(platform, secrets):
        yield Finding("warn", _("{platform}: no credentials").format(platform=title), _(HOW[platform]))
        return
    if platform in META:
        yield from _meta_token(platform, title, secrets, consent)
        yield from _owner(platform, title, accounts, settings, secrets)
    elif platform == "youtube" and not secrets.get("youtube", "refresh_token"):
        yield Finding(
            "warn", _("{platform}: an API key only: no figures per day").format(platform=title), _("run `mecra auth youtube`")
        )
    elif platform == "x" and not secrets.get("x", "access_token") and not secrets.get("x", "refresh_token"):
        yield Finding(
            "warn",
            _("{platform}: an app's token only: no private figures, full price").format(platform=title),
            _("run `mecra auth x`"),
        )
    else:
        yield from _owner(platform, title, accounts, settings, secrets)
    yield from _expiry(platform, title, settings)


def _owner(platform: str, title: str, accounts: list[Account], settings: Settings, secrets: Secrets) -> Iterator[Finding]:
    """The account that the tokens belong to is one of those in the settings."""
    collector: Any = make_collector(platform, Jobs(settings, secrets, sleep=lambda seconds: None).outfit(platform))
    known = {part for a in accounts for part in (a.remote_id, a.handle) if part} | _stored_ids(settings, platform)
    identity, name = collector.whoami(known) if platform in META else collector.whoami()
    if is_id := BY_ID.get(platform):  # a channel and a Page say their id and their title, not their handle
        known = {part for part in known if is_id.fullmatch(part)}
    who = f"{name} ({identity})"
    if not mismatch(known, {identity, name}):
        yield Finding("ok", _("{platform}: the tokens belong to {who}").format(platform=title, who=who))
        return
    what = _("{platform}: the tokens belong to {who}, the settings name {known}")
    cure = _("run `mecra auth {platform}` as that account").format(platform=platform)
    yield Finding("fail", what.format(platform=title, who=who, known=", ".join(sorted(known))), cure)


def _stored_ids(settings: Settings, platform: str) -> set[str]:
    """The ids that were learnt while collecting; none where there is no database to ask."""
    keys = {a.account for a in settings.accounts}
    try:
        with opened(settings.database, settings.zone, read_only=True) as storage:
            return {a.remote_id for a in storage.accounts() if a.platform == platform and a.account in keys and a.remote_id}
    except StorageError:
        return set()


def _meta_token(platform: str, title: str, secrets: Secrets, consent: Consent) -> Iterator[Finding]:
    """What `debug_token` says of it; needs the app's id and secret, which `mecra auth` keeps."""
    app, secret, token = (secrets.get(platform, name) for name in ("app_id", "app_secret", "token"))
    if not app or not secret:
        variables = f"MECRA_{platform}_APP_ID, MECRA_{platform}_APP_SECRET".upper()
        yield Finding(
            "warn",
            _("{platform}: the token can't be checked").format(platform=title),
            _("set {variables}").format(variables=variables),
        )
        return
    version = consent.settings.platform(platform).get("version", VERSION)
    graph = Graph(consent.door(platform, consent.root(platform, API)), f"{API}/{version}", app, secret)
    lacking, data_ends = note_token(graph.inspect(token or ""), platform, consent)
    yield Finding("ok", _("{platform}: the token is valid").format(platform=title))
    if lacking:
        cure = _("grant them with `mecra auth {platform}`").format(platform=platform)
        yield Finding("fail", _("{platform}: the token lacks {scopes}").format(platform=title, scopes=", ".join(lacking)), cure)
    if data_ends and data_ends - consent.now() < SOON:
        cure = _("let its user sign in to the app again, or use a system user's token")
        yield Finding("warn", _("{platform}: access to data ends on {day}").format(platform=title, day=day(data_ends.date())), cure)


def _expiry(platform: str, title: str, settings: Settings) -> Iterator[Finding]:
    if text := known_expiries(settings.data).get(platform, {}).get("expires_at"):
        left = from_text(text) - utc_now()
        level = "fail" if left <= timedelta(0) else "warn" if left < SOON else "ok"
        cure = "" if level == "ok" else _("run `mecra auth {platform}`").format(platform=platform)
        yield Finding(
            level, _("{platform}: the token ends on {at}").format(platform=title, at=moment(from_text(text), settings.zone)), cure
        )
