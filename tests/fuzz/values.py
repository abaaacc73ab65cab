"""Small texts: addresses, dates, headlines, numbers, names of files and periods."""

from __future__ import annotations

import html
from collections.abc import Callable
from datetime import timedelta
from fractions import Fraction

from collectors.answers import retry_at
from collectors.dates import when
from collectors.news.matching import Rule
from collectors.news.parsing import plain
from collectors.news.stories import bare_title, split_dateline
from collectors.news.urls import LONGEST_WRAPPER, host_of, outlet_of, url_key
from collectors.sheets import cells
from collectors.sheets.cells import CellError
from collectors.turkish import fold
from config import span
from config.secrets import Secrets
from config.titles import as_read, issue_number
from config.turkish_numbers import NoFigure, figure
from config.turkish_numbers import whole as whole_figure
from model import MecraError, Period
from storage.evidence import LONGEST_NAME, safe_name
from storage.folding import folded, words_of
from tests.fuzz.promises import FIRST, LAST, SECRET, Broken, fit, whole
from tests.fuzz.target import NOW, Target

RULE = Rule.load()
MOST_LETTERS = 5_000  # of a headline or a cell; parsers cut longer ones before
HIDDEN = Secrets({"MECRA_X_TOKEN": SECRET})


def text_of(body: bytes) -> str:
    return body.decode("utf-8", "replace")[:MOST_LETTERS]


def address(body: bytes) -> None:
    url = text_of(body)[:LONGEST_WRAPPER]
    key = url_key(url)
    if url_key(key) != key:
        raise Broken(f"the key of the key {key[:60]!r} is another one")
    key.encode()
    host_of(url).encode()
    outlet_of(url).encode()


def moment(body: bytes) -> None:
    at = when(text_of(body), seen=NOW)
    if at is not None and not FIRST <= at.year < LAST:
        raise Broken(f"a date in the year {at.year}")
    if at is not None and at > NOW + timedelta(minutes=5):
        raise Broken("a date in the future")
    until = retry_at({"Retry-After": text_of(body), "x-rate-limit-reset": text_of(body)}, NOW)
    if until is not None and not NOW <= until <= NOW + timedelta(days=31):
        raise Broken(f"a rest until {until}")


def headline(body: bytes) -> None:
    text = text_of(body)
    once = fold(text)
    if fold(once) != once:
        raise Broken("folded twice it is another text")
    for rule_text in (text, html.escape(text)):
        RULE.match(rule_text, text[:500])
    if words_of(text) and folded(folded(text)) != folded(text):
        raise Broken("folded twice a search is another one")
    agency, rest = split_dateline(text)
    if len(agency) + len(rest) > len(text) + 1:
        raise Broken("a dateline that makes a text longer")
    bare_title(text)
    fit(plain(html.escape(text)).replace("\x7f", ""), "plain text")
    as_read(text)
    issue_number(text)


def number(body: bytes) -> None:
    text = text_of(body)
    for read in (figure, whole_figure):
        try:
            value = read(text)
        except NoFigure as error:
            whole((error.what, error.cure))
            continue
        if value is not None and not isinstance(value, (int, Fraction)):
            raise Broken(f"a figure that is a {type(value).__name__}")
    for cell in (cells.whole_number, cells.decimal_number, cells.address):
        try:
            cell(text)
        except CellError as error:
            whole((error.what, error.cure))
    try:
        day, at = cells.moment(text, text, NOW)
        if not FIRST <= day.year < LAST or (at and not FIRST <= at.year < LAST):
            raise Broken(f"a cell of the year {day.year}")
    except CellError as error:
        whole((error.what, error.cure))


def name(body: bytes) -> None:
    """What people type and upload: the name of a file, a period, a span of time."""
    text = text_of(body)
    safe = safe_name(text)
    fit(safe, "the name of a file")
    if not safe or len(safe) > LONGEST_NAME or "/" in safe or "\\" in safe or safe.startswith("."):
        raise Broken(f"the name {safe!r}")
    for read in (Period.parse, span):
        try:
            str(read(text))
        except (ValueError, OverflowError, MecraError) as error:
            if len(str(error)) > 2 * MOST_LETTERS + 200:
                raise Broken("an error longer than what is wrong") from None


def redacted(body: bytes) -> None:
    """Whatever is said goes through `redact`: quickly, twice the same, and without the secret."""
    text = body.decode("utf-8", "replace")[:20_000]
    once = HIDDEN.redact(text)
    if SECRET in once:
        raise Broken("a secret was told")
    if HIDDEN.redact(once).count("***") < once.count("***"):
        raise Broken("redacting told more")


def _own(*seeds: str) -> Callable[[], list[bytes]]:
    return lambda: [seed.encode() for seed in seeds]


TARGETS = (
    Target("addresses", address, _own("https://www.haber.example/a/b-123456.html?utm_source=x&b=1#c", "http://m.haber.example:8080/%C5%9Fenlik/", "//a.b/c?d", "https://cdn.ampproject.org/c/s/a.b/c", "https://google.com/url?url=https://a.b/c", "haber.com.tr"), "text"),
    Target("dates", moment, _own("Sun, 22 Nov 2026 10:00:00 +0300", "2026-11-22T10:00:00Z", "22.11.2026 10:00", "22 Kasım 2026, Pazar 10:00", "Nov 22, 2026 10:00 GMT", "20261122T100000Z", "1763881200", "Sun Nov 22 10:00:00 2026"), "text"),
    Target("headlines", headline, _own("İSTANBUL (DHA) - Ümraniye Belediyesi’nden “şenlik” - Haber", "Ümraniye'de Başkan Yıldırım: 12. Sayı", "ÜMRANİYE BELEDİYESİ'NİN &amp; halk"), "text"),
    Target("numbers", number, _own("11.617", "1.234.567,89 ₺", "%95,5", "12,000", "-", "23.11.2026 14:30", "46349.5", "https://a.b/c", "(1.234)", "−5"), "text"),
    Target("names", name, _own("../../Kanıt dosyası.pdf", "C:\\Users\\x\\kanit.xlsx", "2026-H1", "30min", "184d"), "text"),
    Target("redacting", redacted, _own(f"GET /x?access_token={SECRET}&a=b Bearer abcdefgh", f'{{"code": "{SECRET}", "key":"x"}}', "OAuth oauth_token=abc%3D"), "text"),
)  # fmt: skip
