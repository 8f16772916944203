"""Texts too long to be held in memory: looked through once, then read block by block.

What `reading` says of a text as a whole (its encoding, bad places, marks, control characters) is
counted on the way.
"""

from __future__ import annotations

import codecs
import hashlib
import io
import re
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from aigc_studio.api import Progress, StudioError
from aigc_studio.files import open_plain
from aigc_studio.library.texts import reading
from aigc_studio.translation import _

LONG_BYTES = 4 << 20
"""Files of more bytes are read block by block."""
FIRST_LOOK = 0.3
"""The part of the time that looking through takes, before it is read."""
_block = 1 << 20
_samples = 16
_sample_bytes = 32_768
_nul = re.compile("\0")
_nul_or_replaced = re.compile("[\0\ufffd]")


class Block(NamedTuple):
    """A part of a text, and how many bytes of the file were read when it came."""

    text: str
    read: int


@dataclass
class LongText:
    """A text file as it was found by `open_long`: its size in bytes, and the digest of them."""

    path: Path
    name: str
    encoding: str
    start: int
    size: int
    digest: bytes
    strict: bool
    remarks: list[str]

    def blocks(self) -> Iterator[Block]:
        """The text, block by block; line ends are `\\n`. Sentences on what could not be read are
        among the `remarks` at the end. Raises `StudioError` when it turns out to be no text."""
        counts = _Counts(_nul if self.strict else _nul_or_replaced)
        errors = "strict" if self.strict else "replace"
        try:
            with open_plain(self.path) as file:
                file.seek(self.start)
                text = io.TextIOWrapper(file, encoding=self.encoding, errors=errors)
                ended = ""  # what a text may end with, and may not have within
                while block := text.read(_block):
                    block = ended + block
                    kept = block.rstrip("\x1a\0")
                    ended = block[len(kept) :]
                    yield Block(counts.cleaned(kept), file.tell())
                    if counts.binary():
                        raise _no_text(self.name)
        except (OSError, UnicodeError) as error:
            sentence = _("The file {name} cannot be read: {reason}.")
            reason = getattr(error, "strerror", None) or _("it has changed meanwhile")
            raise StudioError(sentence.format(name=self.name, reason=reason)) from error
        self.remarks += counts.told(len(ended))


def open_long(path: Path, name: str, encoding: str = "") -> Generator[Progress, None, LongText]:
    """Look through a text file and find out its encoding, unless one is named.

    Yields Progress in bytes; what was guessed is in the remarks of the text that it returns. Raises
    `StudioError` that names the file when it cannot be read or is not text.
    """
    try:
        with open_plain(path) as file:
            size = path.stat().st_size
            head = file.read(_sample_bytes)
            file.seek(0)
            digest, is_utf8 = yield from _looked_through(file, size, name)
            sample = _sample(file, size)
    except FileNotFoundError:
        raise StudioError(_("The file {name} is not there.").format(name=name)) from None
    except OSError as error:
        sentence = _("The file {name} cannot be read: {reason}.")
        raise StudioError(sentence.format(name=name, reason=error.strerror or error)) from None
    remarks: list[str] = []
    found, start = reading.found_encoding(head, sample, is_utf8, encoding, remarks)
    reading.refuse_document(head, name)
    if head.startswith(reading.OTHER_KINDS) or reading.looks_binary(head.decode(found, "ignore")):
        raise _no_text(name, encoding)
    strict = is_utf8 and found == "utf-8"
    return LongText(path, name, found, start, size, digest, strict, remarks)


def _looked_through(
    file: io.BufferedReader, size: int, name: str
) -> Generator[Progress, None, tuple[bytes, bool]]:
    """The digest of a file, and whether all of it is UTF-8."""
    digest, decoder, is_utf8 = hashlib.sha256(), codecs.getincrementaldecoder("utf-8")(), True
    while data := file.read(_block):
        digest.update(data)
        if is_utf8:
            try:
                decoder.decode(data)
            except UnicodeError:
                is_utf8 = False
        yield Progress(round(FIRST_LOOK * file.tell()), size, name)
    if is_utf8:
        try:
            decoder.decode(b"", final=True)
        except UnicodeError:
            is_utf8 = False
    return digest.digest(), is_utf8


def _sample(file: io.BufferedReader, size: int) -> bytes:
    """Whole lines from places all over the file, so many bytes that an encoding can be told."""
    parts = []
    for number in range(_samples):
        file.seek(number * size // _samples // 4 * 4)
        part = file.read(_sample_bytes)
        begin = part.find(b"\n") + 1 if number else 0
        parts.append(part[begin : part.rfind(b"\n") + 1 or len(part)])
    return b"".join(parts)


def _no_text(name: str, encoding: str = "") -> StudioError:
    if encoding:
        sentence = _("The file {name} cannot be read as {encoding}: choose another encoding.")
    else:
        sentence = _("The file {name} is not text that can be read: save it as UTF-8 first.")
    return StudioError(sentence.format(name=name, encoding=encoding))


@dataclass
class _Counts:
    """What was odd in the blocks that were read, and the first lines that have it."""

    unreadable: re.Pattern[str]
    characters: int = 0
    line: int = 1
    bad: int = 0
    controls: int = 0
    marks: int = 0
    bad_lines: list[int] = field(default_factory=list)
    control_lines: list[int] = field(default_factory=list)

    def cleaned(self, text: str) -> str:
        """A block without what no text has, counted."""
        if "\ufeff" in text:
            self.marks += text.count("\ufeff")
            text = text.replace("\ufeff", "")
        self.bad += self._note(text, self.unreadable, self.bad_lines)
        self.controls += self._note(text, reading.CONTROL, self.control_lines)
        self.characters += len(text)
        self.line += text.count("\n")
        return text.replace("\0", "\ufffd") if "\0" in text else text

    def _note(self, text: str, kind: re.Pattern[str], lines: list[int]) -> int:
        count, place, line = 0, 0, self.line
        for found in kind.finditer(text):
            count += 1
            if len(lines) <= reading.LINES_NAMED:
                line += text.count("\n", place, found.start())
                place = found.start()
                if line not in lines:
                    lines.append(line)
        return count

    def binary(self) -> bool:
        """Whether so much of it is odd that it can be no text."""
        return self.bad + self.controls > max(2, self.characters // 3)

    def told(self, end_marks: int) -> Iterator[str]:
        """Sentences on what was odd."""
        if self.marks:
            yield reading.told_marks(self.marks)
        if end_marks:
            yield reading.told_end_marks(end_marks)
        if self.bad:
            yield reading.told_bad(self.bad, self.bad_lines)
        if self.controls:
            yield reading.told_controls(self.controls, self.control_lines)
