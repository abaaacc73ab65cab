"""A small municipality over five years, and the settings that mecra watches it with.

Its figures move at noon in Istanbul only, so that what they were at a period's edge does not depend on the minute in which they were
read: the truth of every period is a sum over the world, and nothing that was stored is asked for it.
"""

from __future__ import annotations

import json
import re
from datetime import date, datetime, time, timedelta
from pathlib import Path

from collectors.news.urls import host_of
from config import RULE, Settings, load
from config.secrets import Secrets
from sandbox.press import BY_SLUG
from sandbox.world import ISTANBUL, World, WorldPost

START, END = date(2025, 1, 1), date(2030, 1, 25)
OUTLETS = ("kiyi-haber", "ornek-gazetesi", "cinar-medya", "ilce-manset")
DAY = re.compile(r"20\d\d-\d\d-\d\d")
NOON = timedelta(hours=12)
GROWTH = ((1, 50), (2, 80), (40, 100))  # percent of its end that a counter has reached after so many noons


class Town(World):
    """Few posts a week and few articles; counters move on three days of their lives, followers once a day."""

    def counter(self, post: WorldPost, metric: str, at: datetime) -> int:
        noons = (_noon(at) - _noon(post.published_at)).days
        reached = max((percent for days, percent in GROWTH if days <= noons), default=0)
        return super().counter(post, metric, post.published_at + timedelta(days=36500)) * reached // 100

    def followers(self, platform: str, at: datetime) -> int:
        return super().followers(platform, datetime.combine(_noon(at), time(12), ISTANBUL))


def _noon(at: datetime) -> date:
    """The day whose noon was the last one."""
    return (at.astimezone(ISTANBUL) - NOON).date()


def town() -> Town:
    return Town(seed=11, start=START, end=END, scale=0.2, press=0.12, outlets=OUTLETS, deletions=False)


SECRETS = {
    "x": {"client_id": "sandbox-x-client", "client_secret": "sandbox-x-client-secret", "refresh_token": "sandbox-x-refresh"},
    "facebook": {"token": "sandbox-meta-page-token"},
    "instagram": {"token": "sandbox-meta-page-token"},
    "youtube": {"client_id": "sandbox", "client_secret": "sandbox-secret", "refresh_token": "sandbox-youtube-refresh"},
}
LADDERS = {
    "x": {"profile": "3d 0d", "posts": "3d 5d, 30d 184d", "private": "30d 29d"},
    "facebook": {"profile": "3d 0d", "posts": "3d 5d, 30d 184d", "reels": "3d 5d, 30d 184d", "daily": "14d 14d"},
    "instagram": {"profile": "3d 0d", "posts": "3d 5d, 30d 184d", "stories": "7d 1d", "daily": "14d 14d"},
    "youtube": {"profile": "3d 0d", "posts": "3d 5d, 30d 184d", "daily": "14d 14d"},
}


class Files:
    """What an operator keeps beside the database; each is written anew when something changes."""

    def __init__(self, directory: Path, url: str, world: Town) -> None:
        self.directory, self.url = directory, url
        self.world = world
        self.accounts: dict[str, dict[str, str]] = {}
        for name in ("x", "facebook", "youtube"):
            self.add(name)
        self.platforms: dict[str, dict[str, str]] = {
            "x": {"api_root": f"{url}/x"}, "facebook": {"api_root": f"{url}/graph"}, "instagram": {"api_root": f"{url}/graph"},
            "youtube": {"api_root": f"{url}/youtube"},
        }  # fmt: skip
        self.feeds: dict[str, dict[str, str]] = {slug: {"url": f"{url}/feeds/{slug}.xml"} for slug in OUTLETS}
        rule = RULE.read_text(encoding="utf-8")
        for name, invented in (("institution", "Örnek Belediyesi"), ("place", "Örnek"), ("head", "Ayşe Yılmaz")):
            rule = re.sub(rf'(?m)^{name} = "[^"]*"', f'{name} = "{invented}"', rule)
        (directory / "news.toml").write_text(rule, encoding="utf-8")
        secrets = Secrets({}, directory / "secrets.toml")
        for platform, values in SECRETS.items():
            secrets.put(platform, **values)

    def add(self, name: str, **options: str) -> None:
        """The town's account on a platform is watched too."""
        found = self.world.accounts[name]
        self.accounts[name] = {"platform": name, "handle": found.handle, "id": found.remote_id, "label": found.label, **options}

    def written(self) -> Settings:
        """The settings as they stand now."""
        accounts = "".join(f"[[accounts]]\n{_keys(account)}\n" for account in self.accounts.values())
        platforms = "".join(
            f"[platforms.{name}]\n{_keys(options)}ladder = {{ {_ladder(LADDERS[name])} }}\n\n"
            for name, options in self.platforms.items()
        )
        host = json.dumps([self.url.removeprefix("http://")])
        (self.directory / "mecra.toml").write_text(
            f'since = {START}\nplan = "ornek"\n\n[institution]\nname = "Örnek Belediyesi"\n\n{accounts}{platforms}'
            f'[news]\nrule = "news.toml"\nfeeds = "feeds.toml"\nallow_hosts = {host}\n\n[news.feed]\npoll_minutes = [1320, 1440]\n\n'
            f'[news.gdelt]\nname = "ornek"\napi_root = "{self.url}/gdelt"\nladder.articles = [["7d", "9d"]]\n',
            encoding="utf-8",
        )
        feeds = "".join(
            f'[[feed]]\nname = "{slug}"\noutlet = "{BY_SLUG[slug].name}"\n{_keys(options)}\n'
            for slug, options in self.feeds.items()
        )
        hosts = "".join(f'"{host_of(BY_SLUG[slug].host)}" = "{BY_SLUG[slug].name}"\n' for slug in OUTLETS)
        (self.directory / "feeds.toml").write_text(f"{feeds}[hosts]\n{hosts}", encoding="utf-8")
        return load(self.directory / "mecra.toml", {})


def _keys(options: dict[str, str]) -> str:
    """Days as TOML's own, the rest as text."""
    said = {name: v if DAY.fullmatch(v) else json.dumps(v, ensure_ascii=False) for name, v in options.items()}
    return "".join(f"{name} = {value}\n" for name, value in said.items())


def _ladder(streams: dict[str, str]) -> str:
    rungs = {name: [rung.split() for rung in text.split(", ")] for name, text in streams.items()}
    return ", ".join(f"{name} = {json.dumps(value)}" for name, value in rungs.items())
