"""Whether what keeps mecra whole was done: the backup, and the verifying of the seals."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from storage import backups, verified
from storage.incidents import Condition
from storage.snapshots import first_answer
from upkeep.conditions import Look
from words import N_, Note

LONGEST = 300
FAILED = N_("the last try failed: {why}")
SECOND = N_("the second copy could not be made: {why}")
OLD = N_("the last good one is {hours} h old")
NEVER = N_("none was made yet")
BACKUP = N_("`mecra backup` tries at once and says what is wrong (docs/operating.md)")
FOUND = N_("{n} findings, the first: {first}")
UNABLE = N_("the seals could not be verified: {why}")
VERIFY = N_(
    "run `mecra verify`, change nothing, and keep a copy of the data directory; docs/operating.md tells what each finding means"
)


def backup(look: Look) -> Iterator[Condition]:
    """A backup that failed, and a last good one that is too old; only where the daemon makes them."""
    if not look.settings.backup.nightly:
        return
    known, now = backups.known(look.settings.data), look.now
    place = str(look.settings.backups)
    if known.failed:
        yield Condition("backup_failed", place, known.failed, Note(FAILED, {"why": known.why[:LONGEST]}), Note(BACKUP))
    if known.second_why:
        about = str(look.settings.backup.second or place)
        yield Condition("backup_failed", about, known.good or now, Note(SECOND, {"why": known.second_why[:LONGEST]}), Note(BACKUP))
    since = known.good or first_answer(look.storage)
    if since and now - since > look.settings.alarms.backup_age:
        what = Note(OLD, {"hours": (now - since) // timedelta(hours=1)}) if known.good else Note(NEVER)
        yield Condition("backup_old", place, since, what, Note(BACKUP))


def seals(look: Look) -> Iterator[Condition]:
    """What the nightly verifying found, or that it could not be done."""
    known = verified.known(look.settings.data)
    if known.findings or known.why:
        what = (
            Note(FOUND, {"n": known.findings, "first": known.first[:LONGEST]})
            if known.findings
            else Note(UNABLE, {"why": known.why[:LONGEST]})
        )
        yield Condition("verify_failed", "seals", known.done or look.now, what, Note(VERIFY))
