"""What is to be purged, as a person names it, and what is said before and after."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from config import Settings
from config.plan_file import parse_plan
from config.secrets import Secrets
from console.tables import show_table
from model import MecraError, from_text
from storage import opened
from storage.purges import Purge, all_purges
from storage.purging import ACCOUNT, ARTICLE, BODIES, EXPIRED, POST, TEXTS, Scope, article_key, has_post, scrub, still_listed
from upkeep.purge import Purged, purge
from upkeep.retention import overdue
from words import N_, _, moment, number

Wanted = Sequence[tuple[Scope, str]]
KINDS = {
    ACCOUNT: N_("an account"),
    POST: N_("a post"),
    ARTICLE: N_("an article"),
    EXPIRED: N_("figures that a platform's policy lets nobody keep longer"),
    BODIES: N_("bodies of old answers"),
    TEXTS: N_("words of old posts"),
}


def wanted(
    settings: Settings, secrets: Secrets, account: str | None, post: str | None, article: int | None, why: str | None, now: datetime
) -> Wanted:
    """What is to go, each with its reason. Raises MecraError for what is not there, or would come back by itself."""
    with opened(settings.database, settings.zone, read_only=True) as storage:
        if not (account or post or article):
            return list(overdue(storage, settings, now, consented=bool(secrets.get("youtube", "refresh_token"))))
        reason = " ".join((why or "").split())
        if not reason:
            raise MecraError(_("--why: write the reason"))
        if account:
            if account in {one.account for one in settings.accounts}:
                text = _("{account} is still in the settings, and would be collected again: take it out of {path} first")
                raise MecraError(text.format(account=account, path=settings.path))
            if account not in {one.account for one in storage.accounts()}:
                raise MecraError(
                    _("there is no account {account} in the database: `mecra status` names them").format(account=account)
                )
            return [(Scope(ACCOUNT, account), reason)]
        if post:
            key, slash, name = post.partition("/")
            if not slash or not has_post(storage, key, name):
                raise MecraError(
                    _("there is no post {post}: write its account and its number, x:kurum/1790000000000000000").format(post=post)
                )
            return [(Scope(POST, key, name), reason)]
        found = article_key(storage, article or 0)
        if found is None:
            raise MecraError(
                _("there is no article {article}: `mecra news review` and the panel name the numbers").format(article=article)
            )
        return [(Scope(ARTICLE, name=found), reason)]


def purged(settings: Settings, what: Wanted, by: str, now: Callable[[], datetime], *, dry: bool = False) -> list[Purged]:
    with opened(settings.database, settings.zone) as storage:
        return [purge(storage, scope, parse_plan, why=why, by=by, now=now, dry=dry) for scope, why in what]


def wiped(settings: Settings) -> str:
    """Write the file anew, for what earlier purges left in it; answers why that could not be done."""
    with opened(settings.database, settings.zone) as storage:
        return scrub(storage.connection, whole=True)


def show(found: Sequence[Purged], settings: Settings, what: Wanted) -> None:
    """What would go, and what that means for seals and for the next collection."""
    rows = [(_(KINDS[one.scope.kind]), one.scope.account or "", table, number(n)) for one in found for table, n in one.rows.items()]
    if not rows:
        print(_("Nothing is to be purged."))
        return
    show_table((_("what goes"), _("whose"), _("table"), _("rows")), rows, numbers=(3,))
    seals = {place[0] for one in found for place in one.values}
    if seals:
        print(
            _("{n} sealed snapshots stay as they are, and can't be measured again as they were; `mecra verify` says why.").format(
                n=number(len(seals))
            )
        )
    if any(one.scope.kind in (EXPIRED, BODIES, TEXTS) for one in found):
        print(_("`mecra rebuild` can't derive the tables from the archive any more after this."))
    with opened(settings.database, settings.zone, read_only=True) as storage:
        for scope, _why in what:
            if scope.kind == POST and scope.account and scope.name and (seen := still_listed(storage, scope.account, scope.name)):
                text = _(
                    "! The post was still there on {at}: delete it at the platform first, else the next collection brings it back."
                )
                print(text.format(at=moment(from_text(seen), settings.zone)))


def show_done(found: Sequence[Purged], settings: Settings) -> None:
    """That it is gone, and where else it may still be."""
    for one in found:
        if one.purge:
            print(_("Purged, and recorded as purge {purge}.").format(purge=one.purge))
    if left := next((one.left for one in found if one.left), ""):
        print(
            _(
                "! The file could not be written anew ({why}), and may still hold what went: stop the panel and the daemon, see to disk space, then run `mecra purge --due`."
            ).format(why=left)
        )
    print(_("Backups, reports and exports that were made before still hold it: delete those too."))


def as_json(found: Sequence[Purged], *, dry: bool) -> dict[str, Any]:
    return {
        "dry_run": dry,
        "purged": [
            {
                "purge": one.purge or None, "kind": one.scope.kind, "account": one.scope.account, "before": one.scope.before,
                "rows": dict(one.rows), "left": one.left,
                "sealed_values": [{"snapshot": s, "code": code, "part": part} for s, code, part in one.values],
            }
            for one in found
        ],
    }  # fmt: skip


def listed(settings: Settings) -> list[Purge]:
    with opened(settings.database, settings.zone, read_only=True) as storage:
        return all_purges(storage)


def show_list(found: Sequence[Purge], settings: Settings) -> None:
    if not found:
        print(_("Nothing has ever been purged."))
        return
    rows = [
        (
            str(one.purge), moment(from_text(one.purged_at), settings.zone), one.purged_by, _(KINDS[one.kind]), one.account or "",
            ", ".join(f"{table} {number(n)}" for table, n in one.rows.items()), one.why,
        )
        for one in found
    ]  # fmt: skip
    show_table((_("number"), _("purged on"), _("purged by"), _("what goes"), _("whose"), _("rows"), _("why")), rows, numbers=(0,))


def list_json(found: Sequence[Purge]) -> list[dict[str, Any]]:
    return [{name: getattr(one, name) for name in one.__slots__} for one in found]
