"""From what a person points at to drafts of examples: folders, files, IDX files, tables."""

from __future__ import annotations

import gzip
import re
import stat
import zlib
from collections import Counter
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from aigc_studio.api import Artifact, Image, Medium, StudioError, Text, limits
from aigc_studio.api.dataset import Split
from aigc_studio.api.spelling import composed, one_form
from aigc_studio.library import melodies, pictures, readers, texts
from aigc_studio.library.beginnings import medium_within
from aigc_studio.library.framing import WHOLE, Frame
from aigc_studio.library.layout import Layout, Place, read_layout
from aigc_studio.library.melodies.families import tune_families
from aigc_studio.library.names import natural_key
from aigc_studio.library.options import SMALLEST_SIDE, ImportOptions, fit_picture
from aigc_studio.library.part_names import paired, part_files, part_name
from aigc_studio.library.texts.passages import passages, size_for
from aigc_studio.library.texts.row_attributes import Row
from aigc_studio.library.texts.tables import csv_examples
from aigc_studio.library.unpacking import is_zip, unpacked
from aigc_studio.library.walking import FoundFile, Walk, walk
from aigc_studio.translation import _, enumerated, ngettext

MOST_IDX_BYTES = 1024**3
NEIGHBOURS = 50
"""Pieces of a text that stay together when a part of it is held out."""

_idx_images = re.compile(r"images[.-]idx3[.-]ubyte(\.gz)?$", re.IGNORECASE)
_idx_labels = re.compile(r"labels[.-]idx1[.-]ubyte(\.gz)?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Draft:
    """An example to be: `split` is set where the data says itself what is held out, `passage` where
    it is a passage of its source: how many come before it there.

    Label, group and source are brought to one form; `spelled` is the label as it was. Raises
    `StudioError` for a label that is too long to be kept.
    """

    artifact: Artifact
    label: str = ""
    group: str = ""
    source: str = ""
    attributes: Mapping[str, Any] = field(default_factory=dict)
    split: Split | None = None
    spelled: str = ""
    passage: int | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "spelled", self.spelled or self.label)
        object.__setattr__(self, "label", one_form(self.label))
        if len(self.label) > limits.LABEL:
            raise StudioError(
                _("The label {label} is too long: use at most {count} characters.").format(
                    label=f"{self.label[:20]}…", count=f"{limits.LABEL:,}"
                )
            )
        for name in ("group", "source"):
            object.__setattr__(self, name, composed(getattr(self, name)))


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


def read_drafts(
    source: Source,
    medium: Medium,
    options: ImportOptions,
    remarks: list[str] | None = None,
    left: list[tuple[str, str]] | None = None,
) -> list[Draft]:
    """The drafts that one file gives, at once; see `drafts_of`."""
    reading = drafts_of(source, medium, options, remarks, left)
    while True:
        try:
            next(reading)
        except StopIteration as end:
            drafts: list[Draft] = end.value
            return drafts


def drafts_of(
    source: Source,
    medium: Medium,
    options: ImportOptions,
    remarks: list[str] | None = None,
    left: list[tuple[str, str]] | None = None,
) -> Generator[tuple[int, int], None, list[Draft]]:
    """The drafts that one file gives; what was left out, guessed or changed in it becomes a
    sentence in `remarks`, and tunes of a collection that cannot be used are `left`, with their
    names and why. Of a collection it yields how many tunes of how many are read. Raises
    `StudioError` when it is not one of this medium."""
    told = [] if remarks is None else remarks
    if medium == "melody" and melodies.looks_like_abc(source.path):
        drafts = yield from _tune_drafts(source, options, told, [] if left is None else left)
    else:
        drafts = _read_drafts(source, medium, options, told)
    if source.split is None:
        return drafts
    return [replace(each, split=source.split) for each in drafts]


