"""What is an alarm, how long it has to last, and by which ways it is told; and where the daemon's health can be asked for."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from config.checks import ConfigError, known, of_kind, span
from config.outgoing import ADDRESS, LANGUAGES, LOOPBACK, MOST_RECIPIENTS
from words import N_, _

NOW, HOUR = timedelta(0), timedelta(hours=1)
# Of each kind how long it has to last before it is one, and how long it has to be over before it is told to be.
KINDS: dict[str, tuple[timedelta, timedelta]] = {
    "offline": (timedelta(minutes=15), timedelta(minutes=15)),
    "source_silent": (timedelta(minutes=30), NOW),  # a machine that slept first catches up
    "feed_silent": (NOW, HOUR),
    "refused": (NOW, HOUR),
    "token_ends": (NOW, NOW),
    "budget_low": (6 * HOUR, 6 * HOUR),
    "budget_spent": (NOW, HOUR),
    "period_gaps": (NOW, NOW),
    "disk_low": (timedelta(minutes=5), timedelta(minutes=30)),
    "backup_failed": (NOW, NOW),
    "backup_old": (NOW, NOW),
    "verify_failed": (NOW, NOW),
    "clock_wrong": (timedelta(minutes=10), HOUR),
}
TITLES = {
    "offline": N_("nothing outside answers"),
    "source_silent": N_("a source is silent"),
    "feed_silent": N_("a feed brings nothing new"),
    "refused": N_("credentials are refused"),
    "token_ends": N_("a token is about to end"),
    "budget_low": N_("a budget will not last"),
    "budget_spent": N_("a budget is used up"),
    "period_gaps": N_("a period lacks something"),
    "disk_low": N_("the disk is nearly full"),
    "backup_failed": N_("the backup failed"),
    "backup_old": N_("there is no recent backup"),
    "verify_failed": N_("the seals do not verify"),
    "clock_wrong": N_("the clock is wrong"),
    "test": N_("a test"),
    "database": N_("the database can't be used"),
}
COUNTS = {"silent_runs": 3, "token_days": 14, "period_days": 14, "disk_free_mb": 2048, "clock_seconds": 120}
SPANS = {"gather": "10min", "silent_least": "6h", "backup_age": "36h"}
WAYS = {"mail", "to", "webhook", "command", "language", "off", "hold", "clear"}
URL = re.compile(r"https?://[^\s/?#@]+(?:[/?#]\S*)?")
HEALTH_PORT = 9477


@dataclass(frozen=True, slots=True)
class Alarms:
    """`mail`: by the server of `[mail]`, to `to` (its own recipients unless it says otherwise). `off`: kinds that are no alarm here.

    `gather`: how long a message waits for what begins with it. `silent_runs`: of a stream's own intervals, `silent_least` at least.
    `period_days` and `token_days`: how early it is told; `disk_free_mb`, `backup_age`, `clock_seconds`: from where on it is one.
    """

    mail: bool = True
    to: tuple[str, ...] = ()
    webhook: str = ""
    command: tuple[str, ...] = ()
    language: str = LANGUAGES[0]
    off: frozenset[str] = frozenset()
    hold: Mapping[str, timedelta] = field(default_factory=dict)
    clear: Mapping[str, timedelta] = field(default_factory=dict)
    gather: timedelta = timedelta(minutes=10)
    silent_runs: int = COUNTS["silent_runs"]
    silent_least: timedelta = timedelta(hours=6)
    token_days: int = COUNTS["token_days"]
    period_days: int = COUNTS["period_days"]
    disk_free_mb: int = COUNTS["disk_free_mb"]
    backup_age: timedelta = timedelta(hours=36)
    clock_seconds: int = COUNTS["clock_seconds"]

    def lasting(self, kind: str) -> timedelta:
        """How long a condition of the kind has to hold before it is an incident."""
        return self.hold.get(kind, KINDS[kind][0])

    def clearing(self, kind: str) -> timedelta:
        """How long it has to be gone before the incident is over."""
        return self.clear.get(kind, KINDS[kind][1])


@dataclass(frozen=True, slots=True)
class Listening:
    """Where `/health` and `/metrics` are answered. Beyond this machine only with a token (MECRA_HEALTH_TOKEN)."""

    host: str
    port: int

    @property
    def alone(self) -> bool:
        """Whether nobody but this machine can ask."""
        return self.host == "localhost" or ipaddress.ip_address(self.host).is_loopback


def alarms(raw: Any, path: Path, language: str) -> Alarms:
    """`[alarms]`; the language is the screen's unless it says otherwise. Raises ConfigError."""
    known(raw, {*WAYS, *COUNTS, *SPANS}, path, "alarms.")
    spoken = of_kind(raw.get("language", language if language in LANGUAGES else LANGUAGES[0]), (str,), path, "alarms.language")
    if spoken not in LANGUAGES:
        raise ConfigError(
            _("{path}: alarms.language = {spoken!r}; write one of {names}").format(
                path=path, spoken=spoken, names=", ".join(LANGUAGES)
            )
        )
    counts = {name: _count(raw.get(name, default), path, f"alarms.{name}") for name, default in COUNTS.items()}
    spans = {name: _span(raw.get(name, default), path, f"alarms.{name}") for name, default in SPANS.items()}
    return Alarms(
        mail=of_kind(raw.get("mail", True), (bool,), path, "alarms.mail"),
        to=_recipients(raw.get("to", []), path),
        webhook=_webhook(raw.get("webhook", ""), path),
        command=_command(raw.get("command", []), path),
        language=spoken,
        off=frozenset(_kinds(of_kind(raw.get("off", []), (list,), path, "alarms.off"), path, "alarms.off")),
        hold=_spans(raw.get("hold", {}), path, "alarms.hold"),
        clear=_spans(raw.get("clear", {}), path, "alarms.clear"),
        **counts,  # type: ignore[arg-type]
        **spans,  # type: ignore[arg-type]
    )


