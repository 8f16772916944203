"""The checks of training, and of everything that interrupts a generator."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from aigc_studio.api.artifacts import Artifact, Image, Text
from aigc_studio.api.dataset import Dataset
from aigc_studio.api.events import Checkpoint, Event, Progress
from aigc_studio.api.melody import Melody, Note
from aigc_studio.api.models import DOCUMENT, WEIGHTS, is_model, read_document
from aigc_studio.api.requests import Request, TrainRequest
from aigc_studio.host import Run, RunState
from aigc_studio.testing.bench import SIZES, Bench, making
from aigc_studio.testing.datasets import draw
from aigc_studio.testing.failing import broken
from aigc_studio.testing.moments import Moment
from aigc_studio.testing.report import NotApplicable, Violation
from aigc_studio.translation import _, ngettext

ENDLESS = 10**9
"""Steps of a training that is sure to be under way when it is interrupted."""
LARGER = (*SIZES[1:], *SIZES[-1:] * 2, 0)
"""Examples of the trainings to try next, of five times the steps each; 0: try no more."""


def check_train(bench: Bench) -> None:
    """A training of some steps tells how far it is, and ends with a model that can be kept."""
    events = bench.trained().events
    if not any(isinstance(event, Checkpoint) and event.best for event in events):
        raise Violation(_("train() marked no Checkpoint as best: say which one is to be kept."))
    if not any(isinstance(event, Progress) for event in events):
        raise Violation(_("train() yields no Progress."))
    for operation in bench.about.of_verb("generate")[:1]:
        bench.candidates(bench.wish(operation, model=bench.trained().model))


def check_cancel(bench: Bench) -> None:
    """Cancel takes effect within a second, without the worker having to be killed."""
    delays = [0.3, 0.2, 0.1]  # three times, as another process may have had the cores
    verb = "train" if "train" in bench.about.verbs else making(bench)[0].verb

    def cancelled(run: Run, _moment: Moment) -> bool | None:
        time.sleep(delays[-1])
        if run.state.ended:
            return None
        run.cancel()
        run.wait(5)
        return run.state is RunState.CANCELLED and not run.was_killed

    while delays:
        if _interrupt(bench, cancelled):
            return
        delays.pop()
    sentence = _(
        "{verb}() did not react to cancel within 0.7 s and was killed. Yield more often: a yield "
        "is where cancel takes effect."
    )
    raise Violation(sentence.format(verb=verb))


def check_pause(bench: Bench) -> None:
    """Pause holds it, and resume lets it go on."""

    def paused(run: Run, moment: Moment) -> bool | None:
        run.pause()
        _until(lambda: run.state is RunState.PAUSED or run.state.ended)
        if run.state.ended:
            return None
        time.sleep(0.1)
        count = len(moment.events)
        time.sleep(0.5)
        if len(moment.events) != count:
            raise Violation(_("Events came while it was paused."))
        run.resume()
        _until(lambda: len(moment.events) > count or run.state.ended)
        if run.state is RunState.DONE and len(moment.events) == count:
            return None  # it was paused behind its last event
        if run.state is not RunState.FAILED and len(moment.events) > count:
            return True
        problem = run.error.sentence if run.error else _("no event came")
        told = _("It did not go on after the pause: {problem}").format(problem=problem)
        raise Violation(told, cause=problem)

    _interrupt(bench, paused)


def _interrupt(bench: Bench, act: Callable[[Run, Moment], bool | None]) -> bool:
    """Begin the longest action that it offers, and `act` while it is under way.

    What is done before that (`act` gives None then) gets more to do. Raises `NotApplicable` when
    nothing lasts, and `Violation` when it broke.
    """
    while True:
        verb, request = _long(bench)
        moment = Moment(lambda event: True)
        run = bench.start(verb, request, moment)
        try:
            acted = act(run, moment) if moment.wait(run) else None
            if acted is None and run.error is not None:
                raise broken(verb, run.error)
        finally:
            run.cancel()
            run.wait(5)
        if acted is not None:
            return acted
        if verb != "train" or not bench.ask_for_more():
            raise NotApplicable(_("It was done before it could be interrupted."))


def check_resume(bench: Bench) -> None:
    """A training that was killed, or stopped, goes on to the same weights, to the last bit.

    After a stop it must go on from there: what starts over would end with the same weights too.
    """
    request, whole = bench.trained().request, bench.trained().events
    for larger in LARGER:
        killed = replace(request, folder=bench.folder("torn"))
        stopped = replace(request, folder=bench.folder("stopped"))
        if (reached := _stopped_midway(bench, stopped)) and _killed_midway(bench, killed):
            # The kill ended the process that both were in: both go on in another.
            _compare(whole, bench.events("train", replace(killed, resume=True)))
            rest = bench.events("train", replace(stopped, resume=True))
            _check_went_on(rest, reached, request.steps or 0)
            _compare(whole, rest)
            return
        if larger:
            data = bench.dataset(larger)
            request = bench.training(steps=(request.steps or 1) * 5, dataset=data)
            whole = bench.events("train", request)
    raise NotApplicable(_("It was done before it could be interrupted."))


def _killed_midway(bench: Bench, request: TrainRequest) -> bool:
    moment = Moment(_midway(request))
    run = bench.start("train", request, moment)
    under_way = moment.wait(run)
    run.kill()
    run.wait(10)
    if run.state is not RunState.FAILED:  # it was just done: what was killed is one that waits
        bench.renew_workers()
    return under_way and run.state is RunState.FAILED


def _stopped_midway(bench: Bench, request: TrainRequest) -> int:
    """The step that a training told of when it was stopped; 0 when it was done by then."""
    moment = Moment(_midway(request))
    run = bench.start("train", request, moment)
    under_way = moment.wait(run)
    reached = _told(moment.events, request.steps or 0)
    run.stop()
    if not run.wait(20):
        run.kill()
    return max(reached, default=0) if under_way and run.state is RunState.STOPPED else 0


def _midway(request: TrainRequest) -> Callable[[Event], bool]:
    steps = request.steps or 0

    def reached(event: Event) -> bool:
        if isinstance(event, Checkpoint):
            return event.step >= steps / 2
        return any(step >= steps / 2 for step in _told([event], steps))

    return reached


def _told(events: list[Event], steps: int) -> list[int]:
    """The steps of the training that it told of, and not how far reading or measuring was."""
    told = (event for event in events if isinstance(event, Progress))
    return [event.step for event in told if event.total in (0, steps)]


def _check_went_on(rest: list[Event], reached: int, steps: int) -> None:
    # Step 0 is told by some while they read their data; half of the way is no rounding.
    again = [step for step in _told(rest, steps) if 0 < step <= reached / 2]
    if again:
        sentence = _(
            "A training that was stopped at step {reached} and resumed was at step {step} again: "
            "it starts over. Save where it is when it is stopped, and heed request.resume; the "
            "loops of the toolkit (counting_loop, training_loop) do both."
        )
        raise Violation(sentence.format(reached=reached, step=again[0]))


def _compare(whole: list[Event], rest: list[Event]) -> None:
    first, second = (_last_checkpoint(events) for events in (whole, rest))
    if first.step != second.step:
        sentence = _("The resumed training ended at step {second}, the other at step {first}.")
        raise Violation(sentence.format(first=first.step, second=second.step))
    if _contents(first.path) != _contents(second.path):
        raise Violation(
            _(
                "A training that was killed and resumed ended with other weights. Save the "
                "optimiser, the random states and the order of the data with each checkpoint."
            )
        )


def _contents(folder: Path) -> tuple[Any, Any]:
    """What a model knows: its document, whatever the order of its keys, and its weights."""
    document, weights = folder / DOCUMENT, folder / WEIGHTS
    return (
        read_document(document) if document.is_file() else None,
        weights.read_bytes() if weights.is_file() else None,
    )


def _last_checkpoint(events: list[Event]) -> Checkpoint:
    found = [event for event in events if isinstance(event, Checkpoint)]
    if not found:
        raise Violation(_("train() ended without a Checkpoint: there is nothing to keep."))
    return max(found, key=lambda event: event.step)


def check_stop(bench: Bench) -> None:
    """Stop ends a training in good order, and what it checkpointed is whole."""
    bench.operations("train")

    def stopped(run: Run, moment: Moment) -> bool | None:
        run.stop()
        run.wait(20)
        if run.state is RunState.DONE:
            return None
        if run.state is not RunState.STOPPED:
            problem = run.error.sentence if run.error else run.state.value
            run.kill()
            told = _("It did not stop in good order: {problem}").format(problem=problem)
            raise Violation(told, cause=problem)
        checkpoints = [event for event in moment.events if isinstance(event, Checkpoint)]
        if checkpoints and not is_model(checkpoints[-1].path):
            raise Violation(_("A checkpoint that it reported is gone after stop."))
        return True

    _interrupt(bench, stopped)


def check_tiny_data(bench: Bench) -> None:
    """One example, or two, are learned from or refused with a sentence."""
    bench.operations("train")
    for count in (1, 2):
        request = bench.training(dataset=bench.dataset(count), steps=2)
        bench.accepts_or_explains(
            "train",
            request,
            ngettext("{count} example", "{count} examples", count).format(count=count),
        )


def check_empty_data(bench: Bench) -> None:
    """A dataset without examples is refused with a sentence."""
    bench.operations("train")
    run, _events = bench.run("train", bench.training(dataset=bench.dataset_of([])))
    if run.error is None or not run.error.mendable:
        raise Violation(_("An empty dataset is not refused with a sentence."))


def check_odd_data(bench: Bench) -> None:
    """Examples of many sizes, modes and lengths are learned from or refused with a sentence."""
    bench.operations("train")
    data = bench.dataset_of(list(odd_examples(bench)))
    what = _("examples of odd sizes")
    bench.accepts_or_explains("train", bench.training(dataset=data, steps=2), what)


def check_corrupt_data(bench: Bench) -> None:
    """A dataset whose content is noise ends the training, but neither hangs nor crashes it."""
    bench.operations("train")
    data = bench.dataset_of(*draw(bench.medium, 20))
    content = data.path / "content.bin"
    content.write_bytes(random.Random(3).randbytes(content.stat().st_size))
    run, _events = bench.run("train", bench.training(dataset=Dataset(data.path), steps=4))
    if run.worker_ended:
        error = run.error
        raise broken("train", error) if error else Violation("train")


def _long(bench: Bench) -> tuple[str, Request]:
    """The longest action that it offers, with its defaults."""
    if "train" in bench.about.verbs:
        data = bench.dataset(bench.long)
        return "train", bench.training(steps=ENDLESS, dataset=data, parameters={})
    operation = making(bench)[0]
    request: Any = bench.wish(operation, count=64)
    return operation.verb, request


def odd_examples(bench: Bench) -> Iterator[Artifact]:
    """Examples that are easily forgotten, of its medium: tiny, long, empty, in other modes."""
    medium = bench.about.medium
    if medium == "text":
        yield from map(Text, ("", "a", "🎵\u0301\n", "长" * 5000, "word " * 3))
    elif medium == "melody":
        yield Melody()
        yield Melody((Note(0, 1, 127),))
        yield Melody(tuple(Note(n * 7, 300, 60 + n % 5) for n in range(200)), 7)
    else:
        import numpy as np

        rng = np.random.default_rng(2)
        for shape in ((1, 1), (3, 200), (28, 28), (19, 31, 3), (64, 64, 4)):
            yield Image(rng.integers(0, 256, shape).astype(np.uint8))


def _until(condition: Any, seconds: float = 20.0) -> None:
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.02)
