"""Model folders looked at without trusting them, with a sentence for what is wrong with them."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path
from typing import Any

from aigc_studio.api import StudioError
from aigc_studio.translation import _
from aigc_studio.wire.model_folder import (
    ALLOWED,
    CARD,
    MOST_CARD_BYTES,
    OBJECTS,
    WEIGHTS,
    stray_file,
    weights_fault,
)

__all__ = ["ALLOWED", "CARD", "WEIGHTS", "check_card", "check_weights", "model_files", "read_card"]

_generator_form = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


def check_weights(path: Path, name: str = "") -> None:
    """Raise `StudioError` unless the file is a whole safetensors file (see `weights_fault`).

    A pickle is called by its name.
    """
    name, fault = name or path.name, weights_fault(path)
    if fault == "pickle":
        raise StudioError(
            _(
                "The file {name} is a pickle, which could run any program when it is opened: "
                "only safetensors weights are taken."
            ).format(name=name)
        )
    if fault:
        raise StudioError(
            _("The file {name} holds no whole safetensors weights: export the model again.").format(
                name=name
            )
        )


def read_card(folder: Path, name: str = "") -> dict[str, Any]:
    """The card of a model folder. Raises `StudioError` unless it is one (see `check_card`)."""
    name, path = name or folder.name, folder / CARD
    try:
        if path.stat().st_size > MOST_CARD_BYTES:
            raise ValueError("too large")
        card = json.loads(path.read_text("utf-8"))
        check_card(card)
        # NaN could not be written again, and half a surrogate pair not everywhere.
        json.dumps(card, ensure_ascii=False, allow_nan=False).encode()
    except FileNotFoundError as error:
        raise StudioError(
            _("The model {name} has no card, so nothing is known of it: leave it out.").format(
                name=name
            )
        ) from error
    except (OSError, ValueError, TypeError, RecursionError) as error:
        raise StudioError(
            _("The card of the model {name} is damaged ({reason}): export the model again.").format(
                name=name, reason=error
            )
        ) from error
    return dict(card)


def check_card(card: Any) -> None:
    """Raise `ValueError` unless it is an object with a well-formed `generator`, `metrics` that are
    finite numbers, and objects where there are to be objects."""
    if not isinstance(card, dict):
        raise ValueError("not an object")
    generator = card.get("generator")
    if not isinstance(generator, str) or not _generator_form.fullmatch(generator):
        raise ValueError("generator")
    for name in OBJECTS:
        if not isinstance(card.get(name) or {}, dict):
            raise ValueError(name)
    for name, value in (card.get("metrics") or {}).items():
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if not number or not math.isfinite(value):
            raise ValueError(f"metrics: {name}")


def model_files(folder: Path) -> list[str]:
    """The names of a model's files below its folder, in order. Raises `StudioError` for links and
    for files of a kind that a model may not have."""
    stray = stray_file(folder)
    if stray:
        raise StudioError(_("A model may not have a file like {name} in it.").format(name=stray))
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return [path.relative_to(folder).as_posix() for path in paths]
