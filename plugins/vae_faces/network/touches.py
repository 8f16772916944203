"""Touches: what shows an attribute in pictures, and is left out of what the decoder draws of it.

A decoder draws what is faint and small, a mouth of eight by three pixels, as what is most like all
mouths: they differ by a few grey levels, and so little is to be won there. What is left out is the
same wherever an option is, so it can be counted once the net has learnt: the mean of what pictures
have beyond their drawings, by attribute and place (ridge regression on the attributes). The few
places at which the greatest part of an attribute is left out are kept, and added to each drawing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import torch
from torch import Tensor, nn

_RIDGE = 10.0
"""Pictures' worth of doubt that an option leaves anything out."""
_CHANCE = 2.0
"""What is left out must be more than this many times what chance would have left out."""
_NEVER = -1


class Touches(nn.Module):
    """`count` touches: of a number of the codes, at a place, so much of each channel.

    Codes (n, traits) are taken from what they are on average. Not yet fitted it adds nothing.
    """

    columns: Tensor
    places: Tensor
    values: Tensor

    def __init__(self, count: int, channels: int, side: int) -> None:
        super().__init__()
        self.side = side
        # Places are counted row by row; a side has 128 pixels at most.
        self.register_buffer("columns", torch.full((count,), _NEVER, dtype=torch.int16))
        self.register_buffer("places", torch.zeros(count, dtype=torch.int16))
        self.register_buffer("values", torch.zeros(count, channels))

    @property
    def is_fitted(self) -> bool:
        """Whether it was ever looked at what is left out."""
        return int(self.columns[0]) != _NEVER

    def forward(self, told: Tensor) -> Tensor:
        """What is added to drawings, (n, channels, side, side), of `told` (n, traits): codes less
        what they are on average."""
        # Whoever wrote the file: what lies outside is taken for the nearest that is there.
        columns = self.columns.long().clamp(0, told.shape[1] - 1)
        places = self.places.long().clamp(0, self.side**2 - 1)
        parts = told[:, columns][:, None] * self.values.T
        empty = told.new_zeros(len(told), self.values.shape[1], self.side**2)
        found = empty.index_add(2, places, parts)
        return found.view(*found.shape[:2], self.side, self.side)

    @torch.no_grad()
    def fit(self, told: Tensor, drawn: Tensor, values: Tensor, traits: Sequence[slice]) -> None:
        """Fit this to pictures `values` (n, c, side, side), what is `drawn` of them without
        touches, and what is `told` of them (n, traits), in which each trait has a slice."""
        missing, chance = _regressed(told, (values - drawn).flatten(2))
        seen, by_chance = _regressed(told, values.flatten(2))
        worth = []
        for place in traits:
            free = max(place.stop - place.start - 1, 1) * _CHANCE
            left_out = _strength(told, missing, place) - free * chance
            shown = _strength(told, seen, place) - free * by_chance
            # Of all that shows it, how much is left out here.
            worth.append(left_out.clamp_min(0) / shown.clamp_min(0).sum().clamp_min(1e-9))
        self.columns.zero_()
        self.places.zero_()
        self.values.zero_()
        found = list(self._chosen(torch.stack(worth), traits))
        if found:
            columns, places = torch.tensor(found).T
            self.columns[: len(found)] = columns.to(self.columns)
            self.places[: len(found)] = places.to(self.places)
            self.values[: len(found)] = missing[columns, :, places].to(self.values)

    def _chosen(self, worth: Tensor, traits: Sequence[slice]) -> Iterator[tuple[int, int]]:
        """The numbers of codes, and places, that are worth the most (`worth` is (traits, places)),
        as many as there is room for; all of a trait at a place, or none."""
        room = len(self.columns)
        values, order = worth.flatten().sort(descending=True)
        for value, index in zip(values[:room].tolist(), order[:room].tolist(), strict=True):
            number, place = divmod(index, worth.shape[1])
            columns = range(traits[number].start, traits[number].stop)
            room -= len(columns)
            if value <= 0 or room < 0:
                return
            yield from ((column, place) for column in columns)


def _regressed(told: Tensor, seen: Tensor) -> tuple[Tensor, Tensor]:
    """How much of `seen` (n, c, places) goes with each number that is told, (traits, c, places);
    and how strong (places,) a number that says nothing would seem to be by chance."""
    apart = (seen - seen.mean(dim=0)).flatten(1)
    doubt = _RIDGE * torch.eye(told.shape[1])
    weights = torch.linalg.solve(told.T @ told + doubt, told.T @ apart)
    left = (apart - told @ weights).square().mean(dim=0) / len(told)
    return weights.unflatten(1, seen.shape[1:]), left.view(seen.shape[1:]).sum(dim=0)


def _strength(told: Tensor, weights: Tensor, place: slice) -> Tensor:
    """The mean square (places,) of what one trait adds to pictures, over all channels."""
    added = torch.einsum("nt,tcp->ncp", told[:, place], weights[place])
    return added.square().sum(dim=1).mean(dim=0)
