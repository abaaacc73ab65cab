"""The weekly plan as a page shows it: slots as they were known, each with the post that it was matched with last."""

from __future__ import annotations

from dataclasses import dataclass

from storage import Storage

SLOTS = """
SELECT slot, planned_at, platform, title, CASE WHEN withdrawn_at <= ?3 THEN withdrawn_at END,
       CASE WHEN withdrawn_at <= ?3 THEN reason ELSE '' END, added_at, matched_post
FROM plan_slots WHERE planned_at >= ?1 AND planned_at < ?2 AND added_at <= ?3 ORDER BY planned_at, platform, title
"""


@dataclass(frozen=True, slots=True)
class ShownSlot:
    """Times are UTC text; `matched` is `account/post`, None where no post met it or nothing was matched yet."""

    slot: int
    planned_at: str
    platform: str
    title: str
    withdrawn_at: str | None
    reason: str
    added_at: str
    matched: str | None

    @property
    def left(self) -> bool:
        """Whether it left the plan: withdrawn before its hour, with a reason."""
        return bool(self.withdrawn_at and self.withdrawn_at < self.planned_at and self.reason)


def shown_slots(storage: Storage, start: str, end: str, known: str) -> list[ShownSlot]:
    """The slots planned from an instant up to, and without, another, as they were known at a third (UTC text)."""
    return [ShownSlot(*row) for row in storage.connection.execute(SLOTS, (start, end, known))]
