"""What a net composes while it learns, from the same seed every time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch

from aigc_studio.api import Preview
from aigc_studio.toolkit.sequences import Chances, sample
from rnn_melody.events import Manner, Voice, regular_bars, to_melody
from rnn_melody.network.net import Writer
from rnn_melody.signs import HOLD_SIGN, NO_TONE, REMAINING, Frame, Score, agreement, joined

_SEED = 1883
_HEAT = 0.9
_BARS = 8
_TITLE = {"en": "Composed so far", "zh": "目前作出的曲子"}


def composed(writer: Writer, about: Mapping[str, Any]) -> Preview:
    """Eight bars in the metre and the key that the most tunes have."""
    metres, modes, tonics = (about.get(name) or {} for name in ("metres", "modes", "tonics"))
    metre = next(iter(metres), "4/4")
    mode = next(iter(modes), "major")
    tonic = int(max(tonics, key=tonics.__getitem__, default="0"))
    frame = Frame(regular_bars(metre, _BARS), writer.signs, tonic, mode)
    voice = draw(writer, frame, tonic, mode)
    manner = Manner(microseconds=int(about.get("microseconds", 500_000)))
    return Preview(to_melody(voice, manner), title=_TITLE)


@torch.no_grad()
def draw(writer: Writer, frame: Frame, tonic: int, mode: str, seed: int = _SEED) -> Voice:
    """One tune in this frame."""
    signs, was_training = writer.signs, writer.training
    writer.eval()
    chances, state, place = Chances(seed, 1), None, 0
    score, runs = Score(1, frame.length), np.zeros((1, len(signs.lags)), np.int64)
    before, row = np.zeros((1, 3), np.int64), np.zeros(1, np.int64)
    tones, lengths, places = list[int](), list[int](), list[int]()
    while place < frame.length:
        here = np.array([place])
        looked = score.look(row, frame.earlier(here), signs)
        inputs = torch.from_numpy(joined(before, frame.at(here), looked, runs))[None]
        outputs, state = writer.outputs(inputs, state)
        flat = writer.length_logits(outputs[:, 0], inputs[:, 0, REMAINING])
        length = sample(flat, chances.next(), temperature=_HEAT)
        logits = writer.tone_logits(outputs[:, 0], length)
        logits[:, NO_TONE] = -torch.inf
        if not tones:
            logits[:, HOLD_SIGN] = -torch.inf
        tone = sample(logits, chances.next(), temperature=_HEAT)
        drawn = tone.numpy(), length.numpy()
        runs = (runs + 1) * agreement(looked, *drawn)
        units = signs.durations[int(length)]
        score.put(0, place, int(tone), units)
        before = np.array([[int(tone), before[0, 0], int(length) + 1]])
        tones.append(int(tone))
        lengths.append(units)
        places.append(place)
        place += units
    writer.train(was_training)
    base = 60 + (tonic - 60) % 12
    pitches = tuple(signs.pitch(each, base) for each in tones)
    return Voice(pitches, tuple(lengths), tuple(places), frame.bars, tonic, mode)
