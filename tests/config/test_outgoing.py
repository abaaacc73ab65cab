"""What is written under [reports] and [mail] holds; what can't hold is named with file, key, value and cure."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from config import EXAMPLE, ConfigError, Settings, load
from config.outgoing import ATTACHED, FORMATS, Mail, Reporting

MAIL = '[mail]\nhost = "posta.kurum.bel.tr"\nfrom = "mecra@kurum.bel.tr"\nto = ["basin@kurum.bel.tr"]\n'


def written(directory: Path, text: str) -> Settings:
    path = directory / "mecra.toml"
    path.write_text(f"{text}\n[news]\nfeeds = false\n", encoding="utf-8")
    return load(path, {})


def test_nothing_written_writes_reports_and_mails_nothing(tmp_path: Path) -> None:
    for text in ("", "[reports]\n[mail]"):
        found = written(tmp_path, text)
        assert (found.reporting, found.mail, found.reports) == (Reporting(), None, tmp_path / "reports")
    assert written(tmp_path, 'language = "en"').reporting.languages == ("en",)


def test_the_example_says_what_holds_without_it(tmp_path: Path) -> None:
    shown = re.sub(r"(?m)^# (?=[a-z_]+ = |\[)", "", EXAMPLE.read_text(encoding="utf-8"))
    for name in ("news.toml", "feeds.toml"):
        (tmp_path / name).write_bytes((EXAMPLE.parent / name).read_bytes())
    (tmp_path / "mecra.toml").write_text(shown, encoding="utf-8")
    found = load(tmp_path / "mecra.toml", {})
    holidays = frozenset({date(2028, 2, 26), date(2028, 2, 27), date(2028, 2, 28)})
    assert found.reporting == Reporting(directory=tmp_path / "reports", holidays=holidays)
    assert found.mail == Mail(
        "posta.kurum.bel.tr",
        "mecra@kurum.bel.tr",
        ("basin@kurum.bel.tr", "strateji@kurum.bel.tr"),
        user="mecra",
        ca=tmp_path / "kurum-ca.pem",
    )


def test_what_is_written_holds(tmp_path: Path) -> None:
    text = """[reports]
