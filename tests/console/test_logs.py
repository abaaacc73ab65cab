"""What the log promises: nothing that was ever a secret, whichever way it got into a record."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest

from config.secrets import Secrets
from console.logs import CHATTY, LEAKY, Stderr, write_log

MARK = "MARKED-token/with+odd=signs"


@pytest.fixture(autouse=True)
def unchanged() -> Iterator[None]:
    root = logging.getLogger()
    level, handlers = root.level, root.handlers[:]
    yield
    root.setLevel(level)
    root.handlers[:] = handlers
    logging.captureWarnings(False)
    for name in (*LEAKY, *CHATTY):
        logging.getLogger(name).setLevel(logging.NOTSET)


@pytest.mark.parametrize(("level", "said"), [("info", []), ("debug", ["Running job"])])
def test_what_the_clock_work_says_each_minute_is_left_out(level: str, said: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    write_log(level, str)
    logging.getLogger("apscheduler.executors.x").info("Running job")
    logging.getLogger("apscheduler.scheduler").warning("skipped: maximum number of running instances reached")
    shown = capsys.readouterr().err
    assert [text for text in ("Running job",) if text in shown] == said
    assert ("skipped" in shown) == bool(said)


@pytest.mark.parametrize("as_json", [False, True])
def test_no_secret_in_message_arguments_exception_or_warning(as_json: bool, capsys: pytest.CaptureFixture[str]) -> None:
    secrets = Secrets({"MECRA_X_ACCESS_TOKEN": MARK})
    secrets.remember("MARKED-in-memory")
    write_log("debug", secrets.redact, as_json=as_json)
    log = logging.getLogger("mecra.test")
    log.info("plainly %s", MARK)
    log.debug("https://api.example/?access_token=MARKED-of-a-shape-%d&x=1", 1)
    log.info({"token": "MARKED-in-memory"})
    try:
        raise ValueError(f"Bearer {MARK} was refused")
    except ValueError:
        log.exception("it broke")
    logging.getLogger("py.warnings").warning("old style %s", MARK)
    said = capsys.readouterr()
    assert "MARKED" not in said.err and said.out == ""
    assert said.err.count("***") >= 4 and "it broke" in said.err and "ValueError" in said.err


def test_json_is_one_object_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    write_log("info", str, as_json=True)
    logging.getLogger("mecra.test").warning("ışıl ışıl\niki satır")
    said = json.loads(capsys.readouterr().err)
    assert (said["level"], said["logger"], said["message"]) == ("WARNING", "mecra.test", "ışıl ışıl\niki satır")


def test_loggers_that_write_headers_stay_quiet() -> None:
    write_log("debug", str)
    assert all(logging.getLogger(name).getEffectiveLevel() >= logging.INFO for name in LEAKY)
    assert logging.getLogger("mecra.http").getEffectiveLevel() == logging.DEBUG


def test_a_second_set_up_replaces_the_first(capsys: pytest.CaptureFixture[str]) -> None:
    write_log("info", str)
    write_log("error", str)
    assert sum(isinstance(handler, Stderr) for handler in logging.getLogger().handlers) == 1
    logging.getLogger("mecra.test").warning("not any more")
    assert capsys.readouterr().err == ""
