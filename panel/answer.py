"""An archived answer: what was asked, when, what came, and whether it is still what was stored. Its body is text here, whatever it is."""

from __future__ import annotations

import hashlib
import json

from starlette.requests import Request
from starlette.responses import Response

from panel.shell import NotThere, Shell
from storage import StorageError
from storage.health import response, sha256_kept
from words import _

MOST = 200_000  # letters of a body
LARGEST = 2**63 - 1


def answer(shell: Shell, request: Request) -> Response:
    """The answer of a number."""
    number = request.path_params["number"]
    with shell.storage() as storage:
        try:
            found = response(storage, number) if number <= LARGEST else None
        except StorageError as error:
            raise NotThere(str(error)) from None
        if found is None:
            raise NotThere(_("The archive has no answer of that number."))
        kept = sha256_kept(storage, number)
    exchange, account, stream = found
    text = readable(exchange.body)
    return shell.page(
        request,
        "answer.html",
        number=number,
        exchange=exchange,
        account=account,
        stream=stream,
        kept=kept,
        real=hashlib.sha256(exchange.body).hexdigest(),
        text=text[:MOST],
        left_out=max(0, len(text) - MOST),
    )


def readable(body: bytes) -> str:
    """The body for a person: JSON by lines, anything else as it came."""
    text = body.decode("utf-8", "replace")
    if len(body) > 20 * MOST:
        return text
    try:
        return json.dumps(json.loads(text), ensure_ascii=False, indent=2)
    except (ValueError, RecursionError):
        return text


PAGES = (("/yanit/{number:int}", answer),)
