"""A variational autoencoder of small pictures in any mode, as a stranger would write it.

It stands on public names alone, and is what the toolkit is tried with beside GAN digits.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from aigc_studio.api import (
    Candidate,
    EditRequest,
    EvaluateRequest,
    Event,
    GenerateRequest,
    Image,
    Parameters,
    Progress,
    TrainRequest,
    parameter,
)
from aigc_studio.toolkit import (
    Batches,
    Examples,
    Learner,
    Moment,
    OpenModels,
    candidate_generator,
    compare,
    exactly,
    image_planes,
    load_network,
    pack_latent,
    parameters_of,
    planes_image,
    read_pictures,
    read_settings,
    save_network,
    sheet,
    to_planes,
    to_values,
    train_judge,
    training_loop,
    unpack_latent,
)
from aigc_studio.toolkit.pictures import CHANNELS, Mode

MODES: dict[int, Mode] = {channels: mode for mode, channels in CHANNELS.items()}


@dataclass(frozen=True)
class Shape:
    """What the net is like."""

    size: int = 32
    channels: int = 4
    latent: int = 8


class Knobs(Parameters):
    """How it is trained."""

    latent: int = parameter(8, "Latent numbers", minimum=1, maximum=64)


class Vae(nn.Module):
    """Encoder and decoder, of pictures in 0 to 1."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape, across = shape, shape.channels * shape.size**2
        self.encoder = nn.Sequential(nn.Flatten(), nn.Linear(across, 2 * shape.latent))
        self.decoder = nn.Sequential(
            nn.Linear(shape.latent, across),
            nn.Sigmoid(),
            nn.Unflatten(1, (shape.channels, shape.size, shape.size)),
        )


class Learning(Learner):
    """One step of it."""

    def __init__(self, vae: Vae) -> None:
        self.vae = vae
        super().__init__({"vae": vae}, {"vae": torch.optim.Adam(vae.parameters(), 1e-3)})

    def step(self, batch: tuple[Tensor, ...], moment: Moment) -> Mapping[str, float]:
        values = to_values(batch[0])
        mean, spread = self.vae.encoder(values).chunk(2, dim=1)
        noise = torch.randn(mean.shape, generator=moment.generator)
        again = self.vae.decoder(mean + noise * (spread / 2).exp())
        cost = 0.5 * (mean.square() + spread.exp() - spread - 1).sum(1).mean()
        loss = F.mse_loss(again, values, reduction="sum") / len(values) + cost
        return {"loss": self.descend("vae", loss)}


def build(about: Mapping[str, Any]) -> Vae:
    return Vae(read_settings(Shape, about["shape"]))


models = OpenModels(lambda folder: load_network(folder, "tiny-vae", build))


def draw(vae: Vae, points: Tensor) -> Tensor:
    with torch.no_grad():
        return to_planes(vae.decoder(points))


def train(request: TrainRequest, mode: Mode = "RGBA", size: int = 32) -> Iterator[Event]:
    exactly(request)
    shape = Shape(size, CHANNELS[mode], parameters_of(request, Knobs).latent)
    pictures = yield from read_pictures(request.dataset, size, mode)
    torch.manual_seed(request.seed)

    def publish(learning: Learning, folder: Path) -> Mapping[str, Any]:
        save_network(folder, "tiny-vae", learning.vae, {"shape": asdict(shape)})
        return {"frame": {"width": size, "height": size, "mode": mode}}

    def sample(learning: Learning) -> Image:
        points = torch.randn(9, shape.latent, generator=torch.Generator().manual_seed(0))
        return sheet(draw(learning.vae, points), 3)

    batches = Batches.of(pictures.planes, size=4, seed=request.seed)
    yield from training_loop(request, Learning(Vae(shape)), batches, publish=publish, sample=sample)


def generate(request: GenerateRequest) -> Iterator[Event]:
    exactly(request)
    model = models.open(request.model)
    for number in range(request.count):
        points = torch.randn(
            1, model.network.shape.latent, generator=candidate_generator(request.seed, number)
        )
        image = planes_image(draw(model.network, points)[0])
        yield Progress(number, request.count)
        yield Candidate(image, latent=pack_latent(points, model.tag))


def edit(request: EditRequest) -> Iterator[Event]:
    """As the net sees the picture: from its latent where there is one, else encoded."""
    exactly(request)
    model, image = models.open(request.model), request.image
    shape, latent = model.network.shape, request.latents[0]
    if latent is not None:
        points = unpack_latent(latent, model.tag, shape.latent).points
    else:
        values = to_values(image_planes(image, shape.size, MODES[shape.channels]))
        points = model.network.encoder(values[None])[:, : shape.latent]
    yield Candidate(planes_image(draw(model.network, points)[0], like=image))


def evaluate(request: EvaluateRequest) -> Iterator[Event]:
    exactly(request)
    vae, held_out = models.open(request.model).network, request.dataset
    assert held_out is not None
    shape, parts = vae.shape, []
    for part in (type(held_out)(held_out.path, "train"), held_out):
        found = yield from read_pictures(part, shape.size, MODES[shape.channels])
        parts.append(Examples(found.planes, found.classes([])))
    judge = yield from train_judge(parts[0], 0, fingerprint=held_out.fingerprint)
    drawn = draw(vae, torch.randn(40, shape.latent, generator=torch.Generator().manual_seed(1)))
    yield from compare(judge, Examples(drawn, torch.zeros(40)), *parts)
