"""Any text file a person has, as `Text`: UTF-8, UTF-16, UTF-32, GB18030 or Windows-1252."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

from aigc_studio.api import StudioError
from aigc_studio.library.whole_files import read_whole
from aigc_studio.translation import _

SUFFIXES = (".txt", ".md", ".csv")
MOST_BYTES = 64 * 1024 * 1024
"""Larger text files are refused."""

_marks = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_text_columns = ("text", "sentence", "content", "line", "正文", "文本", "内容", "句子")
_label_columns = ("label", "class", "category", "标签", "类别", "分类")
_closing = "\"'”’」』）)\\]"
_short_forms = "".join(
    rf"(?<!\b{each})"
    for each in (r"Mr\.", r"Mrs\.", r"Dr\.", r"St\.", r"[A-HJ-Z]\.", r"e\.g\.", r"i\.e\.")
)
_sentence_end = re.compile(
    rf"(?<=[.!?…]){_short_forms}\s+|(?<=[.!?…][{_closing}])\s+"
    rf"|(?<=[。！？])(?![。！？!?…{_closing}])|(?<=[。！？][{_closing}])(?![{_closing}])"
)


def read_text(source: Path | bytes, name: str = "") -> str:
    """Read a text file or its bytes; the encoding is found out, line ends become `\\n`.

    Raises `StudioError` that names the file when it is not text, or over 64 MB.
    """
    name = name or (source.name if isinstance(source, Path) else _("(text)"))
    if isinstance(source, Path):
        too_large = _("The text file {name} is over {size} MB: cut it in parts first.")
        source = read_whole(source, name, MOST_BYTES, too_large)
    text = _decode(source)
    if text is None or _looks_binary(text):
        raise StudioError(
            _("The file {name} is not text that can be read: save it as UTF-8 first.").format(
                name=name
            )
        )
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _decode(data: bytes) -> str | None:
    for mark, encoding in _marks:
        if data.startswith(mark):
            return _strictly(data[len(mark) :], encoding)
    if b"\0" in data[:4096]:
        return _strictly(data, _utf16_without_mark(data[:4096]))
    text = _strictly(data, "utf-8")
    if text is not None:
        return text
    # In GB18030 bytes of 0x80 and more nearly always stand in pairs, in Latin writing alone.
    high = sum(map(len, re.findall(rb"[\x80-\xff]+", data)))
    paired = sum(map(len, re.findall(rb"[\x81-\xfe]{2,}", data)))
    order = ("gb18030", "cp1252") if paired >= 0.6 * high else ("cp1252", "gb18030")
    return next((text for each in order if (text := _strictly(data, each)) is not None), None)


def _utf16_without_mark(data: bytes) -> str:
    return "utf-16-le" if data[1::2].count(0) > data[::2].count(0) else "utf-16-be"


def _strictly(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeError:
        return None


def _looks_binary(text: str) -> bool:
    return any(each < " " and each not in "\t\n\r\f\v\x1b" for each in text) or "\ufffe" in text


def split_text(text: str, by: str) -> list[str]:
    """The pieces of a text that are not blank: by `sentences`, `lines`, `paragraphs` or `whole`.

    Sentences end at . ! ? … and 。！？ with the quotation marks behind them, and at empty lines;
    a line end inside a sentence becomes a space (none between Chinese characters).
    """
    if by == "whole":
        pieces = [text.strip()]
    elif by == "lines":
        pieces = [line.strip() for line in text.split("\n")]
    else:
        pieces = [part.strip() for part in re.split(r"\n[ \t]*\n", text)]
        if by == "sentences":
            pieces = [piece for part in pieces for piece in _sentences(part)]
    return [piece for piece in pieces if piece]


def _sentences(paragraph: str) -> Iterator[str]:
    joined = re.sub(r"(?<=[\u3000-\u9fff\uff00-\uffef])\s*\n\s*", "", paragraph)
    joined = re.sub(r"\s*\n\s*|[ \t]{2,}", " ", joined)
    for piece in _sentence_end.split(joined):
        if piece and piece.strip():
            yield piece.strip()


def csv_rows(text: str, name: str) -> Iterator[tuple[str, str]]:
    """The (text, label) of each row of a CSV or TSV table.

    With a head line that names them, the columns called text and label; otherwise every row's
    longest cell and no label. Raises `StudioError` for a table that cannot be read.
    """
    try:
        dialect: type[csv.Dialect] = csv.Sniffer().sniff(text[:8192], ",;\t")
    except csv.Error:
        dialect = csv.excel
    try:
        rows = [row for row in csv.reader(io.StringIO(text), dialect) if any(row)]
    except csv.Error as error:
        raise StudioError(
            _("The table {name} cannot be read ({reason}): save it as CSV again.").format(
                name=name, reason=error
            )
        ) from None
    head = [cell.strip().lower() for cell in rows[0]] if rows else []
    text_at = next((head.index(each) for each in _text_columns if each in head), None)
    label_at = next((head.index(each) for each in _label_columns if each in head), None)
    for row in rows if text_at is None else rows[1:]:
        if text_at is None:
            yield max(row, key=len).strip(), ""
        elif text_at < len(row):
            label = row[label_at].strip() if label_at is not None and label_at < len(row) else ""
            yield row[text_at].strip(), label
