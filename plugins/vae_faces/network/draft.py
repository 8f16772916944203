"""The draft: what attributes alone say of a picture, before anything is learnt step by step.

A picture whose attributes are known is nearly a sum: of what each of them shows, and of what two or
three show together, such as hair of a colour, or a collar under a beard (an analysis of variance,
Fisher 1925, of principal components by ridge regression, Hoerl and Kennard 1970). Which of them
belong together is found in the pictures, the strongest first, as long as they explain more than
chance would. Pictures of which attributes leave much open (hair that is long, but how?) count less
(weighted least squares, Aitken 1936), or the others would show a shadow of it. That takes seconds,
and the nets learn what is left over.

Of the rest the components are only read, into the first numbers of a point, and not drawn: what
they are to say is no sum, and a sum of it would show ghosts of what others have.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from itertools import combinations

import torch
from torch import Tensor, nn

from vae_faces.traits import Trait, Traits

ROWS = 640
"""Cells, of single traits and of those that belong together, that a new draft has room for."""
_GROUPS = 24
"""Pairs and threes of traits, at most."""
_TOGETHER = 3
_COMBINED = 16
"""Traits whose pairs and threes are tried, the first ones: of 48 there were 18,000."""
_NONE = -1
_RIDGE = 0.3
"""Pictures' worth of doubt that a cell shows anything of its own."""
_DOUBT = 3.0
"""The same while groups are only compared."""
_CHANCE = 1.5
"""A group explains more than this many times what chance would, or is left out."""
_SUREST = 0.05
"""Of what is left open of a picture on average: of none is it taken to be less."""
_DEARER = 0.8
"""A group of three is worth so much of a pair that explains as much."""
_TRIED = 64
"""Threes that are compared again once a group was taken, the best of the time before; there may be
five hundred. Pairs all are."""
_SEEN = 32
"""Scores by which groups are compared, those of the strongest components."""
_FULL = 4
"""Pictures for each cell of a group, at least, on average."""
_LEAST = 0.02
"""Of the way along which what is left differs most: along no other is less read."""
_FARTHEST = 4.0
"""No number that is read lies farther out: where attributes were misread, all would."""


