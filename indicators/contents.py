"""Unique contents: posts of several platforms that say the same are one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta

from model import from_text, to_text
from storage.published import Published

Earlier = Callable[[str, str], Iterable[Published]]


def contents(
    posts: Iterable[Published], platforms: Mapping[str, str], within: timedelta, start: str, earlier: Earlier
) -> list[list[Published]]:
    """The contents whose first post is not before `start`, each with its posts; `platforms` names each account's.

    In the order of publication a post joins the oldest content with its key that began at most `within` before and has no post of
    its platform yet; else it begins one. What was published before a period decides what begins in it: `earlier(low, high)` tells
    the posts between two instants, and is asked as far back as posts with the same key follow each other.
    """
    found = list(posts)
    keys = {post.key for post in found if post.key}
    high = start
    while keys:
        low = to_text(from_text(high) - within)
        before = [post for post in earlier(low, high) if post.key in keys]
        found += before
        keys, high = {post.key for post in before if post.key}, low
    return [group for group in _grouped(found, platforms, within) if group[0].published_at >= start]


def _grouped(posts: Iterable[Published], platforms: Mapping[str, str], within: timedelta) -> list[list[Published]]:
    groups: list[list[Published]] = []
    begun: dict[str, list[tuple[datetime, set[str], list[Published]]]] = {}
    for post in sorted(posts, key=lambda p: (p.published_at, p.account, p.post)):
        platform = platforms[post.account]
        at = from_text(post.published_at)
        near = [one for one in begun.get(post.key or "", []) if at - one[0] <= within]
        joined = next((one for one in near if platform not in one[1]), None) if post.key else None
        if joined is None:
            groups.append(group := [post])
            near.append((at, {platform}, group))
        else:
            joined[1].add(platform)
            joined[2].append(post)
        if post.key:
            begun[post.key] = near
    return groups
