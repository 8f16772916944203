"""What becomes of each file of an import: its drafts, or a row that says why there are none.

The look before an import and the import itself walk over the same, so they cannot disagree.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from aigc_studio.api import Medium, Progress, StudioError, Text
from aigc_studio.library import readers
from aigc_studio.library.drafts import Draft, drafts_of
from aigc_studio.library.example_details import characters_text, detail, length
from aigc_studio.library.file_attributes import Attributes, TableCheck
from aigc_studio.library.known import Refusal
from aigc_studio.library.long_sources import is_long, read_long
from aigc_studio.library.options import ImportOptions
from aigc_studio.library.sources import Source, belongs, is_companion
from aigc_studio.library.steps import each_as
from aigc_studio.library.texts.long_texts import FIRST_LOOK, open_long
from aigc_studio.library.texts.personal import PersonalData
from aigc_studio.library.twins import Twins
from aigc_studio.translation import _, enumerated, in_a_row, ngettext

_MOST_LEFT = 200
"""Rows of tunes of one file that are not used."""


@dataclass(frozen=True)
class FileCheck:
    """One row of the table: a file, whether it is used, and if not why and what to do.

    `name` is the path below the folder chosen; `examples` is how many the file gives; `detail` is
    what it is (`28×28 grey`); `remarks` say what was left out, guessed or changed in it; `left` are
    rows of what in it is not used: tunes of a collection.
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
    remarks: tuple[str, ...] = ()
    left: tuple[FileCheck, ...] = ()


def survey(
    sources: Sequence[Source],
    medium: Medium,
    options: ImportOptions,
    twins: Twins,
    told: Attributes,
) -> Iterator[tuple[FileCheck | Progress, list[Draft]]]:
    """For each file its row and its drafts (none when it is skipped), in order.

    `told` is what tables say of them. What `twins` retracts in the end does not count. The drafts
    of a long text come with Progress in bytes, some at a time, and its row comes last; before those
    of a collection of tunes comes Progress in tunes.
    """
    for source in sources:
        if is_long(source, medium) and source.path not in told.tables:
            yield from _survey_long(source, options, twins)
        else:
            examined = yield from _examine(source, medium, options, twins, told)
            yield examined


def _survey_long(
    source: Source, options: ImportOptions, twins: Twins
) -> Iterator[tuple[FileCheck | Progress, list[Draft]]]:
    """What `survey` gives of one long text. One that breaks off counts for nothing."""
    drafts = characters = 0
    why: Refusal | None = None
    personal = PersonalData()
    digest, label = b"", source.folder if options.folders in ("label", "both") else ""
    try:
        found = yield from each_as(
            open_long(source.path, source.name, options.encoding), _without_drafts
        )
        refusal = twins.sift_long(source, found.digest, label)
        if refusal is not None:
            yield _skipped(source, refusal.reason, refusal.remedy), []
            return
        digest = found.digest
        for read, some in read_long(source, found, options):
            some, known = twins.unknown(some)
            why = why or known
            twins.keep(digest, len(some))
            drafts += len(some)
            characters += sum(map(length, some))
            personal.look(_texts(some))
            step = FIRST_LOOK * found.size + (1 - FIRST_LOOK) * read
            yield Progress(round(step), found.size, source.name), some
    except StudioError as error:
        if digest:
            twins.give_up(digest)
        yield _skipped(source, str(error), _("Fix the file or leave it out.")), []
        return
    if why is not None and not drafts:
        yield _skipped(source, why.reason, why.remedy), []
        return
    remarks = (*dict.fromkeys(found.remarks), *personal.remarks)
    yield _row_of_long(source, label, drafts, characters, remarks), []


def _row_of_long(
    source: Source, label: str, drafts: int, characters: int, remarks: tuple[str, ...]
) -> FileCheck:
    """What a long text came to, once it has been read to its end."""
    return FileCheck(
        source.path,
        drafts > 0,
        _("There is nothing in it.") if not drafts else "",
        _("Leave it out.") if not drafts else "",
        label=label,
        name=source.name,
        examples=drafts,
        detail=characters_text(characters),
        remarks=remarks,
    )


def _without_drafts(step: Progress) -> tuple[Progress, list[Draft]]:
    return step, []


def _examine(
    source: Source, medium: Medium, options: ImportOptions, twins: Twins, told: Attributes
) -> Generator[tuple[Progress, list[Draft]], None, tuple[FileCheck, list[Draft]]]:
    check, drafts = yield from _read(source, medium, options, told)
    kept, refusal = twins.sift(source, drafts)
    if refusal is not None:
        return _skipped(source, refusal.reason, refusal.remedy), []
    if not kept:
        return check, []
    personal = PersonalData()
    personal.look(_texts(kept))
    remarks = (*check.remarks, *twins.told, *personal.remarks)
    return replace(_used(source, kept, remarks), left=check.left), kept


