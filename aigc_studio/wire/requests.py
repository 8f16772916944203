"""Requests as JSON: values in the document, artifacts and masks as files beside it."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from aigc_studio.api.artifacts import Artifact
from aigc_studio.api.dataset import Dataset
from aigc_studio.api.documents import Damaged, reason
from aigc_studio.api.errors import StudioError
from aigc_studio.api.requests import (
    EditRequest,
    EvaluateRequest,
    GenerateRequest,
    Request,
    TrainRequest,
)
from aigc_studio.api.selections import Selection
from aigc_studio.wire.artifacts import (
    decode_artifact,
    decode_selection,
    encode_file,
    encode_selection,
)
from aigc_studio.wire.events import plain
from aigc_studio.wire.parameters import validate_parameters

_kinds: dict[str, type[Request]] = {
    "train": TrainRequest,
    "generate": GenerateRequest,
    "edit": EditRequest,
    "evaluate": EvaluateRequest,
}


class InvalidRequest(StudioError):
    """A request that cannot be done as it stands: `errors` has a sentence for each wrong field."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__(" ".join(dict.fromkeys(errors.values())))
        self.errors = dict(errors)


def encode_request(verb: str, request: Request, folder: Path) -> dict[str, Any]:
    """A request as plain JSON values; its artifacts and masks become files in `folder`.

    Every field of the request crosses: one without a codec must be plain JSON. Raises `TypeError`
    or `ValueError` for one that is not.
    """
    folder.mkdir(parents=True, exist_ok=True)
    document: dict[str, Any] = {"verb": verb, "files": str(folder.absolute())}
    for field in fields(request):
        value = getattr(request, field.name)
        codec = _codecs.get(field.name)
        if codec is not None:
            value = codec.encode(value, folder)
        elif isinstance(value, Mapping):
            value = plain(value)
        document[field.name] = value
    return document


def decode_request(document: Mapping[str, Any], parameters_model: Any = None) -> Request:
    """Read what `encode_request` gave; with a model the parameters become an instance of it.

    Raises `InvalidRequest` for parameters that the model refuses or for a dataset or input that
    cannot be read, `KeyError` or `ValueError` for a document that is no request.
    """
    kind = _kinds[document["verb"]]
    folder = Path(document["files"])
    known: dict[str, Any] = {}
    for field in fields(kind):
        value, codec = document[field.name], _codecs.get(field.name)
        known[field.name] = codec.decode(value, folder) if codec else value
    if parameters_model is not None:
        known["parameters"], errors = validate_parameters(parameters_model, known["parameters"])
        if errors:
            raise InvalidRequest(errors)
    return kind(**known)


@dataclass(frozen=True)
class _Codec:
    """How a field that is no plain JSON crosses; files lie in the folder."""

    encode: Callable[[Any, Path], Any]
    decode: Callable[[Any, Path], Any]


def _plain_parameters(parameters: Any) -> dict[str, Any]:
    if hasattr(parameters, "model_dump"):
        return plain(parameters.model_dump(mode="json"))
    return plain(parameters)


def _encode_artifacts(artifacts: Sequence[Artifact], folder: Path) -> list[Any]:
    return [encode_file(each, folder, f"input-{n}") for n, each in enumerate(artifacts)]


def _encode_selections(selections: Sequence[Selection | None], folder: Path) -> list[Any]:
    return [
        chosen and encode_selection(chosen, folder, f"selection-{n}")
        for n, chosen in enumerate(selections)
    ]


def _encode_latents(latents: Sequence[bytes | None], folder: Path) -> list[str | None]:
    return [each if each is None else base64.b64encode(each).decode("ascii") for each in latents]


def _decode_latents(latents: Sequence[str | None], folder: Path) -> tuple[bytes | None, ...]:
    return tuple(None if each is None else base64.b64decode(each) for each in latents)


# An empty dataset and an empty text are false, and must cross all the same.
def _encode_artifact(artifact: Artifact | None, folder: Path) -> Any:
    return None if artifact is None else encode_file(artifact, folder, "input-0")


def _encode_dataset(data: Dataset | None, folder: Path) -> dict[str, Any] | None:
    if data is None:
        return None
    told: dict[str, Any] = {"path": str(data.path.absolute()), "split": data.split}
    if data.picked is not None:
        # Numbers of examples mean something in that very dataset only.
        told |= {"picked": _runs(data.picked), "fingerprint": data.fingerprint}
    return told


def _runs(numbers: Sequence[int]) -> list[list[int]]:
    """Numbers as runs of (first, one past the last): of most data nearly all are picked."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][1] == number:
            runs[-1][1] += 1
        else:
            runs.append([number, number + 1])
    return runs


_codecs: dict[str, _Codec] = {
    "parameters": _Codec(
        lambda value, folder: _plain_parameters(value), lambda value, folder: dict(value)
    ),
    "model": _Codec(
        lambda path, folder: None if path is None else str(path.absolute()),
        lambda path, folder: None if path is None else Path(path),
    ),
    "folder": _Codec(lambda path, folder: str(path.absolute()), lambda path, folder: Path(path)),
    "artifacts": _Codec(
        _encode_artifacts,
        lambda given, folder: tuple(decode_artifact(each, folder) for each in given),
    ),
    "selections": _Codec(
        _encode_selections,
        lambda given, folder: tuple(each and decode_selection(each, folder) for each in given),
    ),
    "latents": _Codec(_encode_latents, _decode_latents),
    "artifact": _Codec(
        _encode_artifact, lambda given, folder: given and decode_artifact(given, folder)
    ),
    "dataset": _Codec(_encode_dataset, lambda given, folder: given and _open_dataset(given)),
}


def _open_dataset(document: Mapping[str, Any]) -> Dataset:
    from aigc_studio.translation import _

    path = Path(document["path"])
    runs = document.get("picked")
    try:
        picked = None if runs is None else [n for start, stop in runs for n in range(start, stop)]
        data = Dataset(path, document["split"])
        if picked is not None and data.fingerprint != document["fingerprint"]:
            sentence = _("The dataset {name} was changed in this moment: try again.")
            raise InvalidRequest({"dataset": sentence.format(name=data.name)})
        data = data if picked is None else data.pick(picked)
        needed = max((row["offset"] + row["length"] for row in data.rows), default=0)
        given = (path / "content.bin").stat().st_size
        if given < needed:
            raise Damaged(
                _("{given} of {needed} bytes are there").format(given=given, needed=needed)
            )
        return data
    except (OSError, ValueError, KeyError, TypeError) as error:
        sentence = _(
            "The dataset in {path} cannot be read ({problem}). Import it again in the Library."
        )
        told = isinstance(error, OSError | Damaged)
        problem = reason(error) if told else _("something in it is not as it was written")
        problem = sentence.format(path=path, problem=problem)
        raise InvalidRequest({"dataset": problem}) from error
