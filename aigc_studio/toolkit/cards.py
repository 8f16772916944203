"""What stands on the card of a model, for a plugin that works with it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aigc_studio.api import documents, limits

if TYPE_CHECKING:
    from aigc_studio.api import Dataset

CARD = "card.json"


def read_card(model: Path | None) -> Mapping[str, Any]:
    """The card of the model in this folder, as plain JSON values; empty without a model or a card,
    and for one that cannot be read.

    Others may have written it: `Controls.of_card` reads what it can be steered by.
    """
    if model is None:
        return {}
    try:
        card = documents.read(model / CARD, limits.CARD_BYTES)
    except (OSError, documents.Damaged):
        return {}
    return card if isinstance(card, Mapping) else {}


def learnt_from(model: Path | None, dataset: Dataset) -> bool:
    """Whether a model learnt from the training part of this very dataset, by the fingerprint in the
    `data` of its card; also where the card says nothing of it."""
    data = read_card(model).get("data")
    told = data.get("fingerprint") if isinstance(data, Mapping) else None
    return told in (None, dataset.fingerprint)
