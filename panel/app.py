"""The panel as one ASGI application: pages, their files, the guard before them."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection
from functools import wraps

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from model import MecraError
from panel import (
    answer,
    article,
    downloads,
    evidence,
    health,
    indicator,
    one_post,
    overview,
    pictures,
    posts,
    press,
    query,
    signing_in,
    snapshots,
    weekly_plan,
)
from panel.guard import LOOPBACK, PROXIES, Guard, Sessions
from panel.shell import HERE, NotThere, Shell, not_there
from words import _, speaking

log = logging.getLogger("mecra.panel")
Page = Callable[[Shell, Request], Response]
PAGES: tuple[tuple[str, Page], ...] = (
    *overview.PAGES,
    *indicator.PAGES,
    *evidence.PAGES,
    *answer.PAGES,
    *snapshots.PAGES,
    *downloads.PAGES,
    *health.PAGES,
    *query.PAGES,
    *posts.PAGES,
    *one_post.PAGES,
    *press.PAGES,
    *article.PAGES,
    *weekly_plan.PAGES,
    *pictures.PAGES,
)


def panel(
    shell: Shell,
    *,
    hosts: Collection[str] = LOOPBACK,
    password: str = "",
    user_header: str = "",
    proxies: Collection[str] = PROXIES,
) -> Guard:
    """The whole panel. `password` as `panel.guard.hashed` keeps it."""
    routes: list[BaseRoute] = [Route(path, _spoken(shell, page), methods=["GET"]) for path, page in PAGES]
    sessions = Sessions()
    if password:
        routes += signing_in.routes(shell, sessions, password)
        shell.templates.globals["guarded"] = True
    routes.append(Mount("/static", StaticFiles(directory=HERE / "static")))
    app = Starlette(routes=routes, exception_handlers={404: _spoken(shell, _not_found)})
    return Guard(app, hosts=hosts, password=password, user_header=user_header, proxies=proxies, sessions=sessions)


def _spoken(shell: Shell, page: Page) -> Callable[..., Response]:
    """A page in the reader's language; whatever mecra explains becomes a page too, anything else is in the log and says so."""

    @wraps(page)
    def answer(request: Request, _error: Exception | None = None) -> Response:
        with speaking(shell.spoken(request)):
            try:
                return page(shell, request)
            except NotThere as error:
                return not_there(shell, request, str(error))
            except MecraError as error:
                return shell.page(request, "error.html", 503, title=_("This can't be shown now"), what=str(error))
            except Exception:
                log.exception("%s", request.url.path)
                return shell.page(
                    request, "error.html", 500, title=_("This can't be shown now"), what=_("The log of the panel says why.")
                )

    return answer


def _not_found(shell: Shell, request: Request) -> Response:
    return shell.page(
        request,
        "error.html",
        404,
        title=_("There is no such page"),
        what=_("The address may be mistyped, or what it named is gone."),
    )
