"""Items as the clipboard carries them between boards of the studio: packed, and taken out again.

Anybody may put anything into a clipboard, and what was copied may be gone when it is pasted.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Never

from aigc_studio.api.errors import StudioError
from aigc_studio.translation import _

if TYPE_CHECKING:
    from aigc_studio.project.content import ContentStore
    from aigc_studio.project.items import Item


def packed(store: ContentStore, items: Sequence[Item]) -> bytes:
    """Items as the clipboard carries them. From any thread."""
    # One by one: a thread that writes thousands at a stretch would hold up all others.
    parts = ", ".join(json.dumps(item.to_json()) for item in items)
    return f'{{"store": {json.dumps(str(store.folder))}, "items": [{parts}]}}'.encode()


def unpacked(data: bytes) -> tuple[list[Item], Path] | None:
    """What `packed` made, and the folder of its store; None for anything else, or for nothing."""
    from aigc_studio.project.items import Item

    try:
        document = json.loads(data, parse_constant=_no_number)
        items = [Item.from_json(value) for value in document["items"]]
        folder = Path(document["store"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return (items, folder) if items else None


def brought(items: list[Item], folder: Path, store: ContentStore) -> list[Item]:
    """Items whose content is in `store`, copied there when it was in another.

    Raises `StudioError` when it is in neither, or cannot be written.
    """
    from aigc_studio.project.content import ContentStore

    if folder == store.folder:
        for item in items:
            _require(item, store)
        return items
    with closing(ContentStore(folder)) as other, store.together():
        return [_brought(item, other, store) for item in items]


def _require(item: Item, store: ContentStore) -> None:
    """Raise `StudioError` unless all of an item is there: one that is not could not be saved."""
    try:
        for content in (item.content, item.mask):
            if content is None:
                continue
            for kind, digest in store.files(content):
                store.require(kind, digest)
            if content.medium == "image":
                store.verify_size(content)
        if item.latent:
            store.require("latent", item.latent)
    except StudioError as error:
        raise _gone() from error


def _brought(item: Item, other: ContentStore, store: ContentStore) -> Item:
    """An item whose content was copied from another project's store."""
    try:
        artifact = other.get(item.content)
        mask = other.get(item.mask) if item.mask is not None else None
        latent = other.latent(item.latent) if item.latent else b""
    except StudioError as error:
        raise _gone() from error
    content = store.put(artifact)
    cover = store.put(mask) if mask is not None else None
    digest = store.put_latent(latent) if item.latent else ""
    try:
        return replace(item, content=content, mask=cover, latent=digest)
    except ValueError as error:  # a mask of another picture
        raise _gone() from error


def _gone() -> StudioError:
    return StudioError(
        _(
            "What was copied is no longer there: open the project that it came from, and copy it "
            "again."
        )
    )


def _no_number(name: str) -> Never:
    raise ValueError(f"{name} is no number")
