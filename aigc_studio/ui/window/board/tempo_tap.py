"""A button that is tapped in time, and says how fast that is."""

from __future__ import annotations

import time
from statistics import median

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QToolButton

from aigc_studio.translation import _
from aigc_studio.ui import icons, theme

PAUSE = 2.5
"""Seconds without a tap, after which the next one begins anew."""
_TAPS = 9


class TempoTap(QToolButton):
    """`tapped` carries quarter notes a minute, from the second tap on. `beat` is how many quarter
    notes there are from tap to tap: a quarter in 4/4, one and a half in 6/8."""

    tapped = Signal(float)

    def __init__(self) -> None:
        super().__init__()
        self.beat = 1.0
        self._taps: list[float] = []
        self.setIcon(icons.icon("tap"))
        self.setIconSize(QSize(theme.TOOL_ICON, theme.TOOL_ICON))
        self.setFixedSize(theme.CONTROL_HEIGHT, theme.CONTROL_HEIGHT)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(_("Tap the tempo"))
        beat = _("Click on each beat, or press Space: twice at least")
        self.setToolTip("\n".join((_("Tap the tempo"), beat)))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A tap is when the button goes down, not when it comes up."""
        super().mousePressEvent(event)
        if event.button() == Qt.MouseButton.LeftButton:
            self.tap(time.monotonic())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """A quick tap."""
        self.mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """By the keyboard as well."""
        if event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return) and not event.isAutoRepeat():
            self.tap(time.monotonic())
        super().keyPressEvent(event)

    def tap(self, now: float) -> None:
        """Note a tap at a time in seconds."""
        if self._taps and now - self._taps[-1] > PAUSE:
            self._taps.clear()
        self._taps = [*self._taps[1 - _TAPS :], now]
        gaps = [after - before for before, after in zip(self._taps, self._taps[1:], strict=False)]
        if gaps and median(gaps) > 0:
            self.tapped.emit(60 * self.beat / median(gaps))
