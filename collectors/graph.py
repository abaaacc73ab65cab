"""Meta's Graph API, as Facebook and Instagram share it: the facebook-sdk over the door, errors by code, paging by cursor.

The SDK (3.1.0, of 2018) puts the token into the URL, knows no version after 3.1, never looks at the HTTP status and pages by
links that carry the token; here it gets a token in a header, our version, and a session that has judged every answer.
Facts: Graph API v26.0, "Handling Errors", "Rate Limiting", "Paginated Results" (2026-09).
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import warnings
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from typing import Any

import requests

from collectors.base import CollectError, Malformed, Refused, Unavailable, Unsupported
from collectors.graph_errors import Opaque, TooMuch, Unmeasured, judge, rest
from collectors.graph_keeping import KEEPS, reduced
from collectors.graph_values import identity, rows
from collectors.http import Door, Line, Outfit
from collectors.remembered import cursor_of, days_of
from config.metrics import Metric, Table, table
from model import Walk

ROOT = "https://graph.facebook.com/"
VERSION = "v26.0"
DEAD_FOR = timedelta(days=30)
FEWEST = 5
UNKNOWN = ":id"  # of an object, in a dry run


def line(platform: str, settings: Mapping[str, Any]) -> Line:
    """What the door must know of Meta. `api_root` in the settings stands in for graph.facebook.com."""
    root = settings.get("api_root")
    return Line(platform, judge, roots={ROOT: str(root)} if root else {}, keeps=KEEPS, reduces=reduced, rest=rest)


@cache
def _sdk() -> Any:
    """The SDK's client with its habits taken away. Imported at the first request only."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its regular expressions are not raw strings: a SyntaxWarning from Python 3.12 on
        import facebook

    class Sdk(facebook.GraphAPI):  # type: ignore[misc]
        def __init__(self, door: Door, version: str, token: str, app_secret: str | None) -> None:
            super().__init__(session=door)
            self.version = version  # the constructor refuses every version after 3.1
            door.headers["Authorization"] = f"Bearer {token}"
            proof = hmac.new(app_secret.encode(), token.encode(), hashlib.sha256).hexdigest() if app_secret else ""
            self.always = {"appsecret_proof": proof} if proof else {}

        def request(self, path: str, args: Mapping[str, Any] | None = None, *rest: Any, **options: Any) -> Any:
            try:
                return super().request(path, {**(args or {}), **self.always}, *rest, **options)
            except CollectError:
                raise
            except (facebook.GraphAPIError, requests.RequestException, KeyError, ValueError) as error:
                raise Malformed(
                    f"the facebook-sdk did not understand the answer ({type(error).__name__})",
                    at=f"GET /{path}",
                    cure="tried again later; check api_root in mecra.toml",
                ) from None

    return Sdk


@dataclass(frozen=True, slots=True)
class Listing:
    """A paged edge: what is always asked of its rows, and the edge of a row that holds its insights.

    `planned` are rows that stand in a dry run for those to come.
    """

    edge: str
    stream: str
    fields: tuple[str, ...]
    expansion: str
    size: int
    planned: tuple[Mapping[str, str], ...] = ()


