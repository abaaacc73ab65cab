"""Settings: what an operator writes in `mecra.toml`, read once and handed down as values."""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from config.alarms import Alarms, Listening, alarms, listening
from config.backup import Backups, backups
from config.checks import BUCKETS, CHANNELS, NEWS, PAGE, PLATFORMS, ConfigError, account_options, known, of_kind, options, span
from config.outgoing import Mail, Reporting, outgoing
from config.panel import panel
from config.retention import Retention, retention
from config.trust import closed, private
from model import Account, Rung
from words import _

__all__ = ["CHANNELS", "PAGE", "PLATFORMS", "ConfigError", "Settings", "find", "load", "span"]

EXAMPLE = Path(__file__).parent / "mecra.example.toml"
FEEDS = Path(__file__).parent / "feeds.toml"
RULE = Path(__file__).parent / "news.toml"
PLANS = Path(__file__).parent / "plans"
PLAN = "h7.2"
TOP = {
    "language", "data", "since", "plan", "institution", "accounts", "platforms", "budgets", "news", "http", "snapshots", "panel", "reports",
    "mail", "retention", "storage", "backup", "alarms", "health",
}  # fmt: skip
WAITS = {"connect_seconds", "read_seconds", "total_seconds"}
FREE_MB = 500
LONGEST_WAIT = 600  # less than what the daemon takes for hung


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that an operator decides. `since` is how far back a first collection looks, `http` how long an answer may take,
    `plan` the file of the target card (config/plan_file.py). `seal`: what is over and final is sealed without a person. `free_mb`: with
    fewer megabytes free the daemon collects nothing."""

    path: Path
    data: Path
    institution: str
    zone: ZoneInfo
    language: str = "tr"
    contact: str = ""
    since: date | None = None
    accounts: tuple[Account, ...] = ()
    platforms: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    ladders: Mapping[tuple[str, str], tuple[Rung, ...]] = field(default_factory=dict)
    budgets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    http: Mapping[str, float] = field(default_factory=dict)
    plan: Path = PLANS / f"{PLAN}.toml"
    seal: bool = False
    panel: Mapping[str, Any] = field(default_factory=dict)
    reporting: Reporting = field(default_factory=Reporting)
    mail: Mail | None = None
    retention: Retention = field(default_factory=Retention)
    free_mb: int = FREE_MB
    backup: Backups = field(default_factory=Backups)
    alarms: Alarms = field(default_factory=Alarms)
    health: Listening | None = None

    @property
    def database(self) -> Path:
        return self.data / "mecra.db"

    @property
    def backups(self) -> Path:
        """The directory that backups are made in."""
        return self.backup.directory or self.data / "backups"

    @property
    def reports(self) -> Path:
        """The directory that reports are written to."""
        return self.reporting.directory or self.data / "reports"

    def platform(self, name: str) -> Mapping[str, Any]:
        return self.platforms.get(name, {})


def find(environ: Mapping[str, str], named: str | None = None) -> Path:
    """The settings file: the one named, `$MECRA_CONFIG`, `./mecra.toml`, `$MECRA_DATA/mecra.toml`, `/etc/mecra/mecra.toml`."""
    if named or environ.get("MECRA_CONFIG"):
        return Path(named or environ["MECRA_CONFIG"])
    places = [Path("mecra.toml"), Path("/etc/mecra/mecra.toml")]
    if environ.get("MECRA_DATA"):
        places.insert(1, Path(environ["MECRA_DATA"]) / "mecra.toml")
    return next((place for place in places if place.exists()), places[0])


def load(path: Path, environ: Mapping[str, str]) -> Settings:
    """The settings in `path`; raises ConfigError that names the key and the cure."""
    path = path.absolute()
    closed(path)
    raw = _toml(path)
    known(raw, TOP, path, "")
    institution = raw.get("institution", {})
    known(institution, {"name", "zone", "contact"}, path, "institution.")
    for name in institution:
        of_kind(institution[name], (str,), path, f"institution.{name}")
    for name in ("language", "data", "plan"):
        of_kind(raw.get(name, ""), (str,), path, name)
    zone_name = institution.get("zone", "Europe/Istanbul")
    try:
        zone = ZoneInfo(zone_name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ConfigError(
            _("{path}: institution.zone = {zone!r} is no time zone; write e.g. Europe/Istanbul").format(path=path, zone=zone_name)
        ) from None
    named = environ.get("MECRA_DATA")
    data = Path(named).absolute() if named else path.parent / str(raw.get("data") or "")
    known(raw.get("platforms", {}), (*PLATFORMS, PAGE), path, "platforms.")
    platforms = {name: options(table, name, path, "platforms.") for name, table in raw.get("platforms", {}).items()}
    for name, table in platforms.items():
        private(name, table.get("api_root"), path)
    news = raw.get("news", {})
    accounts = [_account(entry, path) for entry in of_kind(raw.get("accounts", []), (list,), path, "accounts")]
    accounts += _news_accounts(news, path, platforms, str(institution.get("name", "")))
    keys = [a.account for a in accounts]
    language = str(raw.get("language", "tr"))
    reporting, mail = outgoing(raw, path, language)
    if twice := sorted({key for key in keys if keys.count(key) > 1}):
        raise ConfigError(_("{path}: account {twice} stands there twice; remove one").format(path=path, twice=twice[0]))
    return Settings(
        path=path,
        data=data,
        institution=str(institution.get("name", "")),
        zone=zone,
        language=language,
        contact=str(institution.get("contact", "")),
        since=_day(raw.get("since"), path, "since"),
        accounts=tuple(accounts),
        platforms=platforms,
        ladders=_ladders(platforms, path),
        budgets=_budgets(raw.get("budgets", {}), path),
        http=_waits(raw.get("http", {}), path),
        plan=plan_path(path, str(raw.get("plan") or PLAN)),
        seal=_seals(raw.get("snapshots", {}), path),
        panel=panel(raw.get("panel", {}), path),
        reporting=reporting,
        mail=mail,
        retention=retention(raw.get("retention", {}), path),
        free_mb=_free(raw.get("storage", {}), path),
        backup=backups(raw.get("backup", {}), path),
        alarms=alarms(raw.get("alarms", {}), path, language),
        health=listening(raw.get("health", {}), path),
    )


def plan_path(path: Path, named: str) -> Path:
    """A plan that is shipped (by its name), or a file beside the settings. Whether it can be used is seen when it is:
    collecting goes on without one."""
    shipped = PLANS / f"{named}.toml"
    return shipped if shipped in PLANS.glob("*.toml") else _beside(path, named) or shipped


def _seals(raw: Any, path: Path) -> bool:
    known(raw, {"seal"}, path, "snapshots.")
    return bool(of_kind(raw.get("seal", False), (bool,), path, "snapshots.seal"))


def _free(raw: Any, path: Path) -> int:
    """How many megabytes are left to others."""
    known(raw, {"free_mb"}, path, "storage.")
    found = int(of_kind(raw.get("free_mb", FREE_MB), (int,), path, "storage.free_mb"))
    if found < 0:
        raise ConfigError(
            _("{path}: storage.free_mb = {found}; write how many megabytes are to stay free, 0 for none").format(
                path=path, found=found
            )
        )
    return found


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigError(_("no settings at {path}: run `mecra init` to write them").format(path=path)) from None
    except UnicodeDecodeError as error:
        raise ConfigError(
            _("{path} is not UTF-8 (byte {start}): save it as UTF-8 (UTF-8 olarak kaydedin)").format(path=path, start=error.start)
        ) from None
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"{path}: {error}") from None
    except OSError as error:
        raise ConfigError(_("{path} can't be read: {why}").format(path=path, why=error.strerror)) from None


def _account(entry: Mapping[str, Any], path: Path) -> Account:
    known(entry, {"platform", "handle", "was", "id", "label", "url", "since", "until", "options"}, path, "accounts.")
    platform, handle = str(entry.get("platform", "")), str(entry.get("handle") or entry.get("id") or "")
    if platform not in (*PLATFORMS, PAGE, *CHANNELS) or not handle:
        there = f"{', '.join((*PLATFORMS, PAGE))}; by import only: {', '.join(CHANNELS)}"
        raise ConfigError(
            _("{path}: an account needs platform ({there}) and handle; this one has {entry!r}").format(
                path=path, there=there, entry=dict(entry)
            )
        )
    if not handle.lstrip("@"):
        raise ConfigError(
            _("{path}: {handle!r} is no handle; write the name in the account's address").format(path=path, handle=handle)
        )
    if platform == PAGE and not re.match(r"https?://[^/\s]", str(entry.get("url", ""))):
        raise ConfigError(
            _("{path}: accounts {handle}: url = {url!r}; write the address of the page that lists the issues").format(
                path=path, handle=handle, url=entry.get("url", "")
            )
        )
    return Account(
        account=f"{platform}:{str(entry.get('was') or handle).lstrip('@')}",  # a renamed account keeps its key
        platform=platform,
        handle=handle,
        remote_id=str(entry.get("id", "")),
        label=str(entry.get("label", "")),
        url=str(entry.get("url", "")),
        since=_day(entry.get("since"), path, f"accounts {handle} since"),
        until=_day(entry.get("until"), path, f"accounts {handle} until"),
        options=account_options(entry.get("options", {}), platform, path, f"accounts {handle} options"),
    )


def _news_accounts(news: Mapping[str, Any], path: Path, platforms: dict[str, dict[str, Any]], institution: str) -> list[Account]:
    """Feeds and searches are accounts too. Puts what their collectors need among the platforms' settings."""
    known(news, {"rule", "feeds", "allow_hosts", "gdelt", "gnews", "feed", "agency"}, path, "news.")
    of_kind(news.get("rule", ""), (str,), path, "news.rule")
    of_kind(news.get("feeds", True), (str, bool), path, "news.feeds")
    rule = _beside(path, news.get("rule")) or RULE
    source = _beside(path, news.get("feeds") if isinstance(news.get("feeds"), str) else None) or FEEDS
    hosts = of_kind(news.get("allow_hosts", []), (list,), path, "news.allow_hosts")
    for platform in NEWS:
        platforms[platform] = {
            **options(news.get(platform, {}), platform, path, "news."),
            "rule": rule,
            "feeds": source,
            "allow_hosts": hosts,
        }
    platforms[PAGE] = {**platforms.get(PAGE, {}), "allow_hosts": hosts}
    accounts = [] if news.get("feeds", True) is False else _feeds(source)
    for platform, default in (("gdelt", True), ("gnews", False)):
        search = {"query": f'"{institution}"', **news.get(platform, {})}
        if search.get("enabled", default) and search["query"] != '""':
            name = str(search.get("name", "search"))
            accounts.append(Account(f"{platform}:{name}", platform, name, label=institution, options=search))
    accounts.append(Account("agency:import", "agency", "import", label="Agency files"))
    return accounts


