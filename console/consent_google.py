"""`mecra auth youtube`: an OAuth client of type Desktop, the consent of the channel's owner, a refresh token.

Facts: no service account and no device flow for Analytics; a refresh token ends after 7 days while the consent screen is
External and in Testing, after 6 months unused, on withdrawal. The consent picks one channel: it is checked afterwards.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import click

from console.consent import Consent, Trip, ask, ask_secret, given, mismatch
from storage.expiry import note_expiry
from words import _, moment

PAGE, API = "https://accounts.google.com/o/oauth2/v2/auth", "https://oauth2.googleapis.com"
LONGEST = 10 * 365 * 86_400  # seconds of a token
SCOPES = "https://www.googleapis.com/auth/youtube.readonly https://www.googleapis.com/auth/yt-analytics.readonly"


def refresh_token(consent: Consent, *, port: int, listen: bool) -> None:
    trip = Trip(port)
    click.echo(
        _(
            "1. At console.cloud.google.com enable YouTube Data API v3 and YouTube Analytics API, and create an OAuth client of type Desktop."
        )
    )
    click.echo(_("2. Set the consent screen to Internal or to In production: in Testing, the token dies after 7 days."))
    client, secret = ask("Client ID"), ask_secret("Client secret")
    click.echo(_("3. Open this address, sign in, and choose the channel itself (the brand account), not the person:"))
    click.echo(trip.address(PAGE, client_id=client, scope=SCOPES, access_type="offline", prompt="consent"))
    form = {
        "grant_type": "authorization_code", "code": trip.code(listen=listen), "redirect_uri": trip.redirect,
        "code_verifier": trip.verifier, "client_id": client, "client_secret": secret,
    }  # fmt: skip
    for value in (form["code"], trip.verifier, secret):
        consent.secrets.remember(value)
    door = consent.door("youtube", consent.root("youtube", API))
    answer = door.post(f"{API}/token", data=form).json()
    values = {"refresh_token": given(answer, "refresh_token", "POST /token"), "client_id": client, "client_secret": secret}
    consent.secrets.remember(values["refresh_token"])
    _check_channel(consent, values)
    _tell_expiry(consent, answer)
    consent.keep("youtube", **values)


def _check_channel(consent: Consent, values: dict[str, str]) -> None:
    channel, title = consent.whoami("youtube", **values)
    click.echo(_("The consent is for the channel {title} ({id}).").format(title=title, id=channel))
    known = {
        name
        for a in consent.settings.accounts
        if a.platform == "youtube"
        for name in (a.remote_id, a.handle)
        if name.startswith("UC")
    }
    if mismatch(known, {channel}):
        click.echo(
            _("! The settings name another channel ({known}): run this again, and choose its brand account.").format(
                known=", ".join(sorted(known))
            )
        )
    elif not known:
        click.echo(_('Write id = "{id}" in this account\'s entry in {path}.').format(id=channel, path=consent.settings.path))


def _tell_expiry(consent: Consent, answer: dict[str, Any]) -> None:
    seconds, now = answer.get("refresh_token_expires_in"), consent.now()
    ends = now + timedelta(seconds=seconds) if isinstance(seconds, int) and 0 < seconds < LONGEST else None
    if ends:
        click.echo(
            _("! The token dies on {at}: the consent screen is in Testing; publish it, and run this again.").format(
                at=moment(ends, consent.settings.zone)
            )
        )
    note_expiry(consent.settings.data, "youtube", now, ends)
