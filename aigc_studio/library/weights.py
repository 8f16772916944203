"""Model folders looked at without trusting them: safetensors headers, cards, allowed files."""

from __future__ import annotations

import hashlib
import json
import math
import os
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from aigc_studio.api import StudioError
from aigc_studio.translation import _

WEIGHTS = "weights.safetensors"
CARD = "card.json"
ALLOWED = (".safetensors", ".json", ".txt", ".md", ".png")
"""The ends of the files that a model may consist of: nothing that runs when it is opened."""
MOST_HEADER_BYTES = 100_000_000
MOST_CARD_BYTES = 1_000_000

_bytes_of = {
    "F64": 8, "I64": 8, "U64": 8, "F32": 4, "I32": 4, "U32": 4, "F16": 2, "BF16": 2, "I16": 2,
    "U16": 2, "I8": 1, "U8": 1, "BOOL": 1, "F8_E4M3": 1, "F8_E5M2": 1,
}  # fmt: skip
_generator_form = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_digests: dict[tuple[str, int, int], str] = {}


def check_weights(path: Path, name: str = "") -> None:
    """Raise `StudioError` unless the file is a whole safetensors file.

    The header must be JSON that covers the rest of the file without gap or overlap. A pickle is
    called by its name.
    """
    name = name or path.name
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            start = file.read(9)
            _refuse_pickle(start, path, name)
            length = int.from_bytes(start[:8], "little")
            if len(start) < 9 or not 2 <= length <= min(size - 8, MOST_HEADER_BYTES):
                raise ValueError("no header")
            header = json.loads(start[8:] + file.read(length - 1))
        _check_tensors(header, size - 8 - length)
    except (OSError, ValueError, TypeError, KeyError, RecursionError) as error:
        raise StudioError(
            _("The file {name} holds no whole safetensors weights: export the model again.").format(
                name=name
            )
        ) from error


def _refuse_pickle(start: bytes, path: Path, name: str) -> None:
    # A header of 128 or 384 bytes begins as a pickle does: what tells them apart is its brace.
    a_pickle = start[:1] == b"\x80" and start[8:9] != b"{"
    if a_pickle or (start[:2] == b"PK" and zipfile.is_zipfile(path)):
        raise StudioError(
            _(
                "The file {name} is a pickle, which could run any program when it is opened: "
                "only safetensors weights are taken."
            ).format(name=name)
        )


def _check_tensors(header: Mapping[str, Any], size: int) -> None:
    spans = []
    for name, tensor in header.items():
        if name == "__metadata__":
            continue
        start, stop = tensor["data_offsets"]
        if any(not isinstance(side, int) or side < 0 for side in (*tensor["shape"], start, stop)):
            raise ValueError(f"{name}: a negative number")
        if stop - start != math.prod(tensor["shape"]) * _bytes_of[tensor["dtype"]]:
            raise ValueError(f"{name}: the wrong length")
        spans.append((start, stop))
    end = 0
    for start, stop in sorted(spans):
        if start != end:
            raise ValueError("a gap or an overlap")
        end = stop
    if end != size or not spans:
        raise ValueError("the file is cut off")


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
    for name in ("data", "metrics", "versions", "parameters", "frame", "controls"):
        if not isinstance(card.get(name) or {}, dict):
            raise ValueError(name)
    for name, value in (card.get("metrics") or {}).items():
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if not number or not math.isfinite(value):
            raise ValueError(f"metrics: {name}")


def model_files(folder: Path) -> list[str]:
    """The names of a model's files below its folder, in order. Raises `StudioError` for links and
    for files of a kind that a model may not have."""
    found = []
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink() or (path.is_file() and path.suffix.lower() not in ALLOWED):
            raise StudioError(_("A model may not have a file like {name} in it.").format(name=name))
        if path.is_file():
            found.append(name)
    return found


def file_digest(path: Path) -> str:
    """SHA-256 of a file as hexadecimal digits; computed once for a path, size and time."""
    about = os.stat(path)
    key = (str(path), about.st_size, about.st_mtime_ns)
    if key not in _digests:
        with path.open("rb") as file:
            _digests[key] = hashlib.file_digest(file, "sha256").hexdigest()
    return _digests[key]
