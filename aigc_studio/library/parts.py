"""Folders that are parts of one whole, found in a tree of folders; and what wraps their classes."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

from aigc_studio.api.dataset import Split
from aigc_studio.library.branches import Branch
from aigc_studio.library.part_names import (
    holds_annotations,
    holds_pictures,
    paired,
    part_name,
)


class Parts(NamedTuple):
    """The folders in `home` that are parts; `labels` are what their names say of a class."""

    home: Branch
    splits: Mapping[str, Split]
    labels: Mapping[str, str] = {}

    def inside(self, name: str, taken: Collection[str] = ()) -> Branch:
        """The folder that holds the classes of a part: itself, or the last of the wrappers in it.

        None of `taken` is a wrapper, and none that is called like a class of another part.
        """
        branch = self.home.inner[name]
        while (child := branch.only) and child.name not in taken:
            if self._is_class_of_another(name, child):
                break
            if not (self._repeats(name, child) or _wraps(branch, child)):
                break
            branch = child
        return branch

    def _is_class_of_another(self, name: str, child: Branch) -> bool:
        others = (self.home.inner[each].inner for each in self.splits if each != name)
        return any(child.name in each and len(each) > 1 for each in others)

    def _repeats(self, name: str, child: Branch) -> bool:
        """Whether a folder says no more than the part that it lies in."""
        own, inner = part_name(name), part_name(child.name)
        if own and inner and own.split == inner.split:
            return not inner.rest or own.rest == inner.rest
        return holds_annotations(child.name)

    def classes(self, split: Split | None = None) -> set[str]:
        """The folders in the parts, or in those of one half."""
        names = [each for each, own in self.splits.items() if split in (None, own)]
        return {inner for name in names for inner in self.inside(name).inner}

    def agree(self) -> bool:
        """Whether some class is both trained on and held out."""
        return bool(self.classes("train") & self.classes("test"))


def parted(top: Branch) -> list[Parts]:
    """The folders that hold parts, in order; of those in each other the outermost."""
    found, waiting = [], [top]
    while waiting:
        branch = waiting.pop()
        parts = _parts_in(branch)
        if parts:
            found.append(parts)
        else:
            waiting += branch.inner.values()
    return sorted(found, key=lambda each: each.home.path)


def nested(inside: Branch, parts: Parts) -> Parts | None:
    """The parts that a part to train on holds itself: `train/train` and `train/val`."""
    names = set(inside.inner)
    plain = paired(names).get((), [])
    if len(plain) < len(names) or not plain or names & parts.classes("test"):
        return None
    return _parts_in(inside)


def below_wrappers(branch: Branch) -> Branch:
    """The first folder from here on that does not just hold another folder."""
    while (child := branch.only) and _wraps(branch, child):
        branch = child
    return branch


def _parts_in(home: Branch) -> Parts | None:
    pairs = paired(home.inner)
    if () in pairs:
        return Parts(home, _splits(pairs[()]))
    named = sorted(name for name in home.inner if part_name(name))
    if not pairs:
        return _lopsided(home, named)
    together = Parts(home, _splits([name for each in pairs.values() for name in each]))
    labels: dict[str, str] = {}
    spelled: dict[tuple[str, ...], str] = {}
    for name in named:
        part = part_name(name)
        assert part is not None
        labels[name] = spelled.setdefault(part.rest, part.spelled)
    if len(spelled) == 1 or together.agree():
        return together
    return Parts(home, _splits(named), labels)


def _lopsided(home: Branch, named: Collection[str]) -> Parts | None:
    """`train` beside `test_hidden`, when there is nothing else or they have classes in common."""
    splits = _splits(named)
    plain = [name for name in named if (part := part_name(name)) and not part.rest]
    if len(set(splits.values())) < 2 or not plain:
        return None
    parts = Parts(home, splits)
    return parts if len(named) == len(home.inner) or parts.agree() else None


def _splits(names: Collection[str]) -> dict[str, Split]:
    return {name: part.split for name in names if (part := part_name(name))}


def _wraps(branch: Branch, child: Branch) -> bool:
    """Whether the only folder in another one is there to hold other folders, or just pictures."""
    if holds_pictures(child.name):
        return True
    deeper = child.only
    if not child.inner:
        return False
    if child.files and not (child.has_few_files() and (deeper is None or deeper.inner)):
        return False
    return not branch.files or (len(child.inner) > 1 and not part_name(child.name))
