"""tweepy over the door, with whichever of X's tokens there are; OAuth 2 tokens are renewed when they have run out.

First found whole: OAuth 1.0a (api_key, api_secret, access_token, access_secret), OAuth 2.0 of the user (access_token2,
refresh_token, client_id), the app's own bearer_token (public figures only, at the full price).
"""

from __future__ import annotations

import base64
import logging
from collections.abc import Mapping
from typing import Any

from collectors.base import Refused
from collectors.http import Door
from collectors.x_answers import Unauthorized
from config.secrets import Secrets

SDK_ROOT = "https://api.twitter.com"  # tweepy knows no other
OAUTH1 = ("api_key", "api_secret", "access_token", "access_secret")
LEAKING = ("tweepy.client", "oauthlib", "requests_oauthlib")  # they print headers at DEBUG


class Client:
    """Asks X; imports tweepy and looks for tokens at the first request."""

    def __init__(self, door: Door, secrets: Secrets) -> None:
        self._door, self._secrets = door, secrets
        self._tweepy: Any = None

    @property
    def kind(self) -> str:
        """Which tokens there are: `oauth1`, `oauth2` (both of a user) or `app`; raises Refused when there are none."""
        if all(map(self._secret, OAUTH1)):
            return "oauth1"
        if self._secret("access_token2") or self._secret("refresh_token"):
            return "oauth2"
        if self._secret("bearer_token"):
            return "app"
        missing = ", ".join(f"MECRA_X_{name.upper()}" for name in OAUTH1 if not self._secret(name))
        raise Refused(
            f"no tokens for X: {missing} missing", cure="run `mecra auth x`, or set them (docs/platforms.md)", shared=True
        )

    def get(self, path: str, params: Mapping[str, Any]) -> dict[str, Any]:
        """The body of one answer, which the door has judged; an OAuth 2 access token that has run out is renewed once."""
        try:
            return self._asked(path, params)
        except Unauthorized:
            if self.kind != "oauth2":
                raise
        self._renew(self._secret("access_token2"))
        return self._asked(path, params)

    def _asked(self, path: str, params: Mapping[str, Any]) -> dict[str, Any]:
        if self._tweepy is None:
            self._tweepy = self._made()
        # tweepy's own methods know one dialect only; `request` is what they all end in.
        value: dict[str, Any] = self._tweepy.request("GET", path, params=params, user_auth=self.kind == "oauth1").json()
        return value

    def _made(self) -> Any:
        import requests
        import tweepy

        for name in LEAKING:
            logging.getLogger(name).setLevel(logging.INFO)
        if self.kind == "oauth2" and not self._secret("access_token2"):
            self._renew(None)
        client = tweepy.Client(
            bearer_token=self._secret("access_token2" if self.kind == "oauth2" else "bearer_token"),
            consumer_key=self._secret("api_key"),
            consumer_secret=self._secret("api_secret"),
            access_token=self._secret("access_token"),
            access_token_secret=self._secret("access_secret"),
            return_type=requests.Response,
            wait_on_rate_limit=False,
        )
        client.session = self._door
        return client

    def _renew(self, dead: str | None) -> None:
        """Change the refresh token, which can be used once, for new tokens; they are kept before they are used."""
        self._tweepy = None
        with self._secrets.rotation():
            if (now := self._secret("access_token2")) and now != dead:
                return  # another process has been faster
            used, client, secret = map(self._secret, ("refresh_token", "client_id", "client_secret"))
            if not used or not client:
                raise Refused(
                    "the access token has run out and can't be renewed without refresh_token and client_id",
                    cure="run `mecra auth x`",
                )
            if secret:  # a platform that quotes the header tells it in this form
                self._secrets.remember(base64.b64encode(f"{client}:{secret}".encode()).decode())
            form = {"grant_type": "refresh_token", "refresh_token": used, "client_id": client}
            answer = self._door.post(f"{SDK_ROOT}/2/oauth2/token", data=form, auth=(client, secret) if secret else None).json()
            fresh = {"access_token2": str(answer["access_token"]), "refresh_token": str(answer.get("refresh_token") or used)}
            self._secrets.put("x", **fresh)
            if any(self._secret(name) != value for name, value in fresh.items()):
                raise Refused(
                    "X has changed the tokens, and the environment still holds the old ones",
                    cure="remove MECRA_X_REFRESH_TOKEN and MECRA_X_ACCESS_TOKEN2 from it; the new ones are in secrets.toml",
                )

    def _secret(self, name: str) -> str | None:
        return self._secrets.get("x", name)
