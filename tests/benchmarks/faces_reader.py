"""A reader of attributes that knows the cartoon faces better than their pack can teach it.

    python tests/benchmarks/faces_reader.py --home HOME --out reader.pt
    python tests/benchmarks/faces.py --only attributes --reader reader.pt --home HOME

Two thousand faces teach a reader nine mouths of ten, and then it is the reader that is measured and
not the model. This one learns from 24,000 that the pack's own code draws anew, from numbers that
neither a model here nor the held-out part has. It never sees a model. Half of what it sees is
softened as decoders draw, a quarter moved by up to a pixel, so that neither throws it.
"""

from __future__ import annotations

import argparse
import contextlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from surroundings import enter, new_home
from torch import Tensor, nn
from torch.nn import functional as F

if TYPE_CHECKING:
    from collections.abc import Mapping

    from faces_subjects import Subject

FIRST, FACES = 100_000, 24_000
"""The number of the first face that is drawn, and how many are; models learn from those below
2,000, and from 1,000,000 on they are held out."""
STEPS, BATCH, RATE = 1200, 128, 6e-3
_PATCH, _SEEN, _TOGETHER = 8, 48, 256


class PatchReader(nn.Module):
    """Values (n, channels, side, side) to logits (n, traits.width).

    Faces lie where faces lie: each patch of 8×8 pixels has weights of its own, and all that the
    patches see is put together. That learns in minutes what a convolution learns in hours.
    """

    def __init__(self, channels: int, side: int, traits: Any) -> None:
        super().__init__()
        self.traits = traits
        patches, inside = (side // _PATCH) ** 2, channels * _PATCH**2
        self.weights = nn.Parameter(torch.randn(patches, inside, _SEEN) / inside**0.5)
        self.even = nn.BatchNorm1d(patches * _SEEN)
        self.together = nn.Sequential(
            nn.Linear(patches * _SEEN, _TOGETHER, bias=False), nn.BatchNorm1d(_TOGETHER), nn.ReLU()
        )
        told = nn.Linear(patches * _SEEN + _TOGETHER, traits.width)
        self.head = nn.Sequential(nn.Dropout(0.2), told)

    def forward(self, values: Tensor) -> Tensor:
        """Logits of values, -1 to 1."""
        patches = F.pixel_unshuffle(values, _PATCH).flatten(2).permute(2, 0, 1)
        seen = torch.bmm(patches, self.weights).permute(1, 0, 2).flatten(1)
        seen = self.even(seen).relu()
        found: Tensor = self.head(torch.cat([seen, self.together(seen)], dim=1))
        return found

    @torch.no_grad()
    def verdicts(self, values: Tensor) -> dict[str, Tensor]:
        """What it reads, by trait; see `vae_faces.judging.reader.Reader.verdicts`."""
        from vae_faces.judging.reader import read

        return read(self.traits, torch.cat([self(part) for part in torch.split(values, 250)]))


def main() -> None:
    """Draw, learn, and say how many of the held-out faces are read right."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--home", default="", help="a home folder that may have the pack already")
    parser.add_argument("--out", required=True, help="the file that the reader goes into")
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--faces", type=int, default=FACES)
    arguments = parser.parse_args()
    with contextlib.ExitStack() as stack:
        home = Path(arguments.home).absolute() if arguments.home else None
        enter(home if home is not None else stack.enter_context(new_home()))
        from faces_subjects import open_subject

        torch.set_num_threads(1)  # there is nothing for two in so small a net
        subject = open_subject("cartoon")
        planes, told = drawn(arguments.faces)
        reader = trained(planes, subject.network.traits.targets(told), subject, arguments.steps)
        torch.save(reader.state_dict(), arguments.out)
        for name, right in read_right(reader, subject).items():
            sys.stderr.write(f"{name}: {right:.1f} of 100 held-out faces are read right\n")


def drawn(count: int) -> tuple[Tensor, list[Mapping[str, Any]]]:
    """So many faces, planes (n, 3, side, side) uint8, and what is known of each."""
    import numpy as np

    from aigc_studio.library import PackStore, avatars
    from aigc_studio.library.downloads import find_wheel
    from aigc_studio.library.drafts import Draft

    store = PackStore()
    pack = store.find("cartoon-faces")
    wheels = [find_wheel(each, store.folder / pack.id) for each in pack.wheels]
    # One to learn from, which is not taken, and all others as if they were held out.
    rule = {"from": FIRST, "share": float(count)}
    paths = [each for each in wheels if each is not None]
    faces = avatars.draw(pack.wheels, paths, pack.members[0], pack.options, rule, 1)
    found = [each for each in faces if isinstance(each, Draft) and each.split == "test"]
    pixels = np.stack([each.artifact.pixels for each in found])  # type: ignore[union-attr]
    return torch.from_numpy(pixels).permute(0, 3, 1, 2).contiguous(), [e.attributes for e in found]


def trained(planes: Tensor, targets: Tensor, subject: Subject, steps: int) -> PatchReader:
    """A reader of these faces, without those that are held out, to the pixel."""
    from aigc_studio.toolkit import to_values

    held_out = {each.numpy().tobytes() for each in subject.held_out.planes}
    kept = [n for n, each in enumerate(planes) if each.numpy().tobytes() not in held_out]
    generator = torch.Generator().manual_seed(0)
    torch.manual_seed(0)
    traits = subject.network.traits
    reader = PatchReader(planes.shape[1], planes.shape[-1], traits)
    optimiser = torch.optim.AdamW(reader.parameters(), lr=RATE, weight_decay=0.02, fused=True)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, total_steps=steps)
    places = torch.tensor(kept)
    with torch.enable_grad():
        for step in range(steps):
            chosen = places[torch.randint(len(places), (BATCH,), generator=generator)]
            values = varied(to_values(planes[chosen], -1.0), step % 4 == 3, generator)
            loss = traits.loss(reader(values), targets[chosen])
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            optimiser.step()
            schedule.step()
            if not (step + 1) % 100:
                sys.stderr.write(f"{step + 1} of {steps}: {loss.item():.3f} nats\n")
    return reader.eval()


def varied(values: Tensor, moves: bool, generator: torch.Generator) -> Tensor:
    """Values (n, …): the first half softened by up to a blur of 3×3 pixels, all of them moved by up
    to a pixel where `moves` says so."""
    sharp = values[: len(values) // 2]
    padded = F.pad(sharp, (1, 1, 1, 1), mode="replicate")
    across = padded[..., :-2] + 2 * padded[..., 1:-1] + padded[..., 2:]
    soft = (across[..., :-2, :] + 2 * across[..., 1:-1, :] + across[..., 2:, :]) / 16
    much = torch.rand(len(sharp), 1, 1, 1, generator=generator)
    values[: len(sharp)] = torch.lerp(sharp, soft, much)
    if not moves:
        return values
    down, right = torch.randint(-1, 2, (2,), generator=generator).tolist()
    moved: Tensor = F.pad(values, (1, 1, 1, 1), mode="replicate")
    height, width = values.shape[-2:]
    return moved[..., 1 + down : 1 + down + height, 1 + right : 1 + right + width]


def opened(file: str, subject: Subject) -> PatchReader:
    """A reader from its file, for the traits of a subject's model."""
    pictures = subject.held_out.planes
    reader = PatchReader(pictures.shape[1], pictures.shape[-1], subject.network.traits)
    reader.load_state_dict(torch.load(file, weights_only=True))
    return reader.eval()


def read_right(reader: Any, subject: Subject) -> dict[str, float]:
    """Of 100 real held-out faces, how many a reader reads right, by attribute."""
    from vae_faces.judging.reader import known

    traits = subject.network.traits
    truth = known(traits, traits.targets(subject.held_out.attributes))
    seen = reader.verdicts(subject.values)
    return {name: 100 * float((seen[name] == truth[name]).double().mean()) for name in truth}


if __name__ == "__main__":
    main()
