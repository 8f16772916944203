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
from dataclasses import dataclass
from typing import Any

import numpy as np

from aigc_studio.sound.timbres import TIMBRES, Timbre, Values

Samples = np.ndarray[Any, np.dtype[np.float32]]

RATE = 44_100
"""Samples a second."""

HIGHEST = 18_000.0
"""The highest partial, in hertz."""

_GRID = 256
"""Samples that one row of a struck tone's product has."""

_TABLE = 4096

USUAL = 80
"""The velocity whose loudness and brightness a timbre describes."""


def frequency(pitch: float) -> float:
    """Of a MIDI pitch, in hertz: equal temperament, 69 is 440."""
    return float(440.0 * 2.0 ** ((pitch - 69.0) / 12.0))


def loudness(velocity: int) -> float:
    """The amplitude of a velocity (0 to 127), 1 for the usual one."""
    return float((velocity / USUAL) ** 1.5)


@dataclass(frozen=True)
class Tone:
    """What sounds from a frame to another (half-open), when the release begins.

    `name` is the instrument here, `program` the General MIDI one that it stands for. `skipped`: so
    many frames of its beginning are not heard: it was sounding already.
    """

    start: int
    stop: int
    pitch: int
    velocity: int
    name: str
    skipped: int = 0
    program: int = 0

    @property
    def release(self) -> int:
        """Frames that it sounds on after `stop`."""
        return int(RATE * TIMBRES[self.name].release)

    @property
    def end(self) -> int:
        """The frame after its last."""
        sounds = self.stop - self.start + self.release
        return self.start + min(sounds, _heard(self.name, self.pitch))


@functools.lru_cache(4096)
def _heard(name: str, pitch: int) -> int:
    """After how many frames a tone that decays cannot be heard any more (-90 dB)."""
    decay = TIMBRES[name].decay
    if decay is None:
        return 1 << 60
    slowest = float(decay(np.ones(1), frequency(pitch))[0])
    return int(RATE * 10.4 / (slowest / 5.0 if TIMBRES[name].slow else slowest))


def _amplitudes(timbre: Timbre, pitch: int, velocity: int) -> tuple[Values, Values]:
    """Ratios and amplitudes of the partials; a usual tone has the power of a sine of 1."""
    f = frequency(pitch)
    k = np.arange(1.0, min(max(HIGHEST / f, 1.0), 48.0) + 1.0)
    ratios = timbre.ratios(k, f) if timbre.ratios else k
    amplitudes = timbre.partials(k, f)
    heard = (ratios * f < HIGHEST) & (amplitudes > 1e-5 * amplitudes.max())
    ratios, amplitudes, k = ratios[heard], amplitudes[heard], k[heard]
    amplitudes = amplitudes / np.sqrt((amplitudes**2).sum())
    return ratios, amplitudes * k ** (timbre.tilt * min(velocity / USUAL - 1.0, 0.4))


@functools.lru_cache(256)
def _damped(name: str, pitch: int) -> tuple[Any, Samples]:
    """Of a struck tone: the exponents of its partials a sample, and 256 samples of each."""
    timbre = TIMBRES[name]
    assert timbre.decay is not None
    f = frequency(pitch)
    ratios, _usual = _amplitudes(timbre, pitch, USUAL)
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


def struck(tone: Tone, first: int, count: int) -> Samples:
    """`count` samples of a struck tone from `first` on, which is a multiple of 256."""
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


def blown(tone: Tone, first: int, count: int) -> Samples:
    """`count` samples of a blown tone from `first` on."""
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


def _phase(timbre: Timbre, f: float, t: Values) -> Values:
    """Periods since the tone began; the vibrato comes when a tone has stood for a while."""
    phase = t * f
    if timbre.tremble and t[-1] > 0.25:
        depth = np.clip((t - 0.25) / 0.35, 0.0, 1.0)
        depth = depth * depth * (3.0 - 2.0 * depth)
        swing = f * (2.0 ** (timbre.tremble / 1200.0) - 1.0) / (2 * np.pi * timbre.tremble_rate)
        phase = phase + swing * depth * np.sin(2 * np.pi * timbre.tremble_rate * (t - 0.25))
    return phase


def _read(dark: Samples, bright: Samples, blend: Samples | None, phase: Values) -> Samples:
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


def breath(tone: Tone, timbre: Timbre, first: int, count: int) -> Samples:
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
