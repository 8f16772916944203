"""The edit side of the prompt panel: what is selected, and the verbs that there are for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aigc_studio.ui.prompt.elsewhere import elsewhere
from aigc_studio.ui.prompt.following import Following
from aigc_studio.ui.prompt.values import marked_words, target_title
from aigc_studio.ui.prompt.verbs import EditVerb, verbs_for
from aigc_studio.ui.target import Target

if TYPE_CHECKING:
    from collections.abc import Callable

    from aigc_studio.ui.prompt.memory import PromptMemory
    from aigc_studio.ui.prompt.view import PromptView


class Editing:
    """Has the panel say what can be done with `target`, and does it.

    `board_empty`: there is nothing on the board that could be selected. `run` does what the main
    button does.
    """

    def __init__(self, view: PromptView, memory: PromptMemory, run: Callable[[], None]) -> None:
        self._view = view
        self._run = run
        self._memory = memory
        self._page = view.middle.edit_page
        self.target = Target()
        self.board_empty = False
        self.following = Following(view, self._show_page)

    def set_target(self, target: Target, empty: bool) -> None:
        """This is selected now; another page shows where something else is."""
        emptied = empty and not self.board_empty
        self.target, self.board_empty = target, empty
        lines = filter(None, (target_title(target), marked_words(target)))
        self._view.middle.set_target_title("\n".join(lines))
        self.refresh()
        self.following.follow(target)
        if emptied:
            self.following.show("generate")

    def refresh(self) -> None:
        """Another generator is in use, or something else is selected."""
        generators = self._view.generators
        chosen, offered = generators.description(), generators.descriptions()
        self._view.middle.set_elsewhere(*elsewhere(chosen, offered, self.target.medium))
        self.show_reasons()
        if chosen is not None and not self.target.number and not chosen.of_verb("edit"):
            self._view.set_verb("generate")

    def show_reasons(self) -> None:
        """Say of each operation why it cannot work on what is selected, if it cannot."""
        usual = self._memory.usual(self._view.generator(), self.target.part)
        self._page.set_target(self.target, self.board_empty, usual)

    def verbs(self, target: Target | None = None) -> list[EditVerb]:
        """What generators can do with what is selected, or with `target`, the likely first
        (`verbs_for`)."""
        operation, generator = self._page.operation(), self._view.generator()
        usual = self._memory.usual(generator, target.part) if target else ""
        chosen = generator, usual or (operation.id if operation else "")
        model = self._view.models.model()
        card = model.card if model is not None else {}
        descriptions = self._view.generators.descriptions()
        return verbs_for(descriptions, target or self.target, chosen, card)

    def words_for(self, verb: EditVerb) -> str:
        """The prompt that a verb would be given now."""
        if verb.generator == self._view.generator() and self._page.operation() == verb.operation:
            return self._page.prompt_text()
        return self._memory.prompt(*verb.key)

    def do(self, verb: EditVerb, words: str | None = None) -> None:
        """Choose a verb, with other words for its prompt if there are any, and run it."""
        self._view.generators.choose(verb.generator)
        self._view.set_verb("edit")
        self._page.use(verb.operation.id)
        if words is not None:
            self._page.prompt.setPlainText(words)
        self._run()

    def _show_page(self, verb: str) -> None:
        """Show the page that what is selected asks for. A generator that only makes such things has
        none for editing them, and goes on making."""
        about = self._view.generators.description()
        only_makes = about is not None and not about.of_verb("edit")
        if verb == "edit" and about and only_makes and str(about.medium) == self.target.medium:
            return
        self._view.set_verb(verb)
