"""The bench that a generator is put on: real workers, folders of its own, small data."""

from __future__ import annotations

import functools
import os
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from aigc_studio.api.artifacts import Artifact, Image, Medium, Melody, Text
from aigc_studio.api.dataset import Dataset
from aigc_studio.api.description import Description, Operation
from aigc_studio.api.errors import StudioError
from aigc_studio.api.events import Candidate, Checkpoint, Event
from aigc_studio.api.requests import EditRequest, GenerateRequest, Request, TrainRequest
from aigc_studio.api.selections import Bars, Selection, Span
from aigc_studio.host import PluginRecord, PluginSource, Registry, Run, RunState, WorkerPool
from aigc_studio.testing.datasets import draw, write_dataset
from aigc_studio.testing.report import NotApplicable, Violation
from aigc_studio.translation import _

PATIENCE = 120.0
"""Seconds that one action of the kit's may take before it counts as hanging."""


class Bench:
    """Holds what the checks share; everything it writes is gone after `close`.

    `steps` is the length of its trainings; a number that takes a few seconds is right. `model` is
    used instead of one that it trains itself.
    """

    def __init__(
        self, plugin: PluginSource | Path | str, *, steps: int = 12, model: Path | None = None
    ) -> None:
        self.root = Path(tempfile.mkdtemp(prefix="检验 é "))
        self.steps = steps
        self._model = model
        self._plugin = plugin
        self._numbers = iter(range(10**9))
        self.cwd = self.folder("working folder")
        self.home = self.folder("home")
        self.pool = self._new_pool()

    def _new_pool(self) -> WorkerPool:
        variables = {"HOME": str(self.home), "USERPROFILE": str(self.home)}
        return WorkerPool(self.folder("交换"), variables=variables, cwd=self.cwd)

    def renew_workers(self) -> None:
        """End all workers: what comes now is done by new ones."""
        self.pool.close()
        self.pool = self._new_pool()

    def close(self, seconds: float = 6.0) -> None:
        """End the workers, by force after this time, and remove all files."""
        self.pool.close(seconds)
        shutil.rmtree(self.root, ignore_errors=True)

    def folder(self, name: str) -> Path:
        """A new, empty folder whose path is not ASCII."""
        path = self.root / f"{next(self._numbers)} {name}"
        path.mkdir(parents=True)
        return path

    @functools.cached_property
    def record(self) -> PluginRecord:
        """The plugin's record, made in a worker of its own as the studio does."""
        return find_record(self._plugin)

    @property
    def about(self) -> Description:
        """Its description. Raises `Violation` with the reason when there is none."""
        if self.record.description is None:
            raise Violation(self.record.reason, self.record.details)
        return self.record.description

    def operations(self, verb: str) -> tuple[Operation, ...]:
        """The operations under a verb. Raises `NotApplicable` when there are none."""
        found = self.about.of_verb(verb)
        if not found:
            raise NotApplicable(_("It does not {verb}.").format(verb=verb))
        return found

    # Data

    def dataset(self, count: int = 20, **about: Any) -> Dataset:
        """A small dataset of its medium."""
        medium: Medium = self.about.medium  # type: ignore[assignment]
        artifacts, labels = draw(medium, count, **about)
        return self.dataset_of(artifacts, labels)

    def dataset_of(self, artifacts: list[Artifact], labels: list[str] | None = None) -> Dataset:
        """A dataset of these artifacts."""
        medium: Medium = self.about.medium  # type: ignore[assignment]
        folder = self.folder("数据") / "data"
        return Dataset(write_dataset(folder, artifacts, labels or (), medium))

    @functools.cached_property
    def model(self) -> Path | None:
        """A model: the one given, one that comes with the plugin, or one trained here."""
        if self._model is not None:
            return self._model
        if self.about.models:
            places = (Path(self.record.home) / self.about.models).glob("*/weights.safetensors")
            for weights in sorted(places):
                return weights.parent
        if "train" not in self.about.verbs:
            return None
        checkpoints = [event for event in self.train() if isinstance(event, Checkpoint)]
        if not checkpoints:
            raise Violation(_("train() ended without a Checkpoint: there is nothing to keep."))
        return checkpoints[-1].path

    # Requests

    def training(self, **changes: Any) -> TrainRequest:
        """A request for a short training in a folder of its own."""
        request = TrainRequest(
            operation=self.operations("train")[0].id,
            # Not `or`: an empty dataset is false.
            dataset=changes.pop("dataset") if "dataset" in changes else self.dataset(),
            steps=self.steps,
            seed=1,
            folder=self.folder("训练"),
        )
        return replace(request, **changes)

    def train(self, **changes: Any) -> list[Event]:
        """Train, and give all that came. Raises `StudioError` when it failed."""
        return self.events("train", self.training(**changes))

    def wish(self, operation: Operation, **changes: Any) -> Request:
        """A request for a generate or edit operation, with its defaults and the kit's artifacts."""
        prompt = operation.prompt_example if operation.prompt != "none" else ""
        if operation.prompt == "required" and not prompt:
            sentence = _("The operation {name} requires a prompt: give it a prompt_example.")
            raise Violation(sentence.format(name=operation.id))
        common: dict[str, Any] = {"operation": operation.id, "prompt": prompt, "seed": 5}
        if "model" not in changes:  # asked for only then: it may have to be trained first
            common["model"] = self.model
        if operation.verb == "generate":
            return replace(GenerateRequest(**common), **changes)
        artifacts = self.inputs(operation.artifacts)
        needed = operation.selection != "none"
        selections = tuple(part_of(each) if needed else None for each in artifacts)
        return replace(EditRequest(**common, artifacts=artifacts, selections=selections), **changes)

    def inputs(self, count: int, size: int = 28) -> tuple[Artifact, ...]:
        """Artifacts to work on."""
        medium: Medium = self.about.medium  # type: ignore[assignment]
        return tuple(draw(medium, count, size)[0])

    # Runs

    def start(
        self, verb: str, request: Request, on_event: Callable[[Event], None] | None = None
    ) -> Run:
        """Start an action; a training in a fresh worker."""
        return self.pool.start(self.record, verb, request, on_event=on_event, fresh=verb == "train")

    def run(self, verb: str, request: Request) -> tuple[Run, list[Event]]:
        """Run an action to its end. Raises `Violation` when it hangs."""
        events: list[Event] = []
        run = self.start(verb, request, events.append)
        if not run.wait(PATIENCE):
            run.cancel()
            sentence = _("{verb}() was not done after {seconds} seconds.")
            raise Violation(sentence.format(verb=verb, seconds=round(PATIENCE)))
        return run, events

    def events(self, verb: str, request: Request) -> list[Event]:
        """Run an action that must go well. Raises `Violation` when it does not."""
        run, events = self.run(verb, request)
        if run.error is not None:
            raise Violation(f"{verb}: {run.error.sentence}", run.error.details)
        return events

    def candidates(self, request: Request) -> list[Candidate]:
        """The candidates of a generate or edit request that must go well."""
        verb = "edit" if isinstance(request, EditRequest) else "generate"
        return [event for event in self.events(verb, request) if isinstance(event, Candidate)]

    def accepts_or_explains(self, verb: str, request: Request, what: str) -> list[Event] | None:
        """The events of an action that goes well; None when it fails with a sentence for a person.

        Raises `Violation` when it breaks.
        """
        run, events = self.run(verb, request)
        if run.state is RunState.FAILED and run.error and not run.error.mendable:
            sentence = _(
                "With {what}, {verb} broke instead of raising a GeneratorError that says what to "
                "do: {problem}"
            )
            raise Violation(
                sentence.format(what=what, verb=verb, problem=run.error.sentence), run.error.details
            )
        return events if run.state is RunState.DONE else None


