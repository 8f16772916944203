"""Starters: what a generator offers to do at once on an empty board, each with a prepared board.

They cross the process border as JSON with the description, and are read without numpy.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aigc_studio.api import limits
from aigc_studio.translation import Localized

if TYPE_CHECKING:
    from aigc_studio.api.artifacts import Artifact
    from aigc_studio.api.melody import Melody
    from aigc_studio.api.selections import Selection

TOOLS = ("move", "brush", "eraser", "mask", "rectangle")
"""Tools that a starter may put into the hand."""

SHEET = 256
"""Pixels along a side of the white sheet that strokes are drawn on."""

Stroke = tuple[tuple[float, float], ...]
"""The places of a brush from pressing it down to lifting it, each (x, y) in 0 to 1 of the sheet."""


@dataclass(frozen=True, kw_only=True)
class Piece:
    """One thing on a prepared board: an artifact, or a sheet of paper with strokes on it.

    `artifact` is small (`limits.PIECE_BYTES`); it may be given as the plain JSON that `to_json`
    makes of it, which is what the studio's side of the border has. Without one it is a square white
    sheet of `SHEET` pixels, with `strokes` in ink. `marked` is the part to be made anew: of a
    picture (left, top, right, bottom) in pixels, right and bottom excluded; of a text (start, stop)
    in characters; of a melody (first, last) bars. `made` says that a generator made the artifact,
    so that it is labelled as such wherever it goes.
    """

    artifact: Artifact | Mapping[str, Any] | None = None
    strokes: tuple[Stroke, ...] = ()
    marked: tuple[int, ...] = ()
    name: Localized = ""
    made: bool = False

    def __post_init__(self) -> None:
        lines = tuple(tuple((x, y) for x, y in line) for line in self.strokes)
        object.__setattr__(self, "strokes", lines)
        object.__setattr__(self, "marked", tuple(self.marked))

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return vars(self) | {"artifact": _plain(self.artifact)}

    def read(self) -> Artifact | None:
        """The artifact; None for a sheet. Raises `ValueError` for JSON that is none."""
        if self.artifact is None or not isinstance(self.artifact, Mapping):
            return self.artifact
        return decoded(self.artifact)


@dataclass(frozen=True, kw_only=True)
class Starter:
    """A card on the first screen: what can be done, and the board that is prepared for it.

    `operation` is the id of an operation of generate or edit, which the prompt panel shows then,
    with `prompt` typed in. `pieces` are laid on the board in one step, and selected; an operation
    that takes two artifacts wants two. `tool` is put into the hand. `model` is the name of one that
    came with the generator, where another would not know what lies there. The card shows `picture`,
    else the first three of its pieces, else what the generator makes of the prompt.
    """

    id: str
    title: Localized
    help: Localized = ""
    operation: str
    prompt: Localized = ""
    pieces: tuple[Piece, ...] = ()
    tool: str = "move"
    picture: Piece | None = None
    model: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "pieces", tuple(self.pieces))

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        pieces = [each.to_json() for each in self.pieces]
        return vars(self) | {"pieces": pieces, "picture": self.picture and self.picture.to_json()}

    @classmethod
    def from_json(cls, known: Mapping[str, Any]) -> Starter:
        """From JSON that the schema of starters has made plain."""
        picture = known["picture"]
        pieces = tuple(Piece(**each) for each in known["pieces"])
        return cls(**{**known, "pieces": pieces, "picture": picture and Piece(**picture)})


def _plain(artifact: Artifact | Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    return artifact if artifact is None or isinstance(artifact, Mapping) else encoded(artifact)


def encoded(artifact: Artifact) -> dict[str, Any]:
    """An artifact as JSON: the pixels of a picture packed by zlib, in base64."""
    from aigc_studio.api.artifacts import Image, Text

    if isinstance(artifact, Image):
        packed = zlib.compress(artifact.pixels.tobytes(), 9)
        shape = list(artifact.pixels.shape)
        return {"medium": "image", "shape": shape, "data": base64.b64encode(packed).decode()}
    if isinstance(artifact, Text):
        return {"medium": "text", "text": artifact.value}
    return {"medium": "melody", "melody": json.loads(artifact.to_json())}


def decoded(document: Mapping[str, Any]) -> Artifact:
    """The inverse of `encoded`. Raises `ValueError` for anything else."""
    from aigc_studio.api.artifacts import Image, Text

    try:
        medium = document["medium"]
        if medium == "text":
            return Text(str(document["text"]))
        if medium == "melody":
            return melody(document)
        import numpy as np

        return Image(np.frombuffer(pixels(document), np.uint8).reshape(document["shape"]))
    except (KeyError, TypeError, zlib.error) as error:
        raise ValueError(f"not an artifact: {error}") from error


def selected(marked: Sequence[int], artifact: Artifact) -> Selection | None:
    """What a piece marks of its artifact; None when it marks nothing."""
    from aigc_studio.api.artifacts import Image, Text
    from aigc_studio.api.selections import Bars, Mask, Span

    if not marked:
        return None
    if not isinstance(artifact, Image):
        return Span(*marked) if isinstance(artifact, Text) else Bars(*marked)
    import numpy as np

    left, top, right, bottom = marked
    mask = np.zeros((artifact.height, artifact.width), np.uint8)
    mask[top:bottom, left:right] = 255
    return Mask(mask)


def melody(document: Mapping[str, Any]) -> Melody:
    """The melody in a document of `encoded`. Raises `ValueError` or `KeyError`."""
    from aigc_studio.api.melody import Melody as Tune

    return Tune.from_json(json.dumps(document["melody"]))


def pixels(document: Mapping[str, Any]) -> bytes:
    """The bytes of a picture in a document of `encoded`, no more of them than its shape says.

    Raises `ValueError`, `KeyError`, `TypeError` or `zlib.error`.
    """
    count = 1
    for side in document["shape"]:
        count *= int(side)
    if not 0 < count <= limits.PIECE_PIXELS * 4:
        raise ValueError("a picture of that size is too large")
    found = zlib.decompressobj().decompress(
        base64.b64decode(document["data"], validate=True), count
    )
    if len(found) != count:
        raise ValueError("a picture with too few pixels")
    return found
