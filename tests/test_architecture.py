"""Who may import whom, what may stand where, and that whatever is written is also shipped."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatch
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PARTS = (
    "model", "words", "config", "storage", "collectors", "indicators", "reports", "panel", "scheduler", "archive", "upkeep", "daemon", "sandbox", "console",
    "cli", "__main__",
)  # fmt: skip
MAY: dict[str, set[str]] = {
    "model": set(),
    "words": set(),
    "config": {"model", "words"},
    "storage": {"model", "words"},
    "collectors": {"model", "words", "config"},
    "indicators": {"model", "words", "config", "storage"},
    "reports": {"model", "words", "config", "storage", "indicators"},
    "panel": {"model", "words", "config", "storage", "reports"},
    "scheduler": {"model", "words", "config", "collectors", "storage", "indicators"},
    "archive": {"model", "words", "config", "collectors", "storage", "scheduler"},
    "upkeep": {"model", "words", "config", "storage", "archive", "indicators", "reports"},  # it verifies, rebuilds and mails
    "daemon": {
        "model",
        "words",
        "config",
        "storage",
        "scheduler",
        "indicators",
        "reports",
        "upkeep",
    },  # it writes and mails what is final
    "sandbox": {"model", "config"},
    "console": {
        "model",
        "words",
        "config",
        "collectors",
        "storage",
        "indicators",
        "reports",
        "panel",
        "scheduler",
        "archive",
        "upkeep",
        "daemon",
        "sandbox",
    },
    "cli": {
        "model",
        "words",
        "config",
        "collectors",
        "storage",
        "indicators",
        "reports",
        "panel",
        "scheduler",
        "archive",
        "upkeep",
        "daemon",
        "sandbox",
        "console",
    },
    "__main__": {"cli"},
}
WEBHOOK = "upkeep/alarm_ways.py"  # an alarm goes out to where the operator said: nothing comes in by it
SDKS = ("tweepy", "facebook", "googleapiclient", "feedparser", "apscheduler", "openpyxl", "python_calamine")
SHARED = {
    "__init__",
    "base",
    "http",
    "answers",
    "keeping",
    "remembered",
    "clock",
    "transfer",
    "punctual",
    "turns",
    "budget",
    "ladder",
    "dates",
    "turkish",
    "sheets",
    "calendar",
    "exports",
}
HANDED_IN = {"sheets", "calendar", "exports"}
PLATFORMS = {
    "x": re.compile(r"x(_\w+)?"),
    "meta": re.compile(r"facebook|instagram|graph(_\w+)?"),
    "google": re.compile(r"youtube(_\w+)?|google(_\w+)?"),
    "news": re.compile(r"news(\..+)?"),
}
SQL = re.compile(
    r"\s*(SELECT\s.+\sFROM|INSERT\s+(OR \w+ )?INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM|CREATE\s+(TABLE|VIEW|INDEX)|PRAGMA)\b", re.S
)


def sources() -> list[Path]:
    """Every file of the program itself."""
    found = [path for name in PARTS for path in [ROOT / f"{name}.py", *(ROOT / name).rglob("*.py")] if path.exists()]
    return sorted(found)


def part_of(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imported(node: ast.AST) -> Iterator[str]:
    for inner in ast.walk(node):
        if isinstance(inner, ast.Import):
            yield from (alias.name for alias in inner.names)
        elif isinstance(inner, ast.ImportFrom):
            assert inner.level == 0, "imports are absolute"
            yield inner.module or ""
            yield from (f"{inner.module}.{alias.name}" for alias in inner.names)


def at_start(path: Path) -> Iterator[str]:
    """What a file imports when it is imported itself: neither in a function nor for the type checker."""
    for node in tree(path).body:
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            continue
        if not isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            yield from imported(node)


def test_there_is_something_to_look_at() -> None:
    assert len(sources()) > 40


@pytest.mark.parametrize("path", sources(), ids=named)
def test_a_part_imports_only_what_it_may(path: Path) -> None:
    part = part_of(path)
    # What is wrong with a file that staff hand in is said on the screen.
    may = MAY[part] | ({"words"} if part == "collectors" and path.parent.name in HANDED_IN else set())
    wrong = {name for name in imported(tree(path)) if name.partition(".")[0] in set(PARTS) - may - {part}}
    assert not wrong, f"{named(path)} imports {', '.join(sorted(wrong))}"


@pytest.mark.parametrize("path", [p for p in sources() if part_of(p) == "collectors"], ids=named)
def test_a_platform_knows_no_other(path: Path) -> None:
    own = ".".join(path.relative_to(ROOT / "collectors").with_suffix("").parts)
    family = next((name for name, pattern in PLATFORMS.items() if pattern.fullmatch(own)), None)
    assert family or own.partition(".")[0] in SHARED, f"{named(path)} belongs to no platform and is not shared"
    for name in imported(tree(path)):
        if name.startswith("collectors."):
            other = name.removeprefix("collectors.")
            of = next((key for key, pattern in PLATFORMS.items() if pattern.fullmatch(other)), None)
            assert of in (None, family), f"{named(path)} imports {name}"


@pytest.mark.parametrize("path", [p for p in sources() if part_of(p) == "scheduler"], ids=named)
def test_the_loop_knows_no_platform(path: Path) -> None:
    wrong = {n for n in imported(tree(path)) if any(p.fullmatch(n.removeprefix("collectors.")) for p in PLATFORMS.values())}
    assert {n for n in wrong if not n.startswith("collectors.news")} == set()


@pytest.mark.parametrize("sdk", SDKS)
def test_an_sdk_is_imported_in_one_file_and_at_first_use(sdk: str) -> None:
    files = [path for path in sources() if any(n == sdk or n.startswith(f"{sdk}.") for n in imported(tree(path)))]
    assert len(files) <= 1, [named(path) for path in files]
    early = [named(path) for path in files if any(n.partition(".")[0] == sdk for n in at_start(path))]
    assert early == []


def test_only_the_collectors_speak_http_and_only_the_store_speaks_sql() -> None:
    for path in sources():
        names = {name.partition(".")[0] for name in imported(tree(path))}
        if part_of(path) != "collectors" and named(path) != WEBHOOK:
            assert not names & {"requests", "tenacity", "urllib3"}, named(path)
        if part_of(path) != "storage":
            assert not names & {"sqlite3", "sqlite_utils"}, named(path)
            said = [n.value for n in ast.walk(tree(path)) if isinstance(n, ast.Constant) and isinstance(n.value, str)]
            assert [text for text in said if SQL.match(text)] == [], named(path)


def test_one_place_speaks_smtp() -> None:
    """Reports are mailed from where they are written: what a message says is theirs, and so no other part needs a mail server."""
    speaking = {named(path) for path in sources() if "smtplib" in {name.partition(".")[0] for name in imported(tree(path))}}
    assert speaking == {"reports/smtp.py", "reports/smtp_answers.py"}


def test_one_place_knows_the_time_and_one_the_environment() -> None:
    clocks, environments = set(), set()
    for path in sources():
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Attribute):
                text = ast.unparse(node)
                if re.fullmatch(r"(datetime\.)?(datetime|date)\.(now|utcnow|today)|time\.(time|localtime|gmtime)", text):
                    clocks.add(named(path))
                if text in ("os.environ", "os.getenv", "os.putenv"):
                    environments.add(named(path))
            elif isinstance(node, ast.ImportFrom) and node.module == "os":
                assert not {alias.name for alias in node.names} & {"environ", "getenv"}, named(path)
    assert clocks == {"model.py"}
    assert environments == {"cli.py"}
    model = next(n for n in tree(ROOT / "model.py").body if isinstance(n, ast.FunctionDef) and n.name == "utc_now")
    assert (
        sum("datetime.now" in ast.unparse(node) for node in tree(ROOT / "model.py").body if isinstance(node, ast.FunctionDef)) == 1
    )
    assert "datetime.now" in ast.unparse(model)


def test_starting_loads_no_sdk() -> None:
    code = "import sys, cli, scheduler; print(*(n for n in sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    assert {name for name in SDKS if name in loaded} == set()
    quick = subprocess.run(
        [sys.executable, "-c", "import sys, cli; print(*sys.modules)"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert not {"requests", "sqlite_utils", "apscheduler"} & set(quick.stdout.split()), "`mecra status` answers fast"


# -- packaging


def test_the_root_is_clean() -> None:
    assert not (ROOT / "__init__.py").exists(), "it would turn the checkout into a package"
    assert {path.stem for path in ROOT.glob("*.py")} == {"__main__", "archive", "cli", "daemon", "model", "scheduler", "words"}


def test_every_package_is_shipped() -> None:
    folders = {path.parent for name in PARTS for path in (ROOT / name).rglob("*.py")}
    expected = {"mecra"} | {"mecra." + ".".join(folder.relative_to(ROOT).parts) for folder in folders}
    assert set(PROJECT["tool"]["setuptools"]["packages"]) == expected


def test_every_file_that_is_read_at_run_time_is_shipped() -> None:
    shipped = PROJECT["tool"]["setuptools"]["package-data"]
    for name in PARTS:
        for path in (ROOT / name).rglob("*"):
            if path.is_file() and path.suffix not in (".py", ".pyc") and "__pycache__" not in path.parts:
                inside = path.relative_to(ROOT / name).as_posix()
                assert any(fnmatch(inside, pattern) for pattern in shipped.get(f"mecra.{name}", [])), named(path)


def test_no_dependency_uses_our_names() -> None:
    ours = set(PARTS) - {"__main__"}
    assert not ours & set(sys.stdlib_module_names)
    lock = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))
    looked = 0
    for package in lock["package"]:
        if package["name"] == "mecra":
            continue
        try:
            files = distribution(package["name"]).files or []
        except PackageNotFoundError:
            continue
        looked += 1
        names = {str(file).split("/", 1)[0].removesuffix(".py") for file in files}
        assert not names & ours, f"{package['name']} installs {names & ours}"
    assert looked > 30


def test_files_stay_small(capsys: pytest.CaptureFixture[str]) -> None:
    sizes = sorted(((len(path.read_text(encoding="utf-8").splitlines()), named(path)) for path in sources()), reverse=True)
    with capsys.disabled():
        print(f"\n{len(sizes)} files, {sum(size for size, _ in sizes)} lines; the largest: ", end="")
        print(", ".join(f"{name} {size}" for size, name in sizes[:6]))
    assert sizes[0][0] <= 480, "past 300 lines a file is split by subject"
    banned = {"utils", "helpers", "common", "core", "manager", "services"}
    assert not banned & {part for path in sources() for part in (*path.relative_to(ROOT).parts[:-1], path.stem)}
