"""What the documents show is there: queries run, commands and settings exist, every figure, table and secret has its line."""

from __future__ import annotations

import re
import shlex
import sqlite3
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import click
import pytest

from cli import mecra
from collectors import collector_class
from config import EXAMPLE, load
from config.metrics import SHIPPED, table
from console.choosing import CREDENTIALS
from console.demo import Clock, moments, simulate, write_settings
from sandbox.server import Sandbox
from sandbox.world import World

ROOT = Path(__file__).parents[1]
FILES = ("README.md", "README.tr.md", "docs/operating.md", "docs/platforms.md", "docs/metrics.md", "docs/panel.md")
TEXTS = {name: (ROOT / name).read_text(encoding="utf-8") for name in FILES}
FENCE = re.compile(r"^```(\w*)\n(.*?)^```\n", re.M | re.S)
SPAN = re.compile(r"`([^`\n]+)`")
SETTING = re.compile(r"^\[+([\w.\"]+)\]+ (\w+)")
COMMAND = re.compile(r"(?:^|&& |bin/|[`$] )mecra (?P<words>[^#|;`&\n]+)", re.M)
PLATFORM_TITLES = {"x": "X", "facebook": "Facebook", "instagram": "Instagram", "youtube": "YouTube"}


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    """Five days of the demo, up to the end of its half-year."""
    directory = tmp_path_factory.mktemp("docs")
    world = World(start=date(2026, 6, 26), end=date(2026, 7, 1))
    with Sandbox(world) as box:
        settings = load(_with_subscribers(write_settings(directory, box.url, world).path), {})
        clock = Clock(box.url, next(moments(world.start, world.end)))
        for _ in simulate(settings, clock, world.start, world.end, lambda account, stream, walk: None):
            pass
    connection = sqlite3.connect(f"{settings.database.as_uri()}?mode=ro", uri=True)
    yield connection
    connection.close()


def _with_subscribers(path: Path) -> Path:
    """The settings with what docs/metrics.md says to write into the YouTube entry."""
    text = path.read_text(encoding="utf-8")
    base = re.search(r"`(options = \{ subscriber_base.*?\})`", TEXTS["docs/metrics.md"])
    assert base
    path.write_text(re.sub(r'(platform = "youtube"\n)', rf"\1{base[1]}\n", text), encoding="utf-8")
    return path


def queries() -> Iterator[tuple[str, str, str]]:
    """(file, query, the head of the result that is shown below it) of every query in the documents."""
    for name, text in TEXTS.items():
        blocks = FENCE.findall(text)
        for number, (kind, body) in enumerate(blocks):
            follows = blocks[number + 1] if number + 1 < len(blocks) else ("", "")
            if kind == "sql":
                yield name, body, follows[1].partition("\n")[0] if follows[0] == "text" else ""
            for query in re.findall(r'sqlite3 \S+ "(SELECT [^"]+)"', body):
                yield name, query, ""


@pytest.mark.parametrize(("name", "query", "head"), list(queries()))
def test_a_query_runs_and_finds_something(stored: sqlite3.Connection, name: str, query: str, head: str) -> None:
    answer = stored.execute(query)
    columns = [column[0] for column in answer.description]
    assert answer.fetchall(), name
    assert head.split() in ([], columns)


def commands() -> Iterator[tuple[str, str]]:
    for name, text in TEXTS.items():
        snippets = [body for _kind, body in FENCE.findall(text)] + SPAN.findall(FENCE.sub("", text))
        for words in sorted({found["words"].strip() for snippet in snippets for found in COMMAND.finditer(snippet)}):
            yield name, words


@pytest.mark.parametrize(("name", "words"), list(commands()))
def test_a_command_exists_with_its_options(name: str, words: str) -> None:
    command: click.Command = mecra
    rest = iter(shlex.split(words))
    for word in rest:
        if word.startswith("-"):
            option = next((o for o in command.params if isinstance(o, click.Option) and word.partition("=")[0] in o.opts), None)
            assert option, f"{name}: {word} of `mecra {words}`"
            if not option.is_flag and "=" not in word:
                next(rest)
        elif isinstance(command, click.Group):
            assert word in command.commands, f"{name}: `mecra {words}`"
            command = command.commands[word]
        else:
            choices = [a.type.choices for a in command.params if isinstance(a, click.Argument) and isinstance(a.type, click.Choice)]
            assert not choices or word.startswith("<") or word in choices[0], f"{name}: `mecra {words}`"


