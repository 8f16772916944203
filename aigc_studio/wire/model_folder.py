"""A model folder looked at without trusting it: the kinds of files, whole weights, the card.

On both sides of the border: the worker looks at a checkpoint as it will be looked at when it
becomes a model, so that a plugin's mistake is told before a training has taken its time.
"""

from __future__ import annotations

import json
import math
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from aigc_studio.files import canonical_json

WEIGHTS = "weights.safetensors"
CARD = "card.json"
ALLOWED = (".safetensors", ".json", ".txt", ".md", ".png")
"""The ends of the files that a model may consist of: nothing that runs when it is opened."""
MOST_HEADER_BYTES = 100_000_000
MOST_CARD_BYTES = 1_000_000
MOST_TOLD_BYTES = MOST_CARD_BYTES - 100_000
"""What a plugin may say in a card; the rest is for what the library knows of the model."""
OBJECTS = ("data", "metrics", "versions", "parameters", "frame", "controls")
"""What must be an object where a card has it."""

_bytes_of = {
    "F64": 8, "I64": 8, "U64": 8, "F32": 4, "I32": 4, "U32": 4, "F16": 2, "BF16": 2, "I16": 2,
    "U16": 2, "I8": 1, "U8": 1, "BOOL": 1, "F8_E4M3": 1, "F8_E5M2": 1,
}  # fmt: skip


def weights_fault(path: Path) -> Literal["", "pickle", "damaged", "empty"]:
    """What is wrong with a file of weights; empty when it is a whole safetensors file.

    The header must be JSON that covers the rest of the file without gap or overlap, and name one
    tensor at least.
    """
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            start = file.read(9)
            if _is_pickle(start, path):
                return "pickle"
            length = int.from_bytes(start[:8], "little")
            if len(start) < 9 or not 2 <= length <= min(size - 8, MOST_HEADER_BYTES):
                return "damaged"
            header = json.loads(start[8:] + file.read(length - 1))
        spans = _spans(header)
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return "damaged"
    if not spans and size == 8 + length:
        return "empty"
    return "" if _cover(spans, size - 8 - length) else "damaged"


def _is_pickle(start: bytes, path: Path) -> bool:
    # A header of 128 or 384 bytes begins as a pickle does: what tells them apart is its brace.
    if start[:1] == b"\x80" and start[8:9] != b"{":
        return True
    return start[:2] == b"PK" and zipfile.is_zipfile(path)


def _spans(header: Mapping[str, Any]) -> list[tuple[int, int]]:
    """Where each tensor begins and ends. Raises `ValueError` for one that cannot be."""
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
    return sorted(spans)


def _cover(spans: list[tuple[int, int]], size: int) -> bool:
    end = 0
    for start, stop in spans:
        if start != end:
            return False
        end = stop
    return bool(spans) and end == size


def stray_file(folder: Path) -> str:
    """The name of the first file below a folder that a model may not have; empty when all may be.

    Links are such, and files of other kinds than `ALLOWED`.
    """
    for path in sorted(folder.rglob("*")):
        if path.is_symlink() or (path.is_file() and path.suffix.lower() not in ALLOWED):
            return path.relative_to(folder).as_posix()
    return ""


def card_fault(card: Mapping[str, Any]) -> str:
    """What of a card that a plugin gave cannot be kept: a key, or a reason; empty when all can."""
    for name in ("frame", "controls", "parameters"):  # the library's own take the others' place
        if not isinstance(card.get(name) or {}, Mapping):
            return name
    try:
        length = len(canonical_json(dict(card)).encode())
    except (ValueError, TypeError, RecursionError) as error:
        return str(error)
    return "" if length <= MOST_TOLD_BYTES else f"{length} > {MOST_TOLD_BYTES}"
