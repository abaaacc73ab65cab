"""Gönderiler: every post with what its counters stand at, to be filtered, searched and sorted."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from model import Account
from panel.asking import LONG, LONG_LISTS, again, chosen, months_offered, page_asked, periods_offered, sorted_labels, span_asked
from panel.periods import usual_period
from panel.shell import Shell
from reports import phrases
from storage.browsing_posts import (
    DATE,
    ENGAGED,
    VIEWS,
    PostFilter,
    every_post,
    kinds_of_posts,
    posts_from_to,
    shown_posts,
    wanted_posts,
)
from storage.folding import LONGEST, words_of
from storage.post_figures import Figures

SORTED = {"tarih": DATE, "goruntulenme": VIEWS, "etkilesim": ENGAGED}
DIRECTIONS = ("azalan", "artan")


def posts(shell: Shell, request: Request) -> Response:
    """A page of them, as the address asks; what it asks for and is not there is left out of the question."""
    with shell.storage() as storage:
        there, ours, usual = posts_from_to(storage), _with_posts(storage.accounts()), usual_period(shell, storage)
        span = span_asked(request, usual, there)
        platform = chosen(request, "platform", {account.platform for account in ours})
        account = chosen(request, "hesap", {account.account for account in ours if platform in ("", account.platform)})
        kinds = kinds_of_posts(storage)
        by, direction = chosen(request, "sirala", SORTED, "tarih"), chosen(request, "yon", DIRECTIONS, "azalan")
        search = request.query_params.get("ara", "")[:LONGEST]
        wanted = PostFilter(
            span.first,
            span.last,
            tuple(one.account for one in ours if platform in ("", one.platform) and account in ("", one.account)),
            chosen(request, "tur", kinds),
            words_of(search),
            SORTED[by],
            direction == "artan",
        )
        every = shell.lists_kept.get("posts", lambda: every_post(storage), LONG_LISTS, lambda found: len(found) > LONG)
        keys = shell.lists_kept.get(
            ("posts", wanted),
            lambda: wanted_posts(storage, wanted, every, figures(shell.database)),
            LONG_LISTS,
            lambda found: len(found) > LONG,
        )
        leaf = shown_posts(storage, keys, page_asked(request))
    return shell.page(
        request,
        "posts.html",
        leaf=leaf,
        span=span,
        there=there,
        search=search,
        account=account,
        platform=platform,
        kind=wanted.kind,
        by=by,
        rising=wanted.rising,
        again=again(request),
        periods=periods_offered(there, usual),
        months=months_offered(span, there),
        platforms=sorted_labels({(one.platform, phrases.platform(one.platform)) for one in ours}),
        accounts=sorted_labels((one.account, _named(one)) for one in ours if platform in ("", one.platform)),
        kinds=sorted_labels((kind, phrases.kind_of_post(kind)) for kind in kinds),
        latest=periods_offered(there, usual, everything=False),
    )


@cache
def figures(database: Path) -> Figures:
    """What all counters stand at, looked up once a process."""
    return Figures()


def _with_posts(accounts: list[Account]) -> list[Account]:
    return [account for account in accounts if account.platform not in ("feed", "gdelt", "gnews", "agency")]


def _named(account: Account) -> str:
    return phrases.account(account.account)


PAGES = (("/gonderiler", posts),)
