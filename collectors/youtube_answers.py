"""What an answer of YouTube says, in plain records: pure functions of the answer, its address and the metric table."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from collectors.base import Malformed
from collectors.google_errors import LATER, pacific_day
from config.metrics import Table
from model import Account, Exchange, Gap, Post, Profile, Reading, Records, from_text, of_our_times

ROUNDED_FROM = 1000
LATE = timedelta(days=4)  # Analytics tells a day up to 72 hours after its end
NO_DAY = "no figure for this day"
REFUSED = "YouTube Analytics refuses this metric"
MOST = 2**63 - 1
LONGEST_ID = 100


@dataclass
class Notebook:
    """Records while they are being gathered."""

    posts: list[Post]
    readings: list[Reading]
    gaps: list[Gap]
    faults: list[str]

    def records(self, profile: Profile | None = None) -> Records:
        return Records(profile, tuple(self.posts), tuple(self.readings), (), tuple(self.gaps), tuple(self.faults))


def records(account: Account, exchange: Exchange, metrics: Table) -> Records:
    """The records in one answer of status 200; raises Malformed when it is not the answer that was asked for."""
    address = urlsplit(exchange.url)
    query, kind = dict(parse_qsl(address.query)), address.path.rpartition("/")[2]
    try:
        value = exchange.value
    except ValueError:
        raise Malformed("no JSON", at=address.path, cure=LATER) from None
    if kind == "token":
        return Records()
    readers = {"channels": _channel, "playlistItems": _listing, "videos": _videos, "reports": _report}
    if kind not in readers or not isinstance(value, dict):
        raise Malformed("not an answer that mecra asks for", at=address.path, cure=LATER)
    reader = readers[kind]
    try:
        return reader(account, value, query, exchange.at, metrics)
    except Malformed as error:
        what = error.what
    except (LookupError, ValueError, TypeError, AttributeError) as error:
        what = f"an answer of another shape ({type(error).__name__})"
    raise Malformed(what, at=address.path, cure=LATER)


def rows_of(value: Mapping[str, Any], kind: str) -> list[dict[str, Any]]:
    """The items of a list; raises Malformed for anything but a list of that kind, so that `{}` never means "none left"."""
    items = value.get("items", [])
    if value.get("kind") != f"youtube#{kind}ListResponse" or not isinstance(items, list):
        raise Malformed(f"no list of {kind}s", at=f"youtube.{kind}s.list", cure=LATER)
    if "items" not in value and part(value, "pageInfo").get("totalResults"):
        raise Malformed(f"{kind}s are counted and not listed", at=f"youtube.{kind}s.list", cure=LATER)
    if not all(isinstance(item, dict) for item in items):
        raise Malformed(f"a {kind} that is no object", at=f"youtube.{kind}s.list", cure=LATER)
    return items


def part(row: Mapping[str, Any], *names: str) -> Mapping[str, Any]:
    """The object inside objects, empty where it is not there."""
    for name in names:
        inner = row.get(name)
        row = inner if isinstance(inner, dict) else {}
    return row


def instant(text: Any) -> datetime | None:
    """The instant that a time of Google's names; None for anything else."""
    try:
        return of_our_times(from_text(text))
    except (ValueError, TypeError):
        return None


def whole(value: Any) -> int:
    """A count: Google writes 64-bit ones as strings of digits. Raises ValueError for anything else."""
    if isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,19}", value):
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > MOST:
        raise ValueError
    return value


def _channel(account: Account, value: Mapping[str, Any], query: Mapping[str, str], at: datetime, metrics: Table) -> Records:
    items = rows_of(value, "channel")
    if not items:
        return Records()
    item = items[0]
    remote_id, title = item.get("id"), part(item, "snippet").get("title", "")
    if not remote_id or account.remote_id not in ("", remote_id):
        raise Malformed(f"an answer about channel {remote_id}, not {account.remote_id}")
    notebook = Notebook([], [], [], [])
    if "statistics" in query.get("part", ""):
        figures = dict(part(item, "statistics"))
        if figures.get("hiddenSubscriberCount") is True:
            figures.pop("subscriberCount", None)
        _figures(notebook, metrics, "profile", figures, at, f"channel {remote_id}")
    notebook.readings += _base(account)
    handle = part(item, "snippet").get("customUrl") or f"channel/{remote_id}"
    return notebook.records(Profile(str(remote_id), str(title), f"https://www.youtube.com/{handle}"))


def _base(account: Account) -> Iterator[Reading]:
    """The exact number of subscribers that somebody read off YouTube Studio and wrote into the settings."""
    base, on = account.options.get("subscriber_base"), account.options.get("subscriber_base_on")
    if base is not None and on is not None:
        yield Reading("followers_base", base, day=on)


