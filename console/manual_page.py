"""The manual page mecra(1) in man(7)'s macros, made of the commands themselves: what they are, their options, how they are typed."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version

import click

from console.manual import SECTIONS, Example, examples
from words import N_, _

ENVIRONMENT = (
    ("MECRA_CONFIG", N_("the settings file, unless --config names one")),
    ("MECRA_DATA", N_("the data directory, whatever the settings say")),
    ("MECRA_USER", N_("who does something by hand, unless --by names somebody")),
    ("MECRA_<PLATFORM>_<NAME>", N_("a token, instead of a line in secrets.toml; with _FILE behind it, the file that holds it")),
)
FILES = (
    ("mecra.toml", N_("the settings; every one is in the file that `mecra init` writes")),
    ("secrets.toml", N_("tokens, readable by nobody else; never in a backup, a log or the database")),
    ("mecra.db", N_("the SQLite database with everything that was collected, measured and decided")),
    ("seals.txt", N_("one line for each seal, to be kept elsewhere too")),
)
STATUS = (
    ("0", N_("fine")),
    ("1", N_("some source failed, or something was found that is not as it should be")),
    ("2", N_("it can't work: what stops it and what to do stands on stderr, in one line")),
)


def page(command: click.Command) -> str:
    """The whole page in the language that is spoken."""
    return "\n".join(_lines(command)) + "\n"


def _lines(root: click.Command) -> Iterator[str]:
    context = click.Context(root, info_name="mecra")
    try:
        release = version("mecra")
    except PackageNotFoundError:
        release = ""
    title, what = _("Reach, measured and proven"), _("what an institution reaches, every figure with its proof")
    yield f'.TH MECRA 1 "" "mecra {release}" {_quoted(title)}'
    yield from (".ad l", ".nh")
    yield from (".SH " + _quoted(_("NAME")), rf"mecra \- {_said(what)}")
    yield from (".SH " + _quoted(_("SYNOPSIS")), *_usage(root, context))
    yield from (".SH " + _quoted(_("DESCRIPTION")), _said(_(root.help or "")), *_options(root, context))
    commands = root.commands if isinstance(root, click.Group) else {}
    told = set()
    for title, lines in SECTIONS:
        yield ".SH " + _quoted(_(title))
        for name in lines:
            if name in commands:
                told.add(name)
                yield from _command(commands[name], context, name)
    for name in commands.keys() - told:
        yield from _command(commands[name], context, name)
    yield from _list(_("EXIT STATUS"), STATUS)
    yield from _list(_("ENVIRONMENT"), ENVIRONMENT)
    yield from _list(_("FILES"), FILES)
    yield from (".SH " + _quoted(_("EXAMPLES")), *_examples(examples("")))


def _command(command: click.Command, parent: click.Context, name: str) -> Iterator[str]:
    """One command, and those below it, which are told like commands."""
    context = click.Context(command, info_name=name, parent=parent)
    yield ".SS " + _quoted(context.command_path)
    yield from (*_usage(command, context), ".PP", _said(_(command.help or "")), *_options(command, context))
    if found := examples(context.command_path.partition(" ")[2]):
        yield from (".PP", _said(_("Examples") + ":"), *_examples(found))
    if isinstance(command, click.Group):
        for below, one in command.commands.items():
            yield from _command(one, context, below)


def _usage(command: click.Command, context: click.Context) -> Iterator[str]:
    yield f".B {_said(context.command_path)}"
    yield _said(" ".join(command.collect_usage_pieces(context)))


def _options(command: click.Command, context: click.Context) -> Iterator[str]:
    for parameter in command.get_params(context):
        record = parameter.get_help_record(context) if isinstance(parameter, click.Option) else None
        if record and "--help" not in parameter.opts:
            yield from (".TP", f".B {_said(record[0])}", _said(record[1]))


def _examples(found: tuple[Example, ...]) -> Iterator[str]:
    for example in found:
        yield from (".TP", f".B {_said('mecra ' + example.typed)}", _said(_(example.meaning)))


def _list(title: str, rows: tuple[tuple[str, str], ...]) -> Iterator[str]:
    yield ".SH " + _quoted(title)
    for name, meaning in rows:
        yield from (".TP", f".B {_said(name)}", _said(_(meaning)))


def _quoted(text: str) -> str:
    return f'"{_said(text)}"'


def _said(text: str) -> str:
    """Text as roff takes it: nothing of it is a request or an escape, a hyphen is the one that can be copied, a quote stays one."""
    plain = " ".join(text.split()).replace("\\", "\\e").replace("-", "\\-").replace('"', "\\(dq")
    plain = plain.replace("'", "\\(aq").replace("`", "\\(ga").replace("~", "\\(ti").replace("^", "\\(ha")
    return f"\\&{plain}" if plain.startswith(".") else plain
