"""Health as Prometheus reads it: names and units by its conventions, no text of anybody's."""

from __future__ import annotations

import platform
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from config.alarms import KINDS
from upkeep.health import FAILING, Health, release

if TYPE_CHECKING:
    from prometheus_client.core import Metric

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


def exposition(health: Health) -> bytes:
    """The text format, version 0.0.4, of one look."""
    from prometheus_client import CollectorRegistry, generate_latest
    from prometheus_client.registry import Collector

    class Look(Collector):
        def collect(self) -> Iterable[Metric]:
            return families(health)

    registry = CollectorRegistry(auto_describe=False)
    registry.register(Look())
    return generate_latest(registry)


def families(health: Health) -> Iterator[Metric]:
    from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily

    def gauge(name: str, meaning: str, labels: tuple[str, ...], rows: Iterable[tuple[tuple[str, ...], float | None]]) -> Metric:
        family = GaugeMetricFamily(f"mecra_{name}", meaning, labels=labels)
        for values, value in rows:
            if value is not None:
                family.add_metric(values, value)
        return family

    def one(name: str, meaning: str, value: float | None) -> Metric:
        return gauge(name, meaning, (), [((), value)])

    yield InfoMetricFamily("mecra_build", "What runs.", {"version": release(), "python": platform.python_version()})
    yield one("up", "1 unless something keeps mecra from its work (then /health says what).", float(health.status != FAILING))
    walks = CounterMetricFamily(
        "mecra_walks", "Attempts at a stream since the daemon began, by how they ended.", labels=("platform", "outcome")
    )
    for (name, outcome), count in sorted(health.walks.items()):
        walks.add_metric((name, outcome), count)
    yield walks
    source = ("platform", "account", "stream")
    yield gauge(
        "source_last_success_timestamp_seconds", "When the last complete walk of a stream began.", source,
        [((s.platform, s.account, s.stream), _seconds(s.good_at)) for s in health.streams],
    )  # fmt: skip
    yield gauge(
        "source_failing", "1 where the newest attempt at a stream failed.", source,
        [((s.platform, s.account, s.stream), float(bool(s.error))) for s in health.streams],
    )  # fmt: skip
    yield one("last_answer_timestamp_seconds", "When anything was archived last.", _seconds(health.newest))
    budget = ("bucket", "kind", "per")
    for name, meaning in (("used", "spent"), ("limit", "allowed"), ("forecast", "expected by its end")):
        yield gauge(
            f"budget_{name}", f"What is {meaning} of a budget, in requests or in its own unit (micro-dollars, quota units).", budget,
            [((b.bucket, b.kind, b.per), {"used": b.used, "limit": b.most, "forecast": b.forecast}[name]) for b in health.budgets],
        )  # fmt: skip
    yield one("database_bytes", "Size of the database with its write-ahead log.", health.database_bytes)
    yield one("disk_free_bytes", "Free where the data are.", health.free)
    yield one("backup_last_success_timestamp_seconds", "When the last good backup was made.", _seconds(health.backup.good))
    yield one("backup_last_bytes", "Size of the last good backup.", health.backup.size if health.backup.good else None)
    yield one("backup_failed", "1 where the last try failed.", float(health.backup.failed is not None))
    yield one("verify_last_timestamp_seconds", "When the seals were verified last.", _seconds(health.verified.done))
    yield one("verify_findings", "What that found wrong.", health.verified.findings)
    kinds = [incident.kind for incident in health.incidents]
    yield gauge("open_incidents", "What is wrong now, by kind.", ("kind",), [((kind,), kinds.count(kind)) for kind in KINDS])
    yield gauge(
        "token_expiry_timestamp_seconds", "When a platform's token ends.", ("platform",),
        [((name,), _seconds(at)) for name, at in sorted(health.expiries.items())],
    )  # fmt: skip
    yield gauge(
        "lane_busy_seconds",
        "For how long a lane has been at one thing.",
        ("lane",),
        [((n,), s) for n, s in sorted(health.busy.items())],
    )


def _seconds(at: datetime | None) -> float | None:
    return at.timestamp() if at else None
