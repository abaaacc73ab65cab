"""No secret anywhere: every fault of the table with the log at DEBUG, and platforms that say our tokens back to us."""

from __future__ import annotations

import base64
import json
import logging
import traceback
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest

from collectors import google_errors, graph_errors, x_answers, x_client
from collectors.base import CollectError
from collectors.http import Door, Line
from collectors.news import gdelt, guard
from config.secrets import Secrets
from console.demo import SECRETS
from console.logs import write_log
from sandbox import faults
from sandbox.faults import Change, Reply, Request
from scheduler import Jobs, Run
from tests.fakes import NOON, Server, http
from tests.fault_table import CASES, COLLECTORS, STREAMS
from tests.faulty import SINCE, Place, placed

ROOT = Path(__file__).parents[1]
# The secrets that the sandbox knows, and how those begin that it hands out at run time.
MARKS = (
    *(value for names in SECRETS.values() for name, value in names.items() if name != "client_id"),
    "ya29.sandbox", "sandbox-x-user-", "sandbox-x-refresh", "sandbox-x-client-secret", "sandbox-meta-app-secret", "sandbox-youtube-key",
)  # fmt: skip
ODD = "MARKED-%s/with+odd=signs&more"  # a token that no platform takes, of letters that are written in many ways
LOUD = (
    "urllib3", "urllib3.connectionpool", "requests", "tweepy", "tweepy.client", "oauthlib", "requests_oauthlib", "facebook",
    "googleapiclient", "google.auth", "httplib2",
)  # fmt: skip


def said_back(status: int) -> Change:
    """An error that quotes the request with all that was secret in it: header, query and form."""

    def change(request: Request, reply: Reply) -> Reply:
        told = f"{request.headers.get('Authorization')} {request.headers.get('x-goog-api-key')} {dict(request.query)} {request.body.decode()}"
        error = {"code": 1, "message": told, "type": told, "error_user_msg": told, "errors": [{"message": told, "reason": told}]}
        return Reply(
            status, {"error": error, "errors": [{"message": told, "detail": told}], "title": told, "detail": told, "type": told}
        )

    return change


SAYING = {f"said back in a {status}": said_back(status) for status in (200, 400, 401, 403, 429)} | {
    "said back in a page": lambda q, r: Reply(200, raw=f"<html>{q.headers.get('Authorization')} {q.body.decode()}</html>".encode()),
    "said back in a name": lambda q, r: (
        replace(r, value={**r.value, "name": q.headers.get("Authorization")}) if isinstance(r.value, dict) else r
    ),
}
NAMES = sorted({(case.collector, case.name) for case in CASES} | {(c, name) for c in COLLECTORS for name in SAYING})


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with placed(tmp_path_factory.mktemp("secrets")) as place, pytest.MonkeyPatch.context() as patch:
        for name, change in SAYING.items():
            patch.setitem(faults.WAY, name, change)
        yield place


