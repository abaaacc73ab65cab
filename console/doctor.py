"""`mecra doctor`: what is wrong, each with its cure. Looks, and changes nothing."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Callable, Iterator
from datetime import UTC
from email.utils import parsedate_to_datetime

from filelock import FileLock, Timeout

from collectors.base import CollectError, Unavailable
from collectors.http import Answer, Line
from config import CHANNELS, PLATFORMS, Settings
from config.secrets import Secrets
from console.consent import Consent
from console.consent_meta import API as META_API
from console.doctor_backups import backed_up
from console.doctor_mail import mail
from console.doctor_pages import pages
from console.doctor_tokens import credentials
from console.finding import Finding
from model import MecraError, utc_now
from reports.failures import failure_said
from scheduler import Jobs
from storage import opened
from storage.damage import look, mark_of, marked, read_whole
from storage.health import integrity
from words import _, number

SKEW_SECONDS = 60
LOW_DISK = 1 << 30
ROOTS = {
    "x": "https://api.x.com", "facebook": META_API, "instagram": META_API, "youtube": "https://youtube.googleapis.com",
    "gdelt": "https://api.gdeltproject.org", "gnews": "https://news.google.com",
}  # fmt: skip


def examine(settings: Settings, secrets: Secrets, consent: Consent) -> Iterator[Finding]:
    """Every finding, the cheap ones first; a check that breaks is a finding too."""
    checks: list[Callable[[], Iterator[Finding]]] = [
        lambda: _settings(settings),
        lambda: _files(settings, secrets),
        lambda: _disk(settings),
        lambda: _database(settings),
        lambda: backed_up(settings, utc_now),
        lambda: _daemon(settings),
        lambda: _reachable(settings, secrets),
        lambda: pages(settings, secrets),
        lambda: mail(settings, secrets),
    ]
    checks += [lambda p=platform: credentials(p, settings, secrets, consent) for platform in PLATFORMS]  # type: ignore[misc]
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
    if channels := [a.account for a in settings.accounts if a.platform in CHANNELS]:
        yield Finding("ok", _("by import only: {accounts}").format(accounts=", ".join(channels)))
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


def _disk(settings: Settings) -> Iterator[Finding]:
    if not (data := settings.data).is_dir():
        return
    free = shutil.disk_usage(data).free
    level = "fail" if free < settings.free_mb << 20 else "warn" if free < LOW_DISK else "ok"
    cure = "" if level == "ok" else _("make room on the disk of {path}").format(path=data)
    yield Finding(level, _("{megabytes} MB of disk are free").format(megabytes=number(free >> 20)), cure)


def _database(settings: Settings) -> Iterator[Finding]:
    path = settings.database
    if (why := marked(path)) and not read_whole(path):
        yield Finding(
            "fail",
            _("{path} is marked as damaged ({why}), and read from end to end it is whole").format(path=path, why=why),
            _("if it is a file that was put in place of the damaged one: rm {mark}").format(mark=mark_of(path)),
        )
        return
    look(path)
    if not path.exists():
        yield Finding("warn", _("no database yet"), _("run `mecra collect`"))
        return
    with opened(path, settings.zone, read_only=True) as storage:
        wrong = integrity(storage)
    for what in wrong:
        yield Finding("fail", f"{path}: {what}", _("put a backup in its place: `mecra restore` (docs/operating.md)"))
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
        door = Jobs(settings, secrets, sleep=lambda seconds: None).outfit("doctor").door(line)
        try:
            door.get(root)
        except Unavailable as error:
            if door.last is None or door.last.status < 500:
                yield Finding(
                    "fail",
                    _("{root} does not answer: {why}").format(root=root, why=failure_said(error.what)),
                    _("check network, proxy and DNS"),
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
