"""The look before an import: what it would make of all the files, and whether it can be done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import get_args

from aigc_studio.api import Medium, Progress, limits
from aigc_studio.library.additions import without_lost_columns
from aigc_studio.library.attribute_tables import read_tables, with_table
from aigc_studio.library.known import Known
from aigc_studio.library.options import ImportOptions
from aigc_studio.library.preflights import Preflight
from aigc_studio.library.remarks import (
    FEW_CHARACTERS,
    attribute_remarks,
    example_remarks,
    file_remarks,
    form_remarks,
    known_remarks,
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


def preflight(
    path: Path | Sequence[Path],
    medium: Medium,
    options: ImportOptions | None = None,
    test_share: float = TEST_SHARE,
    known: Known | None = None,
) -> Preflight:
    """Look at everything at once; see `look`."""
    return finished(look(path, medium, options, test_share, known))


def look(
    path: Path | Sequence[Path],
    medium: Medium,
    options: ImportOptions | None = None,
    test_share: float = TEST_SHARE,
    known: Known | None = None,
) -> Generator[Progress, None, Preflight]:
    """Look through files and folders, yielding Progress; the return value is the `Preflight`.

    With what is `known` of a dataset (`DatasetStore.known`), as what joins it. Writes nothing, and
    may be closed at any time. Raises `StudioError` when a path is not there.
    """
    options = options or ImportOptions()
    found = find_sources(path, medium, options.layout)
    if known is not None:
        options = without_lost_columns(found.sources, options)
    sources = with_table(found.sources, options)
    asked, options = options, settled(sources, medium, options)
    tally, twins = Tally(), Twins(known)
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
        *known_remarks(twins),
        *form_remarks(asked, options, sources),
        *tally.spellings(),
        *file_remarks(seen.used),
        *example_remarks(seen if known is None else _together(seen, known)),
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


def _together(seen: Preflight, known: Known) -> Preflight:
    """What is seen and what is known, as what can be said of all of it."""
    sizes, modes = Counter(seen.sizes), Counter(seen.modes)
    names = {0: "L", 3: "RGB", 4: "RGBA"}
    for height, width, *depth in known.shapes:
        sizes[f"{width}×{height}"] += 1
        modes[names[sum(depth)]] += 1
    there = FileCheck(Path(), True, examples=known.examples)
    return replace(
        seen,
        rows=(there, *seen.rows),
        labels=dict(Counter(seen.labels) + Counter(known.labels)),
        sizes=dict(sizes),
        modes=dict(modes),
        characters=max(seen.characters, FEW_CHARACTERS),
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