def _texts(drafts: Iterable[Draft]) -> Iterator[str]:
    return (each.artifact.value for each in drafts if isinstance(each.artifact, Text))


def _read(
    source: Source, medium: Medium, options: ImportOptions, told: Attributes
) -> Generator[tuple[Progress, list[Draft]], None, tuple[FileCheck, list[Draft]]]:
    """The drafts of a file; a row that says why there are none."""
    if source.reason:
        return _skipped(source, source.reason, source.remedy), []
    if source.path in told.tables:
        return _table(source, told.tables[source.path]), []
    if not belongs(source, medium):
        if source.path in told.unread:
            remedy = _("Fix the names in it, or choose it as the table of attributes.")
            return _skipped(source, told.unread[source.path], remedy), []
        return _foreign(source, medium), []
    try:
        remarks: list[str] = []
        left: list[tuple[str, str]] = []
        reading = drafts_of(source, medium, options, remarks, left)
        drafts = _described((yield from each_as(reading, _without_drafts)), source, told)
    except StudioError as error:
        remedy = _("Fix the file or leave it out.")
        return _skipped(source, str(error), remedy), []
    if options.left_out and drafts:
        drafts = [each for each in drafts if each.source not in options.unwanted]
        if not drafts:
            return _skipped(source, _("You left it out."), _("Nothing to do.")), []
    nothing = _nothing([why for _name, why in left])
    check = _skipped(source, in_a_row((nothing, *remarks)), _("Leave it out."))
    alone = not drafts and len(left) == 1  # its row says why
    rows = () if alone else tuple(_left_out(source, *each) for each in left[:_MOST_LEFT])
    return replace(check, remarks=tuple(dict.fromkeys(remarks)), left=rows), drafts


def _nothing(reasons: Sequence[str]) -> str:
    """Why a file gives no example, when this is why each of its tunes gives none."""
    if len(reasons) > 1:
        sentence = _("None of its {count} tunes can be used.")
        return sentence.format(count=f"{len(reasons):,}")
    return reasons[0] if reasons else _("There is nothing in it.")


def _left_out(source: Source, name: str, reason: str) -> FileCheck:
    remedy = _("Fix it or leave it out.")
    return FileCheck(source.path, False, reason, remedy, name=f"{source.name}#{name}")


def _described(drafts: list[Draft], source: Source, told: Attributes) -> list[Draft]:
    """The drafts with what tables say of their file."""
    attributes, label = told.of(source.path), told.label_of(source.path)
    group = told.group_of(source.path)
    if attributes:
        drafts = [replace(each, attributes={**each.attributes, **attributes}) for each in drafts]
    if label:
        drafts = [replace(each, label=label, spelled="") for each in drafts]
    return [replace(each, group=group) for each in drafts] if group else drafts


def _table(source: Source, check: TableCheck) -> FileCheck:
    columns = ngettext("{count} attribute", "{count} attributes", check.columns)
    files = ngettext("{what} of {count} file", "{what} of {count} files", check.files)
    what = columns.format(count=check.columns)
    return FileCheck(
        source.path,
        True,
        name=source.name,
        detail=files.format(what=what, count=f"{check.files:,}"),
        remarks=tuple(check.remarks),
    )


def _used(source: Source, drafts: list[Draft], remarks: tuple[str, ...]) -> FileCheck:
    first = drafts[0]
    return FileCheck(
        source.path,
        True,
        label=first.label if len({draft.label for draft in drafts}) == 1 else "",
        group=first.group if len(drafts) == 1 else "",
        name=source.name,
        examples=len(drafts),
        detail=detail(drafts),
        remarks=remarks,
    )


def without(check: FileCheck, count: int, refusal: Refusal) -> FileCheck:
    """The row of a file when so many of its examples do not count after all."""
    if check.examples > count:
        return replace(check, examples=check.examples - count)
    return FileCheck(check.path, False, refusal.reason, refusal.remedy, name=check.name)


def _skipped(source: Source, reason: str, remedy: str) -> FileCheck:
    return FileCheck(source.path, False, reason, remedy, name=source.name)


def _foreign(source: Source, medium: Medium) -> FileCheck:
    if is_companion(source):
        return _skipped(source, _("It holds the labels of another file."), _("Nothing to do."))
    kind = readers.other_kind(source.name)
    if kind is not None and kind[0] in (medium, None):
        return _skipped(source, kind[1], _("Fix the file or leave it out."))
    wanted = {
        "image": _("It is not a picture."),
        "text": _("It is not a text."),
        "melody": _("It is not a tune."),
    }
    known = enumerated(readers.suffixes(medium), 8)
    return _skipped(
        source, wanted[medium], _("Only files that end in {known} are read.").format(known=known)
    )
