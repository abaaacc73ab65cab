"""`mecra auth x`: the four keys of the developer portal, or OAuth 2 with PKCE.

Facts: OAuth 1 user tokens do not expire; owned reads cost a fifth, and need an app that the account itself owns. OAuth 2
access tokens live two hours; each refresh token can be used once; a code lives 30 seconds.
"""

from __future__ import annotations

import click

from console.consent import Consent, Trip, ask, ask_perhaps, ask_secret, given, mismatch
from words import _

PAGE, API = "https://x.com/i/oauth2/authorize", "https://api.x.com"
SCOPES = "tweet.read users.read offline.access"


def four_keys(consent: Consent) -> None:
    click.echo(_("1. Sign in at console.x.com as the institution's own account: reading its own posts then costs a fifth."))
    click.echo(_("2. Create an app, and under Keys and tokens: API Key and Secret, and Access Token and Secret (Read)."))
    values = {
        "api_key": ask_secret("API Key"),
        "api_secret": ask_secret("API Key Secret"),
        "access_token": ask_secret("Access Token"),
        "access_secret": ask_secret("Access Token Secret"),
    }
    _check(consent, values)
    consent.keep("x", **values)


def oauth2(consent: Consent, *, port: int, listen: bool) -> None:
    trip = Trip(port, "/callback")
    click.echo(_("1. In the app's user authentication settings, register this callback: {redirect}").format(redirect=trip.redirect))
    client = ask("Client ID")
    secret = ask_perhaps(_("Client Secret (empty for a public client)"))
    click.echo(_("2. Open this address as the institution's account, and agree (the answer is good for 30 seconds):"))
    click.echo(trip.address(PAGE, client_id=client, scope=SCOPES))
    form = {
        "grant_type": "authorization_code", "code": trip.code(listen=listen), "redirect_uri": trip.redirect,
        "code_verifier": trip.verifier, "client_id": client,
    }  # fmt: skip
    for value in (form["code"], trip.verifier, secret):
        consent.secrets.remember(value)
    door = consent.door("x", consent.root("x", API))
    answer = door.post(f"{API}/2/oauth2/token", data=form, auth=(client, secret) if secret else None).json()
    values = {
        "access_token2": given(answer, "access_token", "POST /2/oauth2/token"),
        "refresh_token": given(answer, "refresh_token", "POST /2/oauth2/token"),
        "client_id": client,
        "client_secret": secret,
    }
    for name in ("access_token2", "refresh_token"):
        consent.secrets.remember(values[name])
    _check(consent, values)
    consent.keep("x", **values)


def _check(consent: Consent, values: dict[str, str]) -> None:
    identity, handle = consent.whoami("x", **values)
    click.echo(_("These tokens belong to @{handle} (id {id}).").format(handle=handle, id=identity))
    known = {name for a in consent.settings.accounts if a.platform == "x" for name in (a.handle, a.remote_id)}
    if mismatch(known, {identity, handle}):
        click.echo(
            _("! The settings name another account ({known}): private figures and the low price are for {handle} only.").format(
                known=", ".join(sorted(filter(None, known))), handle=f"@{handle}"
            )
        )
