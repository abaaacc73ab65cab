"""What a clipping agency counted: its Excel or CSV files, row by row, whole or not at all.

A file's rows are archived as one exchange, so that the tables can be derived again without the file. Agency rows are kept
apart from what was collected (their keys begin with `agency:`), because the plan says which of the two is official.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime, time
from functools import cached_property
from typing import Any, ClassVar

from collectors.base import Malformed, Unsupported
from collectors.dates import ISTANBUL
from collectors.http import Answer, Line, Outfit
from collectors.news.clippings import Import, Row, appearance, load
from collectors.news.matching import Rule
from collectors.news.urls import outlet_of
from collectors.sheets.cells import RowError
from collectors.sheets.workbook import FileError
from model import Account, Article, Exchange, MecraError, Page, Records, Stream, Walk, from_text, of_our_times
from words import N_, _

__all__ = ["Agency", "FileError", "Import", "Row", "RowError", "exchange", "load"]

CONTRACT = "agency contract"
NOT_NAMED = N_("the rule's words are not in it")


def exchange(imported: Import, at: datetime) -> Exchange:
    """The file as it is archived: mapped columns only. Raises MecraError while any of its rows has an error."""
    if imported.errors:
        raise MecraError(
            _("{what} ({n} errors in all; nothing was imported)").format(what=imported.errors[0], n=len(imported.errors))
        )
    rows = [{name: value for name, value in asdict(row).items() if value not in ("", None)} for row in imported.rows]
    body = {"file": imported.file, "sha256": imported.sha256, "columns": dict(imported.mapping), "rows": rows}
    raw = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    return Exchange(at, "FILE", f"file:{imported.file}", 200, raw, imported.size, bucket="agency")


class Agency:
    """Makes articles of archived files. Nothing is fetched: files come in through `mecra import news FILE`.

    Setting `counts`: "contract" (every row counts unless an exclusion of the rule hits it) or "rule" (only what the rule counts).
    """

    streams: ClassVar[Mapping[str, Stream]] = {}

    def __init__(self, outfit: Outfit) -> None:
        self._rule_setting = outfit.settings.get("rule")
        self._feeds = outfit.settings.get("feeds")
        self._by_contract = outfit.settings.get("counts", "contract") != "rule"
        self.door = outfit.door(Line("agency", _nothing_to_judge))

    @cached_property
    def _rule(self) -> Rule:
        return Rule.of(self._rule_setting)

    def fetch(self, account: Account, stream: str, walk: Walk) -> Page:
        raise Unsupported("agency files are not fetched", metric=stream, cure="import them: `mecra import news FILE`")

    def read(self, account: Account, exchange: Exchange) -> Records:
        try:
            file, rows = str(exchange.value["file"])[:200], list(exchange.value["rows"])
        except (ValueError, KeyError, TypeError):
            raise Malformed("no archived agency file", at=exchange.url, cure="import the file again") from None
        found: dict[str, Article] = {}
        faults = []
        for values in rows:
            try:
                article = self._article(_archived(values))
            except (TypeError, ValueError) as error:
                faults.append(f"{file}: a row that can't be read ({str(error)[:160]})")
                continue
            found.setdefault(article.key, article)
        return Records(articles=tuple(found.values()), faults=tuple(faults))

    def _article(self, row: Row) -> Article:
        match = self._rule.match(row.title, row.summary)
        at = from_text(row.at) if row.at else datetime.combine(date.fromisoformat(row.day), time(), ISTANBUL)
        status, reason = (match.status, match.reason) if match else ("review", NOT_NAMED)
        if self._by_contract and status == "review":
            status, reason = "counted", ""
        return Article(
            key=appearance(row),
            outlet=row.outlet or outlet_of(row.url, self._feeds),
            url=row.url,
            title=row.title,
            published_at=of_our_times(at),
            found_via="agency",
            matched=match.term if match else CONTRACT,
            match_in=match.place if match else "agency",
            status=status,
            reason=reason,
            published_raw=row.at or row.day,
            summary=row.summary,
            rule=self._rule.version,
        )


def _archived(values: Any) -> Row:
    """A row as it was archived; raises TypeError for one that is none."""
    row = Row(**values)
    counts = {"row", "circulation", "reach"}
    for name, value in asdict(row).items():
        if not isinstance(value, (int, type(None)) if name in counts else str):
            raise TypeError(f"{name} is a {type(value).__name__}")
    return row


def _nothing_to_judge(answer: Answer) -> None:
    """No request is ever made for agency files."""
