"""Where secrets come from, how they are kept, and that no form of them is left in any text."""

# ruff: noqa: B005  `strip` is that of Secrets, not of str

from __future__ import annotations

import json
import multiprocessing
import os
import stat
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.secrets import MASK, Secrets
from model import MecraError

TOKEN = "EAAB/w+x=y%z-ğ1|9"

FORMS: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "percent-encoded": lambda t: quote(t, safe=""),
    "percent-encoded path": quote,
    "percent-encoded form": quote_plus,
    "percent-encoded in lower case": lambda t: quote(t, safe="").lower() if t.isascii() and t == t.lower() else quote(t, safe=""),
    "JSON": lambda t: json.dumps(t),
    "JSON with its letters": lambda t: json.dumps(t, ensure_ascii=False),
    "JSON as PHP writes it": lambda t: json.dumps(t).replace("/", r"\/"),
    "JSON in JSON": lambda t: json.dumps(json.dumps({"v": t})),
    "repr": repr,
    "repr of bytes": lambda t: repr(t.encode()),
}


def bare(form: str, secret: str) -> str:
    """A secret in a form, without what stands around every text of it."""
    before, after = FORMS[form]("secret").split("secret")
    return FORMS[form](secret).removeprefix(before).removesuffix(after)


@pytest.mark.parametrize("form", FORMS)
@given(
    secret=st.text(
        st.characters(min_codepoint=33, max_codepoint=0x17F, exclude_characters="'\"\\\x7f"), min_size=6, max_size=30
    ).filter(lambda t: t == t.strip() and t not in "before after")
)
def test_no_form_of_a_secret_is_left(form: str, secret: str) -> None:
    secrets = Secrets({"MECRA_X_TOKEN": secret})
    text = f"before {FORMS[form](secret)} after"
    for cleaned in (secrets.strip(text), secrets.redact(text)):
        assert bare(form, secret) not in cleaned.replace(MASK, "")
        assert MASK in cleaned and cleaned.startswith("before ") and cleaned.endswith(" after")


def test_percent_signs_in_small_letters() -> None:
    secrets = Secrets({"MECRA_X_TOKEN": "abc/def=ghi"})
    assert secrets.strip("q=abc%2fdef%3dghi&x=1") == f"q={MASK}&x=1"


def test_a_secret_that_is_stored_encoded_is_found_decoded() -> None:
    """X's bearer tokens are handed out percent-encoded."""
    secrets = Secrets({"MECRA_X_BEARER_TOKEN": "AAAA%2FBBBB%3Dcc"})
    assert secrets.strip("AAAA/BBBB=cc") == MASK
    assert "BBBB" not in secrets.strip("got AAAA%2FBBBB%3Dcc and AAAA/BBBB=cc and AAAA%252FBBBB%253Dcc")


def test_a_secret_within_another_leaves_nothing_of_the_longer_one() -> None:
    secrets = Secrets({"MECRA_X_TOKEN": "abcdefgh", "MECRA_X_SECRET": "abcdefghijkl"})
    assert secrets.strip("abcdefghijkl") == MASK


@pytest.mark.parametrize(
    "text",
    [
        "https://h/x?access_token={}&limit=1", "https://h/x?limit=1&key={}", "access_token%3D{}", '{{"access_token": "{}"}}',
        "{{'refresh_token': '{}'}}", '"{{\\"access_token\\":\\"{}\\"}}"', "Authorization: Bearer {}", "Authorization: Basic {}",
        "x-goog-api-key: {}", "{{'x-goog-api-key': '{}'}}", 'OAuth oauth_consumer_key="{}", oauth_version="1.0"',
        "client_secret={}", "fb_exchange_token={}&a", "oauth_signature={}", "appsecret_proof={}", "input_token={}", "Bearer%20{}",
    ],
)  # fmt: skip
def test_a_token_that_nobody_knows_is_known_by_its_shape(text: str) -> None:
    cleaned = Secrets({}).redact(text.format("Unknown-Tok3n_9.x"))
    assert "Tok3n" not in cleaned and MASK in cleaned
    assert Secrets({}).redact(cleaned) == cleaned


@pytest.mark.parametrize(
    "text", ["the bearer of this", "keyboard", "a key to success", "Basic idea", "https://h/x?limit=1&fields=id", "pages=3"]
)
def test_words_stay_words(text: str) -> None:
    assert Secrets({}).redact(text) == text


def test_where_a_secret_comes_from_first(tmp_path: Path) -> None:
    file, directory = tmp_path / "token", tmp_path / "credentials"
    file.write_text("from-file\n")
    directory.mkdir()
    (directory / "mecra_x_token").write_text("from-systemd\n")
    stored = tmp_path / "secrets.toml"
    Secrets({}, stored).put("x", token="from-store")
    environ = {"MECRA_X_TOKEN": "from-env", "MECRA_X_TOKEN_FILE": str(file), "CREDENTIALS_DIRECTORY": str(directory)}
    found = []
    for gone in ("MECRA_X_TOKEN", "MECRA_X_TOKEN_FILE", "CREDENTIALS_DIRECTORY", None):
        secrets = Secrets(environ, stored)
        value = secrets.get("x", "token")
        found.append(value)
        assert value and secrets.strip(f"a {value} b") == f"a {MASK} b"
        environ = {k: v for k, v in environ.items() if k != gone}
    assert found == ["from-env", "from-file", "from-systemd", "from-store"]
    assert Secrets({}).get("x", "token") is None


