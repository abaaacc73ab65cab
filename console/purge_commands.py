"""`mecra purge`: what was asked to be deleted really goes, and that it went stays told."""

from __future__ import annotations

import click

from console.command import Command, option, print_json
from console.completion import accounts
from console.told import Told
from model import MecraError, utc_now
from words import N_, _


@click.command(
    "purge",
    cls=Command,
    help=N_(
        "Delete what was asked to be deleted: an account, a post, an article, or what was kept for long enough. Sealed figures stay."
    ),
)
@option(
    "--account",
    metavar=N_("ACCOUNT"),
    shell_complete=accounts,
    help=N_("All posts, figures and answers of an account that the settings name no more."),
)
@option("--post", metavar=N_("ACCOUNT/POST"), help=N_("One post with its figures, in the answers too."))
@option("--article", type=click.IntRange(1), metavar=N_("ARTICLE"), help=N_("One article, in the answers too."))
@option(
    "--due",
    is_flag=True,
    help=N_(
        "What the settings' [retention] and YouTube's policy say is due, without waiting for the daemon; and the file is written anew."
    ),
)
@option("--list", "listing", is_flag=True, help=N_("What was purged so far, by whom and why."))
@option("--why", metavar=N_("TEXT"), help=N_("The reason, for whoever checks it; it is kept."))
@option("--by", metavar=N_("NAME"), help=N_("Who does it (default: $MECRA_USER, else the login name)."))
@option("--dry-run", is_flag=True, help=N_("Only say what would go."))
@option("--yes", is_flag=True, help=N_("Don't ask again."))
@option("--json", "as_json", is_flag=True, help=N_("Print JSON."))
@click.pass_obj
def purge(
    told: Told,
    account: str | None,
    post: str | None,
    article: int | None,
    due: bool,
    listing: bool,
    why: str | None,
    by: str | None,
    dry_run: bool,
    yes: bool,
    as_json: bool,
) -> None:
    from console import purging

    if sum(map(bool, (account, post, article, due, listing))) != 1:
        raise MecraError(_("say what is to go, and one thing at a time: --account, --post, --article or --due; or --list"))
    if listing:
        settings = told.settings()
        found = purging.listed(settings)
        if as_json:
            print_json(purging.list_json(found))
        else:
            purging.show_list(found, settings)
        return
    settings, secrets = told.ready()
    wanted = purging.wanted(settings, secrets, account, post, article, why, utc_now())
    person = "" if dry_run else told.person(by)
    tried = purging.purged(settings, wanted, person, utc_now, dry=True)
    if not as_json:
        purging.show(tried, settings, wanted)
    if any(one.rows for one in tried) and not dry_run:
        if not yes:
            click.confirm(_("This can't be undone. Go on?"), abort=True, err=True)
        tried = purging.purged(settings, wanted, person, utc_now)
        if not as_json:
            purging.show_done(tried, settings)
    elif due and not dry_run and (left := purging.wiped(settings)):
        raise MecraError(
            _("the file can't be written anew ({why}): stop the panel and the daemon, see to disk space, and run it again").format(
                why=left
            )
        )
    if as_json:
        print_json(purging.as_json(tried, dry=dry_run))


COMMANDS: tuple[click.Command, ...] = (purge,)
