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
    counts = counted_articles(storage, wanted)
    found = counts.of(wanted.status)
    number = nearest(page, found)
    order = "ASC" if wanted.rising else "DESC"
    query = f"{RULED} SELECT article {wanted.where()} ORDER BY published_on {order}, article {order} LIMIT :size OFFSET :skipped"
    values = {**wanted.values(), "size": SIZE, "skipped": (number - 1) * SIZE}
    numbers = storage.connection.execute(query, values).fetchall() if found else []
    return Leaf(shown_articles(storage, [n for (n,) in numbers]), number, found), counts


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