def _feeds(path: Path) -> list[Account]:
    found = []
    for entry in of_kind(_toml(path).get("feed", []), (list,), path, "feed"):
        if of_kind(entry, (dict,), path, "feed").get("enabled", True):
            url = str(entry.get("url", ""))
            name = str(entry.get("name") or url.partition("//")[2].partition("/")[0])
            if not re.match(r"https?://[^/\s]", url):
                raise ConfigError(_("{path}: feed {name}: url = {url!r} is no http address").format(path=path, name=name, url=url))
            since, until = (_day(entry.get(key), path, f"feed {name}: {key}") for key in ("since", "until"))
            label = str(entry.get("outlet", name))
            found.append(Account(f"feed:{name}", "feed", name, label=label, url=url, since=since, until=until, options=entry))
    return found


def _beside(path: Path, name: Any) -> Path | None:
    return None if not name else (Path(name) if Path(name).is_absolute() else path.parent / str(name))


def _day(value: Any, path: Path, key: str) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if value is None or isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise ConfigError(
            _("{path}: {key} = {value!r} is no day; write 2025-01-01").format(path=path, key=key, value=value)
        ) from None


def _ladders(platforms: Mapping[str, Mapping[str, Any]], path: Path) -> dict[tuple[str, str], tuple[Rung, ...]]:
    found = {}
    for platform, table in platforms.items():
        for stream, rungs in table.get("ladder", {}).items():
            try:
                found[platform, stream] = _rungs(rungs)
            except (ValueError, TypeError, AttributeError, OverflowError) as error:
                raise ConfigError(
                    _('{path}: platforms.{platform}.ladder.{stream}: {why}; write [["1h", "1d"], ["1d", "7d"]]').format(
                        path=path, platform=platform, stream=stream, why=error
                    )
                ) from None
    return found


