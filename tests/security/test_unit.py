"""The units of daemon and panel: they may do little, and say so the same here as systemd reckons it."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

UNITS = [Path(__file__).parents[2] / "docs" / name for name in ("mecra.service", "mecra-panel.service")]
both = pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
MOST_EXPOSED = 2.0  # of 10, as systemd-analyze reckons
CLOSED = {
    "CapabilityBoundingSet": "", "NoNewPrivileges": "yes", "ProtectSystem": "strict", "ProtectHome": "yes", "PrivateTmp": "yes",
    "PrivateDevices": "yes", "ProtectProc": "invisible", "RestrictNamespaces": "yes", "RestrictSUIDSGID": "yes", "UMask": "0077",
    "LimitCORE": "0", "NoExecPaths": "/", "SystemCallArchitectures": "native",
    "RestrictAddressFamilies": "AF_INET AF_INET6 AF_UNIX", "User": "mecra",
}  # fmt: skip


def settings(unit: Path) -> list[tuple[str, str]]:
    return re.findall(r"^(\w+)=(.*)$", unit.read_text(encoding="utf-8"), re.M)


@both
def test_what_it_may_not_do(unit: Path) -> None:
    found = dict(settings(unit))
    assert {name: found.get(name) for name in CLOSED} == CLOSED
    assert [value for name, value in settings(unit) if name == "SystemCallFilter"][:2] == [
        "@system-service",
        "~@privileged @resources",
    ]


def test_the_data_are_the_daemon_s_and_the_panel_reaches_nobody() -> None:
    daemon, panel = (dict(settings(unit)) for unit in UNITS)
    assert (daemon["StateDirectory"], daemon["StateDirectoryMode"]) == ("mecra", "0700")
    assert (panel["IPAddressDeny"], panel["IPAddressAllow"]) == ("any", "localhost")


@both
def test_no_secret_stands_in_it(unit: Path) -> None:
    """A unit can be read by everybody; secrets come by credentials or from secrets.toml."""
    assert {value.partition("=")[0] for name, value in settings(unit) if name == "Environment"} == {"MECRA_DATA"}


@both
@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed: its own reckoning is not asked for")
def test_systemd_reckons_it_little_exposed(unit: Path) -> None:
    done = subprocess.run(
        ["systemd-analyze", "security", "--offline=yes", "--no-pager", str(unit)], capture_output=True, text=True, check=False
    )
    if "unrecognized option" in done.stderr:
        pytest.skip("systemd is older than 250: it reckons only units that run")
    reckoned = re.search(rf"Overall exposure level for {re.escape(unit.name)}: ([\d.]+)", done.stdout)
    assert reckoned, done.stdout + done.stderr
    assert float(reckoned[1]) < MOST_EXPOSED, done.stdout
