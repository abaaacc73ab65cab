"""Numbers as Turkish offices write them, read exactly: `11.617` is 11617, `95,5` is 95½, `%95` and `95%` are 95, `-` is none.

Never a float: what comes out is a fraction. What could be read in two ways is refused with what to write instead.
"""

from __future__ import annotations

import math
import re
from decimal import Decimal
from fractions import Fraction

from words import N_, _

NONE = {"", "-", "–", "—", "−", "‐", "‑"}
BLANKS = re.compile(r"[\s\u00a0\u2007\u2009\u202f\u200b\u2060\ufeff]+")
MINUSES = str.maketrans("−–‐‑", "----")
WHOLE = re.compile(r"(?:\d+|[1-9]\d{0,2}(?:\.\d{3})+|[1-9]\d{0,2}(?: \d{3})+)(?:,(\d+))?", re.A)
COMMAS = re.compile(r"[1-9]\d{0,2},\d{3}", re.A)
DRESS = re.compile(r"(?:([-+]) ?)?(?:(%) ?)?(?:([-+]) ?)?([^-+%]*?)(?: ?(%))?")
LONGEST = 40  # characters: more is a slip, not a figure

NO_NUMBER = N_("write it as 11.617, 95,5 or %95, or - where there is none")
DECIMAL_DOT = N_("a dot groups thousands, a comma begins the decimals: write 11.617 or 11,617")
ENGLISH = N_("thousands are grouped with dots: write 1.234.567, with decimals 1.234.567,5")
FORMULA = N_("put the formula's result in its place")


class NoFigure(ValueError):
    """Text that is no number, or could be two: `what` it is and the `cure`."""

    def __init__(self, what: str, cure: str) -> None:
        super().__init__(f"{what}: {cure}")
        self.what, self.cure = what, cure


def figure(value: object) -> Fraction | None:
    """The exact number that text (or a number from a sheet) stands for; a percentage in percent. None: no figure is given.

    Raises NoFigure (a ValueError) for anything else, also for true and false.
    """
    if value is None:
        return None
    if isinstance(value, float):  # as it is shown: 0.1 is one tenth
        value = Decimal(repr(value)) if math.isfinite(value) else str(value)
    if isinstance(value, (int, Decimal, Fraction)) and not isinstance(value, bool) and _finite(value):
        return Fraction(value)
    if not isinstance(value, str):
        raise _no_figure(str(value), NO_NUMBER)
    if none_given(value):
        return None
    text = BLANKS.sub(" ", value).strip()
    negative, digits = _bare(text)
    match = WHOLE.fullmatch(digits) if len(digits) <= LONGEST else None
    if not match:
        raise _no_figure(text, _cure(digits))
    found = Fraction(digits.replace(".", "").replace(" ", "").replace(",", "."))
    return -found if negative else found


def none_given(text: str) -> bool:
    """Whether text says that there is no figure: nothing, or a dash."""
    return BLANKS.sub(" ", text).strip() in NONE


def whole(value: object) -> int | None:
    """The same for what is counted: a figure with decimals is refused."""
    found = figure(value)
    if found is not None and (found.denominator != 1 or commas(value)):
        raise NoFigure(
            _("{text} is no whole number").format(text=_quoted(str(value))), _("write a number without decimals: 11.617")
        )
    return None if found is None else int(found)


def commas(value: object) -> bool:
    """Whether text may group thousands as in English: `12,000` is 12 here, and twelve thousand there."""
    return isinstance(value, str) and COMMAS.fullmatch(_bare(BLANKS.sub(" ", value).strip())[1]) is not None


def _finite(value: int | Decimal | Fraction) -> bool:
    return not isinstance(value, Decimal) or (value.is_finite() and abs(value.adjusted()) <= LONGEST)


def _bare(text: str) -> tuple[bool, str]:
    """Whether it is negative, and its digits without sign and percent sign, each of which stands there at most once."""
    match = DRESS.fullmatch(text.translate(MINUSES))
    if not match or (match[1] and match[3]) or (match[2] and match[5]):
        return False, text
    return "-" in (match[1], match[3]), match[4]


def _cure(digits: str) -> str:
    if digits.startswith("="):
        return FORMULA
    if re.fullmatch(r"\d+\.\d+", digits, re.A):
        return DECIMAL_DOT
    if re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", digits, re.A):
        return ENGLISH
    return NO_NUMBER


def _no_figure(text: str, cure: str) -> NoFigure:
    return NoFigure(_("{text} is no number").format(text=_quoted(text)), _(cure))


def _quoted(text: str) -> str:
    return repr(text if len(text) <= LONGEST else text[:LONGEST] + "…")
