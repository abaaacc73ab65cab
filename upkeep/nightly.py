"""The daemon's lane for itself: jobs that are asked every minute and know themselves what is due."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Protocol

from config import Settings
from config.secrets import Secrets
from model import Clock, MecraError
from upkeep.nightly_backup import NightlyBackup
from upkeep.retention import Keeping
from upkeep.verifying import Verifying

log = logging.getLogger("mecra.upkeep")


class Job(Protocol):
    """`work` does what is due now, and returns at once when nothing is. Raises MecraError for what it can explain."""

    def work(self) -> None: ...


class Upkeep:
    """The jobs, one after the other; one that fails keeps no other from its work."""

    def __init__(self, jobs: Sequence[Job]) -> None:
        self.jobs = tuple(jobs)

    def work(self) -> None:
        for job in self.jobs:
            try:
                job.work()
            except MecraError as error:
                log.error("%s", error)
            except Exception:
                log.exception("%s: unexpected; tried again at the next tick", type(job).__name__)


def jobs(settings: Settings, secrets: Secrets, now: Clock, alive: Callable[[], None]) -> list[Job]:
    """Everything that is done in this lane. A job that takes minutes calls `alive` between its steps, else it is taken for hung."""
    return [NightlyBackup(settings, now, alive), Verifying(settings, now), Keeping(settings, secrets, now)]
