"""`mecra auth facebook|instagram`: a user's or system user's token becomes the Page's token, which does not expire.

Facts: Meta, "Access Tokens" and "Debugging" (2026-09). A short user token lives hours, its exchange about 60 days; a Page
token from a long one has no expiry; data access may end 90 days after the person was last active.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import click

from collectors.base import Malformed, Refused
from collectors.http import Door
from console.consent import Consent, ask, ask_secret, given
from model import MecraError, to_text
from storage.expiry import note_expiry
from words import _, moment

API, VERSION = "https://graph.facebook.com", "v26.0"
SCOPES = {
    "facebook": ("pages_show_list", "pages_read_engagement", "read_insights", "pages_read_user_content"),
    "instagram": ("instagram_basic", "instagram_manage_insights", "pages_show_list", "pages_read_engagement"),
}
MOST_SECONDS = 4_102_444_800  # the year 2100
PAGE_FIELDS = "id,name,access_token,instagram_business_account{id,username}"


def page_token(consent: Consent, platform: str) -> None:
    version = consent.settings.platform(platform).get("version", VERSION)
    click.echo(_("1. At developers.facebook.com create an app of type Business; App settings, Basic show its id and secret."))
    app, secret = ask(_("App id")), ask_secret(_("App secret"))
    click.echo(_("2. Make a token: of a system user (Business settings; it need not be renewed), or in the Graph API Explorer."))
    click.echo(_("   It needs: {scopes}").format(scopes=", ".join(SCOPES[platform])))
    token = ask_secret(_("User or system user token"))
    for value in (secret, token):
        consent.secrets.remember(value)
    graph = Graph(consent.door(platform, consent.root(platform, API)), f"{API}/{version}", app, secret)
    said = graph.inspect(token)
    if said.get("expires_at"):
        token = graph.exchange(token)
        consent.secrets.remember(token)
    page = _choose(graph.pages(token), platform, consent)
    of_page = given(page, "access_token", "GET /me/accounts")
    consent.secrets.remember(of_page)
    show_token(graph.inspect(of_page), platform, consent)
    consent.keep(platform, token=of_page, app_id=app, app_secret=secret)


class Graph:
    """The few calls of a consent, over one door; tokens to be examined are in the query, as Meta wants it, and redacted."""

    def __init__(self, door: Door, base: str, app: str, secret: str) -> None:
        self._door, self._base, self._app, self._secret = door, base, app, secret

    def inspect(self, token: str) -> dict[str, Any]:
        """What `debug_token` says; raises Refused for a token that is not valid, or of another app."""
        answer = self._get("/debug_token", f"{self._app}|{self._secret}", input_token=token)
        said = answer.get("data")
        if not isinstance(said, dict):
            raise Malformed("no data in the answer", at="GET /debug_token", cure="try again")
        if not said.get("is_valid"):
            told = said.get("error")
            why = told.get("message", "not valid") if isinstance(told, dict) else "not valid"
            raise Refused(
                f"the token is not valid: {str(why)[:200]}", at="GET /debug_token", cure="make a new one, and run the consent again"
            )
        if str(said.get("app_id", self._app)) != self._app:
            raise Refused(
                "the token belongs to another app", at="GET /debug_token", cure="choose this app in the Graph API Explorer"
            )
        return said

    def exchange(self, token: str) -> str:
        """A short user token for a long one."""
        form = {
            "grant_type": "fb_exchange_token",
            "client_id": self._app,
            "client_secret": self._secret,
            "fb_exchange_token": token,
        }
        return given(self._get("/oauth/access_token", "", **form), "access_token", "GET /oauth/access_token")

    def pages(self, token: str) -> list[dict[str, Any]]:
        rows = self._get("/me/accounts", token, fields=PAGE_FIELDS, limit="100").get("data")
        return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []

    def _get(self, path: str, token: str, **query: str) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        value = self._door.get(self._base + path, params=query, headers=headers).json()
        return dict(value) if isinstance(value, dict) else {}


def _choose(pages: list[dict[str, Any]], platform: str, consent: Consent) -> dict[str, Any]:
    if not pages:
        raise MecraError(_("this token sees no Page: give its user a role on the Page, and tick the Page when you consent"))
    for index, page in enumerate(pages, 1):
        linked = _linked(page)
        instagram = f" · Instagram @{linked.get('username', '')} ({linked.get('id', '')})" if linked else ""
        click.echo(f"  {index}. {page.get('name', '')} ({page.get('id', '')}){instagram}")
    index = 1 if len(pages) == 1 else click.prompt(_("Which Page"), type=click.IntRange(1, len(pages)))
    page = pages[index - 1]
    linked = _linked(page)
    if platform == "instagram" and not linked.get("id"):
        raise MecraError(_("no professional Instagram account is linked to this Page: link it in the Page's settings first"))
    identity = str(linked.get("id") if platform == "instagram" else page.get("id"))
    if not any(identity in (a.remote_id, a.handle) for a in consent.settings.accounts if a.platform == platform):
        click.echo(_('Write id = "{id}" in this account\'s entry in {path}.').format(id=identity, path=consent.settings.path))
    return page


def _linked(page: Mapping[str, Any]) -> Mapping[str, Any]:
    """The professional account behind a Page; nothing where there is none."""
    linked = page.get("instagram_business_account")
    return linked if isinstance(linked, dict) else {}


def show_token(said: Mapping[str, Any], platform: str, consent: Consent) -> None:
    """Tell when a token ends, and what it may not do."""
    lacking, data_ends = note_token(said, platform, consent)
    if lacking:
        click.echo(_("! The token lacks {scopes}: what needs them will be refused.").format(scopes=", ".join(lacking)))
    ends, zone = instant(said.get("expires_at")), consent.settings.zone
    click.echo(
        _("The Page's token expires on {at}.").format(at=moment(ends, zone)) if ends else _("The Page's token does not expire.")
    )
    if data_ends:
        click.echo(_("Access to data ends on {at} unless its user is active before.").format(at=moment(data_ends, zone)))


def note_token(said: Mapping[str, Any], platform: str, consent: Consent) -> tuple[list[str], datetime | None]:
    """Remember for `mecra status` when a token ends; answers the scopes that it lacks, and when access to data ends."""
    data_ends = instant(said.get("data_access_expires_at"))
    listed = said.get("scopes")
    scopes = [str(scope) for scope in listed] if isinstance(listed, list) else []
    more = {"data_access_expires_at": to_text(data_ends) if data_ends else None, "scopes": scopes}
    note_expiry(consent.settings.data, platform, consent.now(), instant(said.get("expires_at")), **more)
    return [scope for scope in SCOPES[platform] if scope not in scopes], data_ends


def instant(seconds: Any) -> datetime | None:
    """Meta's epoch seconds; 0 means never, and so does what lies in no year."""
    return datetime.fromtimestamp(seconds, UTC) if isinstance(seconds, int) and 0 < seconds < MOST_SECONDS else None
