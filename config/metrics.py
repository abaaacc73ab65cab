"""Metric names are data: what a platform calls a figure, what mecra calls it, and from when until when.

One file a platform in `config/metrics/`; an operator's `metrics/` directory beside `mecra.toml` overrides it, so that a
renamed metric is an edit and not a release.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from config.checks import of_kind
from model import MecraError
from words import N_, _

SHIPPED = Path(__file__).parent / "metrics"
# What the shipped tables say of breaks, for the catalogue: a note looks it up there.
BREAKS = (
    N_(
        "page_impressions and post_impressions were removed for all versions; page_media_view and post_media_view count something else"
    ),
    N_("the *_impressions_unique families were removed for all versions; *_total_media_view_unique counts viewers instead"),
    N_("impressions and plays were removed for all versions; views counts something else"),
    N_("Shorts: each start and each replay counts as a view."),
    N_("All formats: a view counts from the first frame, autoplay and hover included. `engaged_views` keeps the old meaning."),
    N_("All formats: a view counts from the first frame, autoplay and hover included."),
)


@dataclass(frozen=True, slots=True)
class Metric:
    """`name` at the platform is `ours` here, in `stream`, between `since` and `until` (both may be open).

    `options` is whatever else the platform's file says of it (period, products, group): read by that collector only.
    """

    name: str
    ours: str
    stream: str
    since: date | None = None
    until: date | None = None
    meaning: str = ""
    options: tuple[tuple[str, Any], ...] = ()

    def valid(self, on: date) -> bool:
        return (self.since is None or self.since <= on) and (self.until is None or on < self.until)

    def option(self, name: str, default: Any = None) -> Any:
        return dict(self.options).get(name, default)


@dataclass(frozen=True, slots=True)
class Break:
    """From `on` a figure of the same name means something else: never compared across without a word."""

    ours: str
    on: date
    what: str


@dataclass(frozen=True, slots=True)
class Table:
    metrics: tuple[Metric, ...]
    breaks: tuple[Break, ...]

    def valid(self, stream: str, on: date) -> tuple[Metric, ...]:
        return tuple(m for m in self.metrics if m.stream == stream and m.valid(on))


@cache
def table(platform: str, directory: Path | None = None) -> Table:
    """The table of one platform; raises MecraError with the file and the entry that can't be read."""
    own = directory / f"{platform}.toml" if directory else None
    path = own if own and own.exists() else SHIPPED / f"{platform}.toml"
    try:
        loaded = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Table((), ())
    except (ValueError, RecursionError) as error:
        raise MecraError(f"{path}: {error}") from error
    return Table(
        tuple(_metric(entry, path) for entry in of_kind(loaded.get("metric", []), (list,), path, "metric")),
        tuple(_break(entry, path) for entry in of_kind(loaded.get("break", []), (list,), path, "break")),
    )


def _metric(entry: Any, path: Path) -> Metric:
    kinds = {"name": str, "ours": str, "stream": str, "since": date, "until": date, "meaning": str}
    fixed = _checked(entry, path, "metric", kinds, ("name", "ours", "stream"))
    return Metric(**fixed, options=tuple((k, v) for k, v in entry.items() if k not in kinds))


def _break(entry: Any, path: Path) -> Break:
    return Break(**_checked(entry, path, "break", {"ours": str, "on": date, "what": str}, ("ours", "on", "what")))


def _checked(entry: Any, path: Path, what: str, kinds: dict[str, type], needed: tuple[str, ...]) -> dict[str, Any]:
    of_kind(entry, (dict,), path, what)
    if missing := [name for name in needed if name not in entry]:
        raise MecraError(
            _("{path}: {what} {name!r} needs {names}").format(
                path=path, what=what, name=entry.get("name", entry), names=", ".join(missing)
            )
        )
    return {name: of_kind(entry[name], (kind,), path, f"{what}.{name}") for name, kind in kinds.items() if name in entry}
