"""What leaves the daemon by itself: when reports are written, in which forms, and the mail server that takes them on."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from config.checks import ConfigError, known, of_kind
from words import _

FORMATS = ("docx", "xlsx", "pdf", "csv")
ATTACHED = ("docx", "xlsx", "pdf")  # a report's CSV is a directory of files
LANGUAGES = ("tr", "en")
FINAL, SEALED, NEVER = "final", "sealed", "never"
STARTTLS, TLS, NONE = "starttls", "tls", "none"
PORTS = {STARTTLS: 587, TLS: 465, NONE: 25}
LOOPBACK = ("localhost", "127.0.0.1", "::1")
WAIT, LONGEST_WAIT = 30.0, 60.0  # seconds for one answer; ten of the longest are less than what the daemon takes for hung
MOST_RECIPIENTS = 50
ADDRESS = re.compile(r"(?=.{3,254}\Z)[A-Za-z0-9.!#$%&'*+/=?^_{|}~-]{1,64}@[A-Za-z0-9]([A-Za-z0-9-]*\.)*[A-Za-z0-9-]*[A-Za-z0-9]\Z")
HOST = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]*|[0-9A-Fa-f:]*:[0-9A-Fa-f:]+")


@dataclass(frozen=True, slots=True)
class Mail:
    """The mail server, who writes and who is written to. `ca`: a file of certificates (PEM) that are trusted instead of the system's.
    `seconds`: how long one answer of the server may take; a whole message ten times that. The password is a secret, not a setting."""

    host: str
    sender: str
    to: tuple[str, ...]
    port: int = PORTS[STARTTLS]
    security: str = STARTTLS
    user: str = ""
    ca: Path | None = None
    attach: tuple[str, ...] = ATTACHED
    seconds: float = WAIT


@dataclass(frozen=True, slots=True)
class Reporting:
    """When the daemon writes a period's reports (`final`: once its final statement is taken, and anew when it is sealed; `sealed`:
    only then; `never`), in which forms, languages and where. `holidays`: days without work, beside Saturdays and Sundays.

    `half_year_due`, `year_due`: (month, day) by which they are handed in, a year's in the next one; a day that a month has not is its last.
    """

    formats: tuple[str, ...] = FORMATS
    languages: tuple[str, ...] = ("tr",)
    directory: Path | None = None
    on: str = FINAL
    holidays: frozenset[date] = frozenset()
    half_year_due: tuple[int, int] = (7, 31)
    year_due: tuple[int, int] = (2, 29)


def reporting(raw: Any, path: Path, language: str) -> Reporting:
    """`[reports]`; the reports' language is the screen's unless it says otherwise. Raises ConfigError."""
    known(raw, {"formats", "languages", "directory", "on", "holidays", "half_year_due", "year_due"}, path, "reports.")
    directory = of_kind(raw.get("directory", ""), (str,), path, "reports.directory")
    spoken = language if language in LANGUAGES else LANGUAGES[0]
    return Reporting(
        formats=_some_of(raw.get("formats", list(FORMATS)), FORMATS, path, "reports.formats"),
        languages=_some_of(raw.get("languages", [spoken]), LANGUAGES, path, "reports.languages"),
        directory=path.parent / directory if directory else None,
        on=_one_of(raw.get("on", FINAL), (FINAL, SEALED, NEVER), path, "reports.on"),
        holidays=_days(raw.get("holidays", []), path, "reports.holidays"),
        half_year_due=_month_day(raw.get("half_year_due", "07-31"), path, "reports.half_year_due"),
        year_due=_month_day(raw.get("year_due", "02-29"), path, "reports.year_due"),
    )


def mail(raw: Any, path: Path) -> Mail | None:
    """`[mail]`; None where nothing of it is set. Raises ConfigError."""
    known(raw, {"host", "port", "security", "user", "from", "to", "ca", "attach", "seconds"}, path, "mail.")
    if not raw:
        return None
    for name, example in (("host", '"posta.kurum.bel.tr"'), ("from", '"mecra@kurum.bel.tr"'), ("to", '["basin@kurum.bel.tr"]')):
        if name not in raw:
            raise ConfigError(
                _("{path}: mail.{name} is missing; write {name} = {example}").format(path=path, name=name, example=example)
            )
    security = _one_of(raw.get("security", STARTTLS), tuple(PORTS), path, "mail.security")
    host = _matching(raw["host"], HOST, path, "mail.host", _("the server's name, e.g. posta.kurum.bel.tr"))
    user = of_kind(raw.get("user", ""), (str,), path, "mail.user")
    if not user.isprintable():
        raise ConfigError(
            _("{path}: mail.user = {user!r}; write the name to sign in with, on one line").format(path=path, user=user)
        )
    if user and security == NONE and host not in LOOPBACK:
        raise ConfigError(
            _(
                '{path}: mail.security = "none" would send the password of mail.user readable to {host}; write "starttls" or "tls"'
            ).format(path=path, host=host)
        )
    ca = of_kind(raw.get("ca", ""), (str,), path, "mail.ca")
    return Mail(
        host=host,
        sender=_address(raw["from"], path, "mail.from"),
        to=_recipients(raw["to"], path),
        port=_port(raw.get("port", PORTS[security]), path),
        security=security,
        user=user,
        ca=path.parent / ca if ca else None,
        attach=_some_of(raw.get("attach", list(ATTACHED)), ATTACHED, path, "mail.attach", none=True),
        seconds=_seconds(raw.get("seconds", WAIT), path),
    )


def _recipients(value: Any, path: Path) -> tuple[str, ...]:
    found = [_address(one, path, "mail.to") for one in of_kind(value, (list,), path, "mail.to")]
    if not 0 < len(found) <= MOST_RECIPIENTS:
        raise ConfigError(
            _("{path}: mail.to has {n} addresses; write 1 to {most}").format(path=path, n=len(found), most=MOST_RECIPIENTS)
        )
    return tuple({one.casefold(): one for one in reversed(found)}.values())[::-1]


def _address(value: Any, path: Path, key: str) -> str:
    return _matching(value, ADDRESS, path, key, _("an address like basin@kurum.bel.tr, without a name, in ASCII letters"))


def _matching(value: Any, pattern: re.Pattern[str], path: Path, key: str, cure: str) -> str:
    text = of_kind(value, (str,), path, key)
    if not pattern.fullmatch(text):
        raise ConfigError(_("{path}: {key} = {text!r}; write {cure}").format(path=path, key=key, text=text, cure=cure))
    return str(text)


def _port(value: Any, path: Path) -> int:
    if not 0 < of_kind(value, (int,), path, "mail.port") < 65536:
        raise ConfigError(
            _("{path}: mail.port = {value!r}; write a port, e.g. 587 (starttls), 465 (tls) or 25 (none)").format(
                path=path, value=value
            )
        )
    return int(value)


def _seconds(value: Any, path: Path) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value <= LONGEST_WAIT:
        raise ConfigError(
            _("{path}: mail.seconds = {value!r}; write seconds, more than 0 and at most {longest}").format(
                path=path, value=value, longest=LONGEST_WAIT
            )
        )
    return float(value)


def _one_of(value: Any, names: tuple[str, ...], path: Path, key: str) -> str:
    if value not in names:
        raise ConfigError(
            _("{path}: {key} = {value!r}; write one of {names}").format(path=path, key=key, value=value, names=", ".join(names))
        )
    return str(value)


def _some_of(value: Any, names: tuple[str, ...], path: Path, key: str, *, none: bool = False) -> tuple[str, ...]:
    """Each once, in the order of `names`."""
    found = of_kind(value, (list,), path, key)
    if any(one not in names for one in found) or not (found or none):
        raise ConfigError(
            _("{path}: {key} = {value!r}; write some of {names}").format(path=path, key=key, value=value, names=json.dumps(names))
        )
    return tuple(name for name in names if name in found)


def _days(value: Any, path: Path, key: str) -> frozenset[date]:
    found = of_kind(value, (list,), path, key)
    if any(isinstance(one, datetime) or not isinstance(one, date) for one in found):
        raise ConfigError(
            _("{path}: {key} = {value!r}; write days, e.g. [2028-02-26, 2028-02-27]").format(path=path, key=key, value=value)
        )
    return frozenset(found)


def _month_day(value: Any, path: Path, key: str) -> tuple[int, int]:
    text = of_kind(value, (str,), path, key)
    try:
        found = date.fromisoformat(f"2028-{text}")  # a leap year
    except ValueError:
        raise ConfigError(
            _('{path}: {key} = {value!r}; write month and day, e.g. "07-31"').format(path=path, key=key, value=value)
        ) from None
    return found.month, found.day


def outgoing(raw: Mapping[str, Any], path: Path, language: str) -> tuple[Reporting, Mail | None]:
    """Both parts of the settings."""
    return reporting(raw.get("reports", {}), path, language), mail(raw.get("mail", {}), path)
