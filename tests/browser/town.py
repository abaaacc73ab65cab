"""A municipality's eight months in a database, as collecting would have stored them: what the panel is looked at with.

Four accounts and six feeds, looked at every evening; half a year sealed twice, the next one running; figures by hand, notes, a plan
by the hour; a token that has ended, a feed that is gone; and among posts and headlines what nobody should be able to say to a browser.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from collectors.news.urls import host_of
from config import Settings, load
from config.plan import Plan
from config.plan_file import load_plan
from config.secrets import Secrets
from indicators.listing import put_lists
from indicators.seal import seal
from indicators.snapshot import take
from model import Account, Exchange, Page, Period
from sandbox.press import BY_SLUG
from sandbox.weekly_plan import weekly_plan
from sandbox.world import ISTANBUL, World
from scheduler import Jobs
from storage import Storage, opened
from storage.entries import Figure, approve, enter
from storage.evidence import evidence
from storage.expiry import note_expiry
from storage.indicator_notes import write
from storage.knowledge import Known
from storage.plans import register_plan
from storage.rulings import rule
from storage.seal_file import NAME, add_missing
from storage.slots import NewSlot, take_in, withdraw
from storage.snapshots import all_sealed, keep_provisional
from tests.browser import town_accounts, town_press
from tests.browser.hostile import SCRIPT, SHORT

WORLD = World(start=date(2026, 1, 1), end=date(2026, 8, 20), scale=0.16)
WORLD_BEGINS = Period.midnight(WORLD.start, ISTANBUL)
NOW = datetime(2026, 8, 20, 9, tzinfo=UTC)
H1, H2, YEAR = Period(2026, 1), Period(2026, 2), Period(2026)
SEALED, SEALED_AGAIN = datetime(2026, 7, 13, 6, tzinfo=UTC), datetime(2026, 7, 20, 6, tzinfo=UTC)
EVENING = timedelta(hours=20, minutes=45)  # UTC: in the last hour of a half-year too


@dataclass(frozen=True)
class Town:
    settings: Settings
    plan: Plan


def build(directory: Path) -> Town:
    """The whole town, in some seconds."""
    settings = write_settings(directory)
    plan = load_plan(settings.plan, directory / "metrics")
    Jobs(settings, Secrets({}), now=lambda: WORLD_BEGINS).prepare()
    with opened(settings.database, settings.zone, settle=town_press.as_told) as storage:
        storage.connection.execute("PRAGMA synchronous = OFF")
        storage.register(
            [Account(a.account, a.platform, a.handle, a.remote_id, a.label, url=_shown_at(a)) for a in settings.accounts]
        )
        hand_in_plan(storage)
        acts = [(SEALED, 1), (SEALED_AGAIN, 2)]
        for at in _evenings():
            while acts and acts[0][0] < at:
                _seal(storage, plan, directory, *acts.pop(0))
            _evening(storage, at)
            if at.day == 28:
                _state(storage, plan, Period.half_of(at.date()), at)
        for period in (H2, YEAR):
            _state(storage, plan, period, NOW)
        _troubles(storage)
    note_expiry(settings.data, "x", NOW, None)
    note_expiry(settings.data, "facebook", NOW, NOW + timedelta(days=9))
    return Town(settings, plan)


def write_settings(directory: Path) -> Settings:
    accounts = "".join(
        f'[[accounts]]\nplatform = "{a.platform}"\nhandle = "{a.handle}"\nid = "{a.remote_id}"\nlabel = "{a.label}"\n\n'
        for a in WORLD.accounts.values()
    )
    (directory / "mecra.toml").write_text(
        f'since = {WORLD.start}\nplan = "ornek"\n\n[institution]\nname = "Örnek Belediyesi"\n\n{accounts}'
        '[budgets.x]\nusd_per_month = 25\n\n[news]\nrule = "news.toml"\nfeeds = "feeds.toml"\n\n[news.gdelt]\nenabled = false\n',
        encoding="utf-8",
    )
    outlets = [BY_SLUG[slug] for slug in town_press.FEEDS]
    (directory / "feeds.toml").write_text(
        "".join(f'[[feed]]\nname = "{o.slug}"\noutlet = "{o.name}"\nurl = "https://{host_of(o.host)}/rss"\n\n' for o in outlets),
        encoding="utf-8",
    )
    (directory / "news.toml").write_text(
        'institution = "Örnek Belediyesi"\nplace = "Örnek"\nhead = "Ayşe Yılmaz"\n', encoding="utf-8"
    )
    return load(directory / "mecra.toml", {})


def hand_in_plan(storage: Storage) -> None:
    slots = [NewSlot(s.at, s.platform, s.title, bool(s.withdrawn), s.withdrawn) for s in weekly_plan(WORLD)]
    slots.append(NewSlot(datetime(2026, 5, 6, 9, tzinfo=UTC), "x", SCRIPT))
    take_in(storage, slots, "haftalik-plan.csv 0a1b2c", WORLD_BEGINS + timedelta(hours=1))


def _shown_at(account: Account) -> str:
    return "" if account.platform == "feed" else f"https://{account.platform}.example/{account.handle}"


def _evenings() -> Iterator[datetime]:
    for n in range((WORLD.end - WORLD.start).days):
        yield datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=n) + EVENING
    yield NOW - timedelta(minutes=20)


def _evening(storage: Storage, at: datetime) -> None:
    """Every stream is looked at once."""
    looks = [*town_accounts.looks(WORLD, at), *town_press.looks(WORLD, at)]
    for number, look in enumerate(looks):
        began = at + timedelta(seconds=number)
        walk = storage.begin(look.account, look.stream, since=at - look.back, now=began, trigger="schedule", memo={}, missed=0)
        exchange = Exchange(
            began, "GET", look.url, 200, look.body, len(look.body), ms=140, bucket=look.account.partition(":")[0], cost=look.cost
        )
        storage.save(walk, walk.after(Page(), began), [(exchange, look.records)], lasting=look.lasting)
    if at.date() == date(2026, 5, 20):
        _staff(storage, at + timedelta(minutes=5))


def _staff(storage: Storage, at: datetime) -> None:
    """What people do by hand: two issues of a series, one of them waiting; a ruling; a withdrawn post; a reason."""
    scan = evidence(f"film {SHORT}.pdf", b"%PDF-1.4 film")
    for number, day in enumerate((date(2026, 3, 13), date(2026, 4, 3))):
        figure = Figure("PG3.1.4", day=day, number=str(10 + number), url="https://ornek.bel.tr/film", note=SCRIPT)
        entry = enter(storage, figure, by="Ayşe Yılmaz", at=at, evidence=scan)
        if number == 0:
            approve(storage, entry, by="Mehmet Demir", at=at + timedelta(minutes=1))
    waiting = storage.connection.execute("SELECT article FROM articles WHERE status = 'review' ORDER BY article LIMIT 2").fetchall()
    rule(storage, [row[0] for row in waiting], "counted", f"belediyenin etkinliği {SCRIPT}", "Ayşe Yılmaz", at)
    with storage.connection:
        [(slot,)] = storage.connection.execute(
            "SELECT slot FROM plan_slots WHERE planned_at > '2026-06-01' ORDER BY planned_at LIMIT 1"
        ).fetchall()
        withdraw(storage, [slot], f"tören ertelendi {SHORT}", at)
    write(storage, "PG3.1.6", H1, {"reason": f"Personel eksikti. {SCRIPT}", "measures": SHORT}, by="Ayşe Yılmaz", at=at)


def _seal(storage: Storage, plan: Plan, directory: Path, at: datetime, revision: int) -> None:
    if revision == 2:
        enter_again = Figure("PG3.1.4", day=date(2026, 4, 10), number="15", note="arşivde bulundu")
        approve(
            storage,
            enter(storage, enter_again, by="Ayşe Yılmaz", at=at - timedelta(hours=2)),
            by="Mehmet Demir",
            at=at - timedelta(hours=1),
        )
    reason = f"Arşivde bir film daha bulundu. {SCRIPT}" if revision > 1 else ""
    seal(storage, plan, H1, at, by="Ayşe Yılmaz", now=lambda: at, reason=reason, provisional=True)
    add_missing(directory / NAME, all_sealed(storage))


def _state(storage: Storage, plan: Plan, period: Period, at: datetime) -> None:
    register_plan(storage, plan, at)
    found = keep_provisional(storage, take(storage, plan, period, at, taken_at=at))
    put_lists(storage, plan, period, Known(found.archive, at))


def _troubles(storage: Storage) -> None:
    """Instagram's token has ended, X asks for a rest, a feed is gone."""

    def stopped(account: str, stream: str, outcome: str, error: str, rest: timedelta) -> None:
        at = NOW - timedelta(minutes=5)
        walk = storage.begin(account, stream, since=at - timedelta(days=3), now=at, trigger="schedule", memo={}, missed=3)
        storage.save(walk, walk.stopped(outcome, f"{account}: {error}", NOW + rest), [])

    x, instagram = (
        next(f"{a.platform}:{a.handle}" for a in WORLD.accounts.values() if a.platform == p) for p in ("x", "instagram")
    )
    cure = "the token has ended (190): run `mecra auth instagram`"
    stopped(instagram, "posts", "refused", cure, timedelta(hours=4))
    stopped(instagram, "daily", "refused", cure, timedelta(hours=4))
    stopped(x, "posts", "rate limited", "too many requests (429): gone on with by itself", timedelta(minutes=12))
    stopped(f"feed:{town_press.FEEDS[0]}", "items", "malformed", f"this is HTML, no feed: {SCRIPT}", timedelta(minutes=30))
