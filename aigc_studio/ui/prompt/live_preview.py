"""The live preview of the prompt panel: asked for soon after a change, never after a pause."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

if TYPE_CHECKING:
    from collections.abc import Callable

    from aigc_studio.ui.prompt.values import Prompt
    from aigc_studio.ui.prompt.view import PromptView
    from aigc_studio.ui.settings import Settings

DELAY = 4
"""Milliseconds that changes are gathered before a live preview is asked for."""


class LivePreview(QObject):
    """Asks once for changes that come together, while its switch is on.

    `wanted` carries what `asked` gives then: None where nothing can be made.
    """

    wanted = Signal(object)

    def __init__(
        self, view: PromptView, settings: Settings, asked: Callable[[], Prompt | None]
    ) -> None:
        super().__init__(view)
        self._middle = view.middle
        self._switch = view.middle.live
        self._settings = settings
        self._asked = asked
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
        prompt, page = self._asked(), self._middle.page()
        operation = page.operation()
        if prompt is None or operation is None or not operation.live or page.lacks_words():
            return
        # What is shown now is what the button makes, with this seed.
        self._middle.seed.keep_shown()
        self.wanted.emit(prompt)

    @Slot(bool)
    def _toggled(self, on: bool) -> None:
        self._settings.set_preference("live_preview", on)
        self.ask()
