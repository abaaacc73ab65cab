"""What `mecra doctor` says of the institution's own pages: whether issues of a series are found on them."""

from __future__ import annotations

from collections.abc import Iterator

from collectors import make_collector
from collectors.base import CollectError
from config import PAGE, Settings
from config.secrets import Secrets
from console.finding import Finding
from model import Account, Records, Walk, utc_now
from reports.failures import cure_said, failure_said
from scheduler import Jobs
from words import _, day, number


def pages(settings: Settings, secrets: Secrets) -> Iterator[Finding]:
    """A finding a page. Looks at it as a first collection would, and stores nothing."""
    for account in settings.accounts:
        if account.platform == PAGE:
            try:
                yield _finding(settings, account, _first_look(settings, secrets, account))
            except CollectError as error:
                yield Finding("fail", f"{account.account}: {failure_said(error.what)}", cure_said(error.cure))


def _finding(settings: Settings, account: Account, records: Records) -> Finding:
    if not records.posts:
        cure = _("open {url} in a browser; see whether its list is there and the title pattern fits").format(url=account.url)
        return Finding("warn", _("{account}: no issue with a date is found on the page").format(account=account.account), cure)
    newest = max(post.published_at for post in records.posts).astimezone(settings.zone).date()
    text = _("{account}: {n} issues with a date, the newest of {day}")
    return Finding("ok", text.format(account=account.account, n=number(len(records.posts)), day=day(newest)))


def _first_look(settings: Settings, secrets: Secrets, account: Account) -> Records:
    collector, now = make_collector(PAGE, Jobs(settings, secrets, sleep=lambda seconds: None).outfit(PAGE)), utc_now()
    collector.fetch(account, "posts", Walk(0, account.account, "posts", now, now, "manual"))
    return Records.joined(collector.read(account, e) for e in collector.door.take() if e.status == 200 and e.body)