def _listing(account: Account, value: Mapping[str, Any], query: Mapping[str, str], at: datetime, metrics: Table) -> Records:
    """The uploads playlist says which videos there are; what they are stands in the answer about the videos."""
    asked = "contentDetails" in query.get("part", "")
    items = rows_of(value, "playlistItem")
    lost = sum(1 for item in items if asked and not part(item, "contentDetails").get("videoId"))
    return Records(faults=(f"{lost} items of the uploads playlist have no contentDetails.videoId",) if lost else ())


def _videos(account: Account, value: Mapping[str, Any], query: Mapping[str, str], at: datetime, metrics: Table) -> Records:
    """Public videos that are out; a private one, or a broadcast that is only announced, is no post yet."""
    notebook, seen = Notebook([], [], [], []), set()
    for item in rows_of(value, "video"):
        post, snippet = item.get("id"), part(item, "snippet")
        if not isinstance(post, str) or not 0 < len(post) <= LONGEST_ID:
            notebook.faults.append("a video without an id")
            continue
        hidden = part(item, "status").get("privacyStatus", "public") != "public"
        if post in seen or hidden or snippet.get("liveBroadcastContent") == "upcoming":
            continue
        seen.add(post)
        if "snippet" in query.get("part", ""):
            if (published := instant(snippet.get("publishedAt"))) is None:
                notebook.faults.append(f"video {post}: publishedAt is no time: {str(snippet.get('publishedAt'))[:40]!r}")
                continue
            url, text = f"https://www.youtube.com/watch?v={post}", str(snippet.get("title") or "")
            notebook.posts.append(Post(post, "video", published, url, text))
        if "statistics" in query.get("part", ""):
            _figures(notebook, metrics, "posts", part(item, "statistics"), at, f"video {post}", post)
    return notebook.records()


def _figures(
    notebook: Notebook, metrics: Table, stream: str, row: Mapping[str, Any], at: datetime, of: str, post: str | None = None
) -> None:
    for metric in metrics.valid(stream, pacific_day(at)):
        if metric.option("typed"):
            continue
        if row.get(metric.name) is None:
            reason = "no statistics in the answer" if not row else metric.option("absent", "not in the answer")
            notebook.gaps.append(Gap(metric.ours, reason, post))
            continue
        try:
            value = whole(row[metric.name])
            if value < 0:
                raise ValueError
        except ValueError:
            notebook.faults.append(f"{of}: {metric.name} is no count: {str(row[metric.name])[:40]!r}")
            continue
        exact = not (metric.option("rounded") and value >= ROUNDED_FROM)
        notebook.readings.append(Reading(metric.ours, value, post, exact=exact))


def table_rows(value: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The rows of an Analytics table by column name; none where there is no data. Raises Malformed for no table."""
    headers, rows = value.get("columnHeaders"), value.get("rows") or []
    if value.get("kind") != "youtubeAnalytics#resultTable" or not isinstance(headers, list) or not isinstance(rows, list):
        raise Malformed("no table of Analytics")
    names = [str(header.get("name")) for header in headers if isinstance(header, dict)]
    for row in rows:
        yield dict(zip(names, row, strict=True)) if isinstance(row, list) and len(row) == len(names) else {}


def _report(account: Account, value: Mapping[str, Any], query: Mapping[str, str], at: datetime, metrics: Table) -> Records:
    """Readings per Pacific day; a day that is due and has no value is a gap, a value that is no number a fault."""
    rows = list(table_rows(value))
    if query.get("maxResults") == "1":
        return Records()
    if query.get("dimensions") != "day":
        raise Malformed("a report that is not per day")
    first, last = date.fromisoformat(query["startDate"]), date.fromisoformat(query["endDate"])
    asked = query["metrics"].split(",")
    daily = {metric.name: metric for metric in metrics.metrics if metric.stream == "daily"}
    notebook, told = Notebook([], [], [], []), set()
    for row in rows:
        try:
            day = date.fromisoformat(row["day"])
            if not first <= day <= last:
                raise ValueError
        except (KeyError, ValueError, TypeError):
            notebook.faults.append(f"a row of the report from {first} to {last} names no day")
            continue
        for name in asked:
            if name in daily and row.get(name) is not None:
                told.add((name, day))
                try:
                    notebook.readings.append(Reading(daily[name].ours, whole(row[name]), day=day))
                except ValueError:
                    notebook.faults.append(f"{day}: {name} is no number: {str(row[name])[:40]!r}")
    for day in (first + timedelta(days=n) for n in range((last - first).days + 1)):
        if _due(account, day, at):
            lacking = [metric for name, metric in daily.items() if metric.valid(day) and (name, day) not in told]
            notebook.gaps += [Gap(m.ours, NO_DAY if m.name in asked else REFUSED, day=day) for m in lacking]
    return notebook.records()


def _due(account: Account, day: date, at: datetime) -> bool:
    """Whether a figure of `day` should be known at `at`: settled, and a day on which the account counts."""
    return day <= pacific_day(at - LATE) and (account.since or day) <= day <= (account.until or day)