class Graph:
    """The Graph API for one platform: nodes, edges, and pages of edges."""

    def __init__(self, platform: str, outfit: Outfit) -> None:
        self.platform, self.outfit = platform, outfit
        self.version = str(outfit.settings.get("version", VERSION))
        self.door = outfit.door(line(platform, outfit.settings))

    @property
    def table(self) -> Table:
        return table(self.platform, self.outfit.metrics)

    def node(self, path: str, **args: Any) -> dict[str, Any]:
        """One object, which has an id (`:id` in a dry run). Raises CollectError only, Refused when there is no token."""
        value = self._asked(lambda client: client.get_object(path, **args), {"id": UNKNOWN})
        try:
            identity(value)
        except ValueError:
            raise Malformed("an object without identity", at=f"GET /{path}", cure="tried again later") from None
        return value

    def edge(self, owner: str, name: str, **args: Any) -> dict[str, Any]:
        """One page of what belongs to an object."""
        return self._asked(lambda client: client.get_connections(owner, name, **args), {"data": []})

    def pages(self, fields: str) -> list[dict[str, Any]]:
        """The Page that the token belongs to, or those that its user may read. One of the `fields` must be of Pages only."""
        try:
            return [self.node("me", fields=fields)]
        except (Unsupported, Malformed):
            found = rows(self.edge("me", "accounts", fields=fields, limit=100))
            return [page for page in found if isinstance(page, dict) and page.get("id")]

    def _asked(self, ask: Callable[[Any], Any], planned: dict[str, Any]) -> dict[str, Any]:
        """The answer; in a dry run, once the request is noted, what stands for it, so that the next one can be planned too."""
        try:
            value = ask(self._client())
        except CollectError:
            if not (self.door.dry and self.door.planned):
                raise
            value = planned
        if not isinstance(value, dict):
            raise Malformed("no JSON object", cure="tried again later")
        return value

    def _client(self) -> Any:
        token = self.outfit.secrets.get(self.platform, "token")
        if not token:
            raise Refused(
                f"no {self.platform} token",
                cure=f"set MECRA_{self.platform.upper()}_TOKEN to a Page or system user token, or run `mecra auth {self.platform}`",
            )
        return _sdk()(self.door, self.version, token, self.outfit.secrets.get(self.platform, "app_secret"))

    def version_notes(self) -> tuple[str, ...]:
        """A word when Meta answered with another version than was asked for: ours has expired (the oldest living one answers), or is
        none yet."""
        used = self.door.last.headers.get("facebook-api-version", "") if self.door.last else ""
        if not used or _version(used) == _version(self.version):
            return ()
        return (f"Meta answered with {used} instead of {self.version}: set platforms.{self.platform}.version to a living one",)

    # -- metrics that die

    def living(self, stream: str, walk: Walk) -> tuple[list[Metric], dict[str, str]]:
        """The metrics worth asking for, and the dead ones with the day on which they were found dead (tried again after 30 days)."""
        today = walk.started_at.date()
        dead = {n: d.isoformat() for n, d in days_of(walk.memo.get("dead")).items() if today - d < DEAD_FOR}
        return [m for m in self.table.valid(stream, today) if m.name not in dead], dead

    def dead_notes(self, dead: Mapping[str, str]) -> tuple[str, ...]:
        return tuple(
            f"{self.platform} no longer knows the metric {name} (found {day}): set its `until` in metrics/{self.platform}.toml"
            for name, day in dead.items()
        )

    # -- pages of an edge

    def listed(
        self, owner: str, listing: Listing, walk: Walk, metrics: Sequence[Metric], **window: int
    ) -> tuple[dict[str, Any], str | None, dict[str, str]]:
        """One page of `listing` with its metrics: the answer, the next cursor (None at the end), and metrics found dead.

        The end is where `next` is absent: a short or an empty page is none. Raises Malformed for a cursor that comes again.
        """
        place = Place.at(walk.cursor, listing.size)

        def ask(names: Sequence[str], size: int) -> dict[str, Any]:
            fields = ",".join([*listing.fields, *_expressions(metrics, names, listing.expansion)])
            args = {"fields": fields, "limit": size, **window, **({"after": place.after} if place.after else {})}
            return self._asked(lambda client: client.get_connections(owner, listing.edge, **args), {"data": list(listing.planned)})

        names = list(dict.fromkeys(m.name for m in metrics))
        while True:
            try:
                value, dead = surviving(lambda n: ask(n, place.size), names, walk, probe=lambda n: ask(n, 1))  # noqa: B023
                return value, place.onward(value), dead
            except TooMuch as error:
                if place.size <= FEWEST:
                    raise Unavailable(error.what, at=error.at, cure="tried again later") from None
                place = replace(place, size=max(FEWEST, place.size // 2))


def chosen(found: Sequence[Mapping[str, Any]], known: Collection[str]) -> Mapping[str, Any]:
    """Of several, the one whose id or username is `known`, else the first."""
    names = {name.lstrip("@").casefold() for name in known}
    return next((one for one in found if {str(one.get("id")), str(one.get("username")).casefold()} & names), found[0])


def surviving(
    ask: Callable[[Sequence[str]], dict[str, Any]],
    names: Sequence[str],
    walk: Walk,
    probe: Callable[[Sequence[str]], object] | None = None,
) -> tuple[dict[str, Any], dict[str, str]]:
    """The answer to all `names` that the platform still knows, and the dead ones: one bad name fails a whole insights call.

    Raises the first error when no single name is to blame.
    """
    try:
        return ask(names), {}
    except Unmeasured:
        raise
    except (Unsupported, Opaque) as error:
        dead = {}
        for name in names:
            try:
                (probe or ask)([name])
            except Unmeasured:
                raise
            except (Unsupported, Opaque):
                dead[name] = walk.started_at.date().isoformat()
        if not dead:
            raise error
        return (ask([n for n in names if n not in dead]) if len(dead) < len(names) or probe else {"data": []}), dead


@dataclass(frozen=True, slots=True)
class Place:
    """Where a walk stands in a listing: the cursor, the page size that Meta bore, and the cursors that were there before."""

    after: str
    size: int
    seen: tuple[str, ...] = ()

    @classmethod
    def at(cls, cursor: str | None, size: int) -> Place:
        if cursor is None:
            return cls("", size)
        found = cursor_of(cursor, {"after": str, "size": int, "seen": list})
        return cls(found["after"], min(max(found["size"], FEWEST), size), tuple(map(str, found["seen"])))

    def onward(self, value: Mapping[str, Any]) -> str | None:
        rows(value)
        paging = value.get("paging")
        if not isinstance(paging, dict) or not paging.get("next"):
            return None
        cursors = paging.get("cursors")
        after = cursors.get("after") if isinstance(cursors, dict) else None
        if not isinstance(after, str) or not after:
            raise Malformed("a next page without a cursor to it", cure="tried again later")
        mark = hashlib.sha256(after.encode()).hexdigest()[:8]
        if mark in self.seen:
            raise Malformed("the same cursor again", cure="Meta pages in a circle; tried again later")
        return json.dumps({"after": after, "size": self.size, "seen": [*self.seen, mark]})


def is_field(metric: Metric) -> bool:
    """Whether a metric is a field of the row itself (`at` says where its value stands) and not one of its insights."""
    return metric.option("at") is not None


def _expressions(metrics: Iterable[Metric], names: Sequence[str], expansion: str) -> list[str]:
    """The `fields` that ask for the named metrics: fields as they are, insights in one expansion."""
    asked = [m for m in metrics if m.name in names]
    fields = dict.fromkeys(m.name for m in asked if is_field(m))
    insights = dict.fromkeys(m.name for m in asked if not is_field(m))
    return [*fields, *([f"{expansion}.metric({','.join(insights)})"] if insights else [])]


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(n) for n in re.findall(r"\d+", text))
