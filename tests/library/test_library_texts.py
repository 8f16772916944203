"""Texts in any usual encoding read the same; cut into sentences in both scripts."""

from pathlib import Path

import pytest

from aigc_studio.api import StudioError, Text
from aigc_studio.library.drafts import read_drafts
from aigc_studio.library.options import ImportOptions
from aigc_studio.library.readers import read_artifact
from aigc_studio.library.sources import Source
from aigc_studio.library.texts.forms import Head, find_form
from aigc_studio.library.texts.long_texts import open_long
from aigc_studio.library.texts.previews import preview
from aigc_studio.library.texts.reading import begins_as_text, read_text, split_text
from aigc_studio.library.texts.subtitles import without_times
from aigc_studio.library.texts.tables import csv_rows

CHINESE = "春眠不觉晓，处处闻啼鸟。\n夜来风雨声，花落知多少？"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "gb18030"]
)
@pytest.mark.parametrize("text", [CHINESE, "Plain\nlines", "“naïve” — 是"])
def test_every_encoding_reads_the_same(text: str, encoding: str) -> None:
    if encoding in ("utf-16-le", "utf-16-be") and text == CHINESE:
        text = f"abc {text}"
    assert read_text(text.encode(encoding)) == text


def test_latin_writing_of_old_windows() -> None:
    assert read_text("L'été à la plage, états".encode("cp1252")) == "L'été à la plage, états"


def test_line_ends_become_one_kind() -> None:
    assert read_text(b"a\r\nb\rc\n") == "a\nb\nc\n"


@pytest.mark.parametrize("data", [bytes(range(256)), b"\x89PNG\r\n\x1a\n\0\0", b"\xff\xfe\x00\xd8"])
def test_what_is_no_text_is_refused(data: bytes) -> None:
    with pytest.raises(StudioError, match=r"x\.txt is not text"):
        read_text(data, "x.txt")


def test_an_empty_text_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "空 文.txt"
    path.write_text(" \n")
    with pytest.raises(StudioError, match=r"空 文\.txt is empty"):
        read_artifact(path)
    path.write_text("x")
    assert read_artifact(path) == Text("x")


def test_sentences() -> None:
    assert split_text("One. Two?! “Three.” Four\nfive.\n\nSix 3.5", "sentences") == [
        "One.", "Two?!", "“Three.”", "Four five.", "Six 3.5",
    ]  # fmt: skip
    assert split_text("Mr. A. Bee met Dr. Cee. So did I. Yes.", "sentences") == [
        "Mr. A. Bee met Dr. Cee.", "So did I.", "Yes.",
    ]  # fmt: skip
    assert split_text("他说：“你好。”然后走了。真的！！\n是吗？", "sentences") == [
        "他说：“你好。”", "然后走了。", "真的！！", "是吗？",
    ]  # fmt: skip


def test_lines_paragraphs_whole() -> None:
    text = "a\nb\n\nc\n"
    assert split_text(text, "lines") == ["a", "b", "c"]
    assert split_text(text, "paragraphs") == ["a\nb", "c"]
    assert split_text(text, "whole") == ["a\nb\n\nc"]


def test_a_table_gives_text_and_label() -> None:
    table = 'id,label,text\n1,x,"a, b"\n2,,c\n'
    assert list(csv_rows(table, "t.csv")) == [("a, b", "x"), ("c", "")]
    assert list(csv_rows("1;long one\n2;other one\n", "t.csv")) == [
        ("long one", ""), ("other one", ""),
    ]  # fmt: skip


def test_signs_that_end_lines_elsewhere_end_them_here() -> None:
    text = "one two.\u2028three\x85four\u2029five\vsix"
    assert split_text(text, "lines") == ["one two.", "three", "four", "five", "six"]
    assert split_text(text, "paragraphs") == ["one two.\nthree\nfour", "five\nsix"]
    assert split_text(text, "sentences") == ["one two.", "three four", "five six"]
    assert split_text(text, "whole") == [text]
    assert read_text(text.encode()) == text


def test_lines_that_end_so_are_found_to_be_examples() -> None:
    names = [f"Name {each}" for each in "ABCDEFGHIJ"]
    assert find_form([Head("\u2028".join(names), 99)]) == "lines"


