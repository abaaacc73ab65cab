"""`mecra doctor`: what is wrong, each with its cure. Looks, and changes nothing."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from collectors import make_collector
from collectors.base import CollectError, Unavailable
from collectors.http import Answer, Line
from config import PLATFORMS, Settings
from config.secrets import Secrets
from console.choosing import HOW, TITLES, has_credentials
from console.consent import Consent, mismatch
from console.consent_meta import API as META_API
from console.consent_meta import SCOPES, VERSION, Graph, instant
from console.expiry import known_expiries, note_expiry
from console.words import _, day, moment, number
from model import Account, MecraError, from_text, utc_now
from scheduler import Jobs
from storage import StorageError, opened
from storage.health import integrity

SOON = timedelta(days=14)
SKEW_SECONDS = 60
LOW_DISK, NO_DISK = 1 << 30, 100 << 20
ROOTS = {
    "x": "https://api.x.com", "facebook": META_API, "instagram": META_API, "youtube": "https://youtube.googleapis.com",
    "gdelt": "https://api.gdeltproject.org", "gnews": "https://news.google.com",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Finding:
    """`level` is ok, warn or fail; `cure` is the next step where there is one."""

    level: str
    what: str
    cure: str = ""


def examine(settings: Settings, secrets: Secrets, consent: Consent) -> Iterator[Finding]:
    """Every finding, the cheap ones first; a check that breaks is a finding too."""
    checks: list[Callable[[], Iterator[Finding]]] = [
        lambda: _settings(settings),
        lambda: _files(settings, secrets),
        lambda: _disk(settings.data),
        lambda: _database(settings),
        lambda: _daemon(settings),
        lambda: _reachable(settings, secrets),
    ]
    checks += [lambda p=platform: _credentials(p, settings, secrets, consent) for platform in PLATFORMS]  # type: ignore[misc]
    for check in checks:
        try:
            yield from check()
        except MecraError as error:
            yield Finding("fail", secrets.redact(" ".join(str(error).split())))


def _settings(settings: Settings) -> Iterator[Finding]:
    feeds = sum(a.platform == "feed" for a in settings.accounts)
    social = sum(a.platform in PLATFORMS for a in settings.accounts)
    yield Finding(
        "ok",
        _("settings {path}: {accounts} accounts, {feeds} feeds").format(path=settings.path, accounts=social, feeds=number(feeds)),
    )
    if not settings.institution:
        yield Finding(
            "warn", _("institution.name is empty"), _("write the institution's name in {path}").format(path=settings.path)
        )
    if not settings.contact:
        yield Finding("warn", _("institution.contact is empty"), _("write an address there, so that publishers know who asks"))


def _files(settings: Settings, secrets: Secrets) -> Iterator[Finding]:
    if not settings.data.is_dir():
        yield Finding("fail", _("no data directory {path}").format(path=settings.data), _("run `mecra init`"))
        return
    if os.name == "posix" and stat.S_IMODE(settings.data.stat().st_mode) & 0o077:
        yield Finding("warn", _("others can read {path}").format(path=settings.data), f"chmod 700 {settings.data}")
    if not os.access(settings.data, os.W_OK):
        yield Finding(
            "fail", _("{path} can't be written to").format(path=settings.data), _("run mecra as the owner of that directory")
        )
    if secrets.path and secrets.path.exists():
        yield Finding("ok", _("{path}: only its owner can read it").format(path=secrets.path))


def _disk(data: Path) -> Iterator[Finding]:
    if not data.is_dir():
        return
    free = shutil.disk_usage(data).free
    level = "fail" if free < NO_DISK else "warn" if free < LOW_DISK else "ok"
    cure = "" if level == "ok" else _("make room on the disk of {path}").format(path=data)
    yield Finding(level, _("{megabytes} MB of disk are free").format(megabytes=number(free >> 20)), cure)


def _database(settings: Settings) -> Iterator[Finding]:
    if not settings.database.exists():
        yield Finding("warn", _("no database yet"), _("run `mecra collect`"))
        return
    with opened(settings.database, settings.zone, read_only=True) as storage:
        wrong = integrity(storage)
    for what in wrong:
        yield Finding("fail", f"{settings.database}: {what}", _("restore a backup (docs/operating.md)"))
    if not wrong:
        megabytes = number(settings.database.stat().st_size >> 20)
        yield Finding("ok", _("database {path}: whole, {megabytes} MB").format(path=settings.database, megabytes=megabytes))


def _daemon(settings: Settings) -> Iterator[Finding]:
    if not settings.data.is_dir():
        return
    try:
        with FileLock(settings.data / "daemon.lock", timeout=0):
            yield Finding(
                "warn", _("`mecra run` is not running"), _("systemctl start mecra (docs/operating.md), or collect by hand")
            )
    except Timeout:
        yield Finding("ok", _("`mecra run` is running"))


# -- the way out


def _reachable(settings: Settings, secrets: Secrets) -> Iterator[Finding]:
    """Whatever answers, answers; its Date header tells how wrong our clock is."""
    platforms = [p for p in ROOTS if any(a.platform == p for a in settings.accounts)]
    roots = dict.fromkeys(str(settings.platform(p).get("api_root", ROOTS[p])) for p in platforms)
    skews = []
    for root in roots:
        line = Line("doctor", lambda answer: None, json=False)
        door = Jobs(settings, secrets).outfit("doctor").door(line)
        try:
            door.get(root)
        except Unavailable as error:
            if door.last is None or door.last.status < 500:
                yield Finding(
                    "fail", _("{root} does not answer: {why}").format(root=root, why=error.what), _("check network, proxy and DNS")
                )
                continue
        except CollectError:
            pass  # it answered
        yield Finding("ok", _("{root} answers").format(root=root))
        skews += clock_skew(door.last)
    if skews:
        skew = min(skews, key=abs)
        fine = abs(skew) <= SKEW_SECONDS
        cure = "" if fine else _("set the clock: timedatectl set-ntp true")
        yield Finding("ok" if fine else "fail", _("the clock is {seconds} s off").format(seconds=number(skew)), cure)


def clock_skew(answer: Answer | None) -> list[int]:
    try:
        said = parsedate_to_datetime(answer.headers.get("Date", "")) if answer else None
    except ValueError:
        said = None
    return [round((utc_now() - said.astimezone(UTC)).total_seconds())] if said else []


# -- credentials


def _credentials(platform: str, settings: Settings, secrets: Secrets, consent: Consent) -> Iterator[Finding]:
    accounts = [a for a in settings.accounts if a.platform == platform]
    if not accounts:
        return
    title = TITLES[platform]
    if not has_credentials(platform, secrets):
        yield Finding("warn", _("{platform}: no credentials").format(platform=title), _(HOW[platform]))
        return
    if platform in ("facebook", "instagram"):
        yield from _meta_token(platform, title, secrets, consent)
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
    collector: Any = make_collector(platform, Jobs(settings, secrets).outfit(platform))
    identity, name = collector.whoami()
    known = {part for a in accounts for part in (a.remote_id, a.handle)} | _stored_ids(settings, platform)
    who = f"{name} ({identity})"
    if mismatch(known, {identity, name}):
        cure = _("run `mecra auth {platform}` as that account").format(platform=platform)
        yield Finding(
            "fail",
            _("{platform}: the tokens belong to {who}, the settings name {known}").format(
                platform=title, who=who, known=", ".join(sorted(filter(None, known)))
            ),
            cure,
        )
    else:
        yield Finding("ok", _("{platform}: the tokens belong to {who}").format(platform=title, who=who))


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
    said = Graph(consent.door(platform, consent.root(platform, META_API)), f"{META_API}/{version}", app, secret).inspect(
        token or ""
    )
    ends, data_ends = instant(said.get("expires_at")), instant(said.get("data_access_expires_at"))
    scopes = [str(scope) for scope in said.get("scopes", [])]
    note_expiry(
        consent.settings.data, platform, consent.now(), ends,
        data_access_expires_at=data_ends and data_ends.strftime("%Y-%m-%dT%H:%M:%SZ"), scopes=scopes,
    )  # fmt: skip
    yield Finding("ok", _("{platform}: the token is valid").format(platform=title))
    if lacking := [scope for scope in SCOPES[platform] if scope not in scopes]:
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


__all__ = ["Finding", "examine"]
