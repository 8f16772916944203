"""`aigc-studio train`: from examples to a model, in a job that can be gone on with."""

from __future__ import annotations

import argparse
import time
from functools import partial
from typing import TYPE_CHECKING, Any

from aigc_studio.api import Checkpoint, Metric, Operation, Progress, StudioError
from aigc_studio.cli import asking, choosing, evaluate, model_choice, together
from aigc_studio.cli import trainings as trainings_left
from aigc_studio.cli.console import Console
from aigc_studio.cli.data_choice import find_data
from aigc_studio.library.cards import count
from aigc_studio.translation import _, language

if TYPE_CHECKING:
    from aigc_studio.cli.here import Running
    from aigc_studio.host import PluginRecord
    from aigc_studio.library import ModelInfo, ModelStore, Training, TrainingStore

USUAL_MINUTES = 5.0
"""How long it trains when nobody says."""

CLOSING_SECONDS = 10.0
"""How long a training that heard of its end may write its checkpoint."""


def run(arguments: argparse.Namespace) -> None:
    """Train, and make a model of the best checkpoint. Raises `StudioError`."""
    from aigc_studio.host import default_threads
    from aigc_studio.library import TrainingStore

    if trainings_left.asked(arguments):
        trainings_left.run(arguments)
        return
    console = Console(as_json=arguments.json)
    if together.is_follower():
        together.follow(arguments)
    together.check(arguments.processes, console)
    begun = asking.begin(arguments, "train", console)
    if begun is None:
        return
    record, operation = begun
    models, trainings = model_choice.open_models(), TrainingStore()
    if arguments.resume:
        training = trainings.open(arguments.resume)
        _check_owner(training, arguments.generator)
    else:
        training = _begin(arguments, record, operation, models, trainings, console)
    threads = arguments.threads or together.threads(arguments.processes, default_threads())
    metrics = follow(record, training, threads, console, arguments.processes)
    published = _publish(training, models)
    document = _told(training, published, metrics)
    training.discard()
    measured = None
    if not arguments.no_measure and training.document.get("measure", True):
        measured = evaluate.briefly(record, published, models, threads, console)
    console.document(document | ({"measured": measured.document()} if measured else {}))
    if measured is not None:
        evaluate.tell(measured, record, console)
    sentence = _("The model {name} is here now. Try: {command}")
    generator = training.document["generator"]
    asked = choosing.words_for(record, generator)
    makes = "generate" in asking.describe(record).verbs
    begins, ends = ("generate", "results") if makes else ("edit", "FILE --input FILE")
    command = f"aigc-studio {begins} {asked} --model '{published.name}' --out {ends}"
    console.say(sentence.format(name=published.name, command=command))


def _publish(training: Training, models: ModelStore) -> ModelInfo:
    """Make a model of the best checkpoint; the training is done with."""
    try:
        published = training.publish(models)
        if published is None:
            training.discard()
            sentence = _(
                "The training ended before its first checkpoint, so there is no model: give it "
                "more --minutes or --steps."
            )
            raise StudioError(sentence)
        training.note("published")
    finally:
        training.release()
    return published


def _told(training: Training, published: ModelInfo, metrics: dict[str, float]) -> dict[str, Any]:
    """What `--json` says of a training that made this model."""
    return {
        "job": training.id,
        "model": published.name,
        "digest": published.digest,
        "steps": int(metrics.pop("step", 0)),
        "seconds": round(metrics.pop("seconds", 0.0), 2),
        "examples_seen": count(published.card, "examples_seen") or 0,
        "metrics": metrics,
    }


def _begin(
    arguments: argparse.Namespace, record: PluginRecord, operation: Operation, models: ModelStore,
    trainings: TrainingStore, console: Console,
) -> Training:  # fmt: skip
    """A new training. All that is wrong is said before a folder becomes a dataset."""
    from aigc_studio.library.names import checked_name
    from aigc_studio.library.new_trainings import NewTraining, check_length

    parameters = asking.parse_parameters(operation, arguments)
    if not arguments.data:
        raise StudioError(_("--data NAME is missing: what should it learn from?"))
    if not arguments.out:
        raise StudioError(_("--out NAME is missing: what should the model be called?"))
    name = checked_name(arguments.out, models.names())
    if arguments.threads < 0:
        sentence = _("--threads takes a whole number, 0 for the usual one, not {number}.")
        raise StudioError(sentence.format(number=arguments.threads))
    minutes = arguments.minutes
    if minutes is None and arguments.steps is None:
        minutes = USUAL_MINUTES
    check_length(minutes, arguments.steps)
    description = asking.describe(record)
    base = model_choice.find_model(record, arguments.base) if arguments.base else None
    return trainings.create(
        NewTraining(
            arguments.generator,
            find_data(arguments.data, record, split="train", console=console, arguments=arguments),
            name=name,
            minutes=minutes,
            steps=arguments.steps,
            operation=operation.id,
            parameters=parameters,
            seed=arguments.seed or 0,
            model=base,
            versions={description.id: description.version},
            distribution=record.source.distribution,
            measures=description.metrics,
            measure=not arguments.no_measure,
        )
    )


