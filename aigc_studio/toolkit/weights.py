"""Weights on disk: safetensors, with what is said about them as one canonical JSON string.

No code runs when such a file is opened. What could run code, a pickle under whatever name, is
refused before anything reads it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import safetensors
import safetensors.torch
import torch
from torch import Tensor, nn

from aigc_studio import files
from aigc_studio.api import StudioError
from aigc_studio.translation import _

ABOUT_KEY = "aigc_studio"
"""The one key of the metadata: with several their order in the file would be chance."""

_LONGEST_HEADER = 100_000_000


def weights_bytes(tensors: Mapping[str, Tensor], about: Mapping[str, Any]) -> bytes:
    """The file as bytes: equal for equal tensors and equal `about` (plain JSON values)."""
    whole = {name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()}
    seen: set[int] = set()
    for name, tensor in whole.items():
        # safetensors takes no two names for one piece of memory.
        if tensor.data_ptr() in seen:
            whole[name] = tensor.clone()
        seen.add(tensor.data_ptr())
    return safetensors.torch.save(whole, {ABOUT_KEY: files.canonical_json(dict(about))})


def save_weights(
    path: Path, tensors: Mapping[str, Tensor], about: Mapping[str, Any], *, durable: bool = True
) -> None:
    """Write a safetensors file, whole or not at all. `about` must be plain JSON values."""
    files.write_bytes(path, weights_bytes(tensors, about), durable=durable)


def load_weights(path: Path) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """The tensors (on the CPU) and what is said about them ({} when nothing is).

    Raises StudioError for a file that is missing, a pickle or an archive, or not whole.
    """
    _refuse_others(path)
    try:
        with safetensors.safe_open(path, framework="pt") as file:
            about = json.loads((file.metadata() or {}).get(ABOUT_KEY, "{}"))
            # Copied, because a mapped file must not change or vanish under a net in use.
            tensors = {name: file.get_tensor(name).clone() for name in file.keys()}  # noqa: SIM118
    except (safetensors.SafetensorError, OSError, ValueError, RuntimeError) as error:
        raise StudioError(_broken(path)) from error
    if not isinstance(about, dict):
        raise StudioError(_broken(path))
    return tensors, about


def _broken(path: Path) -> str:
    return _(
        "The weights {name} are damaged or cut off: export or download the model again."
    ).format(name=path.name)


def _refuse_others(path: Path) -> None:
    """Raise StudioError unless the file begins as a safetensors file does."""
    try:
        with path.open("rb") as file:
            head, size = file.read(9), path.stat().st_size
    except OSError as error:
        raise StudioError(
            _("The weights {name} cannot be read: {reason}.").format(
                name=path.name, reason=error.strerror or error
            )
        ) from error
    # A header of 128, 384, 640 … bytes begins as a pickle does, one of 32: its brace tells.
    a_pickle = head[:1] == b"\x80" and head[8:9] != b"{"
    if head[:4] == b"PK\x03\x04" or a_pickle or head[:8] == b"\x89HDF\r\n\x1a\n":
        raise StudioError(
            _(
                "{name} is a Python pickle or an archive under another name, which could run code "
                "when opened, so it was not opened: save the weights as safetensors instead."
            ).format(name=path.name)
        )
    length = int.from_bytes(head[:8], "little")
    if len(head) < 9 or head[8:9] != b"{" or length > min(size - 8, _LONGEST_HEADER):
        raise StudioError(_broken(path))


def restore_network(
    network: nn.Module, tensors: Mapping[str, Tensor], name: str, prefix: str = ""
) -> None:
    """Put the tensors whose names begin with `prefix` into `network`.

    `name` is how the sentence calls the model. Raises StudioError when they are not the tensors of
    such a net: it names the first that differs. Either all are restored or none.
    """
    own = network.state_dict()
    given = {k[len(prefix) :]: v for k, v in tensors.items() if k.startswith(prefix)}
    for key in sorted(own.keys() | given.keys()):
        expected, found = own.get(key), given.get(key)
        if expected is None or found is None or expected.shape != found.shape:
            raise StudioError(_mismatch(name, key, expected, found))
    network.load_state_dict(given)


def _mismatch(name: str, key: str, expected: Tensor | None, found: Tensor | None) -> str:
    told = {
        "name": name,
        "part": key,
        "found": _size(found),
        "expected": _size(expected),
    }
    if found is None:
        return _("The model {name} has no part {part}: it is of another kind or version.").format(
            **told
        )
    if expected is None:
        return _(
            "The model {name} has a part {part} that this generator does not know: "
            "it is of another kind or version."
        ).format(**told)
    return _(
        "The model {name} does not fit: its part {part} has size {found} where {expected} is "
        "needed. Choose the width, size and classes that it was trained with."
    ).format(**told)


def _size(tensor: Tensor | None) -> str:
    return "" if tensor is None else "×".join(map(str, tensor.shape)) or "1"


def count_parameters(path: Path) -> int:
    """How many numbers a safetensors file holds, from its header alone."""
    _refuse_others(path)
    with path.open("rb") as file:
        header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
    shapes = [part["shape"] for key, part in header.items() if key != "__metadata__"]
    return sum(int(torch.Size(shape).numel()) for shape in shapes)
