"""The press as a page lists and searches it: as it counts now, where a person's newest ruling goes before the counting rule."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from storage import Storage
from storage.browsing import SIZE, Leaf, nearest
from storage.folding import folded_sql

COLLECTED, AGENCY = "collected", "agency"
STATUSES = COUNTED, EXCLUDED, REVIEW = "counted", "excluded", "review"
RULED = """
WITH ruled AS MATERIALIZED (
    SELECT a.article, a.status AS was, r.status AS now FROM rulings r JOIN articles a ON a.key = r.article_key
    WHERE r.ruling = (SELECT max(ruling) FROM rulings n WHERE n.article_key = r.article_key)
)
"""
BROWSED = "FROM articles INDEXED BY articles_browsed WHERE published_on BETWEEN :first AND :last"
MOVED = "FROM ruled CROSS JOIN articles USING (article) WHERE was != now AND published_on BETWEEN :first AND :last"
SOURCE = {COLLECTED: "AND found_via != 'agency'", AGENCY: "AND found_via = 'agency'", "": ""}
STATUS = """(
    (status = '{0}' AND article NOT IN (SELECT article FROM ruled)) OR article IN (SELECT article FROM ruled WHERE now = '{0}')
)"""
WAITING = """
SELECT count(*) FROM articles a
WHERE status = 'review' AND NOT EXISTS (SELECT 1 FROM rulings r WHERE r.article_key = a.key)
"""
MOST_HELD = 50_000
SHOWN = """
SELECT a.article, a.published_on, a.outlet, a.title, a.url, a.agency, a.found_via, a.story,
       (SELECT count(*) FROM articles s WHERE s.story = a.story), coalesce(r.status, a.status), coalesce(r.why, a.reason), r.ruled_by
