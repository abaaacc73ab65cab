"""Who may ask the sandbox's X, and the refusals in X's own words."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, quote, unquote

from sandbox.faults import Reply, Request
from sandbox.server import Sandbox

BEARER, KEY, TOKEN, CLIENT = "sandbox-x-bearer", "sandbox-x-key", "sandbox-x-access", "sandbox-x-client"
CODE = "sandbox-x-code"  # what the consent page, which the sandbox has not, would send back
PROBLEMS = {"tweet": "https://api.twitter.com/2/problems/", "post": "https://api.x.com/2/problems/"}


class Refusal(Exception):
    def __init__(self, status: int, value: Mapping[str, Any]) -> None:
        self.status, self.value = status, value


def dialect_of(box: Sandbox) -> str:
    return str(box.state.get("x_dialect", "tweet"))


def renewed(box: Sandbox, request: Request) -> Reply:
    form = dict(parse_qsl(request.body.decode("ascii", "replace")))
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    basic = base64.b64encode(f"{CLIENT}:{CLIENT}-secret".encode()).decode()
    if form.get("client_id") != CLIENT or (scheme == "Basic" and given != basic):
        raise Refusal(401, {"error": "unauthorized_client", "error_description": "Missing valid authorization header"})
    good = box.state.setdefault("x_refresh", "sandbox-x-refresh")
    consented = (form.get("grant_type"), form.get("code")) == ("authorization_code", CODE) and len(
        form.get("code_verifier", "")
    ) > 42
    if not consented and (form.get("grant_type") != "refresh_token" or form.get("refresh_token") != good):
        raise Refusal(400, {"error": "invalid_request", "error_description": "Value passed for the token was invalid."})
    serial = box.state["x_serial"] = box.state.get("x_serial", 0) + 1
    access, refresh = f"sandbox-x-user-{serial}", f"sandbox-x-refresh-{serial}"
    box.state["x_refresh"] = refresh
    box.state.setdefault("x_tokens", {})[access] = box.now + timedelta(hours=2)
    value = {"token_type": "bearer", "expires_in": 7200, "access_token": access, "refresh_token": refresh}
    return Reply(value=value | {"scope": "users.read tweet.read offline.access"})


def context_of(box: Sandbox, request: Request) -> str:
    """`app` or `user`; raises the refusal for credentials that are not good."""
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    if scheme == "Bearer" and given == BEARER:
        return "app"
    if scheme == "Bearer" and box.state.get("x_tokens", {}).get(given, box.now) > box.now:
        return "user"
    if scheme == "OAuth":
        said = {k: unquote(v) for k, v in re.findall(r'(\w+)="([^"]*)"', given)}
        signed = hmac.compare_digest(said.pop("oauth_signature", ""), _signature(request, said))
        if signed and (said.get("oauth_consumer_key"), said.get("oauth_token")) == (KEY, TOKEN):
            return "user"
    raise problem(box, 401, "Unauthorized", "Unauthorized")


def _signature(request: Request, said: Mapping[str, str]) -> str:
    """HMAC-SHA1 over the request, RFC 5849 3.4."""
    pairs = sorted((_escaped(k), _escaped(v)) for k, v in {**request.query, **said}.items() if k != "realm")
    url = f"{request.base}/{request.platform}{request.path}"
    text = "&".join(map(_escaped, (request.method, url, "&".join(f"{k}={v}" for k, v in pairs))))
    digest = hmac.digest(f"{KEY}-secret&{TOKEN}-secret".encode(), text.encode(), hashlib.sha1)
    return base64.b64encode(digest).decode()


def _escaped(text: str) -> str:
    return quote(text, safe="-._~")


def problem(box: Sandbox, status: int, title: str, detail: str, kind: str = "") -> Refusal:
    type_ = PROBLEMS[dialect_of(box)] + kind if kind else "about:blank"
    return Refusal(status, {"title": title, "detail": detail, "type": type_, "status": status})


def invalid(box: Sandbox, name: str, value: str, message: str) -> Refusal:
    errors = [{"parameters": {name: [value]}, "message": message}]
    detail = "One or more parameters to your request was invalid."
    return Refusal(
        400, {"errors": errors, "title": "Invalid Request", "detail": detail, "type": PROBLEMS[dialect_of(box)] + "invalid-request"}
    )


def not_found(box: Sandbox, resource: str, parameter: str, value: str) -> dict[str, Any]:
    return {
        "resource_type": resource, "resource_id": value, "parameter": parameter, "value": value, "title": "Not Found Error",
        "type": PROBLEMS[dialect_of(box)] + "resource-not-found",
    }  # fmt: skip


def unauthorized_field(box: Sandbox, field: str) -> dict[str, Any]:
    return {
        "resource_type": "tweet", "section": "data", "field": field, "title": "Field Authorization Error",
        "detail": f"Sorry, you are not authorized to access '{field}' on the Tweet.",
        "type": PROBLEMS[dialect_of(box)] + "not-authorized-for-field",
    }  # fmt: skip
