"""More of a kind: the words and turns of one text draw another, by a cache of what followed what.

Where the net stands as it stood somewhere in that text, what came next there becomes likelier
(a continuous cache, Grave, Joulin and Usunier 2017).
"""

from __future__ import annotations

import numpy as np

from aigc_studio.toolkit.sequences import WholeMatrix
from rnn_text.model import Model
from rnn_text.network.stepping import Floats
from rnn_text.writing.pen import Page, Pen, Steering
from rnn_text.writing.prompts import Reading, numbers, read

_LONGEST = 3000
"""So many symbols of a text draw another."""
_SHARPNESS = 24.0
"""How much more a place counts where the net stands more alike."""


def drawn_to(pen: Pen, model: Model, text: str, strength: float) -> Steering | None:
    """What steers towards a text, with a share of `strength`; None where that is nothing."""
    reading = read(text, model.alphabet)
    symbols = numbers(Reading(reading.text), model.alphabet)[:_LONGEST]
    if strength <= 0 or len(symbols) < 2:
        return None
    followed, places = symbols, _directions(_outputs(pen, symbols))
    products = WholeMatrix(places, bounded=False)

    def steer(page: Page, logits: Floats) -> None:
        likeness = products(_directions(page.outputs)) * np.float32(_SHARPNESS)
        weights = np.exp(likeness - likeness.max(1, keepdims=True))
        cache = np.zeros_like(logits)
        for row, weight in enumerate(weights):
            cache[row] = np.bincount(followed, weight, logits.shape[1])
        cache /= cache.sum(1, keepdims=True)
        chances = np.exp(logits - logits.max(1, keepdims=True))
        chances /= chances.sum(1, keepdims=True)
        mixed = (1 - strength) * chances + strength * np.where(chances > 0, cache, 0)
        with np.errstate(divide="ignore"):
            logits[:] = np.log(mixed)

    return steer


def _outputs(pen: Pen, symbols: np.ndarray) -> Floats:
    """The outputs before each symbol: (n, width)."""
    found, state = [], pen.steps.start(1)
    outputs, state = pen.read(symbols[:0])
    for place in range(len(symbols)):
        found.append(outputs)
        outputs, state = pen.steps.advance(symbols[place : place + 1], state)
    return np.concatenate(found)


def _directions(outputs: Floats) -> Floats:
    lengths = np.sqrt((outputs * outputs).sum(1, keepdims=True))
    directions: Floats = outputs / np.maximum(lengths, np.float32(1e-6))
    return directions
