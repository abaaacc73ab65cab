"""The names of platforms as plans write them, several in one cell."""

from __future__ import annotations

import re
from collections.abc import Sequence

from collectors.turkish import fold
from config.checks import CHANNELS, PLATFORMS

ALIASES = {
    "x": "x", "twitter": "x", "tw": "x", "twit": "x", "tweet": "x",
    "instagram": "instagram", "ig": "instagram", "insta": "instagram", "inst": "instagram",
    "facebook": "facebook", "fb": "facebook", "face": "facebook",
    "youtube": "youtube", "yt": "youtube", "shorts": "youtube",
    "whatsapp": "whatsapp", "wp": "whatsapp",
    **{name: name for name in (*PLATFORMS, *CHANNELS)},
}  # fmt: skip
ALL = frozenset(
    {"tum platformlar", "tum mecralar", "tum hesaplar", "tum kanallar", "tumu", "tum", "hepsi", "hepsinde", "all", "all platforms"}
)
# What may stand beside a platform's name: the form of the post, and words that say nothing.
FORMS = frozenset((
    "post", "gonderi", "gonderisi", "paylasim", "paylasimi", "video", "reels", "reel", "story", "hikaye", "hikayesi",
    "stories", "canli", "live", "kapak", "carousel", "kaydirmali", "feed", "akis", "short", "hesabi", "hesap", "sayfasi",
    "kanali", "resmi",
))  # fmt: skip
TWO_WORDS = re.compile(r"\b(?:you tube|tik tok|linked in|next sosyal|n sosyal)\b")
BETWEEN = re.compile(r"[,;/+&|\n]|\bve\b|\band\b|\bile\b")


def platforms_in(text: str, ours: Sequence[str]) -> tuple[str, ...] | None:
    """The platforms that a text names and nothing else, in its order; None where it says anything else, or nothing.

    `ours` are what "all platforms" stands for.
    """
    folded = TWO_WORDS.sub(lambda found: found[0].replace(" ", ""), fold(text.replace("\n", ","))).strip(" .:-")
    folded = re.sub(r"\bnextsosyal\b", "nsosyal", folded)
    if folded in ALL:
        return tuple(ours) or None
    found: dict[str, None] = {}
    for piece in BETWEEN.split(re.sub(r"[()\[\]]", ",", folded)):
        words = [word.strip(".:-@#'") for word in piece.split() if word.strip(".:-@#'")]
        named = [word for word in words if word in ALIASES]
        if not words:
            continue
        if set(words) - set(named) - FORMS or (not named and not found):
            return None
        found |= {ALIASES[word]: None for word in named}
    return tuple(found) or None
