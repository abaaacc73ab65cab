"""What every page has in common: a read-only view of the database, the language, the frame around it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

import words
from config.plan import Plan
from model import Account, Clock, MecraError, Period, from_text
from panel.kept import Kept
from panel.pictures import Pictures
from reports import phrases
from reports.cells import printed
from reports.inert import inert
from storage import Storage, opened
from words import N_, _

HERE = Path(__file__).parent
COOKIE = "dil"
NAVIGATION = (
    ("/", N_("Overview")),
    ("/gonderiler", N_("Posts")),
    ("/haberler", N_("News")),
    ("/plan", N_("Weekly plan")),
    ("/anlik-goruntuler", N_("Snapshots")),
    ("/veri-sagligi", N_("Data health")),
    ("/sorgu", N_("Query")),
)


class NotThere(MecraError):
    """The address names something that is not there."""


@dataclass(frozen=True)
class Shell:
    """One panel over one database. `plan` is read when it is wanted, so that a page says what is wrong with the file. `accounts` and
    `budgets` are the settings'."""

    database: Path
    zone: ZoneInfo
    institution: str
    load_plan: Callable[[], Plan]
    now: Clock
    language: str = "tr"
    accounts: tuple[Account, ...] = ()
    budgets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    @contextmanager
    def storage(self) -> Iterator[Storage]:
        """A read-only connection for one request. Raises StorageError."""
        with opened(self.database, self.zone, read_only=True) as storage:
            yield storage

    @cached_property
    def templates(self) -> Environment:
        """Everything is escaped; a name that is not given is an error, never an empty place."""
        found = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        found.globals.update(_=_, navigation=NAVIGATION, period=self.period, institution=self.institution, guarded=False)
        found.filters.update(
            number=lambda value: "–" if value is None else words.exactly(value),
            percent=lambda share: "–" if share is None else words.exact_percent(share),
            day=lambda value: words.day(value) if value else "–",
            moment=self.moment,
            local_day=lambda text: words.day(date.fromisoformat(text)) if text else "–",
            share=lambda part, whole: words.exact_percent(Fraction(part, whole), 1) if whole else "–",
            inert=inert,
            printed=printed,
            exact=lambda figure: None if figure is None else Fraction(str(figure)),
            when=self.when,
            outward=outward,
            platform=phrases.platform,
            account=phrases.account,
            metric=phrases.metric,
            kind_of_post=phrases.kind_of_post,
            reason=phrases.reason,
        )
        return found

    @cached_property
    def pictures(self) -> Pictures:
        """The charts that the pages show."""
        return Pictures()

    @cached_property
    def kept(self) -> Kept:
        """What was measured for a page."""
        return Kept()

    @cached_property
    def reports_kept(self) -> Kept:
        """The last reports that were asked for."""
        return Kept(most=6)

    @cached_property
    def lists_kept(self) -> Kept:
        """What was found out of long lists."""
        return Kept(most=48)

    @cached_property
    def rows_kept(self) -> Kept:
        """The rows of figures, of which one may have thousands."""
        return Kept(most=24)

    def moment(self, at: str | datetime | None) -> str:
        """Day and minute on the institution's clocks."""
        if at is None:
            return "–"
        return words.moment(from_text(at) if isinstance(at, str) else at, self.zone)

    def when(self, text: str | None) -> str:
        """An instant or a day, as it is written; anything else as it is."""
        if not text or not re.fullmatch(r"\d{4}-\d\d-\d\d(T[\d:]{8}Z)?", text):
            return text or "–"
        try:
            return self.moment(text) if "T" in text else words.day(date.fromisoformat(text))
        except ValueError:
            return text

    def period(self) -> Period:
        """The half-year that runs."""
        return Period.half_of(self.now().astimezone(self.zone).date())

    def spoken(self, request: Request) -> str:
        """The reader's language: asked for in the address, kept in a cookie, else the settings'."""
        asked = request.query_params.get("lang") or request.cookies.get(COOKIE) or self.language
        return asked if asked in words.LANGUAGES else self.language

    def page(self, request: Request, template: str, status: int = 200, **context: Any) -> Response:
        """A template within the frame, in the language that is spoken."""
        other = "en" if words.language() == "tr" else "tr"
        html = self.templates.get_template(template).render(
            language=words.language(),
            path=request.url.path,
            other=other,
            otherwise="?"
            + urlencode(
                [*((name, value) for name, value in request.query_params.multi_items() if name != "lang"), ("lang", other)]
            ),
            **context,
        )
        answer = HTMLResponse(html, status)
        if request.query_params.get("lang") in words.LANGUAGES:
            answer.set_cookie(COOKIE, words.language(), max_age=365 * 86400, httponly=True, samesite="strict", path="/")
        return answer


def not_there(shell: Shell, request: Request, what: str) -> Response:
    """A page that says what is not there."""
    return shell.page(request, "error.html", 404, title=_("There is no such page"), what=what)


def outward(address: str) -> str | None:
    """An address that may be followed from a page; None for anything but http and https to a named host."""
    try:
        found = urlsplit(address)
        host = found.hostname
    except ValueError:
        return None
    return address if found.scheme in ("http", "https") and host and address.isprintable() and " " not in address else None
