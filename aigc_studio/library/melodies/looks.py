"""What a tune's file looks like before it is read, and what to say where it cannot be."""

from __future__ import annotations

import re
from pathlib import Path

from aigc_studio.translation import _

SUFFIXES = (".mid", ".midi", ".kar", ".rmi", ".abc", ".musicxml", ".mxl", ".melody.json")
_abc_begins = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*(?:%[^\n\r]*[\n\r]\s*)*X:\s*\d")


def damage(data: bytes, name: str) -> str:
    """What to say of bytes that should have been a tune: as what they were read, and what to do."""
    if looks_like_json(data) or name.lower().endswith(".json"):
        sentence = _("The tune {name} is damaged, or no tune of the studio's: export it again.")
    elif looks_like_xml(data) or name.lower().endswith((".musicxml", ".mxl")):
        sentence = _("The tune {name} is damaged or not MusicXML: export it again.")
    else:
        sentence = _("The tune {name} is damaged or not a MIDI file: export it again.")
    return sentence.format(name=name)


def looks_like_json(data: bytes) -> bool:
    """Whether bytes begin as the studio's own tunes do."""
    return data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{"


def looks_like_abc(source: Path | bytes, name: str = "") -> bool:
    """Whether it is a text in ABC: by its name, or bytes by how they begin."""
    name = source.name if isinstance(source, Path) else name
    if name.lower().endswith(SUFFIXES) or isinstance(source, Path):
        return name.lower().endswith(".abc")
    return _abc_begins.match(source[:4096]) is not None


def looks_like_xml(data: bytes) -> bool:
    """Whether bytes begin as MusicXML does, packed or not."""
    begin = data[:512].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    return begin.startswith((b"PK\3\4", b"<?xml", b"<score-", b"<!DOCTYPE score"))
