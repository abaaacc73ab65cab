"""When a condition becomes an incident and when that is over: what holds now against what was known, pure.

A condition has to last before it is one, and to be gone for a while before it is over, so that what flickers tells nobody anything.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from config.alarms import Alarms
from storage.incidents import Changes, Condition, Incident, Key


def settled(
    found: Iterable[Condition],
    known: Iterable[Incident],
    signs: Mapping[Key, datetime],
    now: datetime,
    settings: Alarms,
    *,
    left: Collection[str] = (),
) -> Changes:
    """What changes. `signs` say since when something has not been as the incidents have it; of the kinds in `left` nothing changes,
    because at present nobody can tell. A sign from the future (the clock was set back) begins anew."""
    present = {one.key: one for one in found}
    lasting = {one.key for one in known}
    kept: dict[Key, datetime] = {key: since for key, since in signs.items() if key[0] in left}
    opened, over = [], []
    for key in sorted(present.keys() ^ lasting):
        kind = key[0]
        if kind in left:
            continue
        since = min(signs.get(key, now), now)
        wait = settings.lasting(kind) if key in present else settings.clearing(kind)
        if now - since < wait:
            kept[key] = since
        elif key in present:
            opened.append(replace(present[key], since=min(present[key].since, since)))
        else:
            over.append(key)
    return Changes(opened, over, kept)
