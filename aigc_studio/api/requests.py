"""Requests: frozen plain data that says everything about one action.

They may gain fields in any release; a plugin reads those that it knows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aigc_studio.api.artifacts import Artifact
from aigc_studio.api.dataset import Dataset
from aigc_studio.api.selections import Selection


@dataclass(frozen=True, kw_only=True)
class Request:
    """What every request carries.

    `operation` is the id of the operation asked for (the verb itself where the plugin lists none).
    `parameters` is an instance of that operation's parameter model, or an empty mapping.
    `folder` is a scratch folder of this action: write nowhere else. `device` is what torch calls a
    device; `threads` are those that torch may use. `language` is `en` or `zh_CN`.
    """

    operation: str = ""
    parameters: Any = field(default_factory=dict)
    seed: int = 0
    model: Path | None = None
    folder: Path = Path()
    device: str = "cpu"
    threads: int = 1
    language: str = "en"


@dataclass(frozen=True, kw_only=True)
class GenerateRequest(Request):
    """Make `count` new artifacts from a prompt; number *n* is drawn from seed `seed + n`."""

    prompt: str = ""
    count: int = 1


@dataclass(frozen=True, kw_only=True)
class EditRequest(Request):
    """Work on artifacts: inpaint, rewrite, recompose, morph.

    `selections` and `latents` are as long as `artifacts`; None where there is none. Only the first
    artifact can have a selection: it is the one that is changed, the others are looked at.
    """

    artifacts: tuple[Artifact, ...] = ()
    selections: tuple[Selection | None, ...] = ()
    latents: tuple[bytes | None, ...] = ()
    prompt: str = ""
    count: int = 1


@dataclass(frozen=True, kw_only=True)
class TrainRequest(Request):
    """Learn from `dataset` (its training part only), for `minutes` or for exactly `steps`.

    `model` is a model to start from, if any. With `resume`, `folder` holds what an earlier run of
    this very request wrote, and the run goes on from there. `card` is the start model's card.
    """

    dataset: Dataset
    minutes: float | None = None
    steps: int | None = None
    resume: bool = False
    card: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class EvaluateRequest(Request):
    """Measure `model` on `dataset` (its held-out part), or annotate `artifact`."""

    dataset: Dataset | None = None
    artifact: Artifact | None = None
