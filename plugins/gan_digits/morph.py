"""Morph: a strip of pictures on the way from one to another."""

from __future__ import annotations

import math
from collections.abc import Iterator

import torch

from aigc_studio.api import Candidate, Event, Progress
from aigc_studio.toolkit import Latent, between, pack_latent
from gan_digits.finishing import finished
from gan_digits.generating import title_of
from gan_digits.model import Model
from gan_digits.pictures import Row

_DETOUR = 0.35  # how far a strip strays in its middle, so that strips of other seeds differ


@torch.no_grad()
def morph(
    model: Model, row: Row, first: Latent, last: Latent, steps: int, seed: int
) -> Iterator[Event]:
    """Yield `steps` candidates of one strip; the ends are the two pictures as the model draws them.

    Handwriting and class change together, evenly.
    """
    source = torch.Generator().manual_seed(seed % 2**63)
    detours = torch.randn(first.points.shape, generator=source) * _DETOUR
    ways = [between(one, two, steps) for one, two in zip(first.points, last.points, strict=True)]
    table = model.generator.embedding.weight
    for step in range(steps):
        part = step / (steps - 1)
        cells = []
        latents = torch.stack([way[step] for way in ways]) + math.sin(math.pi * part) * detours
        for n, latent in enumerate(latents):
            mixed = torch.lerp(table[first.labels[n]], table[last.labels[n]], part)
            drawn = model.generator.paint(latent[None], mixed[None])[0]
            cells.append(finished(drawn, model.look))
        # Between two classes there is no label that would draw the same picture again.
        end = first if step == 0 else last if step == steps - 1 else None
        whole = end or (first if first.labels == last.labels else None)
        yield Progress(step, steps)
        yield Candidate(
            row.joined(cells),
            latent=pack_latent(latents, model.tag, whole.labels) if whole else None,
            strip=f"morph {seed}",
            position=step,
            seed=seed,
            title=title_of(model, whole.labels) if whole else "",
        )