def _check_owner(training: Training, generator: str) -> None:
    owner = training.document["generator"]
    if owner != generator:
        sentence = _("The training {name} belongs to {owner}, not to {generator}: name {owner}.")
        raise StudioError(sentence.format(name=training.name, owner=owner, generator=generator))


def follow(
    record: PluginRecord,
    training: Training,
    threads: int,
    console: Console,
    processes: int = 1,
) -> dict[str, float]:
    """Run a training to its end, noting its checkpoints; returns the last metrics.

    Ctrl+C checkpoints and leaves a training that `--resume` goes on with. A plugin that does not
    hear of it within a second is ended as it is, and so is any at the second Ctrl+C.
    """
    started, metrics = time.monotonic(), dict[str, float]()
    try:
        request = training.request(threads=threads, language=language())
    except KeyboardInterrupt:
        _pause(record, training, console)
        raise
    running = partial(asking.running, fresh=True, processes=processes)
    try:
        with running(record, "train", request, console) as run:
            _take_events_or_stop(run, training, metrics, console)
    except KeyboardInterrupt:
        if training.state == "running":  # before there was a run to be stopped, or while it was
            _pause(record, training, console)
        raise
    except StudioError as error:
        _note_failure(record, training, request.resume, error, console)
        raise
    except OSError as error:  # the worker is gone by now, and what it kept is whole
        sentence = _("{path} cannot be written ({problem}): free up space, or grant permission.")
        raise StudioError(
            sentence.format(path=training.folder, problem=error.strerror or error)
        ) from error
    console.end_progress()
    training.note("done", hold=True)  # until its model is made, or this process has ended
    return metrics | {"seconds": time.monotonic() - started}


def _take_events(
    run: Running, training: Training, metrics: dict[str, float], console: Console
) -> None:
    """Show what a training tells, note its checkpoints, and keep its newest numbers."""
    begun = False
    for event in run.events():
        if isinstance(event, Progress | Metric) and not begun:
            begun = True
            _tell_job(run.record, training, console)
        console.event(event)
        if isinstance(event, Metric):
            metrics[event.name] = event.value
        if isinstance(event, Progress | Metric | Checkpoint):
            metrics["step"] = max(metrics.get("step", 0), event.step)
        if isinstance(event, Checkpoint):
            training.note_checkpoint(event)


def _take_events_or_stop(
    run: Running, training: Training, metrics: dict[str, float], console: Console
) -> None:
    try:
        _take_events(run, training, metrics, console)
    except KeyboardInterrupt:
        _stop(run, training, console)
        raise


def _stop(run: Running, training: Training, console: Console) -> None:
    console.note(_("Ending with a checkpoint. Ctrl+C again ends it at once."))
    together.heed_once()
    try:
        run.stop(promptly=True)
        run.wait(CLOSING_SECONDS)
    except KeyboardInterrupt:
        run.kill()
    _pause(run.record, training, console)


def _pause(record: PluginRecord, training: Training, console: Console) -> None:
    training.note("paused")
    training.release()
    _tell_how_to_go_on(record, training, console)


def _note_failure(
    record: PluginRecord, training: Training, resumed: bool, error: StudioError, console: Console
) -> None:
    """Keep what can go on; what was refused before it learned anything leaves nothing."""
    refused = getattr(getattr(error, "error", None), "mendable", False)
    if refused and not resumed and training.best() is None:
        training.discard()
        return
    training.note("failed", str(error))
    _tell_how_to_go_on(record, training, console)


def _tell_job(record: PluginRecord, training: Training, console: Console) -> None:
    # Said once it learns: after a kill or a power cut nobody could say it.
    sentence = _("Training {job}. If it is interrupted, resume with: {command}")
    console.note(sentence.format(job=training.id, command=_resuming(record, training)))


def _tell_how_to_go_on(record: PluginRecord, training: Training, console: Console) -> None:
    console.note(_("Resume with: {command}").format(command=_resuming(record, training)))
    if training.best() is not None:
        command = f"aigc-studio train --keep {training.id}"
        console.note(_("Keep its best model with: {command}").format(command=command))


def _resuming(record: PluginRecord, training: Training) -> str:
    asked = choosing.words_for(record, training.document["generator"])
    return f"aigc-studio train {asked} --resume {training.id}"
