"""The tables and views as somebody who asks in SQL sees them: what a row is, and which columns there are."""

from __future__ import annotations

from dataclasses import dataclass

from storage import Storage
from words import N_

MEANINGS = {
    "takipciler": N_("Followers: one row for each change, from when it was read to when it was last confirmed"),
    "aboneler": N_("Exact subscribers of a YouTube channel at the end of each day, where a base was entered"),
    "gonderiler": N_("Posts with their last figures"),
    "haberler": N_("Appearances in the press, as they are decided now"),
    "gostergeler": N_("Indicators of the plan in force with the target of each year"),
    "anlik_goruntuler": N_("Values of all snapshots"),
    "veri_sagligi": N_("Each stream: last success, failures, missed runs, gaps"),
    "accounts": N_("Accounts, feeds and searches under watch"),
    "posts": N_("One row for each post, video, reel or story"),
    "edits": N_("What a post said before it was edited"),
    "readings": N_("Every measured value: of an account, of a post, or of a day"),
    "gaps": N_("What should be known and is not, with the reason"),
    "articles": N_("Appearances in the press, as the counting rule decided"),
    "rulings": N_("What people decided of an article, and why"),
    "plan_slots": N_("Planned posts by the hour, and the post that met each"),
    "publications": N_("Issues of the weekly publications"),
    "entries": N_("Figures entered by hand, with who entered and who approved them"),
    "evidence": N_("Files that were handed in with such figures; the file itself is not shown here"),
    "indicator_notes": N_("What people wrote beside a figure: reasons, measures, the four questions"),
    "plans": N_("Each version of the plan file"),
    "indicators": N_("Indicators of each version of the plan"),
    "targets": N_("The target of each indicator and year"),
    "snapshots": N_("Statements: provisional ones and sealed ones"),
    "snapshot_values": N_("One indicator of a snapshot"),
    "snapshot_evidence": N_("One part of such a value: an account, an outlet, a series"),
    "report_files": N_("Reports that were written by themselves, with the checksum of each file"),
    "acts": N_("The audit log: what people did by hand, who, when, and how it ended"),
    "messages": N_("Messages that were sent, to whom, or why not"),
    "incidents": N_("What was wrong with mecra itself, from when to when"),
    "signs": N_("What looks wrong and has not lasted long enough yet, or is right again and not for long"),
    "bulletins": N_("Messages that told of incidents; how they went stands in messages"),
    "walks": N_("Each pass over a stream, with its outcome"),
    "responses": N_("The archive: each answer with its request and checksum; the body itself is not shown here"),
    "last_moves": N_("When the counters of each post changed last: measuring looks there first"),
    "purges": N_("What was purged: how much, by whom, why; nothing of what it was"),
    "purged_answers": N_("Archived answers that lost something by a purge"),
    "purged_values": N_("Sealed values that can't be measured again as they were, since a purge"),
    "definitions": N_("What each figure is called at its platform, and what it means"),
    "breaks": N_("Days from which on a figure means something else"),
}
OURS = "SELECT name, type FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite~_%' ESCAPE '~'"


@dataclass(frozen=True, slots=True)
class Source:
    """A table or a view (`view`). `meaning` is to be translated; empty for one that needs no word."""

    name: str
    view: bool
    meaning: str
    columns: tuple[str, ...]


def sources(storage: Storage) -> list[Source]:
    """The views first, then the tables, as above; the migrations' own table is left out."""
    there = {name: kind == "view" for name, kind in storage.connection.execute(OURS) if not name.startswith("_")}
    order = [*(name for name in MEANINGS if name in there), *sorted(there.keys() - MEANINGS.keys())]
    return [Source(name, there[name], MEANINGS.get(name, ""), _columns(storage, name)) for name in order]


def _columns(storage: Storage, name: str) -> tuple[str, ...]:
    return tuple(row[0] for row in storage.connection.execute("SELECT name FROM pragma_table_info(?)", (name,)))
