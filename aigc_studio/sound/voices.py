"""How each instrument sounds: one tone at a time, mono, by segments of it.

Two ways of making a tone, both without aliasing, because no partial above `HIGHEST` is made.

*Struck* (piano, strings that are plucked, bells): partials that decay each at their own rate, a sum
of damped exponentials. For 256 samples at a time that is a product of two matrices, exact however
long the tone is. *Blown* (and bowed): two tables of one period, a dark and a bright one, read at a
phase that may tremble, and blended as the tone unfolds.

A segment is a function of its place in the tone and of nothing else: whoever asks for the tone in
other segments gets the same samples.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

RATE = 44_100
"""Samples a second."""

HIGHEST = 18_000.0
"""The highest partial, in hertz."""

Samples = np.ndarray[Any, np.dtype[np.float32]]

_GRID = 256
"""Samples that one row of a struck tone's product has."""

_CHUNK = 32 * _GRID
"""Samples of a tone that are made at once."""

_CUT = int(0.015 * RATE)
"""Samples in which a tone fades that is cut."""

_TABLE = 4096


@dataclass(frozen=True)
class Timbre:
    """What makes an instrument. Times in seconds, frequencies in hertz.

    `partials(k, frequency)` are the amplitudes of the partials k = 1, 2, … (an array) of a tone;
    `gain` brings a tune on it to the loudness that all have. `tilt`: by which power of k a softer
    tone is darker. `noise` (of the tone's level), between `band`, dies away within `noise_decay`, or
    lasts as long as the tone where that is 0. `pan`: how far low tones are to the left and high ones
    to the right, 0 to 1.
    """

    partials: Callable[[Samples, float], Samples]
    gain: float
    attack: float
    release: float
    tilt: float = 0.8
    pan: float = 0.25
    noise: float = 0.0
    noise_decay: float = 0.0
    band: tuple[float, float] = (500.0, 4000.0)
    # Struck:
    decay: Callable[[Samples, float], Samples] | None = None
    """How many times a second each partial falls by e."""
    ratios: Callable[[Samples, float], Samples] | None = None
    """Frequencies of the partials over that of the first, which is 1; None: 1, 2, 3, …"""
    slow: float = 0.0
    """The share of each partial that decays five times more slowly."""
    # Blown:
    tremble: float = 0.0
    """The depth of the vibrato, in cents, up and down."""
    tremble_rate: float = 5.3
    reeds: float = 0.0
    """How far two more reeds are out of tune, one up and one down, in cents."""


def _string(power: float, cut: float) -> Callable[[Samples, float], Samples]:
    return lambda k, f: np.asarray(k**-power * np.exp(-k * f / cut))


def _plucked(place: float, power: float, cut: float) -> Callable[[Samples, float], Samples]:
    """A string that is plucked at a place (0 to 1) of its length."""
    return lambda k, f: np.asarray(
        (np.abs(np.sin(math.pi * place * k)) + 0.03) * k**-power * np.exp(-k * f / cut)
    )


def _fall(base: float, by_pitch: float, by_partial: float) -> Callable[[Samples, float], Samples]:
    """Decay: faster the higher the tone, and the higher the partial."""
    return lambda k, f: np.asarray((base + by_pitch * f / 440.0) * (1.0 + by_partial * (k - 1.0)))


def _stiff(k: Samples, f: float) -> Samples:
    """The partials of a piano's string, which is stiff: higher ones are sharp (Fletcher 1964)."""
    b = 0.00035 * (max(f, 110.0) / 261.6) ** 1.1
    return np.asarray(k * np.sqrt((1.0 + b * k * k) / (1.0 + b)))


def _body(k: Samples, f: float) -> Samples:
    """A fiddle: a saw-tooth through the resonances of its body (air, wood, bridge hill)."""
    hertz, shape = k * f, np.full_like(k, 0.35)
    for centre, width, height in ((280, 70, 1.0), (480, 110, 1.3), (900, 250, 0.6),
                                  (2500, 800, 1.1)):  # fmt: skip
        shape += height * np.exp(-(((hertz - centre) / width) ** 2) / 2)
    return np.asarray(shape / k * np.exp(-hertz / 6000.0))


