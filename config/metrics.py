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

from model import MecraError

SHIPPED = Path(__file__).parent / "metrics"


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
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise MecraError(f"{path}: {error}") from error
    return Table(
        tuple(_metric(entry, path) for entry in loaded.get("metric", [])),
        tuple(Break(b["ours"], b["on"], b["what"]) for b in loaded.get("break", [])),
    )


def _metric(entry: dict[str, Any], path: Path) -> Metric:
    known = {"name", "ours", "stream", "since", "until", "meaning"}
    try:
        fixed = {key: entry[key] for key in known if key in entry}
        return Metric(**fixed, options=tuple((k, v) for k, v in entry.items() if k not in known))
    except TypeError as error:
        raise MecraError(f"{path}: metric {entry.get('name', '?')}: {error}; needs name, ours and stream") from error
