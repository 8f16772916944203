"""A file of ABC cut into its tunes: the fields above each, and its lines of music."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

MOST_LINE = 100_000
"""Characters of a line; what is longer is cut."""
MOST_SHARED = 1_000
"""Fields above the first tune that all tunes of the file have: each has a copy of them."""
_field = re.compile(r"([A-Za-z+]):(.*)", re.DOTALL)
_comment = re.compile(r"(?<!\\)%.*", re.DOTALL)
# Behind a number it is a tempo: Q:1/4=200.
_quoted_printable = re.compile(r"(?<!\d)(?<!\d )=(?:3D|20(?![\d.])|0D)")
_broken_line = re.compile(r"=[ \t]*(?:\r\n|\r|\n)")
_music = re.compile(r"[\sA-Ga-gzxZX0-9,'/_^=\[\]|:(){}<>.~\-\"!+&`\\*$HLMOPSTuvky]+$")
_marks = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", '"': "\u0308", "c": "\u0327",
    "v": "\u030c", "u": "\u0306", "=": "\u0304", ".": "\u0307",
}  # fmt: skip
_accented = re.compile(r"\\([`'^~\"cvu=.])([A-Za-z])")
_coded = re.compile(r"\\u([0-9A-Fa-f]{4})")
_ligatures = {
    "\\ae": "æ", "\\AE": "Æ", "\\oe": "œ", "\\OE": "Œ", "\\ss": "ß", "\\/o": "ø", "\\/O": "Ø",
    "\\aa": "å", "\\AA": "Å",
}  # fmt: skip


@dataclass
class RawTune:
    """A tune as it stands there: `fields` above the music by letter, `directives` (`%%…`, `I:…`)
    by name; `lines` of music with the fields between them. `has_key` is false where it breaks off
    before its `K:`; `gaps` counts empty lines inside the music."""

    fields: dict[str, list[str]] = field(default_factory=dict)
    directives: dict[str, str] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    has_key: bool = False
    gaps: int = 0

    def first(self, letter: str) -> str:
        """What the first field with this letter says; empty where there is none."""
        return next(iter(self.fields.get(letter, ())), "")


def cut(text: str) -> Iterator[RawTune]:
    """The tunes of a file, in order. A tune begins with `X:`, or where that is missing with the
    first field behind an empty line; it ends at an empty line behind which no music follows."""
    shared, tune = RawTune(), RawTune()
    is_first = True
    for block in _blocks(_unquoted(text)):
        begins = block[0].startswith("X:")
        if begins or (_starts_tune(block) and (tune.has_key or not tune.fields)):
            if tune.has_key or tune.lines or (tune.fields and not is_first):
                yield tune
            tune = _with(shared, RawTune())
            is_first = False
            _take(block, tune)
        elif is_first and not tune.fields:
            told = sum(map(len, shared.fields.values()))
            above = [line for line in block if _is_field(line)]
            _take(above[: max(MOST_SHARED - told, 0)], shared)
        elif not tune.has_key:
            _take(block, tune)
        elif _is_music(block):
            tune.gaps += 1
            _take(block, tune)
    if tune.has_key or tune.lines or (tune.fields and not is_first):
        yield tune


def _unquoted(text: str) -> str:
    """The text without what mail programs put in (`=3D`, `=20`, lines that are broken behind `=`):
    many collections went through one."""
    if not _quoted_printable.search(text):
        return text
    text = _broken_line.sub("", text)
    return _quoted_printable.sub(lambda found: {"=3D": "=", "=0D": ""}.get(found[0], " "), text)


def _blocks(text: str) -> Iterator[list[str]]:
    """Runs of lines between empty ones; a new one begins at each `X:` as well."""
    block: list[str] = []
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    for whole in io.StringIO(text):  # a line at a time: the first tune of a book comes at once
        line = whole[:MOST_LINE].rstrip("\n")
        if not line.strip():
            if block:
                yield block
            block = []
            continue
        if line.startswith("X:") and block:
            yield block
            block = []
        block.append(line)
    if block:
        yield block


def _starts_tune(block: list[str]) -> bool:
    """Whether a block without `X:` is a tune all the same: it has a key, and music behind it."""
    keys = [at for at, line in enumerate(block) if line.startswith("K:")]
    return bool(keys) and _is_field(block[0]) and any(not _is_field(x) for x in block[keys[0] :])


def _is_field(line: str) -> bool:
    return len(line) > 1 and line[1] == ":" and line[0].isalpha() and line[0].isascii()


def _is_music(block: list[str]) -> bool:
    music = [line for line in block if not (_is_field(line) or line.startswith("%"))]
    return bool(music) and all("|" in x and _music.match(_comment.sub("", x)) for x in music)


def _with(shared: RawTune, tune: RawTune) -> RawTune:
    tune.fields = {letter: list(told) for letter, told in shared.fields.items()}
    tune.directives = dict(shared.directives)
    return tune


def _take(block: list[str], tune: RawTune) -> None:
    for line in block:
        if line.startswith("%%"):
            _directive(line[2:], tune)
            continue
        if line.startswith("%"):
            continue
        if not tune.has_key and _is_field(line):
            letter, told = line[0], line[2:]
            if letter == "I":
                _directive(told, tune)
            told = _comment.sub("", told).strip()
            tune.has_key = letter == "K"
            if letter in "KML":
                tune.fields[letter] = [told]  # what a tune says itself comes before the file's
            elif told:
                tune.fields.setdefault(letter, []).append(plain(told))
        elif tune.has_key:  # above the key only fields say anything
            tune.lines.append(line)


def _directive(told: str, tune: RawTune) -> None:
    words = told.strip().split(None, 2)
    if len(words) > 1 and words[0].lower() == "midi":
        tune.directives[f"midi {words[1].lower()}"] = words[2] if len(words) > 2 else ""
    elif words:
        tune.directives[words[0].lower()] = " ".join(words[1:])


def plain(told: str) -> str:
    """A text of a field as it is read: accents and signs of ABC put in, quotes around it away."""
    import unicodedata

    if "\\" in told or "&" in told:
        for code, sign in _ligatures.items():
            told = told.replace(code, sign)
        told = told.replace("\\%", "%")
        told = _coded.sub(lambda found: chr(int(found[1], 16)), told)
        told = _accented.sub(lambda found: found[2] + _marks[found[1]], told)
        told = unicodedata.normalize("NFC", html.unescape(told))
        told = "".join("\ufffd" if "\ud800" <= each <= "\udfff" else each for each in told)
    told = told.strip()
    if len(told) > 1 and told[0] == told[-1] == '"' and '"' not in told[1:-1]:
        told = told[1:-1]
    return told.strip()


def is_field(line: str) -> bool:
    """Whether a line is a field and no music."""
    return _field.match(line) is not None and (line[0] == "+" or _is_field(line))


def without_comment(line: str) -> str:
    """The line up to its comment."""
    return _comment.sub("", line) if "%" in line else line
