"""The institution's name in every form in which it is met, and what only looks like it."""

from __future__ import annotations

import csv
import os
import re
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.news.matching import END, SHIPPED, START, Rule, words_pattern
from collectors.turkish import _folded, fold
from model import MecraError

RULE = Rule.load()
RECORDINGS = os.environ.get("MECRA_RECORDINGS")
needs_recordings = pytest.mark.skipif(RECORDINGS is None, reason="MECRA_RECORDINGS is not set: no recorded Turkish text here")

NAMED = [
    "Ümraniye Belediyesi'nin parkı", "Ümraniye Belediyesi’nden duyuru", "ÜMRANİYE BELEDİYESİ", "ÜMRANİYE BELEDİYESİ'NİN PARKI AÇILDI",
    "Umraniye Belediyesi", "ümraniye belediyesince yapıldı", "Ümraniye belediyesi'yle", "Ümraniye belediyesiyle", "Ümraniye Belediyemiz",
    "Ümraniye Belediyemizin", "Ümraniye Bel. ekipleri", "U\u0308mraniye Belediyesi", "Ümraniye\u00a0Belediyesi", "Ümraniye  Belediyesi`nde",
    "Ümraniye Belediye Başkanı", "Yıldırım ve Ümraniye belediye başkanları", "Ümraniye Belediye Başkanlığı", "Ümraniye Belediyesindeki", "Ümraniye Belediyesidir", "Ümraniye Belediyesiydi",
    "Ümra\u00adniye Belediyesi", "Ümraniye Belediyesi&#39;ne", "Ümraniye Belediyesi&rsquo;ne", "“Ümraniye Belediyesi”", "(Ümraniye Belediyesi)",
    "Ümraniye Belediyesi:İSKİ", "Ümraniye Belediyesi'ndekiler", "UMRANIYE BELEDIYESI", "AK Parti’li Ümraniye Belediyesi",
]  # fmt: skip
HEADED = ["Başkan İsmet Yıldırım'dan açıklama", "BAŞKAN İSMET YILDIRIM", "Belediye Başkanı İsmet Yıldırım", "Bşk. İsmet Yıldırım",
          "Ümraniye’de konuşan Başkan Yıldırım", "Ümraniye Belediye Başkanı Yıldırım"]  # fmt: skip
ELSEWHERE = ["Ümraniyespor kazandı", "Başkan Yıldırım", "İsmet Yıldırım (futbolcu)", "Yıldırım Belediyesi", "Yıldırım Belediye Başkanı Oktay Yılmaz",
             "Belediye Başkanı Yıldırım", "Kümraniye Belediyesi", "", "Ü", "Yıldırım gazetesi yazdı"]  # fmt: skip
PLACED = ["Ümraniye'de trafik kazası", "ÜMRANİYE’DE YANGIN", "Ümraniyeli gençler", "Ümraniye Kaymakamı Yüksel Çelik", "Ümraniye belediyecilik tarihi"]  # fmt: skip
EXCLUDED = [
    ("Ümraniye Belediyesi Şehir Stadı'nda üç gol", "stadyum adı"),
    ("Ümraniye Belediyesi Stadyumu’nda maç", "stadyum adı"),
    ("Ümraniye Belediyesi SK deplasmanda", "spor kulübü"),
    ("Ümraniye Belediyespor kazandı", "spor kulübü"),
    ("Ümraniye Belediyesi kadın voleybol takımı", "spor kulübü"),
    ("Ümraniye Belediyesi durağı kapatıldı", "durak adı"),
    ("T.C. Ümraniye 3. İcra Dairesi taşınmaz satışı", "icra ilanı"),
    ("ÜMRANİYE BELEDİYESİ emlak kaydı, İCRA MÜDÜRLÜĞÜ", "icra ilanı"),
    ("Ümraniye Eğitim ve Araştırma Hastanesi'nde doğum", "hastane adı"),
]


@pytest.mark.parametrize("title", NAMED + HEADED)
def test_it_counts(title: str) -> None:
    match = RULE.match(title)
    assert match is not None
    assert (match.status, match.place, match.reason) == ("counted", "title", "")
    assert match.term == "Ümraniye Belediyesi" or "Başkan" in match.term


