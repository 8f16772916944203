"""The sheet: the bars that are to be filled, what stands in them, and in which style."""

from __future__ import annotations

from dataclasses import dataclass

from rnn_melody.events import Bar, Voice, tonic_pitch


@dataclass(frozen=True, kw_only=True)
class Style:
    """How events are drawn: `density` from 0 (few, long) over 0.5 (as learnt) to 1 (many, short);
    no pitch below `lowest` or above `highest` (MIDI)."""

    temperature: float = 1.0
    top_p: float = 0.95
    density: float = 0.5
    lowest: int = 0
    highest: int = 127


@dataclass(frozen=True)
class Sheet:
    """What is written on: the bars, and the voice that stands in the first of them.

    `voice` goes from the beginning without gaps, and has the tonic and the mode of all. `shift` is
    how many semitones, in octaves, the range lies from where the model writes. Writing ends at
    `stop` units, or with the last bar: those behind are known of only as how many are left.
    """

    voice: Voice
    bars: tuple[Bar, ...]
    shift: int = 0
    stop: int | None = None

    @property
    def begin(self) -> int:
        """Where writing begins, in units."""
        return self.voice.places[-1] + self.voice.durations[-1] if len(self.voice) else 0

    @property
    def end(self) -> int:
        """Where writing ends, in units."""
        whole = self.bars[-1].stop if self.bars else 0
        return whole if self.stop is None else min(self.stop, whole)

    @property
    def base(self) -> int:
        """The MIDI pitch that tones are told from."""
        return tonic_pitch(self.voice.tonic) + self.shift