def _read_drafts(
    source: Source, medium: Medium, options: ImportOptions, remarks: list[str]
) -> list[Draft]:
    label = source.folder if options.folders in ("label", "both") else ""
    group = source.folder if options.folders in ("group", "both") else ""
    if medium == "image":
        if source.is_idx:
            return _idx_drafts(source, options)
        picture, told = pictures.read_with_remarks(source.path, source.name)
        remarks += told
        _check_size(picture, source, options)
        return [Draft(fit_picture(picture, options), label, group, source.name)]
    if medium == "melody":
        melody = melodies.read_melody(source.path, source.name, options.part, remarks)
        return [Draft(melody, label, group or source.name, source.name)]
    return _text_drafts(source, label, group, options, remarks)


def _tune_drafts(
    source: Source, options: ImportOptions, remarks: list[str], left: list[tuple[str, str]]
) -> Generator[tuple[int, int], None, list[Draft]]:
    """The tunes of a file in ABC, each once without its repeats; variants of one are one group."""
    text = texts.read_text(source.path, source.name, options.encoding, remarks)
    found = yield from melodies.collection(text, voice=options.part)
    remarks += found.remarks
    left += found.left
    label = source.folder if options.folders in ("label", "both") else ""
    group = source.folder if options.folders in ("group", "both") else ""
    families = tune_families((tune.title, melody) for _number, tune, melody in found.tunes)
    return [
        Draft(
            melody,
            label,
            group or f"{source.name}#{found.tunes[family][0]}",
            f"{source.name}#{number}" if len(found.tunes) > 1 else source.name,
            melodies.attributes(tune),
        )
        for (number, tune, melody), family in zip(found.tunes, families, strict=True)
    ]


def _check_size(picture: Image, source: Source, options: ImportOptions) -> None:
    """Raise `StudioError` for a picture, or what the frame leaves of it, of too few pixels."""
    left, top, right, bottom = Frame(*options.crop or WHOLE).box(picture.width, picture.height)
    if min(right - left, bottom - top) >= SMALLEST_SIDE:
        return
    if min(picture.width, picture.height) < SMALLEST_SIDE:
        sentence = _("The picture {name} is {width}×{height}: use some of {side} pixels or more.")
    else:
        sentence = _(
            "The frame leaves {width}×{height} pixels of the picture {name}: make it larger, so "
            "that it leaves {side} or more."
        )
    raise StudioError(
        sentence.format(
            name=source.name, width=right - left, height=bottom - top, side=SMALLEST_SIDE
        )
    )


def belongs(source: Source, medium: Medium) -> bool:
    """Whether the file's name, or how it begins, says that it is of this medium."""
    return _fits(source.path, medium) or source.begins == medium


def _fits(path: Path, medium: Medium | None) -> bool:
    is_idx = bool(_idx_images.search(path.name))
    return readers.medium_of(path) == medium or (medium == "image" and is_idx)


def is_companion(source: Source) -> bool:
    """Whether the file is read with another one: the labels beside IDX pictures."""
    return bool(_idx_labels.search(source.path.name))


