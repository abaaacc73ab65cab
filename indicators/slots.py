"""Plan realisation: of the slots that the weekly plans promised, the share that a post of the platform met within the tolerance.

Numerator and denominator are pooled over the whole period: 20/20, 24/25, 5/10 and 40/40 are 89/95, not the mean of four rates.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta

from config.plan import Slots
from indicators.asked import Asked
from indicators.matching import At, match
from indicators.result import Measured, Part, digest
from indicators.scope import scope
from indicators.slots_beside import LATE, beside, week_of, weeks_without
from model import Period, from_text, to_text
from storage.coverage import spans
from storage.slots import Slot, first_planned, posts_between, slots_between
from words import N_, Note

NO_PLAN = N_("no plan of posts was handed in for the period")
NOTHING_YET = N_("no slot of the period is over and in the plan")
NO_WEEKS = N_("no plan of posts was handed in for {n} weeks: {weeks}")
NO_ACCOUNT = N_("{platform}: no account of it counts, so nothing is known of {n} slots")
UNSEEN = N_("{platform}: {n} slots lie where its posts were not looked for to the end")
LEFT = N_("{n} slots were withdrawn before their hour, with a reason, and left the plan")
STAYED = N_("{n} slots were withdrawn after their hour or without a reason, and stay in the plan")
AFTERWARDS = N_("{n} slots were handed in after their hour")

END = "9"  # after every instant
BACK = timedelta(days=8)  # how far before a period its slots are looked through at first: its first week may begin then

Account = tuple[str, str, str]  # its key, and the span in which it counts
Pairs = list[tuple[Slot, At | None]]


def measure_slots(asked: Asked, rule: Slots) -> Measured:
    """One part a platform. Slots whose tolerance is still running count neither way; a period without slots has no value."""
    start, end = to_text(asked.period.span(asked.zone)[0]), to_text(asked.period.span(asked.zone)[1])
    over = min(end, to_text(asked.known.at - rule.tolerance))
    everything = _slots(asked, rule, asked.end_of(asked.period.last + timedelta(days=7)), over)
    told = [slot for slot in everything if start <= slot.planned_at < end]
    planned = [slot for slot in told if slot.planned_at < over and not slot.left]
    around = asked.end_of(asked.period.first - timedelta(days=8))
    missing = weeks_without(asked, {week_of(slot, asked.zone) for slot in everything if slot.planned_at >= around})
    lacks = [Note(NO_WEEKS, {"n": len(missing), "weeks": ", ".join(missing)})] if missing else []
    if not planned:
        return Measured(None, lacks=(Note(NOTHING_YET if told else NO_PLAN), *lacks), beside={"weeks_without_plan": missing})
    parts, pairs, free = [], [], []
    beside_met = dict.fromkeys(rule.beside, 0)
    for platform in sorted({slot.platform for slot in planned}):
        plan = _Platform(asked, rule, platform, everything, start, over)
        part, lacking = plan.part()
        parts.append(part)
        lacks += lacking
        pairs += plan.pairs
        free += plan.free
        for tolerance in rule.beside:
            beside_met[tolerance] += sum(post is not None for _slot, post in plan.matched(tolerance))
    known = [part.value for part in parts if part.value is not None]
    return Measured(
        numerator=sum(known) if known else None,
        denominator=len(planned),
        parts=tuple(parts),
        lacks=tuple(lacks),
        notes=_notes(told, planned),
        beside={
            "within": {str(int(length.total_seconds() // 60)): met for length, met in beside_met.items()},
            "weeks_without_plan": missing,
            "running": sum(slot.planned_at >= over and not slot.left for slot in told),
            **beside(asked.zone, rule.tolerance, pairs, free, [slot for slot in told if slot.withdrawn_at]),
        },
    )


def matches(asked: Asked, rule: Slots, platforms: Collection[str] | None = None) -> dict[int, str | None]:
    """Which post met each slot of the period that is in the plan and over: for storage.slots.put_matches, and for an auditor, who may
    ask for some platforms only."""
    start, end = asked.span
    over = min(end, to_text(asked.known.at - rule.tolerance))
    everything = _slots(asked, rule, over, over)
    found: dict[int, str | None] = {}
    for platform in sorted({slot.platform for slot in everything if platforms is None or slot.platform in platforms}):
        pairs = _Platform(asked, rule, platform, everything, start, over).pairs
        found |= {slot.slot: post.key if post else None for slot, post in pairs}
    return found


def _slots(asked: Asked, rule: Slots, end: str, over: str) -> list[Slot]:
    """The slots up to an instant, from before the period on: so far back that no slot left out could have had a post of one in it."""
    start, first, back = asked.period.span(asked.zone)[0], first_planned(asked.storage), BACK
    while True:
        since = to_text(start - back)
        found = slots_between(asked.storage, since, end, asked.known)
        platforms = {slot.platform for slot in found}
        if (
            first is None
            or since <= first
            or all(_break_before(_running(found, platform, over), to_text(start), 2 * _widest(rule)) for platform in platforms)
        ):
            return found
        back *= 4


def _running(slots: Sequence[Slot], platform: str, over: str) -> list[Slot]:
    return [slot for slot in slots if slot.platform == platform and slot.planned_at < over and not slot.left]


def _widest(rule: Slots) -> timedelta:
    return max(rule.tolerance, *rule.beside) if rule.beside else rule.tolerance


class _Platform:
    """One platform's slots of the period, matched with its posts."""

    def __init__(self, asked: Asked, rule: Slots, platform: str, everything: Sequence[Slot], start: str, over: str) -> None:
        self.asked, self.rule, self.platform, self.start = asked, rule, platform, start
        slots, widest = _running(everything, platform, over), _widest(rule)
        # Slots before the period may have taken posts that the first ones of it could have had: begin where none could.
        self._slots = {str(slot.slot): slot for slot in slots[_break_before(slots, start, 2 * widest) :]}
        self._times = [At(from_text(slot.planned_at), key) for key, slot in self._slots.items()]
        self.accounts: list[Account] = []
        self._posts: list[At] = []
        if self._times:
            first, last = self._times[0].at - widest, self._times[-1].at + max(widest, LATE) + timedelta(seconds=1)
            self.accounts = _accounts(asked, platform)
            for account, since, until in self.accounts:
                span = max(since, to_text(first)), min(until, to_text(last))
                for post, at in posts_between(asked.storage, account, *span, asked.known) if span[0] < span[1] else ():
                    self._posts.append(At(from_text(at), f"{account}/{post}"))
        self.pairs = self.matched(rule.tolerance)
        used = {post for _slot, post in match(self._times, self._posts, rule.tolerance) if post}
        self.free = [(platform, post) for post in sorted(self._posts) if post not in used]

    def matched(self, tolerance: timedelta) -> Pairs:
        """The slots of the period with their posts."""
        pairs = match(self._times, self._posts, tolerance)
        return [(self._slots[at.key], post) for at, post in pairs if self._slots[at.key].planned_at >= self.start]

    def part(self) -> tuple[Part, list[Note]]:
        """A slot that was met is known; one that was not is known where all accounts were looked at up to the end of its hour."""
        first, last = self.pairs[0][0].planned_at, self._end(self.pairs[-1][0])
        looked = {
            account: spans(self.asked.storage, account, "posts", first, last, self.asked.known)
            for account, _since, _until in self.accounts
        }
        rows, met, seen, nobody = [], 0, 0, 0
        for slot, post in self.pairs:
            known = post is not None or self._seen(slot, looked)
            met, seen = met + (post is not None), seen + known
            nobody += not known and not self._counting(slot.planned_at)
            published = (post.key, to_text(post.at)) if post else (None, None)
            rows.append((slot.planned_at, slot.platform, slot.added_at, slot.withdrawn_at, *published, known))
        unseen = len(self.pairs) - seen - nobody
        lacks = [Note(text, {"platform": self.platform, "n": n}) for text, n in ((NO_ACCOUNT, nobody), (UNSEEN, unseen)) if n]
        value = met if seen else None
        return Part(self.platform, value, asked=len(self.pairs), covered=seen, digest=digest(rows), notes=tuple(lacks)), lacks

    def _end(self, slot: Slot) -> str:
        return to_text(from_text(slot.planned_at) + self.rule.tolerance)

    def _seen(self, slot: Slot, looked: Mapping[str, list[tuple[str, str]]]) -> bool:
        at, end = slot.planned_at, self._end(slot)
        counting = self._counting(at)
        return bool(counting) and all(_within(looked[account], at, end) for account in counting)

    def _counting(self, at: str) -> list[str]:
        """The accounts of the platform that count at an instant."""
        return [account for account, since, until in self.accounts if since <= at < until]


