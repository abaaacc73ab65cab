"""Who runs a command, and what became of it: the frame around every command that lets its changes be told in the audit log.

The line of a change is written in the transaction of the change (storage/acts.py); how the command ended follows here. Commands that
only read leave nothing.
"""

from __future__ import annotations

import json
import logging
import os
import syslog
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import date, datetime
from typing import Any

import click
from click.core import ParameterSource

from console.told import Told
from model import MecraError, utc_now

log = logging.getLogger("mecra.audit")

BY_THEMSELVES = ("run", "panel", "demo", "sandbox")  # what they do is nobody's act: walks and messages tell of it
BESIDE = ("auth", "restore", "export", "backup")  # change something beside the database, or take it out of the house: told there
LONGEST = 1000  # letters of one argument


@contextmanager
def acted(ctx: click.Context) -> Iterator[None]:
    """Around the body of one command. A dry run and a list change nothing and are no act."""
    told = ctx.find_object(Told)
    if told is None or ctx.command.name in BY_THEMSELVES or ctx.params.get("dry_run") or ctx.params.get("listing"):
        yield
        return
    from storage.acts import Act, acting

    names = [str(param.name) for param in ctx.command.params]
    given = {name: ctx.params.get(name) for name in names if ctx.get_parameter_source(name) == ParameterSource.COMMANDLINE}
    redact = _redaction(told)
    act = Act(_who(told, given.get("by")), _login(told.environ), ctx.command_path, lambda: _written(given, redact), utc_now)
    why: str | None = None
    try:
        with acting(act):
            yield
    except (SystemExit, click.exceptions.Exit) as error:
        code = error.code if isinstance(error, SystemExit) else error.exit_code
        why = f"exit code {code}" if code else None
        act.opened.clear()  # it came to its end, and said what it found: that alone is no act
        raise
    except BaseException as error:
        explained = isinstance(error, (MecraError, click.ClickException, OSError))
        why = " ".join(str(error).split()) if explained else type(error).__name__
        raise
    finally:
        _tell(told, act, redact(why)[:LONGEST] if why is not None else None, beside=ctx.command.name in BESIDE)


def _tell(told: Told, act: Any, why: str | None, *, beside: bool) -> None:
    """How it ended. What can't be written any more must not hide how it ended: the log says so."""
    from storage.audit import end

    try:
        if beside and not act.opened:
            act.opened.add(told.settings().database.resolve())
        for head in end(act, why, beside=beside):
            _to_syslog(f"act {head.act} {head.sha256} {act.command} by {act.login}: {'failed' if why else 'done'}")
    except MecraError as error:
        level = logging.DEBUG if why else logging.WARNING  # a command that failed has said what is wrong there
        log.log(level, "%s: its end is not in the audit log: %s", act.command, error)


def _to_syslog(line: str) -> None:
    """Where the machine keeps a log that is not this user's, the last line of ours is known there too (`journalctl -t mecra`)."""
    syslog.openlog("mecra", syslog.LOG_PID, syslog.LOG_AUTH)
    syslog.syslog(syslog.LOG_NOTICE, "".join(c if c.isprintable() else " " for c in line))


def _redaction(told: Told) -> Callable[[str], str]:
    """The secrets are read when something is to be written, not for every command."""

    def redact(text: str) -> str:
        from config.secrets import Secrets

        secrets = Secrets(told.environ)
        with suppress(MecraError):
            secrets = Secrets(told.environ, told.settings().data / "secrets.toml")
        return secrets.redact(text)

    return redact


def _who(told: Told, by: str | None) -> str:
    try:
        return told.person(by)
    except MecraError:  # the command says so itself
        return "?"


def _login(environ: Mapping[str, str]) -> str:
    """The login name as the machine knows it, not as the environment says; and who called sudo."""
    import pwd

    try:
        name = pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        name = str(os.getuid())
    caller = "".join(c for c in environ.get("SUDO_USER", "") if c.isprintable())[:100]
    return f"{name} (sudo: {caller})" if caller else name


def _written(given: Mapping[str, Any], redact: Callable[[str], str]) -> str:
    return json.dumps({name: _plain(value, redact) for name, value in given.items()}, ensure_ascii=False)


def _plain(value: Any, redact: Callable[[str], str]) -> Any:
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, (list, tuple)):
        return [_plain(one, redact) for one in value]
    text = value.isoformat() if isinstance(value, (date, datetime)) else str(value)
    text = redact(text.encode("utf-8", "replace").decode())
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
