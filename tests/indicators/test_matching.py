"""As many slots are met as can be: against every other way of matching, and whatever the order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.matching import At, match

NINE = datetime(2026, 3, 2, 6, tzinfo=UTC)
MINUTES = st.lists(st.integers(0, 40), max_size=12)


def at(minutes: Sequence[int], kind: str) -> list[At]:
    return [At(NINE + timedelta(minutes=minute), f"{kind}{number:03}") for number, minute in enumerate(minutes)]


def met(pairs: Sequence[tuple[At, At | None]]) -> list[tuple[At, At]]:
    return [(slot, post) for slot, post in pairs if post]


def most_by_trying(slots: list[At], posts: list[At], tolerance: timedelta) -> int:
    """Every way of matching, tried out."""

    @cache
    def most(number: int, taken: int) -> int:
        if number == len(slots):
            return 0
        best = most(number + 1, taken)
        for index, post in enumerate(posts):
            if not taken >> index & 1 and abs(post.at - slots[number].at) <= tolerance:
                best = max(best, 1 + most(number + 1, taken | 1 << index))
        return best

    return most(0, 0)


def most_by_augmenting(slots: list[At], posts: list[At], tolerance: timedelta) -> int:
    """The largest matching of any graph of two sides: paths are augmented until there is none left (Kuhn)."""
    near = [[p for p, post in enumerate(posts) if abs(post.at - slot.at) <= tolerance] for slot in slots]
    slot_of: dict[int, int] = {}

    def augment(slot: int, seen: set[int]) -> bool:
        for post in near[slot]:
            if post not in seen:
                seen.add(post)
                if post not in slot_of or augment(slot_of[post], seen):
                    slot_of[post] = slot
                    return True
        return False

    return sum(augment(slot, set()) for slot in range(len(slots)))


@given(st.lists(st.integers(0, 20), max_size=6), st.lists(st.integers(0, 20), max_size=6), st.integers(0, 6))
def test_no_other_way_meets_more(slots: list[int], posts: list[int], tolerance: int) -> None:
    planned, published, within = at(slots, "s"), at(posts, "p"), timedelta(minutes=tolerance)
    assert len(met(match(planned, published, within))) == most_by_trying(planned, published, within)


@given(st.lists(st.integers(0, 120), max_size=40), st.lists(st.integers(0, 120), max_size=40), st.integers(0, 15))
def test_no_larger_matching_exists(slots: list[int], posts: list[int], tolerance: int) -> None:
    planned, published, within = at(slots, "s"), at(posts, "p"), timedelta(minutes=tolerance)
    assert len(met(match(planned, published, within))) == most_by_augmenting(planned, published, within)


@given(MINUTES, MINUTES, st.integers(0, 10), st.randoms(use_true_random=False))
def test_pairs_are_one_to_one_near_and_the_same_in_any_order(
    slots: list[int], posts: list[int], tolerance: int, chance: object
) -> None:
    planned, published, within = at(slots, "s"), at(posts, "p"), timedelta(minutes=tolerance)
    pairs = match(planned, published, within)
    assert sorted(slot for slot, _post in pairs) == sorted(planned)
    used = [post for _slot, post in met(pairs)]
    assert len(set(used)) == len(used)
    assert all(abs(post.at - slot.at) <= within for slot, post in met(pairs))
    chance.shuffle(planned)  # type: ignore[attr-defined]
    chance.shuffle(published)  # type: ignore[attr-defined]
    assert match(planned, published, within) == pairs


@given(MINUTES, MINUTES, st.integers(0, 10), st.integers(0, 40))
def test_what_comes_later_moves_no_earlier_pair(slots: list[int], posts: list[int], tolerance: int, cut: int) -> None:
    planned, published, within = at(slots, "s"), at(posts, "p"), timedelta(minutes=tolerance)
    edge = NINE + timedelta(minutes=cut)
    early = [slot for slot in planned if slot.at < edge]
    assert match(early, published, within) == [pair for pair in match(planned, published, within) if pair[0].at < edge]


@given(MINUTES, MINUTES, st.integers(0, 10), st.integers(0, 10))
def test_more_tolerance_meets_no_less(slots: list[int], posts: list[int], tolerance: int, more: int) -> None:
    planned, published = at(slots, "s"), at(posts, "p")
    narrow, wide = timedelta(minutes=tolerance), timedelta(minutes=tolerance + more)
    assert len(met(match(planned, published, narrow))) <= len(met(match(planned, published, wide)))


@pytest.mark.parametrize(
    ("slots", "posts", "tolerance", "wanted"),
    [
        ([], [], 60, 0),
        ([60], [], 60, 0),
        ([60], [0], 60, 1),  # exactly the tolerance before
        ([60], [120], 60, 1),  # and after
        ([60], [121], 60, 0),
        ([60, 60], [60], 60, 1),  # one post meets one slot
        ([60], [50, 60, 70], 60, 1),
        ([60, 60], [60, 60], 0, 2),
        ([0, 60], [60, 120], 60, 2),  # the nearest post is left for the second slot
        ([0, 60, 120], [60, 60, 60], 60, 3),
    ],
)
def test_by_hand(slots: list[int], posts: list[int], tolerance: int, wanted: int) -> None:
    assert len(met(match(at(slots, "s"), at(posts, "p"), timedelta(minutes=tolerance)))) == wanted


def test_a_second_is_enough_to_be_late() -> None:
    slot, hour = At(NINE, "s"), timedelta(hours=1)
    assert match([slot], [At(NINE + hour, "p")], hour)[0][1]
    assert not match([slot], [At(NINE + hour + timedelta(seconds=1), "p")], hour)[0][1]
