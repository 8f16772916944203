"""The place at the lower edge of the board: candidates, layers, history and so on share it."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from aigc_studio.translation import _
from aigc_studio.ui import icons, theme
from aigc_studio.ui.window.board.handle import Handle

SMALLEST = 112
"""Pixels below which nothing of a page could be used."""
_CLEAR = 120
"""Pixels of the board that stay in sight while the place is not as large as can be."""
_HEIGHTS = {
    "": (220, 0.3),
    "candidates": (188, 0.34),
    "layers": (260, 0.42),
    "training": (340, 0.42),
}
"""Most pixels, and most of the board's height, that a page takes before anyone drags it."""


class BottomPlace(QFrame):
    """Pages by name, one at a time, over the board or (`pinned`) beside it. Closed until used.

    It has no tabs of its own: the buttons in the status bar under it are its tabs, and stand still.
    Each page has its own height, all together have one where it is pinned. `changed` tells that
    another page, another height or another side is wanted; whoever owns the board lays it out.
    What opened by itself closes by itself, and does so no more once the person closed it. `left`
    tells that it closed while the keyboard was in it.
    """

    changed = Signal()
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.set_kind(self, "bottom")
        self.setAccessibleName(_("Candidates, layers, history, training and jobs"))
        self.pages = QStackedWidget()
        self.pinned = self.large = self.folded = False
        self._names: list[str] = []
        self._heights: dict[str, int] = {}
        self._by_itself = ""
        self._unwanted: set[str] = set()
        self._grabbed = 0
        self.handle = Handle(self)
        self.larger = self._button("chevron-up", "")
        self.pin = self._button("pin", _("Keep beside the board, which is smaller then"))
        self.pin.setAccessibleName(_("Keep beside the board"))
        self.pin.setCheckable(True)
        self.closer = self._button("close", _("Close (Esc)"))
        self.closer.setAccessibleName(_("Close"))
        self._lay_out()
        self._connect()
        self._show_state()
        self.hide()

    def _lay_out(self) -> None:
        side = QVBoxLayout()
        side.setContentsMargins(0, 0, theme.GRID, theme.GRID)
        side.setSpacing(0)
        for button in (self.closer, self.pin, self.larger):
            side.addWidget(button)
        side.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(theme.GRID)
        row.addWidget(self.pages, 1)
        row.addLayout(side)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 1, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.handle)
        column.addLayout(row, 1)

    def _connect(self) -> None:
        self.closer.clicked.connect(self.close)
        self.pin.clicked.connect(self.set_pinned)
        self.larger.clicked.connect(self._toggle_large)
        self.handle.double_clicked.connect(self._toggle_large)
        self.handle.pressed.connect(self._grab)
        self.handle.dragged.connect(self._drag)
        self.handle.stepped.connect(self._drag)

    def _button(self, icon: str, tip: str) -> QToolButton:
        button = QToolButton()
        button.setIcon(icons.icon(icon, "muted", "accent"))
        button.setIconSize(QSize(16, 16))
        button.setFixedSize(theme.CONTROL_HEIGHT, theme.CONTROL_HEIGHT)
        button.setToolTip(tip)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button

    # Pages

    def add(self, name: str, widget: QWidget) -> None:
        """One more page."""
        self._names.append(name)
        self.pages.addWidget(widget)

    def replace(self, name: str, widget: QWidget) -> None:
        """Show another widget on a page."""
        place = self._names.index(name)
        current, old = self.pages.currentIndex(), self.pages.widget(place)
        self.pages.insertWidget(place, widget)
        self.pages.setCurrentIndex(current)
        if old is not None:
            self.pages.removeWidget(old)
            self.pages.setCurrentIndex(current)
            old.deleteLater()

    @property
    def current(self) -> str:
        """The page that is shown; empty when the place is closed."""
        return self._names[self.pages.currentIndex()] if not self.isHidden() else ""

    @property
    def opened_by_itself(self) -> bool:
        """Whether nobody asked for the page that is shown."""
        return bool(self._by_itself) and self._by_itself == self.current

    def open(self, name: str) -> None:
        """Show a page, because the person wants to see it."""
        self._unwanted.discard(name)
        self._by_itself = ""
        self._open(name)

    def offer(self, name: str) -> None:
        """Something came for this page: open it, where that is in nobody's way."""
        if self.isHidden() and not self.pinned and name not in self._unwanted:
            self._by_itself = name
            self._open(name)

    def withdraw(self, name: str) -> None:
        """Nothing is left for this page: close what opened by itself."""
        if self.opened_by_itself and self.current == name:
            self.hide()

    def leave(self, name: str) -> None:
        """Another board has nothing for this page: close it, whoever opened it on the last one."""
        if self.current == name and not self.pinned:
            self.hide()

    def toggle(self, name: str) -> None:
        """Show a page in full, or close the place when it is the one that is shown."""
        if self.current == name and not self.folded:
            self.close()
        else:
            self.open(name)

    def _open(self, name: str) -> None:
        self.pages.setCurrentIndex(self._names.index(name))
        self.folded = False
        self.show()
        self._show_state()
        self.changed.emit()

    # Height

    def wanted(self, room: int) -> int:
        """The height that it takes of so many pixels from the options bar to the status bar."""
        if self.isHidden():
            return 0
        if self.large:
            return room
        most, share = _HEIGHTS.get(self._height_name, _HEIGHTS[""])
        height = self._heights.get(self._height_name, min(most, round(room * share)))
        return max(min(height, room - _CLEAR), min(SMALLEST, room))

    def set_height(self, height: int) -> None:
        """Give the page, or the pinned place, another height."""
        self.large = False
        self._heights[self._height_name] = max(height, SMALLEST)
        self._show_state()
        self.changed.emit()

    def set_large(self, on: bool) -> None:
        """Take all of the room over the board, or as much as before."""
        self.large = on
        self.folded = False
        self._show_state()
        self.changed.emit()

    @Slot(bool)
    def set_pinned(self, on: bool) -> None:
        """Lie beside the board, which is smaller then, or over it."""
        if on and not self.isHidden() and not self.large and not self.folded:
            # The same for all pages: another page does not make the board another size.
            self._heights["pinned"] = self.height()
        self.pinned = on
        self.large = self.folded = False
        self._by_itself = ""
        self._show_state()
        self.changed.emit()

    def fold(self, on: bool) -> None:
        """Leave only the handle, or show the page again."""
        if self.folded != on:
            self.folded = on
            self._show_state()

    @property
    def _page(self) -> str:
        return self._names[self.pages.currentIndex()] if self._names else ""

    @property
    def _height_name(self) -> str:
        return "pinned" if self.pinned else self._page

    @Slot()
    def _grab(self) -> None:
        self._grabbed = self.height()

    @Slot(int)
    def _drag(self, up: int) -> None:
        if not up:
            return
        self.folded = False
        self.set_height(self._grabbed + up)

    @Slot()
    def _toggle_large(self) -> None:
        if self.folded:
            self.set_large(False)
        else:
            self.set_large(not self.large)

    def _show_state(self) -> None:
        words = _("As large as before") if self.large else _("As large as can be")
        self.larger.setIcon(icons.icon("chevron-down" if self.large else "chevron-up", "muted"))
        self.larger.setToolTip(words)
        self.larger.setAccessibleName(words)
        self.pin.setChecked(self.pinned)
        self.pages.setVisible(not self.folded)
        for button in (self.closer, self.pin, self.larger):
            button.setVisible(not self.folded)

    # What is remembered

    def state(self) -> dict[str, Any]:
        """What the window remembers of it."""
        return {
            "heights": self._heights,
            "pinned": self.pinned,
            "page": self.current if self._by_itself != self.current else "",
            "unwanted": sorted(self._unwanted),
        }

    def restore(self, state: dict[str, Any]) -> None:
        """As it was left; what cannot be understood is passed over."""
        heights, unwanted = state.get("heights"), state.get("unwanted")
        if isinstance(heights, dict):
            known = {"pinned", *self._names}
            self._heights = {
                name: max(height, SMALLEST)
                for name, height in heights.items()
                if name in known and type(height) is int
            }
        if isinstance(unwanted, list):
            self._unwanted = {name for name in unwanted if name in self._names}
        self.pinned = state.get("pinned") is True
        page = state.get("page")
        if page in self._names:
            self.open(str(page))
        self._show_state()
        self.changed.emit()

    # Qt

    @Slot()
    def close(self) -> bool:
        """Close it, because the person is done with it."""
        if self._by_itself == self.current:
            self._unwanted.add(self._by_itself)
        self.hide()
        return True

    def event(self, event: QEvent) -> bool:
        """Closed in whatever way, the board is told, and the keyboard does not get lost."""
        if event.type() == QEvent.Type.HideToParent:
            self._by_itself = ""
            self.large = False
            self._show_state()
            self.changed.emit()
        return super().event(event)

    def hide(self) -> None:
        """Take it away."""
        # Asked before it hides: Qt gives the keyboard to whatever comes next then.
        held = self.has_keyboard()
        super().hide()
        if held:
            self.left.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape, where nothing on the page has use for it, closes the place."""
        if event.key() == Qt.Key.Key_Escape and not event.modifiers():
            self.close()
            return
        super().keyPressEvent(event)

    def has_keyboard(self) -> bool:
        """Whether the keyboard is in it."""
        focus = self.window().focusWidget()
        return focus is not None and self.isAncestorOf(focus) and self.isVisible()
