"""The checks of how trainings begin: of one step, at the ends of the ranges, from what was left."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from aigc_studio.api.events import Checkpoint
from aigc_studio.files import files_below
from aigc_studio.testing.bench import Bench
from aigc_studio.testing.failing import check_explained
from aigc_studio.testing.report import NotApplicable, Violation
from aigc_studio.testing.wishes import both_ends
from aigc_studio.translation import _, enumerated


def check_one_step(bench: Bench) -> None:
    """A training of a single step ends with a model, marked as the best there is."""
    _short(bench)


def _short(bench: Bench) -> Path:
    """The folder that a training of one step has left. Raises `Violation` where it did not go."""
    bench.operations("train")
    request = bench.training(steps=1)
    events = bench.events("train", request)
    if not any(isinstance(event, Checkpoint) and event.best for event in events):
        raise Violation(_("A training of one step ended without a Checkpoint that is the best."))
    return request.folder


def check_training_ranges(bench: Bench) -> None:
    """Every parameter of train works at both ends of its range: learned from, or refused.

    What is not done after two seconds is cancelled and has passed.
    """
    bench.operations("train")
    found = False
    for operation in bench.about.of_verb("train"):
        for ends in both_ends(operation):
            found = True
            request = bench.training(operation=operation.id, parameters=ends, steps=1)
            run = bench.tried("train", request)
            named = enumerated(f"{name}={value}" for name, value in ends.items())
            check_explained(run, named)
    if not found:
        raise NotApplicable(_("It has no parameters."))


def check_early_resume(bench: Bench) -> None:
    """Resumed from an empty folder it begins: it was killed before it had written anything."""
    bench.operations("train")
    events = bench.events("train", bench.training(steps=1, resume=True))
    if not any(isinstance(event, Checkpoint) for event in events):
        raise Violation(_("Resumed from an empty folder, train() ended without a Checkpoint."))


def check_damaged_resume(bench: Bench) -> None:
    """Resumed from files that are cut in half (the power failed) it begins anew, or says so."""
    folder = _short(bench)
    for file in list(files_below(folder)):
        file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    request = replace(bench.training(steps=2, resume=True), folder=folder)
    bench.accepts_or_explains("train", request, _("files of a training that are cut in half"))
