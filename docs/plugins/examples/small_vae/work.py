"""The net (Kingma and Welling 2014), and what each operation does with it."""

from collections.abc import Iterator, Mapping
from random import Random
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from aigc_studio import api
from aigc_studio import toolkit as kit


class Vae(nn.Module):
    """Planes (n, channels, side, side) as points (n, size), and back."""

    def __init__(self, about: Mapping[str, Any]) -> None:
        super().__init__()
        self.shape = channels, self.side, self.size = about["shape"]
        self.mode: Any = "L" if channels == 1 else "RGB"
        self.planes, area = (channels, self.side, self.side), channels * self.side**2
        self.encoder = nn.Sequential(nn.Linear(area, 512), nn.SiLU(), nn.Linear(512, 2 * self.size))
        self.decoder = nn.Sequential(nn.Linear(self.size, 512), nn.SiLU(), nn.Linear(512, area))

    def encode(self, planes: Tensor) -> Any:
        return self.encoder(kit.to_values(planes).flatten(1)).chunk(2, 1)

    def decode(self, points: Tensor) -> Tensor:
        return kit.to_planes(self.decoder(points).sigmoid().unflatten(1, self.planes))

    def read(self, image: api.Image) -> Tensor:
        return kit.image_planes(image, self.side, self.mode, "stretch")[None]

    def point_of(self, image: api.Image) -> Any:
        return self.encode(self.read(image))[0][0]


class Learner(kit.Learner):
    def step(self, batch: tuple[Tensor], moment: kit.Moment) -> dict[str, float]:
        vae: Any = self.networks["vae"]
        mean, log = vae.encode(batch[0])
        points = mean + (log / 2).exp() * torch.randn(mean.shape, generator=moment.generator)
        drawn, wanted = vae.decoder(points), kit.to_values(batch[0]).flatten(1)
        fit = F.binary_cross_entropy_with_logits(drawn, wanted, reduction="sum")
        loss = (fit + (mean.square() + log.exp() - log - 1).sum() / 2) / len(mean)
        return {"loss": self.descend("adam", loss, rate=1 - moment.progress, clip=200)}


MODELS = kit.OpenModels(lambda folder: kit.Space(kit.load_network(folder, "small-vae", Vae)))


def learn(request: api.TrainRequest) -> api.Action:
    wish, channels = request.parameters, 3 if kit.is_coloured(request.dataset) else 1
    about = {"shape": [channels, wish.side, wish.size]}
    vae, about = kit.network_to_train(request, "small-vae", Vae, about)
    learner = Learner({"vae": vae}, {"adam": torch.optim.Adam(vae.parameters(), 1e-3)})
    data = yield from kit.read_pictures(request.dataset, vae.side, vae.mode, fit="stretch")

    def publish(_learner: Learner, folder: Any) -> dict[str, Any]:
        axes = kit.principal_axes(vae.encode(data.planes[:2000])[0], 4)
        kit.save_network(folder, "small-vae", vae, about)
        frame = {"width": vae.side, "height": vae.side, "mode": vae.mode}
        return {"frame": frame, **kit.steering(axes)}

    def sample(_learner: Learner) -> api.Image:
        return kit.sheet(vae.decode(kit.noise(Random(0), 16, vae.size)), columns=4)

    batches = kit.Batches.of(data.planes, size=64, seed=request.seed)
    yield from kit.training_loop(request, learner, batches, publish=publish, sample=sample)


def draw(request: api.GenerateRequest) -> api.Action:
    vae = MODELS.open(request.model)
    return kit.candidates(request, lambda rng: vae.candidate(vae.new_point(request, rng)))


def vary(request: api.EditRequest) -> api.Action:
    vae, like = MODELS.open(request.model), request.image
    point = kit.steered(vae.point(request), request.model, request.controls)
    size = len(point)
    return kit.candidates(
        request, lambda rng: vae.candidate(point + 0.4 * kit.noise(rng, size), like)
    )


def inpaint(request: api.EditRequest) -> api.Action:
    """What the net makes of the picture is put into the hole, until both fit together."""
    vae = MODELS.open(request.model)
    picture, hole = (
        vae.network.read(each) for each in (request.image, api.Image(request.mask.pixels))
    )

    def filled(rng: Random) -> Iterator[api.Candidate]:
        planes = torch.where(hole > 127, kit.to_planes(kit.noise(rng, *picture.shape)), picture)
        for _round in range(12):
            mean, log = vae.network.encode(planes)
            points = mean + (log / 2).exp() * kit.noise(rng, *mean.shape)
            planes = torch.where(hole > 127, vae.network.decode(points), picture)
            yield vae.candidate(points[0], request.image)

    return kit.candidates(request, filled)


def morph(request: api.EditRequest) -> api.Action:
    vae = MODELS.open(request.model)
    for place, point in enumerate(kit.between(vae.point(request, 0), vae.point(request, 1), 7)):
        yield vae.candidate(point, request.image, strip="morph", position=place)


def evaluate(request: Any) -> api.Action:
    vae = MODELS.open(request.model).network
    data = yield from kit.read_pictures(request.dataset, vae.side, vae.mode, fit="stretch")
    drawn = torch.cat([vae.decode(vae.encode(part)[0]) for part in torch.split(data.planes, 500)])
    fit = kit.measures.psnr_db(kit.to_values(drawn), kit.to_values(data.planes))
    yield api.Metric("psnr_db", float(fit.mean()))
