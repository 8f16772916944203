"""When the live preview of the prompt panel is due: soon after a change, never after a pause."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

if TYPE_CHECKING:
    from aigc_studio.ui.prompt.middle import Middle
    from aigc_studio.ui.prompt.panel import PromptPanel

DELAY = 4
"""Milliseconds that changes are gathered before a live preview is asked for."""


class LivePreview(QObject):
    """`due` fires once for changes that come together, while the switch of the panel is on."""

    due = Signal()

    def __init__(self, panel: PromptPanel, middle: Middle) -> None:
        super().__init__(panel)
        self._switch = middle.live
        self._settings = panel.settings
        self._timer = QTimer(self, singleShot=True, interval=DELAY)
        self._timer.timeout.connect(self.due)
        self._switch.setChecked(bool(self._settings.preference("live_preview")))
        self._switch.toggled.connect(self._toggled)

    def ask(self) -> None:
        """Something is another value now."""
        # Not started anew: a mouse that moves every 8 ms would put it off until it stands still.
        if self._switch.isChecked() and not self._timer.isActive():
            self._timer.start()

    def stop(self) -> None:
        """What was asked for is made now: nothing is previewed."""
        self._timer.stop()

    @Slot(bool)
    def _toggled(self, on: bool) -> None:
        self._settings.set_preference("live_preview", on)
        self.ask()
