"""The symbols of a model's alphabet by how they sound: what may stand where a rhyme is due."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from rnn_text.verse.readings import (
    Tone,
    characters_of,
    group_names,
    groups_of,
    tone_of_group,
    tones_of,
)

Mask = np.ndarray[Any, np.dtype[np.bool_]]
_fewest = 12
"""A rhyme is begun only in a group of which the alphabet has so many characters."""


class Sounds:
    """Which symbols are Chinese characters, of which tones and rhyme groups: masks (symbols,)."""

    def __init__(self, symbols: Sequence[str]) -> None:
        self.symbols = tuple(symbols)
        self.characters: Mask = np.array([_is_character(each) for each in symbols], np.bool_)
        self._numbers = {each: number for number, each in enumerate(symbols) if each}
        tones = [tones_of(each) if each else frozenset[Tone]() for each in symbols]
        self.tones: dict[Tone, Mask] = {
            tone: np.array([tone in each for each in tones], np.bool_)
            for tone in ("level", "oblique")
        }
        self._groups = {name: self._mask(characters_of(name)) for name in group_names()}

    def _mask(self, characters: Iterable[str]) -> Mask:
        mask = np.zeros(len(self.symbols), np.bool_)
        mask[[self._numbers[each] for each in characters if each in self._numbers]] = True
        return mask

    @functools.cache  # noqa: B019  (one for each open model)
    def rhyming(self, groups: frozenset[str]) -> Mask:
        """The symbols in any of some groups."""
        masks = [self._groups[name] for name in groups if name in self._groups]
        return np.any(masks, 0) if masks else np.zeros(len(self.symbols), np.bool_)

    @functools.cache  # noqa: B019
    def beginning(self, tone: Tone | None) -> frozenset[str]:
        """The groups that a rhyme may be begun in: large ones, of one tone or of both."""
        return frozenset(
            name
            for name, mask in self._groups.items()
            if mask.sum() >= _fewest and tone in (None, tone_of_group(name))
        )

    def groups(self, number: int) -> frozenset[str]:
        """The rhyme groups of a symbol."""
        return groups_of(self.symbols[number])


def _is_character(symbol: str) -> bool:
    return len(symbol) == 1 and (
        "\u3400" <= symbol <= "\u9fff" or "\U00020000" <= symbol <= "\U0003ffff"
    )
