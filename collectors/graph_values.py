"""What stands in a Graph API answer: rows, numbers, and insights in their two shapes, as plain records.

A number is an integer or a string of digits; anything else is a fault, and what is missing is a gap, never 0.
A day is Meta's own, midnight to midnight in California; `end_time` marks its end.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from collectors.base import Malformed
from collectors.graph_days import days_asked, pacific_day
from config.metrics import Metric
from model import Exchange, Gap, Post, Profile, Reading, Records, from_text, of_our_times

NO_VALUE = "not in the answer"
NO_DAY = "no figure for this day: fewer than 100 followers, too long ago, or not counted"
SECOND = timedelta(seconds=1)
LONGEST_ID = 100


class Asked:
    """What an archived request asked: the object, its edge (empty for the object itself), and the query."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        path = re.sub(r"^.*?/v\d+\.\d+(?=/|$)", "", parts.path).strip("/")
        self.owner, _, self.edge = path.partition("/")
        self.query = dict(parse_qsl(parts.query))
        self.names = set(self.query.get("metric", "").split(",")) - {""}
        for field in _split(self.query.get("fields", "")):
            _, found, names = field.partition(".metric(")
            self.names |= set(names.rstrip(")").split(",")) if found else {field}

    def of(self, metrics: Iterable[Metric], *streams: str) -> list[Metric]:
        """The metrics of these streams that were asked for here."""
        return [m for m in metrics if m.stream in streams and m.name in self.names]


class Harvest:
    """Records as they are gathered from one answer; a row that comes twice is taken once."""

    def __init__(self) -> None:
        self.profile: Profile | None = None
        self.posts: dict[str, Post] = {}
        self.readings: dict[tuple[str, str | None, date | None], Reading] = {}
        self.gaps: list[Gap] = []
        self.faults: list[str] = []

    def records(self) -> Records:
        return Records(
            profile=self.profile,
            posts=tuple(self.posts.values()),
            readings=tuple(self.readings.values()),
            gaps=tuple(self.gaps),
            faults=tuple(self.faults),
        )

    def put(self, metric: Metric, raw: Any, *, post: str | None = None, day: date | None = None, missing: str = NO_VALUE) -> None:
        """Keep the figure that `raw` holds for `metric`, or say why there is none."""
        try:
            value = _picked(metric, raw)
        except ValueError as error:
            whose = " ".join(filter(None, [post or "account", day.isoformat() if day else ""]))
            self.faults.append(f"{whose} {metric.name}: {error}")
            return
        if value is None:
            self.gaps.append(Gap(metric.ours, missing, post, day))
        else:
            self.readings.setdefault((metric.ours, post, day), Reading(metric.ours, value, post, day))

    def row(
        self, metrics: Iterable[Metric], row: Mapping[str, Any], expansion: str = "", post: str | None = None, *, old: bool = False
    ) -> None:
        """The figures in one object: its own fields, and its lifetime insights under `expansion`; of an `old` one Meta may
        have no insights any more."""
        insights = {item["name"]: item for item in _named(inline(row, expansion))}
        for metric in metrics:
            at = metric.option("at")
            raw = _lifetime(insights.get(metric.name)) if at is None else _dig(row, str(at), metric.option("default"))
            if not (old and at is None and raw is None):
                self.put(metric, raw, post=post)

    def insights(self, metrics: Iterable[Metric], value: Mapping[str, Any], post: str) -> None:
        """The lifetime insights of one post, asked for alone. Raises Malformed when there is no list of them."""
        rows(value)
        self.row(metrics, {"insights": value}, "insights", post)

    def days(
        self, metrics: Iterable[Metric], value: Mapping[str, Any], query: Mapping[str, str], due: Callable[[date], bool]
    ) -> None:
        """An account's per-day figures: a series with the end of each day, or the total of the one day that was asked for.

        A day that is `due` and has none is a gap. Raises Malformed when there is no list of them.
        """
        span = days_asked(query)
        found = {item["name"]: item for item in _named(rows(value))}
        for metric in metrics:
            item = found.get(metric.name)
            values = dict(_per_day(metric, item, span, self.faults)) if item else {}
            for day in sorted({*span, *values}):
                if values.get(day) is not None or (due(day) and metric.valid(day)):
                    self.put(metric, values.get(day), day=day, missing=NO_DAY)


def body_of(exchange: Exchange) -> dict[str, Any]:
    """The answer as JSON; raises Malformed when it is no object."""
    try:
        value = exchange.value
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise Malformed("no JSON object", at=exchange.url)
    return value


