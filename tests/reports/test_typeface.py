"""Which letters the shipped typeface has, and what becomes of the others."""

from __future__ import annotations

import json
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from reports.typeface import FAMILY, FONTS, MISSING, letters, printable


def test_every_letter_and_sign_that_turkish_reports_need_is_there() -> None:
    needed = "ABCÇDEFGĞHIİJKLMNOÖPRSŞTUÜVYZabcçdefgğhıijklmnoöprsştuüvyzâîûÂÎÛqwxQWX0123456789₺%‰−–—•·…“”‘’×±≥≤→½§€√✓" + MISSING
    assert [letter for letter in needed if ord(letter) not in letters()] == []
    assert printable(needed) == needed


def test_a_run_without_shapes_is_one_box_and_what_is_invisible_is_left_out() -> None:
    assert printable("Ağaç dikim 🌳🌳 şöleni") == "Ağaç dikim ☐ şöleni"
    assert printable("مرحبا Ümraniye") == "☐ Ümraniye"
    assert printable("a\u200db\ufe0fç\u200b") == "abç"
    assert printable("bin\u3000sayı\u2003ğ") == "bin sayı ğ"
    assert printable("tuttu ✓ kaçtı ✗") == "tuttu ✓ kaçtı ×"


@given(st.text(st.characters(codec=None)))
def test_nothing_is_left_that_has_no_shape(text: str) -> None:
    shown = printable(text)
    assert shown.isascii() or all(ord(letter) in letters() or letter == "\n" for letter in shown)


def test_an_archival_pdf_takes_each_of_the_letters(tmp_path: Path) -> None:
    import typst

    said = "".join(f"{chr(point)} " for point in sorted(letters()))
    (tmp_path / "letters.json").write_text(json.dumps(said), encoding="utf-8")
    source = f'#set document(title: "Harfler")\n#set text(font: "{FAMILY}", fallback: false, lang: "tr")\n#json("letters.json")'
    (tmp_path / "letters.typ").write_text(source, encoding="utf-8")
    made = typst.compile(
        tmp_path / "letters.typ", root=tmp_path, font_paths=[FONTS], ignore_system_fonts=True, pdf_standards=["a-2a", "ua-1"]
    )
    assert bytes(made).startswith(b"%PDF")
