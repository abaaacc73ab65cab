"""Every page, whatever its address says: never a fault of ours, always the headers, nothing of the machine's files."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from panel.app import PAGES
from panel.guard import HEADERS
from tests.panel.served import Get

PATHS = (
    "/", "/gosterge/PG3.1.7", "/gosterge/PG3.1.1/Posta", "/yanit/1", "/anlik-goruntuler", "/anlik-goruntuler/1", "/veri-sagligi", "/sorgu",
    "/gonderiler", "/haberler", "/plan",
)  # fmt: skip
NAMES = (
    "donem",
    "sayfa",
    "ile",
    "soru",
    "lang",
    "ay",
    "ara",
    "durum",
    "hesap",
    "platform",
    "tur",
    "sirala",
    "yon",
    "hafta",
    "kaynak",
    "yayin",
)
ODD = ("../../../../etc/passwd", "..%2f..%2fetc%2fpasswd", "....//....//etc/passwd", "%2e%2e/%2e%2e/etc/passwd", "/etc/passwd", "file:///etc/passwd", "..\\..\\etc\\passwd", "%00", "mecra.db", "secrets.toml")  # fmt: skip
VALUES = st.one_of(
    st.text(max_size=40),
    st.sampled_from(ODD),
    st.integers(-(2**70), 2**70).map(str),
    st.from_regex(r"20\d\d(-H[0-9])?", fullmatch=True),
    st.from_regex(r"20\d\d-W?\d\d(-\d\d)?", fullmatch=True),
)
FEW = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@FEW
@given(path=st.sampled_from(PATHS), asked=st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=4))
def test_no_parameter_is_a_fault_of_ours(figures: Get, path: str, asked: dict[str, str]) -> None:
    query = "&".join(f"{name}={quote(value.encode('utf-8', 'surrogatepass'))}" for name, value in asked.items())
    answer = figures(f"{path}?{query}")
    assert answer.status in (200, 400, 404), (path, asked)
    assert "root:" not in answer.text
    assert {name: answer.headers.get(name.lower()) for name in HEADERS} == HEADERS


@FEW
@given(route=st.sampled_from([path for path, _page in PAGES]), parts=st.lists(VALUES.filter(bool), min_size=3, max_size=3))
def test_no_address_is_a_fault_of_ours(figures: Get, route: str, parts: list[str]) -> None:
    path, told = route, iter(parts)
    while "{" in path:
        path = path[: path.index("{")] + quote(next(told).encode("utf-8", "surrogatepass"), safe="") + path[path.index("}") + 1 :]
    answer = figures(path)
    assert answer.status in (200, 400, 404), path
    assert "root:" not in answer.text
    assert answer.headers["content-security-policy"] == HEADERS["Content-Security-Policy"]


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("before", ["/static/", "/rapor/", "/grafik/", "/gosterge/PG3.1.1/", "/gonderiler/", "/"])
def test_no_file_of_the_machine_is_shown(figures: Get, before: str, odd: str) -> None:
    answer = figures(before + odd)
    assert answer.status in (404, 200, 307)
    assert "root:" not in answer.text and b"SQLite format" not in answer.body


@pytest.mark.parametrize("path", ["/", "/sorgu", "/anlik-goruntuler", "/static/style.css", "/nowhere", "/rapor/1.csv"])
def test_every_answer_has_the_headers(figures: Get, path: str) -> None:
    answer = figures(path)
    for name, value in HEADERS.items():
        assert answer.headers[name.lower()] == value or (name == "Cache-Control" and path.startswith("/static/"))


@pytest.mark.parametrize("path", [path for path, _page in PAGES if "{" not in path])
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_every_page_is_only_read(figures: Get, path: str, method: str) -> None:
    assert figures(path, method=method).status == 405


@pytest.mark.parametrize("path", PATHS)
def test_no_page_is_shown_under_another_name(figures: Get, path: str) -> None:
    answer = figures(path, headers={"host": "kotu.example"})
    assert (answer.status, "Örnek" in answer.text) == (421, False)


@pytest.mark.parametrize("path", ["/sorgu?sql=SELECT+1", "/rapor/1.pdf", "/veri-sagligi"])
def test_another_site_gets_nothing_into_its_page(figures: Get, path: str) -> None:
    headers = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors", "sec-fetch-dest": "image"}
    assert figures(path, headers=headers).status == 403
