"""What the settings offer of sound: the device that sounds, and a sound font."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSize, Qt, QTimer, Slot
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QToolButton, QVBoxLayout, QWidget

from aigc_studio.translation import _
from aigc_studio.ui import icons, theme
from aigc_studio.ui.forms.controls import Choice
from aigc_studio.ui.labels import Label, tip
from aigc_studio.ui.listening import ear

if TYPE_CHECKING:
    from aigc_studio.ui.settings import Settings

ASK_MS, ASKED = 200, 50
"""Milliseconds between two looks for what the player knows, and how many looks."""


class SoundRows(QObject):
    """`device` and `font` are the controls; `wake` when they are seen, `rest` when no longer.

    What devices there are, and whether a font can be used, the player finds out in a moment that
    nobody waits for.
    """

    def __init__(self, settings: Settings, parent: QWidget) -> None:
        super().__init__(parent)
        self._settings = settings
        self._parent = parent
        self._woke = False
        self._asked = 0
        self.device = Choice()
        self.device.addItem(_("As the system"), "")
        self.device.currentIndexChanged.connect(self._choose_device)
        self.line = QLineEdit()
        self.note = Label(wordWrap=True)
        self.font = self._font_part()
        self._asking = QTimer(self, interval=ASK_MS)
        self._asking.timeout.connect(self._ask)

    def show_settings(self) -> None:
        """Take over what the settings say."""
        # One that is not there now is chosen all the same, and used when it is back.
        chosen = self._settings.preference("audio_device")
        if self.device.findData(chosen) < 0:
            self.device.addItem(chosen, chosen)
        self.device.setCurrentIndex(self.device.findData(chosen))
        self._show_font(self._settings.preference("soundfont"))

    def wake(self) -> None:
        """Ask the player what there is."""
        self._woke = self._woke or not ear().is_ready
        ear().prepare()
        self._asked = 0
        self._asking.start()

    def rest(self) -> None:
        """A player that was only asked goes again."""
        self._asking.stop()
        if self._woke and not ear().is_playing:
            ear().rest()
        self._woke = False

    def _font_part(self) -> QWidget:
        self.line.setReadOnly(True)
        self.line.setFixedHeight(theme.CONTROL_HEIGHT)
        self.line.setPlaceholderText(_("The instruments of the studio"))
        self.line.setAccessibleName(_("Sound font"))
        theme.set_kind(self.note, "secondary")
        self.note.hide()
        part = QWidget()
        column = QVBoxLayout(part)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        row = QHBoxLayout()
        row.setSpacing(theme.GRID)
        row.addWidget(self.line, 1)
        row.addWidget(_button("folder", _("Choose a sound font"), self._choose_font))
        row.addWidget(_button("close", _("Use the instruments of the studio"), self._forget_font))
        column.addLayout(row)
        column.addWidget(self.note)
        return part

    @Slot(int)
    def _choose_device(self, _index: int) -> None:
        self._settings.set_preference("audio_device", self.device.currentData())

    @Slot()
    def _choose_font(self) -> None:
        former = Path(self._settings.preference("soundfont"))
        folder = str(former.parent) if former.name else str(Path.home())
        title, kinds = _("Choose a sound font"), _("Sound fonts") + " (*.sf2 *.sf3)"
        path, _kind = QFileDialog.getOpenFileName(self._parent, title, folder, kinds)
        if path:
            self._set_font(path)

    @Slot()
    def _forget_font(self) -> None:
        self._set_font("")

    def _set_font(self, path: str) -> None:
        self._settings.set_preference("soundfont", path)
        self._show_font(path)
        self.wake()

    def _show_font(self, path: str) -> None:
        self.line.setText(path)
        self.line.setCursorPosition(0)
        self.line.setToolTip(tip(path))

    @Slot()
    def _ask(self) -> None:
        self._asked += 1
        if self._asked >= ASKED:
            self._asking.stop()
        for name in ear().devices:
            if self.device.findData(name) < 0:
                self.device.addItem(name, name)
        self.note.setText(ear().remark)
        self.note.setVisible(bool(ear().remark))


def _button(icon: str, words: str, call: Callable[[], object]) -> QToolButton:
    button = QToolButton()
    button.setIcon(icons.icon(icon, "muted"))
    button.setIconSize(QSize(theme.TOOL_ICON, theme.TOOL_ICON))
    button.setFixedSize(theme.CONTROL_HEIGHT, theme.CONTROL_HEIGHT)
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    button.setToolTip(words)
    button.setAccessibleName(words)
    button.clicked.connect(call)
    return button
