"""A page of the place over the board for what is there only sometimes."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from aigc_studio.ui import theme


class Page(QWidget):
    """Shows what is inside, or a note as long as that hides itself.

    `came` and `went` tell when it shows or hides itself.
    """

    came = Signal()
    went = Signal()

    def __init__(self, inside: QWidget, note: QLabel) -> None:
        super().__init__()
        self._inside, self._note = inside, note
        theme.set_kind(note, "secondary")
        note.setContentsMargins(*[theme.PADDING] * 4)
        note.setAlignment(Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(inside, 1)
        column.addWidget(note, 1)
        note.setVisible(inside.isHidden())
        inside.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The inside comes or goes."""
        if event.type() == QEvent.Type.ShowToParent:
            self._note.hide()
            self.came.emit()
        elif event.type() == QEvent.Type.HideToParent:
            self._note.show()
            self.went.emit()
        return False
