"""What becomes of files that came into the window, by what they are."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from aigc_studio.translation import _
from aigc_studio.ui.local_paths import left_out, packages_left
from aigc_studio.ui.window.files.documents import SUFFIX

if TYPE_CHECKING:
    from aigc_studio.ui.window.window import StudioWindow

MODEL_SUFFIX, WHEEL_SUFFIX, ZIP_SUFFIX = ".aigcmodel", ".whl", ".zip"


def take(
    window: StudioWindow, paths: Sequence[Path], place: tuple[float, float] | None = None
) -> None:
    """Open the first project among them, and leave the rest; else import models, install a plugin,
    offer to learn from folders and zip files, and put what is left on the board, at `place` where
    there is one.

    Of projects and wheels one at a time is taken; a sentence says what was left out.
    """
    projects = _of_kind(paths, SUFFIX)
    if projects:
        left = [path for path in paths if path != projects[0]]
        if left:
            _tell_left(window, left_out(projects[0], left))
        window.documents.open(projects[0])
        return
    # A drive that does not answer keeps nobody but this waiting.
    window.studio.errands.run(
        lambda: [path for path in paths if os.path.isdir(path)],  # raises nothing
        lambda folders: _take_sorted(window, paths, folders, place),
        window.studio.say_error,
    )


def _take_sorted(
    window: StudioWindow,
    paths: Sequence[Path],
    folders: list[Path],
    place: tuple[float, float] | None,
) -> None:
    models, wheels = _of_kind(paths, MODEL_SUFFIX), _of_kind(paths, WHEEL_SUFFIX)
    zips = [path for path in _of_kind(paths, ZIP_SUFFIX) if path not in folders]
    data = [path for path in paths if path in folders or path in zips]
    if len(data) == 1:
        window.trainings.offer_data(data[0], is_zip=bool(zips))
    elif data:
        _offer_data(window, data, len(zips))
    if models:
        window.dialogs.import_into_library(models)
    if wheels:
        if len(wheels) > 1:
            _tell_left(window, packages_left(wheels[1:]))
        window.dialogs.install_plugin(wheels[0])
    files = [path for path in paths if path not in (*data, *models, *wheels)]
    if files:
        window.importing.read(files, place)


def _offer_data(window: StudioWindow, data: list[Path], zips: int) -> None:
    sentence = _("{count} folders were dropped. Make a dataset of what is in them?")
    if zips == len(data):
        sentence = _("{count} zip files were dropped. Make a dataset of what is in them?")
    elif zips:
        sentence = _(
            "{count} folders and zip files were dropped. Make a dataset of what is in them?"
        )
    window.studio.say(
        sentence.format(count=len(data)),
        "info",
        [(_("Import…"), lambda: window.dialogs.import_into_library(data))],
        subject="folder",
    )


def _tell_left(window: StudioWindow, sentence: str) -> None:
    window.studio.say(sentence, "warning", subject="left out")


def _of_kind(paths: Sequence[Path], suffix: str) -> list[Path]:
    return [path for path in paths if path.suffix.lower() == suffix]
