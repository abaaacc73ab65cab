"""mecra's side: one stream of one account through `Jobs`, as `mecra collect` does it, at a time of its own; its exit codes."""

from __future__ import annotations

import sys
from pathlib import Path

from config import load
from config.secrets import Secrets
from model import from_text
from scheduler import Jobs


def main(data: str, account: str, stream: str, since: str, at: str) -> int:
    settings = load(Path(data) / "mecra.toml", {})
    jobs = Jobs(settings, Secrets({}, settings.data / "secrets.toml"), now=lambda: from_text(at))
    jobs.prepare()
    [run] = jobs.collect([one for one in settings.accounts if one.account == account], streams=[stream], since=from_text(since))
    walk = run.walk
    said = run.skipped or (f"{walk.outcome}: {walk.error or '; '.join(walk.notes)}" if walk else "")
    sys.stderr.write(f"{said}\n")
    return 1 if run.failed or run.skipped else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
