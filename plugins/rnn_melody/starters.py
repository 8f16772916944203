"""What can be done at once on an empty board: cards of the first screen."""

from __future__ import annotations

from aigc_studio.api import KeySignature, Melody, Metre, Note, Piece, Starter, Tempo

_FIDDLE = "fiddle"
_EIGHTH = 240
_LITTLE = (
    (62, 66, 69, 69, 66, 62), (64, 67, 71, 71, 69, 67), (69, 66, 62, 64, 66, 67), (69, 66, 62),
    (62, 66, 69, 74, 71, 69), (71, 69, 67, 66, 64, 62), (64, 66, 67, 69, 67, 64), (66, 64, 62),
)  # fmt: skip
"""A little tune of our own in D, a bar a line: eighths, and at the ends of its halves one long."""
_JIG = (
    (74, 71, 67, 67, 71, 74), (76, 74, 71, 74, 78, 81), (79, 76, 73, 76, 73, 69), (74, 69, 66),
    (62, 66, 69, 74, 69, 66), (67, 71, 74, 76, 74, 71), (73, 76, 79, 78, 76, 73), (74, 78, 74),
)  # fmt: skip
"""Another, which goes up and down as jigs do: what its card shows."""


def _tune(bars: tuple[tuple[int, ...], ...]) -> Melody:
    notes = list[Note]()
    for bar, pitches in enumerate(bars):
        for number, pitch in enumerate(pitches):
            long = len(pitches) == 3 and number == 2
            start = (6 * bar + number) * _EIGHTH
            notes.append(Note(start, _EIGHTH * (4 if long else 1), pitch))
    return Melody(
        tuple(notes),
        program=40,
        tempos=(Tempo(0, 357_143),),
        metres=(Metre(0, 6, 8),),
        keys=(KeySignature(0, 2, "major"),),
    )


STARTERS = (
    Starter(
        id="compose",
        title={"en": "Compose a tune", "zh": "作一首曲子"},
        help={
            "en": "A jig in D. Or type another dance, key, length.",
            "zh": "一首 D 大调吉格。可换成别的舞曲、调或小节数。",
        },
        operation="generate",
        prompt={"en": "jig in D, 16 bars", "zh": "D 大调吉格，16 小节"},
        picture=Piece(artifact=_tune(_JIG)),
        model=_FIDDLE,
    ),
    Starter(
        id="recompose",
        title={"en": "Recompose two bars", "zh": "重写两个小节"},
        help={
            "en": "Bars 3 and 4 are marked: hear what else fits there.",
            "zh": "第 3、4 小节已标出：听听还有什么能与前后衔接。",
        },
        operation="recompose",
        pieces=(
            Piece(
                artifact=_tune(_LITTLE),
                marked=(3, 4),
                name={"en": "A little tune", "zh": "一首小曲"},
            ),
        ),
        model=_FIDDLE,
    ),
)