class Draft(nn.Module):
    """Draws scores (n, count) of principal components (`network.sketch`) from codes of `traits`,
    and reads the rest of them as `numbers` numbers of a point. `rows` is the room for cells.

    Nothing in it is learnt step by step. Not yet fitted it says 0.
    """

    groups: Tensor
    weights: Tensor
    ways: Tensor
    open: Tensor
    fitted: Tensor

    def __init__(self, traits: Traits, rows: int, count: int, numbers: int) -> None:
        super().__init__()
        self.traits = traits
        self.register_buffer("groups", torch.full((_GROUPS, _TOGETHER), _NONE, dtype=torch.int16))
        self.register_buffer("weights", torch.zeros(rows, count))
        self.register_buffer("ways", torch.zeros(numbers, count))
        self.register_buffer("open", torch.zeros(traits.width + 1))
        self.register_buffer("fitted", torch.zeros(1, dtype=torch.int64))

    @property
    def is_fitted(self) -> bool:
        """Whether it knows any pictures."""
        return bool(self.fitted)

    def forward(self, codes: Tensor) -> Tensor:
        """Scores (n, count) of codes (n, traits)."""
        cells = self._cells(codes, list(self._chosen()))[:, : len(self.weights)]
        return cells @ self.weights[: cells.shape[1]]

    def spread(self, codes: Tensor) -> Tensor:
        """How much attributes leave open of a picture, (n, 1), 1 for most at the most: numbers of a
        point are worth so much, or short hair would show how hair is long."""
        told = (self._cells(codes, []) @ self.open)[:, None] / 2
        return told.exp().clamp(_LEAST, 1.0)

    def numbers(self, scores: Tensor, codes: Tensor) -> Tensor:
        """What codes (n, traits) leave over of scores (n, count), as standard normal numbers (n,
        numbers)."""
        rest: Tensor = (scores - self(codes)) @ self.ways.T / self.spread(codes)
        return rest.clamp(-_FARTHEST, _FARTHEST)

    @torch.no_grad()
    def fit(self, codes: Tensor, scores: Tensor) -> None:
        """Find what codes (n, traits) say of scores (n, count), and what belongs together."""
        groups: list[tuple[int, ...]] = []
        options, alone = self._options(codes), self._cells(codes, groups)[:, : len(self.weights)]
        cells, tried = alone, list(self._groups())
        while True:
            weights, left, certain = _regressed(cells, scores, alone)
            if len(groups) == _GROUPS:
                break
            worth = {g: _worth(options, g, left[:, :_SEEN], certain) for g in tried}
            tried = _foremost(sorted(tried, key=worth.__getitem__, reverse=True))
            found = self._fitting(options, tried, worth, groups, cells.shape[1])
            if found is None:
                break
            groups.append(found)
            cells = torch.cat([cells, _cell(options, found)], dim=1)
        self.groups.fill_(_NONE)
        for row, group in zip(self.groups, groups, strict=False):
            row[: len(group)] = torch.tensor(group, dtype=torch.int16)
        self.weights.zero_()
        self.weights[: len(weights)] = weights
        every = self._cells(codes, [])
        self.open.copy_(_left_open(every, left))
        self.open[0] -= (every @ self.open).max()
        self.ways.copy_(_ways(left / self.spread(codes), len(self.ways)))
        self.fitted.fill_(1)

    def _fitting(
        self,
        options: list[Tensor],
        tried: list[tuple[int, ...]],
        worth: Mapping[tuple[int, ...], float],
        taken: list[tuple[int, ...]],
        cells: int,
    ) -> tuple[int, ...] | None:
        """The first of those `tried` that is worth anything, is not taken, has enough pictures for
        each of its cells, and has room beside the `cells` that there are; or None."""
        pictures = len(options[0])
        for group in tried:
            width = _width(options, group)
            fits = width * _FULL <= pictures and cells + width <= len(self.weights)
            if worth[group] > 0 and group not in taken and fits:
                return group
        return None

    def _groups(self) -> Iterator[tuple[int, ...]]:
        chosen = [n for n, each in enumerate(self.traits.each) if each.kind != "number"]
        for size in range(2, _TOGETHER + 1):
            yield from combinations(chosen[:_COMBINED], size)

    def _chosen(self) -> Iterator[tuple[int, ...]]:
        # Whoever wrote the file: traits that are not there, and what has no room, are left out.
        each, room = self.traits.each, len(self.weights) - self.traits.width - 1
        for row in self.groups.tolist():
            group = tuple(number for number in row if 0 <= number < len(each))
            room -= math.prod(max(2, each[number].width) for number in group)
            if group and room >= 0:
                yield group

    def _cells(self, codes: Tensor, groups: list[tuple[int, ...]]) -> Tensor:
        """A 1, the codes, and for each group how much each combination of its options holds."""
        options = self._options(codes)
        grouped = [_cell(options, group) for group in groups]
        return torch.cat([codes.new_ones(len(codes), 1), codes, *grouped], dim=1)

    def _options(self, codes: Tensor) -> list[Tensor]:
        """For each trait how much each of its options holds, (n, options)."""
        places = self.traits.places
        return [_held(each, codes[:, places[each.name]]) for each in self.traits.each]


def _held(trait: Trait, part: Tensor) -> Tensor:
    return torch.cat([part, 1 - part], dim=1) if trait.kind == "yes_no" else part


def _width(options: list[Tensor], group: tuple[int, ...]) -> int:
    return math.prod(options[each].shape[1] for each in group)