def rows(value: Mapping[str, Any]) -> list[Any]:
    """The rows of an edge; raises Malformed when there is no list of them."""
    found = value.get("data")
    if not isinstance(found, list):
        raise Malformed("no list of rows in the answer", cure="tried again later")
    return found


def inline(row: Mapping[str, Any], edge: str) -> list[dict[str, Any]]:
    """What an object shows of one of its edges beside its own fields: `{edge: {"data": [...]}}`."""
    under = row.get(edge)
    return list(_dicts(under.get("data"))) if isinstance(under, dict) else []


def instant(row: Mapping[str, Any], field: str) -> datetime:
    """The time in a field of a row; raises ValueError."""
    raw = row.get(field)
    if not isinstance(raw, str):
        raise ValueError(f"{field} is {'missing' if raw is None else repr(str(raw)[:40])}")
    try:
        return of_our_times(from_text(raw))
    except ValueError:
        raise ValueError(f"{field} is {raw[:40]!r}") from None


def identity(row: Mapping[str, Any]) -> str:
    """The id of a row; raises ValueError."""
    raw = row.get("id")
    if not isinstance(raw, (str, int)) or isinstance(raw, bool) or not str(raw):
        raise ValueError("id is missing")
    if len(str(raw)) > LONGEST_ID:
        raise ValueError("id is too long")
    return str(raw)


def _named(data: Iterable[Any]) -> Iterator[dict[str, Any]]:
    """The insights in a list that have a name: `{"name", "values" or "total_value"}`."""
    return (item for item in data if isinstance(item, dict) and isinstance(item.get("name"), str))


def _dicts(value: Any) -> Iterator[dict[str, Any]]:
    return (entry for entry in value if isinstance(entry, dict)) if isinstance(value, list) else iter(())


def _per_day(metric: Metric, item: Mapping[str, Any], span: list[date], faults: list[str]) -> Iterator[tuple[date, Any]]:
    total = item.get("total_value")
    if isinstance(total, dict):
        raw = _broken_down(total, str(wanted)) if (wanted := metric.option("dimension")) else total.get("value")
        if len(span) == 1 and raw is not None:
            yield span[0], raw
        elif raw is not None:
            faults.append(f"account {metric.name}: one total over {len(span)} days")
        return
    values = item.get("values")
    for entry in values if isinstance(values, list) else ():
        try:
            yield pacific_day(instant(entry, "end_time") - SECOND), entry.get("value")
        except (ValueError, AttributeError) as error:
            faults.append(f"account {metric.name}: {error}")


def _broken_down(total: Mapping[str, Any], dimension: str) -> Any:
    for breakdown in _dicts(total.get("breakdowns")):
        for result in _dicts(breakdown.get("results")):
            if result.get("dimension_values") == [dimension]:
                return result.get("value")
    return None


def _lifetime(item: Mapping[str, Any] | None) -> Any:
    if not item:
        return None
    if isinstance(total := item.get("total_value"), dict):
        return total.get("value")
    values = item.get("values")
    return values[0].get("value") if isinstance(values, list) and values and isinstance(values[0], dict) else None


def _picked(metric: Metric, raw: Any) -> int | None:
    """The number in a value; of a value in parts, the one part (`key`) or the sum of all (`sum`) that the table names."""
    if raw is None:
        return None
    if key := metric.option("key"):
        if not isinstance(raw, dict):
            raise ValueError(f"{str(raw)[:40]!r} has no parts")
        return None if raw.get(key) is None else number(raw[key])
    if metric.option("sum") and isinstance(raw, dict):
        return sum(map(number, raw.values()))
    return number(raw)


def number(raw: Any) -> int:
    """A whole number, or a string of digits as one; raises ValueError for anything else."""
    if isinstance(raw, str) and raw.isascii() and raw.isdigit() and len(raw) < 20:
        raw = int(raw)
    if isinstance(raw, int) and not isinstance(raw, bool) and abs(raw) < 2**63:
        return raw
    raise ValueError(f"{str(raw)[:40]!r} is no whole number")


def _dig(row: Mapping[str, Any], path: str, default: Any) -> Any:
    """The value at `a.b.c`; `default` only where the field itself is not in the row."""
    first, *parts = path.split(".")
    found: Any = row.get(first, default)
    for part in parts if first in row else ():
        found = found.get(part) if isinstance(found, dict) else None
    return found


def _split(fields: str) -> list[str]:
    """`a,b.limit(0),c.metric(d,e)` at its outer commas."""
    parts, depth = [""], 0
    for sign in fields:
        depth += (sign in "({") - (sign in ")}")
        if sign == "," and not depth:
            parts.append("")
        else:
            parts[-1] += sign
    return parts
