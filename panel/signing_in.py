"""Giriş: one password for whoever may look, where the panel is open beyond its machine. Nothing is kept on disk."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from panel.guard import SESSION, Sessions, is_password
from words import _, speaking

if TYPE_CHECKING:
    from panel.shell import Shell

MOST = 4096  # bytes of a form


def routes(shell: Shell, sessions: Sessions, kept: str) -> list[Route]:
    """The form, its answer, and the way out. `kept` is the password as `panel.guard.hashed` keeps it."""

    def ask(request: Request) -> Response:
        with speaking(shell.spoken(request)):
            return shell.page(request, "sign_in.html", wrong="")

    async def take(request: Request) -> Response:
        body = b""
        async for piece in request.stream():
            body += piece
            if len(body) > MOST:
                return Response(status_code=413)
        password = parse_qs(body.decode("utf-8", "replace")).get("parola", [""])[0]
        with speaking(shell.spoken(request)):
            if not _own(request):
                return shell.page(request, "sign_in.html", 403, wrong=_("The form was sent from another site."))
            now = time.monotonic()
            if not sessions.may_try(now):
                return shell.page(request, "sign_in.html", 429, wrong=_("Too many wrong passwords: try again in a minute."))
            if not await run_in_threadpool(is_password, password, kept):
                return shell.page(request, "sign_in.html", 403, wrong=_("This is not the password."))
            sessions.right(now)
        answer = RedirectResponse("/", 303)
        secure = request.url.scheme == "https" or request.headers.get("x-forwarded-proto") == "https"
        answer.set_cookie(SESSION, sessions.begin(now), httponly=True, samesite="strict", secure=secure, path="/")
        return answer

    async def leave(request: Request) -> Response:
        if _own(request):
            sessions.end(request.cookies.get(SESSION, ""))
        answer = RedirectResponse("/giris", 303)
        answer.delete_cookie(SESSION, path="/")
        return answer

    return [
        Route("/giris", ask, methods=["GET"]),
        Route("/giris", take, methods=["POST"]),
        Route("/cikis", leave, methods=["POST"]),
    ]


def _own(request: Request) -> bool:
    """Whether a form was sent from a page of ours: browsers say where it came from."""
    origin = request.headers.get("origin")
    return origin is None or origin.partition("://")[2] == request.headers.get("host")