def _text_drafts(
    source: Source, label: str, group: str, options: ImportOptions, remarks: list[str]
) -> list[Draft]:
    text = texts.read_text(source.path, source.name, options.encoding, remarks)
    if is_table(source):
        rows = _with_labels(csv_examples(text, source.name, options, remarks), remarks)
    elif options.split_text == "passages":
        blocks = [text] if text.strip() else []
        return list(passage_drafts(source, label, group, blocks, size_for(len(text))))
    else:
        rows = [(piece, "", {}) for piece in texts.split_text(text, options.split_text)]
    kept = [row for row in rows if is_wanted(row[0], options)]
    remarks += left_out(len(rows) - len(kept))
    # Neighbours quote each other: they stay together, in at least twenty blocks where that can be.
    block = max(1, min(NEIGHBOURS, len(kept) // 20))
    return [
        Draft(
            Text(piece),
            own or label,
            group or f"{source.name}#{number // block}",
            source.name,
            attributes,
        )
        for number, (piece, own, attributes) in enumerate(kept)
    ]


def is_wanted(piece: str, options: ImportOptions) -> bool:
    """Whether a piece of a text is as long as the options ask for."""
    return max(options.shortest, 1) <= len(piece) <= (options.longest or len(piece))


def left_out(count: int) -> Iterator[str]:
    """A sentence on so many pieces that are not wanted; none for none."""
    if count:
        yield ngettext(
            "{count} piece is shorter or longer than asked for and was left out.",
            "{count} pieces are shorter or longer than asked for and were left out.",
            count,
        ).format(count=f"{count:,}")


def passage_drafts(
    source: Source, label: str, group: str, blocks: Iterable[str], size: int
) -> Iterator[Draft]:
    """The passages of a text that comes in blocks; without a group each text is one."""
    for number, piece in enumerate(passages(blocks, size)):
        yield Draft(Text(piece), label, group or source.name, source.name, passage=number)


def _with_labels(rows: Iterable[Row], remarks: list[str]) -> list[Row]:
    """The rows whose labels can be kept: one that is too long costs its own row."""
    found = list(rows)
    kept = [row for row in found if len(one_form(row[1])) <= limits.LABEL]
    if len(kept) < len(found):
        sentence = ngettext(
            "{count} row has a label of more than {limit} characters and was left out.",
            "{count} rows have labels of more than {limit} characters and were left out.",
            len(found) - len(kept),
        )
        told = sentence.format(count=f"{len(found) - len(kept):,}", limit=f"{limits.LABEL:,}")
        remarks.append(told)
    return kept


def _idx_drafts(source: Source, options: ImportOptions) -> list[Draft]:
    """Pictures of an IDX file (LeCun's format), with the labels of the file beside it if any."""
    shape, data = _read_idx(source.path, 3)
    labels = _labels_beside(source.path, shape[0])
    split: Split | None = "test" if source.path.name.lower().startswith("t10k") else None
    import numpy as np

    pixels = np.frombuffer(data, np.uint8).reshape(shape)
    return [
        Draft(
            fit_picture(Image(pixels[number]), options),
            labels[number] if labels else "",
            source=f"{source.name}#{number}",
            split=split,
        )
        for number in range(shape[0])
    ]


def _labels_beside(path: Path, count: int) -> list[str]:
    name = path.name.replace("images", "labels").replace("idx3", "idx1")
    names = {name, name.removesuffix(".gz"), f"{name.removesuffix('.gz')}.gz"}
    beside = next((path.with_name(each) for each in names if path.with_name(each).exists()), None)
    if beside is None:
        return []
    shape, data = _read_idx(beside, 1)
    if shape[0] != count:
        raise StudioError(
            _("{name} has {count} labels for {pictures} pictures: they do not belong together.")
            .format(name=beside.name, count=shape[0], pictures=count)
        )  # fmt: skip
    return [str(each) for each in data]


def _read_idx(path: Path, dimensions: int) -> tuple[tuple[int, ...], bytes]:
    broken = StudioError(
        _("The file {name} is no whole IDX file: get it again.").format(name=path.name)
    )
    try:
        opener: Any = gzip.open if path.suffix.lower() == ".gz" else open
        with opener(path, "rb") as file:
            head = file.read(4 + 4 * dimensions)
            if len(head) < 4 + 4 * dimensions or head[:4] != bytes((0, 0, 8, dimensions)):
                raise broken
            shape = tuple(
                int.from_bytes(head[4 + 4 * axis : 8 + 4 * axis], "big")
                for axis in range(dimensions)
            )
            size = 1
            for side in shape:
                size *= side
            if not 0 < size <= MOST_IDX_BYTES:
                raise broken
            data = file.read(size + 1)
    except (OSError, EOFError, ValueError, MemoryError, zlib.error) as error:
        raise broken from error
    if len(data) != size:
        raise broken
    return shape, data
