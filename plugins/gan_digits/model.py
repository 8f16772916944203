"""A trained model as a folder: nets, classes, and what its pictures are like."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from torch import Tensor, nn

from aigc_studio.api import GeneratorError, StudioError, limits
from aigc_studio.api.kinds import ListOf, Number, OneOf, Whole, Words, check, record
from aigc_studio.toolkit import load_weights, restore_network, save_weights, unfilled
from aigc_studio.toolkit.checkpoints import all_finite
from aigc_studio.translation import _
from gan_digits.losses import LOSSES
from gan_digits.network import (
    LARGEST_SIDE,
    SMALLEST_SIDE,
    Discriminator,
    Encoder,
    Generator,
    check_size,
)
from gan_digits.pictures import Look, Mode
from gan_digits.training import GanSettings

KIND = "gan-digits"
MOST_CLASSES = 4096
_several = Whole(1, 1_000_000)
_weight = Number(0, 1e6)
_settings = record(
    {},
    size=Whole(SMALLEST_SIDE, LARGEST_SIDE),
    channels=Whole(1, 3),
    num_classes=Whole(0, MOST_CLASSES),
    width=Whole(1, 256),
    latent_dim=Whole(1, 1024),
    loss=OneOf(tuple(LOSSES)),
    penalty=_weight,
    penalty_every=_several,
    learning_rate=Number(0, 1),
    flat_part=Number(0, 1),
    augmentation=Number(0, 100),
    augmentation_probability=Number(0, 1),
    average_decay=Number(0, 1),
    latent_weight=_weight,
    reconstruction_weight=_weight,
    encoder_every=_several,
)
_about = record(
    {
        "kind": OneOf((KIND,)),
        "settings": _settings,
        "classes": ListOf(Words(limits.LABEL), MOST_CLASSES),
        "look": record({}, ground=Number(0, 255), extent=Number(0, 1)),
    }
)
"""What stands in the weights beside the tensors. The sizes bound what the nets ask for."""


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


def build_nets(settings: GanSettings) -> tuple[Generator, Encoder, Discriminator]:
    """Fresh nets as `GanStep` has them."""
    s = settings
    return (
        Generator(s.size, s.channels, s.num_classes, s.width, s.latent_dim),
        Encoder(s.size, s.channels, s.num_classes, max(s.width * 3 // 4, 8), s.latent_dim),
        Discriminator(s.size, s.channels, s.num_classes, s.width),
    )


def save_model(
    folder: Path,
    settings: GanSettings,
    classes: tuple[str, ...],
    look: Look,
    nets: Mapping[str, nn.Module],
) -> None:
    """Write `weights.safetensors`: the nets by name (generator, encoder, discriminator).

    In half precision: it halves the file, and no picture changes by more than a grey level or two.
    """
    tensors: dict[str, Tensor] = {
        f"{name}.{key}": value.half() if value.is_floating_point() else value
        for name, net in nets.items()
        for key, value in net.state_dict().items()
    }
    about = {
        "kind": KIND,
        "settings": settings.as_numbers(),
        "classes": list(classes),
        "look": look.as_numbers(),
    }
    save_weights(folder / "weights.safetensors", tensors, about)


_opened: OrderedDict[tuple[str, int, int], Model] = OrderedDict()


def open_model(folder: Path | None) -> Model:
    """The model in this folder, from memory if it was just used. Raises StudioError."""
    if folder is None:
        raise GeneratorError(
            "There is no model to work with: choose one, or train one first.",
            zh="没有可用的模型：请选择一个模型，或先训练一个。",
            parameter="model",
        )
    path = folder / "weights.safetensors"
    try:
        told = path.stat()
    except OSError:
        raise StudioError(
            _("The model {name} has no weights: choose another model.").format(name=folder.name)
        ) from None
    key = (str(path.resolve()), told.st_mtime_ns, told.st_size)
    if key not in _opened:
        _opened[key] = _read_model(folder, path)
    _opened.move_to_end(key)
    while len(_opened) > 3:
        _opened.popitem(last=False)
    return _opened[key]


def _read_model(folder: Path, path: Path) -> Model:
    tensors, about = load_weights(path)
    settings, classes, look = _read_about(folder.name, about)
    # Parameters are made without memory: what is in the file becomes theirs, when it fits.
    with unfilled():
        nets = build_nets(settings)
    names = ("generator", "encoder", "discriminator")
    whole = {
        key: value.float() if value.is_floating_point() else value for key, value in tensors.items()
    }
    if not all_finite(whole):
        raise GeneratorError(
            f"The weights of the model {folder.name} are no numbers any more: choose another.",
            zh=f"模型 {folder.name} 的权重已不再是有效的数：请选择其他模型。",
            parameter="model",
        )
    for name, net in zip(names, nets, strict=True):
        restore_network(net, whole, folder.name, f"{name}.")
        net.eval().requires_grad_(False)
    tag = hashlib.sha256(path.read_bytes()).digest()[:8]
    return Model(settings, classes, look, *nets, tag=tag, name=folder.name)


def _read_about(name: str, about: Mapping[str, Any]) -> tuple[GanSettings, tuple[str, ...], Look]:
    """Settings, classes and look; StudioError for those of another generator or out of range."""
    try:
        check(about, _about)
        settings = GanSettings(**_known(GanSettings, about["settings"]))
        classes = tuple(about["classes"])
        check_size(settings.size)
        if settings.channels not in (1, 3) or len(classes) != settings.num_classes:
            raise ValueError("channels or classes")
        return settings, classes, Look(**_known(Look, about["look"]))
    except ValueError as error:
        raise StudioError(
            _("{name} is not a model of GAN digits: choose one that this generator made.").format(
                name=name
            )
        ) from error


def _known(kind: type[Any], told: Mapping[str, Any]) -> dict[str, Any]:
    """Those of the values that this version has a field for."""
    return {field.name: told[field.name] for field in fields(kind) if field.name in told}
