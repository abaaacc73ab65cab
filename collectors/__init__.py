"""The collectors by platform. A collector's file is imported when the first account of its platform is collected."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, cast

from collectors.base import Collector
from model import MecraError
from words import _

if TYPE_CHECKING:
    from collectors.http import Outfit

COLLECTORS = {
    "x": "collectors.x:X",
    "facebook": "collectors.facebook:Facebook",
    "instagram": "collectors.instagram:Instagram",
    "youtube": "collectors.youtube:YouTube",
    "feed": "collectors.news.feeds:Feeds",
    "gdelt": "collectors.news.gdelt:Gdelt",
    "gnews": "collectors.news.gnews:GoogleNews",
    "agency": "collectors.news.agency:Agency",
    "page": "collectors.news.page:Pages",
}
NEWS = ("feed", "gdelt", "gnews", "agency")
APART = frozenset({"feed", "page"})  # every account is another's server: a rest that one asks for is none of the others'


def collector_class(platform: str) -> type[Collector]:
    """The collector of a platform, imported; raises MecraError for a platform that there is none for."""
    if platform not in COLLECTORS:
        raise MecraError(
            _("no collector for platform {platform!r}: there are {names}").format(platform=platform, names=", ".join(COLLECTORS))
        )
    module, _colon, name = COLLECTORS[platform].partition(":")
    return cast("type[Collector]", getattr(import_module(module), name))


def make_collector(platform: str, outfit: Outfit) -> Collector:
    """A collector for one account; no I/O yet."""
    return collector_class(platform)(outfit)
