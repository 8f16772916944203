"""From what a person points at to the files that are read: folders, links, zips, their layout."""

from __future__ import annotations

import re
import stat
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from aigc_studio.api import Medium, StudioError
from aigc_studio.api.dataset import ABOUT, CONTENT, ROWS, Split
from aigc_studio.api.spelling import composed, one_form
from aigc_studio.folders import data_folder
from aigc_studio.library import readers
from aigc_studio.library.beginnings import medium_within
from aigc_studio.library.layout import Layout, Place, read_layout
from aigc_studio.library.names import natural_key
from aigc_studio.library.part_names import paired, part_files, part_name
from aigc_studio.library.unpacking import is_zip, unpacked
from aigc_studio.library.walking import FoundFile, Walk, walk
from aigc_studio.translation import _, enumerated, ngettext

_idx_images = re.compile(r"images[.-]idx3[.-]ubyte(\.gz)?$", re.IGNORECASE)
_idx_labels = re.compile(r"labels[.-]idx1[.-]ubyte(\.gz)?$", re.IGNORECASE)


@dataclass(frozen=True)
class Source:
    """One file of an import: its path, its name below the folder chosen, its sub-folder.

    `folder` is what stands for the label or group; `split` is set where folders say what is held
    out; `begins` says what it is by how it begins, where its name may be anything. With a `reason`
    it is something that cannot be read, and `remedy` says what to do.
    """

    path: Path
    name: str
    folder: str = ""
    split: Split | None = None
    reason: str = ""
    remedy: str = ""
    begins: Medium | None = None

    @property
    def is_idx(self) -> bool:
        """Whether it is a file of pictures in the format of the original MNIST."""
        return bool(_idx_images.search(self.path.name))


@dataclass(frozen=True)
class SourceSet:
    """All files of an import. `passed` are the names of what was left out as hidden or a system's
    own; `parts` the folders that say what is held out; `remarks` what they were taken to mean."""

    sources: Sequence[Source]
    passed: Sequence[str] = ()
    parts: Mapping[Split, Sequence[str]] = field(default_factory=dict)
    remarks: Sequence[str] = ()


def find_sources(
    paths: Path | Sequence[Path], medium: Medium | None = None, layout: str = "auto"
) -> SourceSet:
    """Every file at or below the paths in natural order, what is held out first.

    A zip file is a folder. What a file is says its name, or how it begins: of one that was chosen
    itself, or of all where no name says anything (mails, classes of 20 Newsgroups). Links to
    folders are followed; what cannot be entered is a source with a reason. `medium` says which
    files tell how the folders are meant; without it they mean nothing. Raises `StudioError` when a
    path is not there, or no file and no folder.
    """
    tops = [paths] if isinstance(paths, Path) else list(paths)
    tops = [unpacked(top) if is_zip(top) and not _is_folder(top) else top for top in tops]
    walks = {top: walk(top) for top in tops if _is_folder(top)}
    alone = [top for top in tops if top not in walks]
    begins = _beginnings(alone, [each.path for one in walks.values() for each in one.files])
    single = [Source(top, composed(top.name), begins=begins.get(top)) for top in alone]
    named = len(walks) > 1 and _mean_something(walks, medium)
    found, left = _without_datasets(*_named_below(walks, named=named))
    if not walks:  # train.csv and test.csv, chosen together
        found += [(FoundFile(each.path, ()), each.name) for each in single]
        single = []
    places, meant = _layout([file for file, _name in found], medium, layout, begins)
    placed = [
        Source(file.path, name, *place, begins=begins.get(file.path))
        for (file, name), place in zip(found, places, strict=True)
    ]
    return SourceSet(
        sorted([*single, *placed, *left], key=_order),
        [name for walked in walks.values() for name in walked.passed],
        meant.parts,
        meant.remarks,
    )


def _named_below(
    walks: Mapping[Path, Walk], *, named: bool
) -> tuple[list[tuple[FoundFile, str]], list[Source]]:
    """What is below several folders, each file with its name; and what could not be entered.

    `named`: the folders that were chosen mean something themselves.
    """
    found: list[tuple[FoundFile, str]] = []
    left: list[Source] = []
    for top, walked in walks.items():
        before = composed(top.name) + "/" if len(walks) > 1 else ""
        for each in walked.files:
            name = before + "/".join(map(composed, (*each.folders, each.path.name)))
            folders = (top.name, *each.folders) if named else each.folders
            found.append((FoundFile(each.path, folders), name))
        for gone in walked.left:
            name = before + gone.name
            left.append(Source(gone.path, name, reason=gone.reason, remedy=gone.remedy))
    return found, left


