"""Opens a file at a line in the editor of the person's choice."""

from __future__ import annotations

import os
import shlex
from pathlib import Path

from PySide6.QtCore import QProcess, QUrl
from PySide6.QtGui import QDesktopServices

_LINES = {
    "--goto {file}:{line}": ("code", "code-insiders", "codium", "cursor"),
    "{file}:{line}": ("subl", "zed", "hx", "helix"),
    "--line {line} {file}": ("pycharm", "charm", "idea", "kate", "kwrite"),
    "+{line} {file}": ("gedit", "gnome-text-editor", "emacs", "emacsclient", "gvim", "mousepad"),
}
"""How editors are told of a line."""


def open_in_editor(file: str, line: int, command: str = "") -> bool:
    """Open a file: by this command, by `$VISUAL`, or as the system opens such files.

    A command may have `{file}` and `{line}` in it; common editors are told the line without.
    Says whether anything was started.
    """
    words = words_for(command or os.environ.get("VISUAL", ""), file, line)
    if words and QProcess.startDetached(words[0], words[1:])[0]:
        return True
    return QDesktopServices.openUrl(QUrl.fromLocalFile(file))


def words_for(command: str, file: str, line: int) -> list[str]:
    """The words of a command that opens a file at a line; none for no command."""
    try:
        words = shlex.split(command)
    except ValueError:  # a quotation mark without its other one
        words = command.split()
    if not words:
        return []
    if not any("{file}" in word for word in words):
        words += _usual(Path(words[0]).stem).split()
    return [word.replace("{file}", file).replace("{line}", str(max(line, 1))) for word in words]


def _usual(program: str) -> str:
    return next((form for form, names in _LINES.items() if program in names), "{file}")
