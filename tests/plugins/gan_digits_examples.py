"""Small datasets and untrained models for the tests of GAN digits."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import cast

import numpy as np
from gan_digits.model import save_model
from gan_digits.network import GanSettings
from gan_digits.pictures import Look
from gan_digits.training import GanStep

from aigc_studio.api import Action, Candidate, Dataset, Image
from aigc_studio.api.dataset import encode

DIGITS = tuple("0123456789")


def bars(
    count: int, size: int = 16, colour: bool = False, labels: Sequence[str] = DIGITS
) -> list[tuple[Image, str]]:
    """Upright bars whose place tells the class: (picture, label) pairs."""
    pairs = []
    for number in range(count):
        kind = number % max(len(labels), 1)
        pixels = np.zeros((size, size), np.uint8)
        left = 2 + kind * (size - 6) // max(len(labels), 1)
        pixels[3 : size - 3, left : left + 3] = 255 - number % 7
        if colour:
            pixels = np.stack([pixels, pixels // 2, np.zeros_like(pixels)], axis=2)
        pairs.append((Image(pixels), labels[kind] if labels else ""))
    return pairs


def write_dataset(folder: Path, pairs: Sequence[tuple[Image, str]], test_every: int = 0) -> Dataset:
    """A dataset folder; every `test_every`-th example is held out."""
    folder.mkdir(parents=True, exist_ok=True)
    rows, content = [], b""
    for number, (picture, label) in enumerate(pairs):
        data, told = encode(picture)
        held_out = test_every and number % test_every == test_every - 1
        split = "test" if held_out else "train"
        place = {"offset": len(content), "length": len(data)}
        rows.append({"label": label, "split": split, **place, **told})
        content += data
    about = {"medium": "image", "name": folder.name, "fingerprint": "0" * 64}
    (folder / "dataset.json").write_text(json.dumps(about))
    (folder / "examples.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    (folder / "content.bin").write_bytes(content)
    return Dataset(folder)


def write_model(
    folder: Path,
    classes: Sequence[str] = DIGITS,
    size: int = 16,
    channels: int = 1,
    seed: int = 0,
    ground: float = 0.0,
    extent: float = 0.7,
) -> Path:
    """A model folder with nets as they are drawn."""
    folder.mkdir(parents=True, exist_ok=True)
    settings = GanSettings(
        size=size, channels=channels, num_classes=len(classes), width=8, latent_dim=16
    )
    gan = GanStep(settings, seed)
    nets = {
        "generator": gan.average.network,
        "encoder": gan.encoder,
        "discriminator": gan.discriminator,
    }
    save_model(folder, settings, tuple(classes), Look(ground, extent), nets)
    return folder


class Drawn(Candidate):
    """A candidate as these tests know it: a picture. For types alone; nobody makes one."""

    artifact: Image


def candidates(action: Action) -> list[Drawn]:
    made = [event for event in action if isinstance(event, Candidate)]
    assert all(isinstance(each.artifact, Image) for each in made)
    return cast(list[Drawn], made)
