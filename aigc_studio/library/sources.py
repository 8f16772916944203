"""From what a person points at to drafts of examples: folders, files, IDX files, tables."""

from __future__ import annotations

import gzip
import os
import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aigc_studio.api import Artifact, Image, Medium, StudioError, Text
from aigc_studio.api.dataset import Split
from aigc_studio.library import melodies, pictures, readers, texts
from aigc_studio.library.options import SMALLEST_SIDE, ImportOptions, fit_picture
from aigc_studio.translation import _

MOST_IDX_BYTES = 1024**3

_idx_images = re.compile(r"images[.-]idx3[.-]ubyte(\.gz)?$", re.IGNORECASE)
_idx_labels = re.compile(r"labels[.-]idx1[.-]ubyte(\.gz)?$", re.IGNORECASE)


@dataclass(frozen=True)
class Draft:
    """An example to be: `split` is set where the data says itself what is held out."""

    artifact: Artifact
    label: str = ""
    group: str = ""
    source: str = ""
    attributes: Mapping[str, Any] = field(default_factory=dict)
    split: Split | None = None


@dataclass(frozen=True)
class Source:
    """One file of an import: its path, its name below the folder chosen, its sub-folder."""

    path: Path
    name: str
    folder: str = ""

    @property
    def is_idx(self) -> bool:
        """Whether it is a file of pictures in the format of the original MNIST."""
        return bool(_idx_images.search(self.path.name))


def find_sources(paths: Path | Sequence[Path]) -> list[Source]:
    """Every file at or below the paths, in natural order, hidden ones, pipes, devices and links to
    folders left out. Raises `StudioError` when a path is not there, or no file and no folder."""
    found: list[Source] = []
    for top in [paths] if isinstance(paths, Path) else paths:
        if not top.exists():
            raise StudioError(_("The file {name} is not there.").format(name=top.name or top))
        if top.is_file():
            found.append(Source(top, top.name))
            continue
        if not top.is_dir():
            raise StudioError(
                _("{name} is neither a file nor a folder: choose one.").format(name=top.name)
            )
        for parent, folders, names in os.walk(top):
            folders[:] = [each for each in folders if not each.startswith(".")]
            below = Path(parent).relative_to(top)
            found += [
                Source(Path(parent) / name, (below / name).as_posix(), _folder_name(below))
                for name in names
                if not (_hidden(name) or _never_ends(Path(parent) / name))
            ]
    return sorted(found, key=lambda each: _natural(each.name))


def _folder_name(below: Path) -> str:
    return below.parts[0] if below.parts else ""


def _hidden(name: str) -> bool:
    return name.startswith((".", "~$")) or name.lower() in ("thumbs.db", "desktop.ini")


def _never_ends(path: Path) -> bool:
    """Whether it is a pipe, a device or a socket, which a reader would wait at for ever."""
    return path.exists() and not path.is_file()


def _natural(name: str) -> list[tuple[int, str]]:
    parts = re.findall(r"\d+|\D+", name.casefold())
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in parts]


def read_drafts(source: Source, medium: Medium, options: ImportOptions) -> list[Draft]:
    """The drafts that one file gives. Raises `StudioError` when it is not one of this medium."""
    label = source.folder if options.folders in ("label", "both") else ""
    group = source.folder if options.folders in ("group", "both") else ""
    if medium == "image":
        if source.is_idx:
            return _idx_drafts(source, options)
        picture = pictures.read_picture(source.path, source.name)
        if min(picture.width, picture.height) < SMALLEST_SIDE:
            raise StudioError(
                _("The picture {name} is {width}×{height}: use some of {side} pixels or more.")
                .format(
                    name=source.name,
                    width=picture.width,
                    height=picture.height,
                    side=SMALLEST_SIDE,
                )
            )  # fmt: skip
        return [Draft(fit_picture(picture, options), label, group, source.name)]
    if medium == "melody":
        melody = melodies.read_melody(source.path, source.name)
        return [Draft(melody, label, group or source.name, source.name)]
    return _text_drafts(source, label, group, options)


def belongs(source: Source, medium: Medium) -> bool:
    """Whether the file's name says that it is of this medium."""
    return readers.medium_of(source.path) == medium or (medium == "image" and source.is_idx)


def is_companion(source: Source) -> bool:
    """Whether the file is read with another one: the labels beside IDX pictures."""
    return bool(_idx_labels.search(source.path.name))


def _text_drafts(source: Source, label: str, group: str, options: ImportOptions) -> list[Draft]:
    text = texts.read_text(source.path, source.name)
    if source.path.suffix.lower() == ".csv":
        pairs = list(texts.csv_rows(text, source.name))
    else:
        pairs = [(piece, "") for piece in texts.split_text(text, options.split_text)]
    kept = [
        (piece, own)
        for piece, own in pairs
        if len(piece) >= max(options.shortest, 1) and len(piece) <= (options.longest or len(piece))
    ]
    # Neighbours quote each other: they stay together, in at least twenty blocks where that can be.
    block = max(1, min(50, len(kept) // 20))
    return [
        Draft(Text(piece), own or label, group or f"{source.name}#{number // block}", source.name)
        for number, (piece, own) in enumerate(kept)
    ]


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
