"""How folders are meant: wrappers, the parts train and test, and classes.

A *part* is a folder called `train`, `test`, `val` and the like in any spelling, and among texts a
file (`train.csv`). Only files of the medium count: the labels of YOLO, say, change nothing.

1. Folders of annotations (`labels`, `masks`) beside one of pictures (`images`) are left out.
2. Where a train-like folder and a test-like one stand side by side, they are the parts, whatever
   lies beside them and however deep. They are plain (`train`, `test`) or say the same beside
   (`cars_train`, `cars_test`).
3. The folders in a part are the classes: `part/class/…`. A wrapper in it (`train/train`,
   `train/images`) is looked through. Where the parts have no classes in common, the folder that
   they stand in is the class if there are several such (`class/part/…`), or what else their names
   say (`horse_train`, `zebra_train`).
4. What lies beside the parts and has classes that they know is there to train on; all else beside
   them is left out, stray files too. Both are said, with how many files it is.
5. Without such a pair, folders that only hold others are looked through, and what is found are
   classes: `class/…`. A part that stands alone is split by chance; `test/cat` beside `cat` is held
   out; any other folder called like a part is a label, and that is said.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from aigc_studio.api.dataset import Split
from aigc_studio.library.branches import Branch, Folders, grown
from aigc_studio.library.part_names import holds_annotations, holds_pictures, part_name
from aigc_studio.library.parts import Parts, below_wrappers, nested, parted
from aigc_studio.translation import _, enumerated, ngettext

_SMALL = 3
"""What is beside parts is odd where they hold so many times as much; else they are one class."""


class Place(NamedTuple):
    """What a folder means: the class folder's name as it is spelled, and the part if any.

    With a `reason` the files in it are left out, and `remedy` says what to do.
    """

    folder: str = ""
    split: Split | None = None
    reason: str = ""
    remedy: str = ""


@dataclass
class Layout:
    """The meaning of each folder, and what a person should know of it.

    `parts` are the names of the folders of each part, empty when nothing is held out by them;
    `loose` are folders whose own files are left out, not those below.
    """

    places: dict[Folders, Place] = field(default_factory=dict)
    parts: dict[Split, list[str]] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)
    loose: list[Folders] = field(default_factory=list)


def read_layout(folders: Collection[Folders] | Mapping[Folders, int]) -> Layout:
    """What the folders (each from the top down) that hold files of the medium mean.

    A mapping says how many files lie in each; a list names a folder once for each file.
    """
    return _Reader(Counter(folders)).layout


class _Reader:
    def __init__(self, counts: Mapping[Folders, int]) -> None:
        self.layout = Layout()
        self._top = grown(counts)
        self._trained: dict[str, int] = {}
        self._left: dict[str, int] = {}
        self._leave_annotations()
        found = parted(self._top)
        if found:
            self._read_parted(found)
        else:
            self._read_unparted()

    # Parts side by side

    def _leave_annotations(self) -> None:
        count, names = 0, set[str]()
        # Each is looked at before what is in it, so that nothing taken out is looked through.
        for branch in self._top.below():
            notes = [name for name in branch.inner if holds_annotations(name)]
            pictures = any(map(holds_pictures, branch.inner))
            for name in notes if pictures else ():
                gone = self._top.take((*branch.path, name))
                count, names = count + gone.total, names | {name}
                reason = _("It is in {name}, where annotations of pictures are kept.").format(
                    name=name
                )
                self._leave(gone, reason, _("Nothing, unless it should be learnt from."))
        if count:
            sentence = ngettext(
                "{count} file in {names}, beside the pictures, is left out: it is a note on them.",
                "{count} files in {names}, beside the pictures, are left out: they are notes on "
                "them.",
                count,
            )
            self._say(sentence, count=f"{count:,}", names=_listed(names))

    def _read_parted(self, found: list[Parts]) -> None:
        homes = [each.home for each in found]
        above = {home.path[:end] for home in homes for end in range(len(home.path))}
        outside = [
            inner
            for path in sorted(above)
            for inner in self._top.at(path).inner.values()
            if inner.path not in above and inner not in homes
        ]
        labelled = _are_classes(found, outside)
        self._say_wrapped(_shared(homes, labelled), parted=True)
        known = {name for each in found for name in each.classes() | set(each.labels.values())}
        known |= {home.name for home in homes if labelled}
        for parts in found:
            self._take_parts(parts, parts.home.name if labelled else "", known)
        names = sorted({name for parts in found for name in parts.splits})
        least = min(home.total for home in homes)
        for branch in outside:
            if labelled and branch.total * 2 >= least:
                self._train_on(branch, branch.name)
            else:
                self._take_beside(branch, known, names)
        for path in sorted(above):
            self._leave_loose(self._top.at(path), names)
        self._say_beside(names)

    def _take_parts(self, parts: Parts, label: str, known: set[str]) -> None:
        for name, split in sorted(parts.splits.items()):
            part, inside = parts.home.inner[name], parts.inside(name)
            inner = nested(inside, parts) if split == "train" else None
            if inner:
                self._take_parts(inner, label, known)
                continue
            self._note_part(split, name)
            if not label:
                self._say_wrapped(inside.path[len(part.path) :], parted=True)
            own = label or parts.labels.get(name, "")
            self._take_part(part, inside, split, own, sorted(parts.splits))
        for branch in parts.home.inner.values():
            if branch.name not in parts.splits:
                self._take_beside(branch, known, sorted(parts.splits))
        self._leave_loose(parts.home, sorted(parts.splits))

    def _take_part(
        self, part: Branch, inside: Branch, split: Split, label: str, names: Iterable[str]
    ) -> None:
        depth = len(inside.path)
        stray = not label and (inside is not part or len(inside.inner) > 1)
        stray = stray and bool(inside.inner) and inside.files * _SMALL < inside.total
        for branch in part.below():
            if stray and len(branch.path) <= depth:
                self._leave_loose(branch, inside.inner)
            elif branch.files:
                self.layout.places[branch.path] = Place(label or _at(branch.path, depth), split)

    def _take_beside(self, branch: Branch, known: set[str], names: Iterable[str]) -> None:
        """What lies beside parts: to train on where they know its classes, or else left out."""
        again = [each for each in parted(branch) if each.classes() & known]
        part, inside = part_name(branch.name), below_wrappers(branch)
        if again:
            for each in again:
                self._take_parts(each, "", known)
        elif set(inside.inner) & known and part and part.split == "test":
            self._note_part("test", branch.name)
            self._take_part(branch, inside, "test", "", names)
        elif set(inside.inner) & known:
            self._trained[branch.name] = self._trained.get(branch.name, 0) + branch.total
            self._take_part(branch, inside, "train", "", names)
        elif branch.name in known:
            self._train_on(branch, branch.name)
        else:
            self._left[branch.name] = self._left.get(branch.name, 0) + branch.total
            reason = _("It is beside {parts}, in none of them.").format(parts=_listed(names))
            self._leave(branch, reason, _("Put it in one of them, or leave it out."))

    def _train_on(self, branch: Branch, label: str) -> None:
        self._trained[branch.name] = self._trained.get(branch.name, 0) + branch.total
        for each in branch.below():
            if each.files:
                self.layout.places[each.path] = Place(label, "train")

    def _leave(self, branch: Branch, reason: str, remedy: str) -> None:
        for each in branch.below():
            if each.files:
                self.layout.places[each.path] = Place(reason=reason, remedy=remedy)

    def _leave_loose(self, branch: Branch, names: Iterable[str]) -> None:
        if branch.files:
            reason = _("It is beside {parts}, in none of them.").format(parts=_listed(names))
            remedy = _("Put it in one of them, or leave it out.")
            self.layout.places[branch.path] = Place(reason=reason, remedy=remedy)
            self.layout.loose.append(branch.path)

    def _note_part(self, split: Split, name: str) -> None:
        names = self.layout.parts.setdefault(split, [])
        if name not in names:
            names.append(name)

    # No such pair

    def _read_unparted(self) -> None:
        home = below_wrappers(self._top)
        splits = self._lone_parts(home)
        self._say_wrapped(home.path, bool(splits))
        for name, split in sorted(splits.items()):
            if split:
                self._note_part(split, name)
        # Classes beside a part that holds out some of them are there to train on.
        others: Split | None = "train" if "test" in splits.values() else None
        beside = {name for name in home.inner if name not in splits}
        parts = Parts(home, {name: split or "train" for name, split in splits.items()})
        depths = {name: len(parts.inside(name, beside).path) for name in splits}
        for name, depth in sorted(depths.items()):
            inner = parts.inside(name, beside).path[len(home.path) + 1 : depth]
            self._say_wrapped(inner, parted=True)
        for branch in self._top.below():
            if branch.files:
                name = _at(branch.path, len(home.path))
                depth = depths.get(name, len(home.path))
                place = Place(_at(branch.path, depth), splits.get(name, others))
                self.layout.places[branch.path] = place

    def _lone_parts(self, home: Branch) -> dict[str, Split | None]:
        """The part of each folder in `home` that is one; empty when none is."""
        named = {name: part for name in home.inner if (part := part_name(name))}
        others = [name for name in home.inner if name not in named]
        if len({part.rest for part in named.values()}) != 1:
            return {}
        splits: dict[str, Split | None] = {name: part.split for name, part in named.items()}
        if not others and "test" in splits.values() and self._top.total > _total_in(home, named):
            return splits
        inside = {name: set(home.inner[name].inner) for name in named}
        if others and all(each and each <= set(others) for each in inside.values()):
            return splits  # test/cat and test/dog beside cat and dog
        if any(part.rest for part in named.values()):
            return {}
        if not others:
            self._say_only(named)
            return dict.fromkeys(named)
        self._say_ambiguous(named, others)
        return {}

    # What is said

    def _say(self, sentence: str, **words: object) -> None:
        told = sentence.format(**words)
        if told not in self.layout.remarks:
            self.layout.remarks.append(told)

    def _say_wrapped(self, wrappers: Folders, parted: bool) -> None:
        part = part_name(wrappers[-1]) if wrappers else None
        if part and not part.rest and not parted:
            self._say_only(wrappers[-1:])
        elif wrappers:
            sentence = _("The folder {name} was looked through: what counts are the folders in it.")
            self._say(sentence, name="/".join(wrappers))

    def _say_only(self, names: Iterable[str]) -> None:
        sentence = _("There is only {names}, so a part of it is held out by chance.")
        self._say(sentence, names=_listed(names))

    def _say_ambiguous(self, named: Iterable[str], others: Iterable[str]) -> None:
        sentence = _(
            "{names} stands beside {others} and is taken as a label. If it should be held out, "
            "put the others in a folder called train."
        )
        self._say(sentence, names=_listed(named), others=_listed(others))

    def _say_beside(self, parts: Iterable[str]) -> None:
        trained, left = sum(self._trained.values()), sum(self._left.values())
        if trained:
            sentence = ngettext(
                "{count} file in {others}, beside {parts}, counts as something to train on.",
                "{count} files in {others}, beside {parts}, count as something to train on.",
                trained,
            )
            names = _listed(self._trained)
            self._say(sentence, count=f"{trained:,}", others=names, parts=_listed(parts))
        if left:
            sentence = ngettext(
                "{count} file in {others}, beside {parts}, is left out.",
                "{count} files in {others}, beside {parts}, are left out.",
                left,
            )
            names = _listed(self._left)
            self._say(sentence, count=f"{left:,}", others=names, parts=_listed(parts))


def _are_classes(found: list[Parts], outside: list[Branch]) -> bool:
    """Whether the folders that the parts stand in are classes themselves."""
    classes = [each.classes() for each in found]
    if all(each.agree() for each in found) and set.intersection(*classes):
        return False
    if any(each.labels for each in found):
        return False
    beside = sum(each.total for each in outside)
    return len(found) > 1 or beside * _SMALL > found[0].home.total


def _shared(homes: list[Branch], labelled: bool) -> Folders:
    """The folders that all of these lie in, or that the only one is."""
    paths = [home.path[:-1] if labelled else home.path for home in homes]
    first, last = min(paths), max(paths)
    end = 0
    while end < min(len(first), len(last)) and first[end] == last[end]:
        end += 1
    return first[:end]


def _total_in(home: Branch, names: Iterable[str]) -> int:
    return sum(home.inner[name].total for name in names)


def _at(folders: Folders, depth: int) -> str:
    return folders[depth] if len(folders) > depth else ""


def _listed(names: Iterable[str]) -> str:
    names = sorted(names)
    return enumerated(names, 4)
