"""What `mecra backup` and `mecra restore` print."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from config import Settings
from console.purging import KINDS
from console.tables import show_table
from indicators.finding import Finding
from model import from_text, legible, to_text
from storage.backups import BackupState, known
from upkeep.backup import Made
from upkeep.restore import Restored
from upkeep.rotation import Kept, kept_in
from words import _, decimal, moment, number

ISTANBUL = ZoneInfo("Europe/Istanbul")


def listed(settings: Settings | None, directory: Path | None) -> list[Kept]:
    """Newest first: all that a named directory holds, whatever database they are of; else those of the settings' own, of both places."""
    if directory is not None or settings is None:
        found = kept_in(directory) if directory else []
    else:
        places = [place for place in (settings.backups, settings.backup.second) if place and place.is_dir()]
        found = [one for place in places for one in kept_in(place, settings.database)]
    return sorted(found, key=lambda one: one.at, reverse=True)


def list_json(found: Sequence[Kept]) -> list[dict[str, Any]]:
    return [
        {
            "path": str(one.path), "made_at": to_text(one.at), "database": one.manifest.database, "bytes": one.path.stat().st_size, "good": not one.doubtful,
            "seals": one.manifest.contents.get("seals"), "last_sealed_at": one.manifest.contents.get("last_sealed_at"),
        }
        for one in found
    ]  # fmt: skip


def show_list(found: Sequence[Kept], settings: Settings | None) -> None:
    """A line each, newest first, and what failed since."""
    zone = settings.zone if settings else ISTANBUL
    rows = [
        (
            moment(one.at, zone), _megabytes(one.path.stat().st_size), _("doubtful") if one.doubtful else _("good"),
            number(int(one.manifest.contents.get("seals") or 0)), str(one.path),
        )
        for one in found
    ]  # fmt: skip
    show_table((_("made"), "MB", _("state"), _("seals"), _("file")), rows, numbers=(1, 3))
    if not found:
        print(_("There is no backup yet: `mecra backup` makes one, `mecra run` one each night."))
    state = known(settings.data) if settings else BackupState()
    if state.failed:
        print("✗ " + _("the last try failed on {at}: {why}").format(at=moment(state.failed, zone), why=state.why))
    if state.second_why:
        print("✗ " + _("the last one was not copied to the second place: {why}").format(why=state.second_why))


def made_json(made: Made) -> dict[str, Any]:
    return {
        "path": str(made.path), "made_at": to_text(made.manifest.made_at), "bytes": made.size, "good": made.good,
        "second": str(made.second) if made.second else None, "second_failed": made.second_why or None,
        "removed": [str(path) for path in made.removed], "findings": _findings_json(made.findings), "contents": dict(made.manifest.contents),
    }  # fmt: skip


def show_made(made: Made, settings: Settings, *, full: bool) -> None:
    """Where it is, what is in it, and what is not as it should be."""
    rows = sum(made.manifest.contents["rows"].values())
    sealed = number(int(made.manifest.contents["seals"]))
    print(
        ("✓ " if made.good else "✗ ")
        + _("{path}: {megabytes} MB, {rows} rows, {sealed} sealed snapshots").format(
            path=made.path, megabytes=_megabytes(made.size), rows=number(rows), sealed=sealed
        )
    )
    if made.good:
        print(
            _("It was opened and read whole, and its seals and every sealed value are as sealed.")
            if full
            else _("It was opened and read whole, and its seals are as sealed.")
        )
    else:
        _show(made.findings)
        print(_("It does not count as a backup: what is in the database is not as it was sealed. `mecra verify` tells more."))
    if made.second:
        print("✓ " + _("copied to {path}").format(path=made.second))
        if made.same_disk:
            print("! " + _("that is the same disk: when it dies, both are gone; name another one under [backup] second"))
    elif made.second_why:
        print("✗ " + _("not copied to the second place: {why}; is it mounted?").format(why=made.second_why))
    elif settings.backup.second is None and made.path.is_relative_to(settings.data):
        print("! " + _("it is beside the database: name another disk under [backup] second in {path}").format(path=settings.path))
    for path in made.removed:
        print(_("removed, as the settings say: {path}").format(path=path))


def restored_json(done: Restored) -> dict[str, Any]:
    return {
        "database": str(done.place.database), "settings": str(done.place.home / done.manifest.settings),
        "made_at": to_text(done.manifest.made_at), "aside": str(done.aside) if done.aside else None, "migrated": done.migrated,
        "written": [str(path) for path in done.written], "kept": [[str(one), str(other)] for one, other in done.kept],
        "outside": [[str(path), origin] for path, origin in done.outside], "findings": _findings_json(done.findings),
        "purged_since": [
            {"kind": one.kind, "account": one.account, "why": one.why, "purged_at": one.purged_at, "purged_by": one.purged_by} for one in done.undone
        ],
    }  # fmt: skip


def show_restored(done: Restored, settings: Settings | None) -> None:
    """What was put where, what is lost, and what to type next."""
    zone, contents = settings.zone if settings else ISTANBUL, done.manifest.contents
    at = moment(done.manifest.made_at, zone)
    print("✓ " + _("{path} is as it was on {at}").format(path=done.place.database, at=at))
    if contents.get("last_sealed_at"):
        last = moment(from_text(str(contents["last_sealed_at"])), zone)
        print(_("{n} sealed snapshots, the last of {at}").format(n=number(int(contents["seals"])), at=last))
    if done.migrated:
        print(_("It was of an older mecra, and was brought up to date."))
    if done.aside:
        print(_("The former database is kept as {path}").format(path=done.aside))
    for path in done.written:
        print(_("written: {path}").format(path=path))
    for path, beside in done.kept:
        print(
            "! "
            + _("{path} is another one than in the backup and was left; the backup's is {beside}").format(path=path, beside=beside)
        )
    for path, origin in done.outside:
        print("! " + _("{path} was {origin}: put it there, or correct the settings").format(path=path, origin=origin))
    if done.findings:
        lost = sum(finding.kind == "removed" for finding in done.findings)
        if lost:
            print(
                "✗ "
                + _("The backup is older than {n} seals, which are lost; `mecra verify` will say so from now on:").format(
                    n=number(lost)
                )
            )
        _show(done.findings)
    if done.undone:
        print("✗ " + _("What was purged since that backup is there again: purge it again, or use a newer backup"))
    for purge in done.undone:
        what = " ".join(filter(None, (_(KINDS[purge.kind]), purge.account)))
        print(f"  {moment(from_text(purge.purged_at), zone)} {what}: {legible(purge.why)}")
    print()
    config = done.place.home / done.manifest.settings
    print(
        _("Next: put the tokens back (`mecra auth`, or your own copy of secrets.toml), then\n  {verify}\n  {collect}").format(
            verify=f"MECRA_DATA={done.place.data} mecra --config {config} verify",
            collect=f"MECRA_DATA={done.place.data} mecra --config {config} collect",
        )
    )


def _show(findings: Sequence[Finding]) -> None:
    for finding in findings:
        where = f"{finding.period} r{finding.revision}: " if finding.period and finding.kind != "removed" else ""
        print(f"✗ {where}{finding.what.said()}\n  → {finding.cure.said()}")


def _findings_json(findings: Sequence[Finding]) -> list[dict[str, Any]]:
    return [
        {"kind": one.kind, "period": one.period, "revision": one.revision, "what": one.what.said(), "cure": one.cure.said()}
        for one in findings
    ]


def _megabytes(size: int) -> str:
    return decimal(size / (1 << 20), 1)
