"""Mouths of the cartoon faces, read without a net: as that of the nearest real one.

A mouth is a few pixels that nothing but it and the skin decides, so the nearest of the pack's
training faces with the same skin, by these pixels alone, says which it is: of real faces it is
right about all, where the reader of all attributes, a net, is right about nine in ten.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from rows import row, tell

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from faces_subjects import Subject
    from torch import Tensor

MOUTH, SKIN = "mouth", "skin colour"
_PLACES = (slice(43, 45), slice(28, 36))
"""Where a mouth is and no beard, in pictures of 64 pixels a side; by these pixels alone all of 300
real faces that belong to neither part are read right."""


def measure(
    subject: Subject, edited: Callable[[str, float | str], Tensor], count: int, bar: float
) -> None:
    """A row for mouths altogether and one for each, of the first `count` held-out faces; none for a
    model of other pictures."""
    from aigc_studio.toolkit import to_values

    traits = subject.network.traits
    mouth, skin = (traits.find(name) for name in (MOUTH, SKIN))
    if mouth is None or skin is None or subject.network.side != 64:
        return
    real, held_out = (
        [_options(subject, each.attributes, name) for name in (MOUTH, SKIN)]
        for each in (subject.training, subject.held_out)
    )
    reference = to_values(subject.training.planes, -1.0)
    before, skins = (each[:count] for each in held_out)
    right = _nearest(subject.values[:count], skins, reference, *real) == before
    what = f"{subject.name}, mouth, by the nearest real one"
    told = [100 * float(right.double().mean())]
    tell(row(f"{what}: of real held-out faces", told, "of 100", at_least=True, peer=True))
    found = {}
    for number, option in enumerate(mouth.options):
        seen = _nearest(edited(MOUTH, option), skins, reference, *real)
        found[option] = (seen == number)[before != number].double()
    all_ = torch.cat(list(found.values()))
    note = ", ".join(f"{option} {100 * float(each.mean()):.0f}" for option, each in found.items())
    changes = [100 * float(all_.mean())]
    tell(row(f"{what}: changes when asked", changes, "of 100", at_least=True, bar=bar,
             note=f"{len(all_)} cases: {note}"))  # fmt: skip


def _options(subject: Subject, told: Iterable[Mapping[str, Any]], name: str) -> Tensor:
    """Which option of a choice each face has, int64 (n,)."""
    options = subject.network.traits.find(name).options
    return torch.tensor([options.index(each[name]) for each in told])


def _nearest(
    values: Tensor, skins: Tensor, real: Tensor, mouths: Tensor, real_skins: Tensor
) -> Tensor:
    """The mouth of each of `values` (n, c, 64, 64): that of the nearest real face of its skin."""
    places = (slice(None), slice(None), *_PLACES)
    found = torch.zeros(len(values), dtype=torch.int64)
    for skin in torch.unique(skins):
        ours, theirs = skins == skin, real_skins == skin
        apart = torch.cdist(values[places][ours].flatten(1), real[places][theirs].flatten(1))
        found[ours] = mouths[theirs][apart.argmin(dim=1)]
    return found
