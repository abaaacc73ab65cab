"""`kill -9` of what mecra does by itself, before each moment in turn: making and migrating its file, collecting, tokens, reports, mail."""

from __future__ import annotations

import shutil
import sqlite3
import stat
import tomllib
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlite_utils import Database

from model import to_text, utc_now
from storage.database import APPLICATION_ID, MIGRATIONS
from storage.schema import migrations
from tests.fakes import Server, Small
from tests.power.conftest import Came, Mecra
from tests.power.institution import SETTINGS, asked, found_institution, whole
from tests.power.test_killed_commands import through
from tests.reports.mail_server import Post, serving
from tests.test_walk import FACTS

SCHEMA = "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY type, name"
STEPS = "SELECT name FROM _sqlite_migrations ORDER BY id"
SMALL = Small(size=9, cuts=(3, 6), overlap=1)
MAIL = (
    SETTINGS
    + '\n[mail]\nhost = "127.0.0.1"\nport = {port}\nsecurity = "none"\nfrom = "mecra@kurum.bel.tr"\nto = ["basin@kurum.bel.tr"]\n'
)


@pytest.fixture
def made(tmp_path: Path, mecra: Mecra) -> Path:
    (tmp_path / "made").mkdir()
    assert mecra(tmp_path / "made", tmp_path / "made", act="make").out == "made\n"
    return tmp_path / "made"


def test_making_a_database(tmp_path: Path, made: Path, mecra: Mecra) -> None:
    (tmp_path / "nothing").mkdir()
    seen = []

    def look(place: Path, moment: int, came: Came) -> None:
        there = (place / "mecra.db").exists()
        seen.append(there)
        if there:
            assert whole(place) and asked(place, STEPS) == [(name,) for name in MIGRATIONS]
        assert there or came.out == ""
        assert mecra(place, place, act="make").out == "made\n" and asked(place, SCHEMA) == asked(made, SCHEMA)
        assert {path.name for path in place.iterdir()} <= {"mecra.db", "mecra.db.migrate.lock"}

    moments = through(
        lambda place, moment: mecra(place, place, act="make", moment=moment), tmp_path / "nothing", tmp_path / "place", look
    )
    assert moments > 2 * len(MIGRATIONS) and True in seen and False in seen


def test_setting_up(tmp_path: Path, mecra: Mecra) -> None:
    quiet = tmp_path / "quiet"
    for place in (tmp_path / "nothing", quiet):
        place.mkdir()
    assert mecra(quiet, "init", ".").code == 0

    def files(place: Path) -> dict[str, bytes]:
        """Of the tokens' file the first line is a comment, which may be missing."""
        return {path.name: path.read_bytes() if path.name != "secrets.toml" else b"" for path in place.iterdir()}

    expected = files(quiet)
    assert len(expected) == 4

    def look(place: Path, moment: int, came: Came) -> None:
        again = mecra(place, "init", ".")
        assert again.code == 0 or ("is there already" in again.err and "mecra.toml" in came.out + again.err)
        assert files(place) == expected

    assert (
        through(lambda place, moment: mecra(place, "init", ".", moment=moment), tmp_path / "nothing", tmp_path / "place", look) > 6
    )


def test_bringing_a_database_up_to_date(tmp_path: Path, made: Path, mecra: Mecra) -> None:
    old, done = tmp_path / "old", len(MIGRATIONS) - 2
    old.mkdir()
    with closing(sqlite3.connect(old / "mecra.db")) as db:
        db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        migrations.apply(Database(db), stop_before=MIGRATIONS[done])
        db.execute("INSERT INTO accounts (account, platform, handle) VALUES ('x:a', 'x', 'a')")
        db.commit()
    before, rows, seen = asked(old, SCHEMA), [("x:a",)], set()

    def look(place: Path, moment: int, came: Came) -> None:
        schema = asked(place, SCHEMA)
        assert whole(place) and schema in (before, asked(made, SCHEMA)), f"half of it, killed before moment {moment}"
        assert asked(place, "SELECT account FROM accounts") == rows
        seen.add(schema == before)
        assert mecra(place, place, act="make").out == "made\n"
        assert asked(place, SCHEMA) == asked(made, SCHEMA) and asked(place, "SELECT account FROM accounts") == rows

    through(lambda place, moment: mecra(place, place, act="make", moment=moment), old, tmp_path / "place", look)
    assert True in seen and len(asked(old, STEPS)) == done


