"""The press as it was known: what a person ruled goes before what the rule said, and what came later is not known yet."""

from __future__ import annotations

from datetime import date
from operator import itemgetter
from typing import NamedTuple

from storage import Storage
from storage.knowledge import Known
from storage.rulings import Ruling, standing

COUNTED, EXCLUDED, REVIEW = "counted", "excluded", "review"

# An article is dated at most once after it was found: until then it stood on the day of `found_on`, which is hardly ever far away.
COLUMNS = """
article, key, outlet, story, found_via = 'agency',
CASE WHEN decided_by > :response THEN 'review' ELSE status END, CASE WHEN decided_by > :response THEN '' ELSE reason END
"""
BETWEEN = f"""
SELECT published_on, {COLUMNS} FROM articles
WHERE {{0}} published_on BETWEEN :first AND :last AND (dated_by IS NULL OR dated_by <= :response)
AND (response IS NULL OR response <= :response)
UNION ALL
SELECT found_on, {COLUMNS} FROM articles
WHERE {{0}} found_on BETWEEN :first AND :last AND dated_by > :response AND (response IS NULL OR response <= :response)
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


def appearances(storage: Storage, first: date, last: date, known: Known, outlet: str | None = None) -> list[Appearance]:
    """The articles of the local days from `first` to `last`, by day and key, as they stood then; `outlet`: one outlet's."""
    rulings = standing(storage, known.text)
    span = {"first": first.isoformat(), "last": last.isoformat(), "response": known.response, "outlet": outlet}
    query = BETWEEN.format("" if outlet is None else "outlet = :outlet AND")
    found = [Appearance(*row) for row in sorted(storage.connection.execute(query, span), key=itemgetter(0, 2))]
    if rulings:
        found = [_ruled(one, rulings[one.key]) if one.key in rulings else one for one in found]
    return found


def _ruled(found: Appearance, ruling: Ruling) -> Appearance:
    return found._replace(status=ruling.status, reason=ruling.why, ruled=True)
