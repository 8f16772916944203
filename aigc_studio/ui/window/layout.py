"""How the window is laid out, and how it is remembered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QDockWidget, QMainWindow, QWidget

from aigc_studio.translation import _
from aigc_studio.ui import theme
from aigc_studio.ui.screen_room import fitting
from aigc_studio.ui.settings import Settings

if TYPE_CHECKING:
    from aigc_studio.ui.window.board.bottom import BottomPlace

VERSION = 1
SMALLEST = (1024, 640)
_FIRST = QSize(1280, 800)
_BOTTOM = "bottom place"
"""What the settings call what is remembered of it."""


def add_prompt_dock(window: QMainWindow, panel: QWidget) -> QDockWidget:
    """The prompt panel at the right: no title bar, since it is always there."""
    dock = QDockWidget(_("Prompt"), window)
    dock.setObjectName("prompt")
    dock.setFeatures(QDockWidget.DockWidgetFeature.NoDockWidgetFeatures)
    dock.setTitleBarWidget(QWidget(dock))
    dock.setAllowedAreas(
        Qt.DockWidgetArea.RightDockWidgetArea | Qt.DockWidgetArea.LeftDockWidgetArea
    )
    panel.setMinimumWidth(theme.PANEL_WIDTH)
    dock.setWidget(panel)
    window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, dock)
    return dock


def remember(window: QMainWindow, bottom: BottomPlace, settings: Settings) -> None:
    """Note place, size and docks, and the place at the lower edge of the board."""
    settings.set_geometry("window", window.saveGeometry())
    settings.set_geometry("window-docks", window.saveState(VERSION))
    settings.remember(bottom.state(), _BOTTOM)
    settings.save()


def restore(window: QMainWindow, bottom: BottomPlace, settings: Settings) -> None:
    """Lay the window out as it was left, or as it comes."""
    restore_place(window, settings)
    restore_docks(window, bottom, settings)


def restore_place(window: QMainWindow, settings: Settings) -> None:
    """Where the window was, and how large."""
    window.resize(fitting(window, _FIRST))
    geometry = settings.geometry("window")
    if not geometry.isEmpty():
        window.restoreGeometry(geometry)
        if not window.isMaximized() and not window.isFullScreen():
            # A window that is too large is pushed down a little at each start, or cut off.
            window.resize(fitting(window, window.size()))


def restore_docks(window: QMainWindow, bottom: BottomPlace, settings: Settings) -> None:
    """How what is in the window was laid out."""
    docks = settings.geometry("window-docks")
    if not docks.isEmpty():
        window.restoreState(docks, VERSION)
    bottom.restore(settings.remembered(_BOTTOM))
