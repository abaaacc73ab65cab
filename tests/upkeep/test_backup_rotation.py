"""Which backups are kept, for any days on which some were made; and that nothing else is ever removed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config import load
from config.backup import Backups
from config.checks import ConfigError
from tests.conftest import ISTANBUL, Clock
from tests.upkeep.kept import institution
from upkeep.backup import make
from upkeep.packed import Manifest
from upkeep.rotation import Kept, last_good, named, rotate, superfluous

START = datetime(2026, 1, 1, 0, 10, tzinfo=UTC)
MANIFEST = Manifest(START, "0", "/mecra.db", ".", "mecra.toml", {})


def kept(at: datetime, *, doubtful: bool = False) -> Kept:
    return Kept(Path(named(at, doubtful=doubtful)), at, MANIFEST, doubtful)


@given(
    hours=st.sets(st.integers(0, 24 * 400), min_size=1, max_size=60),
    doubtful=st.sets(st.integers(0, 24 * 400), max_size=5),
    daily=st.integers(1, 9),
    weekly=st.integers(0, 6),
    monthly=st.integers(0, 14),
)
def test_whatever_was_made_and_whatever_is_wished(
    hours: set[int], doubtful: set[int], daily: int, weekly: int, monthly: int
) -> None:
    now = START + timedelta(hours=24 * 300)
    found = [kept(START + timedelta(hours=h)) for h in sorted(hours)]
    found = sorted([*found, *(kept(START + timedelta(hours=h), doubtful=True) for h in doubtful)], key=lambda one: one.at)
    wanted = Backups(daily=daily, weekly=weekly, monthly=monthly)
    gone = {one.path for one in superfluous(found, wanted, ISTANBUL, now)}
    left = [one for one in found if one.path not in gone]
    assert not [one for one in found if one.at > now and one.path in gone], "dated by a wrong clock: left alone"
    good = [one for one in left if not one.doubtful and one.at <= now]
    assert last_good(found, now) == last_good(left, now), "the last good one is never removed"
    assert len(good) <= daily + weekly + monthly
    days = sorted({one.at.astimezone(ISTANBUL).date() for one in found if not one.doubtful and one.at <= now})
    assert set(days[-daily:]) <= {one.at.astimezone(ISTANBUL).date() for one in good}
    assert superfluous(left, wanted, ISTANBUL, now) == [], "what is kept once is kept the next time"
    assert len([one for one in left if one.doubtful and one.at <= now]) <= 1


def test_a_year_of_nights_leaves_days_weeks_and_months() -> None:
    there: list[Kept] = []
    for night in range(365):
        now = START + timedelta(days=night)
        there.append(kept(now))
        gone = superfluous(there, Backups(daily=7, weekly=4, monthly=6), ISTANBUL, now)
        there = [one for one in there if one not in gone]
    days = [one.at.astimezone(ISTANBUL).date().isoformat() for one in there]
    assert days[-7:] == [f"2026-12-{day}" for day in range(25, 32)]
    assert days[:-7] == ["2026-07-31", "2026-08-31", "2026-09-30", "2026-10-31", "2026-11-30", "2026-12-13", "2026-12-20"]


def test_only_ours_are_removed(tmp_path: Path, clock: Clock) -> None:
    """Other names, links, files that only look like one, and the backups of another database stay."""
    home, other = institution(tmp_path / "home"), institution(tmp_path / "other")
    place = tmp_path / "place"
    foreign = make(other, clock, directory=place)
    mades = []
    for _ in range(3):
        clock.pass_by(days=1)
        mades.append(make(home, clock, directory=place).path)
    strangers = [
        place / name for name in ("notes.txt", "mecra-20200101T000000Z.zip", "mecra-20200101T000000Z.zip.old", "mecra-x.zip")
    ]
    for path in strangers:
        path.write_bytes(b"somebody's")
    (place / "mecra-20200102T000000Z.zip").symlink_to(mades[0])
    gone: list[Path] = []
    rotate(place, home.database, Backups(daily=1, weekly=0, monthly=0), ISTANBUL, clock(), gone.append)
    assert gone == mades[:2]
    assert {*strangers, foreign.path, mades[2], place / "mecra-20200102T000000Z.zip"} == set(place.iterdir())


@pytest.mark.parametrize(
    "wrong",
    ["daily = 0", "daily = -1", "weekly = true", 'at = "3:10"', 'at = "24:00"', "compression = 10", "directory = 1", "every = 1",
     'directory = "a"\nsecond = "a"'],
)  # fmt: skip
def test_a_setting_that_cant_be_is_named(tmp_path: Path, wrong: str) -> None:
    (tmp_path / "mecra.toml").write_text(f"[backup]\n{wrong}\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"backup\."):
        load(tmp_path / "mecra.toml", {})


def test_settings_as_they_are_written(tmp_path: Path) -> None:
    (tmp_path / "mecra.toml").write_text(
        '[backup]\ndirectory = "b"\nsecond = "/mnt/c"\nat = 02:30:00\nmonthly = 0\n', encoding="utf-8"
    )
    found = load(tmp_path / "mecra.toml", {})
    assert (found.backups, found.backup.second) == (tmp_path / "b", Path("/mnt/c"))
    assert (found.backup.at.isoformat(), found.backup.daily, found.backup.monthly, found.backup.nightly) == ("02:30:00", 7, 0, True)
    (tmp_path / "mecra.toml").write_text("", encoding="utf-8")
    assert load(tmp_path / "mecra.toml", {}).backups == tmp_path / "backups"
