"""Weights on disk: safetensors, with what is said about them as one canonical JSON string.

No code runs when such a file is opened. What could run code, a pickle under whatever name, is
refused before anything reads it.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import safetensors
import safetensors.torch
from torch import Tensor, nn

from aigc_studio import files
from aigc_studio.api import StudioError, documents, limits
from aigc_studio.api.tensors import Header, Pickled, parse_header, read_header
from aigc_studio.translation import _

ABOUT_KEY = "aigc_studio"
"""The one key of the metadata: with several their order in the file would be chance."""


def weights_bytes(tensors: Mapping[str, Tensor], about: Mapping[str, Any]) -> bytes:
    """The file as bytes: equal for equal tensors and equal `about` (plain JSON values).

    Raises StudioError for what could not be read again: too many tensors, too much said of them.
    """
    whole = {name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()}
    seen: set[int] = set()
    for name, tensor in whole.items():
        # safetensors takes no two names for one piece of memory.
        if tensor.data_ptr() in seen:
            whole[name] = tensor.clone()
        seen.add(tensor.data_ptr())
    try:
        told = documents.encoded(dict(about), limits.HEADER_BYTES).decode().rstrip("\n")
        data = safetensors.torch.save(whole, {ABOUT_KEY: told})
        length = int.from_bytes(data[:8], "little")
        parse_header(data[8 : 8 + length], len(data) - 8 - length)
    except documents.Damaged as error:
        raise StudioError(
            _("What is said of the weights cannot be kept: {reason}.").format(reason=error)
        ) from error
    return data


def save_weights(
    path: Path, tensors: Mapping[str, Tensor], about: Mapping[str, Any], *, durable: bool = True
) -> None:
    """Write a safetensors file, whole or not at all. `about` must be plain JSON values."""
    files.write_bytes(path, weights_bytes(tensors, about), durable=durable)


def load_weights(path: Path) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """The tensors (on the CPU) and what is said about them ({} when nothing is).

    Raises StudioError for a file that is missing, a pickle or an archive, or not whole.
    """
    header = _header(path)
    try:
        about = documents.parse(header.metadata.get(ABOUT_KEY, "{}"), limits.HEADER_BYTES)
        with safetensors.safe_open(path, framework="pt") as file:
            # Copied, because a mapped file must not change or vanish under a net in use.
            tensors = {name: file.get_tensor(name).clone() for name in header.shapes}
    except (
        safetensors.SafetensorError, OSError, ValueError, RuntimeError, TypeError, OverflowError,
        AttributeError,
    ) as error:  # fmt: skip
        raise StudioError(_broken(path)) from error  # a kind of numbers that this torch has not
    if not isinstance(about, dict):
        raise StudioError(_broken(path))
    return tensors, about


def _broken(path: Path) -> str:
    return _(
        "The weights {name} are damaged or cut off: export or download the model again."
    ).format(name=path.name)


def _header(path: Path) -> Header:
    """The header of a file. Raises StudioError unless it is a whole safetensors file."""
    try:
        return read_header(path)
    except Pickled as error:
        raise StudioError(
            _(
                "{name} is a Python pickle or an archive under another name, which could run code "
                "when opened, so it was not opened: save the weights as safetensors instead."
            ).format(name=path.name)
        ) from error
    except documents.Damaged as error:
        raise StudioError(_broken(path)) from error
    except OSError as error:
        raise StudioError(
            _("The weights {name} cannot be read: {reason}.").format(
                name=path.name, reason=error.strerror or error
            )
        ) from error


def restore_network(
    network: nn.Module, tensors: Mapping[str, Tensor], name: str, prefix: str = ""
) -> None:
    """Put the tensors whose names begin with `prefix` into `network`.

    `name` is how the sentence calls the model. Raises StudioError when they are not the tensors of
    such a net: it names the first that differs. Either all are restored or none. A net that was
    made on the device `meta`, without memory, gets the tensors as its own.
    """
    own = network.state_dict()
    given = {k[len(prefix) :]: v for k, v in tensors.items() if k.startswith(prefix)}
    for key in sorted(own.keys() | given.keys()):
        expected, found = own.get(key), given.get(key)
        if expected is None or found is None or expected.shape != found.shape:
            raise StudioError(_mismatch(name, key, expected, found))
        if expected.is_floating_point() != found.is_floating_point():
            raise StudioError(
                _("The model {name} has other numbers in its part {part}: it is damaged.").format(
                    name=name, part=key
                )
            )
    # One that was made without memory takes the tensors themselves.
    network.load_state_dict(given, assign=any(part.is_meta for part in own.values()))


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
    """How many numbers a safetensors file holds, from its header alone. Raises StudioError."""
    return _header(path).numbers
