"""What mecra is made of: locked by hashes, named in a bill, and looked up among known holes; whoever could not ask does not pass."""

from __future__ import annotations

import json
import subprocess
import threading
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
LOCK = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))
HOLE = {
    "id": "GHSA-0000-made-up00", "modified": "2026-01-01T00:00:00Z", "published": "2026-01-01T00:00:00Z", "summary": "an invented hole",
    "affected": [{"package": {"ecosystem": "PyPI", "name": "click"}, "ranges": [], "versions": []}],
}  # fmt: skip

pytestmark = pytest.mark.skipif(not (ROOT / ".venv/bin/uv").exists(), reason="no uv in .venv (make setup puts it there)")


def make(target: str, args: str = "") -> subprocess.CompletedProcess[str]:
    """As a person types it, in an environment that is set up."""
    return subprocess.run(
        ["make", "-s", "-o", "setup", target, f"ARGS={args}"], cwd=ROOT, capture_output=True, text=True, timeout=300, check=False
    )


@contextmanager
def advisories(vulnerable: bool) -> Iterator[str]:
    """A service as OSV is: each package asked for has no hole, but one of them where it is to."""

    class Osv(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["queries"]
            names = [query["package"]["name"] for query in asked]
            self.say({"results": [{"vulns": [HOLE]} if vulnerable and name == "click" else {} for name in names]})

        def do_GET(self) -> None:
            self.say(HOLE)

        def say(self, value: Any) -> None:
            body = json.dumps(value).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *rest: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Osv) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()


def test_every_package_is_locked_by_its_hash() -> None:
    for package in LOCK["package"]:
        if package["name"] == "mecra":
            continue
        assert "registry" in package["source"], f"{package['name']} comes from {package['source']}"
        files = [*package.get("wheels", []), *([package["sdist"]] if "sdist" in package else [])]
        assert files and all(file["hash"].startswith("sha256:") for file in files), package["name"]
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert "sync --locked" in makefile and "uv==" in makefile


def test_the_bill_names_every_package_that_is_installed() -> None:
    done = make("sbom")
    assert done.returncode == 0, done.stderr
    bill = json.loads(done.stdout)
    assert bill["bomFormat"] == "CycloneDX"
    named = {(one["name"], one["version"]) for one in bill["components"]}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = {dependency.split(">")[0].split("=")[0].strip() for dependency in project["dependencies"]}
    assert wanted <= {name for name, _version in named}
    for name, version in named:
        try:
            assert distribution(name).version == version
        except PackageNotFoundError:
            continue  # of another system
    assert all(reference["hashes"] for one in bill["components"] for reference in one["externalReferences"])


@pytest.mark.parametrize("vulnerable", [False, True])
def test_an_audit_finds_what_is_known(vulnerable: bool) -> None:
    with advisories(vulnerable) as service:
        done = make("audit", f"--service-url {service}")
    assert (done.returncode != 0) == vulnerable, done.stdout + done.stderr
    assert ("GHSA-0000-made-up00" in done.stdout + done.stderr) == vulnerable


def test_an_audit_that_could_not_ask_fails() -> None:
    done = make("audit", "--service-url http://127.0.0.1:1/")
    assert done.returncode != 0
    assert "could not be asked, so nothing is known" in done.stderr