FROM articles a LEFT JOIN rulings r ON r.ruling = (SELECT max(ruling) FROM rulings n WHERE n.article_key = a.key)
WHERE a.article = ?
"""
SPAN = "SELECT (SELECT min(published_on) FROM articles), (SELECT max(published_on) FROM articles)"
OUTLETS = """
WITH RECURSIVE named (outlet) AS (
    SELECT min(outlet) FROM articles
    UNION ALL SELECT (SELECT min(outlet) FROM articles a WHERE a.outlet > named.outlet) FROM named WHERE outlet IS NOT NULL
)
SELECT outlet FROM named WHERE outlet IS NOT NULL
"""


@dataclass(frozen=True, slots=True)
class NewsFilter:
    """Local days, both included; what is empty is not asked for. `source`: COLLECTED or AGENCY, which are never added up."""

    first: date
    last: date
    outlet: str = ""
    status: str = ""
    source: str = COLLECTED
    words: tuple[str, ...] = ()
    rising: bool = False

    def where(self, *, status: bool = True) -> str:
        parts = [BROWSED, SOURCE[self.source]]
        if self.outlet:
            parts.append("AND outlet = :outlet")
        if status and self.status:
            parts.append(f"AND {STATUS.format(self.status)}")
        parts += [f"AND instr({folded_sql('title')}, :word{n})" for n in range(len(self.words))]
        return " ".join(parts)

    def values(self) -> dict[str, object]:
        words = {f"word{n}": word for n, word in enumerate(self.words)}
        return {"first": self.first.isoformat(), "last": self.last.isoformat(), "outlet": self.outlet, **words}


@dataclass(frozen=True, slots=True)
class ListedArticle:
    """`copies`: the appearances of its story, itself among them. `ruled_by`: who decided, where a person did."""

    article: int
    day: str
    outlet: str
    title: str
    url: str
    agency: str
    found_via: str
    story: str
    copies: int
    status: str
    reason: str
    ruled_by: str | None


@dataclass(frozen=True, slots=True)
class Counts:
    counted: int
    excluded: int
    review: int

    @property
    def all(self) -> int:
        return self.counted + self.excluded + self.review

    def of(self, status: str) -> int:
        return {COUNTED: self.counted, EXCLUDED: self.excluded, REVIEW: self.review}.get(status, self.all)


def listed_articles(storage: Storage, wanted: NewsFilter, page: int) -> tuple[Leaf[ListedArticle], Counts]:
    """One page of the articles that are wanted; and how many there are of each status, whichever is wanted."""
    found = _searched(storage, wanted) if wanted.words else None
    if found is not None:
        counts = Counts(*(sum(now == status for _article, now in found) for status in STATUSES))
        numbers = [article for article, now in found if wanted.status in ("", now)]
        number = nearest(page, len(numbers))
        shown = numbers[(number - 1) * SIZE : number * SIZE]
        return Leaf(shown_articles(storage, shown), number, len(numbers)), counts
    counts = counted_articles(storage, wanted)
    number = nearest(page, counts.of(wanted.status))
    query = f"{RULED} SELECT article {wanted.where()} {_order(wanted)} LIMIT :size OFFSET :skipped"
    values = {**wanted.values(), "size": SIZE, "skipped": (number - 1) * SIZE}
    shown = [article for (article,) in storage.connection.execute(query, values)]
    return Leaf(shown_articles(storage, shown), number, counts.of(wanted.status)), counts


def _searched(storage: Storage, wanted: NewsFilter) -> list[tuple[int, str]] | None:
    """(article, status) of all that the words are found in, in order, whichever status is wanted; None where that is too much to
    hold, because the words are everywhere."""
    query = f"SELECT article, status {wanted.where(status=False)} {_order(wanted)} LIMIT {MOST_HELD + 1}"
    rows = storage.connection.execute(query, wanted.values()).fetchall()
    if len(rows) > MOST_HELD:
        return None
    ruled = dict(storage.connection.execute(f"{RULED} SELECT article, now FROM ruled").fetchall())
    return [(article, ruled.get(article, status)) for article, status in rows]


def _order(wanted: NewsFilter) -> str:
    return "ORDER BY published_on ASC, article ASC" if wanted.rising else "ORDER BY published_on DESC, article DESC"


def waiting_articles(storage: Storage) -> int:
    """How many wait for a person, of all times."""
    return int(storage.connection.execute(WAITING).fetchone()[0])


def counted_articles(storage: Storage, wanted: NewsFilter) -> Counts:
    """By what the rule said, then moved by what people said: rulings are few."""
    where, values = wanted.where(status=False), wanted.values()
    plain = ", ".join(f"count(*) FILTER (WHERE status = '{status}')" for status in STATUSES)
    found = dict(zip(STATUSES, storage.connection.execute(f"SELECT {plain} {where}", values).fetchone(), strict=True))
    moved = f"{RULED} SELECT ruled.was, ruled.now, count(*) {where.replace(BROWSED, MOVED)} GROUP BY 1, 2"
    for was, now, number in storage.connection.execute(moved, values):
        found[was] -= number
        found[now] += number
    return Counts(*found.values())


def last_ruling(storage: Storage) -> int:
    """The number of the newest ruling; 0 where there is none. What a person decided shows at once."""
    return int(storage.connection.execute("SELECT coalesce(max(ruling), 0) FROM rulings").fetchone()[0])


def shown_articles(storage: Storage, articles: list[int]) -> list[ListedArticle]:
    rows = (storage.connection.execute(SHOWN, (article,)).fetchone() for article in articles)
    return [ListedArticle(*row) for row in rows if row]


def articles_from_to(storage: Storage) -> tuple[date, date] | None:
    """The local days of the oldest and the newest article; None where there is none."""
    first, last = storage.connection.execute(SPAN).fetchone()
    return (date.fromisoformat(first), date.fromisoformat(last)) if first else None


def outlets(storage: Storage) -> list[str]:
    """Everyone who ever wrote."""
    return [outlet for (outlet,) in storage.connection.execute(OUTLETS)]
