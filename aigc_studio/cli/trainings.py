"""`aigc-studio train --list`, `--keep` and `--discard`: what came of trainings that did not end."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from aigc_studio.api import StudioError
from aigc_studio.cli.console import Console
from aigc_studio.translation import _

if TYPE_CHECKING:
    from aigc_studio.library import Training


def asked(arguments: argparse.Namespace) -> bool:
    """Whether the words ask for one of these, and not for a training."""
    return bool(arguments.list or arguments.keep or arguments.discard)


def run(arguments: argparse.Namespace) -> None:
    """Do what was asked for. Raises `StudioError`."""
    console = Console(as_json=arguments.json)
    if arguments.list:
        list_trainings(console)
    elif arguments.keep:
        keep(arguments.keep, arguments.out or "", console)
    else:
        discard(arguments.discard, console)


def list_trainings(console: Console) -> None:
    """Every training that is still here, with what can be done with it."""
    from aigc_studio.library import TrainingStore

    store = TrainingStore()
    rows = [_about(each) for each in store.list()]
    broken = store.broken()
    damaged: list[dict[str, object]] = [
        {"id": folder.name, "state": "damaged", "reason": sentence} for folder, sentence in broken
    ]
    console.document({"trainings": [*rows, *damaged]})
    words = [
        tuple(str(row.get(name) or "–") for name in ("id", "name", "generator", "state", "step"))
        for row in [*rows, *damaged]
    ]
    heads = (_("training"), _("model"), _("generator"), _("state"), _("best step"))
    console.table(heads, words)
    for _folder, sentence in broken:
        console.note(sentence)


def keep(key: str, name: str, console: Console) -> None:
    """Make a model of the best whole checkpoint; the training stays as it is.

    Raises `StudioError` when there is no training `key`, it is running, or it has no checkpoint.
    """
    from aigc_studio.library import ModelStore, TrainingStore
    from aigc_studio.library.names import checked_name

    training, models = TrainingStore().open(key), ModelStore()
    wanted = checked_name(name, models.names()) if name else None
    training.take()
    try:
        model = training.publish(models, wanted)
    finally:
        training.release()
    if model is None:
        sentence = _(
            "The training {name} has no complete checkpoint, so there is nothing to keep: "
            "discard it with {command}."
        )
        command = f"aigc-studio train --discard {training.id}"
        raise StudioError(sentence.format(name=training.name, command=command))
    step = int(model.card.get("step", 0))
    console.document({"job": training.id, "model": model.name, "step": step})
    sentence = _("The model {name} is here now, as it was at step {step}. Try: {command}")
    command = f"aigc-studio generate {model.generator} --model '{model.name}' --out results"
    console.say(sentence.format(name=model.name, step=step, command=command))
    sentence = _("The training is still here. Discard it with: {command}")
    console.note(sentence.format(command=f"aigc-studio train --discard {training.id}"))


def discard(key: str, console: Console) -> None:
    """Throw a training away. Raises `StudioError` when there is none, or it is running."""
    from aigc_studio.library import TrainingStore

    TrainingStore().discard(key)
    console.document({"discarded": key})
    console.say(_("The training {name} is discarded.").format(name=key))


def _about(training: Training) -> dict[str, object]:
    best = training.best()
    return {
        "id": training.id,
        "name": training.name,
        "generator": training.document["generator"],
        "state": "running" if training.running_elsewhere else training.state,
        "error": training.document.get("error", ""),
        "step": best.step if best else None,
    }