def _without_datasets(
    found: list[tuple[FoundFile, str]], left: list[Source]
) -> tuple[list[tuple[FoundFile, str]], list[Source]]:
    """The same, but for datasets of a studio: each is one source that cannot be read so, or its
    table would become examples of digests and offsets."""
    own = {ABOUT, ROWS, CONTENT}
    names: dict[Path, set[str]] = {}
    for file, _name in found:
        if file.path.name in own:
            names.setdefault(file.path.parent, set()).add(file.path.name)
    homes = {home for home, some in names.items() if some == own}
    rest = [each for each in found if each[0].path.parent not in homes]
    for file, name in found:
        if file.path.parent in homes and file.path.name == ABOUT:
            reason = _("It is a dataset of a studio, and no files to make one of.")
            remedy = _("Copy its folder {folder} into {place}: it is in the Library then.")
            place = data_folder() / "datasets"
            words = remedy.format(folder=file.path.parent.name, place=place)
            left.append(Source(file.path, name, reason=reason, remedy=words))
    return rest, left


def _beginnings(alone: Sequence[Path], within: Sequence[Path]) -> dict[Path, Medium]:
    """What files are whose names do not tell."""
    unknown = [each for each in alone if not _is_known(each)]
    if not any(map(_is_known, within)):
        unknown += within
    found = {each: medium_within(each) for each in unknown}
    return {path: medium for path, medium in found.items() if medium is not None}


def _is_known(path: Path) -> bool:
    """Whether the file's name says what it is."""
    is_idx = _idx_images.search(path.name) or _idx_labels.search(path.name)
    return bool(is_idx) or readers.medium_of(path) is not None


def _is_folder(top: Path) -> bool:
    try:
        told = top.stat()
    except FileNotFoundError:
        raise StudioError(_("The file {name} is not there.").format(name=top.name or top)) from None
    except OSError as error:
        raise StudioError(
            _("{name} cannot be opened: {reason}.").format(
                name=top.name or top, reason=error.strerror or error
            )
        ) from None
    if stat.S_ISDIR(told.st_mode) or stat.S_ISREG(told.st_mode):
        return stat.S_ISDIR(told.st_mode)
    raise StudioError(_("{name} is neither a file nor a folder: choose one.").format(name=top.name))


def _mean_something(walks: Mapping[Path, Walk], medium: Medium | None) -> bool:
    """Whether the names of several folders chosen together are those of parts or classes."""
    names = [top.name for top in walks]
    if all(map(part_name, names)) or paired(names):
        return True
    return not any(
        each.folders and _fits(each.path, medium) for one in walks.values() for each in one.files
    )


def _layout(
    files: Sequence[FoundFile],
    medium: Medium | None,
    layout: str,
    begins: Mapping[Path, Medium],
) -> tuple[list[Place], Layout]:
    """What each of the files means, and all of them together."""
    if medium is None or layout == "plain":
        return [Place(each.folders[0] if each.folders else "") for each in files], Layout()
    telling = [
        each for each in files if _fits(each.path, medium) or begins.get(each.path) == medium
    ]
    # Two spellings of one folder are two folders on disk, and mean the same.
    keys = {each: tuple(map(one_form, each.folders)) for each in telling}
    if medium == "text":  # train.csv beside test.csv
        keys |= part_files(keys)
    found = read_layout(Counter(keys.values()))
    places = []
    for each in files:
        place = found.places[keys[each]] if each in keys else Place()
        spelled = next((name for name in each.folders if one_form(name) == place.folder), "")
        places.append(place._replace(folder=spelled or place.folder))
    set_aside = set(found.loose)
    loose = [composed(each.path.name) for each in telling if keys[each] in set_aside]
    if not loose:
        return places, found
    sentence = ngettext(
        "{count} file lies beside the parts or classes and is left out: {names}.",
        "{count} files lie beside the parts or classes and are left out: {names}.",
        len(loose),
    ).format(count=f"{len(loose):,}", names=enumerated(loose, 4))
    return places, replace(found, remarks=[*found.remarks, sentence])


def _order(source: Source) -> tuple[bool, Any]:
    # What is held out comes first: should it lie in both parts, it stays held out.
    return source.split != "test", natural_key(source.name)


def is_table(source: Source) -> bool:
    """Whether its rows are examples with labels of their own: CSV, IDX."""
    return source.is_idx or source.path.suffix.lower() in (".csv", ".tsv", ".jsonl")


def belongs(source: Source, medium: Medium) -> bool:
    """Whether the file's name, or how it begins, says that it is of this medium."""
    return _fits(source.path, medium) or source.begins == medium


def _fits(path: Path, medium: Medium | None) -> bool:
    is_idx = bool(_idx_images.search(path.name))
    return readers.medium_of(path) == medium or (medium == "image" and is_idx)


def is_companion(source: Source) -> bool:
    """Whether the file is read with another one: the labels beside IDX pictures."""
    return bool(_idx_labels.search(source.path.name))
