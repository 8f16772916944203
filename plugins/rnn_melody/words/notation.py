"""Notes typed as ABC: an opening in the prompt (`GABc dedB`), and the fields before it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from aigc_studio.api import KeySignature

LEAST = 3
"""Fewer notes than these are words ("a", "bad")."""

_SCALE = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
_ORDER = "FCGDAEB"
_SIGNS = {"^^": 2, "^": 1, "=": 0, "_": -1, "__": -2}
_NOTE = re.compile(r"(\^\^|\^|__|_|=)?([A-Ga-gzxZ])([,']*)(\d*)(/*)(\d*)([<>]*)")
_LETTERS = re.compile(r"[A-Ga-gzx^_=,'0-9/<>|:\[\]\-\s()]+")
_TUPLET = re.compile(r"\((\d)")


@dataclass(frozen=True)
class Typed:
    """A note of an opening: its pitch (None: a rest) and its duration in quarter notes."""

    pitch: int | None
    duration: Fraction


def looks_like_notes(text: str) -> bool:
    """Whether a text is notes and no words: it has nothing else, and what words seldom have."""
    if not _LETTERS.fullmatch(text):
        return False
    count = sum(1 for _each in _NOTE.finditer(text))
    return count >= LEAST and bool(re.search(r"[|\d,'^_=<>/]|[A-G].*[A-Ga-g]{2}", text))


def read_notes(text: str, key: KeySignature | None, unit: Fraction) -> list[Typed]:
    """The notes of one voice, in a key, where a letter without a number lasts `unit` quarters.

    Accidentals hold to the end of the bar. Raises ValueError that quotes what is no note.
    """
    found, altered, signs = list[Typed](), dict[tuple[str, int], int](), _signature(key)
    broken, tuplet = Fraction(1), list[Fraction]()
    for piece, mark in _pieces(text):
        if mark is None:
            if piece == "|":
                altered.clear()
            else:
                tuplet = _tuplet(int(piece[1:]))
            continue
        sign, letter, marks, times, halves, over, dotted = mark.groups()
        under = int(over) or 1 if over else 2 ** len(halves)  # nothing lasts 1/0
        length = unit * int(times or 1) / under
        length *= broken * (tuplet.pop() if tuplet else 1)
        broken, factor = _broken(dotted)
        found.append(Typed(_pitch(letter, sign, marks, signs, altered), length * factor))
    return [each for each in found if each.duration > 0]


def _pieces(text: str) -> Iterator[tuple[str, re.Match[str] | None]]:
    at = 0
    while at < len(text):
        note, tuplet = _NOTE.match(text, at), _TUPLET.match(text, at)
        if tuplet:
            yield tuplet[0], None
        elif note:
            yield note[0], note
        elif text[at] == "|":
            yield "|", None
        elif text[at] not in ":[]-() \t\r\n0123456789":
            raise ValueError(text[at : at + 12])
        at += len((tuplet or note or "x")[0])


def _tuplet(count: int) -> list[Fraction]:
    """What each of so many notes is multiplied by: three in the time of two, and the like."""
    beats = {2: 3, 3: 2, 4: 3, 6: 2, 8: 3}.get(count, 2)
    return [Fraction(beats, count)] * count if count > 1 else []


def _broken(dotted: str) -> tuple[Fraction, Fraction]:
    """Of `>` what the note after is multiplied by, and the note itself; `<` is the other way."""
    if not dotted:
        return Fraction(1), Fraction(1)
    short = Fraction(1, 2 ** len(dotted))
    return (short, 2 - short) if dotted[0] == ">" else (2 - short, short)


def _pitch(
    letter: str,
    sign: str | None,
    marks: str,
    signs: dict[str, int],
    altered: dict[tuple[str, int], int],
) -> int | None:
    if letter in "zxZ":
        return None
    name = letter.upper()
    octave = (letter.islower()) + marks.count("'") - marks.count(",")
    if sign is not None:
        altered[name, octave] = _SIGNS[sign]
    bent = altered.get((name, octave), signs.get(name, 0))
    return min(max(60 + _SCALE[name] + 12 * octave + bent, 0), 127)


def _signature(key: KeySignature | None) -> dict[str, int]:
    fifths = 0 if key is None else key.fifths
    if fifths >= 0:
        return dict.fromkeys(_ORDER[:fifths], 1)
    return dict.fromkeys(_ORDER[fifths:], -1)
