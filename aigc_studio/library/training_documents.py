"""What a training notes of itself: read with limits, checked before it is written.

Each change leaves the document as it was before beside it, for the day that a disk damages the
newest.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, get_args

from aigc_studio.api import Checkpoint, StudioError, documents, limits
from aigc_studio.api.kinds import (
    ListOf,
    MapOf,
    Maybe,
    Number,
    OneOf,
    Plain,
    Truth,
    Whole,
    Words,
    check,
    record,
)
from aigc_studio.library.cards import training_card
from aigc_studio.translation import _
from aigc_studio.wire.model_folder import MOST_TOLD_BYTES

State = Literal["created", "running", "paused", "done", "stopped", "failed", "published"]
DOCUMENT = "training.json"
FORMER = "training-former.json"
"""The document as it was before, for the day that a disk damages the newest."""

_DEPTH = limits.DEPTH + 8
"""A document has cards in it, each as deep as a document may be."""
_title = Words(limits.TITLE)
_path = Words(limits.PATH, paths=True)
_rights = Words(limits.DETAILS)
_object = MapOf(Plain(), limits.CARD_BYTES, limits.CARD_BYTES)
CHECKPOINT = record(
    {
        "path": Words(limits.PATH, paths=True),
        "step": Whole(),
        "metrics": MapOf(Number()),
        "best": Truth(),
        "card": _object,
    }
)
"""What is noted of a checkpoint."""
_document = record(
    {
        "generator": _title,
        "operation": _title,
        "name": Words(limits.TITLE, least=1),
        "dataset": record(
            {"path": _path, "name": _title, "fingerprint": Words(64)},
            licence=_rights,
            credit=_rights,
            source=_rights,
            pack=_title,
            medium=_title,
            examples=Whole(),
        ),
        "parameters": _object,
        "seed": Whole(),
        "state": OneOf(get_args(State)),
        "checkpoints": ListOf(CHECKPOINT),
    },
    error=_rights,
    minutes=Maybe(Number(0, 1e9)),
    steps=Maybe(Whole(0, 10**9)),
    model=Maybe(record({"path": _path, "name": _title, "digest": Words(64), "card": _object})),
    versions=MapOf(_title),
    distribution=_title,
    measures=ListOf(MapOf(Plain()), limits.METRICS),
    measure=Truth(),
    created=Whole(),
    published=_title,
    looks=ListOf(record({"step": Whole(), "metrics": MapOf(Number())}), 64),
)


def newest_document(folder: Path) -> dict[str, Any]:
    """The newest document of a training that is whole. Raises `StudioError` when there is none."""
    reasons = []
    for name in (DOCUMENT, FORMER):
        try:
            return dict(read_document(folder / name))
        except FileNotFoundError:
            continue
        except (OSError, documents.Damaged) as error:
            reasons.append(documents.reason(error))
    sentence = _("The training {name} is damaged ({reason}) and cannot go on: discard it.")
    reason = reasons[0] if reasons else _("its document is gone")
    raise StudioError(sentence.format(name=folder.name, reason=reason))


def read_document(path: Path) -> Any:
    """What a training noted: all that going on and keeping a model need is there, of its kind.

    Raises `OSError` and `documents.Damaged`.
    """
    return documents.read(path, limits.DOCUMENT_BYTES, _DEPTH, kind=_document)


def document_bytes(document: Mapping[str, Any]) -> bytes:
    """What stands in the file of a document. Raises `documents.Damaged` for what `read_document`
    would not read again."""
    return documents.encoded(document, limits.DOCUMENT_BYTES, _DEPTH, indent=1)


def check_document(document: Mapping[str, Any]) -> None:
    """Raise `StudioError` for what could not be read again, or could never be a model's card.

    Asked before a training begins: what a card says beside the plugin must have room in it.
    """
    room = limits.CARD_BYTES - MOST_TOLD_BYTES
    try:
        check(document, _document)
        told = training_card(document, Checkpoint(Path(), 0))
        documents.encoded(told, room)
    except documents.Damaged as error:
        raise StudioError(
            _("What the model's card would say of this training cannot be kept: {reason}.").format(
                reason=error
            )
        ) from error
