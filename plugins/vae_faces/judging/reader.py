"""A reader of attributes: a net that has seen real pictures only, and says what a picture shows.

It is the judge of what a model's controls do: it learns from the training part, is checked on
pictures that were held out, and never sees the model.
"""

from __future__ import annotations

from collections.abc import Generator

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from aigc_studio.api import Event, Metric, Progress
from aigc_studio.toolkit import to_values
from vae_faces.network.contrast import fine
from vae_faces.traits import Trait, Traits

_STEPS, _BATCH, _RATE = 1200, 64, 3e-3
_FEWEST = 150
_PLACES = 6
"""At how many places each trait is read."""
_FINDING = 10
"""How much faster than anything else it learns where to look: a place is found, or it is not."""
_MOVED = 1
"""Pixels that pictures are moved by at most while it learns."""
_LEARNING = {"en": "Training a reader of attributes", "zh": "正在训练属性识别网络"}


class Reader(nn.Module):
    """Values (n, channels, side, side) to features (n, 96) and logits (n, traits.width).

    Each trait is read at a few places of its own, which are learnt and the same in all pictures
    (after Klindt et al. 2017): who reads a mouth from all of a picture learns two thousand faces by
    heart, and guesses at new ones.
    """

    def __init__(self, channels: int, side: int, traits: Traits, width: int = 32) -> None:
        super().__init__()
        self.traits = traits
        inner = ((side // 2 + 1) // 2 + 1) // 2
        self.body = nn.Sequential(
            nn.PixelUnshuffle(2),
            *_layer(8 * channels, width, stride=1),
            *_layer(width, 2 * width, stride=2),
            *_layer(2 * width, 3 * width, stride=2),
        )
        places = torch.randn(len(traits.each), _PLACES, inner**2)
        self.places = nn.Parameter(2 * places)
        self.heads = nn.ModuleList(
            nn.Linear(_PLACES * 3 * width, trait.width) for trait in traits.each
        )

    def forward(self, values: Tensor) -> tuple[Tensor, Tensor]:
        """Features and logits of values, -1 to 1, of an even side."""
        found = self.body(torch.cat([values, fine(values)], dim=1)).flatten(2)
        seen = torch.einsum("ncp,tkp->tnkc", found, self.places.softmax(dim=2)).flatten(2)
        told = [head(each) for head, each in zip(self.heads, seen, strict=True)]
        return found.mean(dim=2), torch.cat(told, dim=1)

    @torch.no_grad()
    def verdicts(self, values: Tensor) -> dict[str, Tensor]:
        """What it reads, by trait: the number of the option, 0 or 1 (no or yes), or the number in
        spreads; each (n,)."""
        logits = torch.cat([self(part)[1] for part in torch.split(values, 250)])
        return read(self.traits, logits)

    @torch.no_grad()
    def look(self, values: Tensor) -> Tensor:
        """Features (n, 96)."""
        return torch.cat([self(part)[0] for part in torch.split(values, 250)])


def _layer(inside: int, outside: int, stride: int) -> tuple[nn.Module, ...]:
    # Normalised over the batch: a mouth is a few pixels of little contrast, and is found so.
    kernel = nn.Conv2d(inside, outside, 3, stride=stride, padding=1, bias=False)
    return kernel, nn.BatchNorm2d(outside), nn.ReLU()


def _shifted(values: Tensor, generator: torch.Generator) -> Tensor:
    """All of a batch moved by up to a pixel: nothing is blurred, as turning would."""
    across, down = torch.randint(-_MOVED, _MOVED + 1, (2,), generator=generator).tolist()
    padded = F.pad(values, (_MOVED,) * 4, mode="replicate")
    top, left = _MOVED + down, _MOVED + across
    return padded[:, :, top : top + values.shape[-2], left : left + values.shape[-1]]


def read(traits: Traits, logits: Tensor) -> dict[str, Tensor]:
    """What logits or targets (n, width) say of each trait; see `Reader.verdicts`. Of targets, -1
    where nothing is known of a choice, and NaN for a number."""
    return {each.name: _verdict(each, logits[:, traits.places[each.name]]) for each in traits.each}


def _verdict(trait: Trait, part: Tensor) -> Tensor:
    if trait.kind == "number":
        return part[:, 0]
    if trait.kind == "yes_no":
        found = (part[:, 0] > 0).long()
    else:
        found = part.nan_to_num(0.0).argmax(dim=1)
    return torch.where(part.isnan().any(dim=1), -1, found)


def known(traits: Traits, targets: Tensor) -> dict[str, Tensor]:
    """What is known of pictures with these targets, as `Reader.verdicts` says it."""
    # Of yes or no the target is 0 or 1, where a verdict takes logits.
    found = targets.clone()
    for each in traits.each:
        if each.kind == "yes_no":
            found[:, traits.places[each.name]] -= 0.5
    return read(traits, found)


def right_kinds(reader: Reader, traits: Traits, points: Tensor, values: Tensor) -> Metric | None:
    """In which part of the pictures that were drawn of points (n, size), `values` (n, c, side,
    side), the reader sees the kind that was asked for; None where it reads no kinds."""
    kind = traits.kind
    if kind is None or not reader.traits.find(kind.name):
        return None
    asked = traits.codes(points)[:, traits.places[kind.name]].argmax(dim=1)
    right = reader.verdicts(values)[kind.name] == asked
    return Metric("label_accuracy", round(float(right.double().mean()), 4))


def train_reader(
    planes: Tensor, targets: Tensor, traits: Traits, *, seed: int = 0, steps: int | None = None
) -> Generator[Event, None, Reader]:
    """A reader that learned planes (n, c, side, side) uint8 with targets (n, width); yields
    Progress. `steps` are 1,200 for as many pictures and more, fewer for few."""
    taken = min(_STEPS, _FEWEST + len(planes)) if steps is None else steps
    generator = torch.Generator().manual_seed(seed)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        reader = Reader(planes.shape[1], planes.shape[-1], traits)
    others = [each for each in reader.parameters() if each is not reader.places]
    optimiser = torch.optim.AdamW(
        [
            {"params": others, "weight_decay": 0.02},
            {"params": [reader.places], "lr": _FINDING * _RATE, "weight_decay": 0.0},
        ],
        lr=_RATE,
        fused=True,
    )
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, max(taken, 1))
    for step in range(taken):
        chosen = torch.randint(len(planes), (_BATCH,), generator=generator)
        values = _shifted(to_values(planes[chosen], -1), generator)
        loss = traits.loss(reader(values)[1], targets[chosen])
        optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        schedule.step()
        yield Progress(step + 1, taken, _LEARNING)
    return reader.eval()
