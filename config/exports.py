"""What stands in files of figures that people hand in: data, so that a renamed heading is an edit and not a release.

`config/exports.toml`; an operator's `exports.toml` beside `mecra.toml` replaces it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from config.checks import ConfigError, known, of_kind
from words import _

SHIPPED = Path(__file__).parent / "exports.toml"
FIELDS = ("account", "platform", "metric", "value", "at", "time", "post", "url", "kind", "published_at", "text")


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure by our name. Of an account it is a `level` (at an instant), a `flow` (of a whole day) or nothing; `post`: single
    posts have it. `net`: of a day it may be negative. `names` are the headings of its column."""

    ours: str
    account: str = ""
    post: bool = False
    net: bool = False
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Export:
    """A platform's own file, known by `heads`. `columns`: our field -> their heading; `figures`: their heading -> our metric."""

    name: str
    platform: str
    heads: tuple[str, ...]
    columns: Mapping[str, str]
    figures: Mapping[str, str]
    join: tuple[str, ...] = ()
    numbers: str = "tr"
    dates: str = "dmy"
    zone: ZoneInfo | None = None
    kind: str = "post"
    kinds: Mapping[str, str] = field(default_factory=dict)
    id_time: bool = False
    reply: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """Everything that may stand in such a file."""

    columns: Mapping[str, tuple[str, ...]]
    figures: Mapping[str, Figure]
    exports: tuple[Export, ...]


@cache
def words(directory: Path | None = None) -> Words:
    """The operator's file in `directory`, else the shipped one; raises ConfigError with the file and the entry."""
    own = directory / SHIPPED.name if directory else None
    path = own if own and own.exists() else SHIPPED
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"{path}: {error}") from None
    known(raw, ("columns", "metric", "export"), path, "")
    columns = of_kind(raw.get("columns", {}), (dict,), path, "columns")
    known(columns, FIELDS, path, "columns.")
    figures = [_figure(entry, path) for entry in of_kind(raw.get("metric", []), (list,), path, "metric")]
    by_name = {figure.ours: figure for figure in figures}
    exports = tuple(_export(entry, by_name, path) for entry in of_kind(raw.get("export", []), (list,), path, "export"))
    return Words({name: _texts(columns.get(name, []), path, f"columns.{name}") for name in FIELDS}, by_name, exports)


def _figure(entry: Any, path: Path) -> Figure:
    of_kind(entry, (dict,), path, "metric")
    kinds: dict[str, tuple[type, ...]] = {"ours": (str,), "account": (str,), "post": (bool,), "net": (bool,), "names": (list,)}
    known(entry, kinds, path, "metric.")
    found = {name: of_kind(entry[name], kind, path, f"metric.{name}") for name, kind in kinds.items() if name in entry}
    if not re.fullmatch(r"[a-z_]{2,40}", found.get("ours", "")) or found["ours"] in FIELDS:
        raise ConfigError(
            _("{path}: metric.ours = {ours!r} is no name of a figure; see docs/metrics.md").format(
                path=path, ours=found.get("ours")
            )
        )
    if found.get("account", "") not in ("", "level", "flow"):
        raise ConfigError(
            _('{path}: metric {ours}: account = {account!r}; write "level" or "flow"').format(
                path=path, ours=found["ours"], account=found["account"]
            )
        )
    return Figure(**found | {"names": _texts(found.get("names", []), path, f"metric {found['ours']} names")})


def _export(entry: Any, figures: Mapping[str, Figure], path: Path) -> Export:
    of_kind(entry, (dict,), path, "export")
    kinds: dict[str, tuple[type, ...]] = {
        "name": (str,), "platform": (str,), "heads": (list,), "columns": (dict,), "figures": (dict,), "join": (list,), "numbers": (str,),
        "dates": (str,), "zone": (str,), "kind": (str,), "kinds": (dict,), "id_time": (bool,), "reply": (str,),
    }  # fmt: skip
    known(entry, kinds, path, "export.")
    found = {name: of_kind(entry[name], kind, path, f"export.{name}") for name, kind in kinds.items() if name in entry}
    where = f"export {found.get('name', '?')!r}"
    if missing := [name for name in ("name", "platform", "heads", "columns", "figures") if not found.get(name)]:
        raise ConfigError(_("{path}: {where} needs {names}").format(path=path, where=where, names=", ".join(missing)))
    known(found["columns"], FIELDS, path, f"{where} columns.")
    if unknown := sorted(set(found["figures"].values()) - set(figures)):
        raise ConfigError(
            _("{path}: {where}: {unknown!r} is no figure of this file").format(path=path, where=where, unknown=unknown[0])
        )
    for name, right in (("numbers", ("tr", "en")), ("dates", ("dmy", "mdy"))):
        if found.get(name, right[0]) not in right:
            raise ConfigError(
                _("{path}: {where}: {name} = {found!r}; write {names}").format(
                    path=path, where=where, name=name, found=found[name], names=(" " + _("or") + " ").join(right)
                )
            )
    try:
        found |= {"zone": ZoneInfo(found["zone"])} if "zone" in found else {}
        re.compile(found.get("reply", ""))
    except (ZoneInfoNotFoundError, ValueError, OSError, re.error) as error:
        raise ConfigError(f"{path}: {where}: {error}") from None
    return Export(**found | {name: _texts(found.get(name, []), path, f"{where} {name}") for name in ("heads", "join")})


def _texts(value: Any, path: Path, key: str) -> tuple[str, ...]:
    return tuple(of_kind(text, (str,), path, key) for text in of_kind(value, (list,), path, key))
