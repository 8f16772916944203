"""From a folder to a dataset in the shell: looked over first, and everything odd is said."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from aigc_studio.api import Medium, StudioError
from aigc_studio.api.spelling import one_form
from aigc_studio.cli.console import Console
from aigc_studio.translation import _

if TYPE_CHECKING:
    from aigc_studio.library import ImportOptions, Preflight


def import_options(arguments: argparse.Namespace) -> ImportOptions:
    """The choices of an import that were said in the shell. Raises `StudioError`."""
    from aigc_studio.library import ImportOptions

    said = ("size", "layout", "encoding", "text_column", "label_column", "part")
    told = {name: getattr(arguments, name, None) for name in said}
    return ImportOptions(**{name: value for name, value in told.items() if value})


def name_of(path: Path) -> str:
    """What a dataset of this folder or file is called when nobody says."""
    from aigc_studio.library.names import proper_name

    path = path.resolve()
    return proper_name(path.name if path.is_dir() else path.stem)


def look_over(
    path: Path, medium: Medium | None, options: ImportOptions | None, console: Console
) -> Preflight:
    """Look through what shall be imported, and note what is skipped, why, and what is odd.

    Without a medium that of most files is taken. Raises `StudioError` when nothing can be used.
    """
    from aigc_studio.library import checks

    if medium is None:
        medium, fitting, files = checks.guess_medium(path)
        sentence = _(
            "{count} of {files} files in {name} are {medium}, and are taken. "
            "Say --medium for others."
        )
        console.note(
            sentence.format(
                name=one_form(path.name), medium=_media()[medium], count=fitting, files=files
            )
        )
    found = checks.preflight(path, medium, options)
    for row in found.skipped:
        console.note(f"{row.name}: {row.reason} {row.remedy}")
    for remark in found.remarks:
        console.note(remark)
    if found.problem:
        raise StudioError(found.problem)
    return found


def _media() -> dict[Medium, str]:
    return {"image": _("pictures"), "text": _("texts"), "melody": _("tunes")}
