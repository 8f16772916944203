"""What stands on the card of a model, for a plugin that works with it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from aigc_studio.api import documents, limits

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
