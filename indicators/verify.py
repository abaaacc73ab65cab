"""Verifying: every seal hashed again, the chain they make, and every sealed value measured again from the readings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from config.plan import Plan
from indicators.finding import Finding, found
from indicators.purged import as_sealed, purged_of, purges_told
from indicators.recompute import differences, measured_again
from indicators.seal import sealed_hash
from model import MecraError
from storage import Storage, audit
from storage.integrity import altered, touched_answers, touched_files
from storage.plans import plan_body, touched_plans, versions
from storage.proof import origins
from storage.purges import all_purges
from storage.seal_file import SealLine, add_missing, line_of, read_lines
from storage.snapshots import Snapshot, all_sealed
from words import N_, Note

SHORT = 12
BACKUP = N_("look for who changed the database, and restore a backup of before")
TOUCHED = N_("the stored rows are not those that were sealed: their SHA-256 is {now}, sealed was {was}")
BROKEN = N_("the seal before it is gone or was replaced: it rests on {was}, before it stands {now}")
GAP = N_("revision {missing} of {period} is missing")
REMOVED = N_("{period}, revision {revision}: sealed on {day} with {was}, and gone from the database")
REPLACED = N_("{period}, revision {revision}: sealed on {day} with {was}, and another one stands in its place")
ODD = N_("seals.txt: {n} lines are none of ours")
ADDED = N_("seals.txt: the line of {period}, revision {revision}, was missing and was added")
UNWRITTEN = N_("seals.txt can't be written: {why}")
RIGHTS = N_("see to the rights of the data directory")
NOTHING = N_("nothing is to be done")
LOOK = N_("compare the file with a backup of it")
PLAN = N_("the stored text of plan {plan} is not the one that was loaded")
NO_PLAN = N_("its plan {plan} is not stored any more")
NEWER = N_("the plan file was changed: {now} is in force, the newest snapshot was taken by {was}, which is kept")
CHANGED = N_("the plan file was changed: it is {now}, the newest snapshot was taken by {was}")
TAKE = N_("put the former file back, or make it a new version: `mecra plan check`, then `mecra snapshot {period}`")
UNREADABLE = N_("the plan file can't be used: {why}")
CHECK = N_("`mecra plan check` tells every mistake in it")
FAILED = N_("it can't be measured again: {why}")
ENTRY = N_("the file of entry {entry} is not the one that was handed in ({was})")
ANSWER = N_("the archived answer {response} has another body than was stored")
NO_ANSWER = N_("the archived answer {response} is gone")
GUARD = N_("the trigger {name} is gone, which keeps sealed and entered rows as they are")
ALTERED = N_("{name} is not as mecra made it: what is read through it may be something else")
STRANGE = N_("the trigger {name} is none of mecra's: it may change figures while they are written")
ACTS = {
    audit.CHANGED: N_("line {act} of the audit log is not the one that was written"),
    audit.MISSING: N_("the audit log lacks lines from {act} on"),
    audit.BROKEN: N_("line {act} of the audit log rests on another line than stands before it"),
}


def verify(
    storage: Storage,
    seals: Path,
    parse: Callable[[str, str], Plan],
    in_force: Callable[[], Plan],
    *,
    quick: bool = False,
    add: bool = True,
) -> list[Finding]:
    """Everything that is not as it was sealed. `seals` is the file beside the database, `parse` reads a stored plan (text, name),
    `in_force` the plan of the settings. `quick` measures nothing again; without `add` nothing is written to the file of seals."""
    sealed = all_sealed(storage)
    touched = {snapshot.snapshot for snapshot in sealed if sealed_hash(snapshot) != snapshot.sha256}
    wrong_plans = set(touched_plans(storage))
    return [
        *_schema(storage),
        *_chain(sealed, touched),
        *_file(seals, sealed, add),
        *(Finding("plan", Note(PLAN, {"plan": plan[:SHORT]}), Note(BACKUP)) for plan in sorted(wrong_plans)),
        *_plan_file(storage, in_force),
        *(() if quick else _again(storage, sealed, touched, wrong_plans, parse)),
        *(
            Finding("entry", Note(ENTRY, {"entry": str(entry), "was": sha256[:SHORT]}), Note(BACKUP))
            for entry, sha256 in touched_files(storage)
        ),
        *_answers(storage, sealed),
        *purges_told(storage),
        *(Finding("act", act_said(fault), Note(BACKUP)) for fault in audit.faults(storage)),
    ]


def act_said(fault: audit.Fault) -> Note:
    """What is wrong with a line of the audit log."""
    return Note(ACTS[fault.kind], {"act": str(fault.act)})


def _schema(storage: Storage) -> Iterator[Finding]:
    """What the figures are written and read through."""
    found = altered(storage)
    for text, names in ((GUARD, found.guards), (ALTERED, found.others), (STRANGE, found.strange)):
        yield from (Finding("guard", Note(text, {"name": name}), Note(BACKUP)) for name in names)


def _chain(sealed: list[Snapshot], touched: set[int]) -> Iterator[Finding]:
    before: Snapshot | None = None
    revisions: dict[str, int] = {}
    for snapshot in sealed:
        if snapshot.snapshot in touched:
            yield found("seal", TOUCHED, BACKUP, snapshot, now=sealed_hash(snapshot)[:SHORT], was=(snapshot.sha256 or "")[:SHORT])
        stands = before.sha256 if before else None
        if snapshot.previous_sha256 != stands:
            was, now = ((sha256 or "–")[:SHORT] for sha256 in (snapshot.previous_sha256, stands))
            yield found("chain", BROKEN, BACKUP, snapshot, was=was, now=now)
        for missing in range(revisions.get(snapshot.period, 0) + 1, snapshot.revision):
            yield found("chain", GAP, BACKUP, snapshot, missing=missing)
        revisions[snapshot.period] = max(snapshot.revision, revisions.get(snapshot.period, 0))
        before = snapshot


def _file(path: Path, sealed: list[Snapshot], add: bool) -> Iterator[Finding]:
    """The lines of seals.txt that the database knows nothing of; those of the database that the file has not are added (`add`)."""
    lines, odd = read_lines(path)
    there = {line_of(snapshot): snapshot for snapshot in sealed}
    places = {(line.period, line.revision) for line in there}
    odd = [text for text in odd if not any(str(line).startswith(text) for line in there)]  # cut off by a crash, and written again
    if odd:
        yield Finding("file", Note(ODD, {"n": len(odd)}), Note(LOOK))
    for line in lines:
        if line not in there:
            yield _lost(line, REPLACED if (line.period, line.revision) in places else REMOVED)
    if not add:
        return
    try:
        added = add_missing(path, sealed)
    except OSError as error:
        yield Finding("file", Note(UNWRITTEN, {"why": str(error.strerror)}), Note(RIGHTS))
        return
    for line in added:
        yield replace(found("file", ADDED, NOTHING, there[line]), failed=False)


def _lost(line: SealLine, text: str) -> Finding:
    values: dict[str, int | str] = {
        "period": line.period, "revision": line.revision, "day": line.sealed_at[:10], "was": line.sha256[:SHORT],
    }  # fmt: skip
    return Finding("removed", Note(text, values), Note(BACKUP), line.period, line.revision)


def _plan_file(storage: Storage, in_force: Callable[[], Plan]) -> Iterator[Finding]:
    """The settings' plan against the one that the newest snapshot was taken by."""
    from storage.snapshots import heads

    newest = next(iter(heads(storage)), None)
    if newest is None:
        return
    try:
        plan = in_force()
    except MecraError as error:
        yield Finding("plan", Note(UNREADABLE, {"why": str(error)}), Note(CHECK))
        return
    if plan.sha256 == newest.plan:
        return
    values: dict[str, int | str] = {"now": plan.sha256[:SHORT], "was": newest.plan[:SHORT], "period": newest.period}
    if any(version.plan == plan.sha256 for version in versions(storage)):
        yield Finding("plan", Note(NEWER, values), Note(NOTHING), failed=False)
    else:
        yield Finding("plan", Note(CHANGED, values), Note(TAKE, values))


