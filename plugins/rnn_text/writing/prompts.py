"""What a person wrote, as the model can read it: what it does not know is mapped or left out.

Nothing is changed in the person's own text: this is about what the net sees of it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from aigc_studio.api import Message
from aigc_studio.toolkit.sequences import name_pieces, simplified, traditional

if TYPE_CHECKING:
    import numpy as np

    from rnn_text.alphabet import Alphabet

_LIKE = {
    "“": '"', "”": '"', "„": '"', "‟": '"', "«": '"', "»": '"', "「": "“", "」": "”", "『": "‘",
    "』": "’", "‘": "'", "’": "'", "‚": "'", "‛": "'", "`": "'", "´": "'", "′": "'", "″": '"',
    "‐": "-", "‑": "-", "–": "-", "—": "--", "―": "--", "−": "-", "…": "...", "\t": " ",
    "\u00a0": " ", "\u3000": " ", "\u2028": "\n", "\u2029": "\n", "\r\n": "\n", "\r": "\n",
    "æ": "ae", "Æ": "Ae", "œ": "oe", "Œ": "Oe", "ß": "ss", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L",
    "đ": "d", "ð": "d", "þ": "th", "ı": "i", "，": ",", "。": ".", "、": ",", "！": "!", "？": "?",
    "；": ";", "：": ":", "（": "(", "）": ")",
}  # fmt: skip
"""How a character may be written by others, where the forms that Unicode knows do not help."""


@dataclass
class Reading:
    """A text as a model reads it: `text` has only what it knows; what was done for that."""

    text: str
    mapped: dict[str, str] = field(default_factory=dict)
    left_out: dict[str, int] = field(default_factory=dict)


def read(text: str, alphabet: Alphabet) -> Reading:
    """A text for a model of this alphabet.

    What it does not know is brought to the nearest that it does: a compatibility form, without its
    accents, another case, other quotes and dashes, simplified of traditional characters and the
    other way round. What is left is left out.
    """
    unknown = alphabet.unknown(text)
    if not unknown:
        return Reading(text)
    found = Reading("")
    pieces = []
    for piece in alphabet.pieces(text):
        if piece not in unknown:
            pieces.append(piece)
            continue
        near = found.mapped.get(piece)
        if near is None and piece not in found.left_out:
            near = _nearest(piece, alphabet)
        if near is None:
            found.left_out[piece] = found.left_out.get(piece, 0) + 1
        else:
            found.mapped[piece] = near
            pieces.append(near)
    found.text = "".join(pieces)
    return found


def notices(readings: Iterable[Reading]) -> Iterator[Message]:
    """One sentence on all that was mapped or left out; nothing where the model knows it all."""
    mapped: dict[str, str] = {}
    left_out: dict[str, int] = {}
    for each in readings:
        mapped |= each.mapped
        left_out |= each.left_out
    # Spaces and line breaks, of which verse has learnt none, are nobody's concern.
    mapped = {piece: near for piece, near in mapped.items() if piece.strip() and near.strip()}
    left_out = {piece: count for piece, count in left_out.items() if piece.strip()}
    english, chinese = [], []
    if mapped:
        named = name_pieces(f"{piece} → {near}" for piece, near in mapped.items())
        english.append(f"reads as others: {named['en']}")
        chinese.append(f"以相近字符代替：{named['zh']}")
    if left_out:
        named = name_pieces(left_out)
        english.append(f"leaves out: {named['en']}")
        chinese.append(f"略去：{named['zh']}")
    if english:
        yield Message(
            {
                "en": "There are characters that the model does not know. It "
                f"{', and it '.join(english)}.",
                "zh": f"有模型不认识的字符。{'；'.join(chinese)}。",
            }
        )


def _nearest(piece: str, alphabet: Alphabet) -> str | None:
    """What the alphabet knows that is most like a piece; None where nothing is."""
    for near in _forms(piece):
        if near and near != piece and not alphabet.unknown(near):
            return near
    return None


def _forms(piece: str) -> Iterator[str]:
    """Other ways of writing a piece, the nearest first."""
    composed = unicodedata.normalize("NFC", piece)
    compatible = unicodedata.normalize("NFKC", piece)
    yield from (composed, unicodedata.normalize("NFD", piece), compatible)
    yield from (simplified(compatible), traditional(compatible))
    yield _LIKE.get(piece, "")
    yield _LIKE.get(compatible, "")
    bare = _without_marks(compatible)
    yield bare
    for each in (compatible, bare, _LIKE.get(piece, "")):
        yield from (each.lower(), each.upper(), each.casefold(), each.capitalize())


@lru_cache(4096)
def _without_marks(piece: str) -> str:
    apart = unicodedata.normalize("NFD", piece)
    return unicodedata.normalize("NFC", "".join(e for e in apart if not unicodedata.combining(e)))


def numbers(reading: Reading, alphabet: Alphabet) -> np.ndarray[Any, np.dtype[np.int64]]:
    """The numbers of what was read, without any that is unknown still."""
    found = alphabet.encode(reading.text)
    known: np.ndarray[Any, np.dtype[np.int64]] = found[found != 0]
    return known
