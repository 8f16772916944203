"""A model folder looked at without trusting it: the kinds of files, whole weights, the card.

On both sides of the border: the worker looks at a checkpoint as it will be looked at when it
becomes a model, so that a plugin's mistake is told before a training has taken its time.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from aigc_studio.api import limits
from aigc_studio.api.documents import Damaged, encoded, parse
from aigc_studio.api.kinds import MapOf, Number, Plain, Words, check, record
from aigc_studio.api.spelling import normal
from aigc_studio.api.tensors import Pickled, read_header
from aigc_studio.files import DEVICES, entries_below

WEIGHTS = "weights.safetensors"
CARD = "card.json"
SEEN = "learnt-from.json"
"""Prints of the examples that a model was trained on, which the library writes (`library.seen`)."""
ALLOWED = (".safetensors", ".json", ".txt", ".md", ".png")
"""The ends of the files that a model may consist of: nothing that runs when it is opened."""
MOST_TOLD_BYTES = limits.CARD_BYTES - 100_000
"""What a plugin may say in a card; the rest is for what the library knows of the model."""
OBJECTS = ("data", "metrics", "versions", "parameters", "frame", "controls")
"""What must be an object where a card has it."""
MOST_FILES = 200
"""Files that a model may consist of beside its card."""

_name_form = re.compile(r"[\w .()+-]+(/[\w .()+-]+)*")
_card = record(
    {"generator": Words(limits.TITLE, form="[a-z][a-z0-9]*(-[a-z0-9]+)*")},
)
_metrics = MapOf(Number())


def weights_fault(path: Path) -> Literal["", "pickle", "damaged", "empty"]:
    """What is wrong with a file of weights; empty when it is a whole safetensors file.

    The header must be JSON that covers the rest of the file without gap or overlap, and name one
    tensor at least.
    """
    try:
        header = read_header(path)
    except Pickled:
        return "pickle"
    except (OSError, Damaged):
        return "damaged"
    return "" if header.shapes else "empty"


def stray_file(folder: Path) -> str:
    """The name of the first file below a folder that a model may not have; empty when all may be.

    Links are such, files of other kinds than `ALLOWED`, with names that not every system has, and
    what is more than `MOST_FILES`: what is exported is to be imported again.
    """
    names = 0
    for path in sorted(path for path, _entry in entries_below(folder)):
        name = path.relative_to(folder).as_posix()
        if path.is_dir() and not path.is_symlink():
            continue
        names += name not in (CARD, SEEN)
        # Pipes, sockets and devices are no files either, whatever they are called.
        plain = path.is_file() and not path.is_symlink()
        if not (plain and may_be_called(name)) or names > MOST_FILES:
            return name
    return ""


def may_be_called(name: str) -> bool:
    """Whether a file of a model may have this name below its folder, on every system."""
    # Composed: some systems give back another form of a name than the one written.
    name = normal(name)
    if len(name) > limits.TITLE or not _name_form.fullmatch(name):
        return False
    for part in name.lower().split("/"):
        if part[0] == "." or part[-1] in ". " or part.split(".")[0].strip() in DEVICES:
            return False
    return name.lower().endswith(ALLOWED)


def card_fault(card: Mapping[str, Any]) -> str:
    """What of a card that a plugin gave cannot be kept: a key, or a reason; empty when all can.

    What is kept can be read again: its size, depth and numbers are those that `read_card` takes.
    """
    for name in ("frame", "controls", "parameters"):  # the library's own take the others' place
        if not isinstance(card.get(name) or {}, Mapping):
            return name
    try:
        check(parse(encoded(dict(card), MOST_TOLD_BYTES), MOST_TOLD_BYTES), Plain())
    except Damaged as error:
        return str(error)
    return ""


def check_card(card: Any) -> None:
    """Raise `Damaged` unless it is an object with a well-formed `generator`, `metrics` that are
    finite numbers, and objects where there are to be objects."""
    check(card, _card)
    for name in OBJECTS:
        if not isinstance(card.get(name) or {}, dict):
            raise Damaged(name)
    check(card.get("metrics") or {}, _metrics, "metrics")
    check(card, Plain())


def card_bytes(card: Mapping[str, Any]) -> bytes:
    """What stands in `card.json` for a card. Raises `Damaged` for one that could not be read."""
    data = encoded(dict(card), limits.CARD_BYTES, indent=1)
    check_card(parse(data, limits.CARD_BYTES))
    return data
