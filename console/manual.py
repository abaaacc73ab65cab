"""What a newcomer is shown of each command: to whom it belongs, what it does in one line, and how it is typed.

A test parses every example and looks for every command here; `--help` and the manual page are made of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from words import N_


class Section(NamedTuple):
    """Commands of one kind of person, each with its one line of 64 letters at most."""

    title: str
    commands: Mapping[str, str]


class Example(NamedTuple):
    """`typed` is what stands after `mecra`."""

    typed: str
    meaning: str


SECTIONS = (
    Section(
        N_("First steps"),
        {
            "init": N_("Write settings, a data directory, an empty secrets file"),
            "demo": N_("Try everything on an invented municipality"),
            "doctor": N_("Look for what is wrong, each with its cure"),
            "completion": N_("Let the shell complete commands, accounts, periods"),
            "manual": N_("The manual page, for `man`"),
        },
    ),
    Section(
        N_("Collecting"),
        {
            "auth": N_("Consent to a platform, step by step"),
            "collect": N_("Collect now"),
            "status": N_("How fresh everything is, what fails, what it costs"),
            "feeds": N_("Check the list of feeds, find the feeds of a site"),
            "import": N_("Take in files: clippings, figures, the weekly plan"),
        },
    ),
    Section(
        N_("The figures"),
        {
            "plan": N_("Check and show the strategic plan's target card"),
            "snapshot": N_("Where a period stands; --seal freezes it"),
            "snapshots": N_("Every snapshot that is kept"),
            "compare": N_("Two periods side by side"),
            "news": N_("Decide on articles that wait for a person"),
            "withdraw": N_("Take planned posts out of the weekly plan"),
            "enter": N_("Enter a figure by hand"),
            "approve": N_("Approve what somebody else entered"),
            "entries": N_("What was entered by hand, and whether it counts"),
        },
    ),
    Section(
        N_("Reports"),
        {
            "report": N_("Write a period's report: Word, Excel, PDF, CSV"),
            "note": N_("Write why an indicator deviates, and what will be done"),
            "notes": N_("What was written beside the indicators"),
            "mail": N_("What was mailed to whom, or why not"),
            "panel": N_("Show everything in a browser, read-only"),
        },
    ),
    Section(
        N_("For the auditor"),
        {
            "explain": N_("Where a figure comes from, down to the archived answers"),
            "verify": N_("Check every seal, and every sealed value against its rows"),
            "audit": N_("What people changed by hand, and whether all of it is told"),
            "export": N_("The whole database for handing over, with what it means"),
            "show": N_("One archived answer, word for word"),
            "evidence": N_("The file that was handed in with an entry"),
        },
    ),
    Section(
        N_("Keeping it running"),
        {
            "run": N_("The daemon: collect whatever is due, when it is due"),
            "alarms": N_("What is wrong now, and whether alarms arrive"),
            "backup": N_("Make a backup now, checked by opening it"),
            "restore": N_("Put a backup in place"),
            "purge": N_("Delete on request, or what was kept for long enough"),
            "rebuild": N_("Derive the tables from the archive again"),
            "sandbox": N_("The invented municipality alone, to develop against"),
        },
    ),
)

EXAMPLES: Mapping[str, tuple[Example, ...]] = {
    "": (
        Example("demo", N_("a look around, without keys and without the internet")),
        Example("init /var/lib/mecra", N_("settings and a data directory to begin with")),
        Example("collect news", N_("the press needs no key: collect it now")),
        Example("auth x", N_("then platform by platform")),
        Example("status", N_("what is fresh, what fails")),
        Example("snapshot 2026-H1", N_("the half-year against its targets")),
        Example("explain PG7.2.7 2026-H1", N_("this number, from where?")),
    ),
    "init": (Example("init /var/lib/mecra", N_("settings and a data directory to begin with")),),
    "demo": (Example("demo --once", N_("collects a simulated half-year, and ends")),),
    "doctor": (Example("doctor --json", N_("for a program that watches mecra")),),
    "completion": (
        Example("completion bash > ~/.local/share/bash-completion/completions/mecra", N_("bash; from the next shell on")),
        Example("completion zsh > ~/.zfunc/_mecra", N_("zsh, where ~/.zfunc stands in $fpath")),
        Example("completion fish > ~/.config/fish/completions/mecra.fish", N_("fish")),
    ),
    "manual": (Example("manual --lang tr > /usr/local/share/man/tr/man1/mecra.1", N_("then `man mecra` shows it, in Turkish")),),
    "auth": (Example("auth youtube --listen", N_("the browser is on this machine: nothing is pasted")),),
    "collect": (
        Example("collect", N_("everything that credentials are there for")),
        Example("collect x:umraniyebeltr news", N_("one account, and all of the press")),
        Example("collect x --since 2026-01-01 --dry-run", N_("what a backfill would ask, and what it costs")),
    ),
    "status": (Example("status --json", N_("for a program that watches mecra")),),
    "run": (Example("--log-json run", N_("under a service manager, its log as JSON")),),
    "feeds": (Example("feeds check", N_("which feeds of the list answer")),),
    "feeds check": (Example("feeds check yenisafak https://ornek.com.tr/rss", N_("one of the list, and one that is not in it")),),
    "feeds discover": (Example("feeds discover ornekgazete.com.tr", N_("the feeds of a local paper, as the list writes them")),),
    "import": (Example("import news clipping.xlsx --dry-run", N_("look first, take in after")),),
    "import news": (Example("import news clipping.xlsx --map date=Tarih --dry-run", N_("with a heading of another name")),),
    "import readings": (
        Example("import readings export.csv --account tiktok:umraniyebeltr --at 2026-06-30", N_("a channel without an interface")),
    ),
    "import plan": (Example("import plan week-12.xlsx --platform x --platform facebook", N_("a sheet that names no platform")),),
    "plan": (Example("plan show", N_("the target card as mecra reads it")),),
    "plan check": (Example("plan check my-plan.toml", N_("every mistake of a plan file at once")),),
    "plan show": (Example("plan show --json", N_("for a program that reads the targets")),),
    "plan versions": (Example("plan versions", N_("which plan was in force when")),),
    "snapshot": (
        Example("snapshot 2026-H1", N_("the half-year against its targets")),
        Example("snapshot 2026-H1 --seal", N_("once it is over and final: from then on it never changes")),
        Example("snapshot 2026-H1 --as-of 2026-07-15 --dry-run", N_("as it was known then; nothing is stored")),
    ),
    "snapshots": (Example("snapshots --json", N_("for a program that reads them")),),
    "compare": (Example("compare 2025-H1 2026-H1", N_("this half-year and the same one a year before")),),
    "news": (Example("news review", N_("what waits for a person")),),
    "news review": (Example("news review --json", N_("for a program that reads them")),),
    "news count": (Example('news count 4711 4712 --why "names the mayor"', N_("two articles count")),),
    "news exclude": (Example('news exclude 4713 --why "another Ümraniye"', N_("this one does not")),),
    "news show": (Example("news show 4711", N_("one article and what was decided of it")),),
    "withdraw": (Example('withdraw --on 2026-03-06 --at 18:00 --why "mourning"', N_("all that was planned at that hour")),),
    "enter": (
        Example("enter PG7.2.3 --on 2026-03-06 --number 112 --evidence scan.pdf", N_("an issue of a bulletin, with its scan")),
        Example("enter PG7.2.7 --period 2026-H1 --value 11.617", N_("a figure of a half-year")),
    ),
    "approve": (Example("approve 7 --by ayse", N_("somebody else than who entered it")),),
    "entries": (Example("entries PG7.2.3", N_("those of one indicator")),),
    "evidence": (Example("evidence 7 -o scan.pdf", N_("the file, its checksum compared")),),
    "report": (
        Example("report 2026-H1", N_("all formats")),
        Example("report 2026 --format pdf --lang en -o reports", N_("one of them, in English, into a directory")),
    ),
    "note": (Example('note PG7.2.7 2026-H1 --reason "elections"', N_("printed below the figure")),),
    "notes": (Example("notes 2026-H1", N_("with what was written before")),),
    "mail": (Example("mail --test", N_("a try, and what the server answers")),),
    "panel": (Example("panel --port 8787", N_("then http://localhost:8787 in a browser")),),
    "explain": (
        Example("explain PG7.2.7 2026-H1", N_("this number, from where?")),
        Example("explain PG7.2.7 2026-H1 --account x:umraniyebeltr --all", N_("every row of one account")),
    ),
    "verify": (Example("verify --quick", N_("the seals alone, in a second")),),
    "audit": (
        Example("audit --since 2026-11-01", N_("from that day on")),
        Example("audit --verify", N_("is a line missing, or another one than was written")),
    ),
    "export": (
        Example("export for-the-auditor.zip --csv", N_("one file to send, with the views as CSV files")),
        Example("export handed-over --with-archive", N_("a directory, the archived answers too")),
    ),
    "show": (Example("show 4711", N_("the answer that `mecra explain` names")),),
    "purge": (
        Example('purge --post x:umraniyebeltr/1790000000000000000 --why "a request of 3 March" --dry-run', N_("what would go")),
        Example('purge --account x:eskihesap --why "the account was closed"', N_("tells first, asks, and does it")),
        Example("purge --list", N_("what was purged so far, by whom and why")),
    ),
    "alarms": (Example("alarms --json", N_("for a program that watches mecra")),),
    "alarms test": (Example("alarms test", N_("a try by every way that is set")),),
    "backup": (
        Example("backup", N_("into [backup] directory, and its second place")),
        Example("backup -o /media/usb --full", N_("a copy to carry away, every sealed value measured again")),
        Example("backup --list", N_("which there are, and what failed since")),
    ),
    "restore": (
        Example("restore mecra-20260701T001000Z.zip --to /var/lib/mecra", N_("on a new machine")),
        Example("restore mecra-20260701T001000Z.zip --replace", N_("where it was; the former database is moved aside")),
    ),
    "rebuild": (Example("rebuild", N_("only compares; --apply puts the archive's tables in place")),),
    "sandbox": (Example("sandbox --port 8800", N_("until Ctrl-C")),),
}


def examples(path: str) -> tuple[Example, ...]:
    """Of a command by its words without `mecra`; none where nobody wrote one."""
    return EXAMPLES.get(path, ())
