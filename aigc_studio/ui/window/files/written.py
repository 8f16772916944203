"""Files that go out: what they are called, and how several are written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from aigc_studio import files
from aigc_studio.translation import in_a_row, ngettext


@dataclass(frozen=True)
class Place:
    """Where files go. `find` gives their paths beside the window, when they are written: the drive
    of their `folder` may not answer, and another board may be open by then."""

    find: Callable[[], Sequence[Path]]
    folder: Path | None = None

    @classmethod
    def of(cls, paths: Path | Sequence[Path] | Place) -> Place:
        """A place; or paths that are known already."""
        if isinstance(paths, Place):
            return paths
        return cls(lambda: [paths] if isinstance(paths, Path) else paths)


def write_each(count: int, write: Callable[[int], object]) -> None:
    """Write so many files. One that cannot be made is left out, and none is tried any more where
    the disk has refused one. Raises `StudioError`: how many there are, and why not all."""
    from aigc_studio.api import StudioError

    refused: list[StudioError] = []
    written = 0
    for number in range(count):
        try:
            write(number)
        except StudioError as error:
            refused.append(error)
            why = error.__cause__
            if isinstance(why, OSError) and not isinstance(why, FileNotFoundError):
                break
        else:
            written += 1
    if not refused:
        return
    if not written:
        raise refused[0]
    sentence = ngettext(
        "{count} of {total} files was written.", "{count} of {total} files were written.", written
    ).format(count=written, total=count)
    raise StudioError(in_a_row([sentence, str(refused[0])])) from refused[0]


def file_name(name: str) -> str:
    """A name that every file system takes."""
    return files.named_after(name, "item")


def free_paths(folder: Path, names: Sequence[str]) -> list[Path]:
    """Paths in `folder` that are taken neither by a file nor by each other."""
    ends = [suffix_of(name) for name in names]
    stems = [name.removesuffix(end) for name, end in zip(names, ends, strict=True)]
    return files.free_paths(folder, zip(stems, ends, strict=True))


def suffix_of(name: str) -> str:
    """The ending of a name that is proposed: some have two parts."""
    from aigc_studio.project.export import SUFFIXES

    known = [each for some in SUFFIXES.values() for each in some if name.endswith(each)]
    return max(known, key=len, default=name[name.rindex(".") :])


def with_suffix_of(path: Path, name: str) -> Path:
    """The path, ended as `name` is unless the person typed the ending of something that can be
    written. A dot alone is none: *Op. 3*. What is ended here takes no other file's place."""
    from aigc_studio.project.export import ANIMATIONS, SUFFIXES

    known = {*ANIMATIONS, *(each for some in SUFFIXES.values() for each in some)}
    if path.name.lower().endswith(tuple(known)):
        return path
    suffix = suffix_of(name)
    stem = path.stem if path.suffix and suffix.endswith(path.suffix.lower()) else path.name
    return free_paths(path.parent, [stem + suffix])[0]
