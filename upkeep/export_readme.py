"""What stands beside a database that is handed over, for whoever opens it first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from storage.catalogue import MEANINGS
from storage.columns import meaning
from words import _


def readme(
    institution: str,
    columns: Mapping[str, Sequence[str]],
    views: Sequence[str],
    kept_back: Mapping[str, str],
    *,
    at: str | None,
    seal: str | None,
    bodies: bool,
) -> str:
    """Markdown in the language that is spoken: how it is opened, what is in it, what is not, and each table with its columns."""
    lines = [
        f"# mecra · {institution}" if institution else "# mecra",
        "",
        _("This is the database of mecra as it was handed over: what the institution's own accounts and the press said of its reach, the figures measured from that, and what people decided."),
        "",
        "- " + _("Last archived answer: {at} (UTC).").format(at=at or "–"),
        "- " + _("SHA-256 of the last seal: {seal}.").format(seal=seal or "–"),
        "- " + _("`sha256sum -c SHA256SUMS` checks every file."),
        "",
        "## " + _("How it is opened"),
        "",
        "- " + _("Any program that reads SQLite opens `mecra.db`: DB Browser for SQLite, or `sqlite3 mecra.db`."),
        "- " + _("In a browser: `datasette mecra.db --metadata metadata.json` (https://datasette.io), with the ready questions."),
        "- " + _("Instants are UTC text (2026-06-30T21:00:00Z), days are 2026-06-30; an empty cell is not known, never 0."),
        "",
        "## " + _("What is not in it"),
        "",
        "- " + _("Tokens and passwords are in no database of mecra; followers, commenters and their words neither."),
        *([] if bodies else ["- " + _("Bodies of archived answers and files of entries: their sizes and checksums are; ask for `mecra export --with-archive`.")]),
        *(f"- `{name}`: {_(why)}" for name, why in kept_back.items()),
        "",
    ]  # fmt: skip
    for title, names in ((_("The views"), views), (_("The tables"), [name for name in columns if name not in views])):
        lines += [f"## {title}", ""]
        for name in names:
            lines += [f"### `{name}`", "", _(MEANINGS[name]), ""]
            lines += [f"- `{column}`: {_(meaning(name, column) or '')}" for column in columns[name]]
            lines.append("")
    return "\n".join(lines)
