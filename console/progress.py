"""What is seen while a collection runs: a bar on a terminal, and one line an account, both on stderr."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

from console.terminal import one_line
from model import Account, Walk
from words import _, number


class Run(Protocol):
    """As scheduler.Run, which brings all of HTTP with it."""

    @property
    def stream(self) -> str: ...
    @property
    def walk(self) -> Walk | None: ...
    @property
    def skipped(self) -> str: ...
    @property
    def failed(self) -> bool: ...


class Progress:
    """Told of every page (`page` is what scheduler.Jobs reports to) and of every account that is through."""

    def __init__(self, console: Any, bar: Any = None, task: Any = None) -> None:
        self._console, self._bar, self._task = console, bar, task

    def begin(self, account: Account) -> None:
        if self._bar:
            self._bar.update(self._task, description=account.account)

    def page(self, account: Account, stream: str, walk: Walk) -> None:
        if self._bar:
            said = _("{stream} · pages {pages} · new rows {rows}").format(
                stream=stream, pages=number(walk.pages), rows=number(walk.rows)
            )
            self._bar.update(self._task, said=said)

    def done(self, account: Account, runs: Sequence[Run]) -> None:
        """One line for the account, and one for each stream of it that failed, with the next step."""
        walks = [run.walk for run in runs if run.walk]
        failed = [run for run in runs if run.failed]
        pages, rows = sum(w.pages for w in walks), sum(w.rows for w in walks)
        mark = "✗" if failed else "✓" if walks else "-"
        self._say(
            mark,
            _("{account} · streams {streams} · pages {pages} · new rows {rows}").format(
                account=account.account, streams=len(walks), pages=number(pages), rows=number(rows)
            ),
        )
        for run in failed:
            self._say(" ", f"  {run.stream}: {without_account(run.walk.error if run.walk else '', account.account)}")
        for run in runs:
            if run.skipped:
                self._say(" ", f"  {run.stream or '-'}: {run.skipped}")
        if self._bar:
            self._bar.update(self._task, advance=1, said="")

    def _say(self, mark: str, text: str) -> None:
        self._console.print(one_line(f"{mark} {text}"), markup=False, highlight=False, soft_wrap=True)


def without_account(error: str, account: str) -> str:
    """A stored error in the reader's language, where the line already names the account."""
    from reports.failures import failure_said

    return failure_said(error.removeprefix(f"{account}: "))


@contextmanager
def shown(accounts: int) -> Iterator[Progress]:
    """A progress of so many accounts; a bar only where a person watches."""
    from rich.console import Console

    console = Console(stderr=True)
    if not console.is_terminal:
        yield Progress(console)
        return
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    columns = (
        TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
        TextColumn("{task.fields[said]}", markup=False),
    )  # fmt: skip
    with Bar(*columns, console=console, transient=True) as bar:
        yield Progress(console, bar, bar.add_task("", total=accounts, said=""))
