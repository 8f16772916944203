"""How pitches are written in a key: letters, accidentals and octaves, as ABC has them."""

from __future__ import annotations

from aigc_studio.api.melody import KeySignature

_steps = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
_sharps = "FCGDAEB"
_signs = {-1: "_", 0: "=", 1: "^"}
_above_major = {
    "major": 0, "minor": 3, "dorian": 2, "phrygian": 4, "lydian": -1, "mixolydian": 1, "locrian": 5,
}  # fmt: skip


def key_name(key: KeySignature) -> str:
    """A key as ABC writes it: `D`, `F#m`, `Bbmix`."""
    return tonic_name(key) + {"major": "", "minor": "m"}.get(key.mode, key.mode[:3])


def tonic_name(key: KeySignature) -> str:
    """The keynote as ABC writes it: `D`, `F#`, `Bb`."""
    place = key.fifths + _above_major[key.mode] + 1
    return _sharps[place % 7] + ("#" * (place // 7) if place >= 0 else "b" * -(place // 7))


class Spelling:
    """Names pitches, and keeps in mind which letters had an accidental in this bar.

    An accidental is written again for each note behind one of its letter in the bar, in any octave:
    so a reader that carries accidentals as far as ABC 2.1 does, and one that does not, hear the
    same.
    """

    def __init__(self, key: KeySignature | None) -> None:
        self._altered: set[str] = set()
        self.change(key)

    def change(self, key: KeySignature | None) -> None:
        """Another key from here on."""
        fifths = key.fifths if key else 0
        order, step = (_sharps, 1) if fifths > 0 else (_sharps[::-1], -1)
        self._signature = dict.fromkeys(order[: abs(fifths)], step)
        self._leading = (key.tonic - 1) % 12 if key else -1
        self._flat = fifths < 0
        self._altered.clear()

    def begin_bar(self) -> None:
        """Behind a bar line no accidental holds."""
        self._altered.clear()

    def name(self, pitch: int) -> str:
        """A note as ABC writes it, without its length."""
        letter, alter = self.letter(pitch % 12)
        natural = pitch - alter
        octave = natural // 12 - 5  # C is middle C, which is 60
        usual = self._signature.get(letter, 0)
        sign = _signs[alter] if alter != usual or letter in self._altered else ""
        if sign:
            self._altered.add(letter)
        if octave > 0:
            return sign + letter.lower() + "'" * (octave - 1)
        return sign + letter + "," * -octave

    @property
    def signature(self) -> dict[str, int]:
        """The letters that the key alters, in the order in which a staff has them."""
        return dict(self._signature)

    def letter(self, pitch_class: int) -> tuple[str, int]:
        """The letter of a pitch class, and how it is altered: as the key has it, else a natural,
        else a sharp or a flat, whichever goes with the key (a leading note is a sharp)."""
        for letter, step in _steps.items():
            if (step + self._signature.get(letter, 0)) % 12 == pitch_class:
                return letter, self._signature.get(letter, 0)
        for letter, step in _steps.items():
            if step == pitch_class:
                return letter, 0
        alter = -1 if self._flat and pitch_class != self._leading else 1
        letter = next(each for each, step in _steps.items() if (step + alter) % 12 == pitch_class)
        return letter, alter
