"""The system's clipboard, as the canvas uses it."""

from __future__ import annotations

import atexit

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication

_ours: QMimeData | None = None


def put(mime: QMimeData) -> None:
    """Put this into the clipboard."""
    global _ours
    if _ours is None:
        # After PySide's own handler was registered, so that this one is called before it.
        atexit.register(_let_go)
    _ours = mime
    QGuiApplication.clipboard().setMimeData(mime)


def held() -> QMimeData:
    """What is in the clipboard; Qt gives None for an empty one, whatever its signature says."""
    return QGuiApplication.clipboard().mimeData() or QMimeData()


def _let_go() -> None:
    """Leave only what Qt itself made.

    Qt deletes what is in the clipboard when the process ends. An object made in Python would ask an
    interpreter that is gone, and the process would end with a segmentation fault (6.11.3).
    """
    if QGuiApplication.instance() is None:
        return
    clipboard = QGuiApplication.clipboard()
    mime = clipboard.mimeData()
    # Not every platform tells whose it is (offscreen says no); what others put in stays.
    if mime is None or not (mime is _ours or clipboard.ownsClipboard()):
        return
    if mime.hasImage():
        clipboard.setImage(clipboard.image())
    elif mime.hasText():
        clipboard.setText(mime.text())
    else:
        clipboard.clear()
