"""`mecra purge` as a person types it, on answers as the platforms give them."""

from __future__ import annotations

import json
import sqlite3
import zlib
from contextlib import closing
from pathlib import Path

import pytest

from sandbox.server import Sandbox
from tests.console.conftest import Call


def asked(path: Path, query: str, *values: object) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path / "mecra.db")) as connection:
        return connection.execute(query, values).fetchall()


def words_left(path: Path, word: str) -> bool:
    """In any byte of the database or its log, packed bodies unpacked."""
    files = b"".join(file.read_bytes() for file in sorted(path.glob("mecra.db*")))
    with closing(sqlite3.connect(path / "mecra.db")) as connection:
        bodies = [zlib.decompress(body) for (body,) in connection.execute("SELECT body FROM responses WHERE body IS NOT NULL")]
    return any(form in text for text in (files, *bodies) for form in (word.encode(), json.dumps(word)[1:-1].encode()))


@pytest.mark.parametrize("platform", ["x", "facebook", "instagram", "youtube"])
def test_a_post_goes_and_the_archive_still_gives_all_others(call: Call, box: Sandbox, tmp_path: Path, platform: str) -> None:
    assert call("collect", platform).exit_code == 0
    [(account, post, text, others)] = asked(
        tmp_path,
        "SELECT account, post, text, (SELECT count(*) FROM posts) - 1 FROM posts WHERE text != '' AND kind != 'story' ORDER BY published_at LIMIT 1",
    )
    assert words_left(tmp_path, str(text)[:60])
    dry = call("purge", "--post", f"{account}/{post}", "--why", "on request", "--dry-run")
    assert dry.exit_code == 0 and "delete it at the platform first" in dry.output
    assert asked(tmp_path, "SELECT count(*) FROM posts") == [(int(str(others)) + 1,)]
    done = call("purge", "--post", f"{account}/{post}", "--why", "on request", "--by", "Ayşe", "--yes")
    assert done.exit_code == 0, done.output
    assert not words_left(tmp_path, str(text)[:60])
    assert asked(tmp_path, "SELECT count(*), (SELECT count(*) FROM readings WHERE post = ?) FROM posts", post) == [(others, 0)]
    again = call("rebuild")
    assert again.exit_code == 0, again.output
    [act] = [one for one in json.loads(call("audit", "--json").stdout)["acts"] if one["command"].endswith("purge")]
    assert (act["who"], act["outcome"]) == ("Ayşe", "done"), act
    assert "on request" in call("purge", "--list").output and call("verify").exit_code == 0


def test_an_article_goes_and_the_archive_still_gives_all_others(call: Call, box: Sandbox, tmp_path: Path) -> None:
    assert call("collect", "news").exit_code == 0
    [(number, key)] = asked(tmp_path, "SELECT article, key FROM articles GROUP BY story HAVING count(*) = 1 LIMIT 1")
    done = call("purge", "--article", str(number), "--why", "on request", "--by", "Ayşe", "--yes", "--json")
    assert done.exit_code == 0, done.output
    [said] = json.loads(done.stdout[done.stdout.index("{") :])["purged"]
    assert said["rows"]["articles"] == 1 and said["rows"]["responses"] >= 1 and not said["left"]
    assert asked(tmp_path, "SELECT count(*) FROM articles WHERE key = ?", key) == [(0,)]
    assert not words_left(tmp_path, str(key))
    again = call("rebuild")
    assert again.exit_code == 0, again.output


def test_an_account_that_is_still_watched_is_refused_and_one_that_is_not_goes_whole(
    call: Call, box: Sandbox, tmp_path: Path
) -> None:
    assert call("collect", "x").exit_code == 0
    [(account,)] = asked(tmp_path, "SELECT account FROM accounts WHERE platform = 'x'")
    refused = call("purge", "--account", str(account), "--why", "closed")
    assert refused.exit_code == 2 and "take it out of" in refused.output
    path = tmp_path / "mecra.toml"
    before, mark, after = path.read_text(encoding="utf-8").partition('platform = "x"')
    path.write_text(f'{before}platform = "tiktok"{after}' if mark else before, encoding="utf-8")
    no = call("purge", "--account", str(account), "--why", "closed", "--by", "Ayşe", given="n\n")
    assert no.exit_code == 1 and asked(tmp_path, "SELECT count(*) > 0 FROM posts WHERE account = ?", account) == [(1,)]
    done = call("purge", "--account", str(account), "--why", "closed", "--by", "Ayşe", given="y\n")
    assert done.exit_code == 0, done.output
    assert asked(tmp_path, "SELECT count(*) FROM posts WHERE account = ?", account) == [(0,)]
    [(response,)] = asked(tmp_path, "SELECT max(response) FROM purged_answers")
    shown = call("show", str(response))
    assert "purged on" in shown.output and "because: closed" in shown.output and "ANOTHER" not in shown.output
    assert call("rebuild").exit_code == 0


@pytest.mark.parametrize(
    ("args", "says"),
    [
        ((), "one thing at a time"),
        (("--account", "x:a", "--due"), "one thing at a time"),
        (("--account", "x:nobody"), "write the reason"),
        (("--account", "x:nobody", "--why", "w"), "there is no account x:nobody"),
        (("--post", "x:nobody", "--why", "w"), "there is no post"),
        (("--article", "99", "--why", "w"), "there is no article 99"),
    ],
)
def test_what_is_not_there_is_refused_in_one_line(call: Call, box: Sandbox, args: tuple[str, ...], says: str) -> None:
    assert call("collect", "--dry-run").exit_code == 0
    came = call("purge", *args)
    assert came.exit_code == 2 and says in came.output
