"""Steering that keeps what stood there: its rhythm, its rise and fall, more or less.

Both go from 0, where nothing is kept, to 1, where nothing else is allowed.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from rnn_melody.composing.page import Page, Part
from rnn_melody.events import HOLD, REST
from rnn_melody.network.steps import Floats
from rnn_melody.recomposing.gaps import Events
from rnn_melody.signs import FIRST_TONE, HOLD_SIGN, REST_SIGN

_STRONG = 6.0
"""At this many nats what is kept wins nearly always."""
_SIZE = 0.15
"""What a semitone costs by which an interval is larger or smaller than it was, in nats."""


class Keeping:
    """A `Steering` that leans on the events that stood in the same place."""

    def __init__(self, former: Events, *, rhythm: float = 0.0, contour: float = 0.0) -> None:
        self.rhythm, self.contour = rhythm, contour
        self._pitch = {place: pitch for pitch, _units, place in former}
        ends = [place + units for _pitch, units, place in former[-1:]]
        self._edges = np.array(sorted({*self._pitch, *ends}), np.int64)
        tones = [(place, pitch) for pitch, _units, place in former if pitch >= 0]
        self._places = np.array([place for place, _pitch in tones], np.int64)
        self._tones = [pitch for _place, pitch in tones]

    def __call__(self, page: Page, part: Part, logits: Floats) -> None:
        """Change the logits of a page, in place."""
        if part == "length":
            if self.rhythm > 0 and len(self._edges):
                self._keep_lengths(page, logits)
            return
        if self.rhythm > 0 and len(self._edges):
            self._keep_rests(page, logits)
        if self.contour > 0 and self._tones:
            self._keep_contour(page, logits)

    # -- rhythm --------------------------------------------------------------------------------

    def _keep_lengths(self, page: Page, logits: Floats) -> None:
        """An event lasts to where the next one began."""
        units = page.pen.units
        for row, place in enumerate(page.places.tolist()):
            later = self._edges[self._edges > place]
            if not len(later):
                continue
            wanted = min(int(later[0]) - place, int(page.remaining[row]))
            # A duration that the model has not is made of several, tied.
            fits = units <= wanted
            best = fits & (units == units[fits].max(initial=0))
            _lean(logits[row], best, self.rhythm)

    def _keep_rests(self, page: Page, logits: Floats) -> None:
        """Silence stays silence, a tie a tie, and a tone a tone."""
        for row, place in enumerate(page.places.tolist()):
            stood = self._pitch.get(place)
            kept = np.zeros(logits.shape[1], np.bool_)
            if stood == REST or (stood is None and page.last[row] == REST_SIGN):
                kept[REST_SIGN] = True
            elif self._goes_on(page, row, stood):
                kept[HOLD_SIGN] = True
                logits[row, HOLD_SIGN] = max(float(logits[row, HOLD_SIGN]), 0.0)
            elif stood is not None:
                kept[FIRST_TONE:] = True
            else:
                continue
            _lean(logits[row], kept, self.rhythm)

    def _goes_on(self, page: Page, row: int, stood: int | None) -> bool:
        """Whether a tone is held on here: it was, or its duration is made of several."""
        last = page.last[row]
        sounds = last >= FIRST_TONE or (last == HOLD_SIGN and bool(page.events[page.rows[row]]))
        return sounds and (stood == HOLD or (stood is None and self.rhythm >= 1))

    # -- rise and fall -------------------------------------------------------------------------

    def _keep_contour(self, page: Page, logits: Floats) -> None:
        """A tone goes the way that the tune went here from where the last new tone stands."""
        signs, base = page.pen.model.signs, page.sheet.base
        pitches = np.arange(signs.tones - FIRST_TONE) + signs.lowest + base
        for row, place in enumerate(page.places.tolist()):
            last = _last_tone(page, int(page.rows[row]))
            if last is None:
                continue
            pitch, since = last
            former = self._at(since)
            went = self._at(place) - (pitch if former is None else former)  # type: ignore[operator]
            goes = pitches - pitch
            row_logits = logits[row, FIRST_TONE:]
            row_logits -= self.contour * _SIZE * np.abs(goes - went)
            _lean(row_logits, np.sign(goes) == np.sign(went), self.contour)

    def _at(self, place: int) -> int | None:
        """The pitch that sounded at a place last; of what comes before the first tone, that."""
        if not len(self._places) or place < 0:
            return None
        number = int(np.searchsorted(self._places, place, side="right")) - 1
        return self._tones[max(0, number)]


def _lean(logits: Any, kept: Any, how_much: float) -> None:
    """Lower all but what is kept, and shut it out where all is kept and any of that is allowed."""
    if not (kept & np.isfinite(logits)).any():
        return
    if how_much >= 1:
        logits[~kept] = -np.inf
    else:
        logits[~kept] -= np.float32(_STRONG * how_much / (1.3 - how_much))


def _last_tone(page: Page, row: int) -> tuple[int, int] | None:
    """The last tone of a tune, and where it began: -1 where it stands before what is written."""
    place = int(page.reached[row])
    for tone, units in reversed(page.events[row]):
        place -= units
        if tone >= FIRST_TONE:
            return page.pen.model.signs.pitch(tone, page.sheet.base), place
    before = [pitch for pitch in page.sheet.voice.pitches if pitch >= 0]
    return (before[-1], -1) if before else None
