"""Which encoding the bytes of a text are in, when no mark says it.

Each candidate decodes a sample, and the one whose reading is the most plausible writing of some
language is taken. Where little speaks for either, that is Windows-1252.
"""

from __future__ import annotations

import codecs
import re

from aigc_studio.library.texts.languages import (
    ARABIC,
    CENTRAL,
    CYRILLIC,
    EVERY_LETTER,
    GREEK,
    HANGUL,
    HEBREW,
    KANA,
    KANJI,
    SIMPLIFIED,
    THAI,
    TRADITIONAL,
    TURKISH,
    WESTERN,
)  # fmt: skip
from aigc_studio.library.texts.plausibility import Candidate, cost

_sample_bytes = 16_384
_sense = 12.0
"""Bits for a character of UTF-16: nearly any bytes are some rare signs of it, which cost more."""
_around = 2048
_escaped = (
    (re.compile(rb"\x1b\$[@B]"), "iso2022_jp"),
    (re.compile(rb"\x1b\$\)C"), "iso2022_kr"),
    (re.compile(rb"~\{(?:[!-w][!-~])+~\}"), "hz"),
)
"""How mails and news of old said in ASCII what is none."""
_high_byte = re.compile(rb"[\x80-\xff]")

# Where two do equally well, the earlier one is taken.
_candidates = (
    Candidate("utf-8", "UTF-8", "any"),
    Candidate("gb18030", "GB18030", "wide", 4, usual=SIMPLIFIED, common=range(0xB0, 0xD8)),
    Candidate("cp932", "Shift-JIS", "wide", 5, usual=KANA + KANJI, common=range(0x88, 0x98)),
    # What Windows calls so: with € and 裏, which the standard has not.
    Candidate("cp950", "Big5", "wide", 6, usual=TRADITIONAL, common=range(0xA4, 0xC7)),
    Candidate("cp949", "EUC-KR", "wide", 6, usual=HANGUL, common=range(0xB0, 0xC9)),
    # With ① and ㈱, which no standard of that time has and many files have.
    Candidate("euc_jis_2004", "EUC-JP", "wide", 7, usual=KANA + KANJI, common=range(0xB0, 0xD0)),
    Candidate("gb18030", "GB18030", "wide", 7, usual=TRADITIONAL, common=range(0xB0, 0xD8)),
    Candidate("big5hkscs", "Big5-HKSCS", "wide", 7, usual=TRADITIONAL, common=range(0xA4, 0xC7)),
    Candidate("cp1252", "Windows-1252", "latin", 0, WESTERN),
    Candidate("cp1254", "Windows-1254", "latin", 3, TURKISH),
    Candidate("cp1250", "Windows-1250", "latin", 3, CENTRAL),
    Candidate("iso8859-2", "ISO-8859-2", "latin", 4, CENTRAL),
    Candidate("cp1251", "Windows-1251", "script", 3, CYRILLIC),
    Candidate("koi8-u", "KOI8-R", "script", 5, CYRILLIC),
    Candidate("cp866", "CP866", "script", 6, CYRILLIC),
    Candidate("iso8859-5", "ISO-8859-5", "script", 7, CYRILLIC),
    Candidate("cp1253", "Windows-1253", "script", 5, GREEK),
    Candidate("cp1255", "Windows-1255", "script", 5, HEBREW),
    Candidate("cp1256", "Windows-1256", "script", 5, ARABIC),
    Candidate("cp874", "Windows-874", "script", 5, THAI),
    Candidate("cp850", "CP850", "latin", 8, WESTERN),
    Candidate("mac_roman", "Mac Roman", "latin", 8, WESTERN),
    Candidate("utf-16-le", "UTF-16", "any", 12),
    Candidate("utf-16-be", "UTF-16", "any", 12),
)

TITLES = tuple(dict.fromkeys(each.title for each in _candidates))
"""The encodings that a person may choose from, as they are usually written."""


def known_encoding(name: str) -> str | None:
    """Python's name for an encoding that a person named; None when it is no encoding of text."""
    for each in _candidates:
        if name.casefold() == each.title.casefold() and each.title != "UTF-16":
            return each.encoding
    try:
        found = codecs.lookup(name)
    except (LookupError, ValueError):
        return None
    return found.name if getattr(found, "_is_text_encoding", True) else None


def title_of(encoding: str) -> str:
    """What people call an encoding (`cp932` is Shift-JIS)."""
    titles = (each.title for each in _candidates if each.encoding == encoding)
    return next(titles, encoding.replace("_", "-").upper()).removesuffix("-LE").removesuffix("-BE")


def guess_encoding(data: bytes) -> str:
    """Python's name of the encoding that makes most sense of bytes that begin with no mark."""
    if data[:_sample_bytes].isascii():
        for mark, encoding in _escaped:
            if mark.search(data, 0, _sample_bytes) and _decodes(data, encoding):
                return encoding
    is_utf8 = _decodes(data, "utf-8", "surrogatepass")
    # Few stray NULs are not a sign of wide units; NULs in every other place are.
    wide = _wide_units(data, 0.5 if is_utf8 else 0.1)
    if wide or is_utf8:
        return wide or "utf-8"
    head = data[:_sample_bytes]
    units = len(head) // 2
    narrow = b"\n" in head and b"\0" not in head
    # Of UTF-16 the lines cannot be cut out as bytes.
    may_be_wide = len(data) % 2 == 0 and not narrow
    sample = head if may_be_wide else _sample(data)
    best, least = "cp1252", float("inf")
    for each in _candidates:
        if each.title == "UTF-16" and not may_be_wide:
            continue
        bits = cost(sample, each)
        if bits < least - 1e-9 and (each.title != "UTF-16" or bits < _sense * units):
            best, least = each.encoding, bits
    return best


def _wide_units(data: bytes, least: float) -> str:
    """UTF-32, or UTF-16 that shows by control bytes in a share of `least` of every second place;
    else empty."""
    head = data[:_sample_bytes]
    if not head:
        return ""
    if len(data) % 4 == 0 and head.count(0) * 3 >= len(head):
        for encoding in ("utf-32-le", "utf-32-be"):
            if _decodes(data, encoding):
                return encoding
    first, second = head[::2], head[1::2]
    low = bytes((*range(9), *range(14, 27), *range(28, 32)))
    counts = [len(half) - len(half.translate(None, low)) for half in (first, second)]
    units = len(second)
    if max(counts) < max(2, units * least) or min(counts) * 2 > max(counts):
        return ""
    read = {each: head[: units * 2].decode(each, "replace") for each in ("utf-16-le", "utf-16-be")}
    best = max(read, key=lambda each: _readable(read[each]))
    return best if _readable(read[best]) * 2 > units else ""


def _readable(text: str) -> int:
    """How many characters are usual in some writing, or ASCII."""
    return sum(each in EVERY_LETTER or " " <= each <= "~" or each == "\n" for each in text)


def _decodes(data: bytes, encoding: str, errors: str = "strict") -> bool:
    try:
        data.decode(encoding, errors)
    except UnicodeError:
        return False
    return True


def _sample(data: bytes) -> bytes:
    """Some of the lines that have more than ASCII in them, or the surroundings of such bytes."""
    found, size, place = [], 0, 0
    while size < _sample_bytes and (high := _high_byte.search(data, place)):
        at = high.start()
        begin = max(place, at - _around, data.rfind(b"\n", place, at) + 1)
        end = data.find(b"\n", at, at + _around) + 1
        place = end or at + _around
        found.append(data[begin:place])
        size += len(found[-1])
    return b"".join(found)[:_sample_bytes]
