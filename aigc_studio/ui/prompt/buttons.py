"""The foot of the prompt panel: the main button, which is also the way out, and its progress."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from aigc_studio.translation import _, localized
from aigc_studio.ui import icons, keys, theme
from aigc_studio.ui.labels import Label
from aigc_studio.ui.progress_bars import show_progress


class PromptButtons(QWidget):
    """Generate (or edit), Train… and copy as command; while busy, Cancel with the progress.

    While something grows that could be kept as it is, *Stop and keep* stands over Cancel. `notices`
    lie over them all, under the line that ends what is scrolled.
    """

    run_requested = Signal()
    cancel_requested = Signal()
    keep_requested = Signal()
    train_requested = Signal()
    copy_requested = Signal()

    def __init__(self, *notices: QWidget) -> None:
        super().__init__()
        self._busy = False
        self._useful = True
        self._title = _("Generate")
        self._icon = "generate"
        self.main = QPushButton()
        self.main.setFixedHeight(theme.MAIN_HEIGHT)
        self.main.setIconSize(QSize(theme.TOOL_ICON, theme.TOOL_ICON))
        self.main.clicked.connect(self._pressed)
        self._make_keep()
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(_("Progress"))
        self._text = Label()
        self._text.setWordWrap(True)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setFont(theme.readout_font())
        theme.set_kind(self._text, "secondary")
        self.train = QPushButton(_("Train…"))
        self.train.setIcon(icons.icon("train"))
        self.train.setToolTip(_("Teach this generator from examples"))
        self.train.clicked.connect(self.train_requested)
        self._make_copy()
        self._lay_out(notices)
        self.set_busy(False)

    def _make_keep(self) -> None:
        self.keep = QPushButton()
        self.keep.setFixedHeight(theme.MAIN_HEIGHT)
        self.keep.setIconSize(QSize(theme.TOOL_ICON, theme.TOOL_ICON))
        self.keep.setIcon(icons.icon("check", "on_accent"))
        theme.set_kind(self.keep, "primary")
        self.keep.clicked.connect(self.keep_requested)
        self.keep.setText(_("Stop and keep"))
        words = keys.with_key(_("Keep what is there so far"), "accept")
        self.keep.setToolTip(words)
        self.keep.hide()

    def _make_copy(self) -> None:
        self.copy = QToolButton()
        self.copy.setIcon(icons.icon("terminal", "muted"))
        self.copy.setIconSize(QSize(theme.TOOL_ICON, theme.TOOL_ICON))
        self.copy.setFixedSize(theme.CONTROL_HEIGHT, theme.CONTROL_HEIGHT)
        self.copy.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.copy.setToolTip(_("Copy as a command for the shell"))
        self.copy.setAccessibleName(self.copy.toolTip())
        self.copy.clicked.connect(self.copy_requested)

    def set_action(self, title: str, icon: str, reason: str = "") -> None:
        """What the main button does; with a `reason` it cannot."""
        self._title, self._icon = title, icon
        self.main.setEnabled(self._busy or not reason)
        self._show(reason)

    def set_useful(self, useful: bool) -> None:
        """Whether there is anything here that the main button could be about."""
        self._useful = useful
        self.main.setVisible(useful or self._busy)

    def set_busy(self, busy: bool) -> None:
        """Turn the main button into Cancel, and back."""
        self._busy = busy
        self.main.setVisible(self._useful or busy)
        theme.set_kind(self.main, "" if busy else "primary")
        self._bar.setVisible(busy)
        self._text.hide()
        if busy:
            show_progress(self._bar, 0, 0)
            self.main.setEnabled(True)
        self._show("")

    def set_growing(self, growing: bool) -> None:
        """Whether something grows that could be kept as it is."""
        held = self.keep.hasFocus()
        self.keep.setVisible(growing)
        if held and not growing:
            self.main.setFocus()

    def set_progress(self, progress: Any) -> None:
        """Show an `api.Progress`: how far, of what, and what is being done."""
        show_progress(self._bar, progress.step, progress.total)
        words = [localized(progress.text)]
        if progress.total > 1:
            words.append(_("{step} of {total}").format(step=progress.step, total=progress.total))
        self._text.setText(" · ".join(filter(None, words)))
        self._text.setVisible(self._busy and bool(self._text.text()))

    def is_busy(self) -> bool:
        """Whether the main button says Cancel."""
        return self._busy

    def _pressed(self) -> None:
        (self.cancel_requested if self._busy else self.run_requested).emit()

    def _show(self, reason: str) -> None:
        title, shortcut = (self._title, keys.shown("generate"))
        if self._busy:
            title, shortcut = _("Cancel"), keys.shown("cancel")
        name = "cancel" if self._busy else self._icon
        self.main.setText(title.replace("&", "&&"))
        self.main.setAccessibleName(title)
        self.main.setIcon(icons.icon(name, "text" if self._busy else "on_accent"))
        self.main.setToolTip(
            reason or _("{action} ({shortcut})").format(action=title, shortcut=shortcut)
        )

    def _lay_out(self, notices: Sequence[QWidget]) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.PADDING, 0, theme.PADDING, theme.PADDING)
        column.setSpacing(theme.GAP)
        line = QFrame()
        theme.set_kind(line, "line")
        column.addWidget(line)
        for part in (*notices, self._bar, self._text, self.keep, self.main):
            column.addWidget(part)
        row = QHBoxLayout()
        row.setSpacing(theme.GAP)
        row.addWidget(self.train, 1)
        row.addStretch(0)
        row.addWidget(self.copy)
        column.addLayout(row)
