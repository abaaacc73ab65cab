"""The faults that every contestant meets: those of one cursor-paged listing and of one feed in the pipeline's own table, and a kill."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sandbox.server import Sandbox
from tests.fault_table import CASES, FAULTS
from tests.faulty import MARMARA, NIGHT, NOON

KILLED = "killed between two pages"
FEED = "yaka-ajans"
TIMES = {"x": NOON, "feed": NIGHT}
STREAMS = {"x": "posts", "feed": "items"}


@dataclass(frozen=True, slots=True)
class Scene:
    """One fault, for everybody alike. `later`: when the second run comes, without the fault. `before`: an undisturbed run the day before."""

    source: str
    fault: str
    name: str
    match: str
    skip: int = 0
    times: int | None = None
    before: bool = False
    later: timedelta = timedelta(days=1)

    @property
    def at(self) -> datetime:
        return TIMES[self.source]

    @property
    def told(self) -> str:
        """The fault as the report names it."""
        same = [
            case
            for case in CASES
            if (case.collector, case.stream) == (self.source, STREAMS[self.source]) and case.fault == self.fault
        ]
        if len(same) < 2:
            return self.fault
        return f"{self.fault} ({self.name}{', once' if self.times == 1 else ''})"

    def begin(self, box: Sandbox) -> None:
        box.now = self.at - timedelta(days=self.before)
        box.state["x_page"] = 20

    def strike(self, box: Sandbox) -> None:
        box.now = self.at
        box.fault(self.name, self.match, times=self.times, skip=self.skip)


def scenes(source: str) -> Iterator[Scene]:
    """In the order of the pipeline's list; a kill at the end."""
    known = list(FAULTS)
    cases = [case for case in CASES if (case.collector, case.stream) == (source, STREAMS[source])]
    for case in sorted(cases, key=lambda case: known.index(case.fault) if case.fault in known else len(known)):
        rest = max(case.rest or timedelta(0), timedelta(days=1 if source == "x" else 0)) + timedelta(minutes=1)
        yield Scene(source, case.fault, case.name, case.strike.match, case.strike.skip, case.times, case.before, rest)
    if source == "x":
        yield Scene(source, KILLED, "timeout", "/tweets", 2)


def sandbox() -> Sandbox:
    return Sandbox(MARMARA, now=NOON)
