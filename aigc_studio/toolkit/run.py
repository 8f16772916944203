"""One training under way: what stands behind `training_loop`."""

from __future__ import annotations

import contextlib
import json
import math
import shutil
from collections.abc import Generator, Iterator, Mapping
from typing import Any, Generic, TypeVar

import torch

from aigc_studio.api import Event, Message, Metric, Preview, Progress, StudioError, TrainRequest
from aigc_studio.toolkit import abreast, distributed, failures
from aigc_studio.toolkit.calibration import Calibration, calibrate, first_stage
from aigc_studio.toolkit.checkpoints import RESUME, ResumeFile, State, all_finite, snapshot
from aigc_studio.toolkit.collapse import Looks, Scales, check_finite, losses_of
from aigc_studio.toolkit.metrics import MetricLog, Window
from aigc_studio.toolkit.pace import Pace
from aigc_studio.toolkit.plan import Plan, Stage
from aigc_studio.toolkit.publishing import Publisher
from aigc_studio.toolkit.recipe import Recipe
from aigc_studio.toolkit.resuming import read_plan, take_up
from aigc_studio.toolkit.seeding import mixed_seed, seed_global_generators
from aigc_studio.toolkit.stopwatch import Stopwatch
from aigc_studio.toolkit.trainee import Moment, Trainee
from aigc_studio.translation import _

_Learning = TypeVar("_Learning", bound=Trainee)

RESUME_EVERY = 6.0
PUBLISH_FIRST = 3.0
"""Seconds until there is a model to try; the others come every `PUBLISH_EVERY` seconds."""
PUBLISH_EVERY = 15.0
_PUBLISHING = 0.3
"""Seconds that it takes to publish a model; of those that take longer there are fewer, so that it
is a fiftieth of the time at most."""
_TELL_EVERY = 0.1
_CHECK_EVERY = 5.0
_STOP = -1.0


