"""When tokens end, as the platforms said at the last consent or check. A file beside the database; it holds no secret."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from model import to_text

NAME = "tokens.json"


def known_expiries(data: Path) -> dict[str, dict[str, Any]]:
    """By platform: `expires_at` (None: never), `data_access_expires_at`, `scopes`, `checked_at`; empty when nothing is known."""
    try:
        found = json.loads((data / NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(k): v for k, v in found.items() if isinstance(v, dict)} if isinstance(found, dict) else {}


def note_expiry(data: Path, platform: str, now: datetime, expires_at: datetime | None, **more: Any) -> None:
    """Remember when the token of a platform ends; the file is replaced whole."""
    known = known_expiries(data)
    said: Mapping[str, Any] = {"expires_at": to_text(expires_at) if expires_at else None, "checked_at": to_text(now), **more}
    known[platform] = dict(said)
    draft = data / f"{NAME}.new"
    draft.write_text(json.dumps(known, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    draft.replace(data / NAME)
