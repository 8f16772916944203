"""How folders are meant: wrappers, the parts train and test, and classes.

Known layouts, where *part* is `train`, `test`, `val` and the like in any spelling:
`class/…`, `part/class/…`, `class/part/…`, `part/…` (no classes), each inside any wrapping folders.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from aigc_studio.api.dataset import Split
from aigc_studio.api.spelling import compared
from aigc_studio.translation import _

Folders = tuple[str, ...]

_words: tuple[tuple[Split, str], ...] = (
    ("train", r"train|training|trn|训练"),
    ("test", r"test|testing|tst|val|valid|validation|dev|eval|evaluation|holdout|heldout"
             r"|测试|验证|评估"),
)  # fmt: skip
_fillers = r"(set|sets|data|dataset|split|part|images|imgs|img|pictures|texts|集|数据|数据集|样本)"


class PartName(NamedTuple):
    """Which part a folder's name says, and what else is in the name (`cars` of `cars_train`)."""

    split: Split
    rest: Folders


class Place(NamedTuple):
    """What a folder means: the class folder's name as it is spelled, and the part if any."""

    folder: str = ""
    split: Split | None = None


@dataclass
class Layout:
    """The meaning of each folder, and what a person should know of it.

    `parts` are the names of the folders of each part, empty when nothing is held out by them.
    """

    places: dict[Folders, Place] = field(default_factory=dict)
    parts: dict[Split, list[str]] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)


def part_name(folder: str) -> PartName | None:
    """The part that a folder's name says; None for another name."""
    name = re.sub(r"h[eo]ld[\W_]+out", "holdout", compared(folder))
    words = [each for each in re.split(r"[\W_]+", name) if each]
    found = [split for word in words if (split := _part_of_word(word))]
    rest = (
        word
        for word in words
        if not (_part_of_word(word) or re.fullmatch(rf"{_fillers}|\d+", word))
    )
    return PartName(found[0], tuple(rest)) if len(found) == 1 else None


def _part_of_word(word: str) -> Split | None:
    for split, names in _words:
        if re.fullmatch(rf"({names}){_fillers}?\d*", word):
            return split
    return None


def read_layout(folders: Collection[Folders]) -> Layout:
    """What the folders (each from the top down) that hold files of the medium mean."""
    return _Reader(folders).layout


