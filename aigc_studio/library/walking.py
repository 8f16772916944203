"""What lies at and below a path: files, what could not be entered, and what is nobody's data."""

from __future__ import annotations

import contextlib
import os
import re
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from aigc_studio.api.spelling import compared, composed
from aigc_studio.translation import _

_system_names = re.compile(
    r"@eadir|@recycle|@recently-snapshot|@tmp|@sharebin|@appstore|#recycle|#snapshot|\$recycle\.bin"
    r"|\$winreagent|\$sysreset|recycler|recycled|lost\+found|lost\.dir|found\.\d{3}|__macosx"
    r"|__pycache__|system volume information|network trash folder|temporary items"
    r"|thumbs\.db|ehthumbs(_vista)?\.db|desktop\.ini"
)
_MACOS_FOLDER_ICON = "Icon\r"


class FoundFile(NamedTuple):
    """A file, and the folders between it and the top, as they are spelled on disk."""

    path: Path
    folders: tuple[str, ...]


class LeftOut(NamedTuple):
    """A link or folder that gives no files, its name below the top, why, and what to do."""

    path: Path
    name: str
    reason: str
    remedy: str


@dataclass
class Walk:
    """What a walk found; `passed` are the names of what is hidden or the system's own."""

    files: list[FoundFile] = field(default_factory=list)
    left: list[LeftOut] = field(default_factory=list)
    passed: list[str] = field(default_factory=list)


def is_systems_own(name: str) -> bool:
    """Whether a file or folder of this name is hidden, or an operating system's or a NAS's own."""
    return (
        name.startswith((".", "~$"))
        or name == _MACOS_FOLDER_ICON
        or bool(_system_names.fullmatch(compared(name)))
    )


def walk(top: Path) -> Walk:
    """Everything below the folder `top`. Links to folders are followed, each folder once.

    Real folders come before links, so that what is there under its own name is read under it. A
    link to a folder that holds the walk itself is not followed: it would bring in everything else.
    """
    return _Walker(top).run()


class _Folder(NamedTuple):
    """A folder to read; `above` are those that it lies in, and the links that led to it."""

    path: Path
    folders: tuple[str, ...]
    above: frozenset[object]


class _Walker:
    def __init__(self, top: Path) -> None:
        self._found = Walk()
        self._seen: dict[object, str] = {}
        self._folders: deque[_Folder] = deque([_Folder(top, (), _above(top))])
        self._links: deque[_Folder] = deque()

    def run(self) -> Walk:
        while self._folders or self._links:
            folder = self._folders.pop() if self._folders else self._links.popleft()
            try:
                if self._may_enter(folder):
                    self._list(folder)
            except OSError as error:
                self._leave_closed(folder.path, folder.folders, error)
        return self._found

    def _may_enter(self, folder: _Folder) -> bool:
        own = _identity(folder.path)
        if own in folder.above:
            reason = _("It leads back to a folder that it is in.")
            remedy = _("Nothing to do, or delete the link.")
        elif own in self._seen:
            reason = _("It leads to the same folder as {name}.").format(name=self._seen[own])
            remedy = _("Nothing to do: it is read once.")
        else:
            self._seen[own] = _name(folder.path, folder.folders)
            return True
        self._leave(folder.path, folder.folders, reason, remedy)
        return False

    def _list(self, folder: _Folder) -> None:
        with os.scandir(folder.path) as entries:
            listed = sorted(entries, key=lambda each: each.name)
        kept = [each for each in listed if not is_systems_own(each.name)]
        self._found.passed += [each.name for each in listed if is_systems_own(each.name)]
        if not kept and folder.folders:
            reason, remedy = _("The folder is empty."), _("Put files in it or leave it out.")
            self._leave(folder.path, folder.folders, reason, remedy)
        for entry in kept:
            try:
                self._sort(entry, folder)
            except OSError as error:  # a link that leads round to itself, or through a closed door
                self._leave_closed(folder.path / entry.name, (*folder.folders, entry.name), error)

    def _sort(self, entry: os.DirEntry[str], folder: _Folder) -> None:
        path, names = folder.path / entry.name, (*folder.folders, entry.name)
        if entry.is_dir() and entry.is_symlink():
            self._links.append(_Folder(path, names, folder.above | _above(path)))
        elif entry.is_dir():
            self._folders.append(_Folder(path, names, folder.above))
        elif entry.is_file():
            self._found.files.append(FoundFile(path, folder.folders))
        elif entry.is_symlink() and not path.exists():
            reason = _("It is a link that leads nowhere.")
            self._leave(path, names, reason, _("Fix the link or delete it."))
        else:
            reason = _("It is a pipe or a device, not a file.")
            self._leave(path, names, reason, _("Leave it out."))

    def _leave(self, path: Path, names: tuple[str, ...], reason: str, remedy: str) -> None:
        self._found.left.append(LeftOut(path, _name(path, names), reason, remedy))

    def _leave_closed(self, path: Path, names: tuple[str, ...], error: OSError) -> None:
        if isinstance(error, PermissionError):
            reason, remedy = (
                _("There is no permission to read it."),
                _("Get permission to read it."),
            )
        else:
            reason = _("It cannot be opened: {reason}.").format(reason=error.strerror or error)
            remedy = _("Fix it or leave it out.")
        self._leave(path, names, reason, remedy)


def _name(path: Path, names: tuple[str, ...]) -> str:
    return "/".join(map(composed, names)) or composed(path.name)


def _above(folder: Path) -> frozenset[object]:
    """The folders that this one lies in, wherever it is."""
    found = set()
    for parent in Path(os.path.realpath(folder)).parents:
        with contextlib.suppress(OSError):
            found.add(_identity(parent))
    return frozenset(found)


def _identity(folder: Path) -> object:
    """The same for the same folder, however it is reached."""
    told = os.stat(folder)
    # Some network drives number nothing.
    return (told.st_dev, told.st_ino) if told.st_ino else os.path.realpath(folder)