def _again(
    storage: Storage, sealed: Iterable[Snapshot], touched: set[int], wrong_plans: set[str], parse: Callable[[str, str], Plan]
) -> Iterator[Finding]:
    plans: dict[str, Plan] = {}
    told = {purge.purge: purge for purge in all_purges(storage)}
    for snapshot in sealed:
        name = snapshot.plan[:SHORT]
        if snapshot.plan in wrong_plans:
            continue  # told already: it would be measured by another plan
        try:
            if snapshot.plan not in plans:
                plans[snapshot.plan] = parse(plan_body(storage, snapshot.plan), name)
        except MecraError:
            yield found("plan", NO_PLAN, BACKUP, snapshot, plan=name)
            continue
        try:
            again = measured_again(storage, plans[snapshot.plan], snapshot)
        except Exception as error:  # whatever was written into the tables is data, and this must come to its end
            yield found("value", FAILED, BACKUP, snapshot, why=f"{type(error).__name__}: {error}")
            continue
        again, purges = as_sealed(storage, snapshot, again)
        yield from differences(storage, snapshot, again, touched=snapshot.snapshot in touched)
        for number in sorted(purges):
            yield purged_of(snapshot, told[number])


def _answers(storage: Storage, sealed: Iterable[Snapshot]) -> Iterator[Finding]:
    """The archived answers of the readings that the evidence names."""
    named = {
        n for snapshot in sealed for row in snapshot.parts for n in (row.opening_reading, row.closing_reading) if n is not None
    }
    responses = [origin.response for origin in origins(storage, named).values() if origin.response is not None]
    for response, there in touched_answers(storage, responses):
        yield Finding("answer", Note(ANSWER if there else NO_ANSWER, {"response": str(response)}), Note(BACKUP))
