"""From a folder to a dataset in the shell: looked over first, and everything odd is said."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aigc_studio.api import Medium, StudioError, media
from aigc_studio.api.spelling import one_form
from aigc_studio.cli.console import Console, follow
from aigc_studio.translation import _, in_a_row, labelled, ngettext

if TYPE_CHECKING:
    from aigc_studio.library import FileCheck, ImportOptions, Preflight

MOST_OF_A_KIND = 5
"""So many files that are left out for one kind of reason are named; more are counted."""


def import_options(arguments: argparse.Namespace) -> ImportOptions:
    """The choices of an import that were said in the shell. Raises `StudioError`."""
    from aigc_studio.library import ImportOptions

    return ImportOptions(**said_options(arguments))


def said_options(arguments: argparse.Namespace) -> dict[str, Any]:
    """The same, but only those that were said. Raises `StudioError`."""
    said = (
        "size", "fit", "mode", "folders", "layout", "encoding", "text_column", "label_column",
        "group_column", "attributes", "part", "split_text",
    )  # fmt: skip
    told: dict[str, Any] = {name: getattr(arguments, name, None) for name in said}
    told["crop"] = _frame(getattr(arguments, "crop", ""))
    return {name: value for name, value in told.items() if value}


def _frame(told: str) -> Sequence[float] | None:
    """The edges that were said, `0.1,0,0.9,0.8`. Raises `StudioError` for anything else."""
    from aigc_studio.library.framing import read_frame

    if not told:
        return None
    try:
        return read_frame([float(each) for each in told.split(",")])
    except ValueError:
        return read_frame(())


def without_near_twins(
    path: Path, options: ImportOptions, leave_out: bool, console: Console
) -> ImportOptions:
    """Note the pictures that are nearly the same; the options that leave out the seconds, if asked.

    Raises `StudioError` when the path is not there.
    """
    from dataclasses import replace

    from aigc_studio.library.near_twins import MOST_PAIRS, find_near_twins

    pairs = follow(find_near_twins(path, options), console)
    for pair in pairs:
        sentence = _("{second} is nearly the same as {first} ({alike} %).")
        alike = f"{100 * pair.alike:.1f}"
        console.note(sentence.format(second=pair.second, first=pair.first, alike=alike))
    if not pairs:
        console.note(_("No two pictures are nearly the same."))
    elif len(pairs) == MOST_PAIRS:
        sentence = _("Only the {count} pairs that are most alike are listed.")
        console.note(sentence.format(count=MOST_PAIRS))
    if not (leave_out and pairs):
        return options
    return replace(options, left_out=tuple(pair.second for pair in pairs))


def name_of(path: Path) -> str:
    """What a dataset of this folder or file is called when nobody says."""
    from aigc_studio.library.names import proper_name

    path = path.resolve()
    return proper_name(path.name if path.is_dir() else path.stem)


def read_pasted() -> Path:
    """What comes on stdin, as a file. Raises `StudioError` when nothing does."""
    import sys

    from aigc_studio.library.unpacking import pasted

    data = sys.stdin.buffer.read()
    if not data.strip():
        raise StudioError(_("Nothing came on stdin: pipe a text into this command."))
    return pasted(data, _("Pasted text"))


def look_over(
    path: Path,
    medium: Medium | None,
    options: ImportOptions,
    console: Console,
    folders: str | None = None,
) -> tuple[Preflight, ImportOptions]:
    """Look through what shall be imported, and note what is skipped, why, and what is odd.

    Without a medium that of most files is taken. Where `folders` does not say what sub-folders are,
    those that look like people are groups, in the options that are given back. Raises `StudioError`
    when nothing can be used.
    """
    from dataclasses import replace

    from aigc_studio.library import checks

    if medium is None:
        medium, fitting, files = checks.guess_medium(path)
        if fitting < files:
            _tell_others(path, medium, fitting, files, console)
    found = follow(checks.look(path, medium, options), console)
    if found.people and folders is None:
        options = replace(options, folders="group")
        found = follow(checks.look(path, medium, options), console)
        console.note(checks.people_text())
    tell_found(found, console)
    if options.split_text == "auto" and found.options.split_text not in ("auto", "sentences"):
        forms = "lines, sentences, paragraphs, passages, whole"
        console.note(_("Choose what an example is with --examples: {forms}.").format(forms=forms))
    if found.problem:
        raise StudioError(found.problem)
    return found, options


def tell_found(found: Preflight, console: Console) -> None:
    """Note what is skipped, why, and what is odd."""
    _tell_skipped(found, console)
    for remark in found.remarks:
        console.note(remark)


def _tell_others(path: Path, medium: Medium, fitting: int, files: int, console: Console) -> None:
    """Say what was guessed of a folder in which not everything is of one kind."""
    sentence = ngettext(
        "{count} of {files} files in {name} is of {medium}; the others are left out. Use "
        "--medium to take those instead.",
        "{count} of {files} files in {name} are {medium}; the others are left out. Use --medium "
        "to take those instead.",
        fitting,
    )
    name = one_form(path.name)
    told = sentence.format(name=name, medium=media.many(medium), count=fitting, files=files)
    console.note(told)


def _tell_skipped(found: Preflight, console: Console) -> None:
    """Note the files that are not used: a few of each kind, and how many more there are."""
    kinds: dict[str, list[FileCheck]] = {}
    for row in found.skipped:
        kinds.setdefault(row.remedy, []).append(row)
    for remedy, rows in kinds.items():
        for row in rows[:MOST_OF_A_KIND]:
            console.note(labelled(row.name, in_a_row((row.reason, row.remedy))))
        more = len(rows) - MOST_OF_A_KIND
        if more > 0:
            sentence = ngettext(
                "… and {count} more file. {remedy}", "… and {count} more files. {remedy}", more
            )
            console.note(sentence.format(count=more, remedy=remedy))
