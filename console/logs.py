"""The log: on stderr, without a secret. Redaction happens in one place, on the whole text of a record."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable
from copy import copy
from datetime import UTC, datetime
from textwrap import indent
from typing import Any, TextIO

from console.terminal import inert, one_line

Redact = Callable[[str], str]

LEAKY = ("tweepy.client", "oauthlib", "requests_oauthlib", "urllib3.connectionpool")  # they write headers and URLs at DEBUG


CHATTY = ("apscheduler",)  # says each minute that it asks, or that a long walk is not over yet


class Text(logging.Formatter):
    """Message, arguments, exception and stack, all redacted after they were put together.

    A message is one line, whatever a feed or a platform wrote into it; the lines of an exception are set in, so that none of them
    can be taken for a message.
    """

    def __init__(self, redact: Redact) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s", "%Y-%m-%dT%H:%M:%S%z")
        self.redact = redact

    def format(self, record: logging.LogRecord) -> str:
        own = copy(record)
        own.exc_text = None  # as another handler may have put it
        return self.redact(super().format(own))

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  logging's name
        record.message = one_line(record.message)
        return super().formatMessage(record)

    def formatException(self, ei: Any) -> str:  # noqa: N802
        return indent(inert(super().formatException(ei)), "  ")

    def formatStack(self, stack_info: str) -> str:  # noqa: N802
        return indent(inert(stack_info), "  ")


class Json(Text):
    """One object a line, for a log collector."""

    def format(self, record: logging.LogRecord) -> str:
        said = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": self.redact(inert(record.getMessage())),
        }
        if record.exc_info:
            said["exception"] = self.redact(self.formatException(record.exc_info))
        return json.dumps(said, ensure_ascii=False)


class Stderr(logging.StreamHandler[TextIO]):
    """Writes to whatever stderr is at that moment, so that log lines and progress bars don't tear each other."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> TextIO:
        return sys.stderr

    @stream.setter
    def stream(self, value: TextIO) -> None:
        pass


def write_log(level: str, redact: Redact, *, as_json: bool = False) -> None:
    """Send every logger's records to stderr, from `level` on."""
    handler = Stderr()
    handler.setFormatter(Json(redact) if as_json else Text(redact))
    root = logging.getLogger()
    for old in root.handlers[:]:
        if isinstance(old, Stderr):
            root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(level.upper())
    for name in LEAKY:
        logging.getLogger(name).setLevel(max(logging.INFO, logging.getLevelName(level.upper())))
    for name in CHATTY:
        logging.getLogger(name).setLevel(logging.DEBUG if level == "debug" else logging.ERROR)
    logging.captureWarnings(True)


def redacted(text: str) -> str:
    """`text` as the log would write it: for what is told outside of it."""
    handler = next((h for h in logging.getLogger().handlers if isinstance(h, Stderr)), None)
    return handler.formatter.redact(text) if handler and isinstance(handler.formatter, Text) else text
