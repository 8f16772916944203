"""Which models a run publishes, and which of them is the best so far."""

from __future__ import annotations

import functools
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Generic, TypeVar

import torch

from aigc_studio.api import Checkpoint, Preview, TrainRequest
from aigc_studio.api.models import WEIGHTS
from aigc_studio.toolkit import distributed
from aigc_studio.toolkit.checkpoints import ModelFolders, all_finite, has_finite_weights
from aigc_studio.toolkit.failures import not_a_number
from aigc_studio.toolkit.recipe import CLEAR, Recipe
from aigc_studio.toolkit.shelf import keep_samples, likeness_of
from aigc_studio.toolkit.trainee import Trainee
from aigc_studio.toolkit.weights import count_parameters

_Learning = TypeVar("_Learning", bound=Trainee)


class Publisher(Generic[_Learning]):
    """Makes model folders of a trainee and remembers the best."""

    def __init__(self, request: TrainRequest, recipe: Recipe[_Learning]) -> None:
        self.request, self.recipe = request, recipe
        self.folders = ModelFolders(request.folder / "models")
        self.best_value: float | None = None
        self.best_path: Path | None = None
        self.best_is_doubtful = False
        self._first: float | None = None
        """What was measured first, by the metric that tells the best."""
        self._tells = False
        """Whether that has changed clearly since: until then it tells no model from another."""
        self._drawn: tuple[int, Preview] | None = None

    @property
    def best_step(self) -> int | None:
        """The step of the best model so far; None when there is none, or only a doubtful one."""
        if self.best_path is None or self.best_is_doubtful:
            return None
        return int(self.best_path.name.rpartition("-")[2])

    def state(self) -> dict[str, Any]:
        """What a resumed run must know of the best model."""
        return {
            "best_value": self.best_value,
            "best_folder": self.best_path.name if self.best_path else "",
            "best_is_doubtful": self.best_is_doubtful,
            "first_value": self._first,
            "best_is_told": self._tells,
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Put back what `state` gave; a best model that is gone or damaged is none any more."""
        self._first = state.get("first_value")
        # Those of before had a best from their first measure on, and go on so.
        self._tells = bool(state.get("best_is_told", state["best_value"] is not None))
        name = state["best_folder"]
        path = self.folders.folder / name
        if name and self.folders.is_whole(path):
            self.best_value, self.best_path = state["best_value"], path
            self.best_is_doubtful = bool(state.get("best_is_doubtful", False))

    def publish(
        self,
        step: int,
        seconds: float,
        measured: Mapping[str, float] | None,
        doubtful: bool = False,
    ) -> Checkpoint:
        """Write the model folder of this step. Raises GeneratorError for weights not finite.

        One that is `doubtful` (blank samples, losses off their scale) is never
        better than one that is not.
        """
        if not all_finite(self.recipe.trainee.tensors()):
            raise not_a_number("weights", step, self.best_step)
        path, card = self.folders.make(step, functools.partial(self._write, step))
        if not has_finite_weights(path):
            shutil.rmtree(path, ignore_errors=True)
            raise not_a_number("weights", step, self.best_step)
        is_best = self._is_best(measured, doubtful)
        if is_best:
            self.best_path, self.best_is_doubtful = path, doubtful
        card |= self._facts(path, step, seconds)
        return Checkpoint(path, step, dict(measured or {}), is_best, card)

    def drawn(self, step: int) -> Preview:
        """What the trainee makes at this step, made once: it is shown and kept beside a model."""
        if self._drawn is None or self._drawn[0] != step:
            assert self.recipe.sample is not None
            found = self.recipe.sample(self.recipe.trainee)
            self._drawn = step, found if isinstance(found, Preview) else Preview(found)
        return self._drawn[1]

    def _write(self, step: int, folder: Path) -> Mapping[str, Any]:
        """What the plugin writes, and beside it what people are shown of the model."""
        recipe = self.recipe
        card = recipe.publish(recipe.trainee, folder)
        if recipe.sample is not None:
            keep_samples(folder, lambda: self.drawn(step))
        return {**self._likeness, **card}

    @functools.cached_property
    def _likeness(self) -> dict[str, Any]:
        """What is known of the data, measured once in a run."""
        found = likeness_of(self.request.dataset)
        return {"likeness": found} if found else {}

    def thin_out(self) -> None:
        """Delete what is neither the best nor among the newest."""
        self.folders.thin_out(self.best_path)

    def _is_best(self, measured: Mapping[str, float] | None, doubtful: bool) -> bool:
        best = self.recipe.best
        value = (measured or {}).get(best.metric) if best is not None else None
        self._note(value)
        if self.best_path is not None and doubtful != self.best_is_doubtful:
            if not doubtful and best is not None:
                self.best_value = value
            return not doubtful
        if best is None or self.recipe.evaluate is None:
            return True
        if value is None:
            # What was measured, and is no number, is never better than what is one.
            return self.best_value is None or (measured is None and not self._tells)
        if self._tells and not best.is_better(value, self.best_value):
            return False
        self.best_value = value
        return True

    def _note(self, value: float | None) -> None:
        """Whether the metric tells one model from another by now."""
        if value is None:
            return
        if self._first is None:
            self._first = value
        self._tells = self._tells or abs(value - self._first) > CLEAR * abs(self._first)

    def _facts(self, path: Path, step: int, seconds: float) -> dict[str, Any]:
        """What every card says of the training."""
        return {
            "steps": step,
            "seconds": round(seconds, 1),
            "examples_seen": step * self.recipe.batches.size,
            **_size(path / WEIGHTS),
            "device": self.request.device,
            "threads": torch.get_num_threads(),
            "processes": distributed.world_size(),
            "torch": torch.__version__,
            "seed": self.request.seed,
        }


def _size(weights: Path) -> dict[str, int]:
    """How many numbers there are, for a card; a model may be a document alone."""
    return {"parameter_count": count_parameters(weights)} if weights.exists() else {}
