"""Selecting shows the edit page, deselecting the other one; whoever is typing is not disturbed."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)

from aigc_studio.ui.target import Target

_fields = (QAbstractSpinBox, QLineEdit, QPlainTextEdit, QTextEdit)


class Following(QObject):
    """Has the page of a verb shown whenever something else is selected.

    While a field of the panel has the keyboard, that waits until the keyboard leaves the panel:
    what is accepted by a key, say, is selected, and the prompt goes on to be typed in. `left` says
    that the page has gone on which the keyboard was.
    """

    left = Signal()

    def __init__(self, panel: QWidget, show: Callable[[str], object]) -> None:
        super().__init__(panel)
        self._panel = panel
        self._show = show
        self._ids: tuple[str, ...] = ()
        self._due = ""
        self._lent: QPlainTextEdit | None = None
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._note_focus)

    def follow(self, target: Target) -> None:
        """This is selected now."""
        if target.item_ids != self._ids:
            self._ids = target.item_ids
            self.show("edit" if target.number else "generate")

    def show(self, verb: str) -> None:
        """Show the page of a verb: at once, or when nobody types in the panel any more."""
        self._due = verb
        if not self._is_typed_in():
            lent, self._lent = self._lent, None
            self._show(verb)
            self._due = ""
            if lent is not None and not lent.isVisible():
                self.left.emit()

    def lend(self, field: QPlainTextEdit) -> None:
        """The window gave this field the keyboard, not the person: as long as nothing is typed,
        nobody is disturbed."""
        self._lent = field

    def forget(self) -> None:
        """The person has chosen a page: that one stays."""
        self._due = ""

    def _is_typed_in(self) -> bool:
        field = QApplication.focusWidget()
        if self._lent is not None and field is self._lent:
            return self._lent.document().isModified()
        return isinstance(field, _fields) and self._panel.isAncestorOf(field)

    @Slot(QWidget, QWidget)
    def _note_focus(self, _former: QWidget | None, now: QWidget | None) -> None:
        if now is not None and now is not self._lent:
            self._lent = None
        if not self._due or now is None or self._panel.isAncestorOf(now):
            return
        if now.window() is self._panel.window():
            self.show(self._due)