def test_a_secret_file_that_changes_is_still_a_secret(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("first-token")
    secrets = Secrets({"MECRA_X_TOKEN_FILE": str(file)})
    assert secrets.strip("first-token") == MASK
    file.write_text("second-token")
    assert secrets.get("x", "token") == "second-token"
    assert secrets.strip("first-token second-token") == f"{MASK} {MASK}"


def test_a_token_that_was_rotated_is_still_a_secret(tmp_path: Path) -> None:
    secrets = Secrets({}, tmp_path / "secrets.toml")
    secrets.put("x", refresh_token="old-refresh")
    secrets.put("x", refresh_token="new-refresh")
    assert secrets.strip("old-refresh new-refresh") == f"{MASK} {MASK}"
    with secrets.rotation():
        Secrets({}, tmp_path / "other.toml").put("x", refresh_token="x")
    assert secrets.strip("old-refresh new-refresh") == f"{MASK} {MASK}"


def test_of_tokens_that_rotate_for_years_the_newest_are_secrets(tmp_path: Path) -> None:
    """X hands out a new pair every two hours: what a daemon strips every text of must not grow with each."""
    secrets = Secrets({"MECRA_X_API_KEY": "fixed-api-key"}, tmp_path / "secrets.toml")
    secrets.put("facebook", token="lasting-page-token")
    told = [f"refresh-token-{n:04}" for n in range(400)]
    for token in told:
        secrets.put("x", refresh_token=token)
        assert secrets.strip(token) == MASK
    lasting = ["fixed-api-key", "lasting-page-token"]
    kept = [token for token in (*lasting, *told) if secrets.strip(token) == MASK]
    assert kept == [*lasting, *told[-len(kept) + 2 :]]
    assert 60 < len(kept) < 80


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(MecraError, match=r"MECRA_X_TOKEN_FILE names .*nowhere"):
        Secrets({"MECRA_X_TOKEN_FILE": str(tmp_path / "nowhere")}).get("x", "token")


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "token").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(MecraError, match="MECRA_X_TOKEN_FILE"):
        Secrets({"MECRA_X_TOKEN_FILE": str(tmp_path / "token")}).get("x", "token")


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o660])
def test_a_file_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "secrets.toml"
    Secrets({}, path).put("x", token="a-token")
    path.chmod(mode)
    with pytest.raises(MecraError, match="chmod 600"):
        Secrets({}, path)


def test_the_file_is_written_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "secrets.toml"
    Secrets({}, path).put("x", token="a-token")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [p.name for p in path.parent.iterdir() if not p.name.endswith(".lock")] == ["secrets.toml"], "nothing is left over"


@given(
    st.dictionaries(
        st.sampled_from(["access_token", "refresh_token"]),
        st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
        min_size=1,
    )
)
def test_what_is_put_comes_back(tmp_path_factory: pytest.TempPathFactory, values: dict[str, str]) -> None:
    path = tmp_path_factory.mktemp("s") / "secrets.toml"
    Secrets({}, path).put("x", **values)
    again = Secrets({}, path)
    assert {name: again.get("x", name) for name in values} == values
    tomllib.loads(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("raw", [b"not toml [", b"\xff\xfe", b"x = ["])
def test_a_damaged_file_is_named_and_not_shown(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "secrets.toml"
    path.write_bytes(raw + b"s3cret-value")
    path.chmod(0o600)
    with pytest.raises(MecraError, match=r"secrets\.toml") as caught:
        Secrets({}, path)
    assert "s3cret" not in str(caught.value)


def test_a_write_that_fails_leaves_the_old_tokens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "secrets.toml"
    secrets = Secrets({}, path)
    secrets.put("x", token="old-token")

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        secrets.put("x", token="new-token")
    monkeypatch.undo()
    assert Secrets({}, path).get("x", "token") == "old-token"
    assert not list(tmp_path.glob(".secrets-*"))


def _put_many(path: str, platform: str, count: int) -> None:
    secrets = Secrets({}, Path(path))
    for number in range(count):
        secrets.put(platform, **{f"n{number}": str(number)})


def test_two_processes_that_keep_tokens_lose_none(tmp_path: Path) -> None:
    path = str(tmp_path / "secrets.toml")
    context = multiprocessing.get_context("fork")
    writers = [context.Process(target=_put_many, args=(path, platform, 25)) for platform in ("x", "youtube")]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
    stored = tomllib.loads(Path(path).read_text())
    assert {platform: len(values) for platform, values in stored.items()} == {"x": 25, "youtube": 25}


def test_a_token_can_be_kept_while_it_is_being_renewed(tmp_path: Path) -> None:
    secrets = Secrets({}, tmp_path / "secrets.toml")
    with secrets.rotation():
        secrets.put("x", token="renewed")
        with secrets.rotation():
            assert secrets.get("x", "token") == "renewed"
    assert Secrets({}, tmp_path / "secrets.toml").get("x", "token") == "renewed"


def test_nothing_can_be_kept_without_a_file() -> None:
    secrets = Secrets({})
    with pytest.raises(MecraError, match="mecra init"):
        secrets.put("x", token="a-token")
    with secrets.rotation():
        pass


def test_no_repr_shows_a_secret(tmp_path: Path) -> None:
    secrets: Any = Secrets({"MECRA_X_TOKEN": TOKEN}, tmp_path / "secrets.toml")
    secrets.put("x", token=TOKEN)
    assert repr(secrets) == str(secrets) == "Secrets(x.token)"


@pytest.mark.parametrize("short", ["", "1", "12345"])
def test_a_word_too_short_to_be_a_secret_does_not_eat_the_text(short: str) -> None:
    assert Secrets({"MECRA_X_TOKEN": short}).redact("5 posts, 12345 likes") == "5 posts, 12345 likes"
