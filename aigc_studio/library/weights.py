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
    DOCUMENT,
    WEIGHTS,
    Fault,
    check_card,
    content_fault,
    is_model,
    model_fault,
    stray_file,
    weights_fault,
)

__all__ = [
    "ALLOWED", "CARD", "DOCUMENT", "WEIGHTS", "check_card", "check_content", "check_model",
    "check_weights", "is_model", "model_files", "read_card",
]  # fmt: skip


def check_model(folder: Path, name: str = "") -> None:
    """Raise `StudioError` for what would keep a folder from becoming a model (`model_fault`)."""
    fault = model_fault(folder)
    if fault is not None:
        raise StudioError(_sentence(fault, name or folder.name, False))


def check_content(folder: Path, name: str = "", *, owned: bool = False, whole: bool = True) -> None:
    """Raise `StudioError` unless document and weights can be loaded (see `content_fault`).

    `owned`: the model is in the person's library, where it can be deleted; else it came from
    somewhere, whose it is to give a better one.
    """
    fault = content_fault(folder, whole=whole)
    if fault is not None:
        raise StudioError(_sentence(fault, name or folder.name, owned))


def check_weights(path: Path, name: str = "") -> None:
    """Raise `StudioError` unless the file is a whole safetensors file (see `weights_fault`)."""
    fault = weights_fault(path)
    if fault:
        raise StudioError(_sentence(Fault(fault), name or path.name, False))


def _sentence(fault: Fault, name: str, owned: bool) -> str:
    """What is wrong with the model `name`, and what to do."""
    if fault.kind in ("name", "file"):
        return _("A model may not have a file like {name} in it.").format(name=fault.file)
    if fault.kind == "size":
        sentence = _("The model has {given} bytes, and {limit} are allowed.")
        return sentence.format(given=fault.problem, limit=limits.MODEL_BYTES)
    if fault.kind == "pickle":
        sentence = _(
            "The file {name} is a pickle, which could run any program when it is opened: "
            "only safetensors weights are taken."
        )
    else:
        sentence = _of_one_owned(fault) if owned else _of_one_sent(fault)
    name = f"{name}/{fault.file}" if fault.file else name
    return sentence.format(name=name, reason=fault.problem)


def _of_one_owned(fault: Fault) -> str:
    if fault.kind == "nothing":
        return _(
            "The model {name} has neither model.json nor weights.safetensors: delete the model, "
            "then import it or train it again."
        )
    if fault.kind == "document":
        return _(
            "The file {name} is damaged ({reason}): delete the model, then import it or train it "
            "again."
        )
    return _(
        "The file {name} has no complete safetensors weights: delete the model, then import it "
        "or train it again."
    )


def _of_one_sent(fault: Fault) -> str:
    if fault.kind == "nothing":
        return _(
            "The model {name} has neither model.json nor weights.safetensors: export it again."
        )
    if fault.kind == "document":
        return _("The file {name} is damaged ({reason}): export the model again.")
    return _("The file {name} has no complete safetensors weights: export the model again.")


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
        raise StudioError(_sentence(Fault("file", stray), folder.name, False))
    paths = sorted(files_below(folder))
    # Before anything is copied: a file of holes is as large as it says once it is.
    size = sum(path.stat().st_size for path in paths)
    if size > limits.MODEL_BYTES:
        raise StudioError(_sentence(Fault("size", "", str(size)), folder.name, False))
    return [path.relative_to(folder).as_posix() for path in paths]