def test_collecting(tmp_path: Path, made: Path, mecra: Mecra, tell: Callable[[str], None]) -> None:
    with Server(SMALL.answer) as server:

        def collect(place: Path, moment: int = 0) -> Came:
            return mecra(place, place, server.url, act="collect", moment=moment)

        quiet = Path(shutil.copytree(made, tmp_path / "quiet"))
        assert collect(quiet).out == "collected\n"
        expected = {name: asked(quiet, query) for name, query in FACTS.items()}
        server.asked.clear()

        def look(place: Path, moment: int, came: Came) -> None:
            assert whole(place)
            pages = (asked(place, "SELECT pages FROM walks") or [(0,)])[0][0]
            assert len(server.asked) <= pages + 1, "at most the page under way was asked for and not kept"
            if came.out:
                assert {name: asked(place, query) for name, query in FACTS.items()} == expected
            assert collect(place).code == 0
            assert {name: asked(place, query) for name, query in FACTS.items()} == expected
            server.asked.clear()

        moments = through(collect, made, tmp_path / "place", look)
    assert moments > 3 * SMALL.pages
    tell(f"collecting {SMALL.pages} pages: killed before each of {moments} moments, and gone on with")


def test_tokens_that_can_be_used_once(tmp_path: Path, mecra: Mecra) -> None:
    old = tmp_path / "old"
    old.mkdir()
    file = old / "secrets.toml"
    file.write_text('[x]\nrefresh_token = "eski-yenileme"\n[facebook]\npage_token = "sayfa-belirteci"\n', encoding="utf-8")
    file.chmod(0o600)
    seen = set()

    def look(place: Path, moment: int, came: Came) -> None:
        found = tomllib.loads((place / "secrets.toml").read_text(encoding="utf-8"))
        assert found["facebook"] == {"page_token": "sayfa-belirteci"}
        fresh = found["x"].get("refresh_token") == "yeni-yenileme"
        assert fresh or found["x"] == {"refresh_token": "eski-yenileme"}
        assert fresh or came.out == "", "acknowledged and lost"
        seen.add(fresh)
        assert mecra(place, place, act="rotate").out == "kept\n"
        assert {path.name for path in place.iterdir()} <= {"secrets.toml", "secrets.toml.lock"}, "no other file holds a token"
        assert stat.S_IMODE((place / "secrets.toml").stat().st_mode) == 0o600

    through(lambda place, moment: mecra(place, place, act="rotate", moment=moment), old, tmp_path / "place", look)
    assert False in seen


# -- reports and mail


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory, mecra: Mecra) -> Path:
    place = found_institution(tmp_path_factory.mktemp("sealed") / "data")
    came = mecra(place, "snapshot", "2026-H1", "--seal", "--provisional")
    assert came.code == 0, came.said
    return place


def written(place: Path) -> dict[str, bytes]:
    return {str(path.relative_to(place)): path.read_bytes() for path in sorted((place / "reports").rglob("*")) if path.is_file()}


def test_a_report_by_hand(sealed: Path, tmp_path: Path, mecra: Mecra) -> None:
    args = ("report", "2026-H1", "--format", "csv")
    quiet = Path(shutil.copytree(sealed, tmp_path / "quiet"))
    assert mecra(quiet, *args).code == 0
    expected = written(quiet)

    def look(place: Path, moment: int, came: Came) -> None:
        found = written(place) if (place / "reports").exists() else {}
        shown = {name: body for name, body in found.items() if not Path(name).name.startswith(".")}
        assert shown.items() <= expected.items(), "half a file under its own name"
        assert shown == expected or "reports" not in came.out

    moments = through(lambda place, moment: mecra(place, *args, moment=moment), sealed, tmp_path / "place", look)
    assert moments > len(expected)


@pytest.fixture
def post() -> Iterator[Post]:
    yield Post()


def test_a_message_is_sent_once_or_says_that_it_may_be_the_second(
    sealed: Path, tmp_path: Path, mecra: Mecra, post: Post, tell: Callable[[str], None]
) -> None:
    with serving(post, tmp_path) as port:
        ready = Path(shutil.copytree(sealed, tmp_path / "ready"))
        (ready / "mecra.toml").write_text(SETTINGS, encoding="utf-8")
        assert mecra(ready, ready, "", act="send").out == "done\n"
        assert written(ready)
        (ready / "mecra.toml").write_text(MAIL.format(port=port), encoding="utf-8")
        twice = 0

        def look(place: Path, moment: int, came: Came) -> None:
            nonlocal twice
            later = to_text(utc_now() + timedelta(hours=1))  # a server that did not answer is left alone for a while
            assert whole(place) and mecra(place, place, later, act="send").out == "done\n"
            sent = [message for _to, message in post.taken if "son gün" not in message["Subject"]]
            assert len({message["Message-ID"] for message in sent}) == 1 and len(sent) in (1, 2)
            twice += len(sent) - 1
            post.taken.clear()
            later = to_text(utc_now() + timedelta(days=2))
            assert mecra(place, place, later, act="send").out == "done\n" and post.taken == [], "and then never again"

        moments = through(lambda place, moment: mecra(place, place, "", act="send", moment=moment), ready, tmp_path / "place", look)
    assert moments > 4 and 0 < twice < moments / 2
    tell(f"one message: killed before each of {moments} moments, sent twice under one Message-ID at {twice} of them")
