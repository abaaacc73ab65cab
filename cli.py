"""The `mecra` command: arguments in, text out, no logic. The only file that looks at the environment.

Each command imports what it needs when it runs, so that `mecra status` answers at once. Exit codes: 0 fine, 1 some source
failed, 2 cannot work.
"""

from __future__ import annotations

import os
import resource
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from console import (
    alarm_commands,
    audit_commands,
    backup_commands,
    completion_commands,
    entry_commands,
    explain_commands,
    export_commands,
    import_commands,
    mail_commands,
    news_commands,
    panel_commands,
    plan_commands,
    purge_commands,
    report_commands,
    slot_commands,
    snapshot_commands,
)
from console.command import Group, Option, named, option, print_json
from console.completion import VARIABLE, feeds_of_settings, register, sources
from console.terminal import protect_screen
from console.told import Told
from model import MecraError, utc_now
from words import LANGUAGES, N_, _, speak

LEVELS = ("debug", "info", "warning", "error", "critical")
DATE = click.DateTime(["%Y-%m-%d", "%d.%m.%Y"])


class Mecra(Group):
    """The whole command: chooses the language before click has anything to complain about."""

    def make_context(self, info_name: str | None, args: list[str], *rest: Any, **extra: Any) -> click.Context:
        told = Told(os.environ, named(args, "--config"))
        speak(named(args, "--lang") or told.language(), os.environ)
        context = super().make_context(info_name, args, *rest, **extra)
        if context.resilient_parsing:  # a shell asks what could follow: nothing is run, `mecra` below neither
            context.obj = told
        return context


@click.group(
    cls=Mecra,
    help=N_("Collects what an institution's own accounts and the press say of its reach, and keeps every figure with its proof."),
)
@option(
    "--config", metavar=N_("FILE"), help=N_("The settings (default: ./mecra.toml, $MECRA_DATA/mecra.toml, /etc/mecra/mecra.toml).")
)
@option("--lang", type=click.Choice(LANGUAGES), help=N_("Language of the screen (default: the settings' language)."))
@option("--log-level", type=click.Choice(LEVELS), help=N_("How much to log on stderr."))
@option("--log-json", is_flag=True, help=N_("Log one JSON object a line."))
@click.version_option(package_name="mecra", cls=Option, message="%(prog)s %(version)s", help=N_("Show the version and exit."))
@click.pass_context
def mecra(context: click.Context, config: str | None, lang: str | None, log_level: str | None, log_json: bool) -> None:
    context.obj = Told(os.environ, config, log_level, log_json)


@mecra.command(help=N_("Write commented settings, a data directory and an empty secrets file."))
@click.argument("directory", metavar=N_("[DIRECTORY]"), type=click.Path(file_okay=False, path_type=Path), required=False)
def init(directory: Path | None) -> None:
    from console.setting_up import set_up

    for path in set_up(directory or (Path(os.environ["MECRA_DATA"]) if os.environ.get("MECRA_DATA") else None)):
        print(path)
    print(_("Next: look through the settings, then run `mecra collect` (news need no credentials) or `mecra doctor`."))


