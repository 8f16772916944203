"""More of a kind: what followed what in one tune draws another (a cache over its last events)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping

import numpy as np

from rnn_melody.composing.page import Page, Part, Steering
from rnn_melody.composing.pen import Pen
from rnn_melody.events import Voice
from rnn_melody.network.steps import Floats
from rnn_melody.signs import numbers_of

_LONG, _SHORT = 0.7, 0.3
"""What counts what followed the last two tones, and what followed the last."""


def drawn_to(pen: Pen, voice: Voice, strength: float) -> Steering | None:
    """What steers towards a tune's intervals and rhythms, with a share of `strength`; None where
    that is nothing."""
    if strength <= 0 or len(voice) < 2:
        return None
    tones, lengths, places = numbers_of(voice, pen.model.signs)
    after: Mapping[Hashable, Counter[int]] = defaultdict(Counter)
    for number in range(1, len(tones)):
        tone, length = int(tones[number]), int(lengths[number])
        after["tone", int(tones[number - 1])][tone] += 1
        if number > 1:
            after["tone", int(tones[number - 2]), int(tones[number - 1])][tone] += 1
        after["length", _place_in_bar(voice, int(places[number]))][length] += 1

    def steer(page: Page, part: Part, logits: Floats) -> None:
        for place, row in enumerate(page.rows.tolist()):
            events = page.events[row]
            last = [tone for tone, _units in events[-2:]]
            if part == "tone":
                contexts: list[tuple[float, Hashable]] = [
                    (_LONG, ("tone", *last) if len(last) == 2 else None),
                    (_SHORT, ("tone", last[-1]) if last else None),
                ]
            else:
                at = int(page.places[place] - page.frame.starts[page.bars[place]])
                contexts = [(1.0, ("length", at))]
            cache = _cache(after, contexts, logits.shape[1])
            if cache is not None:
                _mix(logits[place], cache, strength)

    return steer


def _place_in_bar(voice: Voice, place: int) -> int:
    return next(place - bar.start for bar in voice.bars if bar.start <= place < bar.stop)


def _cache(
    after: Mapping[Hashable, Counter[int]], contexts: list[tuple[float, Hashable]], width: int
) -> Floats | None:
    """The shares of what followed; None where nothing did."""
    found, whole = np.zeros(width, np.float32), 0.0
    for weight, context in contexts:
        counts = after.get(context)
        if not counts:
            continue
        total = sum(counts.values())
        for symbol, count in counts.items():
            found[symbol] += weight * count / total
        whole += weight
    return found / whole if whole else None


def _mix(logits: Floats, cache: Floats, strength: float) -> None:
    chances = np.exp(logits - logits.max())
    chances /= chances.sum()
    mixed = (1 - strength) * chances + strength * np.where(chances > 0, cache, 0)
    with np.errstate(divide="ignore"):
        logits[:] = np.log(mixed)