class Moment:
    """Waits in one thread for something that the events of a run bring about in another."""

    def __init__(self, condition: Callable[[Event], bool]) -> None:
        self._condition = condition
        self._come = threading.Event()
        self.events: list[Event] = []

    def __call__(self, event: Event) -> None:
        """Take an event."""
        self.events.append(event)
        if self._condition(event):
            self._come.set()

    def wait(self, run: Run, seconds: float = PATIENCE) -> bool:
        """Whether it came before the run ended."""
        for _tick in range(int(seconds * 50)):
            if self._come.wait(0.02) or run.state.ended:
                break
        return self._come.is_set() and not run.state.ended


def find_record(plugin: PluginSource | Path | str) -> PluginRecord:
    """The record of a plugin: by source, by the path of its file or folder, or by its
    name (that of its entry point, or the id of its generator).

    Raises `StudioError` when there is no such plugin.
    """
    from aigc_studio.host.discovery import source_at, stamp
    from aigc_studio.host.registry import describe

    source = plugin if isinstance(plugin, PluginSource) else source_at(Path(plugin))
    if source is not None:
        return replace(describe(source), stamp=stamp(source))
    if not Path(plugin).exists() and _is_path(plugin):  # type: ignore[arg-type]
        raise StudioError(_("There is no file {path}.").format(path=plugin))
    if Path(plugin).exists():  # type: ignore[arg-type]
        sentence = _("{path} is no plugin: name a Python file, or a folder with an __init__.py.")
        raise StudioError(sentence.format(path=plugin))
    registry = Registry()
    registry.load_cached()
    registry.refresh()
    named = [each for each in registry.records if each.source.name == plugin]
    if named and named[0].state == "ready":
        return named[0]  # an entry point may be called otherwise than its generator
    return registry.record(str(plugin))


def _is_path(plugin: Path | str) -> bool:
    """Whether a path was meant, and not the name of a plugin."""
    separators = [each for each in (os.sep, os.altsep) if each]
    words = str(plugin)
    return (
        isinstance(plugin, Path)
        or words.endswith(".py")
        or any(each in words for each in separators)
    )


def part_of(artifact: Artifact) -> Selection | None:
    """A selection in the middle of an artifact; None where nothing can be selected."""
    if isinstance(artifact, Text):
        return Span(len(artifact) // 3, 2 * len(artifact) // 3)
    if isinstance(artifact, Melody):
        count = len(artifact.bars)
        return Bars(min(2, count), max(min(2, count), count - 1))
    return _middle(artifact)


def _middle(picture: Image) -> Selection:
    import numpy as np

    from aigc_studio.api.selections import Mask

    pixels = np.zeros((picture.height, picture.width), np.uint8)
    top, left = picture.height // 3, picture.width // 3
    pixels[top : 2 * picture.height // 3 + 1, left : 2 * picture.width // 3 + 1] = 255
    return Mask(pixels)


def snapshot(*folders: Path) -> Mapping[Path, tuple[int, int]]:
    """Sizes and times of all files in the folders, but for Python's own caches."""
    return {
        file: (about.st_size, about.st_mtime_ns)
        for folder in folders
        for file in _files(folder)
        if (about := file.stat())
    }


def _files(folder: Path) -> Iterator[Path]:
    for file in folder.rglob("*"):
        if file.is_file() and "__pycache__" not in file.parts:
            yield file
