"""Messages sent once: what is begun, sent, refused or failed is kept, so that a restart goes on where the last run stood.

Between the sending and its being kept lies a moment in which the process may be killed: then one message may come twice, and says so.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from config.outgoing import Mail
from config.secrets import Secrets
from model import Clock, MecraError
from reports.mail import Letter, message
from reports.smtp import Delivery, NotSent, send
from storage import Storage
from storage.messages import BEGUN, FAILED, REFUSED, SENT, UNCLEAR, Tried, add_message, tried

log = logging.getLogger("mecra.mail")

FIRST_REST, LONGEST_REST = timedelta(minutes=15), timedelta(days=1)
Compose = Callable[[bool], Letter]  # told whether the message may have arrived before


@dataclass
class Posting:
    """`institution` is the name that messages are from; `longest`: how long the tries of one that did not arrive may lie apart."""

    mail: Mail
    secrets: Secrets
    institution: str
    now: Clock
    longest: timedelta = LONGEST_REST

    def post(self, storage: Storage, occasion: str, compose: Compose) -> bool:
        """Send to everybody who has not got it yet and whose next try is due. False: the server can't be worked with at present."""
        states = tried(storage, occasion)
        now = self.now()
        waiting = [one for one in self.mail.to if one not in states or is_due(states[one], now, self.longest)]
        doubtful = [one for one in waiting if one in states and states[one].outcome in (BEGUN, UNCLEAR)]
        for to, repeated in ([one for one in waiting if one not in doubtful], False), (doubtful, True):
            if to and not self._send(storage, occasion, compose, to, repeated):
                return False
        return True

    def _send(self, storage: Storage, occasion: str, compose: Compose, to: list[str], repeated: bool) -> bool:
        letter = compose(repeated)
        if repeated:
            log.warning(
                "%s: how the last sending to %s ended is not known; it is sent once more and says so", occasion, ", ".join(to)
            )
        body = message(letter, self.mail, to, institution=self.institution, at=self.now()).as_bytes()
        add_message(storage, occasion, [(one, BEGUN, "") for one in to], self.now())
        try:
            delivery = send(body, self.mail, to, self.secrets)
        except MecraError as error:
            refused = error.refused if isinstance(error, NotSent) else {}
            outcome = UNCLEAR if isinstance(error, NotSent) and error.unclear else FAILED
            rows = [(one, REFUSED, refused[one]) if one in refused else (one, outcome, str(error)) for one in to]
            add_message(storage, occasion, rows, self.now())
            log.error("%s: no message was sent: %s", occasion, error)
            return bool(refused)
        self._keep(storage, occasion, to, delivery)
        return True

    def _keep(self, storage: Storage, occasion: str, to: list[str], delivery: Delivery) -> None:
        refused = delivery.refused
        rows = [(one, REFUSED, refused[one]) if one in refused else (one, SENT, delivery.answer) for one in to]
        add_message(storage, occasion, rows, self.now())
        if sent := [one for one in to if one not in refused]:
            log.info("%s: sent to %s: %s", occasion, ", ".join(sent), delivery.answer)
        for one, answer in refused.items():
            log.error("%s: %s is refused by %s: %s; check mail.to", occasion, one, self.mail.host, answer)


def is_due(state: Tried, now: datetime, longest: timedelta = LONGEST_REST) -> bool:
    """Whether a message that did not arrive is to be tried again: after a quarter of an hour, then twice as long, at most a day."""
    return state.outcome != SENT and now >= state.at + min(FIRST_REST * 2 ** min(max(state.tries, 1) - 1, 10), longest)
