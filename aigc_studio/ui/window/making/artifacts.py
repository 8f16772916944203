"""The artifacts of candidates that were seen last: all of a thousand would fill the memory."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from aigc_studio.api import Image, Text

if TYPE_CHECKING:
    from aigc_studio.api import Artifact
    from aigc_studio.ui.candidates.small import Glimpse

MOST_BYTES = 128 << 20

_A = TypeVar("_A", bound="Artifact | Glimpse")


class Artifacts(Generic[_A]):
    """Artifacts, or glimpses of them, by candidate id. What is not here any more is in the
    project's store."""

    def __init__(self, most: int = MOST_BYTES) -> None:
        self._most = most
        self._bytes = 0
        self._kept: OrderedDict[str, _A] = OrderedDict()

    def __len__(self) -> int:
        return len(self._kept)

    def __getitem__(self, id: str) -> _A:
        self._kept.move_to_end(id)
        return self._kept[id]

    def __setitem__(self, id: str, artifact: _A) -> None:
        self._bytes += size_of(artifact) - size_of(self._kept.get(id))
        self._kept[id] = artifact
        self._kept.move_to_end(id)
        while self._bytes > self._most and len(self._kept) > 1:
            self._bytes -= size_of(self._kept.popitem(last=False)[1])

    def get(self, id: str) -> _A | None:
        """The artifact, or None when it is not here."""
        return self[id] if id in self._kept else None

    def clear(self) -> None:
        """Let go of all."""
        self._kept.clear()
        self._bytes = 0


def size_of(kept: Artifact | Glimpse | None) -> int:
    """About how many bytes an artifact takes, or a glimpse of one."""
    seen: Any = kept
    artifact: Artifact | None = getattr(seen, "artifact", seen)
    if isinstance(artifact, Image):
        return int(artifact.pixels.nbytes)
    if isinstance(artifact, Text):
        return 4 * len(artifact.value)
    return 128 * (len(artifact.notes) + 1) if artifact is not None else 0
