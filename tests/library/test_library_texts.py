"""Texts in any usual encoding read the same; cut into sentences in both scripts."""

from pathlib import Path

import pytest

from aigc_studio.api import StudioError, Text
from aigc_studio.library.readers import read_artifact
from aigc_studio.library.texts.reading import read_text, split_text
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
