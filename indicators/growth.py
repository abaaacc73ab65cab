"""Views and engagements: what was gained in the period, and beside it what the period's posts have reached; never mixed."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import NamedTuple

from config.plan import Count, Growth
from indicators.asked import Asked
from indicators.growth_days import figures, from_days
from indicators.growth_posts import Basis, LookedAt, Told, Watched, from_posts, gains, told_per_post, watch
from indicators.result import Measured, Part
from indicators.scope import Share, shares
from model import from_text, to_text
from storage.breaks import breaks_between
from storage.counters import Seen
from words import N_, Note

OWN_DAYS = N_("{platform}: the platform's own days, by their date; they don't end at local midnight")
BREAK = N_("{platform}: {metric} means something else from {day} on: {what}")
PER_DAY_ONLY = N_("{platform}: {metric} is told per day only, never of single posts: left out")
NOT_COUNTED = N_("{account}: the plan counts nothing of its platform")
# Said in notes by the names that readers know; a note looks its words up.
METRICS = (
    N_("views"), N_("views_organic"), N_("engaged_views"), N_("engagements"), N_("likes"), N_("reactions"), N_("comments"), N_("replies"),
    N_("shares"), N_("quotes"), N_("saves"), N_("clicks"), N_("profile_clicks"), N_("profile_views"), N_("reach"), N_("follows"),
    N_("unfollows"), N_("minutes_watched"),
)  # fmt: skip
TO_COME = N_("the counters of the period's posts are read on {day}")


class Detail(NamedTuple):
    """One post or day (`of`) and metric in the value of an account; `value` None: not known. Openings of 0 have no reading."""

    of: str
    metric: str
    value: int | None
    opening: int | None
    closing: int | None
    opening_seen: Seen | None
    closing_seen: Seen | None


@dataclass
class Sum:
    """One of the two numbers, as it is added up."""

    parts: list[Part] = field(default_factory=list)
    lacks: list[Note] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    told: Told = field(default_factory=Told)
    by_platform: dict[str, dict[str, int]] = field(default_factory=dict)

    @property
    def value(self) -> int | None:
        known = [int(part.value) for part in self.parts if part.value is not None]
        return sum(known) if known else None

    def add(self, share: Share, metric: str, part: Part) -> None:
        self.parts.append(part)
        if part.value is not None:
            metrics = self.by_platform.setdefault(share.account.platform, {})
            metrics[metric] = metrics.get(metric, 0) + int(part.value)


def measure_growth(asked: Asked, rule: Growth) -> Measured:
    """One part an account and metric, of the basis that the plan names; the other number stands beside."""
    mine = shares(asked.storage, asked.plan, asked.period, asked.last, asked.known)
    looked: LookedAt = {}
    growth, published = (_sum(asked, rule, mine, basis_of(asked, rule, name), looked) for name in ("growth", "published"))
    official = published if rule.basis == "published" else growth
    return Measured(
        numerator=official.value,
        parts=tuple(official.parts),
        lacks=tuple(official.lacks),
        notes=(*official.notes, *official.told.notes(), *_breaks(asked, rule, mine)),
        beside={
            "basis": rule.basis,
            "growth": growth.value,
            "published": published.value,
            "by_platform": official.by_platform,
            "other_by_platform": (growth if official is published else published).by_platform,
            "counts": [{"platform": c.platform, "metrics": list(c.metrics), "source": c.source} for c in rule.counts],
        },
    )


def account_detail(asked: Asked, rule: Growth, account: str, metrics: Collection[str] | None = None) -> Iterator[Detail]:
    """What one account's value is made of under the plan's basis: each post's counters (those that moved, and those that are
    not known), and each day's figures. `metrics`: only of these."""
    basis = basis_of(asked, rule, rule.basis)
    for share in shares(asked.storage, asked.plan, asked.period, asked.last, asked.known):
        if share.account.account == account:
            for count in _counts(rule, share):
                for metric in count.metrics if metrics is None else [metric for metric in count.metrics if metric in metrics]:
                    yield from _detail(asked, share, count, metric, basis)