@mecra.command(help=N_("Collect now: everything, or the accounts, platforms or feeds that are named; `news` are all of the press."))
@click.argument("names", nargs=-1, metavar=N_("[ACCOUNT|PLATFORM|news]..."), shell_complete=sources)
@option("--since", type=DATE, metavar=N_("DATE"), help=N_("Look back to this day (2025-01-01): a backfill."))
@option("--dry-run", is_flag=True, help=N_("Only say what would be asked, and what it costs."))
@option("--json", "as_json", is_flag=True, help=N_("Print JSON."))
@click.pass_obj
def collect(told: Told, names: tuple[str, ...], since: datetime | None, dry_run: bool, as_json: bool) -> None:
    from console import choosing, collecting
    from console.progress import shown
    from storage import opened
    from storage.health import was_collected

    accounts = choosing.chosen(told.settings(), names)
    settings, secrets, jobs = told.jobs("critical")
    lower = choosing.since_instant(since.date() if since else None, settings)
    with opened(settings.database, settings.zone, read_only=True) as storage:
        accounts = choosing.collectable(
            accounts, secrets, named=bool(names), was_collected=lambda account: was_collected(storage, account)
        )
    missing = [] if names else choosing.missing(settings, secrets)
    if dry_run:
        plans = collecting.plans_of(settings, jobs.collect(accounts, since=lower, dry=True))
        if as_json:
            print_json({"plans": plans})
        else:
            collecting.show_plans(plans)
            collecting.show_missing(missing)
        return
    with shown(len(accounts)) as progress:
        runs = collecting.collect_all(jobs, accounts, progress, since=lower)
    if as_json:
        print_json(collecting.as_json(settings, runs, missing))
    else:
        collecting.show_summary(settings, runs, missing)
    sys.exit(collecting.exit_code(runs))


@mecra.command(help=N_("How fresh everything is, what fails, what it costs, which token will end."))
@option("--json", "as_json", is_flag=True, help=N_("Print JSON."))
@click.pass_obj
def status(told: Told, as_json: bool) -> None:
    from console.status import measure, show
    from storage import opened

    settings = told.settings()
    with opened(settings.database, settings.zone, read_only=True) as storage:
        found = measure(storage, settings, utc_now())
    if as_json:
        print_json(found.to_json())
    else:
        show(found, settings)


@mecra.command(help=N_("Work until told to stop: collect whatever is due, when it is due."))
@click.pass_obj
def run(told: Told) -> None:
    from daemon import Daemon, notifier
    from scheduler import Jobs

    settings, secrets = told.ready("info")
    sys.exit(Daemon(settings, Jobs(settings, secrets), notify=notifier(os.environ.get("NOTIFY_SOCKET"))).run())


@mecra.group(cls=Group, help=N_("Look after the list of feeds."))
def feeds() -> None:
    pass


@feeds.command("check", help=N_("Try every feed of the list, or those that are named."))
@click.argument("names", nargs=-1, metavar=N_("[NAME|URL]..."), shell_complete=feeds_of_settings)
@option("--json", "as_json", is_flag=True, help=N_("Print JSON."))
@click.pass_obj
def check_feeds(told: Told, names: tuple[str, ...], as_json: bool) -> None:
    from console import feed_check
    from scheduler import Jobs

    settings, secrets = told.ready("critical")
    states = feed_check.check_all(feed_check.chosen_feeds(settings, names), Jobs(settings, secrets).outfit("feed"))
    if as_json:
        print_json(feed_check.as_objects(states))
    else:
        feed_check.show_states(states)
    sys.exit(0 if all(state.usable for _name, state in states) else 1)


@feeds.command("discover", help=N_("Find the feeds of a site, and print them as the list writes them."))
@click.argument("site", metavar=N_("SITE"))
@click.pass_obj
def discover_feeds(told: Told, site: str) -> None:
    from collectors.news.discover import discover
    from console import feed_check
    from scheduler import Jobs

    settings, secrets = told.ready("critical")
    found = discover(site, Jobs(settings, secrets).outfit("feed"))
    feed_check.show_states([(state.title or site, state) for state in found])
    usable = [state for state in found if state.usable]
    if not usable:
        raise MecraError(_("no feed found at {site}: look for RSS on its pages, and give that address").format(site=site))
    feed_check.show_entries(usable)