def listening(raw: Any, path: Path) -> Listening | None:
    """`[health]`; None where nothing listens. Raises ConfigError."""
    known(raw, {"listen"}, path, "health.")
    text = of_kind(raw.get("listen", ""), (str,), path, "health.listen")
    if not text:
        return None
    host, colon, port = text.rpartition(":")
    found = Listening(host.strip("[]"), int(port) if re.fullmatch(r"\d{1,5}", port, re.A) else -1)
    try:
        if not colon or not 0 <= found.port < 65536 or found.alone is None:
            raise ValueError
    except ValueError:
        raise ConfigError(
            _('{path}: health.listen = {text!r}; write an address and a port: "127.0.0.1:{port}"').format(
                path=path, text=text, port=HEALTH_PORT
            )
        ) from None
    return found


def _recipients(value: Any, path: Path) -> tuple[str, ...]:
    found = of_kind(value, (list,), path, "alarms.to")
    if len(found) > MOST_RECIPIENTS or not all(isinstance(one, str) and ADDRESS.fullmatch(one) for one in found):
        raise ConfigError(
            _('{path}: alarms.to = {value!r}; write at most {most} addresses: ["bilgiislem@kurum.bel.tr"]').format(
                path=path, value=value, most=MOST_RECIPIENTS
            )
        )
    return tuple(dict.fromkeys(found))


def _webhook(value: Any, path: Path) -> str:
    text: str = of_kind(value, (str,), path, "alarms.webhook")
    if text:
        check_webhook(text, f"{path}: alarms.webhook")
    return text


def check_webhook(url: str, where: str) -> None:
    """Raises ConfigError, without the address: it may hold a secret."""
    try:
        parts = urlsplit(url)
        fine = bool(URL.fullmatch(url) and parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        fine = False
    if not fine:
        raise ConfigError(
            _('{where} is no address; write "https://host/path", without a name and password in it').format(where=where)
        )
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        raise ConfigError(
            _("{where}: http would send it readable to {hostname}; write https").format(where=where, hostname=parts.hostname)
        )


def _command(value: Any, path: Path) -> tuple[str, ...]:
    found = of_kind(value, (list,), path, "alarms.command")
    if not all(isinstance(one, str) and "\0" not in one for one in found) or (found and not Path(found[0]).is_absolute()):
        raise ConfigError(
            _(
                '{path}: alarms.command = {value!r}; write the whole path of a program and its arguments: ["/usr/local/bin/alarm"]'
            ).format(path=path, value=value)
        )
    return tuple(found)


def _count(value: Any, path: Path, key: str) -> int:
    if not 0 < of_kind(value, (int,), path, key) < 10**9:
        raise ConfigError(
            _("{path}: {key} = {value!r}; write a whole number greater than 0").format(path=path, key=key, value=value)
        )
    return int(value)


def _span(value: Any, path: Path, key: str) -> timedelta:
    try:
        return span(of_kind(value, (str,), path, key))
    except (ValueError, OverflowError) as error:
        raise ConfigError(f"{path}: {key} = {value!r}: {error}") from None


def _spans(raw: Any, path: Path, key: str) -> dict[str, timedelta]:
    _kinds(of_kind(raw, (dict,), path, key), path, key)
    return {kind: _span(value, path, f"{key}.{kind}") for kind, value in raw.items()}


def _kinds(names: Any, path: Path, key: str) -> Any:
    for name in names:
        if not isinstance(name, str) or name not in KINDS:
            raise ConfigError(
                _("{path}: {key}: {name!r} is no kind of alarm; there are {names}").format(
                    path=path, key=key, name=name, names=", ".join(KINDS)
                )
            )
    return names
