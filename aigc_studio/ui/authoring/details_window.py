"""The traceback of a plugin's author, and the log of its worker as it is written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QGuiApplication, QHideEvent, QShowEvent, QTextCursor
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPlainTextEdit, QVBoxLayout, QWidget

from aigc_studio.translation import _
from aigc_studio.ui import theme
from aigc_studio.ui.labels import ElidedLabel, Label
from aigc_studio.ui.log_window import tail
from aigc_studio.ui.screen_room import fit

_EVERY_MS = 300
_TAIL = 64 * 1024


class DetailsWindow(QDialog):
    """What went wrong, over the log: `log()` is the file that the worker in use writes to now."""

    def __init__(self, log: Callable[[], Path | None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Details"))
        self._log_now = log
        self._log: Path | None = None
        self.traceback, self.text = _page(_("Traceback")), _page(_("Log of the worker"))
        self._about = Label(_("What went wrong"))
        self._of = ElidedLabel()
        for label in (self._about, self._of):
            theme.set_kind(label, "heading")
        self._timer = QTimer(self, interval=_EVERY_MS)
        self._timer.timeout.connect(self.refresh)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        copy = buttons.addButton(_("Copy all"), QDialogButtonBox.ButtonRole.ActionRole)
        copy.clicked.connect(self._copy)
        buttons.rejected.connect(self.reject)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(*[theme.PADDING] * 4)
        whole.setSpacing(theme.GAP)
        for part in (self._about, self.traceback, self._of, self.text, buttons):
            whole.addWidget(part)
        fit(self, 820, 560)

    def show_details(self, details: str = "", log: Path | None = None) -> None:
        """Show a traceback and a log; without a traceback the log alone, of whichever worker is in
        use."""
        self._log = log
        self.traceback.setPlainText(details)
        for part in (self._about, self.traceback):
            part.setVisible(bool(details))
        self.traceback.moveCursor(QTextCursor.MoveOperation.End)
        self.traceback.horizontalScrollBar().setValue(0)
        self.refresh()
        bring_up(self)

    @Slot()
    def refresh(self) -> None:
        """Read the log again; stays at its end if it was there."""
        log = self._log or self._log_now()
        words = tail(log, _TAIL) if log else ""
        name = log.name if log else _("no worker is there yet")
        self._of.setText(_("Log of the worker: {name}").format(name=name))
        if words == self.text.toPlainText():
            return
        bar = self.text.verticalScrollBar()
        at_end, place = bar.value() >= bar.maximum() - 2, bar.value()
        self.text.setPlainText(words)
        bar.setValue(bar.maximum() if at_end else place)

    def showEvent(self, event: QShowEvent) -> None:
        """Follow the log while shown."""
        super().showEvent(event)
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Leave it alone otherwise."""
        self._timer.stop()
        super().hideEvent(event)

    @Slot()
    def _copy(self) -> None:
        words = [self.traceback.toPlainText(), self.text.toPlainText()]
        QGuiApplication.clipboard().setText("\n\n".join(filter(None, words)))


def bring_up(dialog: QDialog) -> None:
    """Show a window, in front where it is shown already."""
    if dialog.isVisible():
        dialog.raise_()
        dialog.activateWindow()
    else:
        dialog.show()


def _page(name: str) -> QPlainTextEdit:
    page = QPlainTextEdit()
    page.setReadOnly(True)
    page.setFont(theme.fixed_font())
    page.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
    page.setTextInteractionFlags(
        Qt.TextInteractionFlag.TextSelectableByMouse
        | Qt.TextInteractionFlag.TextSelectableByKeyboard
    )
    page.setAccessibleName(name)
    return page
