"""Texts as they are searched: Turkish letters and their Latin neighbours are one, capitals too, so that `umraniye` finds `ÜMRANİYE`.

Python and SQL fold alike: what is written in an index is found by what a reader types.
"""

from __future__ import annotations

# Marks that stand on their own: a text may come decomposed. Then the letters, and last, in both, the capitals of ASCII. SQLite reads
# no more than some thirty calls within each other.
PAIRS = (
    *((mark, "") for mark in "\u0306\u0307\u0308\u0327"),
    ("İ", "i"), ("ı", "i"), ("Î", "i"), ("î", "i"), ("Ş", "s"), ("ş", "s"), ("Ç", "c"), ("ç", "c"), ("Ğ", "g"), ("ğ", "g"),
    ("Ü", "u"), ("ü", "u"), ("Û", "u"), ("û", "u"), ("Ö", "o"), ("ö", "o"), ("Â", "a"), ("â", "a"),
)  # fmt: skip
MOST = 8  # words of a search
LONGEST = 200


def folded(text: str) -> str:
    """`text` as it is compared."""
    if not text.isascii():
        for letter, plain in PAIRS:
            text = text.replace(letter, plain)
    return text.encode("utf-8", "surrogatepass").lower().decode("utf-8", "surrogatepass")


def folded_sql(column: str) -> str:
    """An expression of SQL that says the same of a column."""
    for letter, plain in PAIRS:
        column = f"replace({column}, '{letter}', '{plain}')"
    return f"lower({column})"


def words_of(search: str) -> tuple[str, ...]:
    """What a reader typed, as words that must all occur; too many and too long ones are left out."""
    return tuple(dict.fromkeys(folded(search[:LONGEST]).split()))[:MOST]
