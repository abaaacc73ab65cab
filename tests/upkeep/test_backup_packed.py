"""A file that is handed to `mecra restore` is believed in nothing: what leads out, is too long, or is not what was packed is refused."""

from __future__ import annotations

import hashlib
import json
import random
import stat
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from upkeep.packed import FORMAT, MANIFEST, BadBackup, Manifest, manifest_of, pack, unpack

AT = datetime(2026, 3, 15, tzinfo=UTC)
BODY = b"SQLite format 3" + bytes(5000)


def quiet() -> None:
    pass


def crafted(
    path: Path, files: dict[str, bytes], change: Callable[[dict[str, Any]], None] = lambda told: None, mode: int = stat.S_IFREG
) -> Path:
    """A zip as somebody could make it by hand, with a manifest that fits unless it is changed."""
    told: dict[str, Any] = {
        "format": FORMAT, "made_at": "2026-03-15T00:00:00Z", "mecra": "0", "database": "/d", "data": ".", "settings": "mecra.toml",
        "contents": {}, "files": [
            {"name": name, "size": len(body), "sha256": hashlib.sha256(body).hexdigest(), "origin": ""} for name, body in files.items()
        ],
    }  # fmt: skip
    change(told)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in files.items():
            entry = zipfile.ZipInfo(name)
            entry.external_attr, entry.compress_type = (mode | 0o600) << 16, zipfile.ZIP_DEFLATED
            archive.writestr(entry, body)
        archive.writestr(MANIFEST, json.dumps(told))
    return path


def taken_out(path: Path, into: Path) -> list[str]:
    """What was unpacked; everything below `into` but for itself."""
    into.mkdir()
    unpack(path, manifest_of(path), into, quiet)
    return sorted(file.relative_to(into).as_posix() for file in into.rglob("*") if file.is_file())


def test_what_is_packed_comes_out_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "db").write_bytes(BODY)
    (tmp_path / "toml").write_bytes(b"x")
    told = Manifest(AT, "0.1", "/d/mecra.db", ".", "mecra.toml", {"rows": {}})
    files = [("mecra.db", tmp_path / "db", "mecra.db"), ("settings/ölçü/a.toml", tmp_path / "toml", "ölçü/a.toml")]
    packed = pack(tmp_path / "a.zip", told, files, 6, quiet)
    assert manifest_of(tmp_path / "a.zip") == packed
    assert taken_out(tmp_path / "a.zip", tmp_path / "out") == ["mecra.db", "settings/ölçü/a.toml"]
    assert (tmp_path / "out" / "mecra.db").read_bytes() == BODY
    assert stat.S_IMODE((tmp_path / "out" / "mecra.db").stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "name",
    ["../mecra.db", "settings/../../x.toml", "/etc/passwd", "settings//x.toml", "settings/./x", "settings/..", "C:\\x", "settings/a\\..\\b",
     "settings/secrets.toml", "elsewhere/1/secrets.toml", "locks/x", "settings", "settings/" + "a" * 200, "settings/a\x00b", "settings/a\nb",
     "mecra.db-wal"],
)  # fmt: skip
def test_a_name_that_leads_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    path = crafted(tmp_path / "a.zip", {"mecra.db": BODY, name: b"evil"})
    (tmp_path / "in").mkdir()
    with pytest.raises(BadBackup):
        taken_out(path, tmp_path / "in" / "out")
    assert [file.name for file in tmp_path.rglob("*") if file.is_file() and file != path] in ([], ["mecra.db"])


def longer(told: dict[str, Any]) -> None:
    told["files"][0]["size"] += 1


def shorter(told: dict[str, Any]) -> None:
    told["files"][0]["size"] -= 1


def another(told: dict[str, Any]) -> None:
    told["files"][0]["sha256"] = "0" * 64


def unsaid(told: dict[str, Any]) -> None:
    told["files"].pop()


def more(told: dict[str, Any]) -> None:
    told["files"].append({"name": "seals.txt", "size": 0, "sha256": ""})


def twice(told: dict[str, Any]) -> None:
    told["files"].append(told["files"][0])


