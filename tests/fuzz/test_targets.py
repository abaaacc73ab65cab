"""Every target over its seeds and some neighbours of them, the same ones each time; `MECRA_FUZZ` asks for more."""

from __future__ import annotations

import os
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.mutating import changed
from tests.fuzz.target import Target
from tests.fuzz.targets import TARGETS

EXAMPLES = int(os.environ.get("MECRA_FUZZ", "12"))


@pytest.mark.parametrize("target", [target for target in TARGETS if not target.slow], ids=lambda target: target.name)
def test_its_promises_hold(target: Target) -> None:
    seeds = [*target.seeds()]
    for seed in seeds:
        target.run(seed)

    @settings(max_examples=EXAMPLES, derandomize=True, database=None, deadline=None, suppress_health_check=[*HealthCheck])
    @given(st.integers(0, len(seeds) - 1), st.randoms(use_true_random=False))
    def neighbours(at: int, random: Random) -> None:
        target.run(changed(seeds[at], random, target.kind, seeds))

    neighbours()
