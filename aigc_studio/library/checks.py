"""The look before an import: what it would make of all the files, and whether it can be done."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import get_args

from aigc_studio.api import Medium, Progress, limits
from aigc_studio.api.attributes import Attribute
from aigc_studio.library.attribute_tables import read_tables, with_table
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
from aigc_studio.library.sources import belongs, find_sources
from aigc_studio.library.steps import finished
from aigc_studio.library.surveying import FileCheck, survey, without
from aigc_studio.library.tally import Tally
from aigc_studio.library.text_forms import settled
from aigc_studio.library.twins import Twins
from aigc_studio.translation import _, enumerated


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
    return finished(look(path, medium, options, test_share))


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
        rows[number] = without(rows[number], count, refusal)
    rows = [each for row in rows for each in (row, *row.left)]
    seen = _seen(medium, rows, tally, options, tally.fingerprint(test_share))
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


def _seen(
    medium: Medium, rows: Sequence[FileCheck], tally: Tally, options: ImportOptions, mark: str
) -> Preflight:
    """What the table and the tally say; `mark` is the fingerprint."""
    return Preflight(
        medium,
        tuple(rows),
        labels=tally.labels(),
        sizes=tally.sizes(),
        modes=tally.modes(),
        parts=tally.parts(),
        attributes=tally.attributes(),
        described=tally.described(),
        fingerprint=mark,
        options=options,
        characters=tally.characters,
        repeated=tally.repeated(),
        first=tuple(tally.first),
    )


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
