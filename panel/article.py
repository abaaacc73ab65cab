"""One article: what was decided of it, by whom and why, the other appearances of its story, the answers that it came in."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from panel.shell import NotThere, Shell
from storage.browsing_news import REVIEW, shown_articles
from storage.one_story import appearances_of
from storage.reviewing import whole
from words import N_, _

STATUSES = {"counted": N_("is counted"), "excluded": N_("is not counted"), "review": N_("waits for review")}
MATCHED_IN = {"title": N_("in the title"), "summary": N_("in the summary")}


def article(shell: Shell, request: Request) -> Response:
    """The article of the number that the address names."""
    asked = request.path_params["article"]
    with shell.storage() as storage:
        found = whole(storage, asked) if asked < 2**63 else None
        appearances = shown_articles(storage, appearances_of(storage, found.stored.story)) if found else []
    if found is None:
        raise NotThere(_("No article has this number."))
    return shell.page(
        request, "article.html", found=found, one=found.stored, appearances=appearances, waits=found.status == REVIEW,
        statuses=STATUSES, matched_in=MATCHED_IN, outlets=len({one.outlet for one in appearances}),
    )  # fmt: skip


PAGES = (("/haberler/{article:int}", article),)
