"""The controls of the model that is chosen, in the prompt panel: shown, remembered, recalled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from aigc_studio.api.controls import Controls, read_controls
from aigc_studio.translation import localized

if TYPE_CHECKING:
    from aigc_studio.ui.prompt.controls import ControlBox, LikeLine
    from aigc_studio.ui.prompt.memory import PromptMemory
    from aigc_studio.ui.prompt.view import PromptView


class Steering:
    """Has the panel show what the chosen model can be steered by, where the operation is steered.

    Values are kept for each model, apart for what is made and for what is edited: how new things
    are to look is no change that was asked for of a thing that is there. They stay while another
    operation of the same verb is chosen that has none.
    """

    def __init__(self, view: PromptView, memory: PromptMemory) -> None:
        self._view = view
        self._memory = memory
        self._middle = view.middle
        self._latents: tuple[str, ...] = ()
        self._shown: tuple[str, str, str] | None = None
        self._box: ControlBox | None = None
        self._like: LikeLine | None = None

    def refresh(self) -> None:
        """Another generator, model or operation may be chosen."""
        model = self._view.models.model()
        chosen = self._view.generator(), model.digest if model else "", self._middle.verb()
        if chosen != self._shown:
            if self._shown is None or chosen[:2] != self._shown[:2]:
                self._latents = ()
            self._shown = chosen
            self._show(self._controls(model), self._memory.controls(*chosen))
        self._middle.page().set_card(model.card if model is not None else {})
        away = self._middle.is_elsewhere()
        if self._box is not None:
            self._box.setVisible(bool(self._box.rows) and self._is_steered() and not away)
        if self._like is not None:
            self._like.setVisible(bool(self.latents()) and not away)

    def values(self) -> dict[str, float | str]:
        """Those that the chosen operation is to be given."""
        return self._box.values() if self._box is not None and self._is_steered() else {}

    def latents(self) -> tuple[str, ...]:
        """Digests of the latents of what something new is to be like."""
        takes = self._is_steered() and self._middle.verb() == "generate"
        return self._latents if takes else ()

    def recall(self, values: Mapping[str, Any], latents: tuple[str, ...] = ()) -> None:
        """Set what something was made with; what the model in use has not is passed over."""
        self.refresh()
        self._latents = latents
        if latents and self._like is None:
            self._like = self._middle.like
            self._like.left_out.connect(self._leave_out)
        if self._box is not None:
            self._box.set_values(values)
        self.refresh()

    def _is_steered(self) -> bool:
        operation = self._middle.page().operation()
        return operation is not None and operation.controls

    def _show(self, controls: Controls, values: Mapping[str, Any]) -> None:
        if self._box is None and controls.controls:
            # Most models have none, and a window opens without them.
            self._box = self._middle.controls
            self._box.changed.connect(self._keep)
        if self._box is not None:
            was = self._box.blockSignals(True)
            self._box.show_controls(controls)
            self._box.set_values(values)
            self._box.blockSignals(was)

    def _controls(self, model: Any) -> Controls:
        """As the model's card says; of a generator without models as it says of itself."""
        if model is not None:
            return _told(read_controls(model.card), model.card)
        about = self._view.generators.description()
        return about.controls if about is not None else Controls()

    def _leave_out(self) -> None:
        self._latents = ()
        self.refresh()
        self._middle.changed.emit()

    def _keep(self) -> None:
        if self._shown is not None and self._box is not None:
            self._memory.keep_controls(*self._shown, self._box.values())


def _told(controls: Controls, card: Mapping[str, Any]) -> Controls:
    """The controls with how well each works in its help, where that was measured."""
    if not controls.controls:
        return controls
    from aigc_studio.library.measures import control_facts

    facts, told = control_facts(card), []
    for each in controls.controls:
        words = facts[each.name][1] if each.name in facts else ""
        helped = " · ".join(filter(None, (localized(each.help), words)))
        told.append(replace(each, help=helped) if words else each)
    return replace(controls, controls=tuple(told))
