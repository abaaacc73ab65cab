"""What every collector makes of every fault: the outcome, how long it rests, what it says, what is missing, and how that heals."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeAlias

from tests.faulty import Key, Stored

FAULTS = (
    "error body in a 200", "HTML in a 200", "empty body", "cut body", "wrong length", "repeated cursor", "empty page with a cursor",
    "duplicate ids across pages", "429 with seconds", "429 with a date", "429 with nothing", "429 with plain text", "usage cap",
    "500 once", "500 always", "timeout", "reset", "expired token", "missing permission", "retired metric", "vanished post",
    "falling counter", "missing key", "number as string",
)  # fmt: skip
COLLECTORS = ("x", "facebook", "instagram", "youtube", "feed", "gdelt", "gnews", "page")
Missing: TypeAlias = Callable[[Stored], set[Key]]
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
SOON = 15 * MINUTE  # the first rest after a failure
REFUSED = 6 * HOUR

PRESS = "the press and a page have no such thing: no accounts, no tokens, no counters are read of them"
WITHOUT_REASON = {
    ("feed", "repeated cursor"): "a feed is one answer, there are no pages (a circle of redirects is among the limits)",
    ("feed", "empty page with a cursor"): "a feed is one answer, there are no pages",
    ("feed", "usage cap"): "a publisher sells no quota; a long Retry-After is the same answer with seconds",
    ("page", "repeated cursor"): "a page is one answer (a circle of redirects is among the limits)",
    ("page", "empty page with a cursor"): "a page is one answer",
    ("page", "vanished post"): "a page shows its newest: what it no longer lists is not gone",
    ("page", "usage cap"): "the institution's own site; a long Retry-After is the same answer with seconds",
    ("gnews", "usage cap"): "a search without an account has no plan; what Google answers robots is a 429",
    ("gdelt", "missing permission"): "open to everybody",
    **{
        (c, f): PRESS for c in ("feed", "gdelt", "gnews", "page") for f in ("retired metric", "falling counter", "number as string")
    },
    **{(c, "expired token"): PRESS for c in ("feed", "gdelt", "gnews", "page")},
}


@dataclass(frozen=True)
class Strike:
    """Where a fault strikes: requests whose address holds `match`, after the first `skip` of them (those of one page)."""

    match: str
    skip: int = 0


@dataclass(frozen=True)
class Case:
    """One line of the table.

    `fault` is the promise's word, `name` the sandbox's. `rest`: until the walk may go on (None: it is complete).
    `missing`: what an undisturbed walk has and this one has not (None: what comes after the pages before the fault).
    `before`: an undisturbed walk was made the day before. `days`: after how many the next walk is made. `heals`: whether the walk
    that is gone on with brings everything, or only the one after it. `more`: rows that only the fault brings.
    """

    collector: str
    stream: str
    fault: str
    name: str
    outcome: str
    strike: Strike
    said: str = ""
    rest: timedelta | None = None
    times: int | None = None
    missing: Missing | None = None
    before: bool = False
    days: int = 1
    heals: bool = True
    more: bool = False

    def __str__(self) -> str:
        once = " once" if self.times == 1 else ""
        return f"{self.collector}.{self.stream} {self.fault} ({self.name}{once})"


# -- what is missing while a fault is on


def nothing(all_: Stored) -> set[Key]:
    return set()


def newest(all_: Stored) -> str:
    return str(max(all_.posts, key=lambda key: str(all_.posts[key][2]))[0])


def of_metric(metric: str) -> Missing:
    return lambda all_: {("reading", *key) for key in all_.readings if key[1] == metric}


def the_newest(post: bool, *metrics: str) -> Missing:
    """Of the newest post: itself, and these of its figures (all of them where none is named)."""

    def missing(all_: Stored) -> set[Key]:
        name = newest(all_)
        figures = {("reading", *key) for key in all_.readings if key[0] == name and (not metrics or key[1] in metrics)}
        return figures | ({("post", name)} if post else set())

    return missing


def days_before_the_walk(all_: Stored) -> set[Key]:
    return {("reading", *key) for key in all_.readings if key[2]}


# -- faults of the way: any collector, any stream

STREAMS = {
    ("x", "profile"): Strike("/users/me"), ("x", "posts"): Strike("/tweets", 1), ("x", "private"): Strike("/tweets", 1),
    ("facebook", "profile"): Strike("100200300400500"), ("facebook", "posts"): Strike("published_posts", 4),
    ("facebook", "reels"): Strike("video_reels"), ("facebook", "daily"): Strike("insights"),
    ("instagram", "profile"): Strike("17841400000000001"), ("instagram", "posts"): Strike("/media", 3),
    ("instagram", "stories"): Strike("stories"), ("instagram", "daily"): Strike("insights", 5),
    ("youtube", "profile"): Strike("channels"), ("youtube", "posts"): Strike("playlistItems", 1), ("youtube", "daily"): Strike("reports"),
    ("feed", "items"): Strike("feeds"), ("gdelt", "articles"): Strike("gdelt", 1), ("gnews", "articles"): Strike("gnews", 1),
    ("page", "posts"): Strike("page"),
}  # fmt: skip
WAY = (
    ("HTML in a 200", "html-200", "malformed", SOON, "HTML"),
    ("empty body", "empty-body", "malformed", SOON, "an empty body"),
    ("cut body", "cut-body", "unavailable", SOON, "no whole answer"),
    ("wrong length", "wrong-length", "unavailable", SOON, "no whole answer"),
    ("429 with seconds", "429-seconds", "rate limited", 5 * MINUTE, "429"),
    ("429 with a date", "429-date", "rate limited", 10 * MINUTE, "429"),
    ("429 with nothing", "429-nothing", "rate limited", SOON, "429"),
    ("429 with plain text", "429-text", "rate limited", SOON, "429"),
    ("500 always", "500", "unavailable", SOON, "500"),
    ("timeout", "timeout", "unavailable", SOON, "timed out"),
    ("reset", "reset", "unavailable", SOON, "no whole answer"),
)
OWN_REST = {
    **{(c, name): 30 * MINUTE for c in ("feed", "page") for name in ("429-nothing", "429-text")},
    **{("gnews", name): HOUR for name in ("429-seconds", "429-date", "429-nothing", "429-text")},
}  # fmt: skip


def _way() -> Iterator[Case]:
    for (collector, stream), strike in STREAMS.items():
        for fault, name, outcome, rest, said in WAY:
            rest = OWN_REST.get((collector, name), rest)
            yield Case(collector, stream, fault, name, outcome, strike, said, rest)
        yield Case(collector, stream, "500 once", "500", "done", strike, times=1, missing=nothing)
        yield Case(collector, stream, "reset", "reset", "done", strike, times=1, missing=nothing)


# -- faults in a platform's own words

X, FACEBOOK, INSTAGRAM, YOUTUBE = (STREAMS[c, "posts"] for c in ("x", "facebook", "instagram", "youtube"))
TWEETS, VIDEOS, LISTED, REPORTS = Strike("/tweets"), Strike("/videos"), Strike("playlistItems"), Strike("reports")
GDELT, GNEWS, FEED, PAGE = Strike("gdelt"), Strike("gnews"), Strike("feeds"), Strike("page")


def _x() -> Iterator[Case]:
    def case(
        fault: str, name: str, outcome: str, strike: Strike, said: str = "", rest: timedelta | None = None, **more: object
    ) -> Case:
        return Case("x", "posts", fault, name, outcome, strike, said, rest, **more)  # type: ignore[arg-type]

    yield case("error body in a 200", "error-200", "malformed", X, "errors and no data with status 200.*Over Capacity", SOON)
    yield case("repeated cursor", "repeated-cursor", "malformed", TWEETS, "the same cursor again", SOON)
    yield case("empty page with a cursor", "empty-page-with-cursor", "done", TWEETS, missing=nothing)
    yield case("duplicate ids across pages", "duplicate-ids", "done", TWEETS, missing=nothing)
    yield case("usage cap", "usage-cap", "rate limited", X, "plan's cap.*Monthly product cap.*raise the plan", 6 * DAY + 15 * HOUR)
    yield case("usage cap", "credits", "refused", X, "out of credits.*buy credits", REFUSED)
    yield case("expired token", "expired-token", "refused", X, "does not accept the tokens.*mecra auth x", REFUSED)
    yield case("missing permission", "missing-permission", "refused", X, "not permitted.*console.x.com", REFUSED)
    yield case("retired metric", "retired-metric", "done", TWEETS, missing=of_metric("views"))
    yield case("vanished post", "vanished-post", "done", TWEETS, times=1, missing=nothing, before=True)
    yield case("falling counter", "falling-counter", "done", TWEETS, missing=nothing, before=True)
    yield case("missing key", "missing-key", "partial", TWEETS, "public_metrics was asked for", times=1, missing=the_newest(False))
    yield case("number as string", "number-as-string", "done", TWEETS, missing=nothing)
    yield case(
        "number as string",
        "bad-number",
        "partial",
        TWEETS,
        "impression_count is no count",
        times=1,
        missing=the_newest(False, "views"),
    )
    yield case("dead cursor", "expired-cursor", "expired", X, "no longer valid.*starts again", SOON)
    yield case("dead cursor", "expired-cursor", "done", X, times=1, missing=nothing)


def _meta(collector: str, listing: str, dead: str, page: Strike) -> Iterator[Case]:
    first = Strike(page.match, page.skip - 1)  # Meta bears smaller pages only: what is asked before the first one that it bears

    def case(
        fault: str, name: str, outcome: str, strike: Strike, said: str = "", rest: timedelta | None = None, **more: object
    ) -> Case:
        return Case(collector, "posts", fault, name, outcome, strike, said, rest, **more)  # type: ignore[arg-type]

    yield case("error body in a 200", "error-200", "unavailable", page, "unexpected error.*code 2", SOON)
    yield case("repeated cursor", "repeated-cursor", "malformed", page, "the same cursor again", SOON)
    yield case("empty page with a cursor", "empty-page-with-cursor", "done", first, missing=nothing)
    yield case("duplicate ids across pages", "duplicate-ids", "done", first, missing=nothing)
    yield case("usage cap", "app-rate-limit", "rate limited", page, "the app.*code 4", HOUR)
    yield case("usage cap", "buc-rate-limit", "rate limited", page, "this account.*code 80001", 17 * MINUTE)
    yield case("expired token", "expired-token", "refused", page, "token was refused.*subcode 463.*renew it", REFUSED)
    yield case("missing permission", "missing-permission", "refused", page, "a permission is missing.*grant.*mecra auth", REFUSED)
    yield case(
        "retired metric",
        "retired-metric",
        "partial",
        Strike(page.match),
        "no longer knows the metric",
        missing=of_metric(dead),
        days=31,
    )
    yield case(
        "retired metric",
        "opaque-metric",
        "partial",
        Strike(page.match),
        "no longer knows the metric",
        missing=of_metric(dead),
        days=31,
    )
    yield case("vanished post", "vanished-post", "done", first, times=1, missing=nothing, before=True)
    yield case("falling counter", "falling-counter", "done", first, missing=nothing, before=True)
    yield case("missing key", "missing-key", "partial", first, f"{listing}.*is missing", times=1, missing=the_newest(True))
    yield case("number as string", "number-as-string", "done", first, missing=nothing)
    figures = ("views", "reach", "clicks", "reactions", "comments", "shares", "likes", "saves", "engagements", "profile_clicks")
    yield case(
        "number as string", "not-a-number", "partial", first, "is no whole number", times=1, missing=the_newest(False, *figures)
    )
    yield case("dead cursor", "expired-cursor", "expired", page, "cursor is dead.*starts again", SOON)


def _youtube() -> Iterator[Case]:
    def case(
        fault: str, name: str, outcome: str, strike: Strike, said: str = "", rest: timedelta | None = None, **more: object
    ) -> Case:
        stream = "daily" if strike is REPORTS else "posts"
        return Case("youtube", stream, fault, name, outcome, strike, said, rest, **more)  # type: ignore[arg-type]

    yield case("error body in a 200", "error-200", "malformed", YOUTUBE, "an error inside a 200", SOON)
    yield case("repeated cursor", "repeated-cursor", "malformed", LISTED, "the same cursor again", SOON)
    yield case("empty page with a cursor", "empty-page-with-cursor", "done", LISTED, missing=nothing)
    yield case("empty page with a cursor", "lost-list", "malformed", LISTED, "60 uploads are counted and none is listed", SOON)
    yield case("duplicate ids across pages", "duplicate-ids", "done", LISTED, missing=nothing)
    yield case("usage cap", "quota", "rate limited", YOUTUBE, "day's quota is used up.*midnight in California", 22 * HOUR)
    yield case("expired token", "expired-token", "refused", Strike("youtube"), "invalid_grant.*mecra auth youtube", REFUSED)
    yield case("expired token", "expired-token", "done", YOUTUBE, times=1, missing=nothing)
    yield case("missing permission", "missing-permission", "refused", YOUTUBE, "insufficient.*both scopes", REFUSED)
    yield case(
        "missing permission", "missing-permission", "refused", REPORTS, "Forbidden.*another channel.*mecra auth youtube", REFUSED
    )
    yield case("retired metric", "retired-metric", "partial", REPORTS, "refuses shares", missing=of_metric("shares"), days=31)
    yield case("retired metric", "unsupported-query", "partial", REPORTS, "refuses shares", missing=of_metric("shares"), days=31)
    yield case("vanished post", "vanished-post", "done", VIDEOS, times=1, missing=nothing, before=True)
    yield case("falling counter", "falling-counter", "done", VIDEOS, missing=nothing, before=True)
    yield case("missing key", "missing-key", "done", VIDEOS, times=1, missing=the_newest(False))
    yield case("number as string", "number-as-string", "done", REPORTS, missing=nothing)
    yield case(
        "number as string", "bad-number", "partial", VIDEOS, "viewCount is no count", times=1, missing=the_newest(False, "views")
    )
    yield case("dead cursor", "expired-cursor", "expired", YOUTUBE, "invalid page token.*starts again", SOON)


def _press() -> Iterator[Case]:
    def case(
        c: str, fault: str, name: str, outcome: str, strike: Strike, said: str = "", rest: timedelta | None = None, **more: object
    ) -> Case:
        return Case(c, "items" if c == "feed" else "articles", fault, name, outcome, strike, said, rest, **more)  # type: ignore[arg-type]

    second = {"gdelt": STREAMS["gdelt", "articles"], "gnews": STREAMS["gnews", "articles"]}
    yield case("feed", "error body in a 200", "error-200", "malformed", FEED, "no feed in the answer.*feeds discover", SOON)
    yield case("gdelt", "error body in a 200", "error-json", "malformed", second["gdelt"], "no article list.*internal error", SOON)
    yield case(
        "gdelt", "error body in a 200", "query-refused", "malformed", second["gdelt"], "refuses the query.*news.gdelt.query", SOON
    )
    yield case("gnews", "error body in a 200", "error-200", "malformed", second["gnews"], "no feed in the answer", SOON)
    yield case("feed", "cut body", "half-feed", "malformed", FEED, "half a feed", SOON)
    yield case("gnews", "cut body", "half-feed", "malformed", second["gnews"], "half a feed", SOON)
    yield case("gdelt", "cut body", "bad-json", "malformed", second["gdelt"], "no whole JSON", SOON)
    for name, strike in (("gdelt", GDELT), ("gnews", GNEWS)):
        yield case(
            name,
            "repeated cursor",
            "full-window",
            "malformed",
            strike,
            "4 windows in a row.*narrower",
            SOON,
            heals=False,
            more=True,
        )
        yield case(name, "empty page with a cursor", "no-rows", "done", strike, times=1, heals=False)
    yield case("feed", "duplicate ids across pages", "duplicate-ids", "done", FEED, missing=nothing)
    yield case("gdelt", "duplicate ids across pages", "duplicate-rows", "done", GDELT, missing=nothing)
    yield case("gnews", "duplicate ids across pages", "duplicate-ids", "done", GNEWS, missing=nothing)
    yield case("gdelt", "usage cap", "throttled-200-text", "rate limited", second["gdelt"], "fewer requests.*pace", 10 * MINUTE)
    yield case(
        "gdelt", "429 with plain text", "throttled-429", "rate limited", second["gdelt"], "fewer requests.*pace", 10 * MINUTE
    )
    yield case("gnews", "429 with plain text", "sorry-page", "rate limited", second["gnews"], "robot", HOUR)
    yield case("feed", "missing permission", "html-challenge", "refused", FEED, "refuses programs.*enabled = false", REFUSED)
    yield case("gnews", "missing permission", "consent-wall", "malformed", second["gnews"], "consent.*switch news.gnews off", SOON)
    yield case("feed", "vanished post", "vanished-post", "done", FEED, missing=nothing, before=True)
    yield case("feed", "vanished post", "rolled-over", "done", FEED, missing=nothing, before=True)
    yield case("feed", "vanished post", "gone", "failed", FEED, "no feed there.*third time", SOON, before=True, missing=nothing)
    yield case("gdelt", "vanished post", "vanished-post", "done", GDELT, missing=nothing, before=True)
    yield case("gnews", "vanished post", "vanished-post", "done", GNEWS, missing=nothing, before=True)
    yield case("feed", "missing key", "missing-key", "partial", FEED, "without title and address", missing=nothing)
    yield case("gdelt", "missing key", "no-url", "partial", GDELT, "row 1: no address", times=1)
    yield case("gdelt", "missing key", "no-seendate", "partial", GDELT, "row 1: seendate '' is no time", times=1)
    yield case("gnews", "missing key", "no-source", "partial", GNEWS, "item 1: no title or no source", times=1)


def _page() -> Iterator[Case]:
    def case(fault: str, name: str, outcome: str, said: str = "", rest: timedelta | None = None, **more: object) -> Case:
        return Case("page", "posts", fault, name, outcome, PAGE, said, rest, **more)  # type: ignore[arg-type]

    yield case("error body in a 200", "error-200", "malformed", "neither a feed nor a page with links.*name a feed", SOON)
    yield case("duplicate ids across pages", "duplicate-ids", "done", missing=nothing)
    yield case("missing permission", "html-challenge", "refused", "refuses programs.*enter the issues by hand", REFUSED)
    yield case("missing key", "missing-key", "done", times=1, missing=the_newest(True))
    yield case("vanished page", "gone", "failed", "no page there.*correct its url.*third time", SOON, before=True, missing=nothing)
    yield case("vanished page", "no-rows", "malformed", "none of the 2 issues.*correct the url", SOON, before=True, missing=nothing)


CASES: tuple[Case, ...] = (
    *_way(), *_x(), *_meta("facebook", "published_posts", "clicks", FACEBOOK), *_meta("instagram", "media", "saves", INSTAGRAM),
    *_youtube(), *_press(), *_page(),
)  # fmt: skip
