"""Small learners that the toolkit's tests train: a GAN of points in the plane, and a regression."""

import json
import os
import sys
from collections.abc import Generator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from aigc_studio.api import Event, Image, TrainRequest
from aigc_studio.api.dataset import Dataset, encode
from aigc_studio.toolkit import (
    Average,
    Batches,
    Best,
    Learner,
    save_weights,
    training_loop,
    warm_up_and_decay,
)
from aigc_studio.toolkit.trainee import Moment


def environment() -> dict[str, str]:
    """For a process that shall find what this one finds."""
    return os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}


def empty_dataset(folder: Path) -> Dataset:
    """A dataset folder without examples: the examples here draw their own data."""
    folder.mkdir(parents=True, exist_ok=True)
    about = {"medium": "image", "name": "none", "fingerprint": "0"}
    (folder / "dataset.json").write_text(json.dumps(about))
    (folder / "examples.jsonl").write_text("")
    (folder / "content.bin").write_bytes(b"")
    return Dataset(folder)


def keep_pictures(folder: Path, pictures: Sequence[Image], test_every: int = 0) -> Dataset:
    """A dataset folder of pictures; every `test_every`-th is held out."""
    folder.mkdir(parents=True, exist_ok=True)
    rows, content = [], b""
    for number, picture in enumerate(pictures):
        data, told = encode(picture)
        held_out = test_every and number % test_every == test_every - 1
        place = {"offset": len(content), "length": len(data)}
        rows.append(json.dumps(place | told | {"split": "test" if held_out else "train"}) + "\n")
        content += data
    about = {"medium": "image", "name": folder.name, "fingerprint": "0"}
    (folder / "dataset.json").write_text(json.dumps(about))
    (folder / "examples.jsonl").write_text("".join(rows))
    (folder / "content.bin").write_bytes(content)
    return Dataset(folder)


def train_request(folder: Path, **fields: Any) -> TrainRequest:
    folder.mkdir(parents=True, exist_ok=True)
    return TrainRequest(dataset=empty_dataset(folder / "data"), folder=folder, **fields)


def _mlp(inputs: int, outputs: int, hidden: int = 16, dropout: float = 0.0) -> nn.Sequential:
    return nn.Sequential(
        nn.Linear(inputs, hidden), nn.ReLU(), nn.Dropout(dropout), nn.Linear(hidden, outputs)
    )


class PointGan(Learner):
    """Two nets, two optimisers, an average: points on a circle. Dropout draws from torch's own."""

    def __init__(self, seed: int = 0) -> None:
        torch.manual_seed(seed)
        self.generator, self.judge = _mlp(4, 2), _mlp(2, 1, dropout=0.2)
        self.average = Average(self.generator, 0.99)
        super().__init__(
            {"generator": self.generator, "judge": self.judge},
            {
                "generator": torch.optim.Adam(self.generator.parameters(), 3e-3, fused=True),
                "judge": torch.optim.AdamW(self.judge.parameters(), 3e-3),
            },
            {"generator": self.average},
        )

    def step(self, batch: tuple[Tensor, ...], moment: Moment) -> Mapping[str, float]:
        (real,) = batch
        rate = warm_up_and_decay(moment.step, moment.progress, warm_up=5, flat=0.5)
        latents = torch.randn(len(real), 4, generator=moment.generator)
        fake = self.generator(latents)
        loss = F.softplus(-self.judge(real)).mean() + F.softplus(self.judge(fake.detach())).mean()
        judged = self.descend("judge", loss, rate=rate, clip=1.0)
        fooled = self.descend(
            "generator", F.softplus(-self.judge(fake)).mean(), rate=rate, clip=1.0
        )
        self.average.update(moment.step)
        return {"judge_loss": judged, "generator_loss": fooled}


class Line(Learner):
    """A regression with SGD, to be told from the GAN by having one of everything."""

    def __init__(self, rate: float = 0.05) -> None:
        torch.manual_seed(1)
        self.net = nn.Linear(3, 1)
        super().__init__(
            {"net": self.net}, {"net": torch.optim.SGD(self.net.parameters(), rate, momentum=0.9)}
        )

    def step(self, batch: tuple[Tensor, ...], moment: Moment) -> Mapping[str, float]:
        inputs, targets = batch
        return {"loss": self.descend("net", F.mse_loss(self.net(inputs)[:, 0], targets))}


def circle(count: int = 200) -> Tensor:
    angles = torch.linspace(0, 6.28, count)
    return torch.stack([angles.cos(), angles.sin()], dim=1)


def line_data(count: int = 64) -> tuple[Tensor, Tensor]:
    inputs = torch.randn(count, 3, generator=torch.Generator().manual_seed(3))
    return inputs, inputs @ torch.tensor([1.0, -2.0, 0.5]) + 3.0


def publish_gan(gan: PointGan, folder: Path) -> Mapping[str, Any]:
    save_weights(folder / "weights.safetensors", gan.average.network.state_dict(), {"kind": "gan"})
    return {"architecture": {"hidden": 16}}


def sample_gan(gan: PointGan) -> Image:
    with torch.no_grad():
        points = gan.average.network(torch.ones(8, 4))
    return Image((points.sigmoid() * 255).numpy().astype(np.uint8))


def evaluate_gan(gan: PointGan) -> Mapping[str, float]:
    with torch.no_grad():
        latents = torch.randn(64, 4, generator=torch.Generator().manual_seed(5))
        radius = gan.average.network(latents).norm(dim=1).mean()
    return {"radius_error": abs(float(radius) - 1.0)}


def gan_loop(
    request: TrainRequest, gan: PointGan | None = None, **options: Any
) -> Generator[Event, None, None]:
    batches = Batches.of(circle(), size=16, seed=request.seed)
    chosen: dict[str, Any] = {
        "publish": publish_gan,
        "sample": sample_gan,
        "evaluate": evaluate_gan,
        "best": Best("radius_error"),
    } | options
    loop = training_loop(request, gan or PointGan(request.seed), batches, **chosen)
    assert isinstance(loop, Generator)
    return loop


def line_loop(
    request: TrainRequest, line: Line | None = None, **options: Any
) -> Generator[Event, None, None]:
    def publish(line: Line, folder: Path) -> Mapping[str, Any]:
        save_weights(folder / "weights.safetensors", line.net.state_dict(), {})
        return {}

    batches = Batches.of(*line_data(), size=16, seed=request.seed)
    chosen: dict[str, Any] = {"publish": publish} | options
    loop = training_loop(request, line or Line(), batches, **chosen)
    assert isinstance(loop, Generator)
    return loop
