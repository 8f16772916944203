"""A trained model as a folder: one net with its filler, its attributes, and its latent space."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from aigc_studio.api import Image
from aigc_studio.toolkit import (
    OpenModel,
    OpenModels,
    Space,
    image_planes,
    load_network,
    read_settings,
    save_network,
    to_planes,
    to_values,
)
from aigc_studio.toolkit.pictures import Fit, Mode
from vae_faces.network.net import Faces
from vae_faces.settings import FacesSettings
from vae_faces.traits import Traits

KIND = "vae-faces"
FIT: Fit = "crop"
"""How pictures of other proportions come into the square."""
MODES: dict[int, Mode] = {1: "L", 3: "RGB", 4: "RGBA"}


class Pictures(nn.Module):
    """The net as `toolkit.Space` works with it: pictures to points, and points to planes."""

    def __init__(self, faces: Faces) -> None:
        super().__init__()
        self.faces, self.size = faces, faces.size

    def point_of(self, image: Image) -> Tensor:
        """The point (size,) of a picture of any size and mode."""
        values = values_of(image, self.faces)
        with torch.no_grad():
            return self.faces.encode(values[None])[0][0]

    def decode(self, points: Tensor) -> Tensor:
        """Planes (n, c, side, side), uint8, of points (n, size)."""
        with torch.no_grad():
            return to_planes(self.faces.decode(points), -1)


@dataclass(frozen=True)
class Model:
    """An open model. `tag` (8 bytes) tells its latents from another's, `name` is what sentences
    call it, `about` what its file says; `space` draws candidates of points and reads points of
    artifacts."""

    network: Faces
    about: Mapping[str, Any]
    tag: bytes
    name: str
    space: Space[Pictures]

    @property
    def mode(self) -> Mode:
        """Pillow's name for the pixels it makes."""
        return MODES[self.network.channels]


def values_of(image: Image, faces: Faces) -> Tensor:
    """A picture of any size and mode as values (c, side, side) in -1..1."""
    return to_values(image_planes(image, faces.side, MODES[faces.channels], FIT), -1)


def save_model(folder: Path, faces: Faces) -> None:
    """Write a net as the weights of a model folder, in half precision."""
    about = {"settings": asdict(faces.settings), "traits": faces.traits.to_json()}
    save_network(folder, KIND, faces, about)


def open_model(folder: Path | None) -> Model:
    """The model in this folder, from memory if it was just used. Raises StudioError."""
    return _models.open(folder)


def build(about: Mapping[str, Any]) -> Faces:
    """The net that a file is for. Raises ValueError, TypeError or KeyError for what is none."""
    return Faces(
        read_settings(FacesSettings, about["settings"]), Traits.from_json(about.get("traits", []))
    )


def _read(folder: Path) -> Model:
    found = load_network(folder, KIND, build)
    pictures = Pictures(found.network)
    space = Space(OpenModel(pictures, found.about, found.tag, found.name))
    return Model(found.network, found.about, found.tag, found.name, space)


_models = OpenModels(_read)
