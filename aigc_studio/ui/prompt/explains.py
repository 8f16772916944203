"""What generators can say of the selected item: the same list for bar, menus and panel."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from aigc_studio.api import Description
from aigc_studio.ui.prompt.values import Prompt
from aigc_studio.ui.prompt.verbs import EditVerb
from aigc_studio.ui.target import Target

if TYPE_CHECKING:
    from aigc_studio.ui.prompt.editing import Editing
    from aigc_studio.ui.prompt.view import PromptView


def explains_for(
    descriptions: Sequence[Description],
    target: Target,
    generator: str = "",
    card: Mapping[str, Any] | None = None,
) -> list[EditVerb]:
    """Which operations can explain the one item that is selected; those of the generator in use
    come first, but for those that its model with this `card` is not offered for."""
    if target.number != 1:
        return []
    ordered = sorted(descriptions, key=lambda each: each.id != generator)
    return [
        EditVerb(description.id, operation)
        for description in ordered
        if str(description.medium) == target.medium
        for operation in description.with_card(
            "evaluate", (card or {}) if description.id == generator else {}
        )
        if operation.artifacts == 1
    ]


class Explains:
    """Asks for an explanation with what is set in the panel, and leaves the panel as it is.

    `request` is given the `Prompt` of what is asked for.
    """

    def __init__(
        self,
        view: PromptView,
        editing: Editing,
        request: Callable[[Prompt], None],
    ) -> None:
        self._view = view
        self._editing = editing
        self._request = request
        self.row = view.middle.explains
        self.row.chosen.connect(self.ask)

    def verbs(self) -> list[EditVerb]:
        """What can be told of what is selected."""
        view = self._view
        descriptions = view.generators.descriptions()
        model = view.models.model()
        card = model.card if model else None
        return explains_for(descriptions, self._editing.target, view.generator(), card)

    def refresh(self) -> None:
        """Offer what the generator in use can tell; what others can stands in the menus."""
        generator = self._view.generator()
        self.row.show_verbs([verb for verb in self.verbs() if verb.generator == generator])

    def ask(self, verb: EditVerb) -> None:
        """Ask for it, with the model that is used with that generator."""
        model = self._view.models.model()
        if verb.generator != self._view.generator():
            model = self._view.models.begun_with(verb.generator)
        self._request(
            Prompt(
                generator=verb.generator,
                operation=verb.operation.id,
                verb="evaluate",
                model=model.name if model else "",
                model_digest=model.digest if model else "",
            )
        )
