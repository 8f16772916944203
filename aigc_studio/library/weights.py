"""Model folders looked at without trusting them, with a sentence for what is wrong with them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from aigc_studio.api import StudioError, documents, limits
from aigc_studio.files import files_below
from aigc_studio.translation import _
from aigc_studio.wire.model_folder import (
    ALLOWED,
    CARD,
    WEIGHTS,
    check_card,
    stray_file,
    weights_fault,
)

__all__ = ["ALLOWED", "CARD", "WEIGHTS", "check_card", "check_weights", "model_files", "read_card"]


def check_weights(path: Path, name: str = "", *, owned: bool = False) -> None:
    """Raise `StudioError` unless the file is a whole safetensors file (see `weights_fault`).

    A pickle is called by its name. `owned`: the model is in the person's library.
    """
    name, fault = name or path.name, weights_fault(path)
    if fault == "pickle":
        raise StudioError(
            _(
                "The file {name} is a pickle, which could run any program when it is opened: "
                "only safetensors weights are taken."
            ).format(name=name)
        )
    if fault and owned:
        sentence = _(
            "The file {name} holds no whole safetensors weights: delete the model, then import it "
            "or train it again."
        )
        raise StudioError(sentence.format(name=name))
    if fault:
        raise StudioError(
            _("The file {name} holds no whole safetensors weights: export the model again.").format(
                name=name
            )
        )


def read_card(folder: Path, name: str = "", *, owned: bool = False) -> dict[str, Any]:
    """The card of a model folder. Raises `StudioError` unless it is one (see `check_card`).

    `owned`: the model is in the person's library, where it can be deleted; else it came from
    somewhere, whose it is to give a better one.
    """
    name, path = name or folder.name, folder / CARD
    try:
        card = documents.read(path, limits.CARD_BYTES)
        check_card(card)
    except FileNotFoundError as error:
        raise StudioError(_without_card(owned).format(name=name)) from error
    except (OSError, documents.Damaged) as error:
        reason = documents.reason(error)
        raise StudioError(_with_damaged_card(owned).format(name=name, reason=reason)) from error
    return dict(card)


def _without_card(owned: bool) -> str:
    if owned:
        return _(
            "The model {name} has no card, so nothing is known of it: delete it, then import it "
            "or train it again."
        )
    return _("The model {name} has no card, so nothing is known of it: leave it out.")


def _with_damaged_card(owned: bool) -> str:
    if owned:
        return _(
            "The card of the model {name} is damaged ({reason}): delete the model, then import it "
            "or train it again."
        )
    return _("The card of the model {name} is damaged ({reason}): export the model again.")


def model_files(folder: Path) -> list[str]:
    """The names of a model's files below its folder, in order. Raises `StudioError` for links and
    for files of a kind that a model may not have."""
    stray = stray_file(folder)
    if stray:
        raise StudioError(_("A model may not have a file like {name} in it.").format(name=stray))
    paths = sorted(files_below(folder))
    # Before anything is copied: a file of holes is as large as it says once it is.
    size = sum(path.stat().st_size for path in paths)
    if size > limits.MODEL_BYTES:
        sentence = _("The model has {given} bytes, and {limit} are allowed.")
        raise StudioError(sentence.format(given=size, limit=limits.MODEL_BYTES))
    return [path.relative_to(folder).as_posix() for path in paths]