def newer(told: dict[str, Any]) -> None:
    told["format"] = "mecra backup 2"


def negative(told: dict[str, Any]) -> None:
    told["files"][0]["size"] = -1


def no_number(told: dict[str, Any]) -> None:
    told["files"][0]["size"] = "5015"


def no_list(told: dict[str, Any]) -> None:
    told["files"] = {"mecra.db": 1}


def no_day(told: dict[str, Any]) -> None:
    told["made_at"] = "yesterday"


@pytest.mark.parametrize(
    "change",
    [longer, shorter, another, unsaid, more, twice, newer, negative, no_number, no_list, no_day],
    ids=lambda change: change.__name__,
)
def test_a_manifest_that_does_not_fit_is_refused(tmp_path: Path, change: Callable[[dict[str, Any]], None]) -> None:
    path = crafted(tmp_path / "a.zip", {"mecra.db": BODY, "settings/a": b"a"}, change)
    with pytest.raises(BadBackup, match=r"a\.zip"):
        taken_out(path, tmp_path / "out")


def test_without_a_database_or_with_a_link_it_is_none(tmp_path: Path) -> None:
    with pytest.raises(BadBackup, match="the database is not"):
        taken_out(crafted(tmp_path / "a.zip", {"seals.txt": b"a"}), tmp_path / "a")
    with pytest.raises(BadBackup, match="no plain file"):
        taken_out(crafted(tmp_path / "b.zip", {"mecra.db": b"/etc/passwd"}, mode=stat.S_IFLNK), tmp_path / "b")


def test_no_more_is_written_than_was_said(tmp_path: Path) -> None:
    """A bomb: a gigabyte of nothing in a megabyte, said to be small. It ends after the first piece too much."""
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open("mecra.db", "w", force_zip64=True) as member:
            for _ in range(64):
                member.write(bytes(1 << 20))
        told = {"format": FORMAT, "made_at": "2026-03-15T00:00:00Z", "mecra": "0", "database": "/d", "data": ".", "settings": "a",
                "contents": {}, "files": [{"name": "mecra.db", "size": 1000, "sha256": "0" * 64}]}  # fmt: skip
        archive.writestr(MANIFEST, json.dumps(told))
    assert path.stat().st_size < 1 << 20
    with pytest.raises(BadBackup, match="longer than"):
        taken_out(path, tmp_path / "out")
    assert (tmp_path / "out" / "mecra.db").stat().st_size <= 1000


def test_a_manifest_of_any_length_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(MANIFEST, b" " * (5 << 20))
    with pytest.raises(BadBackup, match="too long"):
        manifest_of(path)


@pytest.mark.parametrize("body", [b"", b"PK\x03\x04", b"This is no zip. " * 99, b'{"format": "mecra backup 1"}'])
def test_what_is_no_zip_is_no_backup(tmp_path: Path, body: bytes) -> None:
    (tmp_path / "a.zip").write_bytes(body)
    with pytest.raises(BadBackup, match="no backup that can be read"):
        manifest_of(tmp_path / "a.zip")


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32), cut=st.booleans())
def test_whatever_is_broken_in_it_is_noticed_or_harmless(tmp_path_factory: pytest.TempPathFactory, seed: int, cut: bool) -> None:
    """Cut off anywhere, or some bytes changed: refused in one way, or every file as it was packed."""
    chance, place = random.Random(seed), tmp_path_factory.mktemp("rot")
    files = {"mecra.db": chance.randbytes(3000), "settings/mecra.toml": b"[news]\n" * 20}
    path = crafted(place / "a.zip", files)
    raw = bytearray(path.read_bytes())
    if cut:
        del raw[chance.randrange(len(raw)) :]
    else:
        for _ in range(chance.randint(1, 4)):
            raw[chance.randrange(len(raw))] = chance.randrange(256)
    path.write_bytes(raw)
    try:
        names = taken_out(path, place / "out")
    except BadBackup:
        return
    assert names == sorted(files) and all((place / "out" / name).read_bytes() == files[name] for name in names)
