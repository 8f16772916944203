"""The live preview of the prompt panel: asked for soon after a change, never after a pause."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot

if TYPE_CHECKING:
    from aigc_studio.ui.prompt.middle import Middle
    from aigc_studio.ui.prompt.panel import PromptPanel

DELAY = 4
"""Milliseconds that changes are gathered before a live preview is asked for."""


class LivePreview(QObject):
    """Has the panel ask once for changes that come together, while its switch is on."""

    def __init__(self, panel: PromptPanel, middle: Middle) -> None:
        super().__init__(panel)
        self._panel = panel
        self._switch = middle.live
        self._settings = panel.settings
        self._timer = QTimer(self, singleShot=True, interval=DELAY)
        self._timer.timeout.connect(self._request)
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

    @Slot()
    def _request(self) -> None:
        panel, middle = self._panel, self._panel.middle
        prompt, page = panel.prompt(), middle.page()
        operation = page.operation()
        unasked = operation is None or not operation.live or page.lacks_words()
        if prompt is None or unasked or panel.why_not() or panel.buttons.is_busy():
            return
        # What is shown now is what the button makes, with this seed.
        middle.seed.keep_shown()
        panel.preview_requested.emit(prompt)

    @Slot(bool)
    def _toggled(self, on: bool) -> None:
        self._settings.set_preference("live_preview", on)
        self.ask()
