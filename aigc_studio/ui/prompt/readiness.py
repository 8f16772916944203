"""The main button of the prompt panel: what it does now, and what speaks against that."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from aigc_studio.translation import _, localized
from aigc_studio.ui.labels import shortened

if TYPE_CHECKING:
    from aigc_studio.library.model_info import ModelInfo
    from aigc_studio.ui.prompt.editing import Editing
    from aigc_studio.ui.prompt.values import Prompt
    from aigc_studio.ui.prompt.verbs import EditVerb
    from aigc_studio.ui.prompt.view import PromptView


class Readiness(QObject):
    """Says on the button what it does, and beside it why it cannot, or should not.

    A reason says why it cannot work; after a caution, which an edit may have, it works if the
    person insists. `refused` carries the reason why a press cannot be followed.
    """

    refused = Signal(str)

    def __init__(
        self, view: PromptView, editing: Editing, prompt: Callable[[], Prompt | None]
    ) -> None:
        super().__init__(view)
        self._view = view
        self._prompt = prompt
        """What is asked for now."""
        self._editing = editing
        self._other: ModelInfo | None = None
        """The model that nothing speaks against."""
        self._refused = ""

    @property
    def makes_new(self) -> bool:
        """Whether the button leaves the edit page: there is nothing on the board to edit."""
        view = self._view
        return self._editing.board_empty and view.verb() == "edit" and view.middle.has_both()

    @property
    def does_elsewhere(self) -> EditVerb | None:
        """What the button does by another generator, where the one in use does nothing with what
        is selected: what stands first in the bar over it."""
        if not self._view.middle.is_elsewhere() or self.makes_new:
            return None
        own = self._view.generator()
        return next((verb for verb in self._editing.verbs() if verb.generator != own), None)

    @property
    def is_cautioned(self) -> bool:
        """Whether something speaks against the edit."""
        return self._view.verb() == "edit" and bool(self._view.caution.text())

    def why_not(self) -> str:
        """Why the button cannot work, as a sentence; empty when it can."""
        view = self._view
        if not view.generator():
            return _("No generator is ready.")
        if (broken := view.generators.fault()) is not None:
            return str(broken.reason)
        if view.middle.is_elsewhere():
            return "" if self.does_elsewhere else view.middle.elsewhere.sentence.text()
        operation, edits = view.middle.page().operation(), view.verb() == "edit"
        if operation is None and edits:
            return _("This generator makes only new things: choose one that edits.")
        if operation is None:
            return _("This generator offers nothing here.")
        if view.models.is_missing() and operation.model == "required":
            if not view.models.complete:
                return _("The models are still being looked for.")
            return _("There is no model yet: train one first.")
        return view.middle.page().reason() if edits else ""

    def allows(self) -> bool:
        """Whether the button may do it now; else the reason is told, or the caution looked at.
        Where only a wish is missing, the keyboard goes to what it is told with."""
        reason = self._reason_now()
        if reason:
            self.refuse(reason)
            wish = self._view.middle.first_wish() if reason == self._unasked() else None
            if wish is not None:
                wish.setFocus()
            return False
        if self.is_cautioned:
            caution = self._view.caution
            (caution.better if self._other else caution.link).setFocus()
            return False
        return True

    def refuse(self, reason: str) -> None:
        """Say why a press cannot be followed, for as long as that holds."""
        self._refused = reason
        self.refused.emit(reason)

    def set_caution(self, sentence: str, other: ModelInfo | None) -> None:
        """This speaks against the edit, and not against this other model."""
        self._other = other
        anyway = _("Try anyway") if sentence else ""
        name = shortened(other.title, 32) if other is not None else ""
        better = _("Use {generator}").format(generator=name) if name else ""
        self._view.caution.show_text(sentence, anyway, closable=False, better=better)

    @Slot()
    def use_other(self) -> None:
        """Choose the model that nothing speaks against."""
        if self._other is not None:
            self._view.choose(self._other.generator, self._other.name, self._other.digest)

    def show(self) -> None:
        """Name the button and the action, with the reason against them."""
        view = self._view
        title, icon, reason = self._named()
        view.caution.setVisible(self.is_cautioned)
        away = view.middle.is_elsewhere() and self.does_elsewhere is None
        view.buttons.set_useful(not away or self.makes_new)
        view.buttons.set_action(title, icon, reason)
        view.run_action.setText(title)
        # With a reason against it, it says so: a key that does nothing is no answer.
        view.run_action.setEnabled(not view.buttons.is_busy())
        self.settle()

    def settle(self) -> None:
        """Take back what was said of a press where it holds no longer."""
        if self._refused and self._refused != self._reason_now():
            if self._view.bar.text() == self._refused:
                self._view.bar.clear()
            self._refused = ""

    def _named(self) -> tuple[str, str, str]:
        """Title, icon, and the reason against it."""
        view, reason = self._view, self.why_not()
        if self.makes_new:
            return _("Generate"), "generate", ""
        if view.verb() != "edit":
            return _("Generate"), "generate", reason
        if (verb := self.does_elsewhere) is not None:
            found = view.generators.descriptions()
            titles = [localized(each.title) for each in found if each.id == verb.generator]
            return (
                " · ".join((verb.title, *(shortened(each, 32) for each in titles))),
                "sparkle",
                "",
            )
        operation = view.middle.page().operation()
        title = localized(operation.title) if operation is not None else _("Edit")
        return title, "sparkle", reason or (view.caution.text() if self.is_cautioned else "")

    def _reason_now(self) -> str:
        if self._view.buttons.is_busy():
            return _("Something is being made: wait for it, or press Esc to cancel it.")
        return self.why_not() or ("" if self.does_elsewhere else self._unasked())

    def _unasked(self) -> str:
        """That nothing is asked yet of an operation that does only what is; empty otherwise."""
        operation, prompt = self._view.middle.page().asking(), self._prompt()
        if operation is None or prompt is None:
            return ""
        if not operation.is_unasked(prompt.prompt, prompt.controls, prompt.parameters):
            return ""
        if self._view.middle.first_wish() is None:
            return _("This model offers nothing that can be changed this way: choose another one.")
        if operation.prompt == "none":
            return _("First say what to change: set what is offered above.")
        if "controls" in operation.asks and self._view.middle.offers_controls:
            return _("First say what to change: in words, or by a control.")
        return _("First say what to change, in words.")
