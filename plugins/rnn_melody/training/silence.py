"""Tunes between long silences: a part of a score waits for bars, and learns nothing from that."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from rnn_melody.events import REST, Voice

LONGEST = 3
"""More empty bars than this end a tune; what comes after them is another."""


def tunes_of(voice: Voice) -> Iterator[Voice]:
    """The tunes of a voice, without the empty bars before and behind them."""
    sounding = _sounding_bars(voice)
    first = last = -1
    for bar in sounding:
        if first >= 0 and bar - last > LONGEST + 1:
            yield excerpt(voice, first, last + 1)
            first = bar
        first = bar if first < 0 else first
        last = bar
    if first >= 0:
        yield excerpt(voice, first, last + 1)


def excerpt(voice: Voice, first: int, stop: int) -> Voice:
    """The bars from number `first` to `stop`, counted from 0, as a voice of its own."""
    if first == 0 and stop == len(voice.bars):
        return voice
    begin, end = voice.bars[first].start, voice.bars[stop - 1].stop
    chosen = [number for number, place in enumerate(voice.places) if begin <= place < end]
    return replace(
        voice,
        pitches=tuple(voice.pitches[number] for number in chosen),
        durations=tuple(voice.durations[number] for number in chosen),
        places=tuple(voice.places[number] - begin for number in chosen),
        bars=tuple(replace(bar, start=bar.start - begin) for bar in voice.bars[first:stop]),
    )


def _sounding_bars(voice: Voice) -> Iterator[int]:
    """The numbers of the bars in which something sounds, ascending."""
    bar, told = 0, -1
    for pitch, place in zip(voice.pitches, voice.places, strict=True):
        while place >= voice.bars[bar].stop:
            bar += 1
        if pitch != REST and bar != told:
            told = bar
            yield bar
