"""The daemon's unit: it may do little, and says so the same here as systemd reckons it."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

UNIT = Path(__file__).parents[2] / "docs" / "mecra.service"
MOST_EXPOSED = 2.0  # of 10, as systemd-analyze reckons
CLOSED = {
    "CapabilityBoundingSet": "", "NoNewPrivileges": "yes", "ProtectSystem": "strict", "ProtectHome": "yes", "PrivateTmp": "yes",
    "PrivateDevices": "yes", "ProtectProc": "invisible", "RestrictNamespaces": "yes", "RestrictSUIDSGID": "yes", "UMask": "0077",
    "StateDirectoryMode": "0700", "LimitCORE": "0", "NoExecPaths": "/", "SystemCallArchitectures": "native",
    "RestrictAddressFamilies": "AF_INET AF_INET6 AF_UNIX", "User": "mecra",
}  # fmt: skip


def settings() -> list[tuple[str, str]]:
    return re.findall(r"^(\w+)=(.*)$", UNIT.read_text(encoding="utf-8"), re.M)


def test_what_it_may_not_do() -> None:
    found = dict(settings())
    assert {name: found.get(name) for name in CLOSED} == CLOSED
    assert [value for name, value in settings() if name == "SystemCallFilter"][:2] == ["@system-service", "~@privileged @resources"]


def test_no_secret_stands_in_it() -> None:
    """A unit can be read by everybody; secrets come by credentials or from secrets.toml."""
    assert {value.partition("=")[0] for name, value in settings() if name == "Environment"} == {"MECRA_DATA"}


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed: its own reckoning is not asked for")
def test_systemd_reckons_it_little_exposed() -> None:
    done = subprocess.run(
        ["systemd-analyze", "security", "--offline=yes", "--no-pager", str(UNIT)], capture_output=True, text=True, check=False
    )
    if "unrecognized option" in done.stderr:
        pytest.skip("systemd is older than 250: it reckons only units that run")
    reckoned = re.search(r"Overall exposure level for mecra\.service: ([\d.]+)", done.stdout)
    assert reckoned, done.stdout + done.stderr
    assert float(reckoned[1]) < MOST_EXPOSED, done.stdout
