"""The files of this machine that a drop or the clipboard names."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import unquote_to_bytes

from PySide6.QtCore import QMimeData, QUrl


def paths_of(mime: QMimeData) -> list[Path]:
    """The files and folders in it that are on this machine, whatever bytes their names have.

    An address without a path, which `Path` would take for the current folder, is none.
    """
    names = [_name(url) for url in mime.urls() if url.isLocalFile()]
    return [Path(name) for name in names if name and "\0" not in name]


def _name(url: QUrl) -> str:
    if os.name == "nt" or url.host():
        return url.toLocalFile()
    # Qt reads names as UTF-8, and makes U+FFFD of what is none: no file is called so.
    encoded = url.path(QUrl.ComponentFormattingOption.FullyEncoded)
    return os.fsdecode(unquote_to_bytes(encoded))
