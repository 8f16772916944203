"""What lies in the pad: leaves with their pictures, and what was taken away and can come back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from aigc_studio.library.sketchbook import Leaf, Leaves


class Drawings:
    """Leaves, and the PNG of each that is not blank, by the names of files."""

    def __init__(
        self, leaves: Leaves | None = None, pictures: Mapping[str, bytes] | None = None
    ) -> None:
        self.leaves = leaves or Leaves()
        self.pictures = dict(pictures or {})
        self._cleared: dict[str, bytes] = {}
        """What was last on leaves that are blank now."""
        self._gone: list[tuple[int, Leaf]] = []

    @property
    def can_bring_back(self) -> bool:
        """Whether a drawing was taken away."""
        return bool(self._gone)

    def note(self, data: bytes | None) -> None:
        """This is on the leaf that lies open; None: it is blank."""
        name = self.leaves.file
        if data is not None:
            self.pictures[name] = data
        elif name in self.pictures:
            self._cleared[name] = self.pictures.pop(name)

    def turn_to(self, leaves: Leaves) -> Leaf | None:
        """These are the leaves from here on. What was cleared is no drawing any more once it is
        left: it goes, as what is removed does, and is given."""
        left, self.leaves = self.leaves, leaves
        if left.is_fresh or left.file in self.pictures:
            return None
        leaf = left.leaves[left.open]
        if leaf not in leaves.leaves:
            return None
        self.leaves = leaves.without(leaves.leaves.index(leaf))
        self._gone.append((left.open, leaf))
        return leaf

    def remove(self, place: int) -> Leaf:
        """Take the drawing at this place away, until it is brought back; gives it."""
        leaf = self.leaves.leaves[place]
        self.turn_to(self.leaves.without(place))
        self._gone.append((place, leaf))
        return leaf

    def bring_back(self) -> str:
        """What was taken away last is there again, as it was before it was cleared; gives its
        file."""
        place, leaf = self._gone.pop()
        if leaf.file in self._cleared:
            self.pictures[leaf.file] = self._cleared.pop(leaf.file)
        self.turn_to(self.leaves.with_leaf(min(place, len(self.leaves.leaves)), leaf))
        return leaf.file

    def whole(self) -> Leaves:
        """All that is drawn, as data is made of it: what lies on the fresh sheet is one of them,
        though another leaf may lie open; what was cleared is none."""
        kept = tuple(leaf for leaf in self.leaves.leaves if leaf.file in self.pictures)
        leaves = replace(self.leaves, leaves=kept, open=len(kept))
        return leaves.taken() if leaves.file in self.pictures and not leaves.is_full else leaves