@mecra.command(help=N_("Look for what is wrong: settings, tokens, network, clock, disk, database; each with its cure."))
@option("--json", "as_json", is_flag=True, help=N_("Print JSON."))
@click.pass_obj
def doctor(told: Told, as_json: bool) -> None:
    from dataclasses import asdict

    from console.consent import Consent
    from console.doctor import examine

    settings, secrets = told.ready("critical")
    findings = []
    for finding in examine(settings, secrets, Consent(settings, secrets, os.environ, utc_now)):
        findings.append(finding)
        if not as_json:
            print(
                {"ok": "✓", "warn": "!", "fail": "✗"}[finding.level], finding.what + (f" → {finding.cure}" if finding.cure else "")
            )
    if as_json:
        print_json([asdict(finding) for finding in findings])
    sys.exit(1 if any(finding.level == "fail" for finding in findings) else 0)


@mecra.command(help=N_("Consent to a platform: the steps, and the tokens into the secrets file."))
@click.argument("platform", type=click.Choice(["x", "facebook", "instagram", "youtube"]))
@option("--oauth2", is_flag=True, help=N_("X: OAuth 2 with PKCE instead of the four keys."))
@option("--listen", is_flag=True, help=N_("Take the answer on a loopback port; else its address is pasted."))
@option("--port", type=click.IntRange(1024, 65535), default=8899, show_default=True, help=N_("That port."))
@click.pass_obj
def auth(told: Told, platform: str, oauth2: bool, listen: bool, port: int) -> None:
    from console import consent_google, consent_meta, consent_x
    from console.consent import Consent

    settings, secrets = told.ready()
    consent = Consent(settings, secrets, os.environ, utc_now)
    if platform == "youtube":
        consent_google.refresh_token(consent, port=port, listen=listen)
    elif platform != "x":
        consent_meta.page_token(consent, platform)
    elif oauth2:
        consent_x.oauth2(consent, port=port, listen=listen)
    else:
        consent_x.four_keys(consent)


@mecra.command(help=N_("Print one archived answer: when, what was asked, its checksum, its body."))
@click.argument("response", metavar=N_("RESPONSE"), type=int)
@click.pass_obj
def show(told: Told, response: int) -> None:
    from console.archive import show_response

    show_response(told.settings(), response)


@mecra.command(help=N_("Derive the tables from the archive again and compare; --apply puts them in place."))
@option("--apply", "put", is_flag=True, help=N_("Put the archive's tables in place."))
@click.pass_obj
def rebuild(told: Told, put: bool) -> None:
    import archive
    from console.archive import show_differences

    found = archive.rebuild(told.jobs()[2], apply=put)
    show_differences(found, applied=put)
    sys.exit(1 if found and not put else 0)


@mecra.command(help=N_("Try everything on an invented municipality: a simulated half-year, into .demo/mecra.db."))
@option("--once", is_flag=True, help=N_("End when everything is collected."))
def demo(once: bool) -> None:
    from console.demo import run as run_demo
    from console.logs import write_log

    write_log("critical", str)
    run_demo(Path(".demo"), once=once)


@mecra.command(help=N_("Run the sandbox alone: an invented municipality that answers as the platforms do."))
@option("--port", type=click.IntRange(0, 65535), default=8800, show_default=True, help=N_("Its port on loopback; 0 for any."))
def sandbox(port: int) -> None:
    from sandbox.server import Sandbox

    box = Sandbox(port=port)
    print(box.url, flush=True)
    box.serve()


for commands in (
    plan_commands.COMMANDS, snapshot_commands.COMMANDS, explain_commands.COMMANDS, entry_commands.COMMANDS, news_commands.COMMANDS,
    import_commands.COMMANDS, slot_commands.COMMANDS, panel_commands.COMMANDS, report_commands.COMMANDS,
    mail_commands.COMMANDS, alarm_commands.COMMANDS, audit_commands.COMMANDS, purge_commands.COMMANDS, export_commands.COMMANDS, completion_commands.COMMANDS, backup_commands.COMMANDS,
):  # fmt: skip
    for command in commands:
        mecra.add_command(command)


def main() -> int:
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    protect_screen()
    os.umask(0o077)  # what mecra writes is its user's alone
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # and tokens are in its memory
    if VARIABLE in os.environ:
        register()
    mecra.main(prog_name="mecra")
    return 0