class TrainingRun(Generic[_Learning]):
    """A training from its first step to its last, or from where it was interrupted.

    Between two steps it *attends* to what is due: it tells, shows, measures, publishes. A
    checkpoint written in the midst of that says so, and a resumed run attends to all of it again.
    """

    def __init__(self, request: TrainRequest, recipe: Recipe[_Learning]) -> None:
        self.request, self.recipe = request, recipe
        self.trainee = recipe.trainee
        self.leads = distributed.rank() == 0
        self.plan = Plan()
        self.resume_file = ResumeFile(request.folder / RESUME)
        self.publisher = Publisher(request, recipe)
        self.log: MetricLog | None = None
        self.watch = Stopwatch()
        self.pace = Pace(self.watch, 0)
        self.step, self.attended = 0, False
        self.window = Window()
        self.scales, self.looks = Scales(), Looks()
        self._before: dict[str, Any] = {}  # log and best as they were before attending
        self._metrics: list[Metric] = []
        self._measuring_takes = self._publishing_takes = 0.0
        self._told = self._resumable = self._published = 0.0

    def events(self) -> Iterator[Event]:
        """The action itself; see `training_loop`."""
        try:
            yield from self._begin()
            while True:
                if not self.attended:
                    yield from self._attend()
                if not self._goes_on():
                    break
                self._advance()
            self.resume_file.wait()
        except GeneratorExit:
            self._interrupt()
            raise
        except OSError as error:
            raise failures.cannot_write(error) from error
        except (RuntimeError, MemoryError) as error:
            if failures.is_out_of_memory(error):
                raise failures.out_of_memory() from error
            raise
        finally:
            # What ends by another error, too, leaves a whole file to go on from.
            self.resume_file.settle()
            abreast.end_threads()
            if self.log is not None:
                self.log.close()

    # -- beginning -------------------------------------------------------------------------------

    def _begin(self) -> Iterator[Event]:
        """Take up an interrupted run, or begin a new one with a plan."""
        folder = self.request.folder
        if self.leads and not self.request.resume:
            _clear(folder)
        kept: State | None = None
        damaged_plan = False
        if self.request.resume and self.leads:
            kept, damaged = take_up(self.resume_file, self.trainee)
            if damaged:
                yield from self._tell(failures.former_state(damaged))
            self.plan, damaged_plan = read_plan(folder / "plan.jsonl", kept)
        if distributed.world_size() > 1:
            kept = self._share_beginning(kept)
        if kept is not None:
            yield from self._put_back(kept)
            yield from self._tell(failures.plan_lost()) if damaged_plan else ()
        self.plan.path = folder / "plan.jsonl" if self.leads else None
        if self.leads:
            self.log = MetricLog(folder / "metrics.jsonl", kept["log"] if kept else 0)
        if not self.plan.stages:
            yield from self._make_plan()
        self.pace = Pace(self.watch, self.step)
        self._resumable = self._published = self.watch.seconds
        self._remember()

    def _share_beginning(self, kept: State | None) -> State | None:
        """All processes begin where process 0 does, with its weights and its plan."""
        told = distributed.share_words(json.dumps([kept, self.plan.told()]))
        kept, stages = json.loads(told)
        shared = distributed.share_start(self.trainee.tensors())
        if not self.leads:
            self.trainee.restore(shared)
            self.plan = Plan.of(stages) if stages else Plan()
        return kept

    def _put_back(self, state: State) -> Iterator[Event]:
        self.step, self.attended = state["step"], state["attended"]
        self.window = Window(state["window"])
        self.scales, self.looks = Scales(state.get("scales")), Looks(state.get("looks"))
        self.publisher.restore(state)
        self.watch = Stopwatch(state["seconds"])
        if state["threads"] != torch.get_num_threads():
            text = {
                "en": "The training goes on with another number of threads: "
                "it may differ in its last digits.",
                "zh": "训练将以不同的线程数继续：结果的末位数字可能不同。",
            }
            yield from self._tell(Message(text, "warning"))

    def _make_plan(self) -> Iterator[Event]:
        request, recipe = self.request, self.recipe
        if request.steps is not None:
            self.plan.add(Stage(0, max(request.steps, 1), previews=recipe.previews))
            return
        if request.minutes is None:
            raise StudioError(_("Say how long to train: a number of minutes or of steps."))
        budget = request.minutes * 60
        found = Calibration()
        self.plan.stages = [Stage(0, 1_000_000)]
        for measured in calibrate(self.trainee, self._learn, recipe.sample, budget):
            found = measured
            if distributed.world_size() == 1:
                text = {"en": "Measuring the speed", "zh": "正在测量速度"}
                yield from self._tell(Progress(0, 0, text), often=True)
        self.plan.stages = []
        self.plan.add(first_stage(found, max(budget - self.watch.seconds, 0.0), recipe.previews))

    # -- one step --------------------------------------------------------------------------------

    def _learn(self, trainee: Trainee, step: int) -> Mapping[str, float]:
        """One step, whose random numbers depend on seed, step and rank only."""
        seed = mixed_seed("step", self.request.seed, step, distributed.rank())
        seed_global_generators(seed)
        moment = Moment(
            step=step,
            total=self.plan.total(step),
            progress=self.plan.progress(step),
            generator=torch.Generator().manual_seed(mixed_seed("own", seed)),
        )
        return trainee.step(self.recipe.batches.at(step), moment)

    def _advance(self) -> None:
        numbers = self._learn(self.trainee, self.step)
        check_finite(numbers, self.step, self.publisher.best_step)
        if name := self.scales.runaway(losses_of(self.trainee, numbers)):
            best = self.publisher.best_step
            raise failures.off_scale(name, numbers[name], self.step, best)
        self.window.add(numbers)
        self.step += 1
        self.attended = False
        if self.plan.note_is_due(self.step):
            self._note()
        self._remember()

    def _note(self) -> None:
        """Write the means since the last note; they are told when attending."""
        means = distributed.average_numbers(self.window.take())
        if self.log is None:
            return
        speed = self.recipe.batches.size / max(self.pace.per_step(self.step), 1e-9)
        means["examples_per_second"] = round(speed, 1)
        self.log.note(self.step, means | {"seconds": round(self.watch.seconds, 3)})
        self._metrics = [Metric(name, value, self.step) for name, value in means.items()]

    def _goes_on(self) -> bool:
        """Whether there is another step; the processes agree on it, and on the plan."""
        if self.leads:
            self._check_plan()
        total = self.plan.total(self.step)
        if distributed.world_size() > 1:
            told = int(distributed.agree(float(total)))
            if told != total and told != int(_STOP):
                self.plan.add(self.plan.stage_to(told, self.step))
            total = told
        return self.step < total

    def _check_plan(self) -> None:
        """Plan anew when the time left and the steps left no longer go together."""
        if self.pace.age < _CHECK_EVERY:
            return
        minutes, per_step = self.request.minutes, self.pace.per_step(self.step)
        fixed = minutes is None or self.request.steps is not None
        if not fixed and per_step and self.plan.is_last_stage(self.step):
            budget = (minutes or 0.0) * 60
            measuring = self.plan.evaluations_left(self.step, self.recipe.evaluations)
            left = budget - self.watch.seconds - measuring * self._measuring_takes
            stage = self.plan.anew(self.step, left, per_step, budget)
            if stage is not None:
                self.plan.add(stage)
        self.pace.restart(self.step)

    # -- what is due between two steps -----------------------------------------------------------

    def _attend(self) -> Iterator[Event]:
        if self.leads:
            for metric in self._metrics:
                yield from self._tell(metric)
            total = self.plan.total(self.step)
            text = self.pace.told(self.step, self.recipe.batches.size)
            often = 0 < self.step < total
            yield from self._tell(Progress(self.step, total, text), often=often)
            yield from self._show()
            yield from self._measure_and_publish()
        self._metrics = []
        self.attended = True
        self._remember()
        due = self.watch.seconds - self._resumable >= RESUME_EVERY
        if self.leads and due and not self.resume_file.busy:
            self._make_resumable()

    def _show(self) -> Iterator[Event]:
        if self.recipe.sample is None or not self.plan.preview_is_due(self.step):
            return
        shown = self.publisher.drawn(self.step)
        yield from self._tell(Preview(shown.artifact, self.step, shown.title))
        yield from self._look_at(shown)

    def _look_at(self, shown: Preview) -> Iterator[Event]:
        """Warn of samples with nothing in them: when it goes on so, and at the end."""
        since = self.looks.blank_since
        self.looks.take(shown, self.step)
        if since >= 0 and self.looks.blank and not self.looks.told:
            self.looks.told = True
            yield from self._tell(failures.blank_samples(since))

    def _measure_and_publish(self) -> Iterator[Event]:
        recipe, step = self.recipe, self.step
        measured = None
        if recipe.evaluate is not None and self.plan.evaluation_is_due(step, recipe.evaluations):
            measured = yield from self._measure()
        waited = self.watch.seconds - self._published
        ends = step >= self.plan.total(step)
        every = PUBLISH_EVERY * max(1.0, self._publishing_takes / _PUBLISHING)
        every = every if self.publisher.best_path else PUBLISH_FIRST
        if step > 0 and (measured is not None or ends or waited >= every):
            self._published = self.watch.seconds
            blank = self.looks.blank
            doubtful = blank or self.scales.left
            made = self.publisher.publish(step, self.watch.seconds, measured, doubtful)
            self._publishing_takes = self.watch.seconds - self._published
            yield from self._tell(made)
            self.publisher.thin_out()
            if measured is not None and not ends:
                yield from self._end_early()
            if ends and blank:
                best = None if made.best else self.publisher.best_step
                yield from self._tell(failures.blank_end(self.looks.blank_since, best))

    def _end_early(self) -> Iterator[Event]:
        """End here when nothing was better than the best for as long as the recipe has patience."""
        best, since = self.recipe.best, self.publisher.best_step
        if best is None or since is None:
            return
        waited = self.plan.progress(self.step) - self.plan.progress(since)
        if best.patience < 1 and waited >= best.patience - 1e-9:
            self.plan.add(self.plan.stage_to(self.step, self.step))
            yield from self._tell(Progress(self.step, self.step))
            yield from self._tell(failures.no_better_since(since, self.step))

    def _measure(self) -> Generator[Event, None, dict[str, float]]:
        """Run the plugin's evaluation; its metrics are the value."""
        assert self.recipe.evaluate is not None
        started = self.watch.seconds
        result = self.recipe.evaluate(self.trainee)
        while not isinstance(result, Mapping):
            try:
                event = next(result)
            except StopIteration as end:
                result = end.value
            else:
                yield from self._tell(event)
        measured = {name: float(value) for name, value in result.items()}
        odd = {name for name, value in measured.items() if not math.isfinite(value)}
        if odd:
            yield from self._tell(failures.not_measured(odd, self.step))
        measured = {name: value for name, value in measured.items() if name not in odd}
        if self.log is not None:
            self.log.note(self.step, measured)
        self._measuring_takes = self.watch.seconds - started
        self.pace.exclude(self._measuring_takes)
        for name, value in measured.items():
            yield from self._tell(Metric(name, value, self.step))
        return measured

    def _tell(self, event: Event, *, often: bool = False) -> Iterator[Event]:
        """Yield an event, with the watch stopped; what comes `often` is left out now and then."""
        now = self.watch.seconds
        if not self.leads or (often and now - self._told < _TELL_EVERY):
            return
        if often:
            # Metrics come with every step at first, and would leave no progress through.
            self._told = now
        self.watch.leave()
        yield event
        self.watch.come_back()

    # -- keeping ---------------------------------------------------------------------------------

    def _remember(self) -> None:
        """Keep what attending may change, for a checkpoint in the midst of it."""
        self._before = self.publisher.state() | {
            "log": self.log.length if self.log else 0,
            "looks": self.looks.kept,
        }

    def _state(self) -> dict[str, Any]:
        return self._before | {
            "format": 1,
            "step": self.step,
            "attended": self.attended,
            "window": self.window.sums,
            "scales": self.scales.kept,
            "plan": self.plan.told(),
            "seconds": self.watch.seconds,
            "threads": torch.get_num_threads(),
            "seed": self.request.seed,
        }

    def _make_resumable(self) -> None:
        kept = snapshot(self.trainee.tensors())
        if not all_finite(kept):
            raise failures.not_a_number("weights", self.step, self.publisher.best_step)
        self.resume_file.write_behind(kept, self._state())
        self._resumable = self.watch.seconds

    def _interrupt(self) -> None:
        """Closed from outside, between two steps: keep where we are, and let the others know."""
        if not self.leads or not self._before:
            return
        if distributed.world_size() > 1:
            distributed.agree(_STOP)
        kept = self.trainee.tensors()
        with contextlib.suppress(OSError):  # the file before it is still whole
            if all_finite(kept):
                self.resume_file.write(kept, self._state())


def _clear(folder: Any) -> None:
    """Remove what an earlier training left in this folder."""
    for name in ("plan.jsonl", "metrics.jsonl"):
        (folder / name).unlink(missing_ok=True)
    for left in folder.glob("resume*.safetensors"):
        left.unlink(missing_ok=True)
    shutil.rmtree(folder / "models", ignore_errors=True)
