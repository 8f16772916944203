"""What the instruments sound like, in numbers."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

Values = np.ndarray[Any, np.dtype[np.float64]]

Shape = Callable[[Values, float], Values]
"""Something of each partial: of its number k (1, 2, …), and of the tone's frequency."""


@dataclass(frozen=True)
class Timbre:
    """What makes an instrument. Times in seconds, frequencies in hertz.

    `partials(k, frequency)` are the amplitudes of the partials k = 1, 2, … (an array) of a tone;
    `gain` brings a tune on it to the loudness that all have. `tilt`: by which power of k a softer
    tone is darker. `noise` (of the tone's level), between `band`, dies away within `noise_decay`,
    or lasts as long as the tone where that is 0. `pan`: how far low tones are to the left and high
    ones to the right, 0 to 1.
    """

    partials: Shape
    gain: float
    attack: float
    release: float
    tilt: float = 0.8
    pan: float = 0.25
    noise: float = 0.0
    noise_decay: float = 0.0
    band: tuple[float, float] = (500.0, 4000.0)
    # Struck:
    decay: Shape | None = None
    """How many times a second each partial falls by e."""
    ratios: Shape | None = None
    """Frequencies of the partials over that of the first, which is 1; None: 1, 2, 3, …"""
    slow: float = 0.0
    """The share of each partial that decays five times more slowly."""
    # Blown:
    tremble: float = 0.0
    """The depth of the vibrato, in cents, up and down."""
    tremble_rate: float = 5.3
    reeds: float = 0.0
    """How far two more reeds are out of tune, one up and one down, in cents."""


def _string(power: float, cut: float) -> Shape:
    return lambda k, f: np.asarray(k**-power * np.exp(-k * f / cut))


def _plucked(place: float, power: float, cut: float) -> Shape:
    """A string that is plucked at a place (0 to 1) of its length."""
    return lambda k, f: np.asarray(
        (np.abs(np.sin(math.pi * place * k)) + 0.03) * k**-power * np.exp(-k * f / cut)
    )


def _fall(base: float, by_pitch: float, by_partial: float) -> Shape:
    """Decay: faster the higher the tone, and the higher the partial."""
    return lambda k, f: np.asarray((base + by_pitch * f / 440.0) * (1.0 + by_partial * (k - 1.0)))


def _stiff(k: Values, f: float) -> Values:
    """The partials of a piano's string, which is stiff: higher ones are sharp (Fletcher 1964)."""
    b = 0.00035 * (max(f, 110.0) / 261.6) ** 1.1
    return np.asarray(k * np.sqrt((1.0 + b * k * k) / (1.0 + b)))


def _body(k: Values, f: float) -> Values:
    """A fiddle: a saw-tooth through the resonances of its body (air, wood, bridge hill)."""
    hertz, shape = k * f, np.full_like(k, 0.35)
    for centre, width, height in ((280, 70, 1.0), (480, 110, 1.3), (900, 250, 0.6),
                                  (2500, 800, 1.1)):  # fmt: skip
        shape += height * np.exp(-(((hertz - centre) / width) ** 2) / 2)
    return np.asarray(shape / k * np.exp(-hertz / 6000.0))


def _listed(*amplitudes: float) -> Shape:
    values = np.array(amplitudes)

    def partials(k: Values, _frequency: float) -> Values:
        found = np.zeros_like(k)
        found[: len(values)] = values[: len(k)]
        return found

    return partials


def _of(*ratios: float) -> Shape:
    values = np.array(ratios)
    return lambda k, _frequency: np.asarray(
        np.concatenate([values[: len(k)], np.arange(len(values) + 1, len(k) + 1) + 0.37])
    )


TIMBRES: dict[str, Timbre] = {
    "piano": Timbre(
        _string(0.9, 3200.0), 1.12, 0.002, 0.13, decay=_fall(0.9, 1.1, 0.22), ratios=_stiff,
        slow=0.12, noise=0.10, noise_decay=0.012, band=(150.0, 1800.0), pan=0.35,
    ),
    "guitar": Timbre(
        _plucked(0.18, 0.9, 3000.0), 1.27, 0.0015, 0.10, decay=_fall(1.6, 1.2, 0.30), slow=0.10,
        noise=0.06, noise_decay=0.006, band=(1200.0, 5000.0),
    ),
    "harp": Timbre(
        _plucked(0.42, 1.3, 3500.0), 1.0, 0.002, 0.7, decay=_fall(1.1, 1.1, 0.35), slow=0.15,
        pan=0.4,
    ),
    "music box": Timbre(
        _listed(1.0, 0.30, 0.16, 0.05), 1.0, 0.001, 0.8, decay=_fall(1.4, 0.9, 1.6),
        ratios=_of(1.0, 2.0, 5.404, 8.93), slow=0.2, noise=0.05, noise_decay=0.003,
        band=(3000.0, 8000.0),
    ),
    "bell": Timbre(
        _listed(1.0, 0.55, 0.35, 0.28, 0.16, 0.08), 0.87, 0.0015, 1.0, decay=_fall(0.8, 0.5, 0.7),
        ratios=_of(1.0, 2.0, 2.4, 3.0, 4.5, 5.33), slow=0.3,
    ),
    "bass": Timbre(
        _plucked(0.22, 1.1, 1400.0), 1.24, 0.003, 0.10, decay=_fall(1.2, 2.0, 0.30), slow=0.2,
        pan=0.0,
    ),
    "fiddle": Timbre(
        _body, 1.0, 0.045, 0.09, tremble=9.0, noise=0.025, band=(1500.0, 6000.0), pan=0.15,
    ),
    "flute": Timbre(
        _listed(1.0, 0.55, 0.22, 0.10, 0.05, 0.025, 0.012), 1.0, 0.05, 0.09, tremble=6.0,
        tremble_rate=4.8, noise=0.028, band=(800.0, 5000.0), pan=0.15,
    ),
    "whistle": Timbre(
        _listed(1.0, 0.18, 0.12, 0.03, 0.02), 0.94, 0.02, 0.05, noise=0.03, band=(1500.0, 7000.0),
        tremble=3.0, pan=0.15,
    ),
    "accordion": Timbre(
        _listed(1, .8, .7, .42, .5, .28, .3, .2, .18, .12, .13, .08, .07, .05, .05, .03), 1.0,
        0.03, 0.06, reeds=6.0, pan=0.3,
    ),
    "organ": Timbre(
        _listed(1.0, 0.7, 0.25, 0.45, 0.06, 0.15, 0.03, 0.22), 1.0, 0.02, 0.08, tilt=0.2, pan=0.3,
        noise=0.008, band=(1000.0, 5000.0),
    ),
    "click": Timbre(
        _listed(1.0, 0.5, 0.2), 0.8, 0.001, 0.02, decay=_fall(55.0, 0.0, 0.3), pan=0.0,
        ratios=_of(1.0, 2.76, 5.4),
    ),
}  # fmt: skip
"""By name, those of `instruments` and the metronome's `click`. The bell is tuned by its prime."""
