"""What people ask: pages of the panel, questions in SQL, commands; and what a mail server answers."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import tempfile
import threading
from collections.abc import Callable
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import click

from config.outgoing import Mail
from config.secrets import Secrets
from model import MecraError
from reports.smtp import send
from storage.asking import NoAnswer, ask
from tests.fuzz.promises import SECRET, Broken, fit, silent, whole
from tests.fuzz.target import Target
from words import speak

HIDDEN = "unter-verschluss-4711"  # stands in an archived body, which no question may read
HEADERS: Any = [["host", "localhost"], ["accept-language", "tr,en;q=0.5"]]
PAGES = (
    "/",
    "/plan",
    "/gosterge/PG7.2.1",
    "/kanit",
    "/yanit/1",
    "/anlik",
    "/saglik",
    "/gonderiler",
    "/haberler",
    "/sorgu",
    "/takvim",
)
QUESTIONS = (
    "SELECT account, count(*) FROM posts GROUP BY 1", "SELECT * FROM haberler ORDER BY 1 LIMIT 5", "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n",
    "SELECT response, hex(body), length(body) FROM responses", "SELECT printf('%.*c', 1000000, 'x'), json_group_array(text) FROM posts", "SELECT name FROM pragma_table_info('posts')", "PRAGMA table_info(posts)",
    "ATTACH 'x.db' AS y", "DELETE FROM posts", "SELECT load_extension('x')", "SELECT text LIKE '%a%b%c%' FROM posts", "VALUES (1), (x'00'), (NULL), (1e999)",
)  # fmt: skip
COMMANDS: Any = [
    ["collect", "x", "--since", "2026-01-01", "--dry-run"], ["--lang", "en", "status", "--json"], ["show", "5"], ["--config", "a.toml", "--log-level", "info", "run"], ["enter", "PG7.2.3", "2026-H1", "12", "--note", "x"],
    ["snapshot", "2026-H1", "--provisional"], ["explain", "PG7.2.1", "2026-H1"], ["import", "readings", "a.xlsx", "--map", "views=Gösterim", "--at", "2026-06-30 18:00"], ["report", "2026-H1"], ["sandbox", "--port", "0"], ["auth", "x", "--oauth2"],
]  # fmt: skip
TALKS = (
    b"220 a ESMTP\r\n\xff250-a\r\n250 SIZE 10\r\n\xff250 ok\r\n\xff250 ok\r\n\xff354 go\r\n\xff250 2.0.0 queued as 4F2\r\n\xff221 bye\r\n",
    b"220 a\r\n\xff250 a\r\n\xff250 ok\r\n\xff550 5.1.1 nobody\r\n\xff221 bye\r\n",
    b"554 no\r\n",
    b"220 a\r\n\xff250-a\r\n250 AUTH PLAIN LOGIN\r\n\xff535 5.7.8 no " + SECRET.encode() + b"\r\n",
)
MAIL = Mail("127.0.0.1", "a@a.example", ("b@a.example",), security="none", seconds=0.5)


@cache
def _half_year() -> tuple[Any, Path, Any]:
    """The panel over a small half-year; `HIDDEN` is the body of an answer in it."""
    import zlib

    from panel.app import panel
    from panel.shell import Shell
    from tests.indicators.standing import ISTANBUL
    from tests.reports.measured import LAST, half_a_year, provisional, the_plan

    storage = half_a_year(Path(_folder()))
    provisional(storage)
    storage.connection.execute("UPDATE responses SET body = ? WHERE response = 1", (zlib.compress(HIDDEN.encode()),))
    storage.connection.commit()
    path = Path(storage.connection.execute("PRAGMA database_list").fetchone()[2])

    def now() -> datetime:
        return LAST

    shell = Shell(path, ISTANBUL, "Örnek Belediyesi", the_plan, now)
    return panel(shell), path, shell


@cache
def _folder() -> str:
    folder = tempfile.TemporaryDirectory(prefix="mecra-fuzz-")
    _kept.append(folder)
    return folder.name


_kept: list[Any] = []


def page(body: bytes) -> None:
    """A request, however it is spelled: a page or a refusal, inert, and never a fault of ours."""
    try:
        asked = json.loads(body)
        path, query, headers, method = (asked[name] for name in ("path", "query", "headers", "method"))
        scope = {
            "type": "http", "http_version": "1.1", "method": str(method), "scheme": "http", "path": str(path).encode("utf-8", "replace").decode(), "raw_path": str(path).encode("utf-8", "replace"), "root_path": "",
            "query_string": str(query).encode("utf-8", "replace"), "headers": [(str(name).lower().encode("latin-1", "replace"), str(value).encode("latin-1", "replace")) for name, value in headers], "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80),
        }  # fmt: skip
    except (ValueError, TypeError, LookupError, RecursionError):
        return
    if str(path) == "/sorgu" or not str(path).startswith("/"):
        return  # a question has a target of its own
    form = asked.get("form")
    status, said = asyncio.run(
        _answered(_half_year()[0] if form is None else _guarded(), scope, str(form or "").encode("utf-8", "replace"))
    )
    if status >= 500:
        raise Broken(f"{status} for {str(path)[:40]!r}")
    if HIDDEN in said and not str(path).startswith("/yanit"):  # where an answer is shown
        raise Broken("a page shows a body unasked")
    if "text/html" in said[:0] or any(bad in said for bad in "\x00\x1b\x0b"):
        raise Broken("a page holds a control character")


@cache
def _guarded() -> Any:
    """The same behind a password."""
    from panel.app import panel
    from panel.guard import hashed

    return panel(_half_year()[2], password=hashed("parola"))


async def _answered(app: Any, scope: Any, form: bytes) -> tuple[int, str]:
    status, parts = [0], []

    async def receive() -> Any:
        return {"type": "http.request", "body": form, "more_body": False}

    async def take(message: Any) -> None:
        if message["type"] == "http.response.start":
            status[0] = message["status"]
            kind = dict(message["headers"]).get(b"content-type", b"")
            parts.append(b"" if kind.startswith(b"text/html") else None)
        elif parts[0] is not None:
            parts.append(message.get("body", b""))

    await app(scope, receive, take)
    return status[0], b"".join(part for part in parts if part).decode()


def question(body: bytes) -> None:
    """Rows or a reason; nothing is written, and no body of the archive is read."""
    path = _half_year()[1]
    before = path.stat().st_mtime_ns
    try:
        rows = ask(path, body.decode("utf-8", "replace"), most=50, seconds=0.5)
    except NoAnswer as error:
        fit(str(error).replace("\x7f", ""), "why there is no answer")
        return
    if any(HIDDEN.encode().hex()[:20] in str(cell).lower() or HIDDEN in str(cell) for row in rows.rows for cell in row):
        raise Broken("a question has read a body")
    if path.stat().st_mtime_ns != before:
        raise Broken("a question has written")


def command(body: bytes) -> None:
    """Arguments are understood or refused by click; nothing is run."""
    from cli import mecra
    from console.choosing import since_instant
    from tests.conftest import fake_settings

    try:
        args = [os.fsdecode(str(one).replace("\0", "").encode("utf-8", "surrogatepass")) for one in json.loads(body)]
    except (ValueError, TypeError, RecursionError):
        return
    try:
        context = mecra.make_context("mecra", args)
        with context:
            if not [*context._protected_args, *context.args]:
                return
            name, found, rest = mecra.resolve_command(context, [*context._protected_args, *context.args])
            while found is not None:
                inner = found.make_context(str(name), rest, parent=context)
                if since := inner.params.get("since"):
                    since_instant(since.date(), fake_settings(Path("/nowhere"), ""))
                if not isinstance(found, click.Group):
                    break
                context = inner
                name, found, rest = found.resolve_command(context, [*context._protected_args, *context.args])
    except (click.ClickException, click.exceptions.Exit, click.Abort, MecraError) as error:
        fit(" ".join(str(error).encode("utf-8", "replace").decode().split()), "an error") if str(error).isprintable() else None
    finally:
        speak("en", os.environ)  # the command has chosen a language for the whole process


def mailed(body: bytes) -> None:
    """A mail server says what the bytes say, one part after each line of ours."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=_serve, args=(listening, body.split(b"\xff")), daemon=True)
        thread.start()
        mail = Mail(
            **{
                **{name: getattr(MAIL, name) for name in MAIL.__slots__},
                "port": listening.getsockname()[1],
                "user": "u" if len(body) % 3 == 0 else "",
            }
        )
        try:
            delivery = send(b"Subject: x\r\n\r\ny\r\n", mail, ["b@a.example"], Secrets({"MECRA_MAIL_PASSWORD": SECRET}))
            whole((delivery.answer, dict(delivery.refused)))
            silent((delivery.answer, dict(delivery.refused)), "a delivery")
        except MecraError as error:
            fit(str(error), "an error")
            silent(str(error), "an error")
            if len(str(error)) > 4000:
                raise Broken("an error as long as a book") from None
        thread.join(5)


