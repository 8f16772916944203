"""Optimal transport of patches: one picture takes on the patches of another, coarse to fine.

After Elnekave and Weiss, "Generating natural images with direct patch distributions matching"
(2022). Patches of both pictures are projected on random directions; along each, the sorted ones of
the picture move to the sorted ones of the look, which is optimal transport in one dimension. The
moves are averaged where patches overlap. No gradients are taken, so that a step costs two sorts.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

PATCH, KEYS, FINE = 6, 3000, 32
"""Pixels along a patch; patches of the look that are searched, and in how many dimensions."""
STRAY = 0.1
"""How far a patch that is searched may stray along each axis: all of a plain area would be laid
with one patch else, and the lattice be seen in it."""
SORTED = 1_000_000
"""About how many numbers a step sorts: the fewer patches, the more directions."""


@dataclass(frozen=True)
class Part:
    """Values (3, h, w) from 0 to 1, and which of its pixels count, (1, h, w) of 0 and 1."""

    values: Tensor
    counts: Tensor

    def scaled(self, height: int, width: int) -> Part:
        """The same at another size, of one pixel at least."""
        size = max(height, 1), max(width, 1)
        return Part(scaled(self.values, *size), (scaled(self.counts, *size) > 0.5).float())

    def pixels(self) -> Tensor:
        """Those that count, (3, n); all where none do."""
        chosen = self.values[:, self.counts[0] > 0]
        return chosen if chosen.shape[1] else self.values.flatten(1)


def scaled(values: Tensor, height: int, width: int) -> Tensor:
    """Values (c, h, w) at another size."""
    size = (height, width)
    if values.shape[1:] == size:
        return values.clone()
    found: Tensor = F.interpolate(values[None], size, mode="bilinear", antialias=True)[0]
    return found


def recoloured(picture: Part, look: Part) -> Tensor:
    """The picture with the mean and the covariance of the look's colours, (3, h, w).

    The linear map that moves colours least (Monge and Kantorovich; Pitié and Kokaram, 2007).
    """
    ours, theirs = picture.pixels().double().cpu(), look.pixels().double().cpu()
    one, other = (torch.cov(each, correction=0) for each in (ours, theirs))
    root, back = _power(one, 0.5), _power(one, -0.5)
    change = back @ _power(root @ other @ root, 0.5) @ back
    flat = picture.values.flatten(1).double().cpu()
    moved = change @ (flat - ours.mean(1, keepdim=True)) + theirs.mean(1, keepdim=True)
    return moved.view_as(picture.values).to(picture.values)


def _power(matrix: Tensor, exponent: float) -> Tensor:
    values, vectors = torch.linalg.eigh(matrix)
    return (vectors * (values.clamp_min(0) + 1e-5) ** exponent) @ vectors.T


def painted(
    picture: Part,
    look: Part,
    source: torch.Generator,
    *,
    guided: float,
    kept: float,
    noise: float,
    least: int = 48,
    searches: int = 3,
    steps: int = 16,
) -> Iterator[tuple[float, Tensor | None]]:
    """How far it is, from 0 to 1, and after each scale the picture so far, at its own size.

    `guided` is how much the picture's own colours decide which patch is laid where, `kept`
    how much of its detail comes back at each scale, `noise` what is mixed in at the coarsest one,
    whose longer side has `least` pixels.
    """
    height, width = picture.values.shape[1:]
    count = max(0, math.ceil(2 * math.log2(max(height, width) / least)))
    now = None
    for level in range(count, -1, -1):
        share, done = 2 ** (-level / 2), count - level
        here = picture.scaled(round(height * share), round(width * share))
        there = look.scaled(*(round(side * share) for side in look.values.shape[1:]))
        now = _begun(here, now, kept, noise, source)
        part, guides = Part(now, here.counts), _guides(here, there, guided)
        for turn in range(searches + steps):
            if turn < searches:
                search(part, there, guides, source)
            else:
                approach(part, there, source, 1.5 - 1.3 * (turn - searches) / steps)
            yield (done + (turn + 1) / (searches + steps)) / (count + 1), None
        yield (done + 1) / (count + 1), scaled(now, height, width).clamp(0, 1)


def _begun(
    here: Part, before: Tensor | None, kept: float, noise: float, source: torch.Generator
) -> Tensor:
    """What a scale begins with: the one before it, enlarged, and some of the picture's detail."""
    size = here.values.shape[1:]
    if before is None:
        return here.values + noise * torch.randn(here.values.shape, generator=source).to(
            here.values
        )
    coarse = scaled(scaled(here.values, *before.shape[1:]), *size)
    return scaled(before, *size) + kept * (here.values - coarse)