class _Reader:
    def __init__(self, folders: Collection[Folders]) -> None:
        self.layout = Layout()
        self._all = sorted(set(folders))
        depth = self._below_wrappers(self._all, 0)
        parts = self._parts_at(depth)
        inside = not parts and self._classes_hold_parts(depth)
        self._say_wrapped(self._all, 0, depth, bool(parts) or inside)
        if parts:
            self._take_parts(depth, parts)
        elif inside:
            self._take_parts_in_classes(depth)
        else:
            self._take_classes(depth)

    # Wrapping folders

    def _below_wrappers(
        self, folders: list[Folders], depth: int, taken: Collection[str] = ()
    ) -> int:
        """The depth below the folders that only hold other folders, none of them in `taken`."""
        while self._wraps(folders, depth) and _first(folders, depth) not in taken:
            depth += 1
        return depth

    def _wraps(self, folders: list[Folders], depth: int) -> bool:
        heads, inner = _heads(folders, depth), _heads(folders, depth + 1)
        files_in_it = any(len(each) == depth + 1 for each in folders)
        files_beside = any(len(each) <= depth for each in folders)
        if len(heads) != 1 or files_in_it or not inner:
            return False
        return not files_beside or (len(inner) > 1 and not part_name(_first(folders, depth)))

    def _say_wrapped(self, folders: list[Folders], first: int, depth: int, parted: bool) -> None:
        wrappers = next((each[first:depth] for each in folders if len(each) > depth), ())
        if not wrappers:
            return
        part = part_name(wrappers[-1])
        if part and not part.rest and not parted:
            self._say_only(wrappers[-1:])
            return
        sentence = _("The folder {name} was looked through: what counts are the folders in it.")
        self.layout.remarks.append(sentence.format(name="/".join(wrappers)))

    def _say_only(self, names: Iterable[str]) -> None:
        sentence = _("There is only {names}, so a part of it is held out by chance.")
        self.layout.remarks.append(sentence.format(names=_listed(names)))

    # Parts

    def _parts_at(self, depth: int) -> dict[str, Split | None]:
        """The part of each folder at this depth; empty when they are no parts."""
        heads = _heads(self._all, depth)
        named = {head: part for head in heads if (part := part_name(head))}
        others = [head for head in heads if head not in named]
        splits = {part.split for part in named.values()}
        together = len({part.rest for part in named.values()}) == 1
        if not named or not together:
            return {}
        if not others:
            return self._only_parts(depth, named, splits)
        inside = {head: _heads_below(self._all, depth, head) for head in named}
        if len(splits) == 2 and set.intersection(*inside.values()):
            self._say_beside(named, others)
            return {head: named[head].split if head in named else "train" for head in heads}
        held = {head for head in named if inside[head] and inside[head] <= set(others)}
        if held == set(named):  # test/cat and test/dog beside cat and dog
            return {head: named[head].split for head in named}
        plain = [head for head, part in named.items() if not part.rest]
        if plain:
            self._say_ambiguous(plain, others)
        return {}

    def _only_parts(
        self, depth: int, named: dict[str, PartName], splits: set[Split]
    ) -> dict[str, Split | None]:
        if len(splits) == 2 or ("test" in splits and any(len(e) <= depth for e in self._all)):
            return {head: part.split for head, part in named.items()}
        if any(part.rest for part in named.values()):
            return {}
        self._say_only(named)
        return dict.fromkeys(named)

    def _say_beside(self, named: Iterable[str], others: Iterable[str]) -> None:
        sentence = _("What lies in {others}, beside {parts}, counts as something to train on.")
        self.layout.remarks.append(sentence.format(others=_listed(others), parts=_listed(named)))

    def _say_ambiguous(self, named: Iterable[str], others: Iterable[str]) -> None:
        sentence = _(
            "{names} stands beside {others} and is taken as a label. If it is what shall be held "
            "out, put the others in a folder called train."
        )
        self.layout.remarks.append(sentence.format(names=_listed(named), others=_listed(others)))

    def _take_parts(self, depth: int, parts: dict[str, Split | None]) -> None:
        for head, split in sorted(parts.items()):
            if split:
                self.layout.parts.setdefault(split, []).append(head)
        others: Split | None = "train" if "test" in parts.values() else None
        for head, folders in _by_head(self._all, depth).items():
            below = depth
            if head in parts:
                taken = {
                    name for each in parts if each != head for name in self._classes(depth, each)
                }
                below = self._below_wrappers(folders, depth + 1, taken)
                self._say_wrapped(folders, depth + 1, below, parted=True)
            for each in folders:
                # Classes beside a part that holds out some of them are there to train on.
                self.layout.places[each] = Place(_at(each, below), parts.get(head, others))

    def _classes(self, depth: int, part: str) -> set[str]:
        """The folders in a part, where there are several: no wrapper is called like one of them."""
        inside = _heads_below(self._all, depth, part)
        return inside if len(inside) > 1 else set()

    def _classes_hold_parts(self, depth: int) -> bool:
        """Whether all is laid out as `cat/train`, `cat/test`, `dog/train`, …"""
        if len(_heads(self._all, depth)) < 2 or any(len(each) <= depth + 1 for each in self._all):
            return False
        named = [part_name(each[depth + 1]) for each in self._all]
        splits = {part.split for part in named if part and not part.rest}
        return all(part and not part.rest for part in named) and len(splits) == 2

    def _take_parts_in_classes(self, depth: int) -> None:
        for each in self._all:
            name = each[depth + 1]
            part = part_name(name)
            assert part is not None
            self.layout.places[each] = Place(each[depth], part.split)
            names = self.layout.parts.setdefault(part.split, [])
            if name not in names:
                names.append(name)

    def _take_classes(self, depth: int) -> None:
        for each in self._all:
            self.layout.places[each] = Place(_at(each, depth))


def _at(folders: Folders, depth: int) -> str:
    return folders[depth] if len(folders) > depth else ""


def _first(folders: Iterable[Folders], depth: int) -> str:
    return next(iter(_heads(folders, depth)), "")


def _heads(folders: Iterable[Folders], depth: int) -> set[str]:
    return {each[depth] for each in folders if len(each) > depth}


def _by_head(folders: Iterable[Folders], depth: int) -> dict[str, list[Folders]]:
    """The folders by their name at this depth; those that end above it under an empty one."""
    found: dict[str, list[Folders]] = {}
    for each in folders:
        found.setdefault(_at(each, depth), []).append(each)
    return found


def _heads_below(folders: Iterable[Folders], depth: int, head: str) -> set[str]:
    return _heads((each for each in folders if _at(each, depth) == head), depth + 1)


def _listed(names: Iterable[str]) -> str:
    names = sorted(names)
    return ", ".join(names[:4]) + (", …" if len(names) > 4 else "")
