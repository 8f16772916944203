"""The bench that a generator is put on: real workers, folders of its own, small data."""

from __future__ import annotations

import functools
import shutil
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aigc_studio.api.artifacts import Artifact, Medium
from aigc_studio.api.dataset import Dataset
from aigc_studio.api.description import Description, Operation
from aigc_studio.api.errors import StudioError
from aigc_studio.api.events import Candidate, Event
from aigc_studio.api.models import is_model
from aigc_studio.api.requests import (
    EditRequest,
    EvaluateRequest,
    GenerateRequest,
    Request,
    TrainRequest,
)
from aigc_studio.host import PluginRecord, PluginSource, Run, RunError, RunState, WorkerPool
from aigc_studio.library import NewTraining
from aigc_studio.library.weights import read_card
from aigc_studio.testing.datasets import told_of
from aigc_studio.testing.failing import broken, check_explained, helped
from aigc_studio.testing.finding import find_record
from aigc_studio.testing.material import Material, material
from aigc_studio.testing.moments import PATIENCE, Trace, ended_in_time
from aigc_studio.testing.report import NotApplicable, Violation
from aigc_studio.testing.selecting import part_of
from aigc_studio.testing.trained import Trained, train
from aigc_studio.testing.watching import Watch
from aigc_studio.translation import _, language, localized
from aigc_studio.wire.parameters import in_effect

if TYPE_CHECKING:
    from aigc_studio.testing.publishing.papers import Papers

STEPS = 4
"""The length of its trainings: enough to be interrupted midway."""
SIZES = (20, 200, 2_000)
"""Examples of the datasets that it draws: more of them where a training is done too soon."""
MANY = 3
"""How many results an operation of generate is usually asked for."""
A_WHILE = 2.0
"""Seconds for what is only tried: what takes longer by then has not broken, and is cancelled."""