formats = ["csv", "docx"]
languages = ["en", "tr"]
directory = "/srv/raporlar"
on = "sealed"
half_year_due = "07-15"
year_due = "01-31"
[mail]
host = "::1"
security = "tls"
from = "mecra@kurum.bel.tr"
to = ["basin@kurum.bel.tr", "Basin@kurum.bel.tr", "a+b@x.org"]
attach = []
seconds = 5
"""
    found = written(tmp_path, text)
    assert found.reporting == Reporting(
        ("docx", "csv"), ("tr", "en"), Path("/srv/raporlar"), "sealed", frozenset(), (7, 15), (1, 31)
    )
    assert found.mail == Mail("::1", "mecra@kurum.bel.tr", ("basin@kurum.bel.tr", "a+b@x.org"), 465, "tls", attach=(), seconds=5.0)
    assert set(ATTACHED) < set(FORMATS)


@pytest.mark.parametrize(("security", "port"), [("starttls", 587), ("tls", 465), ("none", 25)])
def test_each_way_to_connect_has_its_port(tmp_path: Path, security: str, port: int) -> None:
    found = written(tmp_path, f'{MAIL}security = "{security}"').mail
    assert found and (found.security, found.port) == (security, port)


WRONG = {
    "reports = 1": r"reports must be a table",
    "[reports]\nformat = ['pdf']": "reports.format is not a setting; there are directory, formats",
    "[reports]\nformats = 'pdf'": "reports.formats = 'pdf'; write a list",
    "[reports]\nformats = []": r'reports.formats = \[\]; write some of \["docx", "xlsx", "pdf", "csv"\]',
    "[reports]\nformats = ['odt']": r"reports.formats = \['odt'\]; write some of",
    "[reports]\nformats = [['pdf']]": "reports.formats",
    "[reports]\nlanguages = ['de']": r'write some of \["tr", "en"\]',
    "[reports]\ndirectory = 5": "reports.directory = 5",
    "[reports]\non = true": "reports.on = True; write one of final, sealed, never",
    "[reports]\nholidays = ['2028-02-26']": "write days",
    "[reports]\nholidays = [2028-02-26T10:00:00]": "write days",
    "[reports]\nhalf_year_due = '31.07'": "reports.half_year_due = '31.07'; write month and day",
    "[reports]\nyear_due = '02-30'": "reports.year_due = '02-30'; write month and day",
    "[reports]\nyear_due = 2026-02-28": "reports.year_due",
    "mail = 'x'": "mail must be a table",
    "[mail]\nport = 25": r'mail.host is missing; write host = "posta.kurum.bel.tr"',
    "[mail]\nhost = 'a'\nto = ['a@b']": r'mail.from is missing; write from = "mecra@kurum.bel.tr"',
    "[mail]\nhost = 'a'\nfrom = 'a@b'": r'mail.to is missing; write to = \["basin@kurum.bel.tr"\]',
    MAIL + "password = 's3cret-word'": "mail.password is not a setting",
    MAIL.replace("posta.kurum", "posta kurum"): "mail.host = 'posta kurum.bel.tr'; write the server's name",
    MAIL.replace("posta", "-oX"): "mail.host",
    MAIL.replace("posta", "pösta"): "mail.host",
    MAIL.replace('"posta.kurum.bel.tr"', '"a\\r\\nb"'): "mail.host",
    MAIL.replace("mecra@", "Mecra <mecra@"): "mail.from = .*; write an address like basin@kurum.bel.tr, without a name",
    MAIL.replace("mecra@", "şube@"): "mail.from = 'şube@kurum.bel.tr'; write an address .* in ASCII letters",
    MAIL.replace("mecra@kurum", "mecra@kurum.bel.tr\\nBcc: x@y"): "mail.from",
    MAIL.replace('["basin@kurum.bel.tr"]', '"basin@kurum.bel.tr"'): "mail.to = 'basin@kurum.bel.tr'; write a list",
    MAIL.replace('["basin@kurum.bel.tr"]', "[]"): "mail.to has 0 addresses; write 1 to 50",
    MAIL.replace('["basin@kurum.bel.tr"]', "[5]"): "mail.to = 5; write text",
    MAIL.replace("basin@", "basin@kurum.bel.tr, x@"): "mail.to",
    MAIL.replace("basin@kurum.bel.tr", "basin"): "mail.to = 'basin'",
    MAIL.replace("basin@kurum.bel.tr", "basin@kurum.bel.tr>"): "mail.to",
    MAIL + "port = 0": "mail.port = 0; write a port",
    MAIL + "port = '25'": "mail.port = '25'; write a whole number",
    MAIL + "security = 'ssl'": "mail.security = 'ssl'; write one of starttls, tls, none",
    MAIL + "security = 'none'\nuser = 'm'": "would send the password of mail.user readable to posta.kurum.bel.tr",
    MAIL + "user = \"a\\nb\"": "mail.user",
    MAIL + "ca = true": "mail.ca = True",
    MAIL + "attach = ['csv']": r'mail.attach = \[\'csv\'\]; write some of \["docx", "xlsx", "pdf"\]',
    MAIL + "seconds = 0": "mail.seconds = 0; write seconds, more than 0 and at most 60",
    MAIL + "seconds = true": "mail.seconds = True",
    MAIL + "seconds = nan": "mail.seconds = nan",
}  # fmt: skip


@pytest.mark.parametrize("text", WRONG)
def test_what_is_wrong_is_named_with_its_cure(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigError, match=WRONG[text]) as caught:
        written(tmp_path, text)
    assert str(tmp_path / "mecra.toml") in str(caught.value) and "s3cret" not in str(caught.value)


def test_a_password_without_encryption_may_go_to_this_machine_only(tmp_path: Path) -> None:
    text = MAIL.replace("posta.kurum.bel.tr", "localhost", 1)
    found = written(tmp_path, f'{text}security = "none"\nuser = "m"').mail
    assert found and found.host == "localhost" and found.user == "m"