@pytest.mark.parametrize("title", ELSEWHERE)
def test_it_is_none_of_ours(title: str) -> None:
    assert RULE.match(title) is None


@pytest.mark.parametrize("title", PLACED)
def test_the_place_alone_waits_for_a_person(title: str) -> None:
    match = RULE.match(title)
    assert match is not None
    assert (match.status, match.term) == ("review", "Ümraniye")


@pytest.mark.parametrize(("title", "reason"), EXCLUDED)
def test_it_is_excluded_with_its_reason(title: str, reason: str) -> None:
    match = RULE.match(title)
    assert match is not None
    assert (match.status, match.reason) == ("excluded", reason)


def test_a_stadium_does_not_take_away_what_is_said_beside_it() -> None:
    match = RULE.match("Ümraniye Belediyesi Şehir Stadı yenilendi", "Çalışmayı Ümraniye Belediyesi ekipleri yürüttü.")
    assert match is not None
    assert (match.status, match.place) == ("counted", "summary")
    assert RULE.match("Ümraniye Belediyesi’nden spor salonu: Ümraniye Belediye Spor Tesisleri açıldı").status == "counted"  # type: ignore[union-attr]


def test_title_before_summary_and_no_other_place_than_the_rule_says() -> None:
    both = RULE.match("Ümraniye Belediyesi", "Ümraniye Belediyesi")
    assert both and both.place == "title"
    below = RULE.match("Park açıldı", "Ümraniye Belediyesi açtı")
    assert below and below.place == "summary"
    assert RULE.match("Park açıldı", "", "Ümraniye Belediyesi açtı") is None
    assert replace(RULE, look_in=("title",)).match("Park açıldı", "Ümraniye Belediyesi açtı") is None
    inside = replace(RULE, look_in=("title", "summary", "body")).match("Park açıldı", "", "Ümraniye Belediyesi açtı")
    assert inside and inside.place == "body"


def test_another_institution_is_three_names() -> None:
    rule = replace(RULE, institution="Örnek Belediyesi", place="", head="Ayşe Yılmaz")
    for title in ("Örnek Belediyesi'nden", "ÖRNEK BELEDİYESİ", "ornek belediyesince", "Başkan Ayşe Yılmaz’dan"):
        assert rule.match(title).status == "counted"  # type: ignore[union-attr]
    for title in (
        "Örnek’te kaza",
        "örnek belediyecilik anlayışı",
        "Başkan Yılmaz transfer için",
        "Örnekspor",
        "Ümraniye Belediyesi",
    ):
        assert rule.match(title) is None
    assert rule.match("Örnek Belediyesi Şehir Stadı’nda gol").status == "excluded"  # type: ignore[union-attr]
    university = Rule("Örnek Üniversitesi")
    assert university.match("ÖRNEK ÜNİVERSİTESİ’NDE şenlik") is not None
    assert university.match("Örnek Belediyesi") is None


def test_further_terms_are_words_or_patterns() -> None:
    rule = Rule(
        "Örnek Belediyesi",
        counts=({"words": "Kent Konseyi"}, {"pattern": "mavi masa\\b"}),
        excludes=({"words": "{institution} Korosu"},),
    )
    assert rule.match("Kent Konseyi'nde toplantı").term == "Kent Konseyi"  # type: ignore[union-attr]
    assert rule.match("MAVİ MASA hizmete girdi").status == "counted"  # type: ignore[union-attr]
    assert rule.match("Örnek Belediyesi Korosu’ndan konser").status == "excluded"  # type: ignore[union-attr]


