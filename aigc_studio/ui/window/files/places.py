"""A file or folder shown where it lies, by the system's own file manager."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QProcess, QUrl
from PySide6.QtGui import QDesktopServices

from aigc_studio.jobs.drives import is_there

_MANAGER = "org.freedesktop.FileManager1"
_PATH = "/org/freedesktop/FileManager1"


def show_in_folder(path: Path) -> None:
    """Open the folder of a file with the file chosen in it, where the system can; else the folder.

    Nothing waits for it: a file manager may take its time.
    """
    if not is_there(path):
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent)))
        return
    if sys.platform == "win32":
        QProcess.startDetached("explorer", ["/select,", str(path)])
    elif sys.platform == "darwin":
        QProcess.startDetached("open", ["-R", str(path)])
    elif not _ask_manager(path):
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent)))


def _ask_manager(path: Path) -> bool:
    """Ask the desktop's file manager to show the file; False where there is none to ask."""
    try:
        from PySide6.QtDBus import QDBusConnection, QDBusMessage
    except ImportError:
        return False
    bus = QDBusConnection.sessionBus()
    if not bus.isConnected():
        return False
    names = bus.interface().isServiceRegistered(_MANAGER)
    if not names.isValid() or not names.value():
        return False
    message = QDBusMessage.createMethodCall(_MANAGER, _PATH, _MANAGER, "ShowItems")
    message.setArguments([[QUrl.fromLocalFile(str(path)).toString()], ""])
    return bool(bus.send(message))