def _listed(*amplitudes: float) -> Callable[[Samples, float], Samples]:
    values = np.array(amplitudes)

    def partials(k: Samples, _frequency: float) -> Samples:
        found = np.zeros_like(k)
        found[: len(values)] = values[: len(k)]
        return found

    return partials


def _of(*ratios: float) -> Callable[[Samples, float], Samples]:
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
        tremble_rate=4.8, noise=0.04, band=(800.0, 5000.0), pan=0.15,
    ),
    "whistle": Timbre(
        _listed(1.0, 0.18, 0.12, 0.03, 0.02), 0.94, 0.02, 0.05, noise=0.05, band=(1500.0, 7000.0),
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

_USUAL = 80
"""The velocity whose loudness and brightness a timbre describes."""


def frequency(pitch: float) -> float:
    """Of a MIDI pitch, in hertz: equal temperament, 69 is 440."""
    return float(440.0 * 2.0 ** ((pitch - 69.0) / 12.0))


def loudness(velocity: int) -> float:
    """The amplitude of a velocity (0 to 127), 1 for the usual one."""
    return float((velocity / _USUAL) ** 1.5)


@dataclass(frozen=True)
class Tone:
    """What sounds from a frame to another (half-open), when the release begins.

    `skipped`: so many frames of its beginning are not heard: it was sounding already.
    """

    start: int
    stop: int
    pitch: int
    velocity: int
    name: str
    skipped: int = 0

    @property
    def release(self) -> int:
        """Frames that it sounds on after `stop`."""
        return int(RATE * TIMBRES[self.name].release)

    @property
    def end(self) -> int:
        """The frame after its last."""
        return self.start + min(self.stop - self.start + self.release, _heard(self.name, self.pitch))


@functools.lru_cache(4096)
def _heard(name: str, pitch: int) -> int:
    """After how many frames a tone that decays cannot be heard any more (-90 dB)."""
    decay = TIMBRES[name].decay
    if decay is None:
        return 1 << 60
    slowest = float(decay(np.ones(1), frequency(pitch))[0])
    return int(RATE * 10.4 / (slowest / 5.0 if TIMBRES[name].slow else slowest))


class Voice:
    """A tone that is being made."""

    def __init__(self, tone: Tone) -> None:
        self.tone = tone
        timbre = TIMBRES[tone.name]
        self.length = max(tone.end - tone.start, 1)
        """Samples that it has as long as nothing cuts it."""
        self._cut: int | None = None
        position = min(max((tone.pitch - 66) / 36.0, -1.0), 1.0) * timbre.pan
        self.left = np.float32(math.cos((position + 1.0) * math.pi / 4))
        self.right = np.float32(math.sin((position + 1.0) * math.pi / 4))
        self._make = _struck if timbre.decay is not None else _blown
        self._number = -1
        self._chunk: Samples = np.zeros(0, np.float32)

    @property
    def end(self) -> int:
        """The frame after the last one that it is heard in."""
        return self.tone.start + self._length

    @property
    def _length(self) -> int:
        return self.length if self._cut is None else min(self.length, self._cut + _CUT)

    @property
    def is_cut(self) -> bool:
        """Whether it was told to go."""
        return self._cut is not None

    def cut(self, frame: int) -> None:
        """Let it go from a frame on, quickly: its string is struck again, or it must make room."""
        at = max(frame - self.tone.start, 0)
        self._cut = at if self._cut is None else min(self._cut, at)

    def segment(self, first: int, count: int) -> Samples:
        """Up to `count` samples from the tone's sample `first` on; fewer where its chunk ends."""
        number = first // _CHUNK
        if number != self._number:
            self._number, self._chunk = number, self._made(number * _CHUNK)
        inside = first - number * _CHUNK
        samples = self._chunk[inside : inside + min(count, self._length - first)]
        if self._cut is None or first + len(samples) <= self._cut:
            return samples
        t = (self._cut + _CUT - 1 - np.arange(first, first + len(samples))) / _CUT
        fade = 0.5 - 0.5 * np.cos(np.pi * np.clip(t, 0.0, 1.0))
        return np.asarray(samples * fade.astype(np.float32))

    def _made(self, first: int) -> Samples:
        tone, timbre = self.tone, TIMBRES[self.tone.name]
        count = min(_CHUNK, self.length - first)
        samples = self._make(tone, first, count)
        if timbre.noise:
            samples += _breath(tone, timbre, first, count)
        self._shape(samples, first, timbre)
        return samples

    def _shape(self, samples: Samples, first: int, timbre: Timbre) -> None:
        """Let it begin and end at zero, in curves without a corner."""
        begin = self.tone.skipped
        attack = max(int(RATE * (0.01 if begin else timbre.attack)), 2)
        samples *= np.float32(timbre.gain * loudness(self.tone.velocity))
        if first < begin + attack:
            t = (np.arange(first, first + len(samples)) - begin) / attack
            samples *= (0.5 - 0.5 * np.cos(np.pi * np.clip(t, 0.0, 1.0))).astype(np.float32)
        fade = min(self.tone.release, self.length)
        ahead = self.length - first - len(samples)
        if ahead < fade:
            t = (self.length - 1 - np.arange(first, first + len(samples))) / fade
            curve = 0.5 - 0.5 * np.cos(np.pi * np.clip(t, 0.0, 1.0))
            samples *= (curve * curve).astype(np.float32)


def _amplitudes(timbre: Timbre, pitch: int, velocity: int) -> tuple[Samples, Samples]:
    """Ratios and amplitudes of the partials; a usual tone has the power of a sine of amplitude 1."""
    f = frequency(pitch)
    k = np.arange(1.0, min(max(HIGHEST / f, 1.0), 48.0) + 1.0)
    ratios = timbre.ratios(k, f) if timbre.ratios else k
    amplitudes = timbre.partials(k, f)
    heard = (ratios * f < HIGHEST) & (amplitudes > 1e-5 * amplitudes.max())
    ratios, amplitudes, k = ratios[heard], amplitudes[heard], k[heard]
    amplitudes = amplitudes / np.sqrt((amplitudes**2).sum())
    return ratios, amplitudes * k ** (timbre.tilt * min(velocity / _USUAL - 1.0, 0.4))


@functools.lru_cache(256)
def _damped(name: str, pitch: int) -> tuple[Any, Samples]:
    """Of a struck tone: the exponents of its partials a sample, and 256 samples of each."""
    timbre = TIMBRES[name]
    assert timbre.decay is not None
    f = frequency(pitch)
    ratios, _usual = _amplitudes(timbre, pitch, _USUAL)
    decays = timbre.decay(np.arange(1.0, len(ratios) + 1.0), f)
    if timbre.slow:
        ratios, decays = np.tile(ratios, 2), np.concatenate([decays, decays / 5.0])
    exponents = (-decays + 2j * np.pi * f * ratios) / RATE
    within = np.exp(exponents[:, None] * np.arange(_GRID))
    return exponents, np.concatenate([within.real, -within.imag]).astype(np.float32)


@functools.lru_cache(4096)
def _struck_amplitudes(name: str, pitch: int, velocity: int) -> Any:
    slow = TIMBRES[name].slow
    _ratios, amplitudes = _amplitudes(TIMBRES[name], pitch, velocity)
    # Begun in turns: the peaks are lower than those of all partials together would be.
    turns = np.where(np.arange(len(amplitudes)) % 3 == 1, 1j, -1j)
    shares = [amplitudes * turns * (1.0 - slow), amplitudes * turns * slow]
    return np.concatenate(shares) if slow else shares[0]


def _struck(tone: Tone, first: int, count: int) -> Samples:
    exponents, within = _damped(tone.name, tone.pitch)
    amplitudes = _struck_amplitudes(tone.name, tone.pitch, tone.velocity)
    starts = first + np.arange(-(-count // _GRID)) * float(_GRID)
    at = np.exp(starts[:, None] * exponents) * amplitudes
    rows = np.concatenate([at.real, at.imag], axis=1).astype(np.float32)
    return np.asarray((rows @ within).reshape(-1)[:count])


@functools.lru_cache(512)
def _period(name: str, pitch: int, velocity: int, bright: bool) -> Samples:
    """One period of a blown tone, its first sample again at the end."""
    timbre = TIMBRES[name]
    _ratios, amplitudes = _amplitudes(timbre, pitch, velocity)
    k = np.arange(1, len(amplitudes) + 1)
    if not bright:
        amplitudes = amplitudes * k**-1.2
    spectrum = np.zeros(_TABLE // 2 + 1, np.complex128)
    spectrum[k] = amplitudes * np.exp(1j * (-np.pi / 2 + 1.7 * (k - 1) ** 2)) * (_TABLE / 2)
    table = np.fft.irfft(spectrum)
    return np.append(table, table[0]).astype(np.float32)


def _blown(tone: Tone, first: int, count: int) -> Samples:
    timbre = TIMBRES[tone.name]
    t = np.arange(first, first + count) / RATE
    bright = _period(tone.name, tone.pitch, tone.velocity, True)
    dark = _period(tone.name, tone.pitch, tone.velocity, False)
    # A tone opens within its first tenth of a second.
    blend = (1.0 - np.exp(-t / (2.0 * timbre.attack))).astype(np.float32)
    phase = _phase(timbre, frequency(tone.pitch), t)
    samples = _read(dark, bright, blend, phase)
    if timbre.reeds:
        cents = 2.0 ** (timbre.reeds / 1200.0)
        for factor, begin in ((cents, 0.31), (1.0 / cents, 0.67)):
            other = t * (frequency(tone.pitch) * factor) + begin
            samples += np.float32(0.4) * _read(bright, bright, None, other)
    return samples


def _phase(timbre: Timbre, f: float, t: Samples) -> Samples:
    """Periods since the tone began; the vibrato comes when a tone has stood for a while."""
    phase = t * f
    if timbre.tremble and t[-1] > 0.25:
        depth = np.clip((t - 0.25) / 0.35, 0.0, 1.0)
        depth = depth * depth * (3.0 - 2.0 * depth)
        swing = f * (2.0 ** (timbre.tremble / 1200.0) - 1.0) / (2 * np.pi * timbre.tremble_rate)
        phase = phase + swing * depth * np.sin(2 * np.pi * timbre.tremble_rate * (t - 0.25))
    return phase


def _read(dark: Samples, bright: Samples, blend: Samples | None, phase: Samples) -> Samples:
    place = (phase - np.floor(phase)) * _TABLE
    number = place.astype(np.int32)
    part = (place - number).astype(np.float32)
    low = bright[number] + part * (bright[number + 1] - bright[number])
    if blend is None or blend[0] > 0.999:
        return np.asarray(low)
    deep = dark[number] + part * (dark[number + 1] - dark[number])
    return np.asarray(deep + blend * (low - deep))


@functools.lru_cache(16)
def _hiss(band: tuple[float, float]) -> Samples:
    """Noise of a band for two seconds, that can be repeated; always the same. Its power is 1/2."""
    count = 2 * RATE
    hertz = np.fft.rfftfreq(count, 1 / RATE)
    generator = np.random.Generator(np.random.PCG64(20))
    shape = np.exp(-(np.log(np.maximum(hertz, 1.0) / math.sqrt(band[0] * band[1])) ** 2)
                   / (2 * (math.log(band[1] / band[0]) / 2) ** 2))  # fmt: skip
    noise = np.fft.irfft(shape * np.exp(2j * np.pi * generator.random(len(hertz))))
    return np.asarray(noise / np.sqrt(2 * (noise**2).mean()), np.float32)


def _breath(tone: Tone, timbre: Timbre, first: int, count: int) -> Samples:
    """The noise that belongs to the tone, from a place of the noise that its pitch says."""
    if timbre.noise_decay and first > 12 * RATE * timbre.noise_decay:
        return np.zeros(count, np.float32)
    hiss = _hiss(timbre.band)
    at = (np.arange(first, first + count) + tone.pitch * 4909) % len(hiss)
    noise = hiss[at] * np.float32(timbre.noise)
    if timbre.noise_decay:
        t = np.arange(first, first + count) / (RATE * timbre.noise_decay)
        noise *= np.exp(-t).astype(np.float32)
    return noise
