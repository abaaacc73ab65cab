"""Posts: those published in the period, and the unique contents among them; deleted ones stay counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any

from config.plan import Posts
from indicators.asked import Asked
from indicators.contents import Earlier, contents
from indicators.covered import days_over, looked_at, unlisted
from indicators.result import Measured, Part, digest
from indicators.scope import Share, scope, shares
from model import from_text
from storage.coverage import listings
from storage.published import Published, published_between
from words import N_, Note

DELETED = N_("{account}: posts that were deleted since, and stay counted: {posts}")
LEFT_OUT = N_("not counted by the plan: {posts} ({kind})")
ONCE = N_("the same content on several platforms counts once, where it was published first")


def measure_posts(asked: Asked, rule: Posts) -> Measured:
    """One part an account; an account that was not looked at and has no post is unknown, never 0."""
    mine = [
        s for s in shares(asked.storage, asked.plan, asked.period, asked.last, asked.known) if _counts(rule, s.account.platform)
    ]
    found = {share.account.account: _published(asked, share) for share in mine}
    kept = {account: [p for p in posts if p.kind not in rule.leave_out] for account, posts in found.items()}
    groups = contents(
        [p for posts in kept.values() for p in posts], _platforms(asked), rule.within, asked.span[0], _earlier(asked, rule)
    )
    first = {(group[0].account, group[0].post) for group in groups}
    parts, lacks = [], []
    for share in mine:
        part, lacking = _part(asked, rule, share, kept[share.account.account], first)
        parts.append(part)
        lacks += lacking
    known = [part.value for part in parts if part.value is not None]
    left_out = Counter(p.kind for posts in found.values() for p in posts if p.kind in rule.leave_out)
    notes = [note for part in parts for note in part.notes]
    notes += [Note(LEFT_OUT, {"posts": count, "kind": kind}) for kind, count in sorted(left_out.items())]
    return Measured(
        numerator=sum(known) if known else None,
        parts=tuple(parts),
        lacks=tuple(lacks),
        notes=tuple([Note(ONCE)] * (rule.official == "contents") + notes),
        beside={
            "posts": sum(map(len, kept.values())),
            "contents": len(groups),
            "left_out": dict(sorted(left_out.items())),
            **_breakdown(asked, [p for posts in kept.values() for p in posts]),
        },
    )


def counted(asked: Asked, rule: Posts, account: str) -> Iterator[tuple[str, str]]:
    """The posts of one account that count, each platform for itself: (post, published_at)."""
    for share in shares(asked.storage, asked.plan, asked.period, asked.last):
        if share.account.account == account and _counts(rule, share.account.platform):
            yield from ((p.post, p.published_at) for p in _published(asked, share) if p.kind not in rule.leave_out)


def _counts(rule: Posts, platform: str) -> bool:
    return not rule.platforms or platform in rule.platforms


def _published(asked: Asked, share: Share) -> list[Published]:
    start, end = share.span(asked.zone)
    return published_between(asked.storage, share.account.account, start, min(end, asked.span[1]), asked.known)


def _platforms(asked: Asked) -> dict[str, str]:
    return {account.account: account.platform for account, _, _ in scope(asked.storage, asked.plan, asked.known)}


def _earlier(asked: Asked, rule: Posts) -> Earlier:
    """What the accounts published between two instants on days on which they counted."""
    counting = [
        (account.account, asked.end_of(first - timedelta(days=1)) if first else "", asked.end_of(last) if last else "9999")
        for account, first, last in scope(asked.storage, asked.plan, asked.known)
        if _counts(rule, account.platform)
    ]

    def between(low: str, high: str) -> Iterable[Published]:
        for account, first, after in counting:
            if max(low, first) < min(high, after):
                for post in published_between(asked.storage, account, max(low, first), min(high, after), asked.known):
                    if post.kind not in rule.leave_out:
                        yield post

    return between


def _part(asked: Asked, rule: Posts, share: Share, posts: list[Published], first: set[tuple[str, str]]) -> tuple[Part, list[Note]]:
    name, days = share.account.account, days_over(asked, share)
    listed = looked_at(asked, share, listings(share.account.platform, rule.leave_out)).listed
    rows = [(p.post, p.published_at, p.kind, int((p.account, p.post) in first)) for p in posts]
    value = len(posts) if rule.official == "posts" else sum(row[3] for row in rows)
    deleted = sum(p.gone_at is not None for p in posts)
    part = Part(
        name,
        value if posts or listed else None,
        asked=len(days),
        covered=len(listed),
        digest=digest(rows),
        notes=(Note(DELETED, {"account": name, "posts": deleted}),) if deleted else (),
    )
    return part, unlisted(name, days, listed)


def _breakdown(asked: Asked, posts: list[Published]) -> dict[str, Any]:
    """How many posts by platform, kind, local month, weekday (1 is Monday) and hour, and how many were deleted since."""
    local = [from_text(post.published_at).astimezone(asked.zone) for post in posts]
    by: dict[str, Iterable[Any]] = {
        "by_platform": map(_platforms(asked).get, (post.account for post in posts)),
        "by_kind": (post.kind for post in posts),
        "by_month": (f"{at:%Y-%m}" for at in local),
        "by_weekday": (str(at.isoweekday()) for at in local),
        "by_hour": (f"{at:%H}" for at in local),
    }
    counted = {name: dict(sorted(Counter(values).items())) for name, values in by.items()}
    return {**counted, "deleted": sum(post.gone_at is not None for post in posts)}
