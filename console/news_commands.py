"""`mecra news`: what counts, decided by a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from console.command import Group, option, print_json
from console.told import Told
from model import MecraError, utc_now
from words import N_

if TYPE_CHECKING:
    from storage.rulings import Ruling

BY = N_("Who does it (default: $MECRA_USER, else the login name).")
WHY = N_("The reason, for whoever checks it; it is kept.")
SOME = click.argument("articles", metavar=N_("ARTICLE..."), type=click.IntRange(1), nargs=-1, required=True)


@click.group("news", cls=Group, help=N_("Judge what the counting rule leaves to a person, or decided wrongly."))
def news() -> None:
    pass


@news.command("count", help=N_("Let articles count, named by their numbers; all or none."))
@SOME
@option("--why", required=True, metavar=N_("TEXT"), help=WHY)
@option("--by", metavar=N_("NAME"), help=BY)
@option("--json", "as_json", is_flag=True, help=N_("Print JSON."))
@click.pass_obj
def count(told: Told, articles: tuple[int, ...], why: str, by: str | None, as_json: bool) -> None:
    _ruled(told, articles, "counted", why, by, as_json)


@news.command("exclude", help=N_("Let articles not count, named by their numbers; all or none."))
@SOME
@option("--why", required=True, metavar=N_("TEXT"), help=WHY)
@option("--by", metavar=N_("NAME"), help=BY)
@option("--json", "as_json", is_flag=True, help=N_("Print JSON."))
@click.pass_obj
def exclude(told: Told, articles: tuple[int, ...], why: str, by: str | None, as_json: bool) -> None:
    _ruled(told, articles, "excluded", why, by, as_json)


@news.command("review", help=N_("What waits for a person: neither counted nor excluded yet."))
@option("--json", "as_json", is_flag=True, help=N_("Print JSON."))
@click.pass_obj
def review(told: Told, as_json: bool) -> None:
    from dataclasses import asdict

    from console.news import show_waiting
    from storage import opened
    from storage.reviewing import waiting

    settings = told.settings()
    with opened(settings.database, settings.zone, read_only=True) as storage:
        found = waiting(storage)
    if as_json:
        print_json({"waiting": [asdict(one) for one in found]})
    else:
        show_waiting(found)


@news.command("show", help=N_("Everything about one article: what was decided of it, by whom, and where it comes from."))
@click.argument("article", metavar=N_("ARTICLE"), type=click.IntRange(1))
@option("--json", "as_json", is_flag=True, help=N_("Print JSON."))
@click.pass_obj
def show(told: Told, article: int, as_json: bool) -> None:
    from console.news import as_object, show_article
    from storage import opened
    from storage.reviewing import whole
    from storage.rulings import unknown

    settings = told.settings()
    with opened(settings.database, settings.zone, read_only=True) as storage:
        found = whole(storage, article)
    if found is None:
        raise MecraError(unknown(article))
    if as_json:
        print_json(as_object(found))
    else:
        show_article(found, settings.zone)


def _ruled(told: Told, articles: tuple[int, ...], status: str, why: str, by: str | None, as_json: bool) -> None:
    from dataclasses import asdict

    from console.news import show_rulings
    from storage import opened
    from storage.rulings import rule

    settings, person = told.settings(), told.person(by)
    with opened(settings.database, settings.zone) as storage:
        made: tuple[Ruling, ...] = rule(storage, articles, status, why, person, utc_now())
    if as_json:
        print_json({"rulings": [asdict(ruling) for ruling in made]})
    else:
        show_rulings(made)


COMMANDS: tuple[click.Command, ...] = (news,)
