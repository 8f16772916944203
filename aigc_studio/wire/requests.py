"""Requests as JSON: values in the document, artifacts and masks as files beside it."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from aigc_studio.api.dataset import Dataset
from aigc_studio.api.errors import StudioError
from aigc_studio.api.requests import (
    EditRequest,
    EvaluateRequest,
    GenerateRequest,
    Request,
    TrainRequest,
)
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
_plain_fields = (
    "operation", "seed", "device", "threads", "language",
    "prompt", "count", "minutes", "steps", "resume",
)  # fmt: skip


class InvalidRequest(StudioError):
    """A request that cannot be done as it stands: `errors` has a sentence for each wrong field."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__(" ".join(dict.fromkeys(errors.values())))
        self.errors = dict(errors)


def encode_request(verb: str, request: Request, folder: Path) -> dict[str, Any]:
    """A request as plain JSON values; its artifacts and masks become files in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    document = {key: getattr(request, key) for key in _plain_fields if hasattr(request, key)}
    document |= {
        "verb": verb,
        "parameters": _plain_parameters(request.parameters),
        "model": None if request.model is None else str(request.model.absolute()),
        "folder": str(request.folder.absolute()),
        "files": str(folder.absolute()),
    }
    if isinstance(request, EditRequest):
        document |= _encode_inputs(request, folder)
    if isinstance(request, EvaluateRequest):
        artifact = request.artifact
        document["artifact"] = (
            None if artifact is None else encode_file(artifact, folder, "input-0")
        )
    if isinstance(request, TrainRequest):
        document["card"] = plain(request.card)
    if isinstance(request, TrainRequest | EvaluateRequest):
        data = request.dataset
        # An empty dataset and an empty text are false, and must cross all the same.
        if data is None:
            document["dataset"] = None
        else:
            document["dataset"] = {"path": str(data.path.absolute()), "split": data.split}
    return document


def decode_request(document: Mapping[str, Any], parameters_model: Any = None) -> Request:
    """Read what `encode_request` gave; with a model the parameters become an instance of it.

    Raises `InvalidRequest` for parameters that the model refuses or for a dataset or input that
    cannot be read, `KeyError` or `ValueError` for a document that is no request.
    """
    kind = _kinds[document["verb"]]
    folder = Path(document["files"])
    known = {key: document[key] for key in _plain_fields if key in document}
    known["parameters"] = dict(document["parameters"])
    known["model"] = None if document["model"] is None else Path(document["model"])
    known["folder"] = Path(document["folder"])
    known |= _decode_inputs(document, folder)
    if parameters_model is not None:
        known["parameters"], errors = validate_parameters(parameters_model, known["parameters"])
        if errors:
            raise InvalidRequest(errors)
    return kind(**known)


def _plain_parameters(parameters: Any) -> dict[str, Any]:
    if hasattr(parameters, "model_dump"):
        return plain(parameters.model_dump(mode="json"))
    return plain(parameters)


def _encode_inputs(request: EditRequest, folder: Path) -> dict[str, Any]:
    selections = [
        chosen and encode_selection(chosen, folder, f"selection-{n}")
        for n, chosen in enumerate(request.selections)
    ]
    latents = [
        None if latent is None else base64.b64encode(latent).decode("ascii")
        for latent in request.latents
    ]
    artifacts = [
        encode_file(artifact, folder, f"input-{n}") for n, artifact in enumerate(request.artifacts)
    ]
    return {"artifacts": artifacts, "selections": selections, "latents": latents}


def _decode_inputs(document: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if "artifacts" in document:
        found["artifacts"] = tuple(decode_artifact(it, folder) for it in document["artifacts"])
        found["selections"] = tuple(
            it and decode_selection(it, folder) for it in document["selections"]
        )
        found["latents"] = tuple(
            None if it is None else base64.b64decode(it) for it in document["latents"]
        )
    if "artifact" in document:
        found["artifact"] = document["artifact"] and decode_artifact(document["artifact"], folder)
    if "card" in document:
        found["card"] = document["card"]
    if "dataset" in document:
        found["dataset"] = document["dataset"] and _open_dataset(document["dataset"])
    return found


def _open_dataset(document: Mapping[str, Any]) -> Dataset:
    from aigc_studio.translation import _

    path = Path(document["path"])
    try:
        data = Dataset(path, document["split"])
        needed = max((row["offset"] + row["length"] for row in data.rows), default=0)
        given = (path / "content.bin").stat().st_size
        if given < needed:
            raise ValueError(f"{given} / {needed} bytes")
        return data
    except (OSError, ValueError, KeyError, TypeError) as error:
        sentence = _(
            "The dataset in {path} cannot be read ({problem}). Import it again in the Library."
        )
        problem = sentence.format(path=path, problem=error)
        raise InvalidRequest({"dataset": problem}) from error
