"""click's commands with two manners of ours: help is translated when it is shown, and what stops a command is one line."""

from __future__ import annotations

import copy
import json
import logging
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import click

from model import MecraError
from words import N_, _

log = logging.getLogger("mecra.console")

Anything = TypeVar("Anything", bound=Callable[..., Any])
CANNOT_WORK = 2
WITH_VALUE = ("--config", "--lang", "--log-level")
WIDEST = 10  # letters of a command's name, so that all sections have one column
PIECES = (N_("[OPTIONS]"), N_("COMMAND [ARGS]..."))  # of click's usage line, which it leaves as they are
CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 110}


class Stopped(click.ClickException):
    """The command can't work: one line on stderr, exit code 2."""

    exit_code = CANNOT_WORK


class Option(click.Option):
    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        shown = copy.copy(self)
        shown.help, shown.metavar = _(self.help or ""), _(self.metavar or "") or None
        return click.Option.get_help_record(shown, ctx)


class Command(click.Command):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"context_settings": CONTEXT, **options})

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """An argument that is missing or wrong is called as in the usage line."""
        try:
            return super().parse_args(ctx, args)
        except click.BadParameter as error:
            if isinstance(error.param, click.Argument) and error.param_hint is None:
                error.param_hint = f"'{_(error.param.make_metavar(ctx))}'"
            raise

    def invoke(self, ctx: click.Context) -> Any:
        """What a person changes by it goes into the audit log."""
        if isinstance(self, click.Group):
            return super().invoke(ctx)
        from console.acting import acted

        with acted(ctx):
            return super().invoke(ctx)

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        return [_(piece) for piece in super().collect_usage_pieces(ctx)]

    def get_short_help_str(self, limit: int = 45) -> str:
        return _(self.help or "").partition("\n")[0]

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(_(self.help or ""))

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """How it is typed."""
        from console.manual import examples

        found = examples(ctx.command_path.partition(" ")[2])
        if found:
            with formatter.section(_("Examples")):
                for example in found:
                    formatter.write(f"{'':{formatter.current_indent}}mecra {example.typed}\n")
                    with formatter.indentation():
                        formatter.indent()
                        formatter.write_text(_(example.meaning))
                        formatter.dedent()


class Group(Command, click.Group):
    command_class = Command
    group_class = type

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """By who uses them; whatever nobody has put in a section comes last, and a group's own are one list."""
        from console.manual import SECTIONS

        if ctx.parent is not None:
            super().format_commands(ctx, formatter)
            return
        rest = dict(self.commands)
        for title, lines in SECTIONS:
            rows = [(f"{name:<{WIDEST}}", _(line)) for name, line in lines.items() if rest.pop(name, None)]
            if rows:
                with formatter.section(_(title)):
                    formatter.write_dl(rows)
        if rest:
            with formatter.section(_("More commands")):
                formatter.write_dl([(f"{name:<{WIDEST}}", command.get_short_help_str()) for name, command in rest.items()])

    def invoke(self, ctx: click.Context) -> Any:
        """The one place where errors end: those that mecra explains as a line, any other one in the log, redacted."""
        try:
            return super().invoke(ctx)
        except MecraError as error:
            from reports.failures import failure_said

            raise Stopped(_line(failure_said(str(error)))) from None
        except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise
        except (PermissionError, FileNotFoundError, NotADirectoryError) as error:
            raise Stopped(_line(f"{type(error).__name__}: {error}")) from None
        except OSError as error:
            from storage.trouble import of_disk

            if (found := of_disk(error)) is None:
                raise _unexpected(error) from None
            raise Stopped(_line(str(found))) from None
        except Exception as error:
            raise _unexpected(error) from None


def _unexpected(error: Exception) -> Stopped:
    log.critical("unexpected", exc_info=error)
    return Stopped(_("unexpected: {kind}; please report it with the log above").format(kind=type(error).__name__))


def _line(text: str) -> str:
    from console.logs import redacted
    from console.terminal import one_line

    return redacted(one_line(" ".join(text.split())))


def option(*names: str, **settings: Any) -> Callable[[Anything], Anything]:
    """click.option, translated."""
    return click.option(*names, cls=Option, **settings)


def named(args: Sequence[str], wanted: str) -> str | None:
    """The value of a global option, seen before click parses: the language of click's own complaints hangs on it."""
    rest = iter(args)
    for arg in rest:
        if not arg.startswith("-"):
            return None
        name, equals, value = arg.partition("=")
        if name in WITH_VALUE and not equals:
            value = next(rest, "")
        if name == wanted:
            return value or None
    return None


def print_json(value: object) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=1))
