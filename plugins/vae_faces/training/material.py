"""What a training learns from: planes, attributes, and words for data that does not do."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from aigc_studio.api import Dataset, Event, GeneratorError, Image, Message
from aigc_studio.toolkit import (
    check_pictures,
    is_coloured,
    read_pictures,
    shapes_left,
    usual_side,
)
from aigc_studio.toolkit.pictures import Mode
from vae_faces.kinds import kind_of, sides_matter, told_of
from vae_faces.model import FIT, MODES, Model
from vae_faces.settings import SIDES, FacesSettings
from vae_faces.training.parameters import AUTO, TrainParameters
from vae_faces.traits import Traits, traits_of

LEAST = 8
"""Fewer pictures than this teach nothing that could be called a face."""
_SPARSE = 60
_LARGEST_AUTO = 64
_LOOKED_AT = 100
_MOST_HELD_OUT = 200
_HEAD = "network/faces/encoder.head.weight"
"""What a training keeps that is as wide as a model has numbers for attributes."""
_MODES: dict[str, Mode] = {"grey": "L", "rgb": "RGB", "rgba": "RGBA"}


@dataclass(frozen=True)
class Material:
    """Planes (n, c, side, side), uint8, what is known of their attributes (n, traits), NaN where
    nothing is, the attributes, and planes that are held out to measure on."""

    planes: Tensor
    targets: Tensor
    traits: Traits
    held_out: Tensor

    @property
    def has_sides(self) -> bool:
        """Whether pictures that are mirrored may look like another kind."""
        return sides_matter(self.planes, self.targets, self.traits)


def learnt_from(
    dataset: Dataset, parameters: TrainParameters, base: Model | None, begun: int | None = None
) -> Generator[Event, None, Material]:
    """Read a dataset for training; Progress in between, and a Message for what to know of it.

    With `base`, side, colour and attributes are those of that model. `begun` is how many numbers
    the attributes have in a training that goes on (`begun_with`). Raises GeneratorError for data
    that does not suit.
    """
    check_pictures(dataset)
    _check_enough(dataset)
    side, mode = _side(dataset, parameters, base), _mode(dataset, parameters, base)
    traits = base.network.traits if base is not None else Traits()
    if base is None:
        traits = yield from _traits(dataset, parameters, begun)
    yield from _remarks(dataset, side)
    read = yield from read_pictures(dataset, side, mode, fit=FIT)
    _check_different(read.planes)
    targets = traits.targets(told_of(read, traits))
    held_out = yield from _held_out(dataset, side, mode)
    return Material(read.planes, targets, traits, held_out)


def _traits(
    dataset: Dataset, parameters: TrainParameters, begun: int | None
) -> Generator[Event, None, Traits]:
    """What a new model learns of its pictures: their kind, and their attributes."""
    others = traits_of(dataset) if parameters.use_attributes else Traits()
    if not parameters.use_kinds:
        return others
    kind, remark = kind_of(dataset, others)
    both = others if kind is None else others.behind(kind)
    # A training of before knows no kinds, and goes on without. Of many attributes the last makes
    # room for the kind, and may be as wide as that.
    if begun == others.width != both.width:
        return others
    if remark is not None and begun is None:
        yield remark
    return both


def begun_with(folder: Path) -> int | None:
    """How many numbers the attributes have in the training that was left in this folder; None
    where there is none that can be read."""
    shape = shapes_left(folder).get(_HEAD)
    return shape[0] - 2 * FacesSettings().globals if shape else None


def _held_out(dataset: Dataset, side: int, mode: Mode) -> Generator[Event, None, Tensor]:
    """Some of the pictures that the dataset holds out, evenly through them; it may be none."""
    rest = Dataset(dataset.path, "test")
    count = min(len(rest), _MOST_HELD_OUT)
    if not count:
        return torch.empty(0, 1, side, side, dtype=torch.uint8)
    chosen = [place * len(rest) // count for place in range(count)]
    read = yield from read_pictures(rest, side, mode, chosen=chosen, fit=FIT)
    return read.planes


# -- what does not do ------------------------------------------------------------------------------


def _check_enough(dataset: Dataset) -> None:
    if len(dataset) < LEAST:
        raise GeneratorError(
            f"The dataset has {len(dataset)} pictures to learn from, and {LEAST} at least are "
            "needed: add more of the same kind, some hundred if you can.",
            zh=f"数据集只有 {len(dataset)} 张可学习的图像，至少需要 {LEAST} 张："
            "请添加更多同类图像，最好有几百张。",
            parameter="dataset",
        )


def _check_different(planes: Tensor) -> None:
    if bool((planes == planes[:1]).all()):
        raise GeneratorError(
            "All pictures of the dataset are the same, so there is nothing to learn: choose "
            "pictures that differ.",
            zh="数据集中的图像全都相同，没有可学习的内容：请选择彼此不同的图像。",
            parameter="dataset",
        )


def _remarks(dataset: Dataset, side: int) -> Generator[Event, None, None]:
    """What a person should know of the data before the training has run."""
    shapes = [row.get("shape", (side, side))[:2] for row in dataset.rows]
    if len(dataset) < _SPARSE:
        yield Message(
            {
                "en": f"{len(dataset)} pictures are very few: the model will know them by heart. "
                "Some hundred give faces of its own.",
                "zh": f"{len(dataset)} 张图像太少：模型只会记住它们。几百张才能画出新的脸。",
            },
            "warning",
        )
    uneven = sum(high != wide for high, wide in shapes)
    if uneven:
        yield Message(
            {
                "en": f"{uneven} pictures are not square: their middle is learnt. Crop them when "
                "you import them to say which part.",
                "zh": f"{uneven} 张图像不是正方形：将学习其中间部分。可在导入时裁剪以指定区域。",
            }
        )
    small = sum(max(shape) * 2 <= side for shape in shapes)
    if small:
        yield Message(
            {
                "en": f"{small} pictures are smaller than half of {side} × {side} and will be "
                "blurred: a smaller picture size suits them better.",
                "zh": f"{small} 张图像不到 {side} × {side} 的一半，放大后会模糊："
                "较小的图像尺寸更合适。",
            },
            "warning",
        )


# -- size and mode ---------------------------------------------------------------------------------


def _side(dataset: Dataset, parameters: TrainParameters, base: Model | None) -> int:
    if base is not None:
        side = base.network.side
        if parameters.size not in (AUTO, str(side)):
            raise _other("size", base.name, str(side), str(side))
        return side
    if parameters.size != AUTO:
        return int(parameters.size)
    middle = usual_side(dataset)
    return next((side for side in SIDES if middle <= side <= _LARGEST_AUTO), _LARGEST_AUTO)


def _mode(dataset: Dataset, parameters: TrainParameters, base: Model | None) -> Mode:
    if base is not None:
        mode = MODES[base.network.channels]
        if parameters.colour != AUTO and _MODES[parameters.colour] != mode:
            own = next(name for name, each in _MODES.items() if each == mode)
            raise _other("colour", base.name, own, mode)
        return mode
    if parameters.colour != AUTO:
        return _MODES[parameters.colour]
    if is_transparent(dataset):
        return "RGBA"
    return "RGB" if is_coloured(dataset) else "L"


def is_transparent(dataset: Dataset) -> bool:
    """Whether any of a hundred pictures, evenly through the data, can be seen through."""
    step = max(len(dataset) // _LOOKED_AT, 1)
    for number in range(0, len(dataset), step):
        picture = dataset[number].artifact
        if isinstance(picture, Image) and _is_clear(picture):
            return True
    return False


def _is_clear(picture: Image) -> bool:
    return picture.mode == "RGBA" and bool((picture.pixels[..., 3] < 255).any())


def _other(parameter: str, name: str, own: str, shown: str) -> GeneratorError:
    return GeneratorError(
        f"The model {name} was made with {parameter} {own}: leave it automatic to go on from it.",
        zh=f"模型 {name} 的该项为 {shown}：要在其基础上继续，请保持自动。",
        parameter=parameter,
    )
