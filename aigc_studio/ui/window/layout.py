"""How the window is laid out, and how it is remembered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtWidgets import QDockWidget, QMainWindow, QWidget

from aigc_studio.translation import _
from aigc_studio.ui import theme
from aigc_studio.ui.screen_room import fitting
from aigc_studio.ui.settings import Settings

if TYPE_CHECKING:
    from aigc_studio.ui.window.board.bottom import BottomPlace

SMALLEST = (1024, 640)
_FIRST = QSize(1280, 800)
_PROMPT = "prompt"
_BOTTOM = "bottom place"
_PANEL = "prompt panel"
"""What the settings call what is remembered of them."""
_LARGEST = 1 << 24
"""No widget of Qt is wider."""


def add_prompt_dock(window: QMainWindow, panel: QWidget) -> QDockWidget:
    """The prompt panel at the right: no title bar, since it is always there."""
    dock = QDockWidget(_("Prompt"), window)
    dock.setObjectName(_PROMPT)
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
    settings.remember(bottom.state(), _BOTTOM)
    panel = window.findChild(QDockWidget, _PROMPT)
    if panel is not None:
        settings.remember({"width": panel.width()}, _PANEL)
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
    panel = window.findChild(QDockWidget, _PROMPT)
    width = settings.remembered(_PANEL).get("width")
    if panel is not None and isinstance(width, int) and 0 < width < _LARGEST:
        # Not by `restoreState`: on a smaller screen it makes the panel wider, at the board's cost.
        # And in a window that has just been filled only when its layout has settled.
        QTimer.singleShot(
            0, panel, lambda: window.resizeDocks([panel], [width], Qt.Orientation.Horizontal)
        )
    bottom.restore(settings.remembered(_BOTTOM))
