"""Every quick target over its seeds and some neighbours of them, the same ones each time; `MECRA_FUZZ` asks for more."""

from __future__ import annotations

import os
from random import Random

import pytest

from tests.fuzz.mutating import changed
from tests.fuzz.target import Target
from tests.fuzz.targets import TARGETS

NEIGHBOURS = int(os.environ.get("MECRA_FUZZ", "24"))


@pytest.mark.parametrize("target", [target for target in TARGETS if not target.slow], ids=lambda target: target.name)
def test_its_promises_hold(target: Target) -> None:
    seeds = [*target.seeds()]
    for seed in seeds:
        target.run(seed)
    random = Random(target.name)
    for _ in range(NEIGHBOURS):
        target.run(changed(random.choice(seeds), random, target.kind, seeds))


def test_targets_have_names_of_their_own() -> None:
    names = [target.name for target in TARGETS]
    assert len(names) == len(set(names)) > 40
