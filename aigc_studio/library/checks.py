"""The look before an import: which files would be used, which not, why, and what to do.

`survey` is what the import itself walks over, so the table and the import cannot disagree.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from aigc_studio.api import Artifact, Image, Medium, Melody, Progress, StudioError
from aigc_studio.library import readers
from aigc_studio.library.options import ImportOptions
from aigc_studio.library.sources import (
    Draft,
    Source,
    belongs,
    find_sources,
    is_companion,
    read_drafts,
)
from aigc_studio.translation import _, ngettext

FEW_EXAMPLES = 50
"""Below this many examples a person is told that a model will learn little."""


@dataclass(frozen=True)
class FileCheck:
    """One row of the table: a file, whether it is used, and if not why and what to do.

    `name` is the path below the folder chosen; `examples` is how many the file gives; `detail` is
    what it is (`28×28 grey`).
    """

    path: Path
    used: bool
    reason: str = ""
    remedy: str = ""
    label: str = ""
    group: str = ""
    name: str = ""
    examples: int = 0
    detail: str = ""


@dataclass(frozen=True)
class Preflight:
    """What an import would do. `problem` is why it cannot be done at all, empty when it can;
    `remarks` are sentences worth knowing; `labels`, `sizes` and `modes` count examples."""

    medium: Medium
    rows: tuple[FileCheck, ...] = ()
    problem: str = ""
    remarks: tuple[str, ...] = ()
    labels: dict[str, int] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)
    modes: dict[str, int] = field(default_factory=dict)

    @property
    def used(self) -> tuple[FileCheck, ...]:
        """The rows of the files that would be used."""
        return tuple(row for row in self.rows if row.used)

    @property
    def skipped(self) -> tuple[FileCheck, ...]:
        """The rows of the files that would not be used."""
        return tuple(row for row in self.rows if not row.used)

    @property
    def examples(self) -> int:
        """How many examples the import would make."""
        return sum(row.examples for row in self.rows)


def preflight(
    path: Path | Sequence[Path], medium: Medium, options: ImportOptions | None = None
) -> Preflight:
    """Look at everything at once; see `look`."""
    looking = look(path, medium, options)
    while True:
        try:
            next(looking)
        except StopIteration as end:
            found: Preflight = end.value
            return found


def look(
    path: Path | Sequence[Path], medium: Medium, options: ImportOptions | None = None
) -> Generator[Progress, None, Preflight]:
    """Look through files and folders, yielding Progress; the return value is the `Preflight`.

    Writes nothing, and may be closed at any time. Raises `StudioError` when a path is not there.
    """
    options = options or ImportOptions()
    sources = find_sources(path)
    rows: list[FileCheck] = []
    labels: Counter[str] = Counter()
    sizes: Counter[str] = Counter()
    modes: Counter[str] = Counter()
    for check, drafts in survey(sources, medium, options):
        rows.append(check)
        labels.update(draft.label for draft in drafts if draft.label)
        images = [draft.artifact for draft in drafts if isinstance(draft.artifact, Image)]
        sizes.update(f"{image.width}×{image.height}" for image in images)
        modes.update(image.mode for image in images)
        yield Progress(len(rows), len(sources), check.name)
    found = Preflight(
        medium, tuple(rows), "", (), dict(sorted(labels.items())), dict(sizes), dict(modes)
    )
    return Preflight(
        **(vars(found) | {"problem": _problem(found, path), "remarks": tuple(_remarks(found))})
    )


def survey(
    sources: Sequence[Source], medium: Medium, options: ImportOptions
) -> Iterator[tuple[FileCheck, list[Draft]]]:
    """For each file its row and its drafts (none when it is skipped), in order."""
    seen: dict[str, str] = {}
    for source in sources:
        yield _examine(source, medium, options, seen)


def _examine(
    source: Source, medium: Medium, options: ImportOptions, seen: dict[str, str]
) -> tuple[FileCheck, list[Draft]]:
    if not belongs(source, medium):
        return _foreign(source, medium), []
    try:
        drafts = read_drafts(source, medium, options)
    except StudioError as error:
        remedy = _("Mend the file or leave it out.")
        return _skipped(source, str(error), remedy), []
    if not drafts:
        return _skipped(source, _("There is nothing in it."), _("Leave it out.")), []
    if len(drafts) == 1:
        twin = seen.setdefault(drafts[0].artifact.digest, source.name)
        if twin != source.name:
            reason = _("It is the same as {name}.").format(name=twin)
            return _skipped(source, reason, _("Nothing: one of them is enough.")), []
    first = drafts[0]
    check = FileCheck(
        source.path,
        True,
        label=first.label if len({draft.label for draft in drafts}) == 1 else "",
        group=first.group if len(drafts) == 1 else "",
        name=source.name,
        examples=len(drafts),
        detail=_detail(drafts),
    )
    return check, drafts


def _skipped(source: Source, reason: str, remedy: str) -> FileCheck:
    return FileCheck(source.path, False, reason, remedy, name=source.name)


def _foreign(source: Source, medium: Medium) -> FileCheck:
    if is_companion(source):
        return _skipped(source, _("It holds the labels of another file."), _("Nothing."))
    wanted = {
        "image": _("It is not a picture."),
        "text": _("It is not a text."),
        "melody": _("It is not a tune."),
    }
    known = ", ".join(readers.suffixes(medium))
    return _skipped(
        source, wanted[medium], _("Only files that end in {known} are read.").format(known=known)
    )


def _detail(drafts: list[Draft]) -> str:
    artifact: Artifact = drafts[0].artifact
    if isinstance(artifact, Image):
        kinds = {"L": _("grey"), "RGB": _("colour"), "RGBA": _("colour and transparency")}
        return f"{artifact.width}×{artifact.height} {kinds[artifact.mode]}"
    if isinstance(artifact, Melody):
        notes, bars = len(artifact.notes), len(artifact.bars)
        return _("{notes} notes, {bars} bars").format(notes=notes, bars=bars)
    count = sum(
        len(draft.artifact) for draft in drafts if not isinstance(draft.artifact, Image | Melody)
    )
    return ngettext("{count} character", "{count} characters", count).format(count=f"{count:,}")


def _problem(found: Preflight, path: Path | Sequence[Path]) -> str:
    name = path.name if isinstance(path, Path) else ", ".join(each.name for each in path[:3])
    if not found.rows:
        return _("The folder {name} is empty: put files in it or choose another.").format(name=name)
    if not found.used:
        return _("None of the {count} files in {name} can be used: {reason}").format(
            count=len(found.rows), name=name, reason=found.rows[0].reason
        )
    return ""


def _remarks(found: Preflight) -> Iterator[str]:
    if 0 < found.examples < FEW_EXAMPLES:
        yield ngettext(
            "There is only {count} example: a model will learn it by heart. Add more.",
            "There are only {count} examples: a model will learn them by heart. Add more.",
            found.examples,
        ).format(count=found.examples)
    if len(found.sizes) > 1:
        yield _("The pictures have {count} different sizes: choose one size for all.").format(
            count=len(found.sizes)
        )
    if len(found.modes) > 1:
        yield _("Some pictures are grey and some in colour: choose one for all.")
    unlabelled = found.examples - sum(found.labels.values())
    if found.labels and unlabelled:
        yield ngettext(
            "{count} example has no label: put it in a sub-folder.",
            "{count} examples have no label: put them in sub-folders.",
            unlabelled,
        ).format(count=unlabelled)
    if len(found.labels) > 1 and min(found.labels.values()) * 10 < max(found.labels.values()):
        rare = min(found.labels, key=lambda each: found.labels[each])
        yield _("The label {label} has only {count} examples: it will be learnt badly.").format(
            label=rare, count=found.labels[rare]
        )
