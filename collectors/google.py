"""Google's Python client, made to go through the door."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from functools import cache
from typing import Any, NamedTuple

from collectors.base import Malformed, Refused
from collectors.google_errors import CLIENT, LATER, StaleToken
from collectors.http import Door
from config.secrets import Secrets

TOKEN_URI = "https://oauth2.googleapis.com/token"  # noqa: S105  an address, not a token
TOKEN_LIFE = timedelta(minutes=55)  # of an hour, by our clock and not by the one that google-auth reads


@cache
def resource(interface: str, version: str, name: str) -> Any:
    """What makes the requests of one resource (`channels`), built once. It sends nothing: `Client.execute` does."""
    return getattr(_service(interface, version), name)()


@cache
def _service(interface: str, version: str) -> Any:
    """An interface as the description that comes with Google's client has it."""
    from googleapiclient.discovery import build

    return build(interface, version, http=_NoWay(), static_discovery=True, cache_discovery=False)


class _NoWay:
    """The way out of a resource by itself: there is none."""

    def request(self, *_: Any, **__: Any) -> Any:
        raise AssertionError("a request to Google past the door")

    def close(self) -> None:
        pass


class _TokenAnswer(NamedTuple):
    """What google-auth wants to see of an answer."""

    status: int
    headers: Mapping[str, str]
    data: bytes


class Client:
    """Sends the requests that a `resource` makes. It is the `http` that they are executed with, so that all goes through the door.

    With a refresh token it acts for the owner; with an API key only, it sees what everybody sees. The key and the access
    token travel in headers. `owner` raises Refused where there is a key only.
    """

    def __init__(self, door: Door, secrets: Secrets) -> None:
        self._door, self._secrets = door, secrets
        self._credentials: Any = None
        self._token, self._issued = "", door.now()

    def owner(self) -> None:
        if not self._secrets.get("youtube", "refresh_token"):
            raise Refused("only the channel's owner may ask this, and there is no consent", cure="run `mecra auth youtube`")

    def execute(self, request: Any) -> dict[str, Any]:
        """The answer to a request of a `resource`. Raises CollectError only, and quotes nothing of the answer."""
        from google.auth.exceptions import GoogleAuthError
        from googleapiclient.errors import Error
        from httplib2 import HttpLib2Error

        try:
            answer = request.execute(http=self, num_retries=0)
        except (GoogleAuthError, Error, HttpLib2Error, LookupError, ValueError, TypeError, AttributeError) as error:
            trouble = type(error).__name__
        else:
            if isinstance(answer, dict) and self._door.last and isinstance(self._door.last.value, dict):
                return self._door.last.value  # the client reads half letters and infinity, which nobody can store
            trouble = f"a {type(answer).__name__} instead of an object"
        raise Malformed(f"Google's client could not read the answer ({trouble})", at=str(request.methodId), cure=LATER)

    def request(
        self, uri: str, method: str = "GET", body: Any = None, headers: Mapping[str, str] | None = None, **_: Any
    ) -> tuple[Any, bytes]:
        """httplib2's `request`, through the door."""
        from httplib2 import Response

        try:
            response = self._door.request(method, uri, data=body, headers=self._authorized(uri, method, headers))
        except StaleToken:
            if not self._renew():
                raise
            response = self._door.request(method, uri, data=body, headers=self._authorized(uri, method, headers))
        return Response({**response.headers, "status": str(response.status_code)}), response.content

    def close(self) -> None:
        """The door is closed by whoever opened it."""

    def _authorized(self, uri: str, method: str, headers: Mapping[str, str] | None) -> dict[str, str]:
        signed = dict(headers or {})
        if not self._door.dry:
            self._credentials = self._credentials or self._make_credentials()
            if self._token and self._door.now() - self._issued > TOKEN_LIFE:
                self._renew()
            self._credentials.before_request(self._fetch_token, method, uri, signed)
            if self._credentials.token != self._token:
                self._token, self._issued = self._credentials.token, self._door.now()
                self._secrets.remember(self._token)
        return signed

    def _renew(self) -> bool:
        """A new access token, where there is a refresh token to get it with."""
        if not getattr(self._credentials, "refresh_token", None):
            return False
        self._credentials.refresh(self._fetch_token)
        return True

    def _make_credentials(self) -> Any:
        refresh, identity, secret, key = (
            self._secrets.get("youtube", name) for name in ("refresh_token", "client_id", "client_secret", "api_key")
        )
        made: Any
        if refresh:
            if not identity or not secret:
                raise Refused("a refresh token without the client that it was given to", cure=CLIENT)
            from google.oauth2 import credentials

            made = credentials.Credentials
            return made(None, refresh_token=refresh, client_id=identity, client_secret=secret, token_uri=TOKEN_URI)
        if not key:
            cure = "run `mecra auth youtube` (everything), or set MECRA_YOUTUBE_API_KEY (public figures only)"
            raise Refused("no credentials for YouTube", cure=cure, shared=True)
        from google.auth import api_key

        made = api_key.Credentials
        return made(key)

    def _fetch_token(
        self, url: str, method: str = "GET", body: Any = None, headers: Mapping[str, str] | None = None, **_: Any
    ) -> _TokenAnswer:
        """google-auth's transport, through the door."""
        response = self._door.request(method, url, data=body, headers=dict(headers or {}))
        return _TokenAnswer(response.status_code, dict(response.headers), response.content)
