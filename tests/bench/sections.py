"""docs/bench.md by sections: each part of the bench writes its own, and leaves the others as they are."""

from __future__ import annotations

from pathlib import Path


def put(path: Path, title: str, text: str) -> None:
    """The section of this title, in its place or at the end."""
    before = path.read_text(encoding="utf-8") if path.exists() else "# Bench\n"
    parts = before.rstrip("\n").split("\n## ")
    mine = f"{title}\n\n{text.strip()}\n"
    titles = [part.partition("\n")[0] for part in parts[1:]]
    if title in titles:
        parts[titles.index(title) + 1] = mine
    else:
        parts.append(mine)
    path.write_text("\n\n## ".join(part.strip("\n") for part in parts) + "\n", encoding="utf-8")


def others(path: Path, *titles: str) -> str:
    """The sections of these titles, as they stand in the file; empty where there is none of them."""
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    parts = [part for part in text.rstrip("\n").split("\n## ")[1:] if part.partition("\n")[0] in titles]
    return "\n\n".join("## " + part.strip("\n") for part in parts) + "\n" if parts else ""
