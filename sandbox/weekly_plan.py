"""The invented municipality's weekly plan of posts by the hour: what was to be posted when, made from what was posted.

Most posts went out within a quarter of an hour of their slot, some late, some slots saw no post at all, some were withdrawn before
their hour. A function of the world alone.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sandbox.world import ISTANBUL, World

OFFSETS = (0, 0, 5, -5, 10, -10, 15, -15, 20, 25, -25, 40, -45, 55, 60, -60, 75, 120)  # minutes that a post was late by
LABELS = {"x": "X", "facebook": "Facebook", "instagram": "Instagram", "youtube": "YouTube"}
REASONS = ("hava muhalefeti", "etkinlik ertelendi", "resmî yas")


@dataclass(frozen=True, slots=True)
class Planned:
    """One planned post; `withdrawn`: the reason, told in the plan itself."""

    at: datetime
    platform: str
    title: str
    withdrawn: str = ""


def weekly_plan(world: World) -> Iterator[Planned]:
    """The slots, in the order of platforms and times."""
    for platform, posts in world.posts.items():
        for post in posts:
            if world.below(8, post.post, "unplanned") == 0:
                continue
            offset = OFFSETS[world.below(len(OFFSETS), post.post, "slot")]
            at = (post.published_at - timedelta(minutes=offset)).astimezone(ISTANBUL).replace(second=0)
            yield Planned(at, platform, post.text.partition(" #")[0])
            if world.below(15, post.post, "missed") == 0:
                yield Planned(at + timedelta(hours=5), platform, "Boş kalan yer")
            if world.below(40, post.post, "withdrawn") == 0:
                reason = REASONS[world.below(len(REASONS), post.post, "why")]
                yield Planned(at + timedelta(hours=3), platform, "Ertelenen tören", reason)


def as_csv(world: World) -> bytes:
    """The plan as a press department keeps it: a list for Turkish Excel."""
    sheet = io.StringIO()
    writer = csv.writer(sheet, delimiter=";", lineterminator="\r\n")
    writer.writerow(["Tarih", "Saat", "Platform", "Başlık", "İptal nedeni"])
    for slot in sorted(weekly_plan(world), key=lambda one: (one.at, one.platform, one.title)):
        writer.writerow([f"{slot.at:%d.%m.%Y}", f"{slot.at:%H.%M}", LABELS[slot.platform], slot.title, slot.withdrawn])
    return b"\xef\xbb\xbf" + sheet.getvalue().encode()
