"""What happens in five years: at the platforms, to the machine, and what its people do about it. Days are of Istanbul."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from config.secrets import Secrets
from sandbox.faults import Fault
from tests.five_years.run import Act, Years, at

NEW_VIEWS = ("page_media_view", "page_total_media_view_unique", "post_media_view", "post_total_media_view_unique")
SAVES_END = date(2028, 1, 31)
HALVES = tuple(f"{year}-H{half}" for year in range(2025, 2030) for half in (1, 2))
YEARS = tuple(str(year) for year in range(2025, 2030))


def between(first: Any, last: Any, name: str, match: str = "") -> list[Act]:
    """A fault from one instant to another."""
    fault = Fault(name, match)
    return [(first, lambda years: years.box.faults.append(fault)), (last, lambda years: years.box.faults.remove(fault))]


def state(moment: Any, **values: Any) -> Act:
    """Something is another way at the platforms from a moment on."""
    return moment, lambda years: years.box.state.update(values)


def written(moment: Any, change: Callable[[Years], None]) -> Act:
    """The operator changes a file and starts mecra again."""

    def act(years: Years) -> None:
        change(years)
        years.restart()

    return moment, act


def account(name: str, **options: str) -> Callable[[Years], None]:
    return lambda years: years.files.accounts[name].update(options)


def feed(name: str, **options: str) -> Callable[[Years], None]:
    return lambda years: years.files.feeds[name].update(options)


def move(name: str) -> Callable[[Years], None]:
    return lambda years: years.files.feeds[name].update(url=f"{years.box.url}/feeds/moved/{name}.xml")


def keep(platform: str, **values: str) -> Callable[[Years], None]:
    """`mecra auth` in another process, while the daemon runs."""
    return lambda years: Secrets({}, years.settings.data / "secrets.toml").put(platform, **values)


def tokens() -> Iterator[Act]:
    """X's refresh token is revoked (it changes at each use besides), Meta's token ends, YouTube's consent is withdrawn."""
    yield state(at("2025-09-10"), x_refresh="sandbox-x-consented", x_tokens={})
    yield at("2025-09-14"), keep("x", refresh_token="sandbox-x-consented")
    yield state(at("2026-02-10"), graph_tokens=("sandbox-meta-renewed",))
    yield at("2026-02-14"), keep("facebook", token="sandbox-meta-renewed")
    yield at("2026-02-14"), keep("instagram", token="sandbox-meta-renewed")
    yield state(at("2029-05-02"), **{"youtube.refresh": "sandbox-youtube-again", "youtube.tokens": {}})
    yield at("2029-05-06"), keep("youtube", refresh_token="sandbox-youtube-again")


def platforms() -> Iterator[Act]:
    """Dialects, versions and metrics that change."""
    yield state(at("2026-08-07"), x_dialect="post")
    yield state(at("2027-01-15"), graph_oldest="v28.0")
    yield written(at("2027-02-15"), newer_version)
    eras = dict.fromkeys(NEW_VIEWS, (date(2025, 8, 15), date.max)) | {
        "saves": (date.min, SAVES_END),
        "profile_views": (date.min, SAVES_END),
    }
    yield state(at("2025-01-01", 0), graph_eras=eras)


def newer_version(years: Years) -> None:
    for name in ("facebook", "instagram"):
        years.files.platforms[name]["version"] = "v28.0"


def outages() -> Iterator[Act]:
    yield from between(at("2025-03-11", 7, 30), at("2025-03-11", 8, 30), "500", "x/")
    yield from between(at("2025-05-19", 0), at("2025-05-20", 0), "html-200", "graph")
    yield from between(at("2026-10-05"), at("2026-10-26"), "500", "youtube")
    yield from between(at("2029-03-05"), at("2029-03-26"), "500", "feeds/ilce-manset")


def machine() -> Iterator[Act]:
    """Asleep over 30 June, a full disk, a clock a day ahead and a day behind."""
    yield at("2027-06-25", 9), lambda years: setattr(years, "off", True)
    yield at("2027-07-04", 7), lambda years: setattr(years, "off", False)
    yield at("2027-11-09", 0), lambda years: setattr(years, "full", True)
    yield at("2027-11-10", 0), lambda years: setattr(years, "full", False)
    yield at("2028-03-15", 0), lambda years: setattr(years, "ahead", timedelta(days=1))
    yield at("2028-03-16", 0), lambda years: setattr(years, "ahead", timedelta(0))
    yield at("2028-05-17", 0), lambda years: setattr(years, "ahead", timedelta(days=-1))
    yield at("2028-05-18", 0), lambda years: setattr(years, "ahead", timedelta(0))


def accounts() -> Iterator[Act]:
    """One comes late, one gets another name, one is closed."""
    yield written(at("2026-03-01", 0, 30), lambda years: years.files.add("instagram", since="2026-03-01"))
    yield at("2028-09-04"), rename
    yield written(at("2028-09-06"), account("x", handle="ornekbld", was="ornekbelediye"))
    yield state(at("2028-10-15", 0), graph_closed=("100200300400500",))
    yield written(at("2028-10-18"), account("facebook", until="2028-10-14"))


def rename(years: Years) -> None:
    world = years.world
    world.accounts["x"] = replace(world.accounts["x"], handle="ornekbld")


def feeds() -> Iterator[Act]:
    """One changes its encoding, one moves and its old address dies, one dies."""
    yield from between(at("2025-06-01"), at("2035-01-01"), "another-encoding", "feeds/cinar-medya")
    yield from between(at("2026-05-01"), at("2026-09-01"), "redirect-moved", "feeds/kiyi-haber")
    yield written(at("2026-05-10"), move("kiyi-haber"))
    yield from between(at("2026-09-01"), at("2035-01-01"), "gone", "feeds/kiyi-haber")
    yield from between(at("2027-09-01"), at("2035-01-01"), "gone", "feeds/ornek-gazetesi")
    yield written(at("2027-09-20"), feed("ornek-gazetesi", until="2027-08-31"))


def staff() -> Iterator[Act]:
    """The plan of each half-year before it begins, and the seals in the month after it."""
    yield at("2030-01-01", 0, 10), lambda years: years.hand_in_plan("2030-H1")
    for half in HALVES:
        year, first = int(half[:4]), half.endswith("H1")
        yield at(f"{year}-{'01' if first else '07'}-01", 0, 10), lambda years, half=half: years.hand_in_plan(half)  # type: ignore[misc]
        day, periods = (f"{year}-07-20", (half,)) if first else (f"{year + 1}-01-20", (half, str(year)))
        yield at(day, 10), lambda years, periods=periods: years.seal(*periods)  # type: ignore[misc]


def script() -> list[Act]:
    parts = (staff, tokens, platforms, outages, machine, accounts, feeds)
    return [act for part in parts for act in part()]
