"""YouTube Analytics in the sandbox: the channel per Pacific day, late and cut off at the last day that is settled."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from sandbox.faults import Request
from sandbox.world import PACIFIC, World
from sandbox.youtube_faults import Refusal

VIEWS_MEAN_STARTS_FROM = date(2026, 8, 24)
LATE = timedelta(days=3)
FLOWS = {
    "views": "views", "engagedViews": "engaged_views", "likes": "likes", "comments": "comments", "shares": "shares",
    "videosAddedToPlaylists": "saves", "subscribersGained": "follows", "subscribersLost": "unfollows",
    "estimatedMinutesWatched": "minutes_watched",
}  # fmt: skip


def on_day(world: World, metric: str, day: date) -> int:
    """What Analytics says of one Pacific day. Engaged views are the views until these changed their meaning."""
    if metric == "engagedViews" and day < VIEWS_MEAN_STARTS_FROM:
        metric = "views"
    return world.flow("youtube", FLOWS[metric], day)


def last_settled(now: datetime) -> date:
    """The last day that has a row."""
    return (now - LATE).astimezone(PACIFIC).date()


def report(world: World, request: Request, owner: bool) -> dict[str, Any]:
    """`reports.query` for the channel, per day or in one sum. No data is no `rows`, not zeros. Raises Refusal."""
    query, metrics = request.query, request.query.get("metrics", "").split(",")
    if not owner or query.get("ids") not in ("channel==MINE", f"channel=={world.accounts['youtube'].remote_id}"):
        raise Refusal(403, "forbidden", "Forbidden", status="PERMISSION_DENIED")
    if unknown := [name for name in metrics if name not in FLOWS]:
        raise Refusal(400, "badRequest", f"Unknown identifier ({unknown[0]}) given in field parameters.metrics.")
    dimensions = query.get("dimensions", "")
    try:
        first, last = date.fromisoformat(query["startDate"]), date.fromisoformat(query["endDate"])
    except (KeyError, ValueError):
        raise Refusal(400, "badRequest", "Invalid value for startDate or endDate.") from None
    if dimensions not in ("", "day") or last < first:
        raise Refusal(400, "badRequest", "The query is not supported. Check the documentation for supported queries.")
    first, last = max(first, world.start), min(last, last_settled(request.now))
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    rows: list[list[Any]] = [[day.isoformat(), *(on_day(world, name, day) for name in metrics)] for day in days]
    names = ["day", *metrics]
    if not dimensions:
        names, rows = metrics, [[sum(column) for column in zip(*(row[1:] for row in rows), strict=True)]] if rows else []
    headers = [
        {"name": n, "columnType": "DIMENSION", "dataType": "STRING"}
        if n == "day"
        else {"name": n, "columnType": "METRIC", "dataType": "INTEGER"}
        for n in names
    ]
    value: dict[str, Any] = {"kind": "youtubeAnalytics#resultTable", "columnHeaders": headers}
    begin = int(query.get("startIndex", 1)) - 1
    rows = rows[begin : begin + int(query.get("maxResults", len(rows)))]
    return {**value, "rows": rows} if rows else value
