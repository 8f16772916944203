"""What becomes of files that came into the window, by what they are."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from aigc_studio.ui.window.files.documents import SUFFIX

if TYPE_CHECKING:
    from aigc_studio.ui.window.window import StudioWindow

MODEL_SUFFIX, WHEEL_SUFFIX = ".aigcmodel", ".whl"


def take(
    window: StudioWindow, paths: Sequence[Path], place: tuple[float, float] | None = None
) -> None:
    """Open the first project among them, and leave the rest; else import models, install a plugin,
    offer to learn from a folder, and put what is left on the board, at `place` where there is one.
    """
    projects = _of_kind(paths, SUFFIX)
    if projects:
        window.documents.open(projects[0])
        return
    folders = [path for path in paths if path.is_dir()]
    if folders:
        window.trainings.offer_folder(folders[0])
    models, wheels = _of_kind(paths, MODEL_SUFFIX), _of_kind(paths, WHEEL_SUFFIX)
    if models:
        window.dialogs.import_models(models)
    if wheels:
        window.dialogs.install_plugin(wheels[0])
    files = [path for path in paths if path not in (*folders, *models, *wheels)]
    if files:
        window.importing.read(files, place)


def _of_kind(paths: Sequence[Path], suffix: str) -> list[Path]:
    return [path for path in paths if path.suffix.lower() == suffix]
