"""Train: from a dataset to a model folder, on the toolkit's loop. One model does all."""

from __future__ import annotations

import copy
from collections.abc import Generator, Iterator, Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import torch

from aigc_studio.api import Event, GeneratorError, Image, Message, Progress, TrainRequest
from aigc_studio.toolkit import (
    Batches,
    Best,
    choose_device,
    parameters_of,
    sheet,
    to_planes,
    to_values,
    training_loop,
)
from vae_faces.attributes import card_of
from vae_faces.model import MODES, Model, open_model, save_model
from vae_faces.network.agreement import agreed, new_points, noise_for
from vae_faces.network.draft import ROWS
from vae_faces.network.net import Faces
from vae_faces.network.prior import AXES
from vae_faces.network.sketch import components_for
from vae_faces.settings import FINE, TOUCHES, FacesSettings
from vae_faces.training.losses import VANISHED
from vae_faces.training.material import Material, begun_with, learnt_from
from vae_faces.training.measuring import hole_db, reconstruction_db, scratches_db, told_nats
from vae_faces.training.parameters import DRAWING, FILLING, FINISHING, TOUCHING, TrainParameters
from vae_faces.training.step import FacesStep, Recipe, spread_out

_GRID = 4  # pictures a side of the sample grid
_GRID_SEED = 2014
_MEASURED = 200
_FITTED = 400
_SKETCHED = 1000
"""Pictures that a new model's sketch is made of, at most: who cancels meanwhile waits for it."""
_DRAFTED = 2000
"""Pictures that a new model's draft is made of, at most."""
_SILENT = 2
_MEASURING = {"en": "Measuring on pictures it has not seen", "zh": "正在用未见过的图像评估"}
_BEGINNING = {"en": "Looking for what the pictures have in common", "zh": "正在寻找图像的共同之处"}
_FEW = 1000
"""Fewer pictures than this are moved, and mirrored where nothing is said of them."""


def train_faces(request: TrainRequest[TrainParameters]) -> Iterator[Event]:
    """Learn the pictures of a dataset, or go on from a model; yield what the loop does."""
    choose_device(replace(request, device="cpu"))
    if request.device not in ("", "auto", "cpu"):
        yield _on_the_cpu()
    parameters = parameters_of(request, TrainParameters)
    base = open_model(request.model) if request.model is not None else None
    check_whole(parameters, base)
    begun = begun_with(request.folder) if request.resume else None
    material = yield from learnt_from(request.dataset, parameters, base, begun)
    faces = faces_for(parameters, material, base, request.seed)
    trainee = FacesStep(faces, recipe_for(parameters, material))
    measuring = Measuring(material, request.dataset.about)
    chosen = [spread_out(each, _FITTED) for each in (material.planes, material.targets)]
    if not (request.resume and (request.folder / "resume.safetensors").is_file()):
        yield Progress(0, 0, _BEGINNING)
        planes, targets = (spread_out(e, _DRAFTED) for e in (material.planes, material.targets))
        trainee.begin(planes, targets, sketched=_SKETCHED)

    def settled(trainee: FacesStep, *, anew: bool = False) -> Faces:
        trainee.settle(*chosen, anew=anew)
        return trainee.average.network

    columns, size = (material.planes, material.targets), parameters.batch_size
    yield from training_loop(
        request,
        trainee,
        Batches.of(*columns, size=size, seed=request.seed),
        publish=lambda trainee, folder: _publish(
            trainee, folder, parameters, measuring.steering(settled(trainee))
        ),
        sample=lambda trainee: sample_grid(settled(trainee)),
        # Always, so that the last model does not depend on when others were published.
        evaluate=lambda trainee: measuring.of(settled(trainee, anew=True)),
        best=Best("held_out_db", "highest"),
        # Faces whose parts are made to agree take ten times as long to draw.
        previews=24 if material.traits else 12,
        evaluations=8,
    )


def faces_for(
    parameters: TrainParameters, material: Material, base: Model | None, seed: int
) -> Faces:
    """The net of a training: a new one, or that of `base`. Raises GeneratorError for a width that
    `base` has not."""
    if base is not None:
        width = base.network.settings.width
        if parameters.width not in (0, width):
            raise GeneratorError(
                f"The model {base.name} has width {width}: leave it automatic (0) to go on.",
                zh=f"模型 {base.name} 的宽度为 {width}：要继续训练，请保持自动（0）。",
                parameter="width",
            )
        going_on = copy.deepcopy(base.network).train().requires_grad_(True)
        going_on.spread_along(axes_for(material))
        going_on.touch_up()
        if parameters.learns not in (DRAWING, TOUCHING):
            going_on.refine()
        return going_on
    pictures, channels, side, _side = material.planes.shape
    settings = FacesSettings(
        side=side, channels=channels, contrast=bool(material.traits), fine=FINE,
        touches=TOUCHES if material.traits else 0,
        sketch=components_for(pictures, channels * side * side),
        draft=ROWS if material.traits else 0,
    )  # fmt: skip
    width = max(parameters.width or settings.width, 8)
    settings = replace(settings, width=width, axes=axes_for(material))
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return Faces(settings, material.traits)


def axes_for(material: Material) -> int:
    """Along how many axes points spread as real ones do: fewer where parts are made to agree."""
    return AXES if material.traits else AXES // 2


