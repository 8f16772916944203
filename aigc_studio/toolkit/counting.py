"""A training loop without torch, for learners that see each example once: chains, counts, tables.

What it learns depends on seed and step only: killed and resumed, it ends as it would have.
"""

from __future__ import annotations

import contextlib
import math
import random
import time
from collections.abc import Callable, Generator, Iterator, Mapping
from pathlib import Path
from typing import Any, Generic, TypeVar

from aigc_studio.api import (
    Artifact,
    Checkpoint,
    Event,
    Example,
    Metric,
    Preview,
    Progress,
    TrainRequest,
    load_model,
)
from aigc_studio.toolkit.metrics import Window
from aigc_studio.toolkit.reading_places import Place, Places, Pupil
from aigc_studio.toolkit.shelf import keep_samples
from aigc_studio.toolkit.stopwatch import Stopwatch

FIRST, EVERY = 1.0, 5.0
"""Seconds until the first checkpoint, which shows at once whether it is one, and between others."""
_SHARE = 10
"""A checkpoint takes no more than one part in so many of the time."""
_PREVIEWS, _NOTES = 24, 500

_Learning = TypeVar("_Learning", bound=Pupil)
Measuring = Mapping[str, float] | Generator[Event, None, Mapping[str, float]]
"""Metrics by name, or a generator that yields Progress while it measures and returns them."""


def counting_loop(
    request: TrainRequest,
    pupil: _Learning,
    *,
    card: Callable[[_Learning], Mapping[str, Any]] | None = None,
    sample: Callable[[_Learning], Artifact] | None = None,
    evaluate: Callable[[_Learning], Measuring] | None = None,
    passes: int = 1,
) -> Iterator[Event]:
    """Let `pupil` learn from each example, in an order drawn from the seed; yields a Checkpoint
    every few seconds and at the end, of which the last is the best.

    It ends after `passes` times through the data, or earlier after `request.steps` examples or
    `request.minutes` (time paused does not count). `card(pupil)` is what the model's card says,
    `sample(pupil)` makes something to look at, `evaluate(pupil)` measures each model that is kept.
    A training from a model (`request.model`) goes on counting where that ended. It may be closed
    at any example, and goes on from there with `request.resume`.
    """
    return _Reading(request, pupil, card, sample, evaluate, passes).events()


class _Reading(Generic[_Learning]):
    """One training of a pupil."""

    def __init__(
        self,
        request: TrainRequest,
        pupil: _Learning,
        card: Callable[[_Learning], Mapping[str, Any]] | None,
        sample: Callable[[_Learning], Artifact] | None,
        evaluate: Callable[[_Learning], Measuring] | None,
        passes: int,
    ) -> None:
        self.request, self.pupil = request, pupil
        self.card, self.sample, self.evaluate = card, sample, evaluate
        self.count = len(request.dataset)
        self.total = min(self.count * passes, request.steps or self.count * passes)
        self.places, self.window, self.watch = Places(request.folder), Window(), Stopwatch()
        self.step, self.due, self.turn, self.order = 0, FIRST, -1, list[int]()

    def events(self) -> Iterator[Event]:
        """The action itself."""
        self.begin()
        try:
            for event in self.read():
                self.watch.leave()  # the time until somebody comes back from a pause is no work
                yield event
                self.watch.come_back()
        except GeneratorExit:  # stopped, between two examples: nothing can be told any more
            with contextlib.suppress(OSError):  # a full disk: what was saved before is whole
                self.save()
            raise

    def begin(self) -> None:
        """Take up what an interrupted run left, or the model to go on from, or begin anew."""
        found = self.places.take_up(self.pupil) if self.request.resume else None
        if found is not None:
            self.step, self.watch = found.step, Stopwatch(found.seconds)
            self.due = found.seconds + EVERY
            return
        self.places.clear()
        if self.request.model is not None:
            self.pupil.restore(*load_model(self.request.model))

    def read(self) -> Iterator[Event]:
        """Learn, and tell of it."""
        allowed = (self.request.minutes or math.inf) * 60
        while self.step < self.total and self.watch.seconds < allowed:
            self.window.add(self.pupil.learn(self.example()) or {})
            self.step += 1
            yield Progress(self.step, self.total)
            if self.passes_mark(_NOTES):
                for name, mean in self.window.take().items():
                    yield Metric(name, mean, self.step)
            if self.sample is not None and (self.step == 1 or self.passes_mark(_PREVIEWS)):
                yield Preview(self.sample(self.pupil), self.step)
            if self.watch.seconds >= self.due and self.step < self.total:
                yield from self.publish()
        yield from self.publish()

    def example(self) -> Example:
        """The example of this step, with `random` seeded for it."""
        turn, place = divmod(self.step, self.count)
        if self.turn != turn:
            self.turn, self.order = turn, list(range(self.count))
            random.Random(f"{self.request.seed} {turn}").shuffle(self.order)
        random.seed(self.request.seed * 1_000_003 + self.step)
        return self.request.dataset[self.order[place]]

    def passes_mark(self, count: int) -> bool:
        """Whether this step is one of `count` that lie evenly on the way, or the last."""
        return self.step * count // self.total > (self.step - 1) * count // self.total

    def publish(self) -> Iterator[Event]:
        """Measure, write the model, and tell of it."""
        began, measured = time.monotonic(), dict[str, float]()
        if self.evaluate is not None:
            found = self.evaluate(self.pupil)
            measured.update(found if isinstance(found, Mapping) else (yield from found))
        path, sample = self.save(), self.sample
        if sample is not None:
            keep_samples(path, lambda: sample(self.pupil))
        card = dict(self.card(self.pupil)) if self.card else {}
        card |= {"steps": self.step, "examples_seen": self.step, "seed": self.request.seed}
        card["seconds"] = round(self.watch.seconds, 1)
        self.due = self.watch.seconds + max(EVERY, _SHARE * (time.monotonic() - began))
        yield Checkpoint(path, self.step, measured, True, card)

    def save(self) -> Path:
        return self.places.save(self.pupil, Place(self.step, self.watch.seconds))
