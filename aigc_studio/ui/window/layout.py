"""How the window is laid out, and how it is remembered."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QDockWidget, QMainWindow, QTabWidget, QWidget

from aigc_studio.translation import _
from aigc_studio.ui import theme
from aigc_studio.ui.settings import Settings

VERSION = 1
SMALLEST = (1024, 640)
_FIRST = QSize(1280, 800)
_FRAME = QSize(16, 56)
"""What a frame and its title bar may take: the system says it only once the window is there."""
_HEIGHTS = {"": (220, 0.27), "training": (340, 0.42)}
"""Most pixels and most of the window's height that a tab takes when it first opens."""


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


class BottomTabs(QDockWidget):
    """History, Training and Jobs: closed until used."""

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(_("History, training, jobs"), window)
        self.setObjectName("bottom")
        self.setFeatures(QDockWidget.DockWidgetFeature.DockWidgetClosable)
        self.setTitleBarWidget(QWidget(self))
        self.tabs = QTabWidget()
        self.tabs.setAccessibleName(_("History, training and jobs"))
        self.tabs.setDocumentMode(True)
        self.tabs.setTabsClosable(False)
        self.tabs.setMinimumHeight(120)
        self.setWidget(self.tabs)
        window.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, self)
        # The prompt panel goes down to the status bar; the tabs take what is left of it.
        window.setCorner(Qt.Corner.BottomRightCorner, Qt.DockWidgetArea.RightDockWidgetArea)
        self._names: list[str] = []
        self._sized: set[str] = set()
        self.hide()

    def add(self, name: str, widget: QWidget, title: str) -> None:
        """One more tab, called `name` here."""
        self._names.append(name)
        self.tabs.addTab(widget, title)

    def replace(self, name: str, widget: QWidget) -> None:
        """Show another widget in a tab."""
        place = self._names.index(name)
        title, current = self.tabs.tabText(place), self.tabs.currentIndex()
        old = self.tabs.widget(place)
        self.tabs.removeTab(place)
        self.tabs.insertTab(place, widget, title)
        self.tabs.setCurrentIndex(current)
        if old is not None:
            old.deleteLater()

    @property
    def current(self) -> str:
        """The tab that is shown; empty when all are closed."""
        return self._names[self.tabs.currentIndex()] if not self.isHidden() else ""

    def open(self, name: str) -> None:
        """Show a tab; the first time it gets the height that it needs."""
        self.tabs.setCurrentIndex(self._names.index(name))
        self.show()
        window = self.parent()
        if isinstance(window, QMainWindow) and name not in self._sized:
            self._sized.add(name)
            most, share = _HEIGHTS.get(name, _HEIGHTS[""])
            height = max(self.height(), min(most, round(window.height() * share)))
            window.resizeDocks([self], [height], Qt.Orientation.Vertical)

    def set_large(self, on: bool) -> None:
        """Take as much of the window's height as can be had, or as much as at first."""
        window = self.parent()
        if isinstance(window, QMainWindow):
            most, share = _HEIGHTS.get(self.current, _HEIGHTS[""])
            height = window.height() if on else min(most, round(window.height() * share))
            window.resizeDocks([self], [height], Qt.Orientation.Vertical)

    def toggle(self, name: str) -> None:
        """Show a tab, or close the tabs when it is the one that is shown."""
        self.hide() if self.current == name else self.open(name)


def _fitting(window: QMainWindow, wanted: QSize) -> QSize:
    """This size, or as much of it as the screen has room for with the frame around it."""
    room = window.screen().availableGeometry().size() - _FRAME
    return wanted.boundedTo(room).expandedTo(window.minimumSize())


def remember(window: QMainWindow, settings: Settings) -> None:
    """Note place, size and docks."""
    settings.set_geometry("window", window.saveGeometry())
    settings.set_geometry("window-docks", window.saveState(VERSION))
    settings.save()


def restore(window: QMainWindow, settings: Settings) -> None:
    """Lay the window out as it was left, or as it comes."""
    window.resize(_fitting(window, _FIRST))
    geometry, docks = settings.geometry("window"), settings.geometry("window-docks")
    if not geometry.isEmpty():
        window.restoreGeometry(geometry)
        if not window.isMaximized() and not window.isFullScreen():
            # A window that is too large is pushed down a little at each start, or cut off.
            window.resize(_fitting(window, window.size()))
    if not docks.isEmpty():
        window.restoreState(docks, VERSION)
