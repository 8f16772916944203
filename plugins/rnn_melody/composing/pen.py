"""The pen: a model that is ready to write, and the range that it writes in."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING

import numpy as np

from rnn_melody.composing.sheet import Sheet, Style
from rnn_melody.events import UNITS, Bar, Voice, tonic_pitch
from rnn_melody.network.steps import Floats, Steps

if TYPE_CHECKING:
    from rnn_melody.model import Model

_PENS = 3
"""So many models are ready to write."""
_LONGER = 3.0
"""How strongly the density leans on durations: at its ends, by what factor a note twice as long is
more or less likely (in nats an octave of durations)."""


class Pen:
    """Reads and writes with one model."""

    def __init__(self, model: Model) -> None:
        self.model, self.steps = model, Steps(model.writer)
        self.units = np.array(model.signs.durations, np.int64)
        self._octaves = np.log2(self.units / (UNITS / 2)).astype(np.float32)

    def sheet(
        self, voice: Voice, bars: tuple[Bar, ...], style: Style, stop: int | None = None
    ) -> Sheet:
        """The sheet to write the rest of these bars on; its range as near the model's as can be."""
        signs, base = self.model.signs, tonic_pitch(voice.tonic)
        low, high = signs.lowest + base, signs.highest + base
        octaves = sorted((12 * number for number in range(-6, 7)), key=abs)
        pitches = [pitch for pitch in voice.pitches if pitch >= 0]
        if pitches:
            # A voice that is there says where it lies.
            def heard(shift: int) -> int:
                return sum(low + shift <= pitch <= high + shift for pitch in pitches)

            return Sheet(voice, bars, max(octaves, key=heard), stop)
        lowest, highest = sorted((style.lowest, style.highest))
        wanted = min(12, highest - lowest)

        def room(shift: int) -> int:
            return min(min(high + shift, highest) - max(low + shift, lowest), wanted)

        return Sheet(voice, bars, max(octaves, key=room), stop)

    def bias(self, style: Style) -> Floats:
        """What the density adds to logits of durations (durations,)."""
        found: Floats = (self._octaves * np.float32(_LONGER * (0.5 - style.density))).astype(
            np.float32
        )
        return found


_pens: OrderedDict[bytes, Pen] = OrderedDict()
_pens_lock = threading.Lock()


def pen_of(model: Model) -> Pen:
    """The pen of a model, the same as last time."""
    with _pens_lock:
        pen = _pens.pop(model.tag, None) or Pen(model)
        _pens[model.tag] = pen
        while len(_pens) > _PENS:
            _pens.popitem(last=False)
        return pen
