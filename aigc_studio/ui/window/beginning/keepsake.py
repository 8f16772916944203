"""What hung on the wall last time: there at once at the next start, before any worker is."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aigc_studio import folders
from aigc_studio.api import documents
from aigc_studio.files import make_private, write_text

if TYPE_CHECKING:
    from aigc_studio.api import Artifact

MOST = 48
"""Artifacts that are kept."""
MOST_BYTES = 1 << 20
"""Bytes of one wall; a larger one is not kept."""


def path_of(generator: str) -> Path:
    """Where the wall of a generator is kept: in the cache, which may be emptied at any time."""
    return folders.cache_folder() / "first" / f"{generator}.json"


def keep(generator: str, digest: str, artifacts: Sequence[Artifact]) -> None:
    """Keep what a generator made with the model of this digest. On any thread.

    A disk that is full costs the next start its picture, and nothing else.
    """
    from aigc_studio.api.starters import encoded

    made = [encoded(each) for each in artifacts[:MOST]]
    text = json.dumps({"model": digest, "made": made})
    if len(text) > MOST_BYTES:
        return
    try:
        path = path_of(generator)
        make_private(path.parent)
        write_text(path, text, durable=False)
    except OSError:
        return


def recall(generator: str, digest: str) -> list[Artifact]:
    """What was kept for a generator and this model; nothing when it is another or damaged."""
    from aigc_studio.api.starters import decoded

    try:
        document: Any = documents.read(path_of(generator), MOST_BYTES)
        if document["model"] != digest:
            return []
        return [decoded(each) for each in document["made"][:MOST]]
    except (OSError, ValueError, KeyError, TypeError):
        return []
