"""Where a plugin and its documentation are, and which changes it allows."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from aigc_studio import folders
from aigc_studio.host import switches
from aigc_studio.host.packages import removing
from aigc_studio.host.packages.places import NOTE, environment_of
from aigc_studio.jobs.drives import answers, is_file, is_folder

if TYPE_CHECKING:
    from aigc_studio.host import PluginRecord

_READMES = ("README.md", "README.rst", "README.txt", "readme.md")


def may_be_removed(record: PluginRecord) -> bool:
    """Whether it lies where the person put it."""
    return not removing.why_not(record.source)


def may_have_environment(record: PluginRecord) -> bool:
    """Whether an environment of its own can be made, or was made, for it."""
    return may_be_removed(record) and (not record.source.interpreter or has_environment(record))


def has_environment(record: PluginRecord) -> bool:
    """Whether it has an environment that the studio made."""
    return (environment_of(record.source) / NOTE).is_file()


def is_switched_off(record: PluginRecord) -> bool:
    """Whether the person has switched it off."""
    return bool(switches.why_off(record.source))


def folder_of(record: PluginRecord) -> Path | None:
    """The folder that its code lies in."""
    source = record.source
    if source.path:
        path = Path(source.path)
        return path if is_folder(path) else path.parent
    return Path(record.home) if record.home else None


def file_of(record: PluginRecord) -> Path | None:
    """The file of a plugin that is one file of the person's own, to be changed by hand."""
    path = Path(record.source.path)
    own = record.source.kind == "file" and may_be_removed(record)
    return path if own and is_file(path) else None


def docs_of(record: PluginRecord) -> str:
    """The address of its homepage, else the README beside it; empty when there is neither."""
    about = record.description
    if about is not None and about.homepage.startswith(("https://", "http://")):
        return about.homepage
    folder = folder_of(record) if record.source.kind == "folder" else None
    beside = [folder / name for name in _READMES] if folder else []
    found = zip(beside, answers(os.path.isfile, beside), strict=True)
    return next((str(path) for path, is_there in found if is_there), "")


def open_folder(record: PluginRecord) -> None:
    """Show the folder that its code lies in."""
    folder = folder_of(record)
    if folder is not None:
        show(folder)


def open_file(record: PluginRecord) -> None:
    """Open the file of a plugin in the person's editor."""
    from aigc_studio.ui.authoring.editor import open_in_editor

    file = file_of(record)
    if file is not None:
        open_in_editor(str(file), 1)


def open_docs(record: PluginRecord) -> None:
    """Show its homepage, or its README."""
    found = docs_of(record)
    if found.startswith(("https://", "http://")):
        QDesktopServices.openUrl(QUrl(found))
    elif found:
        show(Path(found))


def open_plugin_folder() -> None:
    """Show the folder that plugins can be dropped into, made if it is not there yet."""
    folder = folders.plugin_folder()
    folder.mkdir(parents=True, exist_ok=True)
    show(folder)


def show(path: Path) -> None:
    """Show a file or folder with what the system has for it."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
