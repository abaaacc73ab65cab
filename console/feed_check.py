"""`mecra feeds check|discover`: which feeds are alive, and which a site has."""

from __future__ import annotations

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from collectors.http import Outfit
from collectors.news.discover import FeedState, check
from config import Settings
from console.tables import show_table
from console.terminal import one_line
from model import Account, MecraError, to_text
from words import N_, _, day, number

AT_ONCE = 8
VERDICTS = {
    "ok": N_("ok"), "moved": N_("moved"), "silent": N_("silent"), "empty": N_("empty"), "half": N_("half"), "blocked": N_("blocked"),
    "gone": N_("gone"), "broken": N_("broken"), "unreachable": N_("unreachable"),
}  # fmt: skip


def chosen_feeds(settings: Settings, names: Sequence[str]) -> list[Account | str]:
    """The feeds of the settings, or the named ones, or addresses. Raises MecraError for a name that is neither."""
    feeds = {a.handle: a for a in settings.accounts if a.platform == "feed"}
    if not names:
        return list(feeds.values())
    found: list[Account | str] = []
    for name in names:
        known = feeds.get(name.removeprefix("feed:"))
        if known is None and "://" not in name:
            raise MecraError(
                _("{name} is no feed of the list, and no address; there are {there}").format(name=name, there=", ".join(feeds))
            )
        found.append(known or name)
    return found


def check_all(feeds: Sequence[Account | str], outfit: Outfit) -> list[tuple[str, FeedState]]:
    """The state of every feed with its name, several at once."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        states = list(pool.map(lambda feed: check(feed, outfit), feeds))
    return [(feed if isinstance(feed, str) else feed.handle, state) for feed, state in zip(feeds, states, strict=True)]


def show_states(states: Sequence[tuple[str, FeedState]]) -> None:
    """A row a feed; those that can't be used as they are, with their cures below."""
    rows = [
        (
            name,
            _(VERDICTS.get(s.verdict, s.verdict)),
            number(s.items),
            number(s.matched),
            day(s.newest.date()) if s.newest else "",
            s.url,
        )
        for name, s in states
    ]
    show_table((_("feed"), _("verdict"), _("items"), _("matched"), _("newest"), _("address")), rows, numbers=(2, 3))
    for name, state in states:
        if state.what:
            print(f"{'!' if state.usable else '✗'} {name}: {state.what}" + (f" → {state.cure}" if state.cure else ""))


def show_entries(states: Sequence[FeedState]) -> None:
    """What to add to the feed list, as it is written there."""
    print(_("To collect one of these, add it to feeds.toml:"))
    for state in states:
        host = (urlsplit(state.url).hostname or "").removeprefix("www.")
        title, name = one_line(state.title).strip() or host, host.split(".")[0]
        print(f"\n[[feed]]\nname = {_quoted(name)}\noutlet = {_quoted(title)}\nurl = {_quoted(one_line(state.url))}")


def _quoted(text: str) -> str:
    """As TOML writes it: what a site calls itself is somebody else's text, and may be pasted into the list as it stands."""
    return json.dumps(text, ensure_ascii=False)


def as_objects(states: Sequence[tuple[str, FeedState]]) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            **{k: to_text(v) if isinstance(v, datetime) else v for k, v in asdict(state).items()},
            "usable": state.usable,
        }
        for name, state in states
    ]
