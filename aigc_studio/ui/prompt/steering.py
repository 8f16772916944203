"""The controls of the model that is chosen, in the prompt panel: shown, remembered, recalled."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from aigc_studio.api.controls import Controls, read_controls

if TYPE_CHECKING:
    from aigc_studio.ui.prompt.memory import PromptMemory
    from aigc_studio.ui.prompt.panel import PromptPanel


class Steering:
    """Has the panel show what the chosen model can be steered by, where the operation is steered.

    Values are kept for each model. They stay while another operation is chosen that has none.
    """

    def __init__(self, panel: PromptPanel, memory: PromptMemory) -> None:
        self._panel = panel
        self._memory = memory
        self._box = panel.middle.controls
        self._like = panel.middle.like
        self._latents: tuple[str, ...] = ()
        self._shown: tuple[str, str] | None = None
        self._box.changed.connect(self._keep)
        self._like.left_out.connect(self._leave_out)

    def refresh(self) -> None:
        """Another generator, model or operation may be chosen."""
        model = self._panel.models.model()
        chosen = self._panel.generator(), model.digest if model else ""
        if chosen != self._shown:
            self._shown, self._latents = chosen, ()
            was = self._box.blockSignals(True)
            self._box.show_controls(self._controls(model))
            self._box.set_values(self._memory.controls(*chosen))
            self._box.blockSignals(was)
        operation = self._panel.middle.page().operation()
        steered = operation is not None and operation.controls
        away = self._panel.middle.is_elsewhere()
        self._box.setVisible(bool(self._box.rows) and steered and not away)
        self._like.setVisible(bool(self.latents()) and not away)

    def values(self) -> dict[str, float | str]:
        """Those that the chosen operation is to be given."""
        operation = self._panel.middle.page().operation()
        return self._box.values() if operation is not None and operation.controls else {}

    def latents(self) -> tuple[str, ...]:
        """Digests of the latents of what something new is to be like."""
        operation = self._panel.middle.page().operation()
        takes = operation is not None and operation.controls and operation.verb == "generate"
        return self._latents if takes else ()

    def recall(self, values: Mapping[str, Any], latents: tuple[str, ...] = ()) -> None:
        """Set what something was made with; what the model in use has not is passed over."""
        self.refresh()
        self._latents = latents
        self._box.set_values(values)
        self.refresh()

    def _controls(self, model: Any) -> Controls:
        """As the model's card says; of a generator without models as it says of itself."""
        if model is not None:
            return read_controls(model.card)
        about = self._panel.generators.description()
        return about.controls if about is not None else Controls()

    def _leave_out(self) -> None:
        self._latents = ()
        self.refresh()
        self._panel.middle.changed.emit()

    def _keep(self) -> None:
        if self._shown is not None:
            self._memory.keep_controls(*self._shown, self._box.values())
