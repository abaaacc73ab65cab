"""What stands before every page: who may ask, from where, how, and the headers that keep a browser from doing more than showing it."""

from __future__ import annotations

import hmac
import secrets
import time
from collections.abc import Collection, Iterable
from hashlib import scrypt

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
PROXIES = ("127.0.0.1", "::1")
SESSION = "mecra_oturum"
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; font-src 'self'; "
    "connect-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",  # with none at all a browser hides where a form of ours comes from, and signing in is refused
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cache-Control": "no-store",
}


class Guard:
    """An ASGI layer. `hosts`: the names under which the panel is asked for (against rebinding); `password` (hashed) or
    `user_header` (of a reverse proxy that signs people in) are asked for where they are set. Only `proxies` (addresses) are believed
    who is signed in: whoever else can reach the port could write that header himself."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        hosts: Collection[str] = LOOPBACK,
        password: str = "",
        user_header: str = "",
        proxies: Collection[str] = PROXIES,
        sessions: Sessions | None = None,
    ) -> None:
        self.app, self.hosts, self.password, self.user_header = app, frozenset(hosts), password, user_header.lower()
        self.proxies = frozenset(proxies)
        self.sessions = sessions or Sessions()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                told = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    if name not in told:
                        told[name] = value
                if scope["path"].startswith("/static/"):
                    told["Cache-Control"] = "max-age=3600"
            await send(message)

        refused = self._refused(scope, headers)
        if refused is not None:
            await refused(scope, receive, with_headers)
            return
        await self.app(scope, receive, with_headers)

    def _refused(self, scope: Scope, headers: Headers) -> PlainTextResponse | RedirectResponse | None:
        host = (
            headers.get("host", "").rpartition(":")[0]
            if headers.get("host", "").rpartition(":")[2].isdigit()
            else headers.get("host", "")
        )
        if host not in self.hosts:
            return PlainTextResponse("Bu panel bu adla sorulamaz. / This panel is not asked for by this name.", 421)
        writes = scope["method"] == "POST" and scope["path"] in ("/giris", "/cikis")
        if scope["method"] not in ("GET", "HEAD") and not writes:
            return PlainTextResponse("Bu panel yalnızca okunur. / This panel is read-only.", 405, {"Allow": "GET, HEAD"})
        if headers.get("sec-fetch-site") in ("cross-site", "same-site") and (writes or headers.get("sec-fetch-mode") != "navigate"):
            return PlainTextResponse("Başka bir siteden sorulamaz. / Not from another site.", 403)
        if self.password and (scope["path"] == "/giris" or scope["path"].startswith("/static/")):
            return None  # what is shown before anyone has signed in
        if self.user_header:
            named = headers.get(self.user_header) and (scope.get("client") or ("",))[0] in self.proxies
            return None if named else PlainTextResponse("Oturum açılmamış. / Not signed in.", 401)
        if self.password and not self.sessions.knows(_cookie(headers, SESSION), time.monotonic()):
            return RedirectResponse("/giris", 303)
        return None


class Sessions:
    """Who is signed in, for a working day and while the panel runs; nothing is kept on disk. After some wrong passwords nobody may try
    for a while. Instants are seconds of any steady clock."""

    MOST, TRIES, REST, LASTS = 1000, 10, 60.0, 12 * 3600.0

    def __init__(self) -> None:
        self._known: dict[str, float] = {}
        self._tries: list[float] = []

    def begin(self, now: float) -> str:
        token = secrets.token_urlsafe(32)
        self._known[token] = now
        while len(self._known) > self.MOST:
            self._known.pop(next(iter(self._known)))
        return token

    def end(self, token: str) -> None:
        self._known.pop(token, None)

    def knows(self, token: str, now: float) -> bool:
        began = [at for known, at in self._known.items() if hmac.compare_digest(token.encode(), known.encode())] if token else []
        return any(now - at < self.LASTS for at in began)

    def may_try(self, now: float) -> bool:
        """Whether a password may be tried; whoever may has tried. Counted before it is looked at: many at once are as many."""
        self._tries = [at for at in self._tries if now - at < self.REST]
        if len(self._tries) >= self.TRIES:
            return False
        self._tries.append(now)
        return True

    def right(self, now: float) -> None:
        """The try of that instant was no wrong one."""
        if now in self._tries:
            self._tries.remove(now)


def hashed(password: str, salt: bytes | None = None) -> str:
    """A password as it is kept: `scrypt$salt$hash`, hexadecimal."""
    salt = salt or secrets.token_bytes(16)
    return f"scrypt${salt.hex()}${scrypt(password.encode(), salt=salt, n=2**14, r=8, p=1).hex()}"


def is_password(password: str, kept: str) -> bool:
    kind, _, rest = kept.partition("$")
    salt, _, _hash = rest.partition("$")
    return kind == "scrypt" and hmac.compare_digest(hashed(password, bytes.fromhex(salt)), kept)


def _cookie(headers: Headers, name: str) -> str:
    pairs: Iterable[str] = (pair for line in headers.getlist("cookie") for pair in line.split(";"))
    return next((value for key, _, value in (pair.strip().partition("=") for pair in pairs) if key == name), "")
