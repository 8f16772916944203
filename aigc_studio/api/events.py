"""Events: what an action yields while it works. A `yield` is where pause and cancel take effect."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from aigc_studio.api import limits
from aigc_studio.api.artifacts import Artifact
from aigc_studio.api.selections import Selection
from aigc_studio.translation import Localized

LATENT_LIMIT = limits.LATENT_BYTES
"""The most bytes that a candidate's latent may have."""


@dataclass(frozen=True)
class Progress:
    """How far the work is: `step` of `total` (0 = unknown), and what is being done."""

    step: int
    total: int = 0
    text: Localized = ""


@dataclass(frozen=True)
class Metric:
    """A number worth watching. Standard names: `frechet_distance`, `psnr_db`, `ssim`,
    `label_accuracy`, `precision`, `recall`, `nats_per_character`, `nats_per_note`.

    Of a control of the model: `control_changes:NAME`, in how many of 100 cases it changes what it
    names, and `control_keeps:NAME`, in how many all else stays."""

    name: str
    value: float
    step: int = 0


@dataclass(frozen=True)
class Preview:
    """A look at work under way: kept with the training, never put on the board by itself."""

    artifact: Artifact
    step: int = 0
    title: Localized = ""


@dataclass(frozen=True)
class Candidate:
    """One finished result.

    `latent` (at most 64 KiB) comes back to *edit* in `EditRequest.latents` as long as the artifact
    is unchanged, and to *generate* in `GenerateRequest.latents` where more like it is asked for (of
    an operation with `controls=True`). `probability` is in 0 to 1. Candidates with one `strip` name
    are a sequence in the order of `position`. `seed` is filled in by the worker (request seed +
    number) when it is None. With `part` the artifact of an edit is only what comes in place of the
    span or the bars (all of it where none are selected), and the host joins it to the rest.
    """

    artifact: Artifact
    latent: bytes | None = None
    probability: float | None = None
    strip: str = ""
    position: int = 0
    seed: int | None = None
    title: Localized = ""
    part: bool = False


@dataclass(frozen=True)
class Partial:
    """What there is of a result that is still being made: it is seen where the result will be.

    `number` counts the results of this action from 0, as the candidates that they become; of each
    the latest counts. *Stop and keep* makes a candidate of it. `part` is as in `Candidate`.
    """

    artifact: Artifact
    number: int = 0
    title: Localized = ""
    part: bool = False


@dataclass(frozen=True)
class Checkpoint:
    """A complete model folder: what `save_model` writes, and what else the plugin needs.

    It holds `model.json` or `weights.safetensors`, or both, and beside them files that end in
    .safetensors, .json, .txt, .md or .png only.
    `card` is what the plugin adds to the model's card: `frame` (`{"width", "height", "mode"}`, what
    a picture model eats), `controls`, `architecture`, `parameters`. `best` marks the one to keep.
    """

    path: Path
    step: int
    metrics: Mapping[str, float] = field(default_factory=dict)
    best: bool = False
    card: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Message:
    """A sentence for the person that is not an error."""

    text: Localized
    level: Literal["info", "warning"] = "info"


@dataclass(frozen=True)
class Annotation:
    """What *evaluate* says of a part of the artifact that it was given.

    `selection` lies in the artifact: a `Span` of a text, `Bars` of a melody or a `Span` of its
    ticks (a note from start to end), a `Mask` of a picture and of its size. `value` is in 0
    (nothing to see) to 1 (strong) and is drawn as heat over the part: how probable a character was,
    how clearly a digit reads. Where parts lie over each other the strongest is seen. `text` is told
    when the person points at it. One that does not fit is left out; a run yields at most
    `limits.ANNOTATIONS`.
    """

    selection: Selection
    value: float
    text: Localized = ""


Event = Progress | Metric | Preview | Partial | Candidate | Checkpoint | Message | Annotation
Action = Iterator[Event]
