"""`kill -9` while sealing, before each statement in turn: no snapshot, or a whole one. Several at once make one."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from storage import opened
from storage.seal_file import NAME, read_lines
from storage.snapshots import all_sealed, heads
from tests.indicators.sealing import CARD, filled, findings
from tests.indicators.standing import ISTANBUL

Sealing = Callable[..., list[int]]
LEAST = 25  # statements of one sealing: fewer would mean that they are not counted


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template")
    filled(path).connection.close()
    (path / "card.toml").write_text(CARD, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def sealing() -> Iterator[Sealing]:
    """`sealing(directory, statement=7, children=1)`: how each child ended."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.killing_seals"], cwd=Path(__file__).parent.parent, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )  # fmt: skip

    def run(directory: Path, *, statement: int = 0, children: int = 1) -> list[int]:
        assert process.stdin and process.stdout
        process.stdin.write(f"{directory} {statement} {children}\n")
        process.stdin.flush()
        return [int(code) for code in process.stdout.readline().split()]

    yield run
    assert process.stdin
    process.stdin.close()
    process.wait(10)


def test_killed_before_each_statement(template: Path, tmp_path: Path, sealing: Sealing, tell: Callable[[str], None]) -> None:
    there, none = 0, 0
    for statement in range(1, 500):
        place = tmp_path / str(statement)
        shutil.copytree(template, place)
        [ended] = sealing(place, statement=statement)
        with opened(place / "mecra.db", ISTANBUL) as storage:
            assert storage.connection.execute("PRAGMA quick_check").fetchone() == ("ok",)
            found = all_sealed(storage)
            assert len(found) == len(heads(storage)) <= 1, "half a snapshot"
            assert len(read_lines(place / NAME)[0]) <= len(found), "a line of what is not sealed"
            assert [f for f in findings(storage, place) if f.failed] == []
            assert len(read_lines(place / NAME)[0]) == len(found), "a line that was missing is added"
            there, none = there + len(found), none + (not found)
        if ended == 0:
            break
        assert ended == -signal.SIGKILL
        assert sealing(place) == [0]
        with opened(place / "mecra.db", ISTANBUL) as storage:
            assert len(all_sealed(storage)) == 1 and findings(storage, place) == []
        shutil.rmtree(place)
    assert statement > LEAST and there > 1 and none > LEAST // 2
    tell(f"sealing, killed before each of {statement - 1} statements: {none} left none, {there - 1} a whole one, none a half")


def test_several_at_once_make_one(template: Path, tmp_path: Path, sealing: Sealing) -> None:
    for turn in range(6):
        place = tmp_path / str(turn)
        shutil.copytree(template, place)
        assert sealing(place, children=4) == [0] * 4
        with opened(place / "mecra.db", ISTANBUL) as storage:
            assert [(s.period, s.revision) for s in all_sealed(storage)] == [("2026-H1", 1)]
            assert len(heads(storage)) == 1
            assert findings(storage, place) == []
