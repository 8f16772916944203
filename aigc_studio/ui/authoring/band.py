"""The band over the prompt panel of a window that a plugin is developed in."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from aigc_studio.translation import _
from aigc_studio.ui import icons, theme
from aigc_studio.ui.authoring.fault import FaultBox
from aigc_studio.ui.forms.controls import Switch
from aigc_studio.ui.labels import ElidedLabel, Label, tip

_MOST_WARNINGS = 3
_PATIENCE_MS = 600
"""Reading that is done sooner than this is not mentioned: nothing blinks."""


class Band(QFrame):
    """Which plugin this window is for, how it is with it, and what its author does.

    `fault` shows what is wrong, and where. `again` is on where the last thing that was asked for is
    to be made anew after each reload.
    """

    reload_wanted = Signal()
    log_wanted = Signal()
    check_wanted = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.set_kind(self, "developing")
        self.setAccessibleName(_("The plugin that is developed"))
        self.title = ElidedLabel(_("Developing {name}").format(name=name))
        theme.set_kind(self.title, "heading")
        self.title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.check = self._button("check", _("Check: run the conformance tests on it"))
        self.log = self._button("log", _("Log: what its worker writes, as it is written"))
        self.reload = self._button("reset", _("Reload: read its code again now"))
        self.check.clicked.connect(self.check_wanted)
        self.log.clicked.connect(self.log_wanted)
        self.reload.clicked.connect(self.reload_wanted)
        self.state = Label()
        self.state.setFont(theme.readout_font())
        theme.set_kind(self.state, "secondary")
        self.again = Switch(_("Run again"))
        self.again.setToolTip(_("After each reload, make anew what was made last: save and see"))
        self.note = Label(wordWrap=True)
        theme.set_kind(self.note, "secondary")
        self.warning = Label(wordWrap=True)
        theme.set_kind(self.warning, "warning")
        self.warning.hide()
        self.fault = FaultBox()
        self._slow = QTimer(self, singleShot=True, interval=_PATIENCE_MS)
        self._slow.timeout.connect(lambda: self.state.setText(_("Reading it…")))
        self._lay_out()
        self.say_note("")
        self.state.setText(_("Reading it…"))

    def show_reading(self) -> None:
        """Its code is being read."""
        self._slow.start()

    def show_ready(self, words: str, note: str = "") -> None:
        """It works as it is now; `note` says what does not have the new code yet."""
        self._slow.stop()
        self.state.setText(words)
        self.say_note(note)
        self.fault.clear()

    def show_warnings(self, sentences: Sequence[str]) -> None:
        """What works and is not as it should be, or will not be for long."""
        self.warning.setText("\n".join(sentences[:_MOST_WARNINGS]))
        self.warning.setVisible(bool(sentences))

    def show_broken(self, words: str, sentence: str, file: str, line: int, details: str) -> None:
        """It cannot be read as it is now."""
        self._slow.stop()
        self.state.setText(words)
        self.say_note("")
        self.show_warnings(())
        self.fault.show_fault(sentence, file, line, details)

    def say_note(self, note: str) -> None:
        """What does not have the new code yet; nothing for no words."""
        self.note.setText(note)
        self.note.setVisible(bool(note))

    def _button(self, name: str, words: str) -> QToolButton:
        button = QToolButton()
        button.setIcon(icons.icon(name, "muted"))
        button.setIconSize(QSize(theme.TOOL_ICON, theme.TOOL_ICON))
        button.setFixedSize(theme.CONTROL_HEIGHT, theme.CONTROL_HEIGHT)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.setToolTip(tip(words))
        button.setAccessibleName(words)
        return button

    def _lay_out(self) -> None:
        head, row, whole = QHBoxLayout(), QHBoxLayout(), QVBoxLayout(self)
        head.setSpacing(theme.GRID)
        head.addWidget(self.title, 1)
        for button in (self.check, self.log, self.reload):
            head.addWidget(button)
        row.setSpacing(theme.GAP)
        row.addWidget(self.state, 1)
        row.addWidget(self.again)
        whole.setContentsMargins(theme.PADDING, theme.GRID, theme.GAP, theme.GRID)
        whole.setSpacing(theme.GRID)
        whole.addLayout(head)
        whole.addLayout(row)
        whole.addWidget(self.note)
        whole.addWidget(self.warning)
        whole.addWidget(self.fault)
