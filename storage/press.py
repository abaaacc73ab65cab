"""The press as it was known: what a person ruled goes before what the rule said, and what came later is not known yet."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from storage import Storage
from storage.knowledge import Known
from storage.rulings import standing

COUNTED, EXCLUDED, REVIEW = "counted", "excluded", "review"

# An article is dated at most once after it was found: until then it stood on the day of `found_on`, which is hardly ever far away.
COLUMNS = """
article, key, outlet, story, found_via = 'agency',
CASE WHEN decided_by > :response THEN 'review' ELSE status END, CASE WHEN decided_by > :response THEN '' ELSE reason END
"""
BETWEEN = f"""
SELECT published_on, {COLUMNS} FROM articles
WHERE published_on BETWEEN :first AND :last AND (dated_by IS NULL OR dated_by <= :response)
AND (response IS NULL OR response <= :response)
UNION ALL
SELECT found_on, {COLUMNS} FROM articles
WHERE found_on BETWEEN :first AND :last AND dated_by > :response AND (response IS NULL OR response <= :response)
"""


class Appearance(NamedTuple):
    """One article on its local day (ISO text). `status`: counted, excluded or review; `reason` is the ruling's where `ruled`.

    `agency`: a row of an agency's file, never to be added to what was collected. `article` is its number today.
    """

    day: str
    article: int
    key: str
    outlet: str
    story: str
    agency: bool
    status: str
    reason: str
    ruled: bool = False


def appearances(storage: Storage, first: date, last: date, known: Known) -> list[Appearance]:
    """The articles of the local days from `first` to `last`, by day and key, as they stood then."""
    rulings = standing(storage, known.text)
    span = {"first": first.isoformat(), "last": last.isoformat(), "response": known.response}
    found = []
    for day, article, key, outlet, story, agency, status, reason in storage.connection.execute(BETWEEN, span):
        ruling = rulings.get(key)
        if ruling:
            status, reason = ruling.status, ruling.why
        found.append(Appearance(day, article, key, outlet, story, bool(agency), status, reason, ruling is not None))
    return sorted(found, key=lambda one: (one.day, one.key))
