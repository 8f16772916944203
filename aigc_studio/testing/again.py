"""The checks of what is asked of one worker again and again: what a request leaves to the next."""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import pairwise

from aigc_studio.api.description import Operation
from aigc_studio.api.events import Candidate, Checkpoint, Event
from aigc_studio.host import Run
from aigc_studio.testing.bench import Bench, making
from aigc_studio.testing.failing import check_explained
from aigc_studio.testing.moments import Moment, Trace
from aigc_studio.testing.odd import broken_models
from aigc_studio.testing.report import NotApplicable, Violation
from aigc_studio.translation import _

TIMES = 9
"""How often the same is asked, to see what is left each time."""
BUDGET = 2.0
"""Seconds that this may take; at least `LEAST` times, or nothing can be told."""
LEAST = 8
GROWTH = 256 << 10
"""Bytes: more than this each time, six times in a row, is kept and not merely used."""


def check_let_go(bench: Bench) -> None:
    """Stopped after its first event, every operation ends in good order.

    A stop closes the generator at its `yield`: what is in `finally` is done, and nothing more may
    be yielded.
    """
    for operation in making(bench):
        moment = Moment(lambda _event: True)
        wish = bench.wish(operation, count=64 if operation.verb == "generate" else 4)
        run = bench.start(operation.verb, wish, moment)
        moment.wait(run)
        run.stop()
        if not run.wait(5) or run.error is not None:
            problem = run.error.sentence if run.error else _("it went on for 5 seconds")
            run.kill()
            sentence = _(
                "{name} did not end when it was stopped ({problem}). Let GeneratorExit pass, and "
                "yield nothing after it."
            )
            raise Violation(sentence.format(name=operation.id, problem=problem.rstrip(".")))


def check_after_failure(bench: Bench) -> None:
    """After a request that failed, and one that was cancelled, the next one is as ever."""
    for operation in _one_of_each(bench):
        before = _contents(bench.usual(operation))
        for folder in list(broken_models(bench, bench.model))[:1] if bench.model else ():
            check_explained(
                bench.run(operation.verb, bench.wish(operation, model=folder))[0],
                _("a broken model file"),
            )
        _cancel_soon(bench, operation)
        if _contents(bench.events(operation.verb, bench.usual_wish(operation))) != before:
            sentence = _(
                "{name} makes something else after a request that failed or was cancelled. Keep no "
                "half-made state between requests."
            )
            raise Violation(sentence.format(name=operation.id))


def _cancel_soon(bench: Bench, operation: Operation) -> Run:
    moment = Moment(lambda _event: True)
    run = bench.start(operation.verb, bench.usual_wish(operation), moment)
    moment.wait(run)
    run.cancel()
    run.wait(5)
    return run


def check_two_models(bench: Bench) -> None:
    """Two models are kept apart: after the second, the first makes what it made before."""
    bench.operations("train")
    usual = [(each, _contents(bench.usual(each))) for each in _one_of_each(bench)]
    other = bench.other_dataset()
    trained = bench.events("train", bench.training(dataset=other, seed=2))
    made = [event for event in trained if isinstance(event, Checkpoint)]
    if not made:
        raise NotApplicable(_("It learns nothing from twelve examples."))
    for operation, before in usual:
        bench.accepts_or_explains(
            operation.verb, bench.wish(operation, model=made[-1].path), _("another model")
        )
        if _contents(bench.events(operation.verb, bench.usual_wish(operation))) != before:
            sentence = _(
                "{name} makes something else after another model was used. Keep what is open by "
                "the model's folder; OpenModels and Memory of the toolkit do."
            )
            raise Violation(sentence.format(name=operation.id))


def check_memory(bench: Bench) -> None:
    """Its memory does not grow with each request: a window stays open for days."""
    for operation, traces in _asked_often(bench):
        steps = [two.memory - one.memory for one, two in pairwise(traces)]
        if min(steps[-6:]) > GROWTH:
            sentence = _(
                "{name} takes {n} KB more memory with each request. Keep nothing of a request "
                "that has ended."
            )
            grown = round(sum(steps[-6:]) / 6 / 1024)
            raise Violation(sentence.format(name=operation.id, n=grown))


def check_leftovers(bench: Bench) -> None:
    """Neither threads nor processes are left when an action has ended."""
    for operation, traces in _asked_often(bench):
        if len({trace.pid for trace in traces}) > 2:
            sentence = _(
                "{name} leaves processes running: its worker is ended for it, and each request "
                "waits for a new one. End what you start in a finally."
            )
            raise Violation(sentence.format(name=operation.id))
        if traces[-1].threads - traces[-7].threads >= 6:
            sentence = _(
                "{name} leaves a thread running with each request. End what you start in a finally."
            )
            raise Violation(sentence.format(name=operation.id))


def _asked_often(bench: Bench) -> list[tuple[Operation, list[Trace]]]:
    """Each operation that can be asked often, with what its worker was like after each time.

    Raises `NotApplicable` when all take too long.
    """
    found = []
    for operation in _one_of_each(bench):
        if operation.id not in bench.traces:
            bench.traces[operation.id] = list(_traces(bench, operation))
        if len(bench.traces[operation.id]) >= LEAST:
            found.append((operation, bench.traces[operation.id]))
    if not found:
        raise NotApplicable(_("It takes too long to be asked often."))
    return found


def _traces(bench: Bench, operation: Operation) -> Iterator[Trace]:
    import psutil

    request = bench.wish(operation, count=1)
    bench.run(operation.verb, request)  # what it opens once, and its worker
    due = time.monotonic() + BUDGET
    for _time in range(TIMES):
        run, _events = bench.run(operation.verb, request)
        check_explained(run, _("its defaults"))
        try:
            process = psutil.Process(run.pid)
            yield Trace(run.pid, process.memory_info().rss, process.num_threads())
        except psutil.Error:  # ended, with what it had left running
            yield Trace(run.pid, 0, 0)
        if time.monotonic() > due:
            return


def _one_of_each(bench: Bench) -> list[Operation]:
    """The first operation of generate, and the first of edit."""
    found = {each.verb: each for each in reversed(making(bench))}
    return [found[verb] for verb in ("generate", "edit") if verb in found]


def _contents(events: list[Event]) -> list[str]:
    return [event.artifact.digest for event in events if isinstance(event, Candidate)]
