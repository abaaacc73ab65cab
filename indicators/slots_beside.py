"""What is told beside plan realisation: where and when slots were met, which were missed or late, which weeks have no plan."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from indicators.asked import Asked
from indicators.matching import At
from model import from_text
from storage.slots import Slot

LATE = timedelta(hours=24)


def beside(
    zone: ZoneInfo,
    tolerance: timedelta,
    pairs: Sequence[tuple[Slot, At | None]],
    free: Sequence[tuple[str, At]],
    withdrawn: Sequence[Slot],
) -> dict[str, Any]:
    """Planned and met by platform, local hour, weekday (1 is Monday), weekday with hour (`1 09`) and ISO week; and the slots to be
    told one by one.

    `free` are the posts that met nothing. One of them within 24 hours after a missed slot makes it late, which changes no number.
    """
    pairs = sorted(pairs, key=lambda pair: (pair[0].planned_at, pair[0].platform, pair[0].title))
    found: dict[str, Any] = {"platforms": {}, "hours": {}, "weekdays": {}, "cells": {}, "weeks": {}}
    for slot, post in pairs:
        at = _local(slot, zone)
        for name, key in (
            ("platforms", slot.platform), ("hours", f"{at:%H}"), ("weekdays", str(at.isoweekday())),
            ("cells", f"{at.isoweekday()} {at:%H}"), ("weeks", week_of(slot, zone)),
        ):  # fmt: skip
            counted = found[name].setdefault(key, {"planned": 0, "met": 0})
            counted["planned"] += 1
            counted["met"] += post is not None
    found = {name: dict(sorted(counted.items())) for name, counted in found.items()}
    missed, late = _missed([slot for slot, post in pairs if post is None], free, tolerance, zone)
    gone = [_told(slot, zone) | {"withdrawn_at": slot.withdrawn_at, "reason": slot.reason, "left": slot.left} for slot in withdrawn]
    return found | {"missed": missed, "late": late, "withdrawn": gone}


def _missed(
    slots: Sequence[Slot], free: Sequence[tuple[str, At]], tolerance: timedelta, zone: ZoneInfo
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Slots come in order of time: a post that is too early for one is too early for every later one."""
    missed, late = [], []
    waiting: dict[str, deque[At]] = {}
    for platform, post in sorted(free):
        waiting.setdefault(platform, deque()).append(post)
    for slot in slots:
        at, posts = from_text(slot.planned_at), waiting.get(slot.platform, deque())
        while posts and posts[0].at <= at + tolerance:
            posts.popleft()
        if posts and posts[0].at <= at + LATE:
            post = posts.popleft()
            late.append(_told(slot, zone) | {"post": post.key, "minutes": int((post.at - at).total_seconds() // 60)})
        else:
            missed.append(_told(slot, zone))
    return missed, late


def _told(slot: Slot, zone: ZoneInfo) -> dict[str, Any]:
    return {"slot": slot.slot, "at": f"{_local(slot, zone):%Y-%m-%dT%H:%M}", "platform": slot.platform, "title": slot.title}


def _local(slot: Slot, zone: ZoneInfo) -> datetime:
    return from_text(slot.planned_at).astimezone(zone)


def week_of(slot: Slot, zone: ZoneInfo) -> str:
    """`2026-W10`: the ISO week of a slot's local day."""
    return _named(_local(slot, zone))


def weeks_without(asked: Asked, weeks: Iterable[str]) -> list[str]:
    """The ISO weeks of the period that are over and that nothing was planned in; a week across its edge is looked at whole."""
    planned = set(weeks)
    day, missing = asked.period.first, []
    while day <= asked.period.last:
        sunday = day + timedelta(days=7 - day.isoweekday())
        name = f"{day.isocalendar().year}-W{day.isocalendar().week:02}"
        if name not in planned and asked.end_of(sunday) <= asked.known.text:
            missing.append(name)
        day = sunday + timedelta(days=1)
    return missing


def _named(at: datetime) -> str:
    year, week, _day = at.isocalendar()
    return f"{year}-W{week:02}"
