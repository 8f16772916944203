"""Any text file a person has, as `Text`: in UTF-8 or whatever encoding it is in."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from aigc_studio.api import StudioError
from aigc_studio.library.texts import encodings
from aigc_studio.library.whole_files import read_whole
from aigc_studio.translation import _, enumerated, ngettext

SUFFIXES = (
    ".txt", ".md", ".csv", ".tsv", ".jsonl", ".text", ".markdown", ".rst", ".org", ".tex", ".srt",
    ".vtt", ".log", ".py", ".js", ".ts", ".java", ".c", ".h", ".cpp", ".cs", ".go", ".rs", ".rb",
    ".sql",
)  # fmt: skip
"""Tables and what people write, code as well; the usual ones first."""
MOST_BYTES = 64 * 1024 * 1024
"""Larger text files are refused."""

_marks = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DOCUMENTS = (b"PK\3\4", b"\xd0\xcf\x11\xe0", b"%PDF-", b"{\\rtf")
"""How those begin that word processors and spreadsheets write, whatever their names say."""
OTHER_KINDS = (
    b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\0\0\1\0", b"\x7fELF", b"MZ\x90\0", b"\x1f\x8b",
    b"7z\xbc\xaf", b"\xfd7zXZ", b"Rar!\x1a\7", b"ID3\2", b"ID3\3", b"ID3\4", b"OggS\0", b"fLaC",
    b"MThd\0", b"wOF2", b"SQLite format 3\0", *_DOCUMENTS,
)  # fmt: skip
"""How files begin that are no text, whatever their bytes decode to."""
_odd_line_ends = str.maketrans({"\v": "\n", "\x85": "\n", "\u2028": "\n", "\u2029": "\n\n"})
"""Those of word processors and mainframes: within a table or a line of JSON they end nothing."""
_replaced = "\ufffd"
_mark = "\ufeff"
CONTROL = re.compile(r"[\x01-\x08\x0e-\x1a\x1c-\x1f\x7f]")
"""Control characters that no text needs."""
LINES_NAMED = 5
"""Of lines with something odd so many are named."""
_own_front_matter = re.compile(r"\A---\nai_generated: true\n(?:[^\n]*\n){0,8}?---\n\n?")
"""What an export as Markdown says of itself: none of it was written by anybody."""
_closing = "\"'”’」』）)\\]"
_short_forms = "".join(
    rf"(?<!\b{each})"
    for each in (r"Mr\.", r"Mrs\.", r"Dr\.", r"St\.", r"[A-HJ-Z]\.", r"e\.g\.", r"i\.e\.")
)
_empty_lines = re.compile(r"\n(?:[ \t]*+\n)++")
_spaceless_line_end = re.compile(r"(?<=[\u3000-\u9fff\uff00-\uffef])\s*\n\s*")
_wide_space = re.compile(r"\s*\n\s*|[ \t]{2,}")
_any_end = re.compile(r"[.!?…。！？]")
_sentence_end = re.compile(
    rf"(?<=[.!?…]){_short_forms}\s+|(?<=[.!?…][{_closing}])\s+"
    rf"|(?<=[。！？])(?![。！？!?…{_closing}])|(?<=[。！？][{_closing}])(?![{_closing}])"
)


def read_text(
    source: Path | bytes, name: str = "", encoding: str = "", remarks: list[str] | None = None
) -> str:
    """Read a text file or its bytes; line ends become `\\n`.

    The encoding is found out when none is named. What was guessed or could not be read becomes a
    sentence in `remarks`; bad places in the text become U+FFFD. Raises `StudioError` that names the
    file when it is not text, not in the encoding named, or over 64 MB.
    """
    name = name or (source.name if isinstance(source, Path) else _("(text)"))
    told = [] if remarks is None else remarks
    if isinstance(source, Path):
        too_large = _("The text file {name} is over {size} MB: cut it into parts first.")
        source = read_whole(source, name, MOST_BYTES, too_large)
    if encoding:
        text, bad = _decoded(source, *_chosen(source, encoding))
        refusal = _("The file {name} cannot be read as {encoding}: choose another encoding.")
    else:
        text, bad = _found_out(source, told)
        refusal = _("The file {name} is not text that can be read: save it as UTF-8 first.")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _without_end_marks(_without_byte_order_marks(text, told), told)
    refuse_document(source, name)
    if source.startswith(OTHER_KINDS) or looks_binary(text, bad):
        raise StudioError(refusal.format(name=name, encoding=encoding))
    text = _with_places_named(text, bad, told)
    return _own_front_matter.sub("", text, count=1) if name.lower().endswith(".md") else text


def refuse_document(head: bytes, name: str) -> None:
    """Raise `StudioError` for what begins as documents do that were given the name of a text."""
    if not head.startswith(_DOCUMENTS):
        return
    if name.lower().endswith((".csv", ".tsv")):
        sentence = _("{name} is a workbook, whatever its name says: save it as CSV first.")
    else:
        sentence = _("{name} is a document with a layout: save it as plain text (.txt) first.")
    raise StudioError(sentence.format(name=name))


def begins_as_text(head: bytes) -> bool:
    """Whether the first bytes of a file (none: of an empty one) are those of a text."""
    text, bad = _found_out(head, [])
    return not head.startswith(OTHER_KINDS) and not looks_binary(text, bad)


def _found_out(data: bytes, remarks: list[str]) -> tuple[str, int]:
    encoding, start = found_encoding(data, data, False, "", remarks)
    return _decoded(data, encoding, start)


def found_encoding(
    head: bytes, sample: bytes, is_utf8: bool, name: str, remarks: list[str]
) -> tuple[str, int]:
    """The codec of a text and how many bytes its mark takes: by its `head`, or else the one that a
    person named or that makes most sense of the `sample`. A guess is told in `remarks`."""
    if name:
        return _chosen(head, name)
    for mark, encoding in _marks:
        if head.startswith(mark):
            return encoding, len(mark)
    encoding = encodings.guess_encoding(sample)
    if is_utf8 and not encoding.startswith("utf-") and not sample.isascii():  # cut in a character
        encoding = "utf-8"
    if encoding != "utf-8":
        remarks.append(
            _("It is not UTF-8 and was read as {encoding}: choose another if that is wrong.")
            .format(encoding=encodings.title_of(encoding))
        )  # fmt: skip
    return encoding, 0


def _chosen(data: bytes, name: str) -> tuple[str, int]:
    """The codec that a person named, and how many bytes its mark takes."""
    encoding = encodings.known_encoding(name)
    if encoding is None:
        raise StudioError(
            _("There is no encoding {name}: write one such as UTF-8 or Shift-JIS.").format(
                name=name
            )
        )
    family = encoding.replace("_", "-").removesuffix("-sig")
    for mark, marked in _marks:
        if data.startswith(mark) and marked.startswith(family):
            return marked, len(mark)
    # Python would take the machine's own order where no mark says it; files are nearly all -LE.
    return (f"{family}-le" if family in ("utf-16", "utf-32") else encoding), 0


def _decoded(data: bytes, encoding: str, start: int = 0) -> tuple[str, int]:
    """The text, and how many places in it are replaced."""
    data = data[start:]
    try:
        return data.decode(encoding), 0
    except UnicodeError:
        text = _with_pairs(data) if encoding == "utf-8" else ""
        text = text or data.decode(encoding, "replace")
    # Some files hold the character itself, of an earlier accident.
    own = data.count(_replaced.encode()) if encoding == "utf-8" else 0
    return text, text.count(_replaced) - own


def _with_pairs(data: bytes) -> str:
    """UTF-8 as some databases write it, with the two halves of 😀 by themselves; else empty."""
    try:
        halves = data.decode("utf-8", "surrogatepass")
    except UnicodeError:
        return ""
    return halves.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _without_byte_order_marks(text: str, remarks: list[str]) -> str:
    """Without the marks that files had at their beginning before they were put together."""
    count = text.count(_mark)
    if count:
        remarks.append(told_marks(count))
    return text.replace(_mark, "")


def told_marks(count: int) -> str:
    """A sentence on byte order marks."""
    return ngettext(
        "{count} byte order mark within the text was left out.",
        "{count} byte order marks within the text were left out.",
        count,
    ).format(count=f"{count:,}")


def _without_end_marks(text: str, remarks: list[str]) -> str:
    """Without the Ctrl-Z and the NULs that old systems and broken disks leave at the end."""
    kept = text.rstrip("\x1a\0")
    if len(kept) < len(text):
        remarks.append(told_end_marks(len(text) - len(kept)))
    return kept


def told_end_marks(count: int) -> str:
    """A sentence on what old systems put behind a text."""
    return ngettext(
        "{count} end mark (Ctrl-Z or NUL) after the text was left out.",
        "{count} end marks (Ctrl-Z or NUL) after the text were left out.",
        count,
    ).format(count=count)


def looks_binary(text: str, bad: int = 0) -> bool:
    """Whether so much of it is odd, or one of its `bad` places, that it is no text."""
    odd = text.count("\0") + len(CONTROL.findall(text)) + text.count("\ufffe")
    return odd > max(2, len(text) // 20) or bad > max(1, len(text) // 3) or bad == len(text) > 0


def _with_places_named(text: str, bad: int, remarks: list[str]) -> str:
    if "\0" in text:
        bad += text.count("\0")
        text = text.replace("\0", _replaced)
    if bad > 0:
        remarks.append(told_bad(bad, _lines_with(text, _replaced)))
    odd = CONTROL.search(text)
    if odd:
        remarks.append(told_controls(len(CONTROL.findall(text)), _lines_with(text, odd[0])))
    return text


def told_bad(count: int, lines: Sequence[int]) -> str:
    """A sentence on places that could not be read, and the first lines that have them."""
    sentence = ngettext(
        "{count} place could not be read and became �: line {lines}.",
        "{count} places could not be read and became �: line {lines}.",
        count,
    )
    return sentence.format(count=f"{count:,}", lines=_listed(lines))


def told_controls(count: int, lines: Sequence[int]) -> str:
    """A sentence on control characters, and the first lines that have them."""
    sentence = ngettext(
        "{count} control character was kept: line {lines}.",
        "{count} control characters were kept: line {lines}.",
        count,
    )
    return sentence.format(count=f"{count:,}", lines=_listed(lines))


def _listed(lines: Sequence[int]) -> str:
    """`2, 5, 9 …`."""
    numbers = enumerated(map(str, lines[:LINES_NAMED]))
    return f"{numbers} …" if len(lines) > LINES_NAMED else numbers


def _lines_with(text: str, character: str) -> list[int]:
    """The numbers of the first lines with a character, and one more than is named."""
    found: list[int] = []
    place, line, before = text.find(character), 1, 0
    while place >= 0 and len(found) <= LINES_NAMED:
        line += text.count("\n", before, place)
        found.append(line)
        before = text.find("\n", place)
        if before < 0:
            break
        place = text.find(character, before)
    return found


def with_line_ends(text: str) -> str:
    """The text with `\\n` for each sign that ends a line or a paragraph."""
    odd = any(chr(each) in text for each in _odd_line_ends)
    return text.translate(_odd_line_ends) if odd else text


def split_text(text: str, by: str) -> list[str]:
    """The pieces of a text that are not blank: by `sentences`, `lines`, `paragraphs` or `whole`.

    Sentences end at . ! ? … and 。！？ with the quotation marks behind them, and at empty lines;
    a line end inside a sentence becomes a space (none between Chinese characters).
    """
    text = text if by == "whole" else with_line_ends(text)
    if by == "whole":
        pieces = [text.strip()]
    elif by == "lines":
        pieces = [line.strip() for line in text.split("\n")]
    else:
        pieces = [part.strip() for part in _empty_lines.split(text)]
        if by == "sentences":
            pieces = [piece for part in pieces for piece in _sentences(part)]
    return [piece for piece in pieces if piece]


def _sentences(paragraph: str) -> Iterator[str]:
    # Each look for something that is not there costs as much as ten for a character.
    joined = paragraph
    if "\n" in joined:
        joined = _spaceless_line_end.sub("", joined)
    if "\n" in joined or "  " in joined or "\t" in joined:
        joined = _wide_space.sub(" ", joined)
    if not _any_end.search(joined):
        yield joined.strip()
        return
    for piece in _sentence_end.split(joined):
        if piece and piece.strip():
            yield piece.strip()
