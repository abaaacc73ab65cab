"""Charts drawn beside this process: the same bytes, one that can't be drawn, a process that dies."""

from __future__ import annotations

import threading

import pytest

from reports.charts import bars
from reports.charts_render import PNG, render
from reports.drawing import Drawing, Undrawn


def chart(name: str) -> dict[str, object]:
    return dict(bars([(name, 3), ("Başka", 2)], unknown="", theme="light", width=340))


@pytest.fixture
def drawing() -> Drawing:
    return Drawing()


def test_a_chart_is_the_one_that_would_be_drawn_here_whoever_asks(drawing: Drawing) -> None:
    names = [f"Gazete {n}" for n in range(4)]
    found: dict[str, bytes] = {}
    threads = [threading.Thread(target=lambda name=name: found.update({name: drawing.png(chart(name))})) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {name: render(chart(name), PNG) for name in names}


def test_a_chart_that_cannot_be_drawn_keeps_nobody_from_the_next(drawing: Drawing) -> None:
    with pytest.raises(Undrawn):
        drawing.png({"data": {"url": "https://elsewhere.example/"}})
    child = drawing._child
    assert drawing.png(chart("Gazete")).startswith(b"\x89PNG")
    assert drawing._child is child


def test_a_process_that_died_is_begun_anew(drawing: Drawing) -> None:
    drawing.png(chart("Gazete"))
    assert drawing._child
    drawing._child.kill()
    with pytest.raises(Undrawn):
        drawing.png(chart("Gazete"))
    assert drawing.png(chart("Gazete")).startswith(b"\x89PNG")