@contextmanager
def loud(secrets: Secrets, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The log as the command sets it up, at DEBUG, with the loggers on that the libraries print headers and addresses to."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    monkeypatch.setattr(x_client, "LEAKING", ())
    write_log("debug", secrets.redact)
    before = {name: logging.getLogger(name).level for name in LOUD}
    for name in LOUD:
        logging.getLogger(name).setLevel(logging.DEBUG)
    try:
        yield
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
        for name, old in before.items():
            logging.getLogger(name).setLevel(old)


def kept(place: Path) -> Iterator[tuple[str, bytes]]:
    """Every byte under the data directory, the archive's bodies unpacked; secrets.toml alone may hold secrets."""
    import sqlite3

    for file in place.rglob("*"):
        if file.is_file() and file.name != "secrets.toml":
            yield file.name, file.read_bytes()
    for database in place.rglob("mecra.db"):
        db = sqlite3.connect(database)
        for url, body in db.execute("SELECT url, body FROM responses"):
            yield url, url.encode() + (zlib.decompress(body) if body else b"")
        for table in ("walks", "posts", "gaps", "articles", "accounts"):
            yield table, repr(db.execute(f"SELECT * FROM {table}").fetchall()).encode()
        db.close()


def told(runs: list[Run]) -> Iterator[tuple[str, bytes]]:
    """What a person or a program gets to see of the runs: their texts, and their exceptions in every form."""
    for run in runs:
        yield "run", repr(run).encode()
        if run.failure:
            error = run.failure
            yield "exception", "".join([str(error), repr(error), repr(vars(error)), *traceback.format_exception(error)]).encode()


def found(texts: Iterator[tuple[str, bytes]], marks: tuple[str, ...]) -> list[tuple[str, str, bytes]]:
    forms = {form.encode() for mark in marks for form in (mark, quote(mark), quote(mark, safe=""), json.dumps(mark)[1:-1])}
    return [
        (where, form.decode(), text[max(0, text.find(form) - 80) : text.find(form) + 80])
        for where, text in texts
        for form in forms
        if form in text
    ]


@pytest.mark.parametrize(("collector", "fault"), NAMES)
def test_no_token_is_told_whatever_goes_wrong(
    place: Place, collector: str, fault: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    streams = [stream for name, stream in STREAMS if name == collector]
    place.begin(collector, "")
    place.box(collector).fault(fault)
    with loud(place.secrets, monkeypatch):
        runs = place.jobs(hurried=fault == "timeout").collect([place.account(collector)], streams=streams, since=SINCE)
        logging.getLogger("mecra").debug("the last line")
    said = capsys.readouterr()
    assert "the last line" in said.err and runs
    assert found(iter([("stdout", said.out.encode()), ("stderr", said.err.encode())]), MARKS) == []
    assert found(told(runs), MARKS) == []
    assert found(kept(place.directory), MARKS) == []


def test_the_address_of_meta_s_next_page_is_not_kept(place: Place) -> None:
    """`paging.next` carries the token, whether we know that token or not."""
    place.begin("facebook", "posts")
    run = place.run("facebook", "posts")
    assert run.walk and run.walk.outcome == "done"
    bodies = [text for where, text in kept(place.directory) if "published_posts" in where]
    assert sum(b'"next":"***"' in body for body in bodies) == 2
    assert not any(b"access_token" in body for body in bodies)


OTHER_WAYS: dict[str, tuple[str, Mapping[str, str]]] = {
    "oauth2": (
        "x",
        {"refresh_token": "sandbox-x-refresh", "client_id": "sandbox-x-client", "client_secret": "sandbox-x-client-secret"},
    ),
    "bearer": ("x", {"bearer_token": "sandbox-x-bearer"}),
    "proof": ("facebook", {"token": "sandbox-meta-page-token", "app_secret": "sandbox-meta-app-secret"}),
    "key": ("youtube", {"api_key": "sandbox-youtube-key"}),
    **{f"odd {platform}": (platform, {name: ODD % name for name in names}) for platform, names in SECRETS.items()},
    "odd oauth2": ("x", {name: ODD % name for name in ("refresh_token", "client_id", "client_secret", "access_token2")}),
    "odd key": ("youtube", {"api_key": ODD % "api_key"}),
    "odd bearer": ("x", {"bearer_token": ODD % "bearer_token"}),
}


@pytest.mark.parametrize("fault", [None, "expired-token", *SAYING])
@pytest.mark.parametrize("way", OTHER_WAYS)
def test_no_token_is_told_by_the_other_ways_in(
    place: Place, tmp_path: Path, way: str, fault: str | None, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tokens of OAuth 2, given out and changed at run time; an app's own; a key; and tokens that are refused, in odd letters."""
    platform, given = OTHER_WAYS[way]
    secrets = Secrets({}, tmp_path / "secrets.toml")
    secrets.put(platform, **given)
    place.begin(platform, "")
    jobs = Jobs(place.settings, secrets, now=place.clock, sleep=lambda seconds: None)
    runs: list[Run] = []
    with loud(secrets, monkeypatch):
        for _ in range(2):
            runs += jobs.collect([place.account(platform)], since=SINCE)
            place.pass_by(hours=7)  # the access tokens have run out
            if fault:
                place.box(platform).fault(fault)
        logging.getLogger("mecra").debug("the last line")
    known = [*given.values(), *(value for value in secrets._stored[platform].values())]
    marks = {*MARKS, *(value for value in known if value not in ("sandbox", "sandbox-x-client")), "MARKED"}
    said = capsys.readouterr()
    assert "the last line" in said.err and len(runs) >= 4
    texts = [("stdout", said.out.encode()), ("stderr", said.err.encode()), *told(runs), *kept(place.directory)]
    assert found(iter(texts), tuple(marks)) == []
    pair = f"{given.get('client_id')}:{given.get('client_secret')}"
    assert found(iter(texts), (base64.b64encode(pair.encode()).decode(),)) == []


JUDGES = {
    "x": (x_answers.judge, '{"title": "Unauthorized", "detail": "%s"}'),
    "facebook": (graph_errors.judge, '{"error": {"code": 190, "message": "%s"}}'),
    "youtube": (google_errors.judge, '{"error": {"code": 401, "message": "%s", "errors": [{"reason": "x"}]}}'),
    "gdelt": (gdelt.judge, "%s"),
    "feed": (guard.judge, "%s"),
}


@pytest.mark.parametrize("status", [200, 400, 401, 403, 429, 500])
@pytest.mark.parametrize("platform", JUDGES)
def test_not_half_a_token_either_where_a_message_is_cut_to_length(platform: str, status: int) -> None:
    judge, body = JUDGES[platform]
    token = "".join(f"{n:02x}Qz" for n in range(40))
    secrets = Secrets({"MECRA_X_TOKEN": token})
    answers = iter([http(status, body % ("ş" * at + token)) for at in range(0, 320, 7)])
    with Server(lambda asked: next(answers)) as server:
        for _ in range(0, 320, 7):
            door = Door(Line(platform, judge, json="{" in body), now=lambda: NOON, secrets=secrets, attempts=1)
            try:
                door.get(server.url)
            except CollectError as error:
                assert "Qz" not in str(error) + repr(vars(error))
