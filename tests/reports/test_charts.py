"""Charts drawn and read back: every label and figure there, nothing that could run, and the same picture everywhere."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from itertools import combinations
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reports import charts, charts_calendar, charts_lines
from reports.charts_lines import Line
from reports.charts_render import PNG, SVG, Rendered, plain, render
from reports.charts_style import THEMES, Spec, colours, contrast, ink_on, labels
from tests.reports.sample import HOSTILE
from words import speaking

ROOT = Path(__file__).parent.parent.parent
PLATFORMS = ["X", "Facebook", "Instagram", "YouTube"]
MONTHS = ["Oca", "Şub", "Mar", "Nis", "May", "Haz"]
DAYS = ["Pazartesi", "Salı", "Çarşamba", "Perşembe", "Cuma", "Cumartesi", "Pazar"]
WEEKS = {"issued": "çıktı", "missing": "eksik", "double": "iki kez", "ahead": "daha gelmedi"}
START = date(2026, 1, 1)


def gallery(theme: str = "light", width: int = 680) -> dict[str, Spec]:
    """One chart of each kind."""
    F = Fraction  # noqa: N806
    standings = [
        charts.Standing("PG7.2.1 Haber", F(104625, 100000), F(1), F(1, 2)),
        charts.Standing("PG7.2.3 Bülten", None, None, F(1, 2)),
        charts.Standing("PG7.2.6 Gönderi", F(-1, 5), F(0), F(1, 2)),
        charts.Standing("PG7.2.7 Görüntülenme", F(317, 100), F(1), F(1, 2)),
    ]
    states = ["issued"] * 40 + ["ahead"] * 13
    states[7], states[30] = "missing", "double"
    followers = [Line(name, [(START + timedelta(n), 9000 + n * at) for n in range(0, 181, 5)]) for at, name in enumerate(PLATFORMS)]
    said: dict[str, Any] = {"theme": theme, "width": width}
    views = [("X", 22465660), ("Facebook", 1234567), ("Instagram", None)]
    return {
        "performance": charts.performance(standings, counted="Sayılan", raw="Aşan", expected="Beklenen", unknown="veri yok", **said),
        "bars": charts.bars([("İhlas Haber Ajansı", 3120), ("Çekmeköy", 990), ("Ağaç", 2000)], unknown="–", **said),
        "platforms": charts.platforms([("Görüntülenme", views), ("Gönderi", [("X", 812), ("Facebook", 640)])], unknown="veri yok", **said),
        "months": charts.months(MONTHS, {name: [1000 * (n + at) for n in range(6)] for at, name in enumerate(PLATFORMS)}, axis="Görüntülenme", **said),
        "heat": charts_calendar.heat(DAYS, ["09", "12", "18"], {(d, h): (d + h, 9) for d in range(7) for h in range(3) if d != h}, hour="Saat", **said),
        "weeks": charts_calendar.weeks([("Ümraniye 7/24", states)], names=WEEKS, week="Hafta", **said),
        "followers": charts_lines.lines(followers, axis="Takipçi", **said),
        "growth": charts_lines.lines([Line("Artış", [(datetime(2026, 5, 3, 12, tzinfo=UTC) + timedelta(hours=n), n * n) for n in range(60)])], **said),
    }  # fmt: skip


def words_of(drawn: bytes) -> list[str]:
    """The texts that are drawn, from top to bottom as the picture has them."""
    root = ElementTree.fromstring(drawn)
    return ["".join(part.itertext()) for part in root.iter() if part.tag.endswith(("}text", "}tspan"))]


def keys(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        for name, value in part.items():
            yield name
            if name != "values":
                yield from keys(value)
    elif isinstance(part, list):
        for value in part:
            yield from keys(value)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", ["tr", "en"])
def test_every_chart_is_drawn_in_both_languages_and_themes(theme: str, language: str) -> None:
    with speaking(language):
        for name, spec in gallery(theme).items():
            assert not set(keys(spec)) & {
                "expr",
                "signal",
                "transform",
                "calculate",
                "url",
                "href",
                "labelExpr",
                "params",
                "test",
            }, name
            drawn, bitmap = render(spec, SVG, title="Ad", alt="Ağaç"), render(spec, PNG)
            assert bitmap.startswith(b"\x89PNG")
            assert THEMES[theme].paper.encode() in drawn
            width = float(ElementTree.fromstring(drawn).get("width", "0"))
            assert 200 < width <= 720, (name, width)


@pytest.mark.parametrize("name", gallery())
def test_a_narrow_chart_fits_a_phone(name: str) -> None:
    with speaking("tr"):
        drawn = render(gallery(width=340)[name], SVG)
    assert float(ElementTree.fromstring(drawn).get("width", "0")) <= 400


def test_figures_and_labels_stand_as_they_were_given() -> None:
    with speaking("tr"):
        found = {name: words_of(render(spec, SVG)) for name, spec in gallery().items()}
    assert [text for text in found["bars"] if text in ("İhlas Haber Ajansı", "Çekmeköy", "Ağaç")] == [
        "İhlas Haber Ajansı",
        "Çekmeköy",
        "Ağaç",
    ]
    assert {"3.120", "990", "2.000"} <= set(found["bars"])
    assert {"%104,6", "veri yok", "-%20", "%317", "%0", "%50", "%100", "%150", "Sayılan", "Aşan", "Beklenen"} <= set(
        found["performance"]
    )
    assert {"22.465.660", "1.234.567", "veri yok", "812"} <= set(found["platforms"])
    assert [text for text in found["months"] if text in MONTHS] == MONTHS
    assert {"6.000", "10.000", "26.000"} <= set(found["months"])
    assert [text for text in found["heat"] if text in DAYS] == DAYS
    assert {"11", "22", "89"} <= set(found["heat"])
    assert {"çıktı", "eksik (×)", "iki kez (2)", "daha gelmedi (·)", "×", "2"} <= set(found["weeks"])
    assert {"Oca", "Haz", "X 9.000", "YouTube 9.540"} <= {" ".join(text.split()) for text in found["followers"]}
    assert any(text == "4 May" for text in found["growth"])


def test_english_figures() -> None:
    with speaking("en"):
        found = {name: words_of(render(spec, SVG)) for name, spec in gallery().items()}
    assert {"22,465,660", "1,234,567"} <= set(found["platforms"])
    assert {"104.6%", "-20%", "100%"} <= set(found["performance"])
    assert {"Jan", "Jun"} <= set(found["followers"])


def test_what_is_not_known_is_said_and_not_drawn() -> None:
    with speaking("tr"):
        empty = [
            charts.performance([], counted="a", raw="b", expected="c", unknown="veri yok"),
            charts.bars([], unknown="veri yok"),
            charts.platforms([], unknown="veri yok"),
            charts.months(MONTHS, {"X": [None] * 6}, unknown="veri yok"),
            charts_calendar.heat(DAYS, ["09"], {(0, 0): (0, 0)}, unknown="veri yok"),
            charts_calendar.weeks([], names=WEEKS, unknown="veri yok"),
            charts_lines.lines([Line("boş", [])], unknown="veri yok"),
        ]
        assert [words_of(render(spec, SVG)) for spec in empty] == [["veri yok"]] * 7


@pytest.mark.parametrize("text", [*HOSTILE, "x" * 10_000, "{{datum.x}}", "datum['a']", "\n\n", "İ" * 300])
def test_hostile_labels_stay_labels(text: str) -> None:
    hostile: dict[str, Any] = {"title": text, "unknown": text}
    with speaking("tr"):
        drawn = [
            charts.bars([(text, 3), (text, Fraction(7, 2)), (text, None)], **hostile),
            charts.performance([charts.Standing(text, Fraction(1), Fraction(1), None)], counted=text, raw=text + "2", expected=text + "3", **hostile),
            charts.months([text, text], {text: [1, 2], text + " ": [3, None]}, axis=text, **hostile),
            charts_calendar.weeks([(text, ["issued", "missing"])], names=dict.fromkeys(WEEKS, text), week=text, **hostile),
            charts_lines.lines([Line(text, [(START, 1), (START + timedelta(9), 5)])] * 2, axis=text, **hostile),
        ]  # fmt: skip
        for spec in drawn:
            svg = render(spec, SVG, title=text, alt=text)
            root = ElementTree.fromstring(svg)
            assert {part.tag.rpartition("}")[2] for part in root.iter()} <= {
                "svg",
                "g",
                "path",
                "line",
                "rect",
                "text",
                "tspan",
                "defs",
                "clipPath",
                "title",
                "desc",
            }
            assert not [
                name for part in root.iter() for name in part.attrib if name.startswith("on") or "href" in name or name == "style"
            ]
            assert max(map(len, words_of(svg))) <= 100
            assert float(root.get("width", "0")) < 1000


@given(st.text(st.characters(codec=None), max_size=60))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_letter_ends_the_drawing(text: str) -> None:
    with speaking("tr"):
        ElementTree.fromstring(render(charts.bars([(text, 1)], unknown=text, title=text), SVG, alt=text))


def test_a_specification_that_reads_elsewhere_is_refused() -> None:
    with pytest.raises(ValueError, match="never at an address"):
        render({"data": {"url": "file:///etc/passwd"}, "mark": "bar"}, SVG)
    with pytest.raises(ValueError, match="never at an address"):
        render({"layer": [{"data": {"values": []}, "mark": {"type": "bar", "href": "http://kotu.example"}}]}, SVG)
    with pytest.raises(ValueError, match="not as pdf"):
        render(gallery()["bars"], "pdf")


def test_an_svg_is_reduced_to_its_shapes() -> None:
    drawn = (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="9" height="9" onload="x()"><script>x()</script>'
        '<style>@import "http://kotu.example"</style><foreignObject/><image xlink:href="http://kotu.example/a.png"/><defs><clipPath id="a"><rect/></clipPath></defs>'
        '<g clip-path="url(#a)" style="fill:url(http://kotu.example)" fill="url(http://kotu.example)"><text onclick="x()" font-size="9">Ş</text></g></svg>'
    )
    one, other = plain(drawn, "one", "Ad", "Açıklama & <b>"), plain(drawn, "two")
    assert b"kotu" not in one and b"script" not in one and b"onload" not in one and b"onclick" not in one and b"foreign" not in one
    assert 'role="img"' in one.decode() and 'aria-labelledby="cone-title cone-desc"' in one.decode()
    assert "Açıklama &amp; &lt;b&gt;" in one.decode()
    assert 'clip-path="url(#cone-a)"' in one.decode() and 'id="cone-a"' in one.decode()
    assert set(re.findall(rb'id="([^"]+)"', one)).isdisjoint(re.findall(rb'id="([^"]+)"', other))


def test_two_names_that_would_look_alike_are_kept_apart() -> None:
    assert labels(["a" * 90, "a" * 91, "b"], 10) == ["aaaaaaaaa…", "aaaaaaaaa… (2)", "b"]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_contrast_is_enough(theme: str) -> None:
    style = THEMES[theme]
    assert all(contrast(colour, style.paper) >= 3 for colour in (*style.series, style.main))
    assert contrast(style.ink, style.paper) >= 7
    assert contrast(style.quiet, style.paper) >= 4.5
    assert all(contrast(ink_on(ground, style), ground) >= 4.5 for ground in style.ramp)


# How a colour is seen without red, green or blue cones (Machado, Oliveira and Fernandes 2009, severity 1).
_SEEN = {
    "all": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "no red": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "no green": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "no blue": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}


def _lab(colour: str, seen: str) -> tuple[float, float, float]:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    r, g, b = (min(1.0, max(0.0, sum(f * c for f, c in zip(row, linear, strict=True)))) for row in _SEEN[seen])
    parts = (
        (0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505,
        0.2126 * r + 0.7152 * g + 0.0722 * b,
        (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089,
    )
    x, y, z = (t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in parts)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("seen", _SEEN)
def test_four_platforms_are_told_apart_by_every_eye(theme: str, seen: str) -> None:
    for one, other in combinations(colours(PLATFORMS, theme), 2):
        assert sum((a - b) ** 2 for a, b in zip(_lab(one, seen), _lab(other, seen), strict=True)) ** 0.5 > 14, (one, other)


def test_a_platform_keeps_its_colour() -> None:
    assert colours(["YouTube", "X"], "light") == list(reversed(colours(["X", "YouTube"], "light")))
    assert len(set(colours(["X", "Gazete", "Facebook", "Radyo"], "light"))) == 4


def test_times_are_the_clock_s_own_and_ticks_are_few() -> None:
    evening = datetime(2026, 5, 3, 21, 30).astimezone()
    spec = charts_lines.lines([Line("a", [(evening, 1), (evening + timedelta(days=800), 2)])])
    assert spec["layer"][0]["data"]["values"][0]["at"] == datetime(2026, 5, 3, 21, 30, tzinfo=UTC).timestamp() * 1000
    for span in (0, 1, 2, 5, 20, 61, 100, 181, 365, 800, 4000):
        spec = charts_lines.lines([Line("a", [(START, 1), (START + timedelta(days=span), 2)])])
        assert len(spec["layer"][0]["encoding"]["x"]["axis"]["values"]) <= 12
        ElementTree.fromstring(render(spec, SVG))


_CODE = """
import hashlib, sys
from reports.charts_render import render
from tests.reports.test_charts import gallery
from words import speaking
with speaking("tr"):
    print(*(hashlib.sha256(render(spec, kind)).hexdigest() for spec in gallery().values() for kind in ("svg", "png")))
"""


def test_the_same_chart_is_the_same_bytes_in_another_process_and_zone() -> None:
    found = {
        subprocess.run(
            [sys.executable, "-c", _CODE],
            cwd=ROOT,
            env={**os.environ, "TZ": zone, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for zone, seed in (("Asia/Tokyo", "1"), ("America/New_York", "2"))
    }
    assert len(found) == 1


def test_a_kept_picture_is_not_drawn_again(tmp_path: Path) -> None:
    kept = Rendered(tmp_path / "pictures")
    with speaking("tr"):
        spec = gallery()["bars"]
        first = kept.render(spec, SVG, title="a")
        files = list((tmp_path / "pictures").iterdir())
        assert len(files) == 1 and files[0].read_bytes() == first
        files[0].write_bytes(b"from the store")
        assert kept.render(spec, SVG, title="a") == b"from the store"
        assert kept.render(spec, SVG, title="b") != b"from the store"


def test_kept_pictures_stay_few(tmp_path: Path) -> None:
    kept = Rendered(tmp_path, most=2)
    with speaking("tr"):
        for number in range(4):
            kept.render(charts.bars([("a", number)], unknown=""), SVG)
    assert len(list(tmp_path.iterdir())) == 2
