"""What went wrong, or is to be done first, told in the prompt panel: beside its field, or in the
bar over the buttons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from aigc_studio.translation import _

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtWidgets import QWidget

    from aigc_studio.host import PluginRecord, PluginSource
    from aigc_studio.ui.prompt.middle import Middle
    from aigc_studio.ui.prompt.parts import NoticeBar


class Faults(QObject):
    """Tells of what was asked, and of a generator that fails. `details_wanted` carries a text."""

    details_wanted = Signal(str)

    def __init__(self, parent: QObject, bar: NoticeBar, middle: Middle) -> None:
        super().__init__(parent)
        self._bar = bar
        self._middle = middle
        self._details = ""
        self._was_broken = False
        self.elsewhere: PluginSource | None = None
        """A plugin that is told of elsewhere in the window where it fails."""
        bar.link_clicked.connect(self._want_details)

    def show(self, errors: Mapping[str, str], details: str) -> QWidget | None:
        """Show each sentence beside its field, all at once; the rest in the bar.

        Gives the first field with one.
        """
        left = self._middle.set_errors(errors)
        self._details = details
        text = "\n".join(left.values())
        self._bar.show_text(text, _("Details…") if details and text else "")
        return self._middle.first_error()

    def show_hint(self, sentence: str) -> None:
        """Say in the bar what is to be done or waited for first: nothing went wrong."""
        self.show({}, "")
        self._bar.show_text(sentence, level="info")

    def show_generator(self, broken: PluginRecord | None) -> None:
        """Say that the generator in use fails, until it works again (None)."""
        if broken is not None and broken.source != self.elsewhere:
            self._details = broken.details
            link = _("Details…") if broken.details else ""
            self._bar.show_text(broken.reason, link, closable=False)
        elif broken is None and self._was_broken:
            self._bar.clear()
        self._was_broken = broken is not None

    @Slot()
    def _want_details(self) -> None:
        self.details_wanted.emit(self._details)
