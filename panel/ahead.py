"""What takes a while to find out is found out before somebody asks for it: the figures of the newest statements, once for each of them."""

from __future__ import annotations

import logging
import threading

from panel.evidence import measured
from panel.indicator import details
from panel.periods import usual_period
from panel.posts import figures
from panel.shell import Shell
from reports.reading import standings
from storage.snapshots import last_number
from words import speaking

log = logging.getLogger("mecra.panel")
EVERY = 60.0  # seconds


def look_ahead(shell: Shell) -> None:
    """The newest half-year and its year, as the pages of their indicators show them in the panel's own language; what posts stand at."""
    with shell.storage() as storage, speaking(shell.language):
        figures(shell.database).refreshed(storage)
        usual = usual_period(shell, storage)
        for period in dict.fromkeys((usual, usual.whole_year)):
            if found := standings(storage, period):
                for row in found.rows:
                    measured(shell, storage, found, row.indicator.code, period)
                    details(shell, storage, found, row)


def keep_ahead(shell: Shell, over: threading.Event) -> None:
    """Look ahead whenever there is a newer statement, until it is `over`. What fails fails again where it is asked for, and is told there."""
    seen = -1
    while not over.is_set():
        try:
            with shell.storage() as storage:
                newest = last_number(storage)[0]
            if newest != seen:
                look_ahead(shell)
                seen = newest
        except Exception as error:
            log.info("looking ahead: %s", error)
        over.wait(EVERY)
