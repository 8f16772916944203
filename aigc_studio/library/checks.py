"""The look before an import: which files would be used, which not, why, and what to do.

`survey` is what the import itself walks over, so the table and the import cannot disagree.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import get_args

from aigc_studio.api import Medium, Progress, StudioError, limits
from aigc_studio.api.attributes import Attribute
from aigc_studio.library import readers
from aigc_studio.library.attribute_tables import read_tables, with_table
from aigc_studio.library.example_details import characters_text, detail, length
from aigc_studio.library.file_attributes import Attributes, TableCheck
from aigc_studio.library.long_sources import is_long, read_long
from aigc_studio.library.options import ImportOptions
from aigc_studio.library.remarks import (
    attribute_remarks,
    example_remarks,
    file_remarks,
    form_remarks,
    look_like_people,
    source_remarks,
    twin_remarks,
)
from aigc_studio.library.rows import TEST_SHARE
from aigc_studio.library.sources import (
    Draft,
    Source,
    belongs,
    drafts_of,
    find_sources,
    is_companion,
)
from aigc_studio.library.tally import Tally
from aigc_studio.library.text_forms import settled
from aigc_studio.library.texts.long_texts import FIRST_LOOK, LongText, open_long
from aigc_studio.library.twins import Refusal, Twins
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


@dataclass(frozen=True)
class Preflight:
    """What an import would do. `problem` is why it cannot be done at all, empty when it can;
    `remarks` are sentences worth knowing; `labels`, `sizes`, `modes` and `parts` (where the data
    says itself what is held out) count examples. `attributes` are those that tables say of the
    examples, of which `described` have some. `fingerprint` is that of the dataset to be.

    `options` are those asked for with what was found out put in. Of texts: how many `characters`
    they have, how many examples stand there `repeated`, and the beginnings of the `first` ones."""

    medium: Medium
    rows: tuple[FileCheck, ...] = ()
    problem: str = ""
    remarks: tuple[str, ...] = ()
    labels: dict[str, int] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)
    modes: dict[str, int] = field(default_factory=dict)
    parts: dict[str, int] = field(default_factory=dict)
    attributes: tuple[Attribute, ...] = ()
    described: int = 0
    fingerprint: str = ""
    options: ImportOptions = field(default_factory=ImportOptions)
    characters: int = 0
    repeated: int = 0
    first: tuple[str, ...] = ()

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

    @property
    def people(self) -> bool:
        """Whether the labels are called as folders of one person each are, in pictures."""
        return self.medium == "image" and look_like_people(self.labels)


def preflight(
    path: Path | Sequence[Path],
    medium: Medium,
    options: ImportOptions | None = None,
    test_share: float = TEST_SHARE,
) -> Preflight:
    """Look at everything at once; see `look`."""
    looking = look(path, medium, options, test_share)
    while True:
        try:
            next(looking)
        except StopIteration as end:
            found: Preflight = end.value
            return found


def look(
    path: Path | Sequence[Path],
    medium: Medium,
    options: ImportOptions | None = None,
    test_share: float = TEST_SHARE,
) -> Generator[Progress, None, Preflight]:
    """Look through files and folders, yielding Progress; the return value is the `Preflight`.

    Writes nothing, and may be closed at any time. Raises `StudioError` when a path is not there.
    """
    options = options or ImportOptions()
    found = find_sources(path, medium, options.layout)
    sources = with_table(found.sources, options)
    asked, options = options, settled(sources, medium, options)
    tally, twins = Tally(), Twins()
    told = read_tables(sources, medium, options)
    rows: list[FileCheck] = []
    for check, drafts in survey(sources, medium, options, twins, told):
        tally.note(drafts)
        if isinstance(check, Progress):
            yield check
        else:
            rows.append(check)
            yield Progress(len(rows), len(sources), check.name)
    tally.take_back(twins.retracted)
    for number, (count, refusal) in twins.undone.items():
        rows[number] = _without(rows[number], count, refusal)
    rows = [each for row in rows for each in (row, *row.left)]
    seen = Preflight(
        medium,
        tuple(rows),
        labels=tally.labels(),
        sizes=tally.sizes(),
        modes=tally.modes(),
        parts=tally.parts(),
        attributes=tally.attributes(),
        described=tally.described(),
        fingerprint=tally.fingerprint(test_share),
        options=options,
        characters=tally.characters,
        repeated=tally.repeated(),
        first=tuple(tally.first),
    )
    remarks = (
        *source_remarks(found, seen.parts),
        *attribute_remarks(seen, told),
        *twin_remarks(twins),
        *form_remarks(asked, options, sources),
        *tally.spellings(),
        *file_remarks(seen.used),
        *example_remarks(seen),
    )
    return replace(seen, problem=_problem(seen, path, twins), remarks=remarks)


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
    digest, label = b"", source.folder if options.folders in ("label", "both") else ""
    try:
        found = yield from _without_drafts(open_long(source.path, source.name, options.encoding))
        refusal = twins.sift_long(source, found.digest, label)
        if refusal is not None:
            yield _skipped(source, refusal.reason, refusal.remedy), []
            return
        digest = found.digest
        for read, some in read_long(source, found, options):
            twins.keep(digest, len(some))
            drafts += len(some)
            characters += sum(map(length, some))
            step = FIRST_LOOK * found.size + (1 - FIRST_LOOK) * read
            yield Progress(round(step), found.size, source.name), some
    except StudioError as error:
        if digest:
            twins.give_up(digest)
        yield _skipped(source, str(error), _("Mend the file or leave it out.")), []
        return
    yield (
        FileCheck(
            source.path,
            drafts > 0,
            _("There is nothing in it.") if not drafts else "",
            _("Leave it out.") if not drafts else "",
            label=label,
            name=source.name,
            examples=drafts,
            detail=characters_text(characters),
            remarks=tuple(dict.fromkeys(found.remarks)),
        ),
        [],
    )


def _without_drafts(
    looking: Generator[Progress, None, LongText],
) -> Generator[tuple[FileCheck | Progress, list[Draft]], None, LongText]:
    while True:
        try:
            yield next(looking), []
        except StopIteration as end:
            found: LongText = end.value
            return found


def people_text() -> str:
    """What is said where sub-folders are taken for people without anybody having said so."""
    return _(
        "The sub-folders look like people: each is a group, so that nobody is both learnt from and "
        "held out."
    )


def guess_medium(paths: Path | Sequence[Path]) -> tuple[Medium, int, int]:
    """The medium of most of the files, how many are of it, and how many there are."""
    found = [each for each in find_sources(paths).sources if not each.reason]
    counts = {medium: sum(belongs(each, medium) for each in found) for medium in get_args(Medium)}
    medium = max(counts, key=lambda each: counts[each])
    return medium, counts[medium], len(found)


def _examine(
    source: Source, medium: Medium, options: ImportOptions, twins: Twins, told: Attributes
) -> Generator[tuple[Progress, list[Draft]], None, tuple[FileCheck, list[Draft]]]:
    check, drafts = yield from _read(source, medium, options, told)
    kept, refusal = twins.sift(source, drafts)
    if refusal is not None:
        return _skipped(source, refusal.reason, refusal.remedy), []
    if not kept:
        return check, []
    return replace(_used(source, kept, check.remarks), left=check.left), kept


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
            remedy = _("Mend the names in it, or choose it as the table of attributes.")
            return _skipped(source, told.unread[source.path], remedy), []
        return _foreign(source, medium), []
    try:
        remarks: list[str] = []
        left: list[tuple[str, str]] = []
        reading = drafts_of(source, medium, options, remarks, left)
        drafts = _described((yield from _told(reading, source)), source, told)
    except StudioError as error:
        remedy = _("Mend the file or leave it out.")
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


def _told(
    reading: Generator[tuple[int, int], None, list[Draft]], source: Source
) -> Generator[tuple[Progress, list[Draft]], None, list[Draft]]:
    """Its steps as Progress."""
    while True:
        try:
            done, total = next(reading)
        except StopIteration as end:
            drafts: list[Draft] = end.value
            return drafts
        yield Progress(done, total, source.name), []


def _nothing(reasons: Sequence[str]) -> str:
    """Why a file gives no example, when this is why each of its tunes gives none."""
    if len(reasons) > 1:
        sentence = _("None of its {count} tunes can be used.")
        return sentence.format(count=f"{len(reasons):,}")
    return reasons[0] if reasons else _("There is nothing in it.")


def _left_out(source: Source, name: str, reason: str) -> FileCheck:
    remedy = _("Mend it or leave it out.")
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


def _without(check: FileCheck, count: int, refusal: Refusal) -> FileCheck:
    """The row of a file when so many of its examples do not count after all."""
    if check.examples > count:
        return replace(check, examples=check.examples - count)
    return FileCheck(check.path, False, refusal.reason, refusal.remedy, name=check.name)


def _skipped(source: Source, reason: str, remedy: str) -> FileCheck:
    return FileCheck(source.path, False, reason, remedy, name=source.name)


def _foreign(source: Source, medium: Medium) -> FileCheck:
    if is_companion(source):
        return _skipped(source, _("It holds the labels of another file."), _("Nothing to do."))
    wanted = {
        "image": _("It is not a picture."),
        "text": _("It is not a text."),
        "melody": _("It is not a tune."),
    }
    known = enumerated(readers.suffixes(medium), 8)
    return _skipped(
        source, wanted[medium], _("Only files that end in {known} are read.").format(known=known)
    )


def _problem(found: Preflight, path: Path | Sequence[Path], twins: Twins) -> str:
    name = path.name if isinstance(path, Path) else enumerated(each.name for each in path[:3])
    if not found.rows:
        return _("The folder {name} is empty: put files in it or choose another.").format(name=name)
    if not found.examples:
        reason = next((row.reason for row in found.rows if row.reason), "")
        return _("None of the {count} files in {name} can be used: {reason}").format(
            count=len({row.path for row in found.rows}), name=name, reason=reason
        )
    if found.examples == 1 and twins.same:
        return _(
            "The {count} examples in {name} are all the same, and nothing can be learnt from one: "
            "choose different ones."
        ).format(count=f"{twins.same + 1:,}", name=name)
    if found.examples > limits.EXAMPLES:
        return _("{name} has {count} examples: a dataset may have at most {most}.").format(
            name=name, count=f"{found.examples:,}", most=f"{limits.EXAMPLES:,}"
        )
    return ""
