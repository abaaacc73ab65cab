"""Whether a backup is one: unpacked as a restore does it, read whole, and verified."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

from config.plan import Plan
from config.plan_file import parse_plan
from indicators.finding import Finding
from indicators.verify import verify
from model import MecraError
from storage import opened
from storage.copying import Contents, examine
from storage.database import MIGRATIONS
from storage.plans import plan_body
from storage.snapshots import heads
from upkeep.copies import Alive
from upkeep.packed import DATABASE, SEALS, BadBackup, Manifest, unpack
from words import _


def checked(
    zone: ZoneInfo, packed: Path, manifest: Manifest, directory: Path, alive: Alive, *, full: bool = False
) -> list[Finding]:
    """Unpack a backup into a directory that is not there yet, and answer what in it is not as it was sealed.

    Raises BadBackup when it is not what was packed, or no whole database. `full` measures every sealed value again.
    """
    contents = opened_up(packed, manifest, directory, alive)
    return findings_in(zone, directory, contents, full=full)


def opened_up(packed: Path, manifest: Manifest, directory: Path, alive: Alive) -> Contents:
    """Unpack, read every page, count the rows again. Raises BadBackup."""
    directory.mkdir(mode=0o700)
    unpack(packed, manifest, directory, alive)
    contents, faults = examine(directory / DATABASE)
    alive()
    if faults or contents is None:
        raise BadBackup(
            _("the database in {path} is not whole ({faults}): use another backup").format(
                path=packed, faults="; ".join(faults[:3])
            )
        )
    if contents.to_json() != manifest.contents:
        raise BadBackup(_("{path} holds other rows than it says: use another backup").format(path=packed))
    return contents


def findings_in(
    zone: ZoneInfo, directory: Path, contents: Contents, *, full: bool = False, seals: Path | None = None
) -> list[Finding]:
    """What `mecra verify` finds wrong in an unpacked database against a file of seals (its own, unless another one is named).

    Nothing of one whose schema is still to be brought up to date: it can be verified only afterwards.
    """
    if contents.schema != MIGRATIONS:
        return []
    with opened(directory / DATABASE, zone, read_only=True) as storage:

        def newest_plan() -> Plan:
            """Of the newest snapshot: that the settings name another one by now is nothing that a backup could get wrong."""
            newest = next(iter(heads(storage)), None)
            if newest is None:
                raise MecraError(_("no snapshot is kept"))
            return parse_plan(plan_body(storage, newest.plan), newest.plan[:12])

        found = verify(storage, seals or directory / SEALS, parse_plan, newest_plan, quick=not full, add=False)
    return [finding for finding in found if finding.failed]
