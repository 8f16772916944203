"""Events as JSON, one at a time."""

from __future__ import annotations

import base64
import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from aigc_studio.api.events import (
    Annotation,
    Candidate,
    Checkpoint,
    Event,
    Message,
    Metric,
    Partial,
    Preview,
    Progress,
)
from aigc_studio.api.fitting import Misfit, plain_json, plain_words
from aigc_studio.api.limits import CARD_BYTES, READ_PIXELS
from aigc_studio.files import canonical_json
from aigc_studio.translation import _
from aigc_studio.wire.artifacts import (
    decode_artifact,
    decode_selection,
    encode_inline,
    encode_result,
    encode_selection,
)
from aigc_studio.wire.fitting import fit_event
from aigc_studio.wire.model_folder import card_fault


def encode_event(event: Event, folder: Path, name: str) -> dict[str, Any]:
    """An event as plain JSON values.

    Short artifacts (`artifacts.SHORT`) go inline. A longer one of a candidate is a file in `folder`
    that is whole before this returns; `name` is the file's name without suffix. Previews go inline
    up to 256 KiB, and are files above that.
    """
    return _encoders[type(event)](event, folder, name)


def decode_event(document: Any, folder: Path) -> Event:
    """Read what `encode_event` gave, within the limits, whoever wrote it.

    Raises `Misfit` (a `ValueError`) for anything else, and `OSError` for files.
    """
    try:
        return fit_event(_decoders[document["type"]](document, folder))
    except Misfit:
        raise
    except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError) as error:
        sentence = _("it yielded what is not an event ({problem})")
        raise Misfit(sentence.format(problem=plain_words(repr(error)))) from error


def encode_number(value: float) -> float | str:
    """A float for JSON, which has no NaN and no infinity: those become words."""
    number = float(value)
    return number if math.isfinite(number) else str(number)


def plain(value: Mapping[str, Any]) -> dict[str, Any]:
    """A mapping that is sure to be JSON. Raises `ValueError` or `TypeError` when it is not."""
    document = dict(value)
    canonical_json(document)
    return document


def _progress(event: Progress, folder: Path, name: str) -> dict[str, Any]:
    total = int(event.total)
    return {"type": "progress", "step": int(event.step), "total": total, "text": event.text}


def _metric(event: Metric, folder: Path, name: str) -> dict[str, Any]:
    value = encode_number(event.value)
    return {"type": "metric", "name": event.name, "value": value, "step": int(event.step)}


def _preview(event: Preview, folder: Path, name: str) -> dict[str, Any]:
    artifact = encode_inline(event.artifact, folder, name)
    step = int(event.step)
    return {"type": "preview", "artifact": artifact, "step": step, "title": event.title}


def _candidate(event: Candidate, folder: Path, name: str) -> dict[str, Any]:
    latent = event.latent
    return {
        "type": "candidate",
        "artifact": encode_result(event.artifact, folder, name),
        "latent": None if latent is None else base64.b64encode(latent).decode("ascii"),
        "probability": None if event.probability is None else float(event.probability),
        "strip": event.strip,
        "position": int(event.position),
        "seed": event.seed,
        "title": event.title,
        "part": bool(event.part),
    }


def _partial(event: Partial, folder: Path, name: str) -> dict[str, Any]:
    return {
        "type": "partial",
        "artifact": encode_inline(event.artifact, folder, name),
        "number": int(event.number),
        "title": event.title,
        "part": bool(event.part),
    }


def _checkpoint(event: Checkpoint, folder: Path, name: str) -> dict[str, Any]:
    return {
        "type": "checkpoint",
        "path": str(event.path),
        "step": int(event.step),
        "metrics": {key: encode_number(value) for key, value in event.metrics.items()},
        "best": bool(event.best),
        "card": plain(event.card),
    }


def _message(event: Message, folder: Path, name: str) -> dict[str, Any]:
    return {"type": "message", "text": event.text, "level": event.level}


def _annotation(event: Annotation, folder: Path, name: str) -> dict[str, Any]:
    selection = encode_selection(event.selection, folder, f"{name}-part")
    value = encode_number(event.value)
    return {"type": "annotation", "selection": selection, "value": value, "text": event.text}


_encoders: dict[type[Any], Callable[[Any, Path, str], dict[str, Any]]] = {
    Progress: _progress,
    Metric: _metric,
    Preview: _preview,
    Partial: _partial,
    Candidate: _candidate,
    Checkpoint: _checkpoint,
    Message: _message,
    Annotation: _annotation,
}


def _read_candidate(document: Mapping[str, Any], folder: Path) -> Candidate:
    latent = document["latent"]
    return Candidate(
        decode_artifact(document["artifact"], folder, READ_PIXELS),
        latent=None if latent is None else base64.b64decode(latent, validate=True),
        probability=document["probability"],
        strip=document["strip"],
        position=document["position"],
        seed=document["seed"],
        title=document["title"],
        part=document["part"],
    )


def _read_card(card: Any) -> dict[str, Any]:
    fault = card_fault(card) if isinstance(card, Mapping) else type(card).__name__
    if fault:
        sentence = _("the card of its checkpoint cannot be kept: {problem}")
        raise Misfit(sentence.format(problem=fault))
    kept: dict[str, Any] = plain_json(card, "Checkpoint", "card", CARD_BYTES)
    return kept


def _read_checkpoint(document: Mapping[str, Any], folder: Path) -> Checkpoint:
    return Checkpoint(
        path=Path(document["path"]),
        step=document["step"],
        metrics={key: float(value) for key, value in document["metrics"].items()},
        best=document["best"],
        card=_read_card(document["card"]),
    )


_decoders: dict[str, Callable[[Mapping[str, Any], Path], Event]] = {
    "progress": lambda it, folder: Progress(it["step"], it["total"], it["text"]),
    "metric": lambda it, folder: Metric(it["name"], float(it["value"]), it["step"]),
    "preview": lambda it, folder: Preview(
        decode_artifact(it["artifact"], folder, READ_PIXELS), it["step"], it["title"]
    ),
    "partial": lambda it, folder: Partial(
        decode_artifact(it["artifact"], folder, READ_PIXELS), it["number"], it["title"], it["part"]
    ),
    "candidate": _read_candidate,
    "checkpoint": _read_checkpoint,
    "message": lambda it, folder: Message(it["text"], it["level"]),
    "annotation": lambda it, folder: Annotation(
        decode_selection(it["selection"], folder, READ_PIXELS), float(it["value"]), it["text"]
    ),
}