def _within(looked: list[tuple[str, str]], at: str, end: str) -> bool:
    return any(low <= at and end <= high for low, high in looked)


def _break_before(slots: Sequence[Slot], start: str, reach: timedelta) -> int:
    """The last slot, at or before the first one of the period, that shares no post with the one before it."""
    index = next((number for number, slot in enumerate(slots) if slot.planned_at >= start), len(slots))
    while index > 0 and (
        index == len(slots) or from_text(slots[index].planned_at) - from_text(slots[index - 1].planned_at) <= reach
    ):
        index -= 1
    return index


def _accounts(asked: Asked, platform: str) -> list[Account]:
    """The accounts of a platform that ever count, each with the span in which it does."""
    found = []
    for account, since, until in scope(asked.storage, asked.plan, asked.known):
        if account.platform == platform:
            first = to_text(Period.midnight(since, asked.zone)) if since else ""
            found.append((account.account, first, asked.end_of(until) if until else END))
    return found


def _notes(told: Sequence[Slot], planned: Sequence[Slot]) -> tuple[Note, ...]:
    counts = {
        LEFT: sum(slot.left for slot in told),
        STAYED: sum(slot.withdrawn_at is not None and not slot.left for slot in told),
        AFTERWARDS: sum(slot.added_at > slot.planned_at for slot in planned),
    }
    return tuple(Note(text, {"n": n}) for text, n in counts.items() if n)
