"""The settings of the panel: under which names it is asked for, and whom it believes who is signed in."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from config.checks import ConfigError, known, of_kind
from words import _


def panel(raw: Any, path: Path) -> Mapping[str, Any]:
    """`hosts`: further names; `user_header`: of a reverse proxy that names who is signed in; `proxies`: the addresses of such proxies,
    where they are not on this machine."""
    known(raw, {"hosts", "user_header", "proxies"}, path, "panel.")
    hosts = of_kind(raw.get("hosts", []), (list,), path, "panel.hosts")
    if not all(isinstance(host, str) for host in hosts):
        raise ConfigError(_('{path}: panel.hosts = {hosts!r}; write ["panel.kurum.bel.tr"]').format(path=path, hosts=hosts))
    proxies = of_kind(raw.get("proxies", []), (list,), path, "panel.proxies")
    try:
        addresses = tuple(str(ip_address(proxy)) for proxy in proxies)
    except ValueError:
        raise ConfigError(
            _('{path}: panel.proxies = {proxies!r}; write the addresses of the proxies: ["10.0.0.5"]').format(
                path=path, proxies=proxies
            )
        ) from None
    header = of_kind(raw.get("user_header", ""), (str,), path, "panel.user_header")
    return {"hosts": tuple(hosts), "user_header": header, "proxies": addresses}
