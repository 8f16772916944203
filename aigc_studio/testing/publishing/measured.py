"""What is measured before publishing: time, memory, and what a plugin reaches for."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from aigc_studio.api.requests import GenerateRequest, Request
from aigc_studio.host import PluginRecord, PluginSource, RunError, RunState, WorkerPool
from aigc_studio.host.describing import describe
from aigc_studio.testing.bench import Bench, making
from aigc_studio.testing.moments import PATIENCE, ended_in_time
from aigc_studio.testing.publishing.code import code_of
from aigc_studio.testing.report import Advice, NotApplicable, Violation
from aigc_studio.translation import _, enumerated

TIMES = 3
SLOW = 1.5
"""So many times as long as an empty plugin is a wait that a person notices."""
SLOW_SECONDS = 0.3
LONG = 3.0
"""So many times an empty plugin's time, and a second, is a wait for something else."""
MUCH = 4 << 30
"""Bytes for one result that many machines have not."""

_EMPTY = """
from aigc_studio import api

class Wish(api.Parameters):
    number: int = api.parameter(1, "Number")

@api.hookimpl
def describe():
    make = api.Operation(id="make", verb="generate", title="Make", parameters=Wish)
    return api.Description(id="empty", title="Empty", medium="{medium}", operations=(make,))

@api.hookimpl
def generate(request):
    {made}
"""
_MADE = {
    "text": 'yield api.Candidate(api.Text("a"))',
    "melody": "yield api.Candidate(api.Melody())",
    "image": "import numpy as np; yield api.Candidate(api.Image(np.zeros((64, 64), np.uint8)))",
}


def check_import_time(bench: Bench) -> str:
    """It is imported and described about as fast as a plugin with nothing in it.

    Both in turn, three times, and the shortest counts. A window that starts waits for all plugins
    that are new.
    """
    empty = _empty(bench)
    own, other = [], []
    for _time in range(TIMES):
        own.append(_seconds(bench.record.source))
        other.append(_seconds(empty))
    (worked, waited), (little, least) = (map(min, zip(*each, strict=True)) for each in (own, other))
    ratio = worked / little if little else waited / least
    told = _("{mine} s, an empty one {least} s: {ratio} times as much work").format(
        mine=round(waited, 2), least=round(least, 2), ratio=round(ratio, 1)
    )
    much = ratio > SLOW and worked - little > SLOW_SECONDS
    if much or waited > least * LONG + 1:
        sentence = _("It takes {told}. Import what is large inside the hooks.")
        raise Advice(sentence.format(told=told))
    return told


def _seconds(source: PluginSource) -> tuple[float, float]:
    """The processor's seconds of a description (0 where they are not told), and the clock's.

    The first are the same when other programs have the cores; the others tell of waiting too.
    """
    began, before = time.monotonic(), os.times()
    describe(source)
    after = os.times()
    worked = after.children_user + after.children_system
    return worked - before.children_user - before.children_system, time.monotonic() - began


def _empty(bench: Bench) -> PluginSource:
    file = bench.folder("empty") / "empty.py"
    file.write_text(_EMPTY.format(medium=bench.medium, made=_MADE[bench.medium]), "utf-8")
    return PluginSource(
        "file", "empty", path=str(file), interpreter=bench.record.source.interpreter
    )


def check_footprint(bench: Bench) -> str:
    """How much memory it takes when it was described, and for one result, beside an empty one."""
    operation = making(bench)[0]
    empty = describe(_empty(bench))
    others = _footprint(bench, empty, "generate", GenerateRequest())
    mine = _footprint(bench, bench.record, operation.verb, bench.wish(operation, count=1))
    sentence = _("{one} MB when described (an empty one {two}), {three} MB after a result ({four})")
    sizes = [round(each / (1 << 20)) for each in (mine[0], others[0], mine[1], others[1])]
    told = sentence.format(**dict(zip(("one", "two", "three", "four"), sizes, strict=True)))
    if mine[1] > MUCH:
        raise Advice(_("It takes {told}. Say so in its summary.").format(told=told))
    return told


