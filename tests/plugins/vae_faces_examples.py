"""Small datasets and untrained models for the tests of VAE faces."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from vae_faces.model import save_model
from vae_faces.network.net import Faces
from vae_faces.settings import FacesSettings
from vae_faces.traits import Trait, Traits

from aigc_studio.api import Dataset, Image
from aigc_studio.api.dataset import encode

BEARD = Trait("beard", "yes_no", shares=(0.25,))
HAIR = Trait("hair", "choice", ("black", "blond", "red"), (0.5, 0.3, 0.2))
AGE = Trait("age", "number", mean=40.0, spread=10.0)
TRAITS = Traits((BEARD, HAIR, AGE))
Told = tuple[Image, Mapping[str, Any]]


def tiny(
    side: int = 32,
    channels: int = 3,
    traits: Traits | None = None,
    seed: int = 0,
    fine: int = 0,
    touches: int = 0,
) -> Faces:
    """An untrained net that is built in a blink; models of before have no finisher (`fine` 0),
    and no touches."""
    small: dict[str, Any] = {"width": 8, "globals": 4, "grids": (2, 1), "style": 8}
    settings = FacesSettings(
        side=side, channels=channels, contrast=True, fine=fine, touches=touches, **small
    )
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return Faces(settings, traits)


def heads(count: int, side: int = 32, colour: bool = True) -> list[Told]:
    """Round heads of several colours, some with a beard: (picture, attributes) pairs."""
    down, across = np.mgrid[0:side, 0:side] / side
    pairs: list[Told] = []
    for number in range(count):
        beard, hair, shift = number % 3 == 0, ("black", "blond")[number % 2], number % 5 / 40
        head = (down - 0.5) ** 2 + (across - 0.5 - shift) ** 2 < 0.11
        pixels = np.full((side, side, 3), (200, 220, 240), np.uint8)
        pixels[head] = (220, 180 - number % 7, 150)
        pixels[head & (down < 0.35)] = (30, 20, 20) if hair == "black" else (230, 210, 90)
        if beard:
            pixels[head & (down > 0.65)] = (60, 30, 20)
        picture = Image(pixels)
        pairs.append((picture if colour else picture.convert("L"), {"beard": beard, "hair": hair}))
    return pairs


def write_dataset(
    folder: Path,
    pairs: Sequence[Told],
    held_out: int = 0,
    labels: Sequence[str] = (),
    groups: Sequence[str] = (),
) -> Dataset:
    """A dataset folder, of which the last pictures are held out."""
    folder.mkdir(parents=True, exist_ok=True)
    rows, content = [], b""
    for number, (picture, told) in enumerate(pairs):
        data, shape = encode(picture)
        split = "test" if number >= len(pairs) - held_out else "train"
        place = {"offset": len(content), "length": len(data)}
        row = {"attributes": dict(told), "split": split, **place, **shape}
        for name, words in (("label", labels), ("group", groups)):
            row |= {name: words[number]} if words and words[number] else {}
        rows.append(row)
        content += data
    about = {"medium": "image", "name": folder.name, "fingerprint": "0" * 64}
    (folder / "dataset.json").write_text(json.dumps(about))
    (folder / "examples.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    (folder / "content.bin").write_bytes(content)
    return Dataset(folder)


def write_model(folder: Path, faces: Faces) -> Path:
    """A model folder with this net."""
    folder.mkdir(parents=True, exist_ok=True)
    save_model(folder, faces)
    return folder
