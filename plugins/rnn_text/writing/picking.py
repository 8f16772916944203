"""What may come next at a place: whole words with their probabilities, or characters.

The words are found exactly, by the likeliest way first (a uniform-cost search over the net's
characters, several ways to a step): nothing that was not looked at can be likelier than what is
shown.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field

import numpy as np

from aigc_studio.toolkit.sequences import probabilities
from rnn_text.network.stepping import Floats, State
from rnn_text.writing.ends import is_word, joins, stands_alone
from rnn_text.writing.pen import Numbers, Pen

_TOGETHER = 12
"""So many ways are followed at once."""

_STEPS = 28
"""So many times, at most: some 25 ms."""

_BRANCHES = 24
"""So many symbols are looked at after each way."""


@dataclass(order=True)
class _Way:
    """The beginning of a piece: `chance` that the text goes on so, negative for the heap."""

    chance: float
    text: str
    outputs: Floats = field(compare=False)
    state: State = field(compare=False)


def next_pieces(pen: Pen, left: Numbers, count: int, *, tail: str = "") -> list[tuple[str, float]]:
    """The `count` likeliest pieces after `left` with their probabilities, the likeliest first.

    A piece is a word with the space before it, what is missing of a word that `tail` (the end of
    the text itself) stops in, a sign, a line break, or a character of a script without spaces.
    """
    outputs, state = pen.read(left)
    found: dict[str, float] = {}
    ways = [_Way(-1.0, "", outputs, state)]
    for _step in range(_STEPS):
        if not ways or (len(found) >= count and _nth(found, count) >= -ways[0].chance):
            break
        chosen = [heapq.heappop(ways) for _n in range(min(_TOGETHER, len(ways)))]
        _follow(pen, chosen, ways, found, tail)
    ranked = sorted(found.items(), key=lambda each: (-each[1], each[0]))
    return ranked[:count]


def _nth(found: dict[str, float], count: int) -> float:
    return sorted(found.values(), reverse=True)[count - 1]


def _follow(
    pen: Pen, chosen: list[_Way], ways: list[_Way], found: dict[str, float], tail: str
) -> None:
    """Look a symbol further along some ways: what is whole goes to `found`, the rest to `ways`."""
    logits = pen.steps.logits(np.concatenate([each.outputs for each in chosen]))
    logits[:, ~pen.allowed] = -np.inf
    chances = probabilities(logits)
    least = _least(found)
    going: list[tuple[int, int, float, str]] = []
    for row, way in enumerate(chosen):
        over = 0.0
        ranked = np.argsort(-chances[row], kind="stable")
        for number, symbol in enumerate(ranked.tolist()):
            piece, chance = pen.pieces[symbol], -way.chance * float(chances[row, symbol])
            inside = _goes_on(way.text or tail, piece)
            if way.text.strip() and not inside:
                over += chance
            elif chance < least or number >= _BRANCHES:
                continue
            elif _is_whole(way.text, piece, inside):
                found[way.text + piece] = found.get(way.text + piece, 0.0) + chance
            else:
                going.append((row, symbol, chance, way.text + piece))
        if over:
            found[way.text] = found.get(way.text, 0.0) + over
    if going:
        rows = np.array([each[0] for each in going])
        states = tuple(
            np.concatenate(parts)[rows] for parts in zip(*(e.state for e in chosen), strict=True)
        )
        outputs, states = pen.steps.advance(np.array([each[1] for each in going]), states)
        for place, (_row, _symbol, chance, text) in enumerate(going):
            one = slice(place, place + 1)
            heapq.heappush(
                ways, _Way(-chance, text, outputs[one], tuple(part[one] for part in states))
            )


def _least(found: dict[str, float]) -> float:
    """Nothing below it is worth following: it could not come among the first twenty."""
    return 1e-4 if len(found) < 20 else max(1e-4, _nth(found, 20))


def _goes_on(before: str, piece: str) -> bool:
    """Whether a piece is more of the word that was begun before it."""
    if not before or not piece or before[-1].isspace():
        return False
    return joins(before[-1], piece[0])


def _is_whole(text: str, piece: str, inside: bool) -> bool:
    """Whether a piece after a beginning of nothing but space is all there is to say."""
    if inside or (piece.isspace() and "\n" not in piece):
        return False
    last = piece[-1]
    return not is_word(last) or stands_alone(last)
