"""The menu of an editor on the canvas: the same words as in the menu bar."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtWidgets import QGraphicsSceneContextMenuEvent, QMenu

from aigc_studio.api.selections import Span
from aigc_studio.translation import _

_Key = QKeySequence.StandardKey


class Editor(Protocol):
    """What writes in a card."""

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to take back."""

    @property
    def can_redo(self) -> bool:
        """Whether a step was taken back."""

    def selected(self) -> Span:
        """What is selected, or the place of the caret."""

    def insert(self, words: str) -> None:
        """Write at the caret, over what is selected."""

    def undo(self) -> None:
        """Take the last step of writing back."""

    def redo(self) -> None:
        """Do what was taken back again."""

    def cut(self) -> None:
        """Move what is selected to the clipboard."""

    def copy(self) -> None:
        """Copy what is selected."""

    def paste(self) -> None:
        """Write what is in the clipboard."""

    def select_all(self) -> None:
        """Select the whole text."""


def show(editor: Editor, event: QGraphicsSceneContextMenuEvent) -> None:
    """Open it where the pointer is."""
    menu = menu_of(editor)
    menu.exec(event.screenPos())
    menu.deleteLater()


def menu_of(editor: Editor) -> QMenu:
    """What can be done with the text; what cannot be done now is grey."""
    span = editor.selected()
    some = span.start < span.stop
    full = bool(QGuiApplication.clipboard().text())
    menu = QMenu()
    entries = (
        (_("&Undo"), _Key.Undo, editor.undo, editor.can_undo),
        (_("&Redo"), _Key.Redo, editor.redo, editor.can_redo),
        None,
        (_("Cu&t"), _Key.Cut, editor.cut, some),
        (_("&Copy"), _Key.Copy, editor.copy, some),
        (_("&Paste"), _Key.Paste, editor.paste, full),
        (_("D&elete"), _Key.Delete, lambda: editor.insert(""), some),
        None,
        (_("Select &All"), _Key.SelectAll, editor.select_all, True),
    )
    for entry in entries:
        if entry is None:
            menu.addSeparator()
            continue
        words, keys, do, possible = entry
        action = menu.addAction(words)
        action.setShortcut(keys)
        action.setEnabled(possible)
        action.triggered.connect(lambda _checked=False, do=do: do())
    return menu
