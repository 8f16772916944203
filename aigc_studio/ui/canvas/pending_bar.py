"""What a tool has ready, as two buttons at the item: do it, or give it up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QPushButton

from aigc_studio.translation import _
from aigc_studio.ui import icons, keys, theme
from aigc_studio.ui.canvas.floating_bar import FloatingBar

if TYPE_CHECKING:
    from PySide6.QtWidgets import QGraphicsView

    from aigc_studio.ui.canvas.tools.toolbox import Toolbox


class Pending(Protocol):
    """A view as it is needed here."""

    toolbox: Toolbox


class PendingBar(FloatingBar):
    """Is there while the tool in hand has something ready; Enter and Escape do the same.

    `appeared` says that there is something now, which there was not before.
    """

    appeared = Signal()

    def __init__(self, view: Pending, widget: QGraphicsView) -> None:
        super().__init__(widget, "below", dark=True)
        self._toolbox = view.toolbox
        self.accept_button = self._button("check", "on_accent", "primary")
        self.accept_button.clicked.connect(self._accept)
        self.drop_button = self._button("close", "on_bar", "")
        self.drop_button.clicked.connect(self._drop)
        self._shown = ""

    def refresh(self) -> None:
        """Show what is ready now."""
        grip = self._toolbox.pending()
        words = grip.ready_words() if grip is not None else ""
        if words != self._shown:
            self._shown = words
            self.accept_button.setText(words)
            self.accept_button.setToolTip(keys.with_key(words, "write"))
            self.drop_button.setText(_("Cancel"))
            self.drop_button.setToolTip(keys.with_key(_("Cancel"), "escape"))
        if grip is not None:
            self.drop_button.setVisible(grip.can_drop)
            new = self.isHidden()
            self.stay_by(grip.ready_place())
            if new:
                self.appeared.emit()
        elif self.isVisible():
            self.stay_by(None)

    def _button(self, icon: str, role: str, kind: str) -> QPushButton:
        button = QPushButton()
        theme.set_kind(button, kind)
        button.setIcon(icons.icon(icon, role))
        button.setIconSize(QSize(theme.SECTION, theme.SECTION))
        # A click leaves the keyboard with the canvas.
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.row.addWidget(button)
        return button

    @Slot()
    def _accept(self) -> None:
        self._toolbox.accept()
        self.refresh()

    @Slot()
    def _drop(self) -> None:
        self._toolbox.drop()
        self.refresh()
