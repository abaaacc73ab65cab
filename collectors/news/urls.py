"""When two addresses name one article, and whose article it is."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from urllib.parse import parse_qs, parse_qsl, quote, unquote_to_bytes, urlencode, urljoin, urlsplit

SHIPPED = Path(__file__).parents[2] / "config" / "feeds.toml"
SCHEME = re.compile(r"^[a-z][a-z0-9+.\-]*://", re.I)
HOST = re.compile(r"[^\s\0-\x20/?#@\\]+")
LONGEST_WRAPPER = 2000
DROPPED = frozenset({"fbclid", "gclid", "yclid", "oc", "ref", "m", "amp", "paging", "service"})
TWINS = ("www.", "m.", "mobile.", "amp.")
PLAIN = re.compile(r"(?:/(?!(?:amp|\.\.?)(?:/|$))[A-Za-z0-9_.~!$&'()*+,:;=@-]+)*/?")  # a path that is in order already
AMP_CACHE = re.compile(r"^/(?:[a-z]/)+(?=[^/]+\.)")

# The words before an article's trailing number change when its title is edited; at these outlets the section does too.
NUMBERED_HOSTS = frozenset({"hurriyet.com.tr", "milliyet.com.tr", "yeniakit.com.tr", "sozcu.com.tr", "haberler.com"})
NUMBERED = re.compile(r".*[-/]p?(\d{5,})(?:-haberi?)?(?:\.\w{2,5})?$")
NUMBERED_ELSEWHERE = re.compile(r"(.*/)[^/\d]*[^/]*?-(\d{6,10})(?:\.\w{2,5})?$")
DATED = re.compile(r"(?:[0-3]\d[01]\d(?:20)?[0-4]\d|(?:20)?[0-4]\d[01]\d[0-3]\d)$")


def url_key(url: str) -> str:
    """Host, path and telling parameters of `url`: equal for the www, mobile, AMP, http and tracked forms of one page.

    A trailing number of six digits or more that is no date stands for the words before it. Not an address to fetch;
    `url_key(url_key(u)) == url_key(u)` (facts: yt_news 16.4, 16.5).
    """
    url = url.strip()
    try:
        parts = urlsplit(url if SCHEME.match(url) else "//" + url.lstrip("/"))
        host, port = _host(parts.hostname or ""), parts.port
    except ValueError:
        return url
    if not HOST.fullmatch(host):
        return url
    within = len(url) <= LONGEST_WRAPPER  # each wrapper is one more call
    if within and host.endswith(".cdn.ampproject.org") and (wrapped := AMP_CACHE.sub("", parts.path)) != parts.path:
        return url_key(wrapped)
    path = _path(parts.path)
    if within and host == "google.com" and path == "/url" and (target := parse_qs(parts.query).get("url", [""])[0]):
        return url_key(target)
    if host in NUMBERED_HOSTS and (found := NUMBERED.match(path)):
        return f"{host}/{found[1]}"
    if (found := NUMBERED_ELSEWHERE.match(path)) and not DATED.match(found[2]):
        path = found[1] + found[2]
    pairs = parse_qsl(parts.query, keep_blank_values=True) if parts.query else []
    query = urlencode(sorted(pair for pair in pairs if not _tracks(pair[0])))
    place = host if port in (None, 80, 443) else f"{host}:{port}"
    return place + path + (f"?{query}" if query else "")


def outlet_of(url: str, feeds: Path | None = None) -> str:
    """The outlet's name for the host of `url` or of its parent domain, else that host itself. `feeds`: the feed list in use."""
    known = outlet_names(feeds or SHIPPED)
    host = host_of(url)
    labels = host.split(".")
    parents = (".".join(labels[i:]) for i in range(len(labels) - 1))
    return next((known[parent] for parent in parents if parent in known), host)


def host_of(url: str) -> str:
    """The host of `url` without `www.` and its like; empty where there is none."""
    try:
        return _host(urlsplit(url if SCHEME.match(url) else "//" + url.lstrip("/")).hostname or "")
    except ValueError:
        return ""


def joined(base: str, link: str, otherwise: str | None = None) -> str:
    """The address that a link leads to from `base`; where that is none `otherwise`, else the link as it is."""
    try:
        return urljoin(base, link)
    except ValueError:
        return link if otherwise is None else otherwise


@cache
def outlet_names(path: Path = SHIPPED) -> Mapping[str, str]:
    """Host to outlet name, as a feed list says: of its feeds, and of further hosts under [hosts]."""
    listed = tomllib.loads(path.read_text(encoding="utf-8"))
    fed = {host_of(str(feed.get("url", ""))): str(feed["outlet"]) for feed in listed.get("feed", []) if "outlet" in feed}
    hosts = listed.get("hosts", {})
    return {**fed, **{host: str(outlet) for host, outlet in (hosts.items() if isinstance(hosts, dict) else ())}}


def _host(host: str) -> str:
    host = host.rstrip(".").lower()
    if not host.isascii():
        try:
            host = host.encode("idna").decode().rstrip(".")  # other scripts have full stops of their own
        except UnicodeError:
            host = quote(host.encode("utf-8", "replace")).lower()
    while host.startswith(TWINS) and host.count(".") > 1:
        host = host.partition(".")[2]
    return host


def _path(path: str) -> str:
    if PLAIN.fullmatch(path):
        return path.rstrip("/")
    steps: list[bytes] = []
    for step in unquote_to_bytes(path).split(b"/"):
        if step == b"..":
            del steps[-1:]
        elif step not in (b"", b".", b"amp"):
            steps.append(step)
    return "".join("/" + quote(step, safe="!$&'()*+,:;=@") for step in steps)


def _tracks(name: str) -> bool:
    return name.lower().startswith("utm_") or name.lower() in DROPPED
