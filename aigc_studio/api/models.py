"""What a model is made of: a document, arrays, or both, saved and loaded without pickles or torch.

    save_model(folder, {"order": 3, "counts": {"th": {"e": 12}}})
    document, arrays = load_model(request.model)

The document stands in `model.json`, the arrays in `weights.safetensors`; one of the two is enough
for a model. Nothing that is loaded can run anything.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from aigc_studio import files
from aigc_studio.api import documents, limits
from aigc_studio.api.documents import Damaged
from aigc_studio.api.errors import GeneratorError
from aigc_studio.api.tensors import Pickled, read_header
from aigc_studio.translation import _

if TYPE_CHECKING:
    import numpy as np

DOCUMENT = "model.json"
WEIGHTS = "weights.safetensors"
CONTENTS = (DOCUMENT, WEIGHTS)
"""The files that make a folder a model: one of them at least is there."""

_dtypes = frozenset(
    ("float64", "float32", "float16", "int64", "int32", "int16", "int8",
     "uint64", "uint32", "uint16", "uint8", "bool")
)  # fmt: skip


def save_model(
    folder: Path,
    document: Mapping[str, Any] | None = None,
    arrays: Mapping[str, np.ndarray] | None = None,
) -> Path:
    """Write a model into `folder`, made when missing, and give the folder.

    `document` is what JSON can hold: mappings with texts as keys, lists, texts, true and false,
    None, finite numbers (whole ones of up to 20 digits). It comes back equal, with its keys sorted
    and a tuple as a list; equal documents are equal bytes. At most 64 MB and 2,000,000 values.
    `arrays` are numpy arrays of numbers or bools by name; they come back with their dtypes.

    A folder that was missing is there whole or not at all. In one that is there each file is
    replaced as a whole, and what an earlier model left of the two is taken away. Raises
    `ValueError` for what cannot be kept at all, `GeneratorError` for what has become too large,
    and `OSError` when the disk refuses.
    """
    contents = {}
    if document is not None:
        contents[DOCUMENT] = _document_bytes(document)
    if arrays:
        contents[WEIGHTS] = _array_bytes(arrays)
    if not contents:
        raise ValueError("a model needs a document, or arrays: save_model() was given neither")
    if folder.exists():
        _replace(folder, contents)
        return folder
    with files.whole_folder(folder) as made:
        for name, data in contents.items():
            (made / name).write_bytes(data)
    return folder


def load_model(folder: Path) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """The document and the arrays of the model in `folder`; empty for what it has not.

    Nothing of it is trusted: whatever is in the files, the answer is a model or a `GeneratorError`
    whose sentence names the model and says what to do.
    """
    there = [name for name in CONTENTS if (folder / name).is_file()]
    if not there:
        raise _unusable(
            _(
                "The folder {name} holds no model: it has neither model.json nor "
                "weights.safetensors. Choose another model."
            ).format(name=folder.name)
        )
    try:
        document = read_document(folder / DOCUMENT) if DOCUMENT in there else {}
        return document, _read_arrays(folder / WEIGHTS) if WEIGHTS in there else {}
    except Pickled as error:
        sentence = _(
            "The file {name} is a pickle, which could run any program when it is opened: "
            "only safetensors weights are taken."
        )
        raise _unusable(sentence.format(name=WEIGHTS)) from error
    except (OSError, Damaged) as error:
        sentence = _("The model {name} is damaged ({reason}): import it again, or train it again.")
        reason = documents.reason(error)
        raise _unusable(sentence.format(name=folder.name, reason=reason)) from error


def is_model(folder: Path) -> bool:
    """Whether there is a model in a folder, whole or not: it has one of `CONTENTS`."""
    # Not `Path.is_file`, which raises where a name is longer than names can be.
    return any(os.path.isfile(folder / name) for name in CONTENTS)


def read_document(path: Path) -> dict[str, Any]:
    """The document of a model. Raises `OSError`, and `Damaged` that names the file."""
    document = documents.read(path, limits.DOCUMENT_BYTES)
    if not isinstance(document, dict):
        problem = _("it should be an object")
        raise Damaged(f"{path.name}: {problem}")
    return document


def _unusable(sentence: str) -> GeneratorError:
    return GeneratorError(sentence, parameter="model")


def _replace(folder: Path, contents: Mapping[str, bytes]) -> None:
    """Put these contents into a folder that is there; a fault before the end changes nothing."""
    beside: dict[str, str] = {}
    try:
        for name, data in contents.items():
            beside[name] = files.write_beside(folder / name, data, durable=True)
        while beside:
            name, temporary = beside.popitem()
            os.replace(temporary, folder / name)
    finally:
        for temporary in beside.values():
            Path(temporary).unlink(missing_ok=True)
    for name in CONTENTS:
        if name not in contents:
            (folder / name).unlink(missing_ok=True)
    files.sync_folder(folder)


# Documents


def _document_bytes(document: Mapping[str, Any]) -> bytes:
    if not isinstance(document, Mapping):
        raise ValueError(f"the document of a model is a mapping, not {type(document).__name__}")
    _check_keys(document)
    try:
        data = f"{files.canonical_json(dict(document))}\n".encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise ValueError(f"the document of a model must be plain JSON: {error}") from error
    try:
        documents.parse(data, limits.DOCUMENT_BYTES)
    except Damaged as error:
        sentence = _(
            "The model cannot be kept ({problem}): train it on less, or with parameters that make "
            "a smaller one."
        )
        raise GeneratorError(sentence.format(problem=error)) from error
    return data


def _check_keys(document: Mapping[str, Any]) -> None:
    """Raise `ValueError` for a key that would come back as another: a number as a text."""
    waiting: list[Any] = [document]
    while waiting:
        value = waiting.pop()
        if isinstance(value, Mapping):
            for key in value:
                if not isinstance(key, str):
                    raise ValueError(f"a key of a model's document must be a text, not {key!r}")
            waiting += value.values()
        elif isinstance(value, list | tuple):
            waiting += value


# Arrays


def _array_bytes(arrays: Mapping[str, np.ndarray]) -> bytes:
    import numpy as np

    plain = {}
    for name, array in arrays.items():
        if not isinstance(name, str) or not 0 < len(name) <= limits.LABEL:
            raise ValueError(f"the name of an array must be a text of 1 to {limits.LABEL} letters")
        if not isinstance(array, np.ndarray) or array.dtype.name not in _dtypes:
            kind = array.dtype.name if isinstance(array, np.ndarray) else type(array).__name__
            raise ValueError(f"the array {name!r} is of the kind {kind}, which a model cannot hold")
        # In memory as in the file: not every version of safetensors turns it round.
        plain[name] = np.array(array, dtype=array.dtype.newbyteorder("="), order="C")
    if sum(each.nbytes for each in plain.values()) > limits.MODEL_BYTES:
        size = f"{limits.MODEL_BYTES >> 30} GiB"
        raise GeneratorError(
            _(
                "The model cannot be kept (it is larger than {size}): train it on less, or with "
                "parameters that make a smaller one."
            ).format(size=size)
        )
    data: bytes = _safetensors().save(plain)
    return data


def _read_arrays(path: Path) -> dict[str, np.ndarray]:
    """Raises `OSError` and `Damaged`."""
    documents.check_file(path, limits.MODEL_BYTES)
    read_header(path)
    with files.open_plain(path) as file:
        data = file.read(limits.MODEL_BYTES + 1)
    try:
        arrays: dict[str, np.ndarray] = _safetensors().load(data)
    except GeneratorError:
        raise
    except KeyError as error:  # a kind of number that numpy has not
        problem = _("its numbers are of the kind {kind}, which needs torch").format(kind=error)
        raise Damaged(f"{path.name}: {problem}") from error
    except Exception as error:  # its own errors, and those of numpy at odd shapes
        problem = _("it is not a complete safetensors file")
        raise Damaged(f"{path.name}: {problem}") from error
    # What is loaded may be a view of the file's bytes, and those cannot be written to.
    return {name: array.copy() for name, array in arrays.items()}


def _safetensors() -> ModuleType:
    try:
        import safetensors.numpy
    except ImportError as error:
        raise GeneratorError(
            _(
                "The arrays of a model need the package safetensors, which this Python does not "
                "have: install it there with “pip install safetensors”."
            )
        ) from error
    return safetensors.numpy
