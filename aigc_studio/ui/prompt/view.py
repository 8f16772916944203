"""The prompt panel's widgets, laid out, and what is chosen in them: what they do is `panel`."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractButton, QVBoxLayout, QWidget

from aigc_studio.translation import _
from aigc_studio.ui import keys, theme
from aigc_studio.ui.labels import Label
from aigc_studio.ui.prompt.buttons import PromptButtons
from aigc_studio.ui.prompt.middle import Middle
from aigc_studio.ui.prompt.parts import NoticeBar, scrolling
from aigc_studio.ui.prompt.sources import GeneratorRow, ModelRow

if TYPE_CHECKING:
    from aigc_studio.api import Operation
    from aigc_studio.ui.prompt.faults import Faults


class PromptView(QWidget):
    """Generator and model, the page of a verb, an error bar, the buttons; and two actions.

    `details_requested` carries what is behind a sentence in the bar.
    """

    details_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.generators, self.models = GeneratorRow(), ModelRow()
        self.middle = Middle()
        self.bar = NoticeBar("error")
        self.caution = NoticeBar("warning")
        self._nothing = Label(_("No generator is ready. Open Plugins to see why, or add one."))
        self._nothing.setWordWrap(True)
        theme.set_kind(self._nothing, "secondary")
        self.buttons = PromptButtons(self.caution, self.bar)
        self._lay_out()
        self._make_actions()

    def lay_over(self, band: QWidget) -> None:
        """Put something over all the rest, where it stays when that is scrolled."""
        self._whole.insertWidget(0, band)

    # What is chosen

    def generator(self) -> str:
        """The id of the generator that is chosen, or an empty string."""
        record = self.generators.record()
        return record.description.id if record else ""

    def verb(self) -> str:
        """Which page shows: `generate` or `edit`."""
        return self.middle.verb()

    def uses(self, generator: str, digest: str) -> bool:
        """Whether the model of this digest is the one that is chosen."""
        chosen = self.models.model()
        return self.generator() == generator and chosen is not None and chosen.digest == digest

    def set_verb(self, verb: str) -> None:
        """Show the `generate` or the `edit` page."""
        self.middle.show_verb(verb)

    def choose(self, generator: str, model: str = "", digest: str = "") -> None:
        """Choose a generator, and one of its models by digest or by name, if they are there."""
        if self.generators.choose(generator) and (model or digest):
            self.models.choose(model, digest)

    def show_operation(self, generator: str, operation: Operation, prompt: str = "") -> None:
        """Show an operation of a generator, with these words typed in where there are any."""
        if not self.generators.choose(generator):
            return
        page = self.middle.show_verb(operation.verb)
        page.chooser.choose(operation.id)
        if prompt:
            page.prompt.setPlainText(prompt)

    def use_seed(self, seed: int) -> None:
        """Take a seed and lock it."""
        self.middle.seed.use(seed)

    # What is told

    @functools.cached_property
    def faults(self) -> Faults:
        """What went wrong; made when something does."""
        from aigc_studio.ui.prompt.faults import Faults

        faults = Faults(self, self.bar, self.middle)
        faults.details_wanted.connect(self.details_requested)
        return faults

    def set_errors(self, errors: Mapping[str, str], details: str = "") -> None:
        """Show each sentence beside its field, all at once; the rest in the bar.

        Fields are those of the form, `prompt`, `seed`, `count`; the name "" is the bar.
        """
        place = self.faults.show(errors, details)
        if place is not None:
            self._scroll.ensureWidgetVisible(place, 0, theme.SECTION)

    def set_error(self, sentence: str, details: str = "") -> None:
        """Show one sentence in the bar; `details` are behind its link."""
        self.set_errors({"": sentence} if sentence else {}, details)

    def set_progress(self, progress: Any) -> None:
        """How far the run is (`api.Progress`)."""
        self.buttons.set_progress(progress)

    def _tell_reason(self, reason: str) -> None:
        """Why a press cannot be followed: only a generator that fails is an error."""
        fails = self.generators.fault() is not None
        (self.set_error if fails else self.faults.show_hint)(reason)

    # Within

    def _make_actions(self) -> None:
        self.run_action = QAction(_("Generate"), self)
        self.run_action.setShortcuts(keys.sequences("generate"))
        self.cancel_action = QAction(_("Cancel"), self)
        self.cancel_action.setShortcuts(keys.sequences("cancel"))
        self.cancel_action.setEnabled(False)
        self.addActions([self.run_action, self.cancel_action])

    def _lay_out(self) -> None:
        parts = (self.middle.verbs, self.generators, self.models, self._nothing, self.middle)
        self._scroll = scrolling(parts)
        self._whole = whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self._scroll, 1)
        whole.addWidget(self.buttons)
        for button in self.middle.verbs.findChildren(QAbstractButton):
            QWidget.setTabOrder(button, self.generators.combo)
        self.setMinimumWidth(theme.PANEL_WIDTH - 40)
        self.resize(theme.PANEL_WIDTH, 640)