def test_the_documents_show_enough_to_be_worth_testing() -> None:
    assert len(list(queries())) >= 7
    assert len({words.split()[0] for _name, words in commands()}) >= 10


def settings_of_the_example() -> set[tuple[str, str]]:
    found, section = set(), ""
    for line in EXAMPLE.read_text(encoding="utf-8").splitlines():
        if head := re.fullmatch(r"(?:# )?\[+([^\[\]]+)\]+", line):
            section = head[1]
        elif key := re.match(r"(?:# )?(\w+) = ", line):
            found.add((section, key[1]))
    return found


def test_every_setting_is_in_the_example() -> None:
    shown = {found.groups() for text in TEXTS.values() for span in SPAN.findall(text) if (found := SETTING.match(span))}
    assert len(shown) > 15
    ladders = {
        (f"platforms.{platform}.ladder", stream) for platform in PLATFORM_TITLES for stream in collector_class(platform).streams
    }
    assert shown - settings_of_the_example() - ladders == set()


@pytest.mark.parametrize("platform", sorted(path.stem for path in SHIPPED.glob("*.toml")))
def test_every_metric_has_its_line(platform: str) -> None:
    _, _, section = TEXTS["docs/metrics.md"].partition(f"\n### {PLATFORM_TITLES[platform]}\n")
    lines = [line for line in section.partition("\n### ")[0].splitlines() if line.startswith("|")]
    for metric in table(platform).metrics:
        name = re.match(r"\w+", metric.name)
        assert name
        assert any(f"`{metric.ours}`" in line and f"`{name[0]}`" in line and metric.stream in line for line in lines), (
            f"{platform}: {metric.ours}, {name[0]}, {metric.stream}"
        )
        assert f"`{metric.ours}`" in TEXTS["docs/metrics.md"].partition("## Per platform")[0], f"{metric.ours}: no word for it"


def test_every_table_is_told_of_with_columns_that_it_has(stored: sqlite3.Connection) -> None:
    names = {name for (name,) in stored.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")}
    _, _, contract = TEXTS["docs/metrics.md"].partition("## The tables")
    assert {name for name in names if f"`{name}`" not in contract and not name.startswith(("_", "sqlite_"))} == set()
    current, wrong = "", []
    for line in contract.partition("The Turkish views")[0].splitlines():
        if not line.startswith("| ") or line.startswith(("| table", "| ---")):
            continue
        first, second, *_ = line.strip("|").split(" | ")
        current = next((name for name in SPAN.findall(first) if name in names), current)
        columns = {row[1] for row in stored.execute(f"PRAGMA table_info({current})")}
        wrong += [f"{current}.{column}" for column in SPAN.findall(second) if column not in columns]
    assert wrong == []


def test_every_secret_is_one_that_is_read() -> None:
    told = set(re.findall(r"MECRA_(X|FACEBOOK|INSTAGRAM|YOUTUBE)_([A-Z0-9_]+)", "".join(TEXTS.values())))
    read = "".join(path.read_text(encoding="utf-8") for part in ("collectors", "console") for path in (ROOT / part).glob("*.py"))
    assert {name for _platform, name in told if f'"{name.lower()}"' not in read} == set()
    wanted = {(platform.upper(), name.upper()) for platform, sets in CREDENTIALS.items() for names in sets for name in names}
    assert wanted - told == set()


def test_every_link_leads_somewhere() -> None:
    broken = []
    for name, text in TEXTS.items():
        for target, anchor in re.findall(r"\]\(([\w./-]*)(?:#([\w-]+))?\)", text):
            file = (ROOT / name).parent / target if target else ROOT / name
            known = [re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in _heads(file)] if file.exists() else []
            if not file.exists() or (anchor and anchor not in known):
                broken.append(f"{name}: {target}#{anchor}")
    assert broken == []


def _heads(file: Path) -> list[str]:
    return re.findall(r"^#+ (.+)$", file.read_text(encoding="utf-8"), re.M)
