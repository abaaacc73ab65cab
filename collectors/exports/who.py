"""Whose figures a row holds: an account of the settings, or a channel that mecra has no interface for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from collectors.sheets.cells import CellError
from collectors.turkish import fold
from config.checks import CHANNELS, PLATFORMS
from model import Account
from words import N_, _

NAMES = {
    "twitter": "x", "x twitter": "x", "tik tok": "tiktok", "next sosyal": "nsosyal", "next": "nsosyal", "n sosyal": "nsosyal", "fb": "facebook",
    "ig": "instagram", "yt": "youtube", "linked in": "linkedin", "whatsapp kanali": "whatsapp", "telegram kanali": "telegram",
}  # fmt: skip
WRITE = N_("write its key, e.g. tiktok:umraniyebeltr")


@dataclass(frozen=True, slots=True)
class Accounts:
    """The accounts of the settings. Those that earlier files brought say nothing: the same file is always read the same way."""

    known: Sequence[Account]

    def named(self, text: str, platform: str = "") -> Account:
        """The account that text means: its key, or its name on a platform. Raises CellError with what would be right."""
        if ":" in text and "://" not in text:
            platform, text = text.split(":", 1)
        wanted, handle = platform_of(platform) if platform else "", text.strip().lstrip("@")
        if not re.fullmatch(r"[^\s:/@]([^:/@]{0,98}[^\s:/@])?", handle):
            raise CellError(_("no account"), _(WRITE))
        found = {
            account.account: account
            for account in self.known
            if (not wanted or account.platform == wanted)
            and account.platform in (*PLATFORMS, *CHANNELS)
            and fold(handle) in {fold(name.lstrip("@")) for name in (account.handle, account.remote_id, account.label) if name}
        }
        exact = [one for one in found.values() if one.handle.lstrip("@") == handle]
        if len(exact or found) == 1:
            return next(iter(exact or found.values()))
        if found:
            raise CellError(
                _("several accounts ({accounts})").format(accounts=", ".join(sorted(found))), _("write the key of one of them")
            )
        if wanted in CHANNELS:
            return Account(f"{wanted}:{handle}", wanted, handle)
        if wanted:
            cure = _('add it to mecra.toml: [[accounts]] platform = "{platform}"').format(platform=wanted)
            raise CellError(_("no account of the settings"), cure)
        raise CellError(_("no account that is known"), _(WRITE))


def platform_of(text: str) -> str:
    """`tiktok` for "TikTok"; raises CellError for what is no platform."""
    name = fold(text).replace("-", " ").replace("_", " ").strip()
    name = NAMES.get(name, name)
    if name not in (*PLATFORMS, *CHANNELS):
        raise CellError(_("no platform"), _("write one of {platforms}").format(platforms=", ".join((*PLATFORMS, *CHANNELS))))
    return name
