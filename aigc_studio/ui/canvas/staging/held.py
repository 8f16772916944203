"""Artifacts that no project keeps, told as if a store had them: what draws an item asks there."""

from __future__ import annotations

import itertools
from collections import OrderedDict
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from aigc_studio.api import Image, Text

if TYPE_CHECKING:
    from aigc_studio.api import Artifact
    from aigc_studio.project import Content, ContentStore

    Place = tuple[int, int]

KEPT = 4
"""So many of the newest are held: tiles of a former one may still be asked for elsewhere."""

_numbers = itertools.count(1)


class Held:
    """The newest artifacts that were `hold`-ed, and behind them all contents of a store.

    Nothing is written, and nothing of a large picture is copied before its tile is asked for.
    """

    def __init__(self, store: ContentStore) -> None:
        self._store = store
        self._kept: OrderedDict[str, Artifact] = OrderedDict()

    def hold(self, artifact: Artifact) -> Content:
        """Take an artifact in; equal ones that come again are new contents."""
        from aigc_studio.project import Content

        name = f"held-{next(_numbers)}"
        self._kept[name] = artifact
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return Content(artifact.medium, name, info_of(artifact))

    def get(self, content: Content) -> Artifact:
        """The artifact. Raises `StudioError` when the store cannot give it."""
        return self._kept.get(content.digest) or self._store.get(content)

    def tiles(self, content: Content) -> Mapping[Place, str]:
        """The tiles of a picture, and what `tile` knows them by."""
        if not content.digest.startswith("held-"):
            return self._store.tiles(content)
        from aigc_studio.project.tiles import TILE

        across, down = (-(-int(content.info[side]) // TILE) for side in ("width", "height"))
        places = ((column, row) for row in range(down) for column in range(across))
        return {(column, row): f"{content.digest} {column} {row}" for column, row in places}

    def tile(self, name: str) -> bytes:
        """The pixels of a tile, RGBA, straight alpha; blank ones of what is held no more, which
        nobody shows. From any thread."""
        if not name.startswith("held-"):
            return self._store.tile(name)
        from aigc_studio.project.tiles import EMPTY, TILE, split

        held, column, row = name.split(" ")
        picture = self._kept.get(held)
        if not isinstance(picture, Image):
            return EMPTY
        left, top = int(column) * TILE, int(row) * TILE
        part = Image(picture.pixels[top : top + TILE, left : left + TILE])
        return next(data for _place, data in split(part))


def info_of(artifact: Artifact) -> dict[str, Any]:
    """What a content says of its artifact."""
    if isinstance(artifact, Image):
        return {"width": artifact.width, "height": artifact.height, "mode": artifact.mode}
    if isinstance(artifact, Text):
        return {"length": len(artifact.value)}
    return {"notes": len(artifact.notes), "length": artifact.length}
