"""`aigc-studio models`: list, show, export and import what training made."""

from __future__ import annotations

import argparse
from pathlib import Path

from aigc_studio.api import StudioError
from aigc_studio.cli import model_choice
from aigc_studio.cli.cards import tell_card
from aigc_studio.cli.console import Console
from aigc_studio.translation import _


def list_models(arguments: argparse.Namespace) -> None:
    """Every model, those that come with the studio too."""
    from aigc_studio.library.identity import SHORT, label

    console = Console(as_json=arguments.json)
    store = model_choice.open_models()
    models, broken = store.list(), store.broken()
    console.document(
        {
            "models": [
                {
                    "name": each.name,
                    "generator": each.generator,
                    "shipped": each.shipped,
                    "digest": each.digest,
                    "bytes": each.size,
                }
                for each in models
            ],
            "damaged": [{"name": folder.name, "reason": sentence} for folder, sentence in broken],
        }
    )
    console.table(
        (_("model"), _("generator"), _("size"), _("digest"), _("from")),
        [
            (
                label(each, models),
                each.generator,
                f"{each.size / 1e6:.1f} MB",
                each.digest[:SHORT],
                _origin(each.shipped),
            )
            for each in models
        ],
    )
    for _folder, sentence in broken:
        console.note(sentence)


def show(arguments: argparse.Namespace) -> None:
    """The card of a model: for a person on a few lines, in JSON whole. Raises `StudioError`."""
    console = Console(as_json=arguments.json)
    model = model_choice.named_model(model_choice.open_models(), arguments.model)
    console.document({"name": model.name, "digest": model.digest, "card": model.card})
    tell_card(model, console)


def export(arguments: argparse.Namespace) -> None:
    """Write a model to one file. Raises `StudioError`."""
    console = Console(as_json=arguments.json)
    store = model_choice.open_models()
    model = model_choice.named_model(store, arguments.model)
    path = arguments.out or Path(f"{model.name}.aigcmodel")
    path = store.export(model.digest if model.shipped else model.name, path)
    console.document({"path": str(path)})
    console.say(str(path))


def report(arguments: argparse.Namespace) -> None:
    """Write what is known of models to one page or table. Raises `StudioError`."""
    from aigc_studio.library.reports import SUFFIXES, write_report

    console, store = Console(as_json=arguments.json), model_choice.open_models()
    models = [model_choice.named_model(store, name) for name in arguments.models]
    path = arguments.out or Path(f"{models[0].name}.html")
    if path.suffix.lower() not in SUFFIXES:
        raise StudioError(_("A report is written to a file that ends in .html or .csv."))
    try:
        write_report(models, path)
    except OSError as error:
        raise StudioError(
            _("The file {name} could not be written: {reason}.").format(
                name=path, reason=error.strerror or error
            )
        ) from error
    console.document({"path": str(path)})
    console.say(str(path))


def import_file(arguments: argparse.Namespace) -> None:
    """Take a model from a file that `export` wrote. Raises `StudioError`."""
    console = Console(as_json=arguments.json)
    model = model_choice.open_models().import_file(arguments.file)
    console.document({"name": model.name, "generator": model.generator, "digest": model.digest})
    console.say(_("The model {name} is here now.").format(name=model.name))


def _origin(shipped: bool) -> str:
    return _("the studio") if shipped else _("you")
