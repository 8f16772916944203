"""What stands behind `K:`, `M:`, `L:` and `Q:`, in all the ways that people write it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

LETTERS = "CDEFGAB"
SEMITONES = dict(zip(LETTERS, (0, 2, 4, 5, 7, 9, 11), strict=True))
_fifths_of_letters = {"C": 0, "D": 2, "E": 4, "F": -1, "G": 1, "A": 3, "B": 5}
_modes = {
    "maj": ("major", 0), "ion": ("major", 0), "min": ("minor", -3), "aeo": ("minor", -3),
    "m": ("minor", -3), "dor": ("dorian", -2), "phr": ("phrygian", -4), "lyd": ("lydian", 1),
    "mix": ("mixolydian", -1), "loc": ("locrian", -5),
}  # fmt: skip
"""By the first three letters: the mode, and the fifths from the major key of the same tonic."""
_sharps, _flats = "FCGDAEB", "BEADGCF"
_key = re.compile(r"([A-Ga-g])([#b♯♭]?)\s*([A-Za-z]*)")
_accidental = re.compile(r"(\^\^|\^|__|_|=)([A-Ga-g])(?![A-Za-z])")
_octave = re.compile(r"\boctave\s*=\s*([+-]?\d)\b")
_transposed = re.compile(r"\b(?:transpose|score|shift)\s*=\s*([+-]?\d{1,2})\b")
_eighth = re.compile(r"\b(?:treble|alto|tenor|bass|soprano|mezzosoprano|baritone)\d?([+-])8\b")
_bagpipes = {"F": 1, "C": 1}


@dataclass(frozen=True)
class Key:
    """A key as it counts for the notes: `altered` are semitones by letter (capital).

    `fifths` and `mode` are None where nobody says a key, or one that is neither of the seven modes;
    `shift` are semitones that all notes are moved by.
    """

    altered: dict[str, int] = field(default_factory=dict)
    fifths: int | None = None
    mode: str = "major"
    shift: int = 0
    is_understood: bool = True


@dataclass(frozen=True)
class Meter:
    """A metre; `numerator` 0 where the tune is free of one."""

    numerator: int = 0
    denominator: int = 4

    @property
    def is_compound(self) -> bool:
        """Whether its beats fall into three: tuplets count otherwise there."""
        return self.numerator % 3 == 0 and self.numerator > 3

    def __str__(self) -> str:
        return f"{self.numerator}/{self.denominator}" if self.numerator else "none"


def read_key(text: str) -> Key:
    """The key behind `K:`. What is not understood of it counts as no key."""
    shift = _shift(text)
    words = text.strip()
    if words[:2].lower() == "hp":
        return Key(dict(_bagpipes), 2, "mixolydian", shift)
    found = _key.match(words)
    explicit = {
        letter.upper(): _steps(sign) for sign, letter in _accidental.findall(words.split("%")[0])
    }
    if found is None or _is_word(words):
        none = not words or words.lower().startswith("none") or _is_word(words)
        return Key(explicit, shift=shift, is_understood=none or bool(explicit))
    letter, sign, rest = found[1].upper(), found[2], found[3]
    fifths = _fifths_of_letters[letter] + 7 * {"": 0, "#": 1, "♯": 1, "b": -1, "♭": -1}[sign]
    mode, is_known = _mode(rest, words[found.end() :])
    steps = dict(_modes.values())[mode]
    if re.search(r"\bexp\b", words):
        return _explicit(explicit, fifths, shift)
    fifths += steps
    altered = _signature(fifths) | explicit
    said = fifths if -7 <= fifths <= 7 and altered == _signature(fifths) else None
    return Key({k: v for k, v in altered.items() if v}, said, mode, shift, is_known)


def _is_word(words: str) -> bool:
    """Whether it is no tonic at all, but a clef or the like: `clef=bass`, `bass`, `none`."""
    first = re.match(r"[A-Za-z]*", words)
    name = first[0].lower() if first else ""
    if name in ("none", "clef", "bass", "treble", "alto", "tenor", "perc", "middle", "octave"):
        return True
    return name in ("transpose", "stafflines", "staffscale", "score", "shift", "exp")


def _mode(word: str, rest: str) -> tuple[str, bool]:
    """The mode, and whether the word for it is known; `K:G treble` says none."""
    name = word.lower() or (re.match(r"\s*([A-Za-z]*)", rest) or ["", ""])[1].lower()
    if word == "M":  # some write EM for E major
        return "major", True
    if name == "m":
        return "minor", True
    if name[:3] in _modes:
        return _modes[name[:3]][0], True
    return "major", name == "" or _is_word(name) or name == "exp"


def _explicit(altered: dict[str, int], tonic: int, shift: int) -> Key:
    """A key all of whose accidentals are written out; it has a mode where they are those of one."""
    kept = {letter: steps for letter, steps in altered.items() if steps}
    for mode, steps in dict(_modes.values()).items():
        if -7 <= tonic + steps <= 7 and _signature(tonic + steps) == kept:
            return Key(kept, tonic + steps, mode, shift)
    return Key(kept, None, shift=shift)


def _signature(fifths: int) -> dict[str, int]:
    """The letters that a number of sharps (negative: flats) alters; 8 and more alter one twice."""
    order, step = (_sharps, 1) if fifths > 0 else (_flats, -1)
    altered: dict[str, int] = {}
    for number in range(abs(fifths)):
        letter = order[number % 7]
        altered[letter] = altered.get(letter, 0) + step
    return altered


def _steps(sign: str) -> int:
    return sign.count("^") - sign.count("_")


def _shift(text: str) -> int:
    octave, moved, eighth = _octave.search(text), _transposed.search(text), _eighth.search(text)
    semitones = 12 * int(octave[1]) if octave else 0
    if eighth:
        semitones += 12 if eighth[1] == "+" else -12
    if moved and "transpose" in moved[0]:
        semitones += int(moved[1])
    return semitones


_sum = re.compile(r"\(?\s*(\d{1,3}(?:\s*\+\s*\d{1,3})*)\s*\)?\s*/\s*(\d{1,3})")


def read_metre(text: str) -> Meter | None:
    """The metre behind `M:`: `6/8`, `C`, `C|`, `2+3/8`, `none`; None for what is none of these."""
    words = text.strip()
    if words.upper().startswith("C|"):
        return Meter(2, 2)
    if words[:1] in ("C", "c") and not words[1:2].isalpha():
        return Meter(4, 4)
    if not words or words.lower().startswith("none"):
        return Meter()
    found = _sum.match(words)
    if not found:
        return None
    numerator, denominator = sum(map(int, found[1].split("+"))), int(found[2])
    if not 1 <= numerator <= 255 or denominator not in (1, 2, 4, 8, 16, 32, 64):
        return None
    return Meter(numerator, denominator)


_fraction = re.compile(r"(\d{1,4})\s*/\s*(\d{1,4})")


def read_length(text: str) -> tuple[int, int] | None:
    """The fraction of a whole note behind `L:`; None where it is none."""
    words = text.strip()
    found = _fraction.match(words)
    if not found:
        return (1, 1) if re.match(r"1\s*$", words) else None
    over, under = int(found[1]), int(found[2])
    return (over, under) if over and under and over / under <= 4 and under <= 512 else None


def usual_length(metre: Meter) -> tuple[int, int]:
    """The length of a note where no `L:` says it: a sixteenth in short metres."""
    short = metre.numerator and metre.numerator / metre.denominator < 0.75
    return (1, 16) if short else (1, 8)


_quoted = re.compile(r'"[^"]*"?')
_old_tempo = re.compile(r"[Cc](\d{0,3})\s*=\s*(\d{1,4}(?:\.\d+)?)")
_tempo = re.compile(r"((?:\d{1,3}\s*/\s*\d{1,3}\s*)+)=\s*(\d{1,4}(?:\.\d+)?)")
_bare_tempo = re.compile(r"\s*(\d{1,4}(?:\.\d+)?)\s*$")


def read_tempo(text: str, length: tuple[int, int]) -> int | None:
    """Microseconds of a quarter note behind `Q:`, in any of its forms; None where it says none.

    `length` is the length of a note, which old forms count in (`Q:120`, `Q:C3=40`).
    """
    words = _quoted.sub(" ", text).strip()
    unit = length[0] / length[1]
    found = _tempo.search(words)
    if found:
        notes = sum(int(over) / max(int(under), 1) for over, under in _fraction.findall(found[1]))
        return _microseconds(notes, float(found[2]))
    found = _old_tempo.match(words)
    if found:
        return _microseconds(unit * int(found[1] or 1), float(found[2]))
    found = _bare_tempo.match(words)
    return _microseconds(unit, float(found[1])) if found else None


def _microseconds(whole_notes: float, a_minute: float) -> int | None:
    if whole_notes <= 0 or a_minute <= 0:
        return None
    microseconds = round(60_000_000 / (a_minute * whole_notes * 4))
    return microseconds if 10_000 <= microseconds < 1 << 24 else None