def test_the_version_is_of_the_meaning(tmp_path: Path) -> None:
    text = SHIPPED.read_text(encoding="utf-8")
    same, other = tmp_path / "same.toml", tmp_path / "other.toml"
    same.write_text("# an office's own remark\n" + text, encoding="utf-8")
    other.write_text(text.replace('head = "İsmet Yıldırım"', 'head = "Hasan Can"'), encoding="utf-8")
    assert Rule.load(same).version == RULE.version
    assert Rule.load(other).version != RULE.version
    assert re.fullmatch(r"[0-9a-f]{12}", RULE.version)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("institution = ", "Invalid value"),
        ('place = "x"', "needs institution"),
        ('institution = "X"\nlook_in = ["foot"]', "look_in"),
        ('institution = "X"\ncount = []', "count is no part"),
        ('institution = "X"\n[[counts]]\npattern = "("', "pattern"),
        ('institution = "X"\n[[counts]]\nwort = "x"', "pattern"),
    ],
)
def test_a_file_that_is_no_rule_is_named(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "news.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(MecraError, match=words) as caught:
        Rule.load(path)
    assert str(path) in str(caught.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(MecraError, match=r"none\.toml"):
        Rule.of(tmp_path / "none.toml")
    assert Rule.of(None).version == RULE.version
    assert Rule.of(RULE) is RULE


# -- folding


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(alphabet="abcçdefgğhıijklmnoöprsştuüvyzABCÇDEFGĞHIİJKLMNOÖPRSŞTUÜVYZâîû'’ ", max_size=60))
def test_capitals_and_decomposition_make_no_difference(text: str) -> None:
    upper = text.replace("i", "İ").replace("ı", "I").upper()
    assert fold(upper) == fold(text) == fold(unicodedata.normalize("NFD", text))
    assert fold(text).isascii()


@needs_recordings
def test_special_casing_of_turkish() -> None:
    """Whatever Unicode maps to each other under tr, folds to the same."""
    rows = (Path(RECORDINGS or "") / "turkish" / "SpecialCasing.txt").read_text(encoding="utf-8").splitlines()
    pairs = 0
    for row in rows:
        fields = [field.strip() for field in row.partition("#")[0].split(";")]
        if len(fields) < 5 or not fields[4].startswith("tr"):
            continue
        code, lower, _, upper = ("".join(chr(int(point, 16)) for point in field.split()) for field in fields[:4])
        assert fold(code) == fold(lower) or lower == ""
        assert fold(code) == fold(upper) or upper == ""
        pairs += 1
    assert pairs >= 4


@needs_recordings
def test_words_with_i_fold_alike_in_both_cases() -> None:
    words = (Path(RECORDINGS or "") / "turkish" / "hunspell_tr_i_words.txt").read_text(encoding="utf-8").split()
    assert len(words) > 500
    for word in words:
        assert fold(word.replace("i", "İ").replace("ı", "I").upper()) == fold(word)


@needs_recordings
def test_every_apostrophe_form_of_a_name_is_found() -> None:
    forms = (Path(RECORDINGS or "") / "turkish" / "hunspell_tr_apostrophe_forms.txt").read_text(encoding="utf-8").split()
    missed = [form for form in forms if not re.search(START + words_pattern(re.split("['’]", form)[0]) + END, fold(form))]
    assert missed == []


@needs_recordings
def test_the_suffixes_of_a_treebank_are_found() -> None:
    """Of the proper nouns with apostrophe in UD BOUN each is found; without one, nineteen of twenty."""
    with (Path(RECORDINGS or "") / "turkish" / "ud_boun_dev_tokens.tsv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file, delimiter="\t") if row["upos"] == "PROPN" and row["case"]]
    found = {True: [0, 0], False: [0, 0]}
    for row in rows:
        name = re.split("['’]", row["form"])[0] if "'" in row["form"] or "’" in row["form"] else row["lemma"]
        if not fold(row["form"]).startswith(fold(name)):
            continue
        hit = re.search(START + words_pattern(name) + END, fold(row["form"])) is not None
        tally = found["'" in fold(row["form"])]
        tally[0] += hit
        tally[1] += 1
    assert found[True][0] == found[True][1] > 100
    assert found[False][0] >= 0.95 * found[False][1] > 100


@given(st.text(alphabet=st.one_of(st.characters(codec="cp1254"), st.characters()), max_size=40))
def test_folding_by_code_page_is_folding(text: str) -> None:
    assert fold(text) == " ".join(_folded(text).split())


def test_every_sign_of_the_code_page_folds_as_it_should() -> None:
    for sign in (bytes([code]).decode("cp1254", "replace") for code in range(256)):
        assert fold(f"a{sign}b") == " ".join(_folded(f"a{sign}b").split())
