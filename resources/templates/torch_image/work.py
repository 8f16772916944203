"""The net (Kingma and Welling 2014), and what each operation does with it."""

import copy
from collections.abc import Iterator, Mapping
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any, Literal

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from aigc_studio import api
from aigc_studio import toolkit as kit

if TYPE_CHECKING:
    from . import Drawing, Learning


class Vae(nn.Module):
    """Pictures as planes (n, channels, side, side) to points (n, size), and back."""

    def __init__(self, about: Mapping[str, Any]) -> None:
        super().__init__()
        self.about = dict(about)  # all that is needed to build it again
        channels, self.side, self.size = about["shape"]
        self.mode: Literal["L", "RGB"] = "L" if channels == 1 else "RGB"
        self.planes = (channels, self.side, self.side)
        area, width = channels * self.side**2, 512
        self.encoder = nn.Sequential(
            nn.Linear(area, width), nn.SiLU(), nn.Linear(width, 2 * self.size)
        )
        self.decoder = nn.Sequential(
            nn.Linear(self.size, width), nn.SiLU(), nn.Linear(width, area)
        )

    def encode(self, planes: Tensor) -> tuple[Tensor, Tensor]:
        """Where pictures lie: the mean, and the logarithm of the variance."""
        mean, log = self.encoder(kit.to_values(planes).flatten(1)).chunk(2, 1)
        return mean, log

    def decode(self, points: Tensor) -> Tensor:
        """The planes of points."""
        values: Tensor = self.decoder(points).sigmoid()
        return kit.to_planes(values.view(-1, *self.planes))

    def read(self, image: api.Image) -> Tensor:
        """A picture of any size and mode as the net sees it."""
        return kit.image_planes(image, self.side, self.mode, "stretch")[None]

    def point_of(self, image: api.Image) -> Tensor:
        """The point of one picture."""
        return self.encode(self.read(image))[0][0]


class Learner(kit.Learner):
    """One step of learning. The loop does all the rest: checkpoints, pause, resume."""

    def step(self, batch: tuple[Tensor, ...], moment: kit.Moment) -> dict[str, float]:
        vae: Any = self.networks["vae"]
        planes = batch[0].to(next(vae.parameters()).device)
        mean, log = vae.encode(planes)
        noise = torch.randn(mean.shape, generator=moment.generator).to(mean.device)
        drawn = vae.decoder(mean + (log / 2).exp() * noise)
        wanted = kit.to_values(planes).flatten(1)
        fit = F.binary_cross_entropy_with_logits(drawn, wanted, reduction="sum")
        far = (mean.square() + log.exp() - log - 1).sum() / 2
        loss = (fit + far) / len(mean)
        return {"loss": self.descend("adam", loss, rate=1 - moment.progress, clip=200)}


def read_model(folder: Path) -> kit.Space[Vae]:
    return kit.Space(kit.load_network(folder, "new-plugin", Vae))


MODELS = kit.OpenModels(read_model)  # the last few stay open


def learn(request: "api.TrainRequest[Learning]") -> api.Action:
    device = kit.choose_device(request)
    torch.manual_seed(request.seed)
    if request.model:  # go on with a model that is there
        vae = copy.deepcopy(MODELS.open(request.model).network).requires_grad_()
    else:
        channels = 3 if kit.is_coloured(request.dataset) else 1
        wish = request.parameters
        vae = Vae({"shape": [channels, wish.side, wish.size]})
    vae.to(device)
    learner = Learner({"vae": vae}, {"adam": torch.optim.Adam(vae.parameters(), 1e-3)})
    data = yield from kit.read_pictures(
        request.dataset, vae.side, vae.mode, fit="stretch"
    )

    def publish(_learner: Learner, folder: Path) -> dict[str, Any]:
        kit.save_network(folder, "new-plugin", vae, vae.about)
        with torch.no_grad():  # the ways in which pictures differ most become sliders
            points = vae.encode(data.planes[:2000].to(device))[0].cpu()
        frame = {"width": vae.side, "height": vae.side, "mode": vae.mode}
        axes = kit.principal_axes(points, min(4, vae.size))
        return {"frame": frame, **kit.steering(axes)}

    def sample(_learner: Learner) -> api.Image:
        noise = torch.randn((16, vae.size), generator=kit.candidate_generator(0))
        return kit.sheet(vae.decode(noise.to(device)), columns=4)

    batches = kit.Batches.of(data.planes, size=64, seed=request.seed)
    yield from kit.training_loop(
        request, learner, batches, publish=publish, sample=sample
    )


def draw(request: "api.GenerateRequest[Drawing]") -> api.Action:
    space, spread = MODELS.open(request.model), request.parameters.spread

    def drawn(rng: Random) -> api.Candidate:
        return space.candidate(spread * space.new_point(request, rng))

    return kit.candidates(request, drawn)


def inpaint(request: api.EditRequest) -> api.Action:
    """What the net makes of the picture is put into the hole, until both fit."""
    space = MODELS.open(request.model)
    picture = space.network.read(request.image)
    hole = space.network.read(api.Image(request.mask.pixels)) > 127

    def filled(rng: Random) -> Iterator[api.Candidate]:
        source = kit.candidate_generator(rng.getrandbits(62))
        noise = torch.randint(256, picture.shape, generator=source, dtype=torch.uint8)
        planes = torch.where(hole, noise, picture)
        for _round in range(12):
            mean, log = space.network.encode(planes)
            spread = torch.randn(mean.shape, generator=source)
            points = mean + (log / 2).exp() * spread
            planes = torch.where(hole, space.network.decode(points), picture)
            yield space.candidate(points[0], request.image)

    return kit.candidates(request, filled)


def judge(request: api.EvaluateRequest) -> api.Action:
    """How near pictures come that were encoded and drawn again."""
    assert request.dataset is not None  # only operations with artifacts=1 get none
    vae = MODELS.open(request.model).network
    data = yield from kit.read_pictures(
        request.dataset, vae.side, vae.mode, fit="stretch"
    )
    parts = torch.split(data.planes, 500)
    drawn = torch.cat([vae.decode(vae.encode(part)[0]) for part in parts])
    near = kit.measures.psnr_db(kit.to_values(drawn), kit.to_values(data.planes))
    yield api.Metric("psnr_db", float(near.mean()))
