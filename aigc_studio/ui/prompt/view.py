"""The prompt panel's widgets, laid out, and what is chosen in them: what they do is `panel`."""

from __future__ import annotations

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractButton, QVBoxLayout, QWidget

from aigc_studio.translation import _
from aigc_studio.ui import keys, theme
from aigc_studio.ui.labels import Label
from aigc_studio.ui.prompt.buttons import PromptButtons
from aigc_studio.ui.prompt.middle import Middle
from aigc_studio.ui.prompt.parts import NoticeBar, scrolling
from aigc_studio.ui.prompt.sources import GeneratorRow, ModelRow


class PromptView(QWidget):
    """Generator and model, the page of a verb, an error bar, the buttons; and two actions."""

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