def _cell(options: list[Tensor], group: tuple[int, ...]) -> Tensor:
    found = options[group[0]]
    for each in group[1:]:
        found = (found[:, :, None] * options[each][:, None, :]).flatten(1)
    return found


def _foremost(groups: list[tuple[int, ...]]) -> list[tuple[int, ...]]:
    threes = [group for group in groups if len(group) == _TOGETHER]
    left_out = set(threes[_TRIED:])
    return [group for group in groups if group not in left_out]


def _worth(options: list[Tensor], group: tuple[int, ...], left: Tensor, certain: Tensor) -> float:
    return _explained(options, group, left, certain) * _DEARER ** (len(group) - 2)


def _explained(
    options: list[Tensor], group: tuple[int, ...], left: Tensor, certain: Tensor
) -> float:
    """How much of the squares of what is left (n, count), each counted as it is `certain` (n,), the
    means of a group's cells explain beyond chance, which is told from how a cell's own differ."""
    place = torch.zeros(len(left), dtype=torch.int64)
    for each in group:
        place = place * options[each].shape[1] + options[each].argmax(dim=1)
    cells = _width(options, group)
    pictures = torch.bincount(place, minlength=cells)
    counted = left.new_zeros(cells).index_add_(0, place, certain)
    sums = left.new_zeros(cells, left.shape[1]).index_add_(0, place, left * certain[:, None])
    squares = left.new_zeros(cells).index_add_(0, place, left.square().sum(dim=1) * certain)
    told = sums.square().sum(dim=1)
    within = (squares - told / counted.clamp_min(1e-9)).clamp_min(0)
    chance = within / (pictures - 1).clamp_min(1)
    return float((told / (counted + _DOUBT) - _CHANCE * chance).sum())


def _regressed(cells: Tensor, scores: Tensor, alone: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """The weights (cells, count) by which cells (n, cells) say scores (n, count) most nearly, what
    they leave over (n, count), and how `certain` (n,) each picture is, 1 on average: the less the
    more its attributes, each `alone` (n, traits + 1), leave over."""
    evenly = torch.ones(len(cells))
    left = scores - cells @ _solved(cells, scores, evenly)
    open_ = (alone @ _left_open(alone, left)).exp()
    certain = 1 / open_.clamp_min(float(_SUREST * open_.mean()))
    certain = certain / certain.mean()
    weights = _solved(cells, scores, certain)
    return weights, scores - cells @ weights, certain


def _left_open(alone: Tensor, left: Tensor) -> Tensor:
    """How attributes, each `alone` (n, traits + 1), say the logarithm of the squares of what is
    `left` (n, count): (traits + 1,) weights (a multiplicative variance, Harvey 1976)."""
    squares = left.square().sum(dim=1, keepdim=True)
    least = 1e-6 * squares.mean().clamp_min(1e-6)
    return _solved(alone, (squares + least).log(), torch.ones(len(alone)))[:, 0]


def _solved(cells: Tensor, wanted: Tensor, certain: Tensor) -> Tensor:
    cells, weighed = cells.double(), (cells * certain[:, None]).double()
    doubt = _RIDGE * torch.eye(cells.shape[1], dtype=cells.dtype)
    found: Tensor = torch.linalg.solve(weighed.T @ cells + doubt, weighed.T @ wanted.double())
    return found.float()


def _ways(left: Tensor, count: int) -> Tensor:
    """Directions (count, scores) along which what is left (n, scores) is read as standard normal
    numbers, those along which it differs most first; 0 where it hardly differs."""
    _left, lengths, right = torch.linalg.svd(left, full_matrices=False)
    lengths = lengths[:count] / max(len(left), 1) ** 0.5
    # Along a way on which hardly anything differs, what is read would be noise.
    real = lengths > _LEAST * lengths.max().clamp_min(1e-6)
    found = left.new_zeros(count, left.shape[1])
    found[: len(lengths)] = right[:count] * (real / lengths.clamp_min(1e-9))[:, None]
    return found