def _guides(picture: Part, look: Part, weight: float) -> tuple[Tensor, Tensor]:
    """The colours of both, softly, so that strokes are not seen in them, (3, h, w)."""
    ours, theirs = (
        scaled(scaled(each, *(-(-side // 3) for side in each.shape[1:])), *each.shape[1:])
        for each in (picture.values, look.values)
    )
    return weight * ours, weight * theirs


def search(now: Part, look: Part, guides: tuple[Tensor, Tensor], source: torch.Generator) -> None:
    """Lay over the picture, in place, the patch of the look that is nearest to each of its own.

    Patches on a lattice, compared along the main axes of the look's; where they overlap, the mean.
    """
    size = min(PATCH, *now.values.shape[1:], *look.values.shape[1:])
    keys, counted = _patches(look, guides[1], size, _stride(look, 40_000))
    keys = keys[counted > 0]
    keys = keys[torch.randperm(len(keys), generator=source)[:KEYS].to(keys.device)]
    middle = keys.mean(0)
    axes = torch.linalg.eigh(torch.cov((keys - middle).T.cpu(), correction=0))[1][:, -FINE:]
    axes = axes.to(keys)
    known = (keys - middle) @ axes
    height, width = now.values.shape[1:]
    stride = max(1, min(size // 2, _stride(now, 17_000)))
    begins = (torch.rand(2, generator=source) * stride).long().tolist()
    row, column = min(begins[0], height - size), min(begins[1], width - size)
    seen = now.values[:, row:, column:]
    part = Part(seen, now.counts[:, row:, column:])
    asked, chosen = _patches(part, guides[0][:, row:, column:], size, stride)
    lengths = known.square().sum(1)
    stray = STRAY * torch.randn(len(asked), axes.shape[1], generator=source).to(keys)
    points = (asked - middle) @ axes + stray
    found = [keys[(lengths - 2 * each @ known.T).argmin(1)] for each in points.split(1024)]
    laid = torch.cat(found)[:, : 3 * size * size] * chosen[:, None]
    cover = chosen[:, None].expand(-1, size * size)
    total, weight = (
        F.fold(each.T[None], seen.shape[1:], size, stride=stride)[0] for each in (laid, cover)
    )
    seen[:] = torch.where(weight > 0, total / weight.clamp_min(1), seen)


def _stride(part: Part, count: int) -> int:
    """Of a lattice of about so many places."""
    return math.ceil(math.sqrt(part.counts.numel() / count))


def _patches(part: Part, guide: Tensor, size: int, stride: int) -> tuple[Tensor, Tensor]:
    """All patches on a lattice with their guides, (n, 6 * size * size), and which count, (n,)."""
    found = F.unfold(torch.cat([part.values, guide])[None], size, stride=stride)[0].T
    chosen = _middles(part.counts, size)[0, ::stride, ::stride].flatten()
    return found, chosen


def _middles(counts: Tensor, size: int) -> Tensor:
    """Which patches count: those whose middle does; all where none does."""
    height, width = (side - size + 1 for side in counts.shape[1:])
    half = size // 2
    chosen = counts[:, half : half + height, half : half + width]
    return chosen if chosen.any() else torch.ones_like(chosen)


def approach(now: Part, look: Part, source: torch.Generator, rate: float) -> None:
    """One step of transport: move the picture's patches, in place, towards the look's."""
    size = min(PATCH, *now.values.shape[1:], *look.values.shape[1:])
    filters = _directions(look, size, source, SORTED // now.values[0].numel())
    ours, theirs = (F.conv2d(part.values[None], filters)[0] for part in (now, look))
    chosen, others = (_middles(part.counts, size)[0] > 0 for part in (now, look))
    moves = torch.zeros_like(ours)
    moves[:, chosen] = transported(ours[:, chosen], theirs[:, others]) - ours[:, chosen]
    ones = torch.ones_like(filters[:1, :1])
    cover = F.conv_transpose2d(chosen[None, None].to(ones), ones)[0]
    now.values.add_(rate * F.conv_transpose2d(moves[None], filters)[0] / cover.clamp_min(1))


def _directions(look: Part, size: int, source: torch.Generator, count: int) -> Tensor:
    """Random filters of length 1, (n, 3, size, size): half along the axes of the look's colours,
    as what is faint in it would be lost beside what is strong."""
    count = max(6, min(96, count // 6 * 6))
    shapes = torch.randn(count, 1, size * size, generator=source)
    colours = torch.randn(count, 3, generator=source)
    axes = torch.linalg.eigh(torch.cov(look.pixels().cpu(), correction=0))[1].T
    colours[::2] = axes.repeat(count // 6, 1)
    filters = F.normalize((shapes * colours[..., None]).flatten(1))
    return filters.view(count, 3, size, size).to(look.values)


def transported(ours: Tensor, theirs: Tensor) -> Tensor:
    """For each row of (n, a) the values of (n, b) that have the same ranks."""
    if ours.device.type == "cpu":  # numpy sorts many times as fast there
        order = torch.from_numpy(np.argsort(ours.numpy(), axis=1))
        goals = torch.from_numpy(np.sort(theirs.numpy(), axis=1))
    else:
        order, goals = ours.argsort(dim=1), theirs.sort(dim=1).values
    if ours.shape != theirs.shape:
        goals = F.interpolate(goals[None], ours.shape[1], mode="linear", align_corners=True)[0]
    return torch.empty_like(ours).scatter_(1, order, goals)
