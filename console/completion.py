"""What a shell offers when Tab is pressed: click says where an answer is wanted, the settings and the plan what there is.

Nothing here fails aloud and nothing asks the network or the database: a line that is being typed is no place for an error.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import click
from click.shell_completion import BashComplete, CompletionItem, FishComplete, ShellComplete, ZshComplete, add_completion_class

from model import MecraError, Period, utc_now

if TYPE_CHECKING:
    from config import Settings
    from console.told import Told

VARIABLE = "_MECRA_COMPLETE"  # as click makes it of the program's name
FIRST_YEAR = 2025

# As click's own, for names with a colon: bash takes `x:umraniye` for three words, so the line itself is sent, and what stands before
# the last colon is cut off from every answer. The last word is always the one at the cursor: COMP_CWORD counts from the end.
BASH = """\
%(complete_func)s() {
    local IFS=$'\\n'
    local line="${COMP_LINE:0:$COMP_POINT}" before="" response completion type value
    local word="${line##*[[:space:]]}"
    [[ $COMP_WORDBREAKS == *:* ]] && before="${word%%"${word##*:}"}"
    [[ -z $word ]] && line+="''"
    response=$(env COMP_WORDS="$line" COMP_CWORD=-1 %(complete_var)s=bash_complete "$1" 2>/dev/null)
    COMPREPLY=()
    for completion in $response; do
        IFS=',' read -r type value <<< "$completion"
        case $type in
            dir) compopt -o dirnames ;;
            file) compopt -o default ;;
            plain) COMPREPLY+=("${value#"$before"}") ;;
        esac
    done
}
complete -o nosort -F %(complete_func)s %(prog_name)s
"""


class Bash(BashComplete):
    source_template = BASH

    def source(self) -> str:
        return ShellComplete.source(self)  # whoever asks may do so for another machine's bash


SHELLS: dict[str, type[ShellComplete]] = {"bash": Bash, "zsh": ZshComplete, "fish": FishComplete}


def register() -> None:
    """Let click answer what our own script asks; done only when a shell is asking."""
    add_completion_class(Bash)


def script(shell: str, command: click.Command) -> str:
    """What a shell has to read in order to complete `mecra`."""
    return SHELLS[shell](command, {}, "mecra", VARIABLE).source()


# -- what there is


def _offered(values: Iterable[str], incomplete: str) -> list[CompletionItem[Any]]:
    return [CompletionItem(value) for value in dict.fromkeys(values) if value.startswith(incomplete)]


def _of_settings(
    found: Callable[[Settings], Iterable[str]],
) -> Callable[[click.Context, click.Parameter, str], list[CompletionItem[Any]]]:
    def complete(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem[Any]]:
        told: Told | None = context.obj
        with suppress(MecraError, OSError, ValueError):
            return _offered(found(told.settings()), incomplete) if told else []
        return []

    return complete


def _sources(settings: Settings) -> Iterable[str]:
    own = [account for account in settings.accounts if account.platform not in ("feed", "agency")]
    yield "news"
    yield from dict.fromkeys(account.platform for account in own)
    yield from (account.account for account in own)
    yield from (account.account for account in settings.accounts if account.platform == "feed")


def _feeds(settings: Settings) -> Iterable[str]:
    return (account.handle for account in settings.accounts if account.platform == "feed")


def _indicators(settings: Settings) -> Iterable[str]:
    from config.plan_file import load_plan

    return [indicator.code for indicator in load_plan(settings.plan).indicators]


def periods(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem[Any]]:
    """The half-year that runs, those before it and their years, the newest first."""
    today = utc_now().date()
    running = Period.half_of(today)
    halves = [Period(year, half) for year in range(today.year, FIRST_YEAR - 1, -1) for half in (2, 1)]
    found = [half for half in halves if half <= running]
    return _offered(
        (name for half in found for name in (str(half), *([str(half.whole_year)] if half.half == 1 else []))), incomplete
    )


sources = _of_settings(_sources)
accounts = _of_settings(lambda settings: (account.account for account in settings.accounts))
feeds_of_settings = _of_settings(_feeds)
indicators = _of_settings(_indicators)