def _footprint(bench: Bench, record: PluginRecord, verb: str, request: Request) -> tuple[int, int]:
    """Bytes of a worker of its own with the plugin in it, and after one request."""
    import psutil

    # The first is refused before the plugin is called.
    asked = (GenerateRequest(operation="no-such-operation"), request)
    pool, sizes = bench.new_pool(), []
    try:
        for each in asked:
            run = pool.start(record, verb, each, on_event=lambda _event: None)
            run.wait(PATIENCE)
            sizes.append(int(psutil.Process(run.pid).memory_info().rss))
    except psutil.Error:
        raise NotApplicable(_("Its worker had ended before it was measured.")) from None
    finally:
        pool.close(1.0)
    return sizes[0], sizes[1]


def check_offline(bench: Bench) -> str:
    """Everything that it offers goes well without a network.

    Its worker has none: on Linux a network namespace with nothing in it where the system lets,
    elsewhere every connection of Python's is refused.
    """
    error, notes = _shut_off(bench)
    bench.how["offline"] = next((each["words"] for each in notes if _is(each, "shut")), "python")
    if error is not None and not error.mendable:
        sentence = _(
            "Without a network it broke instead of raising a GeneratorError that says so: {problem}"
        )
        raise Violation(sentence.format(problem=error.sentence), error.details)
    if error is not None:
        sentence = _("Without a network it says: {problem}")
        raise Advice(sentence.format(problem=error.sentence))
    if bench.how["offline"] == "namespace":
        return _("tried in a process without any network")
    return _("tried with every connection from Python refused")


def check_uses(bench: Bench) -> None:
    """What it reaches for outside its folder is told with the reason: `Description.uses`.

    Measured where its worker has no network, and looked for in its code.
    """
    told = set(bench.about.uses)
    _error, notes = _shut_off(bench)
    for kind, found in _reached(bench, notes):
        if kind not in told:
            sentence = _("It reaches for {found}: say why, uses={form}.")
            form = f'{{"{kind}": {{"en": "…", "zh": "…"}}}}'
            raise Violation(sentence.format(found=found, form=form))
    hinted = code_of(bench.record).reaches
    missing = [f"{kind}: {place}" for kind, place in hinted.items() if kind not in told]
    if missing:
        sentence = _("Its code may reach for {places}: where it does, say why in uses.")
        raise Advice(sentence.format(places=enumerated(missing)))


def _reached(bench: Bench, notes: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """What of the plugin's own code has reached for something, and what for."""
    files = {str(each.resolve()) for each in code_of(bench.record).files}
    for note in notes:
        own = any(str(Path(each).resolve()) in files for each in note["files"])
        if own and _is(note, "network"):
            yield "network", _("the network ({words})").format(words=note["words"])
        elif own and _is(note, "program"):
            yield "programs", _("the program {words}").format(words=note["words"])


def _is(note: dict[str, Any], kind: str) -> bool:
    return bool(note["offline"] == kind)


def _shut_off(bench: Bench) -> tuple[RunError | None, list[dict[str, Any]]]:
    """What came of all that it offers in a worker without a network: the first error, and the
    notes of who reached for what. Done once."""
    if bench.offline is None:
        wishes = list(_everything(bench))
        pool = bench.new_pool(AIGC_STUDIO_OFFLINE="1")
        try:
            bench.offline = _asked(bench, pool, wishes)
        finally:
            pool.close(1.0)
    return bench.offline


def _asked(
    bench: Bench, pool: WorkerPool, wishes: list[tuple[str, Request]]
) -> tuple[RunError | None, list[dict[str, Any]]]:
    first, logs = None, set[Path]()
    for verb, request in wishes:
        run = pool.start(bench.record, verb, request, on_event=lambda _event: None)
        if not ended_in_time(run):
            run.cancel()
            run.wait(5)
        if run.log is not None:
            logs.add(run.log)
        if run.state is RunState.FAILED and first is None:
            first = run.error
    return first, [note for log in sorted(logs) for note in _notes(log)]


def _notes(log: Path) -> Iterator[dict[str, Any]]:
    try:
        lines = log.read_text("utf-8", "replace").splitlines()
    except OSError:
        return
    for line in lines:
        if line.startswith('{"offline":'):
            try:
                yield json.loads(line)
            except ValueError:
                continue


def _everything(bench: Bench) -> Iterator[tuple[str, Request]]:
    """One request of each kind, with its defaults."""
    about = bench.about
    for operation in (*about.of_verb("generate"), *about.of_verb("edit")):
        yield operation.verb, bench.usual_wish(operation)
    if "train" in about.verbs:
        yield "train", bench.training(steps=1)
    if "evaluate" in about.verbs:
        yield "evaluate", bench.evaluation()
