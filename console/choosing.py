"""Which accounts a command is about, and which platforms nobody has set up yet."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from config import CHANNELS, PLATFORMS, Settings
from config.secrets import Secrets
from model import Account, MecraError
from words import N_, _

FIRST = date(1990, 1, 1)
NEWS = ("feed", "gdelt", "gnews")
TITLES = {"x": "X", "facebook": "Facebook", "instagram": "Instagram", "youtube": "YouTube"}
# Any one of these sets will do.
CREDENTIALS: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "x": (
        ("api_key", "api_secret", "access_token", "access_secret"),
        ("refresh_token", "client_id"),
        ("access_token2",),
        ("bearer_token",),
    ),
    "facebook": (("token",),),
    "instagram": (("token",),),
    "youtube": (("refresh_token", "client_id", "client_secret"), ("api_key",)),
}  # fmt: skip
HOW = {
    "x": N_(
        "create an app at console.x.com, signed in as the institution's own X account, then run `mecra auth x` with its four keys"
    ),
    "facebook": N_(
        "create an app at developers.facebook.com with the institution's Page, then run `mecra auth facebook` (no App Review is needed)"
    ),
    "instagram": N_("link the professional Instagram account to the Facebook Page, then run `mecra auth instagram`"),
    "youtube": N_("create an OAuth client of type Desktop at console.cloud.google.com, then run `mecra auth youtube`"),
}


@dataclass(frozen=True, slots=True)
class Missing:
    """A platform that can't be collected yet: what is not there, and how to get it."""

    platform: str
    what: str
    how: str


def has_credentials(platform: str, secrets: Secrets) -> bool:
    """Whether one whole set of credentials is there; news need none."""
    sets = CREDENTIALS.get(platform)
    return sets is None or any(all(secrets.get(platform, name) for name in names) for names in sets)


def missing(settings: Settings, secrets: Secrets) -> list[Missing]:
    """Every platform without an account or without credentials, and every channel that can't be asked."""
    found = []
    for platform in PLATFORMS:
        handles = [a.account for a in settings.accounts if a.platform == platform]
        if not handles:
            how = _('add an [[accounts]] entry with platform = "{platform}" to {path}; then {how}')
            found.append(
                Missing(
                    platform,
                    _("no account in the settings"),
                    how.format(platform=platform, path=settings.path, how=_(HOW[platform])),
                )
            )
        elif not has_credentials(platform, secrets):
            found.append(
                Missing(platform, _("no credentials for {accounts}").format(accounts=", ".join(handles)), _(HOW[platform]))
            )
    for platform in sorted({a.platform for a in settings.accounts} & set(CHANNELS)):
        found.append(Missing(platform, _("by import only"), _("its figures come in by `mecra import readings FILE`")))
    return found


def chosen(settings: Settings, names: Sequence[str]) -> list[Account]:
    """The accounts that `names` mean: keys, handles, platforms, or `news`. Raises MecraError that names what there is."""
    accounts = [a for a in settings.accounts if a.platform != "agency" and a.platform not in CHANNELS]
    if not names:
        return accounts
    picked: dict[str, Account] = {}
    for name in names:
        found = [a for a in accounts if _means(name, a)]
        if not found and any(_means(name, a) for a in settings.accounts if a.platform in CHANNELS):
            raise MecraError(_("{name} can't be asked: its figures come in by `mecra import readings FILE`").format(name=name))
        if not found:
            known = [a.account for a in accounts if a.platform not in NEWS]
            there = ["news", *sorted({a.platform for a in accounts}), *known]
            raise MecraError(
                _("{name} is no account, platform or feed of the settings; there are {there}").format(
                    name=name, there=", ".join(there)
                )
            )
        picked |= {a.account: a for a in found}
    return list(picked.values())


def _means(name: str, account: Account) -> bool:
    wanted = name.removeprefix("@")
    return wanted in (account.account, account.platform, account.handle.removeprefix("@")) or (
        wanted == "news" and account.platform in NEWS
    )


def collectable(
    accounts: Sequence[Account], secrets: Secrets, *, named: bool, was_collected: Callable[[str], bool]
) -> list[Account]:
    """Without those that were never set up. One that was named, or that once worked, stays, so that it fails aloud."""
    return [a for a in accounts if named or has_credentials(a.platform, secrets) or was_collected(a.account)]


def since_instant(day: date | None, settings: Settings) -> datetime | None:
    """The beginning of a local day; nobody has anything of before 1990."""
    return None if day is None else datetime.combine(max(day, FIRST), time(), settings.zone).astimezone(UTC)
