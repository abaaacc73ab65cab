"""Charts as a page shows them: an image that is drawn when a browser asks for it, once for each state of the data.

PNG at twice its size: an SVG would be written in the reader's own fonts, whose letters are wider than those it was laid out for.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from starlette.responses import Response

from words import language, speaking

if TYPE_CHECKING:
    from starlette.requests import Request

    from panel.shell import Shell
    from reports.charts_style import Spec

Draw: TypeAlias = "Callable[[str, int], Spec]"  # from a theme and a width in pixels
WIDTHS = {"wide": 736, "narrow": 340}
THEMES = ("light", "dark")


@dataclass(frozen=True, slots=True)
class Picture:
    """`key` names it in its address; `alt` says what it shows to whoever does not see it."""

    key: str
    title: str
    alt: str

    def address(self, theme: str = "light", width: str = "wide") -> str:
        return f"/grafik/{self.key}/{theme}-{width}.png"


class Pictures:
    """The last charts that pages have shown. Nothing is drawn before it is asked for, and nothing is kept on disk."""

    OFFERED, DRAWN = 400, 200

    def __init__(self) -> None:
        self._offered: OrderedDict[str, tuple[Draw, str]] = OrderedDict()
        self._drawn: OrderedDict[tuple[str, str, str], bytes] = OrderedDict()
        self._lock = threading.Lock()

    def offer(self, draw: Draw, *, title: str, alt: str) -> Picture:
        """Have a chart at hand, under a name that says all that it depends on."""
        from reports.charts_render import PNG, key

        name = key(draw("light", WIDTHS["wide"]), PNG, title, alt)[:32]
        with self._lock:
            self._offered[name] = draw, language()
            self._offered.move_to_end(name)
            while len(self._offered) > self.OFFERED:
                self._offered.popitem(last=False)
        return Picture(name, title, alt)

    def drawn(self, key: str, theme: str, width: str) -> bytes | None:
        """The image; None where no page has shown such a chart lately, or it can't be drawn."""
        from reports.drawing import Undrawn, drawing

        with self._lock:
            offered, found = self._offered.get(key), self._drawn.get((key, theme, width))
        if found is not None or offered is None or theme not in THEMES or width not in WIDTHS:
            return found
        draw, spoken = offered
        with speaking(spoken):
            spec = draw(theme, WIDTHS[width])
        try:
            found = drawing().png(spec)
        except Undrawn:
            return None
        with self._lock:
            self._drawn[(key, theme, width)] = found
            while len(self._drawn) > self.DRAWN:
                self._drawn.popitem(last=False)
        return found


def picture(shell: Shell, request: Request) -> Response:
    """One image. Its address names its content, so that a browser may keep it."""
    theme, _dash, width = request.path_params["look"].partition("-")
    found = shell.pictures.drawn(request.path_params["key"], theme, width)
    if found is None:
        return Response("", 404, media_type="text/plain")
    return Response(found, media_type="image/png", headers={"Cache-Control": "private, max-age=86400, immutable"})


PAGES = (("/grafik/{key}/{look}.png", picture),)