def recipe_for(parameters: TrainParameters, material: Material) -> Recipe:
    """How a training goes; what is automatic goes by how many pictures there are."""
    few = len(material.planes) < _FEW
    flips = parameters.flips == "yes"
    if parameters.flips == "auto":
        flips = few and not material.traits.describe and not material.has_sides
    strength, weight = parameters.augmentation, parameters.attribute_weight
    usual = Recipe()
    return Recipe(
        learning_rate=parameters.learning_rate,
        beta=parameters.beta,
        free=parameters.free_bits,
        flips=flips,
        augmentation=(0.5 if few else 0.0) if strength < 0 else strength,
        attributes=weight * usual.attributes,
        mixed=weight * usual.mixed,
        details=weight * usual.details,
        scratches=parameters.scratches,
        draws=parameters.learns in ("all", DRAWING),
        fills=parameters.learns in ("all", FILLING),
        finishes=parameters.learns in ("all", FILLING, FINISHING),
        touches=parameters.learns in ("all", DRAWING, TOUCHING),
    )


def check_whole(parameters: TrainParameters, base: Model | None) -> None:
    """Raise GeneratorError where one net alone is to learn and the other has learnt nothing, and
    where touches are to be learnt and there are no attributes."""
    if parameters.learns == TOUCHING and base is not None and not base.network.traits:
        raise GeneratorError(
            "This model has no attributes that could be touched up: choose one that has some, or "
            "let it learn something else.",
            zh="该模型没有可补笔的属性：请选择带有属性的模型，或训练其他内容。",
            parameter="learns",
        )
    if base is None and parameters.learns != "all":
        raise GeneratorError(
            "A new model has to learn both to draw and to fill: choose a model to go on from, or "
            "let it learn both.",
            zh="新模型必须同时学习绘制与修补：请选择一个起始模型，或训练两者。",
            parameter="learns",
        )


class Measuring:
    """Measures a net on pictures that it does not learn from, or where there are none on some that
    it does; says so when its points have ceased to tell anything."""

    def __init__(self, material: Material, about: Mapping[str, Any]) -> None:
        planes = material.held_out if len(material.held_out) else material.planes[:_MEASURED]
        self.values, self.about = to_values(planes, -1), about
        self.silent = 0
        self._steering: dict[str, Any] | None = None

    def steering(self, faces: Faces) -> dict[str, Any]:
        """What a card says that a net is steered by: as found when it was last measured.

        It takes a second or two, and models are published every few seconds; the last one of a
        training is measured just before.
        """
        if self._steering is None:
            self._steering = card_of(faces, self.about)
        return self._steering

    def of(self, faces: Faces) -> Generator[Event, None, Mapping[str, float]]:
        """The metrics by name; a Message where the divergence vanished."""
        again = reconstruction_db(faces, self.values)
        yield Progress(1, 5, _MEASURING)
        nats = told_nats(faces, self.values)
        yield Progress(2, 5, _MEASURING)
        inside = hole_db(faces, self.values)
        yield Progress(3, 5, _MEASURING)
        along = scratches_db(faces, self.values)
        yield Progress(4, 5, _MEASURING)
        self._steering = card_of(faces, self.about)
        self.silent = self.silent + 1 if nats < VANISHED else 0
        if self.silent == _SILENT:  # at first no net tells anything
            yield vanished(nats)
        return {
            "reconstruction_db": again,
            "hole_db": inside,
            "scratches_db": along,
            "held_out_db": (again + inside + along) / 3,
            "told_nats": nats,
        }


def vanished(nats: float) -> Message:
    """What is said of a divergence that is as good as nought."""
    return Message(
        {
            "en": f"The divergence has vanished: points tell only {nats:.2f} nats of a picture, so "
            "that all faces will look the same. Train longer, or lower the weight β.",
            "zh": f"散度已消失：潜变量只携带 {nats:.2f} 奈特的信息，所有的脸都会相同。"
            "请延长训练，或降低权重 β。",
        },
        "warning",
    )


def _publish(
    trainee: FacesStep, folder: Path, parameters: TrainParameters, steering: Mapping[str, Any]
) -> dict[str, Any]:
    faces = trainee.average.network
    save_model(folder, faces)
    side, mode = faces.side, MODES[faces.channels]
    return {
        # A hole gets a face around it, and not an eye.
        "frame": {"width": side, "height": side, "mode": mode, "margin": 1.0},
        **steering,
        "architecture": asdict(faces.settings),
        "recipe": asdict(trainee.recipe),
        "parameters": parameters.model_dump(),
    }


@torch.no_grad()
def sample_grid(faces: Faces, variety: float = 0.85, columns: int = _GRID) -> Image:
    """A grid of faces, as many rows as columns, drawn from the same points every time."""
    source = torch.Generator().manual_seed(_GRID_SEED)
    points = new_points(faces, columns * columns, variety, source)
    points = agreed(faces, points, variety * noise_for(faces, len(points), source))
    return sheet(to_planes(faces.decode(points), -1), columns)


def _on_the_cpu() -> Message:
    return Message(
        {
            "en": "VAE faces trains on the CPU: its nets are too small for a GPU to help.",
            "zh": "VAE 人脸在 CPU 上训练：网络很小，GPU 并无帮助。",
        }
    )
