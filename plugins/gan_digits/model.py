"""A trained model as a folder: nets, classes, and what its pictures are like."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from torch import nn

from aigc_studio.toolkit import (
    Latent,
    OpenModels,
    load_network,
    read_settings,
    save_network,
    unpack_latent,
)
from aigc_studio.toolkit.pictures import Mode
from gan_digits.network import Discriminator, Encoder, GanSettings, Generator, Nets
from gan_digits.pictures import Look

KIND = "gan-digits"


@dataclass(frozen=True)
class Model:
    """A generator and an encoder ready to draw, and how they were made.

    `tag` (8 bytes) tells this model's latents from another's. `discriminator` is only there to go
    on training from.
    """

    settings: GanSettings
    classes: tuple[str, ...]
    look: Look
    generator: Generator
    encoder: Encoder
    discriminator: Discriminator
    tag: bytes
    name: str

    @property
    def mode(self) -> Mode:
        """Pillow's name for the pixels it makes."""
        return "L" if self.settings.channels == 1 else "RGB"

    def label_name(self, label: int) -> str:
        """What a class is called; nothing for a model without classes."""
        return self.classes[label] if label < len(self.classes) else ""

    def origin(self, latent: bytes) -> Latent:
        """What a result was drawn from. Raises GeneratorError for a latent of another model."""
        classes = max(len(self.classes), 1)
        return unpack_latent(latent, self.tag, self.settings.latent_dim, classes)


def save_model(
    folder: Path,
    settings: GanSettings,
    classes: tuple[str, ...],
    look: Look,
    nets: Mapping[str, nn.Module],
) -> None:
    """Write the nets by name (generator, encoder, discriminator), in half precision.

    No picture changes by more than a grey level or two for it.
    """
    about = {"settings": asdict(settings), "classes": list(classes), "look": asdict(look)}
    save_network(folder, KIND, nn.ModuleDict(nets), about)


def open_model(folder: Path | None) -> Model:
    """The model in this folder, from memory if it was just used. Raises StudioError."""
    return _models.open(folder)


def _read(folder: Path) -> Model:
    found = load_network(folder, KIND, lambda about: Nets(_read_about(about)[0]))
    nets = found.network
    return Model(
        *_read_about(found.about),
        nets.generator,
        nets.encoder,
        nets.discriminator,
        found.tag,
        found.name,
    )


_models = OpenModels(_read)


def _read_about(about: Mapping[str, Any]) -> tuple[GanSettings, tuple[str, ...], Look]:
    """Settings, classes and look. Raises ValueError or KeyError for what is none of them."""
    settings = read_settings(GanSettings, about["settings"])
    classes = about["classes"]
    named = isinstance(classes, list) and all(isinstance(each, str) for each in classes)
    if not named or len(classes) != settings.num_classes:
        raise ValueError("there are as many names of classes as there are classes")
    return settings, tuple(classes), read_settings(Look, about["look"])
