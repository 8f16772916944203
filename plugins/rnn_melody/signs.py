"""The numbers that stand for pitches, durations and conditions, and the inputs of one step."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnn_melody.events import HOLD, REST, UNITS, Bar, Voice

Ints = NDArray[np.int64]

NO_TONE, REST_SIGN, HOLD_SIGN, FIRST_TONE = 0, 1, 2, 3
"""Pitch signs: nothing (before the beginning), silence, a tie; tones follow from the lowest up."""
MODES = ("major", "minor", "dorian", "phrygian", "lydian", "mixolydian", "locrian")
LAGS = (1, 2, 4, 8)
"""How many bars back a step looks at what stood at the same place."""
USUAL = (1, 2, 3, 4, 6, 8, 9, 12, 16, 18, 24, 36, 48, 72, 96)
"""Durations in units that every model knows, so that whatever remains of a bar can be filled."""
LONGEST_BAR = 8 * UNITS
"""Positions are told apart up to here."""
MOST_BARS, MOST_RUN = 32, 12


@dataclass(frozen=True)
class Signs:
    """What a model knows: tones from `lowest` to `highest` semitones from the tonic, `durations`
    in units (ascending), and the `metres` that it has seen. Raises ValueError for what cannot be.
    """

    lowest: int = -12
    highest: int = 24
    durations: tuple[int, ...] = USUAL
    metres: tuple[str, ...] = ()
    lags: tuple[int, ...] = LAGS
    lengths: Mapping[int, int] = field(init=False, repr=False, compare=False, hash=False)

    def __post_init__(self) -> None:
        if not -128 <= self.lowest < self.highest <= 128:
            raise ValueError("the lowest tone must lie below the highest")
        if not self.durations or self.durations[0] != 1 or len(self.durations) > 512:
            raise ValueError("durations begin with 1 and are 512 at most")
        if list(self.durations) != sorted(set(self.durations)):
            raise ValueError("durations ascend")
        if len(self.metres) > 256 or not 0 < len(self.lags) <= 16 or min(self.lags) < 1:
            raise ValueError("there are 256 metres and 16 lags at most")
        lengths = {units: number for number, units in enumerate(self.durations)}
        object.__setattr__(self, "lengths", lengths)

    @property
    def tones(self) -> int:
        """How many pitch signs there are."""
        return FIRST_TONE + self.highest - self.lowest + 1

    def tone(self, pitch: int, base: int) -> int:
        """The sign of a MIDI pitch, `REST` or `HOLD`; those out of range by octaves."""
        if pitch in (REST, HOLD):
            return REST_SIGN if pitch == REST else HOLD_SIGN
        relative = pitch - base
        if relative < self.lowest:
            relative += 12 * (-(-(self.lowest - relative) // 12))
        if relative > self.highest:
            relative -= 12 * (-(-(relative - self.highest) // 12))
        return FIRST_TONE + max(self.lowest, min(self.highest, relative)) - self.lowest

    def pitch(self, tone: int, base: int) -> int:
        """The MIDI pitch, `REST` or `HOLD` of a sign."""
        if tone < FIRST_TONE:
            return HOLD if tone == HOLD_SIGN else REST
        return min(127, max(0, tone - FIRST_TONE + self.lowest + base))

    def metre(self, name: str) -> int:
        """The number of a metre; 0 for one that was never seen."""
        return self.metres.index(name) + 1 if name in self.metres else 0

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "lowest": self.lowest, "highest": self.highest, "durations": list(self.durations),
            "metres": list(self.metres), "lags": list(self.lags),
        }  # fmt: skip

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Signs:
        """Read what `to_json` gave. Raises ValueError, TypeError or KeyError for what is none."""
        return cls(
            int(told["lowest"]), int(told["highest"]), tuple(map(int, told["durations"])),
            tuple(map(str, told["metres"])), tuple(map(int, told["lags"])),
        )  # fmt: skip

    def sizes(self) -> tuple[int, ...]:
        """How many values each input of a step has, in the order of `joined`."""
        lag = (2 * self.tones, len(self.durations) + 1, MOST_RUN + 1)
        return (
            self.tones, self.tones, len(self.durations) + 1, LONGEST_BAR, LONGEST_BAR + 1,
            UNITS, 3 * UNITS // 2, len(self.metres) + 1, len(MODES) + 1, 13, MOST_BARS + 1,
            MOST_BARS + 1, *lag * len(self.lags),
        )  # fmt: skip


TONE, BEFORE, LENGTH, POSITION, REMAINING, BEAT, DOTTED, METRE, MODE, TONIC, NUMBER, LEFT, LOOK = (
    range(13)
)
"""The columns of the inputs; from `LOOK` on three to a lag: tone, duration, run of agreement."""
CONDITIONS = (METRE, MODE, TONIC)
"""Columns that may be told or not (0, and 12 of the tonic, say nothing)."""


def mode_number(mode: str | None) -> int:
    """The number of a mode; 0 for none."""
    return MODES.index(mode) + 1 if mode in MODES else 0


def tonic_number(tonic: int | None) -> int:
    """The number of a tonic; 12 for none."""
    return 12 if tonic is None else tonic % 12


def split(units: int, signs: Signs) -> list[int]:
    """A duration as known ones, the longest first."""
    found = list[int]()
    while units:
        fits = max(each for each in signs.durations if each <= units)
        found.append(fits)
        units -= fits
    return found


class Frame:
    """What is known before a tune is written: its bars, metre, mode and tonic, in units."""

    def __init__(
        self, bars: Iterable[Bar], signs: Signs, tonic: int | None, mode: str | None
    ) -> None:
        self.bars, self.signs = tuple(bars), signs
        self.starts = np.array([bar.start for bar in self.bars], np.int64)
        self.stops = np.array([bar.stop for bar in self.bars], np.int64)
        self.offsets = np.array([bar.offset for bar in self.bars], np.int64)
        self.metres = np.array([signs.metre(bar.metre) for bar in self.bars], np.int64)
        first = 1 if self.bars and self.bars[0].upbeat else 0
        self.numbers = np.arange(len(self.bars)) - first + 1
        """From 1 on; 0 is an upbeat."""
        self.tonic, self.mode = tonic_number(tonic), mode_number(mode)

    @property
    def length(self) -> int:
        """Units in all."""
        return int(self.stops[-1]) if len(self.stops) else 0

    def bar_at(self, places: Ints) -> Ints:
        """The number of the bar, from 0, in which each place lies."""
        found = np.searchsorted(self.starts, places, side="right") - 1
        return np.clip(found, 0, len(self.bars) - 1)

    def at(self, places: Ints) -> Ints:
        """The columns from POSITION to LEFT of events that begin at places (n,): int64 (n, 9)."""
        bar = self.bar_at(places)
        position = places - self.starts[bar] + self.offsets[bar]
        remaining = self.stops[bar] - places
        count = len(self.bars)
        columns = (
            np.minimum(position, LONGEST_BAR - 1),
            np.minimum(remaining, LONGEST_BAR),
            position % UNITS,
            position % (3 * UNITS // 2),
            self.metres[bar],
            np.full_like(places, self.mode),
            np.full_like(places, self.tonic),
            np.clip(self.numbers[bar], 0, MOST_BARS),
            np.minimum(count - 1 - bar, MOST_BARS),
        )
        return np.stack(columns, -1)

    def earlier(self, places: Ints) -> Ints:
        """The same place so many bars before, for each lag: int64 (n, lags); -1 for none."""
        bar = self.bar_at(places)
        position = places - self.starts[bar] + self.offsets[bar]
        found = np.full((len(places), len(self.signs.lags)), -1, np.int64)
        for column, lag in enumerate(self.signs.lags):
            then = np.maximum(bar - lag, 0)
            place = self.starts[then] + position - self.offsets[then]
            fits = (bar >= lag) & (place >= self.starts[then]) & (place < self.stops[then])
            found[:, column] = np.where(fits, place, -1)
        return found


class Score:
    """What sounds at each unit of some tunes that are being written: rows of a grid.

    `tones` (rows, length) are the signs that sound, `begins` whether one begins there, `ends` where
    what sounds there ends.
    """

    def __init__(self, rows: int, length: int) -> None:
        self.tones = np.zeros((rows, max(1, length)), np.int16)
        self.begins = np.zeros((rows, max(1, length)), bool)
        self.ends = np.zeros((rows, max(1, length)), np.int32)

    def put(self, row: int, place: int, tone: int, units: int) -> None:
        """Write an event down."""
        self.tones[row, place : place + units] = tone
        self.begins[row, place] = True
        self.ends[row, place : place + units] = place + units

    @classmethod
    def of(cls, signs: Signs, tones: Ints, lengths: Ints, places: Ints) -> Score:
        """One whole tune: its events, which fill it from the beginning to the end."""
        units = np.array(signs.durations)[lengths]
        score = cls(1, int(units.sum()))
        if len(tones):
            score.tones[0] = np.repeat(tones, units)
            score.ends[0] = np.repeat(places + units, units)
            score.begins[0, places] = True
        return score

    def look(self, rows: Ints, earlier: Ints, signs: Signs) -> Ints:
        """What stands at earlier places (n, lags) of rows (n,): int64 (n, lags, 2), twice the tone
        and 1 where it begins there, and how long it lasts on: its number + 1, 0 for nothing."""
        there = np.maximum(earlier, 0)
        at = rows[:, None], there
        tones = 2 * self.tones[at].astype(np.int64) + self.begins[at]
        left = np.searchsorted(signs.durations, self.ends[at] - there, side="right")
        none = earlier < 0
        tones[none], left[none] = 0, 0
        return np.stack([tones, left], -1)


def agreement(looked: Ints, tones: Ints, lengths: Ints) -> NDArray[np.bool_]:
    """Whether an event (its tone (n,), the number of its duration (n,)) is what stood there before,
    for each lag: (n, lags)."""
    same = looked[..., 0] == 2 * tones[:, None] + 1
    found: NDArray[np.bool_] = same & (looked[..., 1] == lengths[:, None] + 1)
    return found


def runs_of(agreed: NDArray[np.bool_]) -> Ints:
    """How many events in a row agreed up to each event, itself left out: (n, lags) of (n, lags)."""
    places = np.arange(len(agreed))[:, None]
    broken = np.maximum.accumulate(np.where(agreed, -1, places), axis=0)
    runs = np.zeros(agreed.shape, np.int64)
    runs[1:] = (places - broken)[:-1]
    return runs


def joined(before: Ints, place: Ints, looked: Ints, runs: Ints) -> Ints:
    """The inputs of a step: int64 (n, columns), as `Signs.sizes` counts them.

    `before` (n, 3) are the last tone, the one before that, and the last duration's number + 1 (0
    at the beginning); `place` what `Frame.at` gave, `looked` what `Score.look` gave, and `runs`
    (n, lags) how many events in a row agreed with each lag up to here.
    """
    lags = np.concatenate([looked, np.minimum(runs, MOST_RUN)[..., None]], -1)
    return np.concatenate([before, place, lags.reshape(len(lags), -1)], -1)


def numbers_of(voice: Voice, signs: Signs) -> tuple[Ints, Ints, Ints]:
    """The events of a voice as a model has them: tones (n,), numbers of durations (n,) and places
    (n,). Durations that the model has not are several, tied."""
    tones, lengths, places = list[int](), list[int](), list[int]()
    for pitch, units, place in zip(voice.pitches, voice.durations, voice.places, strict=True):
        tone = signs.tone(pitch, voice.base)
        parts = (units,) if units in signs.lengths else split(units, signs)
        for part in parts:
            tones.append(tone)
            lengths.append(signs.lengths[part])
            places.append(place)
            place += part
            if tone != REST_SIGN:
                tone = HOLD_SIGN
    return (np.array(tones, np.int64), np.array(lengths, np.int64), np.array(places, np.int64))


def inputs_of(voice: Voice, signs: Signs) -> tuple[Ints, Ints, Ints]:
    """What a step reads before each event of a voice, (n, columns), and the events: tones (n,) and
    numbers of durations (n,), all int64."""
    tones, lengths, places = numbers_of(voice, signs)
    frame = Frame(voice.bars, signs, voice.tonic, voice.mode)
    count = len(tones)
    score = Score.of(signs, tones, lengths, places)
    looked = score.look(np.zeros(count, np.int64), frame.earlier(places), signs)
    runs = runs_of(agreement(looked, tones, lengths))
    before = np.zeros((count, 3), np.int64)
    before[1:, 0], before[2:, 1], before[1:, 2] = tones[:-1], tones[:-2], lengths[:-1] + 1
    return joined(before, frame.at(places), looked, runs), tones, lengths
