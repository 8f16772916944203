"""The main button of the prompt panel: what it does now, and what speaks against that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from aigc_studio.translation import _, localized
from aigc_studio.ui.labels import shortened

if TYPE_CHECKING:
    from aigc_studio.library.model_info import ModelInfo
    from aigc_studio.ui.prompt.panel import PromptPanel


class Readiness(QObject):
    """Says on the button what it does, and beside it why it cannot, or should not.

    A reason says why it cannot work; after a caution, which an edit may have, it works if the
    person insists.
    """

    def __init__(self, panel: PromptPanel) -> None:
        super().__init__(panel)
        self._panel = panel
        self._other: ModelInfo | None = None
        """The model that nothing speaks against."""
        self._refused = ""

    @property
    def makes_new(self) -> bool:
        """Whether the button leaves the edit page: there is nothing on the board to edit."""
        panel = self._panel
        return panel.editing.board_empty and panel.verb() == "edit" and panel.middle.has_both()

    @property
    def is_cautioned(self) -> bool:
        """Whether something speaks against the edit."""
        return self._panel.verb() == "edit" and bool(self._panel.caution.text())

    def why_not(self) -> str:
        """Why the button cannot work, as a sentence; empty when it can."""
        panel = self._panel
        if not panel.generator():
            return _("No generator is ready.")
        if (broken := panel.generators.fault()) is not None:
            return str(broken.reason)
        if panel.middle.is_elsewhere():
            return panel.middle.elsewhere.sentence.text()
        operation, edits = panel.middle.page().operation(), panel.verb() == "edit"
        if operation is None and edits:
            return _("This generator makes only new things: choose one that edits.")
        if operation is None:
            return _("This generator offers nothing here.")
        if panel.models.is_missing() and operation.model == "required":
            if not panel.models.complete:
                return _("The models are still being looked for.")
            return _("There is no model yet: train one first.")
        return panel.middle.page().reason() if edits else ""

    def allows(self) -> bool:
        """Whether the button may do it now; else the reason is told, or the caution looked at.
        Where only a wish is missing, the keyboard goes to what it is told with."""
        reason = self._reason_now()
        if reason:
            self.refuse(reason)
            wish = self._panel.middle.first_wish() if reason == self._unasked() else None
            if wish is not None:
                wish.setFocus()
            return False
        if self.is_cautioned:
            caution = self._panel.caution
            (caution.better if self._other else caution.link).setFocus()
            return False
        return True

    def refuse(self, reason: str) -> None:
        """Say why a press cannot be followed, for as long as that holds."""
        self._refused = reason
        self._panel.set_error(reason)

    def set_caution(self, sentence: str, other: ModelInfo | None) -> None:
        """This speaks against the edit, and not against this other model."""
        self._other = other
        anyway = _("Try anyway") if sentence else ""
        name = shortened(other.title, 32) if other is not None else ""
        better = _("Use {generator}").format(generator=name) if name else ""
        self._panel.caution.show_text(sentence, anyway, closable=False, better=better)

    @Slot()
    def use_other(self) -> None:
        """Choose the model that nothing speaks against."""
        if self._other is not None:
            self._panel.choose(self._other.generator, self._other.name, self._other.digest)

    @Slot()
    def try_anyway(self) -> None:
        """Do what a caution speaks against."""
        self._panel.set_caution("")
        self._panel.tried_anyway.emit()
        self._panel.run()

    def show(self) -> None:
        """Name the button and the action, with the reason against them."""
        panel = self._panel
        title, icon, reason = self._named()
        panel.caution.setVisible(self.is_cautioned)
        panel.buttons.set_useful(not panel.middle.is_elsewhere() or self.makes_new)
        panel.buttons.set_action(title, icon, reason)
        panel.run_action.setText(title)
        # With a reason against it, it says so: a key that does nothing is no answer.
        panel.run_action.setEnabled(not panel.buttons.is_busy())
        self.settle()

    def settle(self) -> None:
        """Take back what was said of a press where it holds no longer."""
        if self._refused and self._refused != self._reason_now():
            if self._panel.bar.text() == self._refused:
                self._panel.bar.clear()
            self._refused = ""

    def _named(self) -> tuple[str, str, str]:
        """Title, icon, and the reason against it."""
        panel, reason = self._panel, self.why_not()
        if self.makes_new:
            return _("Generate"), "generate", ""
        if panel.verb() != "edit":
            return _("Generate"), "generate", reason
        operation = panel.middle.page().operation()
        title = localized(operation.title) if operation is not None else _("Edit")
        return title, "sparkle", reason or (panel.caution.text() if self.is_cautioned else "")

    def _reason_now(self) -> str:
        if self._panel.buttons.is_busy():
            return _("Something is being made: wait for it, or press Esc to cancel it.")
        return self.why_not() or self._unasked()

    def _unasked(self) -> str:
        """That nothing is asked yet of an operation that does only what is; empty otherwise."""
        operation, prompt = self._panel.middle.page().asking(), self._panel.prompt()
        if operation is None or prompt is None:
            return ""
        if not operation.is_unasked(prompt.prompt, prompt.controls, prompt.parameters):
            return ""
        if self._panel.middle.first_wish() is None:
            return _("This model offers nothing that could be changed so: choose another one.")
        if operation.prompt == "none":
            return _("Say first what to change: set what is offered above.")
        if "controls" in operation.asks and self._panel.middle.offers_controls:
            return _("Say first what to change: in words, or by a control.")
        return _("Say first what to change, in words.")
