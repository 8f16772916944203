"""How what is marked follows a content that changed under it: by the rules of accepting."""

from __future__ import annotations

from typing import Generic, TypeVar

from aigc_studio.project.following import Stretch, followed

__all__ = ["LostParts", "Stretch", "followed"]

_MOST = 16
"""As many steps back a part that was lost is marked again."""

P = TypeVar("P")


class LostParts(Generic[P]):
    """What was marked in contents that are not shown now, to be marked again when an undo shows
    them. Whoever marks something else, or nothing, wants none of it back.
    """

    def __init__(self) -> None:
        self._parts: dict[str, P] = {}

    def keep(self, digest: str, part: P) -> None:
        """A part of the content with this digest was lost with it; the oldest are forgotten."""
        self._parts.pop(digest, None)
        self._parts[digest] = part
        for oldest in list(self._parts)[:-_MOST]:
            del self._parts[oldest]

    def take(self, digest: str) -> P | None:
        """What was marked in this content, once."""
        return self._parts.pop(digest, None)

    def forget(self) -> None:
        """The person marked something, or nothing."""
        self._parts.clear()

    def __len__(self) -> int:
        return len(self._parts)
