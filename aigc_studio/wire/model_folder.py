"""A model folder looked at without trusting it: the kinds of files, what is in them, the card.

On both sides of the border: the worker looks at a checkpoint as it will be looked at when it
becomes a model, so that a plugin's mistake is told before a training has taken its time.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from aigc_studio.api import limits
from aigc_studio.api.documents import Damaged, check_file, encoded, parse, reason
from aigc_studio.api.kinds import MapOf, Number, Plain, Words, check, record
from aigc_studio.api.models import CONTENTS, DOCUMENT, WEIGHTS, is_model, read_document
from aigc_studio.api.spelling import normal
from aigc_studio.api.tensors import Pickled, read_header
from aigc_studio.files import DEVICES, bytes_below, entries_below, open_plain
from aigc_studio.translation import _

__all__ = [
    "ALLOWED", "CARD", "CONTENTS", "DOCUMENT", "MOST_FILES", "MOST_TOLD_BYTES", "WEIGHTS", "Fault",
    "card_bytes", "card_fault", "check_card", "content_fault", "is_model", "may_be_called",
    "model_fault", "stray_file", "weights_fault",
]  # fmt: skip

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

_LINE_END = 8
"""Bytes at the end of a document in which its last bracket lies."""

_name_form = re.compile(r"[\w .()+-]+(/[\w .()+-]+)*")
_card = record(
    {"generator": Words(limits.TITLE, form="[a-z][a-z0-9]*(-[a-z0-9]+)*")},
)
_metrics = MapOf(Number())


@dataclass(frozen=True)
class Fault:
    """What is wrong with a model folder: of what `kind`, with which file, and the `problem`.

    `nothing`: neither document nor weights; `pickle`, `damaged`, `empty`: the weights; `document`;
    `name`, `file`: a file that a model may not have, for its name or its kind; `size`: all files,
    whose bytes are the `problem`.
    """

    kind: Literal["nothing", "pickle", "damaged", "empty", "document", "name", "file", "size"]
    file: str = ""
    problem: str = ""


def model_fault(folder: Path) -> Fault | None:
    """What would keep a folder from becoming a model; None when nothing would.

    Asked by the worker of each checkpoint, and by the library of what it is to keep.
    """
    found = content_fault(folder)
    if found is not None:
        return found
    stray = stray_file(folder)
    if stray:
        return Fault("name" if stray.lower().endswith(ALLOWED) else "file", stray)
    size = bytes_below(folder)
    return Fault("size", "", str(size)) if size > limits.MODEL_BYTES else None


def content_fault(folder: Path, *, whole: bool = True) -> Fault | None:
    """What is wrong with the document and the weights of a model; None when they can be loaded.

    A header tells of the weights; a document is read. Not `whole`: of it only what a glance tells,
    as it is looked at again and again, and read by the plugin alone.
    """
    if not is_model(folder):
        return Fault("nothing")
    fault = weights_fault(folder / WEIGHTS) if _is_there(folder / WEIGHTS) else ""
    if fault:
        return Fault(fault, WEIGHTS)
    if not _is_there(folder / DOCUMENT):
        return None
    try:
        if whole:
            read_document(folder / DOCUMENT)
        else:
            _glance(folder / DOCUMENT)
    except (OSError, Damaged) as error:
        return Fault("document", DOCUMENT, reason(error))
    return None


def _is_there(path: Path) -> bool:
    return os.path.lexists(path)  # a name that is too long is not there


def _glance(path: Path) -> None:
    """Raise `OSError` or `Damaged` unless it begins and ends as an object does."""
    check_file(path, limits.DOCUMENT_BYTES)
    with open_plain(path) as file:
        start = file.read(1)
        file.seek(max(0, path.stat().st_size - _LINE_END))
        end = file.read(_LINE_END).rstrip()
    if start != b"{" or not end.endswith(b"}"):
        read_document(path)  # written by another, and perhaps whole: reading it says what is wrong


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
    """Why a card that a plugin gave cannot be kept, as a phrase; empty when it can.

    What is kept can be read again: its size, depth and numbers are those that `read_card` takes.
    """
    for name in ("frame", "controls", "parameters"):  # the library's own take the others' place
        if not isinstance(card.get(name) or {}, Mapping):
            return _("“{name}” of it must be an object").format(name=name)
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
