"""The press as a person judges it: what waits for one now, and all that is known of one article."""

from __future__ import annotations

from dataclasses import dataclass

from storage import Storage
from storage.proof import Answer, answers
from storage.rulings import Ruling, history

WAITING = """
SELECT article, published_on, outlet, title, url, reason, found_via FROM articles a
WHERE status = 'review' AND NOT EXISTS (SELECT 1 FROM rulings r WHERE r.article_key = a.key)
ORDER BY published_on DESC, article DESC
"""
ONE = """
SELECT article, key, outlet, url, title, summary, published_at, published_on, published_raw, first_seen_at, last_seen_at, found_via,
       matched, match_in, agency, story, status, reason, rule, account, found_on, response, dated_by, decided_by
FROM articles WHERE article = ?
"""
COPIES = "SELECT article, published_on, outlet, title FROM articles WHERE story = ? AND article != ? ORDER BY published_on, article"


@dataclass(frozen=True, slots=True)
class Waiting:
    """An article that the counting rule leaves to a person; `why` is the rule's word."""

    article: int
    day: str
    outlet: str
    title: str
    url: str
    why: str
    found_via: str


@dataclass(frozen=True, slots=True)
class Stored:
    """An article's row. `status` and `reason` are the counting rule's, before any ruling; instants are UTC text.

    `response` is the archived answer that told of it first, `dated_by` the one that moved its day away from `found_on`, `decided_by`
    the one that decided what waited for review.
    """

    article: int
    key: str
    outlet: str
    url: str
    title: str
    summary: str
    published_at: str | None
    published_on: str
    published_raw: str
    first_seen_at: str
    last_seen_at: str
    found_via: str
    matched: str
    match_in: str
    agency: str
    story: str
    status: str
    reason: str
    rule: str
    account: str
    found_on: str
    response: int | None
    dated_by: int | None
    decided_by: int | None


@dataclass(frozen=True, slots=True)
class Copy:
    """Another appearance of the same story."""

    article: int
    day: str
    outlet: str
    title: str


@dataclass(frozen=True, slots=True)
class Whole:
    """All of one article: its row, what was ruled of it (oldest first), its copies, and the answers that it comes from."""

    stored: Stored
    rulings: tuple[Ruling, ...]
    copies: tuple[Copy, ...]
    answers: tuple[Answer, ...]

    @property
    def status(self) -> str:
        return self.rulings[-1].status if self.rulings else self.stored.status

    @property
    def reason(self) -> str:
        return self.rulings[-1].why if self.rulings else self.stored.reason


def waiting(storage: Storage) -> list[Waiting]:
    """What waits for a person, the newest first."""
    return [Waiting(*row) for row in storage.connection.execute(WAITING)]


def whole(storage: Storage, article: int) -> Whole | None:
    """The article of a number; None where no article has it."""
    row = storage.connection.execute(ONE, (article,)).fetchone()
    if row is None:
        return None
    stored = Stored(*row)
    copies = storage.connection.execute(COPIES, (stored.story, article))
    named = dict.fromkeys(n for n in (stored.response, stored.dated_by, stored.decided_by) if n is not None)
    found = answers(storage, named)
    return Whole(
        stored,
        history(storage, stored.key),
        tuple(Copy(*copy) for copy in copies),
        tuple(found[number] for number in named if number in found),
    )
