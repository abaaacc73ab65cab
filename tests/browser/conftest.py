"""Debian's Chromium, and the panel over a town's database on a free port of loopback."""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from console.serving import application
from tests.browser.town import NOW, Town, build

ABSENT = "there is no Chromium: install Debian's (as root: apt-get install chromium); `make test` does so where it may"
FLAGS = (
    "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One for the tests of a file; it is gone after them, and its event loop with it."""
    chromium = shutil.which("chromium")
    if chromium is None and os.environ.get("CI"):
        pytest.fail(ABSENT)
    if chromium is None:
        pytest.skip(ABSENT)
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=chromium, args=FLAGS, chromium_sandbox=False)
        yield found
        found.close()


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    return build(tmp_path_factory.mktemp("town"))


@pytest.fixture(scope="module")
def panel(town: Town) -> Iterator[str]:
    """Its address, without a slash at the end."""
    with served(town) as address:
        yield address


@contextmanager
def served(town: Town, *, now: datetime = NOW, password: str = "") -> Iterator[str]:
    import uvicorn

    app = application(town.settings, now=lambda: now, password=password)
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error", lifespan="off", server_header=False))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "the panel's server did not start"
        time.sleep(0.02)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(10)


def screenshots() -> Path:
    """Where pictures of the pages are left for people to look at; not in the repository."""
    found = Path(__file__).parent.parent.parent / ".screenshots"
    found.mkdir(exist_ok=True)
    return found
