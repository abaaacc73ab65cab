"""Files of figures: what is understood in them, and what is refused by row and column with what would be right."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from collectors.exports.archived import exchanges, read
from collectors.exports.load import load
from collectors.exports.said import Figures, Told
from collectors.exports.who import Accounts
from collectors.sheets.workbook import FileError
from config.exports import words
from model import IMPORT, Account, MecraError
from tests.collectors.news.spreadsheets import sheet, text
from tests.conftest import ISTANBUL

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
TIKTOK = Account("tiktok:ornek", "tiktok", "ornek")
X = Account("x:ornekbelediye", "x", "ornekbelediye", label="Örnek Belediyesi")
FACEBOOK = Account("facebook:ornekbelediye", "facebook", "ornekbelediye", remote_id="1055")
INSTAGRAM = Account("instagram:ornekbelediye", "instagram", "ornekbelediye")
KNOWN = Accounts((X, FACEBOOK, INSTAGRAM))
HEAD = ("Hesap", "Tarih", "Gösterge", "Değer")
GOOD = ("tiktok:ornek", "30.06.2026", "Takipçi", "11.617")
EDGE = datetime(2026, 6, 30, 20, 59, tzinfo=UTC)
Write = Callable[[Path], object]


def taken(
    path: Path, *, mapping: dict[str, str] | None = None, account: Account | None = None, at: datetime | None = None
) -> Figures:
    return load(path, words(), KNOWN, NOW, ISTANBUL, told=Told(account, at), mapping=mapping)


def plain(figures: Figures) -> list[tuple[Any, ...]]:
    """(account, metric, value, instant, post, day) of every figure."""
    return [
        (said.account.account, said.reading.metric, said.reading.value, said.at, said.reading.post, said.reading.day)
        for said in figures.figures
    ]


# -- one figure, however it is written

FOLLOWERS = ("tiktok:ornek", "followers", 11617, EDGE, None, None)


def _other_sheet(workbook: Any) -> None:
    workbook.create_sheet("Açıklama").append(["Bu dosya aylık rapordur", "Hazırlayan: Basın"])


UNDERSTOOD: dict[str, Write] = {
    "long.xlsx": lambda p: sheet(p, HEAD, GOOD),
    "wide.xlsx": lambda p: sheet(p, ("Hesap", "Tarih", "Takipçi Sayısı"), (*GOOD[:2], 11617)),
    "english-long.csv": lambda p: text(
        p, ("account", "date", "metric", "value"), ("tiktok:ornek", "2026-06-30", "followers", "11617")
    ),
    "english-wide.csv": lambda p: text(p, ("Account", "Day", "Followers"), ("tiktok:ornek", "30.06.2026", "11.617"), delimiter=","),
    "platform-and-name.csv": lambda p: text(p, ("Platform", *HEAD), ("TikTok", "@ornek", *GOOD[1:])),
    "capital-key.csv": lambda p: text(p, HEAD, ("TikTok:@ornek", *GOOD[1:])),
    "title-above.xlsx": lambda p: sheet(p, ["Sosyal medya rakamları"], [], HEAD, GOOD),
    "other-order.csv": lambda p: text(p, HEAD[::-1], GOOD[::-1]),
    "month-name.csv": lambda p: text(p, HEAD, (GOOD[0], "30 Haziran 2026", *GOOD[2:])),
    "month-in-capitals.csv": lambda p: text(p, HEAD, (GOOD[0], "30 HAZİRAN 2026 SALI", *GOOD[2:])),
    "real-date.xlsx": lambda p: sheet(p, HEAD, (GOOD[0], date(2026, 6, 30), GOOD[2], 11617)),
    "serial-date.csv": lambda p: text(p, HEAD, (GOOD[0], "46203", *GOOD[2:])),
    "thousands-as-float.xlsx": lambda p: sheet(p, HEAD, (*GOOD[:3], 11.617)),
    "whole-float.xlsx": lambda p: sheet(p, HEAD, (*GOOD[:3], 11617.0)),
    "nbsp.csv": lambda p: text(p, HEAD, (*GOOD[:3], "11\u00a0617")),
    "nbsp-head.csv": lambda p: text(p, ("Hesap", "Tarih\u00a0", "Gösterge", " Değer"), GOOD),
    "cp1254.csv": lambda p: text(p, HEAD, GOOD, encoding="cp1254"),
    "utf-16.csv": lambda p: text(p, HEAD, GOOD, encoding="utf-16", delimiter="\t"),
    "bom-comma.csv": lambda p: text(p, HEAD, GOOD, encoding="utf-8-sig", delimiter=","),
    "sep-line.csv": lambda p: p.write_text("sep=;\n" + ";".join(HEAD) + "\n" + ";".join(GOOD), encoding="utf-8"),
    "empty-cells.csv": lambda p: text(p, ("Hesap", "Tarih", "Takipçi", "Görüntülenme"), (*GOOD[:2], "11.617", "-")),
    "total-below.csv": lambda p: text(p, HEAD, GOOD, ("Toplam", "", "", "11.617")),
    "head-again.csv": lambda p: text(p, HEAD, GOOD, HEAD),
    "twice-the-same.csv": lambda p: text(p, HEAD, GOOD, GOOD),
    "another-sheet.xlsx": lambda p: sheet(p, HEAD, GOOD, edit=_other_sheet),
    "plus-sign.csv": lambda p: text(p, HEAD, (*GOOD[:3], "+11.617")),
}


@pytest.mark.parametrize("name", UNDERSTOOD)
def test_files_that_are_understood(tmp_path: Path, name: str) -> None:
    UNDERSTOOD[name](tmp_path / name)
    found = taken(tmp_path / name)
    assert found.errors == () and plain(found) == [FOLLOWERS]
    assert found.size == (tmp_path / name).stat().st_size and len(found.sha256) == 64


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("total-below.csv", "total-below.csv, row 3: a total"),
        ("head-again.csv", "head-again.csv, row 3: the head again"),
        ("twice-the-same.csv", "row 3: followers is the same as in row 2, counted once"),
        ("another-sheet.xlsx", "sheet 'Açıklama' holds no figures"),
    ],
)
def test_what_was_passed_over_is_said(tmp_path: Path, name: str, says: str) -> None:
    UNDERSTOOD[name](tmp_path / name)
    assert says in taken(tmp_path / name).notes


def test_a_day_a_post_and_an_hour_each_mean_what_they_are(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    head = ("Hesap", "Tarih", "Takipçi", "Görüntülenme", "Gönderi", "Yayın tarihi", "Tür", "Metin")
    account, post = ("tiktok:ornek", "01.03.2026", "500", "1.200"), ("tiktok:ornek", "02.03.2026 14:30", "", "90")
    text(
        path,
        head,
        (*account, "", "", "", ""),
        (*post, "https://www.tiktok.com/@ornek/video/74", "01.03.2026 10:00", "Video", "Park"),
    )
    found = taken(path)
    noon = datetime(2026, 3, 2, 11, 30, tzinfo=UTC)
    end = datetime(2026, 3, 1, 20, 59, tzinfo=UTC)
    assert plain(found) == [
        ("tiktok:ornek", "followers", 500, end, None, None),
        ("tiktok:ornek", "views", 1200, end, None, date(2026, 3, 1)),
        ("tiktok:ornek", "views", 90, noon, "74", None),
    ]
    [listed] = found.posts
    assert (listed.post.post, listed.post.kind, listed.post.published_at) == ("74", "video", datetime(2026, 3, 1, 7, tzinfo=UTC))
    assert (listed.post.text, listed.post.url) == ("Park", "https://www.tiktok.com/@ornek/video/74")


@pytest.mark.parametrize(("written", "value"), [("12,3 B", 12300), ("1,2 Mn", 1200000), ("12,3 bin", 12300), ("1.2K", 1200)])
def test_rounded_figures_say_that_they_are(tmp_path: Path, written: str, value: int) -> None:
    text(tmp_path / "a.csv", HEAD, (*GOOD[:3], written))
    [said] = taken(tmp_path / "a.csv").figures
    assert (said.reading.value, said.reading.exact) == (value, False)


def test_what_no_column_says_whoever_hands_it_in_may_say(tmp_path: Path) -> None:
    text(tmp_path / "a.csv", ("Takipçi", "Beğenme yüzdesi"), ("11.617", "%4"))
    with pytest.raises(FileError, match=r"no row names its columns"):
        taken(tmp_path / "a.csv")
    text(tmp_path / "a.csv", ("Takipçi", "Sayfa beğenisi"), ("11.617", "90"))
    with pytest.raises(FileError, match=r"no column for the account in row 1 .* -> say whose figures they are: --account"):
        taken(tmp_path / "a.csv")
    with pytest.raises(FileError, match=r"no column for the day in row 1 .* -> say when they were read: --at"):
        taken(tmp_path / "a.csv", account=TIKTOK)
    assert plain(taken(tmp_path / "a.csv", account=TIKTOK, at=EDGE))[0] == FOLLOWERS


def test_a_column_can_be_named(tmp_path: Path) -> None:
    text(tmp_path / "a.csv", ("Kimin", "Ne zaman", "Primary"), ("tiktok:ornek", "01.03.2026", "70"))
    found = taken(tmp_path / "a.csv", mapping={"account": "Kimin", "at": "Ne zaman", "views": "Primary"})
    assert [(said.reading.metric, said.reading.value) for said in found.figures] == [("views", 70)]
    with pytest.raises(FileError, match=r"no column 'Secondary' in row 1 -> its columns are Kimin, Ne zaman, Primary"):
        taken(tmp_path / "a.csv", mapping={"account": "Kimin", "at": "Ne zaman", "views": "Secondary"})
    with pytest.raises(FileError, match="'colour' is no field -> map one of account, platform"):
        taken(tmp_path / "a.csv", mapping={"colour": "Kimin"})


# -- cells that are wrong: nothing of the file is imported


def _row(**changes: str) -> tuple[str, ...]:
    named = dict(zip(("account", "at", "metric", "value"), GOOD, strict=True)) | changes
    return tuple(named.values())


def _formula(path: Path) -> None:
    sheet(path, HEAD, (*GOOD[:3], "=11600+17"))


WRONG: dict[str, tuple[Write, str]] = {
    "percent-after.csv": (lambda p: text(p, HEAD, _row(value="95%")), r"row 2, column D \(Değer\): a share, no count: '95%' -> write the number itself"),
    "percent-before.csv": (lambda p: text(p, HEAD, _row(value="%95")), r"row 2, column D \(Değer\): a share, no count: '%95'"),
    "negative-level.csv": (lambda p: text(p, HEAD, _row(value="-5")), r"column D \(Değer\): less than 0: '-5' -> this figure can't be negative"),
    "negative-counter.csv": (
        lambda p: text(p, ("Hesap", "Tarih", "Gönderi", "Beğeni"), ("tiktok:ornek", "30.06.2026", "74", "-5")),
        r"column D \(Beğeni\): less than 0: '-5'",
    ),
    "decimal.csv": (lambda p: text(p, HEAD, _row(value="11,5")), r"column D \(Değer\): no whole number: '11,5' -> write it as 11617 or 11.617"),
    "english-thousands.csv": (lambda p: text(p, HEAD, _row(value="11,617")), "no whole number: '11,617'"),
    "words.csv": (lambda p: text(p, HEAD, _row(value="yaklaşık 500")), "no number: 'yaklaşık 500'"),
    "true.xlsx": (lambda p: sheet(p, HEAD, (*GOOD[:3], True)), "no number: 'True'"),
    "a-date-as-value.xlsx": (lambda p: sheet(p, HEAD, (*GOOD[:3], date(2026, 6, 30))), "no number: '2026-06-30"),
    "huge.csv": (lambda p: text(p, HEAD, _row(value="99999999999999999999")), "too large to be true"),
    "formula.xlsx": (_formula, r"column D \(Değer\): a formula without its result: '' -> open the file in Excel, save it"),
    "formula-text.csv": (lambda p: text(p, HEAD, _row(value="=A1+B1")), "a formula: '=A1\\+B1' -> write its result in its place"),
    "future-day.csv": (lambda p: text(p, HEAD, _row(at="24.11.2026")), r"column B \(Tarih\): the day lies in the future: '24.11.2026'"),
    "future-hour.csv": (lambda p: text(p, HEAD, _row(at="23.11.2026 14:30")), "the hour lies in the future: '23.11.2026 14:30'"),
    "today.csv": (lambda p: text(p, HEAD, _row(at="23.11.2026")), "the day is not over: .* -> write the hour too"),
    "no-day.csv": (lambda p: text(p, HEAD, _row(at="geçen salı")), r"column B \(Tarih\): no day: 'geçen salı' -> write it as 23.11.2026"),
    "empty-day.csv": (lambda p: text(p, HEAD, _row(at="")), r"column B \(Tarih\): no day: '' -> say when it was read"),
    "month-only.csv": (lambda p: text(p, HEAD, _row(at="Haziran 2026")), "no day: 'Haziran 2026'"),
    "no-account.csv": (lambda p: text(p, HEAD, _row(account="")), r"column A \(Hesap\): no account: '' -> say whose figure it is"),
    "unknown-platform.csv": (lambda p: text(p, HEAD, _row(account="myspace:ornek")), "no platform: 'myspace:ornek' -> write one of x, facebook"),
    "bare-name.csv": (lambda p: text(p, HEAD, _row(account="ornek")), "no account that is known: 'ornek' -> write its key, e.g. tiktok:"),
    "not-in-settings.csv": (lambda p: text(p, HEAD, _row(account="x:baska")), r"no account of the settings: 'x:baska' -> add it to mecra.toml"),
    "two-of-that-name.csv": (lambda p: text(p, HEAD, _row(account="ornekbelediye")), r"several accounts \(facebook:ornekbelediye, instagram"),
    "unknown-figure.csv": (lambda p: text(p, HEAD, _row(metric="Mutluluk")), r"column C \(Gösterge\): no figure that is known: 'Mutluluk' -> write one of the words"),
    "two-values.csv": (
        lambda p: text(p, HEAD, GOOD, _row(value="11.618")),
        "row 3, column followers: 11618 here and 11617 in row 2, for the same time: '11618' -> delete the wrong row",
    ),
    "flow-with-an-hour.csv": (lambda p: text(p, HEAD, _row(metric="Görüntülenme", at="30.06.2026 14:30")), "views of an account belongs to a whole day"),
    "level-of-a-post.csv": (
        lambda p: text(p, ("Hesap", "Tarih", "Gönderi", "Takipçi"), ("tiktok:ornek", "30.06.2026", "74", "500")),
        "followers is no figure of a single post",
    ),
    "figure-of-posts.csv": (lambda p: text(p, HEAD, _row(metric="Profil tıklaması")), "profile_clicks is a figure of single posts -> give|profile_clicks is a figure of single posts: "),
    "published-after.csv": (
        lambda p: text(p, ("Hesap", "Tarih", "Gönderi", "Beğeni", "Yayın tarihi"), ("tiktok:ornek", "01.03.2026", "74", "5", "02.03.2026 10:00")),
        r"column E \(Yayın tarihi\): published after the figure was read",
    ),
    "rounded-id.csv": (
        lambda p: text(p, ("Hesap", "Tarih", "Gönderi", "Beğeni"), ("tiktok:ornek", "01.03.2026", "7,41235E+18", "5")),
        "an id that Excel has rounded: .* -> hand in the file as it was downloaded",
    ),
    "number-id.xlsx": (
        lambda p: sheet(p, ("Hesap", "Tarih", "Gönderi", "Beğeni"), ("tiktok:ornek", "01.03.2026", 7412345678901234567, 5)),
        "an id that Excel has rounded",
    ),
    "address-without-id.csv": (
        lambda p: text(p, ("Hesap", "Tarih", "Bağlantı", "Beğeni"), ("instagram:ornekbelediye", "01.03.2026", "https://www.instagram.com/p/DAb/", "5")),
        "an address, which does not tell the id there",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_cell_is_named_with_its_cure_and_nothing_is_imported(tmp_path: Path, name: str) -> None:
    write, says = WRONG[name]
    write(tmp_path / name)
    found = taken(tmp_path / name)
    assert len(found.errors) == 1
    assert str(found.errors[0]).startswith(f"{name}, row ")
    import re

    assert re.search(says, str(found.errors[0])), found.errors[0]
    with pytest.raises(MecraError, match=r"1 errors in all; nothing was imported"):
        exchanges(found)


REFUSED: dict[str, tuple[Write, str]] = {
    "empty.csv": (lambda p: p.write_bytes(b""), "it is empty"),
    "report.pdf": (lambda p: p.write_bytes(b"%PDF-1.7 ..."), "it is a document, not a table"),
    "page.xls": (lambda p: p.write_text("<html><table>"), "an HTML page under another name"),
    "no-head.csv": (lambda p: text(p, GOOD, GOOD), "no row names its columns -> the table needs a head such as Hesap, Tarih"),
    "no-figures-column.csv": (lambda p: text(p, HEAD[:2], GOOD[:2]), "no column for figures in row 1"),
    "metric-without-value.csv": (lambda p: text(p, HEAD[:3], GOOD[:3]), "no column for figures in row 1"),
    "no-day-column.csv": (lambda p: text(p, ("Hesap", *HEAD[2:]), (GOOD[0], *GOOD[2:])), "no column for the day in row 1"),
    "head-only.csv": (lambda p: text(p, HEAD), "no figure below the head"),
    "nothing-but-dashes.csv": (lambda p: text(p, ("Hesap", "Tarih", "Takipçi"), (*GOOD[:2], "-")), "no figure below the head"),
    "quotes.csv": (lambda p: p.write_text('Hesap;Tarih;Takipçi\n"tiktok:ornek;30.06.2026;5'), "its quotation marks don't pair"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_without_a_table_is_refused_whole(tmp_path: Path, name: str) -> None:
    write, says = REFUSED[name]
    write(tmp_path / name)
    with pytest.raises(FileError, match=says):
        taken(tmp_path / name)


def test_one_account_for_all_is_not_said_over_several(tmp_path: Path) -> None:
    text(tmp_path / "a.csv", HEAD, GOOD, ("x:ornekbelediye", *GOOD[1:]))
    with pytest.raises(FileError, match=r"it tells of several accounts \(tiktok:ornek, x:ornekbelediye\) -> leave --account out"):
        taken(tmp_path / "a.csv", account=TIKTOK)


# -- platforms' own exports


def rows(path: Path, head: str, *lines: str) -> Path:
    path.write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")
    return path


def told(figures: Figures) -> dict[str, int]:
    return {said.reading.metric: said.reading.value for said in figures.figures}


def test_posts_of_x(tmp_path: Path) -> None:
    head = "Post id,Date,Post text,Post Link,Impressions,Likes,Engagements,Bookmarks,Shares,New follows,Replies,Reposts,Profile visits,Detail Expands,URL Clicks,Hashtag Clicks,Permalink Clicks"
    path = rows(
        tmp_path / "a.csv", head,
        '1900000000000000000,"Wed, Mar 12, 2025",Park açıldı,https://x.com/ornekbelediye/status/1900000000000000000,"12,400",50,90,7,99,1,3,20,4,8,5,0,0',
        '1900000000000000001,"Wed, Mar 12, 2025",@vatandas Teşekkürler,https://x.com/o/status/1900000000000000001,10,0,0,0,0,0,0,0,0,0,0,0,0',
    )  # fmt: skip
    found = taken(path, account=X, at=EDGE)
    assert found.export == "X: posts" and found.errors == ()
    own = {said.reading.metric: said.reading.value for said in found.figures if said.reading.post == "1900000000000000000"}
    assert own == {
        "views": 12400,
        "likes": 50,
        "engagements": 90,
        "saves": 7,
        "comments": 3,
        "shares": 20,
        "profile_clicks": 4,
        "clicks": 5,
    }
    first, answer = (listed.post for listed in found.posts)
    assert (first.kind, first.published_at) == ("post", datetime(2025, 3, 13, 1, 44, 34, tzinfo=UTC)) and answer.kind == "reply"


def test_days_of_x(tmp_path: Path) -> None:
    head = "Date,Impressions,Likes,Engagements,Bookmarks,Shares,New follows,Unfollows,Replies,Reposts,Profile visits,Create Post,Video views,Media views"
    found = taken(rows(tmp_path / "a.csv", head, '"Tue, Mar 10, 2026",2871,-2,43,0,1,5,2,1,1,2,2,0,0'), account=X)
    assert told(found) == {
        "views": 2871, "likes": -2, "engagements": 43, "saves": 0, "follows": 5, "unfollows": 2, "comments": 1, "shares": 1, "profile_views": 2,
    }  # fmt: skip
    assert {said.reading.day for said in found.figures} == {date(2026, 3, 10)}


def test_facebook_content_finds_its_page_and_joins_ids(tmp_path: Path) -> None:
    head = "Post ID,Page ID,Page name,Title,Description,Duration (sec),Publish time,Permalink,Post type,Views,Reach,Reactions,Comments,Shares,Total clicks"
    path = rows(
        tmp_path / "a.csv",
        head,
        '122,1055,Örnek,Park,,0,03/27/2026 06:08,https://www.facebook.com/reel/1,Reels,"1,250",900,30,4,2,11',
    )
    found = taken(path, at=EDGE)
    assert told(found) == {"views": 1250, "reach": 900, "reactions": 30, "comments": 4, "shares": 2, "clicks": 11}
    [listed] = found.posts
    assert (listed.account, listed.post.post, listed.post.kind) == (FACEBOOK, "1055_122", "reel")
    assert listed.post.published_at == datetime(2026, 3, 27, 13, 8, tzinfo=UTC)


def test_instagram_content(tmp_path: Path) -> None:
    head = "Post ID,Account ID,Account username,Account name,Description,Duration (sec),Publish time,Permalink,Post type,Data comment,Date,Views,Reach,Likes,Shares,Follows,Comments,Saves"
    line = '1801,1784,ornekbelediye,Örnek,"Park, yeni",32,03/27/2026 06:08,https://www.instagram.com/reel/x/,IG reel,,Lifetime,"15,000",9800,410,120,14,20,55'
    found = taken(rows(tmp_path / "a.csv", head, line), at=EDGE)
    assert told(found) == {"views": 15000, "reach": 9800, "likes": 410, "shares": 120, "comments": 20, "saves": 55}
    assert [(one.account, one.post.post, one.post.kind, one.post.text) for one in found.posts] == [
        (INSTAGRAM, "1801", "reel", "Park, yeni")
    ]


def test_videos_of_youtube_have_a_day_and_no_hour(tmp_path: Path) -> None:
    head = "Content,Video title,Video publish time,Duration,Views,Watch time (hours),Subscribers,Likes,Comments added"
    channel = Account("youtube:ornek", "youtube", "ornek")
    path = rows(tmp_path / "a.csv", head, "Total,,,,2100,10.5,1,60,7", 'dQw4w9WgXcQ,Park,"Sep 20, 2026",45,100,0.5,1,10,2')
    found = taken(path, account=channel, at=datetime(2026, 10, 1, tzinfo=UTC))
    assert told(found) == {"views": 100, "likes": 10, "comments": 2} and found.posts == ()
    assert "a.csv, row 2: a total" in found.notes and any("1 posts have no hour of publication" in note for note in found.notes)


def test_tiktok(tmp_path: Path) -> None:
    daily = "Date,Video Views,Profile Views,Likes,Comments,Shares"
    found = taken(rows(tmp_path / "a.csv", daily, "2026-09-10,20000,300,900,50,70"), account=TIKTOK)
    assert told(found) == {"views": 20000, "profile_views": 300, "likes": 900, "comments": 50, "shares": 70}
    yearless = taken(rows(tmp_path / "a.csv", daily, "October 1,20000,300,900,50,70"), account=TIKTOK)
    assert "no day: 'October 1'" in str(yearless.errors[0])
    history = "Date,Followers,Difference in followers from previous day"
    [said] = taken(rows(tmp_path / "a.csv", history, "2026-06-30,11617,5"), account=TIKTOK).figures
    assert (said.reading.metric, said.reading.value, said.at, said.reading.day) == ("followers", 11617, EDGE, None)
    content = "Video title,Video link,Post time,Total likes,Total comments,Total shares,Total views"
    line = 'Park,https://www.tiktok.com/@ornek/video/7412345678901234567,2026-06-02 19:05:00,1.2K,48,31,"18,400"'
    found = taken(rows(tmp_path / "a.csv", content, line), account=TIKTOK, at=EDGE)
    assert told(found) == {"views": 18400, "likes": 1200, "comments": 48, "shares": 31}
    assert [said.reading.exact for said in found.figures if said.reading.metric == "likes"] == [False]
    assert found.posts[0].post.published_at == datetime(2026, 6, 2, 16, 5, tzinfo=UTC)


# -- the archive


def test_what_is_archived_is_read_again(tmp_path: Path) -> None:
    head = ("Hesap", "Tarih", "Takipçi", "Görüntülenme")
    lines: Sequence[Sequence[str]] = [("tiktok:ornek", "01.03.2026", "500", "90"), ("tiktok:ornek", "02.03.2026", "12,3 B", "")]
    text(tmp_path / "a.csv", head, *lines)
    found = taken(tmp_path / "a.csv")
    [(account, made)] = exchanges(found).items()
    assert account == "tiktok:ornek" and [(e.method, e.bucket) for e in made] == [(IMPORT, "import")] * 2
    assert made[0].url == f"file:a.csv?sha256={found.sha256}" and made[0].at < made[1].at
    again = [reading for exchange in made for reading in read(TIKTOK, exchange).readings]
    assert again == [said.reading for said in found.figures]
    assert exchanges(taken(tmp_path / "a.csv")) == exchanges(found)


def test_an_archived_row_that_can_not_be_read_is_a_fault() -> None:
    from collectors.base import Malformed
    from model import Exchange

    body = b'{"figures": [{"metric": "followers", "value": 5}, {"metric": "followers"}, 7], "posts": [{}]}'
    records = read(TIKTOK, Exchange(NOW, IMPORT, "file:a.csv", 200, body, 10))
    assert len(records.readings) == 1 and len(records.faults) == 3
    with pytest.raises(Malformed, match="hand the file in again"):
        read(TIKTOK, Exchange(NOW, IMPORT, "file:a.csv", 200, b"<html>", 10))