def _serve(listening: socket.socket, parts: list[bytes]) -> None:
    try:
        connection, _ = listening.accept()
        with connection:
            connection.settimeout(2)
            for part in parts:
                connection.sendall(part)
                if not connection.recv(65536):
                    return
    except OSError:
        return


def _asked() -> list[bytes]:
    queries = (
        "",
        "donem=2026-H1&lang=en",
        "sayfa=2&ara=park&hesap=x:a&sirala=views",
        "gun=2026-02-30&platform=x&durum=counted",
        "w=800&tema=koyu",
        "parca=x&ay=2026-13",
    )
    return [
        json.dumps({"path": path, "query": query, "headers": HEADERS, "method": "GET"}).encode()
        for path in PAGES
        for query in queries
    ]


def _own(*seeds: Any) -> Callable[[], list[bytes]]:
    return lambda: [
        seed if isinstance(seed, bytes) else seed.encode() if isinstance(seed, str) else json.dumps(seed).encode() for seed in seeds
    ]


TARGETS = (
    Target("panel", page, _asked, "json", slow=True),
    Target("questions", question, _own(*QUESTIONS), "text", slow=True),
    Target("commands", command, _own(*COMMANDS), "json"),
    Target("mail-servers", mailed, _own(*TALKS), "bytes", slow=True),
)