@pytest.mark.parametrize(
    "head", [b"{\\rtf1\\ansi Hello}", b"%PDF-2.0\n1 0 obj", b"PK\3\4\x14", b"\xd0\xcf\x11\xe0\xa1"]
)
def test_a_document_that_is_called_a_text_is_told_to_be_one(head: bytes, tmp_path: Path) -> None:
    with pytest.raises(StudioError, match=r"^a\.txt is a document with a layout: save it as plain"):
        read_text(head, "a.txt")
    with pytest.raises(StudioError, match=r"^a\.csv is a workbook, whatever its name says"):
        read_text(head, "a.csv")
    long = tmp_path / "long.txt"
    long.write_bytes(head + b" and more" * 1_000)
    with pytest.raises(StudioError, match=r"^long\.txt is a document"):
        list(open_long(long, "long.txt"))
    assert not begins_as_text(head)


@pytest.mark.parametrize(
    "head", [b"SQLite format 3\0", b"MZ\x90\0\3\0\0\0", b"ID3\4\0\0", b"\0\0\1\0\1\0ll"]
)
def test_other_kinds_are_no_texts_however_they_go_on(head: bytes) -> None:
    with pytest.raises(StudioError, match=r"x\.txt is not text"):
        read_text(head + b"plain words " * 99, "x.txt")


_srt = (
    "1\n00:00:01,000 --> 00:00:02,500\nHello <i>there</i>.\n{\\an8}How are you?\n\n"
    "2\n00:00:03,000 --> 00:00:04,000 X1:40 X2:600\n- 5 < 6 <b>you</b>\n- 1984\n\n\n"
    "3\n00:00:05,000 --> 00:00:06,000\n"
)
_vtt = (
    "WEBVTT - a film\nKind: captions\n\nNOTE nobody says\nthis\n\nSTYLE\n::cue {color: red}\n\n"
    "intro\n00:01.000 --> 00:02.000 align:start\n<v Anna>Hello <c.loud>there</c>.\nHow are you?\n\n"
    "00:03.000 --> 00:04.000\n- 5 < 6 you\n- 19<00:03.500>84\n"
)


@pytest.mark.parametrize(("name", "text"), [("A.SRT", _srt), ("a.vtt", _vtt)])
def test_of_subtitles_what_is_said_is_learnt(name: str, text: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(text.replace("\n", "\r\n").encode("utf-8-sig"))
    said = "Hello there.\nHow are you?\n- 5 < 6 you\n- 1984"
    remarks: list[str] = []
    source = Source(path, name)
    (draft,) = read_drafts(source, "text", ImportOptions(split_text="whole"), remarks)
    assert draft.artifact == Text(said)
    count = 3 if name == "A.SRT" else 2
    assert remarks == [f"{count} subtitles were read without their numbers and times."]
    seen = preview(path, name, ImportOptions(split_text="lines"))
    assert list(seen.examples) == said.split("\n")
    assert read_artifact(path) == Text(text)  # on the board it is the whole file


def test_cues_without_an_empty_line_between_them_are_parted(tmp_path: Path) -> None:
    path, times = tmp_path / "a.srt", "00:00:01,000 --> 00:00:02,000"
    path.write_text(f"1\n{times}\nHello.\n2\n{times}\nIn 1984\n1985\n3\n{times}\nBye.\n")
    remarks: list[str] = []
    source = Source(path, "a.srt")
    (draft,) = read_drafts(source, "text", ImportOptions(split_text="whole"), remarks)
    assert draft.artifact == Text("Hello.\nIn 1984\n1985\nBye.")
    assert remarks == ["3 subtitles were read without their numbers and times."]


@pytest.mark.parametrize("odd", [" " * 200_000, "\t" * 200_000, "1 " * 100_000, "1:" * 100_000])
def test_a_line_that_looks_for_long_like_a_time_takes_no_longer_than_another(odd: str) -> None:
    """Of blanks each was tried as the first: ten minutes, and nobody else had Python meanwhile."""
    times = "00:00:01,000 --> 00:00:02,000"
    text = f"1\n  {times}\nHello.\n{odd}x\n2\n{times}{odd}\nBye.\n"
    assert without_times(text, "a.srt").split("\n") == ["Hello.", f"{odd}x".strip(), "Bye.", ""]


def test_what_is_only_called_subtitles_is_read_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "a.srt"
    path.write_text("1\nNo time --> at all.\n")
    (draft,) = read_drafts(Source(path, "a.srt"), "text", ImportOptions(split_text="whole"))
    assert draft.artifact == Text("1\nNo time --> at all.")