class Bench:
    """Holds what the checks share; everything it writes is gone after `close`.

    `steps` is the length of its trainings; a number that takes a few seconds is right. `model` is
    used instead of one that it trains itself. `parameters` are what its trainings are asked for
    beside their defaults, but for those that are interrupted: these show how long a step takes.
    `data` is what it learns from and works on in place of what the kit draws.
    """

    def __init__(
        self,
        plugin: PluginSource | Path | str,
        *,
        steps: int = STEPS,
        model: Path | None = None,
        parameters: Mapping[str, Any] | None = None,
        data: Dataset | None = None,
    ) -> None:
        self.root = Path(tempfile.mkdtemp(prefix="检验 é "))
        self.logs: set[Path] = set()
        """Where its workers, and what they ran, wrote what they print."""
        self.steps = steps
        self.parameters = parameters or {}
        self._model, self._data = model, data
        self._plugin = plugin
        self._numbers = iter(range(10**9))
        self._trained: Trained | Violation | None = None
        self._datasets: dict[int, Dataset] = {}
        self.long = SIZES[0]
        """Examples of a dataset that a training takes long enough for."""
        self.cwd = self.folder("working folder")
        self.home = self.folder("home")
        self.watch = Watch()
        self.watch.over(self.cwd, self.home)
        self.pool = self.new_pool()
        self._usual: dict[str, list[Event]] = {}
        self._measured: list[Event] | None = None
        self.asked: set[str] = set()
        """The operations that were asked for something with their defaults."""
        self.gone_well: dict[str, Run] = {}
        """The first run of each operation that went well."""
        self.traces: dict[str, list[Trace]] = {}
        """What a worker was like after each of many requests, by operation."""
        self.offline: tuple[RunError | None, list[dict[str, Any]]] | None = None
        """What came of all that it offers without a network."""
        self.outdated: dict[str, None] = {}
        """Where it has used what goes away, as sentences, in order."""
        self.how: dict[str, str] = {}
        """By the name of a check: how it was measured, where there are several ways."""
        self.failed: set[str] = set()
        """The names of the checks that failed."""
        self.roots: dict[str, str] = {}
        """By the name of a check that failed, or was not reached: the check that told why."""
        self.causes: dict[str, str] = {}
        """By what a worker said: the check that told it first."""

    def new_pool(self, **more: str) -> WorkerPool:
        """Workers in folders of their own, with `more` variables; whoever asks closes them."""
        variables = {"HOME": str(self.home), "USERPROFILE": str(self.home), **more}
        variables["PYTHONWARNINGS"] = "default"  # also those that Python keeps from a person
        return WorkerPool(self.folder("交换"), variables=variables, cwd=self.cwd)

    def renew_workers(self) -> None:
        """End all workers: what comes now is done by new ones."""
        self.pool.close()
        self.pool = self.new_pool()

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
        found = find_record(self._plugin)
        if found.source.kind == "folder":
            self.watch.over(Path(found.home))
        return found

    @functools.cached_property
    def papers(self) -> Papers | None:
        """What is written of its distribution; None for a mere file or folder."""
        from aigc_studio.testing.publishing.papers import papers_of

        return papers_of(self.record)

    @property
    def about(self) -> Description:
        """Its description. Raises `Violation` with the reason when there is none."""
        if self.record.description is None:
            raise Violation(self.record.reason, self.record.details, self.record.reason)
        return self.record.description

    @property
    def medium(self) -> Medium:
        """What it makes."""
        medium: Medium = self.about.medium  # type: ignore[assignment]
        return medium

    def operations(self, verb: str) -> tuple[Operation, ...]:
        """The operations under a verb. Raises `NotApplicable` when there are none."""
        found = self.about.of_verb(verb)
        if not found:
            raise NotApplicable(_("It does not {verb}.").format(verb=verb))
        return found

    # Data

    def dataset(self, count: int = 20) -> Dataset:
        """A dataset of its medium, which nobody may change: always the same for a count."""
        if count not in self._datasets:
            self._datasets[count] = self._written(self.material(count))
            self.watch.over(self._datasets[count].path)
        return self._datasets[count]

    def ask_for_more(self) -> bool:
        """Make trainings last longer from now on; False when they are as long as may be."""
        larger = [size for size in SIZES if size > self.long]
        self.long = min(larger, default=self.long)
        return bool(larger)

    def dataset_of(self, artifacts: list[Artifact], labels: list[str] | None = None) -> Dataset:
        """A dataset of these artifacts."""
        return self._written(Material(artifacts, labels or [], [*map(told_of, artifacts)]))

    def other_dataset(self) -> Dataset:
        """A small dataset with other examples than `dataset` has."""
        return self._written(self.material(12, 20, other=True))

    def material(self, count: int, size: int = 28, *, other: bool = False) -> Material:
        """So much of what it learns from."""
        return material(self.medium, count, size, self._data, other=other)

    def _written(self, written: Material) -> Dataset:
        return written.write(self.folder("数据") / "data", self.medium)

    @functools.cached_property
    def model(self) -> Path | None:
        """A model: the one given, one that comes with the plugin, or one trained here."""
        found = self._model or next(iter(self._shipped()), None)
        if found is None and "train" in self.about.verbs:
            found = self.trained().model
        if found is not None:
            self.watch.over(found)
        return found

    def _shipped(self) -> list[Path]:
        if not self.about.models:
            return []
        return sorted(filter(is_model, (Path(self.record.home) / self.about.models).glob("*")))

    def trained(self) -> Trained:
        """The ordinary training that the checks share, done when it is first asked for.

        Raises `Violation` when it did not go well, each time.
        """
        if self._trained is None:
            try:
                run = functools.partial(self.events, "train", fresh=True)
                self._trained = train(self._new_training(), self.folder, run)
            except Violation as error:
                self._trained = error if self._data is not None else helped(error)
        if isinstance(self._trained, Violation):
            raise self._trained
        return self._trained

    def _new_training(self) -> NewTraining:
        about, operation = self.about, self.operations("train")[0]
        return NewTraining(
            about.id,
            self.dataset(),
            name="kit",
            steps=self.steps,
            operation=operation.id,
            parameters=in_effect(operation.schema, self.parameters),
            seed=1,
            versions={about.id: about.version},
        )

    # Requests

    def training(self, **changes: Any) -> TrainRequest:
        """A request for a short training in a folder of its own."""
        request = TrainRequest(
            operation=self.operations("train")[0].id,
            # Not `or`: an empty dataset is false.
            dataset=changes.pop("dataset") if "dataset" in changes else self.dataset(),
            parameters=self.parameters,
            steps=self.steps,
            seed=1,
            language=language(),
            folder=self.folder("训练"),
        )
        return replace(request, **changes)

    def wish(self, operation: Operation, **changes: Any) -> Request:
        """A request for a generate or edit operation, with its defaults and the kit's artifacts.

        The prompt is the example's, unless the model's card says that it understands no words.
        """
        prompt = localized(operation.prompt_example) if operation.prompt != "none" else ""
        if operation.prompt == "required" and not prompt:
            sentence = _("The operation {name} requires a prompt: give it a prompt_example.")
            raise Violation(sentence.format(name=operation.id))
        common: dict[str, Any] = {"operation": operation.id, "prompt": prompt, "seed": 5}
        common["language"] = language()
        if "model" not in changes:  # asked for only then: it may have to be trained first
            common["model"] = None if operation.model == "none" else self.model
        if not _takes_words(operation, changes.get("model", common.get("model"))):
            common["prompt"] = ""
        if operation.verb == "generate":
            return replace(GenerateRequest(**common), **changes)
        artifacts = self.inputs(operation.artifacts)
        needed = operation.selection != "none"
        selections = tuple(part_of(each) if needed else None for each in artifacts)
        return replace(EditRequest(**common, artifacts=artifacts, selections=selections), **changes)

    def inputs(self, count: int, size: int = 28) -> tuple[Artifact, ...]:
        """Artifacts to work on."""
        return tuple(self.material(count, size).artifacts)

    def evaluation(self) -> EvaluateRequest:
        """A request to measure its model. Raises `NotApplicable` where it does not evaluate."""
        held_out = Dataset(self.dataset().path, "test")
        operation = self.operations("evaluate")[0].id
        request = EvaluateRequest(operation=operation, model=self.model, dataset=held_out)
        return replace(request, language=language())

    # Runs

    def start(
        self,
        verb: str,
        request: Request,
        on_event: Callable[[Event], None] | None = None,
        *,
        fresh: bool = False,
    ) -> Run:
        """Start an action, in a worker that has done others unless it is to be a `fresh` one.

        A worker takes longer to start than most of what the kit asks for.
        """
        return self.pool.start(self.record, verb, request, on_event=on_event, fresh=fresh)

    def run(self, verb: str, request: Request, *, fresh: bool = False) -> tuple[Run, list[Event]]:
        """Run an action to its end. Raises `Violation` when it hangs."""
        events: list[Event] = []
        run = self.start(verb, request, events.append, fresh=fresh)
        in_time = ended_in_time(run)
        self.logs |= {run.log} if run.log else set()
        self.outdated |= dict.fromkeys(run.outdated)
        if not in_time:
            run.cancel()
            sentence = _("{verb}() was not done after {seconds} seconds.")
            told = sentence.format(verb=verb, seconds=round(PATIENCE))
            raise Violation(told, cause=told)
        return run, events

    def tried(
        self,
        verb: str,
        request: Request,
        on_event: Callable[[Event], None] = lambda _event: None,
    ) -> Run:
        """A run to its end; one that goes on for longer than `A_WHILE` is cancelled."""
        run = self.start(verb, request, on_event)
        due = time.monotonic() + PATIENCE
        while run.state is RunState.STARTING and time.monotonic() < due:
            run.wait(0.02)
        if not run.wait(A_WHILE):
            run.cancel()
            run.wait(5)
        return run

    def events(self, verb: str, request: Request, *, fresh: bool = False) -> list[Event]:
        """Run an action that must go well. Raises `Violation` when it does not."""
        run, events = self.run(verb, request, fresh=fresh)
        if run.error is not None:
            raise broken(verb, run.error)
        self.asked.add(request.operation)
        self.gone_well.setdefault(request.operation, run)
        return events

    def candidates(self, request: Request) -> list[Candidate]:
        """The candidates of a generate or edit request that must go well."""
        verb = "edit" if isinstance(request, EditRequest) else "generate"
        return [event for event in self.events(verb, request) if isinstance(event, Candidate)]

    def usual_wish(self, operation: Operation) -> Request:
        """What is asked again and again: one edit, or a few results."""
        return self.wish(operation, count=MANY if operation.verb == "generate" else 1)

    def usual(self, operation: Operation) -> list[Event]:
        """What came of `usual_wish` when it was asked first. Raises `Violation` when it broke."""
        if operation.id not in self._usual:
            self._usual[operation.id] = self.events(operation.verb, self.usual_wish(operation))
        return self._usual[operation.id]

    def measured(self) -> list[Event]:
        """What came of `evaluation` when it was asked first. Raises `Violation` when it broke."""
        if self._measured is None:
            self._measured = self.events("evaluate", self.evaluation())
        return self._measured

    def accepts_or_explains(self, verb: str, request: Request, what: str) -> list[Event] | None:
        """The events of an action that goes well; None when it fails with a sentence for a person.

        Raises `Violation` when it breaks.
        """
        run, events = self.run(verb, request)
        check_explained(run, what)
        return events if run.state is RunState.DONE else None


def making(bench: Bench) -> tuple[Operation, ...]:
    """The operations that make candidates. Raises `NotApplicable` when there are none."""
    found = (*bench.about.of_verb("generate"), *bench.about.of_verb("edit"))
    if not found:
        raise NotApplicable(_("It makes nothing."))
    return found


def _takes_words(operation: Operation, model: Path | None) -> bool:
    """Whether something may be typed to this model, by its card."""
    try:
        card = read_card(model) if model is not None else {}
    except StudioError:  # no card, or a damaged one: another check tells that
        return operation.prompt != "none"
    return operation.with_card(card).prompt != "none"