def _detail(asked: Asked, share: Share, count: Count, metric: str, basis: Basis) -> Iterator[Detail]:
    if count.source == "days" and not basis.published:
        for day, seen in figures(asked, share, metric).items():
            yield Detail(day.isoformat(), metric, seen.value, None, seen.value, None, seen)
    elif _per_post(asked, count, metric):
        for g in gains(watch(asked, share, basis), metric):
            if g.value or g.late or g.opening_seen is None:
                known = None if g.closing is None else g.value
                yield Detail(g.post, metric, known, g.opening, g.closing, g.opening_seen, g.closing_seen)


def basis_of(asked: Asked, rule: Growth, name: str) -> Basis:
    if name == "growth":
        return Basis(rule.leave_out)
    end = asked.period.span(asked.zone)[1]
    return Basis(rule.leave_out, published=True, until=to_text(end + timedelta(days=rule.after_days)))


def _counts(rule: Growth, share: Share) -> list[Count]:
    return [count for count in rule.counts if count.platform == share.account.platform]


def _sum(asked: Asked, rule: Growth, mine: list[Share], basis: Basis, looked: LookedAt) -> Sum:
    found = Sum()
    for share in mine:
        counts = _counts(rule, share)
        if not counts:
            found.notes.append(Note(NOT_COUNTED, {"account": share.account.account}))
        for count in counts:
            if count.source == "days" and not basis.published:
                parts, lacks = from_days(asked, share, count.metrics)
                for metric, part in zip(count.metrics, parts, strict=True):
                    found.add(share, metric, part)
                found.lacks += lacks
            else:
                _add_posts(found, watch(asked, share, basis, looked), share, count)
    platforms = {share.account.platform for share in mine}
    if basis.published:
        found.notes += _left_out(asked, rule, platforms)
        if asked.known.text < basis.until:
            found.lacks.append(Note(TO_COME, {"day": from_text(basis.until).astimezone(asked.zone).date().isoformat()}))
    else:
        by_day = sorted({c.platform for c in rule.counts if c.source == "days"} & platforms)
        found.notes += [Note(OWN_DAYS, {"platform": platform}) for platform in by_day]
    return found


def _add_posts(found: Sum, watched: Watched, share: Share, count: Count) -> None:
    told = Told()
    metrics = [m for m in count.metrics if not watched.basis.published or _per_post(watched.asked, count, m)]
    watched.look(metrics)
    for metric in metrics:
        part, of_metric = from_posts(watched, metric)
        found.add(share, metric, part)
        told += of_metric
    found.told += told
    found.lacks += watched.lacks(metrics) + told.lacks(share.account.account)


def _per_post(asked: Asked, count: Count, metric: str) -> bool:
    """What the plan counts by its posts stays in it, whatever is known of the platform."""
    return count.source == "posts" or told_per_post(asked, count.platform, metric)


def _left_out(asked: Asked, rule: Growth, platforms: set[str]) -> list[Note]:
    return [
        Note(PER_DAY_ONLY, {"platform": count.platform, "metric": metric})
        for count in rule.counts
        for metric in count.metrics
        if count.platform in platforms and not _per_post(asked, count, metric)
    ]


def _breaks(asked: Asked, rule: Growth, mine: list[Share]) -> list[Note]:
    """Where a metric changed its meaning within the period."""
    platforms = {share.account.platform for share in mine}
    broken = breaks_between(asked.storage, asked.period.first, asked.last)
    return [
        Note(BREAK, {"platform": b.platform, "metric": b.metric, "day": b.on.isoformat(), "what": b.what})
        for count in rule.counts
        for metric in count.metrics
        if count.platform in platforms
        for b in broken
        if (b.platform, b.metric) == (count.platform, metric)
    ]