def _rungs(rungs: Any) -> tuple[Rung, ...]:
    found = tuple(Rung(span(every), span(depth)) for every, depth in rungs)
    if not found or any(not rung.every for rung in found):
        raise ValueError("a ladder needs a rung, and each rung some time between two readings")
    return found


def _waits(raw: Mapping[str, Any], path: Path) -> dict[str, float]:
    """How long to wait for a connection, for the next bytes and for a whole answer, in seconds."""
    known(raw, WAITS, path, "http.")
    for name, value in raw.items():
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value <= LONGEST_WAIT:
            raise ConfigError(
                _("{path}: http.{name} = {value!r}; write seconds, more than 0 and at most {longest}").format(
                    path=path, name=name, value=value, longest=LONGEST_WAIT
                )
            )
    return {name: float(value) for name, value in raw.items()}


def _budgets(raw: Mapping[str, Any], path: Path) -> dict[str, dict[str, int]]:
    """Per bucket: `requests_per_day`, `units_per_month`, `usd_per_month` ...; money becomes micro-dollars, the unit of the ledger."""
    found: dict[str, dict[str, int]] = {}
    of_kind(raw, (dict,), path, "budgets")
    for bucket, limits in raw.items():
        if bucket not in BUCKETS:
            raise ConfigError(
                _('{path}: budgets."{bucket}" limits nothing; there are {names} (docs/platforms.md)').format(
                    path=path, bucket=bucket, names=", ".join(BUCKETS)
                )
            )
        for name, value in of_kind(limits, (dict,), path, f"budgets.{bucket}").items():
            match = re.fullmatch(r"(requests|units|usd)_per_(day|month)", name)
            if not match or isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value < math.inf:
                raise ConfigError(
                    _(
                        "{path}: budgets.{bucket}.{name} = {value!r}; write e.g. usd_per_month = 25 or requests_per_day = 500"
                    ).format(path=path, bucket=bucket, name=name, value=value)
                )
            kind = "requests" if match[1] == "requests" else "cost"
            found.setdefault(bucket, {})[f"{kind}_per_{match[2]}"] = round(value * 1_000_000) if match[1] == "usd" else int(value)
    return found
