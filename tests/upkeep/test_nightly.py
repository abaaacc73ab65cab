"""The daemon's lane for itself."""

from __future__ import annotations

import logging

import pytest

from model import MecraError
from upkeep.nightly import Upkeep


class Told:
    """A job that does what it is told to."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error, self.worked = error, 0

    def work(self) -> None:
        self.worked += 1
        if self.error:
            raise self.error


def test_a_job_that_fails_keeps_no_other_from_its_work(caplog: pytest.LogCaptureFixture) -> None:
    jobs = [Told(MecraError("no room on the disk")), Told(ZeroDivisionError()), Told()]
    with caplog.at_level(logging.ERROR, "mecra.upkeep"):
        Upkeep(jobs).work()
    assert [job.worked for job in jobs] == [1, 1, 1]
    assert "no room on the disk" in caplog.text and "Told: unexpected" in caplog.text
