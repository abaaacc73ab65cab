"""Sorgu: the tables and views, questions that are ready to be asked, and SQL of one's own; answers as a table or a file."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from panel.shell import NotThere, Shell
from reports.rows import as_csv, as_excel, as_json
from storage.asking import EXPORTED, SHOWN, NoAnswer, Rows, Value, ask
from storage.catalogue import sources
from storage.questions import QUESTIONS, question
from words import _, exactly, number

FILES: dict[str, tuple[Callable[[Rows], bytes], str]] = {
    "csv": (as_csv, "text/csv; charset=utf-8"),
    "json": (as_json, "application/json"),
    "xlsx": (as_excel, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}
NUMBERS = {
    "response",
    "walk",
    "reading",
    "article",
    "snapshot",
    "entry",
    "gap",
    "slot",
    "ruling",
    "no",
    "yanıt",
    "yıl",
    "year",
    "rowid",
}
LETTERS = 600  # of a cell that are shown


def query(shell: Shell, request: Request) -> Response:
    """`soru` names a ready question, `sql` is one of one's own."""
    ready = question(request.query_params.get("soru", ""))
    sql = ready.sql.strip() if ready else request.query_params.get("sql", "").strip()
    found, wrong = _answer(shell, sql)
    with shell.storage() as storage:
        there = sources(storage)
    return shell.page(
        request,
        "query.html",
        400 if wrong else 200,
        ready=ready,
        sql=sql,
        found=found,
        wrong=wrong,
        questions=QUESTIONS,
        sources=there,
        shown=SHOWN,
        exported=EXPORTED,
        cell=_cell,
        numeric=_numeric(found),
        files=[(kind, f"/sorgu.{kind}?{urlencode({'sql': sql})}") for kind in FILES],
    )


def download(shell: Shell, request: Request) -> Response:
    """The same as a file, with more rows."""
    kind = request.path_params["kind"]
    if kind not in FILES:
        raise NotThere(_("An answer is written as csv, json or xlsx."))
    write, media = FILES[kind]
    try:
        found = ask(shell.database, request.query_params.get("sql", "").strip(), most=EXPORTED)
    except NoAnswer as error:
        return shell.page(request, "error.html", 400, title=_("This question has no answer"), what=str(error))
    headers = {"Content-Disposition": f'attachment; filename="sorgu.{kind}"'}
    return Response(write(found), media_type=media, headers=headers)


def _answer(shell: Shell, sql: str) -> tuple[Rows | None, str]:
    """The rows, or why there are none; neither where nothing is asked."""
    if not sql:
        return None, ""
    try:
        return ask(shell.database, sql), ""
    except NoAnswer as error:
        return None, str(error)


def _numeric(found: Rows | None) -> list[bool]:
    """Of each column whether it holds figures."""
    if found is None:
        return []
    columns = zip(*found.rows, strict=True) if found.rows else [() for _name in found.columns]
    return [bool(column) and all(cell is None or not isinstance(cell, str) for cell in column) for column in columns]


def _cell(value: Value, column: str) -> str:
    """As it is read; a number that names something is not grouped."""
    if value is None:
        return "–"
    if isinstance(value, str):
        return value if len(value) <= LETTERS else f"{value[:LETTERS]}…"
    if column.lower() in NUMBERS:
        return str(value)
    return number(value) if isinstance(value, int) else exactly(Fraction(str(value)), 6)


PAGES = (("/sorgu", query), ("/sorgu.{kind}", download))
