"""What the prompt panel remembers: values per generator and operation, the model, the seeds."""

from __future__ import annotations

from typing import Any

from aigc_studio.api import Operation
from aigc_studio.translation import localized
from aigc_studio.ui.prompt.operations import OperationPage
from aigc_studio.ui.settings import Settings

COUNT = 4
"""Results that are made at once, as long as nobody has asked for more or fewer."""


class PromptMemory:
    """Keeps what is set in the panel in the settings, and brings it back."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def generator(self) -> str:
        """The generator that was used last."""
        return str(self._settings.remembered("panel").get("generator", ""))

    def model(self, generator: str) -> tuple[str, str]:
        """Name and digest of the model that was chosen for a generator; empty where the person
        has used what was there by itself, which is another one in another language.

        The digest is empty where it was kept by name alone, as up to version 0.1.
        """
        kept = self._settings.remembered("generator", generator)
        if kept.get("model_chosen") is False:
            return "", ""
        return str(kept.get("model", "")), str(kept.get("model_digest", ""))

    def count(self, generator: str) -> int:
        """How many of a generator's were asked for last; some to choose from, the first time."""
        count = self._settings.remembered("count", generator).get("count", COUNT)
        return count if isinstance(count, int) and count > 0 else COUNT

    def keep_choice(self, generator: str, model: Any, count: int, *, picked: bool) -> None:
        """Keep what was used: a generator, its model (or None), whether that was `picked` from
        others, and how many."""
        if model is not None:
            chosen = {"model": model.name, "model_digest": model.digest}
            # The newest of one's own, which is there without a choice, gives way to no other.
            chosen["model_chosen"] = picked or not model.shipped
            self._settings.remember(chosen, "generator", generator)
        self._settings.remember({"count": count}, "count", generator)
        self._settings.remember({"generator": generator}, "panel")

    def keep_page(self, generator: str, page: OperationPage) -> None:
        """Keep the prompt and the values of a page."""
        operation = page.operation()
        if operation is not None and generator:
            values = {
                "prompt": page.prompt.toPlainText(),
                "parameters": page.form.changed_values(),
            }
            self._settings.remember(values, "form", generator, operation.id)

    def recall_page(
        self, generator: str, operation: Operation, page: OperationPage, *, fresh: bool
    ) -> None:
        """Show on a page what was kept for an operation.

        `fresh`: the generator was just chosen; if it was never used, a prompt that is needed is its
        example, so that Generate works at once. Otherwise a prompt that is there stays.
        """
        kept = self._settings.remembered("form", generator, operation.id)
        if "prompt" in kept:
            if page.prompt.toPlainText() != str(kept["prompt"]):
                page.prompt.setPlainText(str(kept["prompt"]))
        elif fresh:
            needed = operation.prompt == "required"
            page.prompt.setPlainText(localized(operation.prompt_example) if needed else "")
        values = kept.get("parameters", {})
        page.form.set_values(values if isinstance(values, dict) else {})

    def parameters(self, generator: str, operation: str) -> dict[str, Any]:
        """What was last set in the form of an operation, where it differs from the defaults."""
        kept = self._settings.remembered("form", generator, operation).get("parameters", {})
        return kept if isinstance(kept, dict) else {}

    def keep_parameters(self, generator: str, operation: str, values: dict[str, Any]) -> None:
        """Keep what was set in the form of an operation."""
        kept = self._settings.remembered("form", generator, operation)
        self._settings.remember(kept | {"parameters": values}, "form", generator, operation)

    def controls(self, generator: str, model: str, verb: str = "generate") -> dict[str, Any]:
        """The values of a model's controls that were last set; `model` is its digest."""
        return self._settings.remembered(_controls(verb), generator, model)

    def keep_controls(self, generator: str, model: str, verb: str, values: dict[str, Any]) -> None:
        """Keep the values of a model's controls."""
        self._settings.remember(values, _controls(verb), generator, model)

    def prompt(self, generator: str, operation: str) -> str:
        """The prompt that was last used for an operation, or an empty string."""
        return str(self._settings.remembered("form", generator, operation).get("prompt", ""))

    def usual(self, generator: str, part: str) -> str:
        """The edit operation that was last done where such a part was marked; empty for none."""
        return str(self._settings.remembered("usual", generator).get(part or "whole", ""))

    def keep_usual(self, generator: str, part: str, operation: str) -> None:
        """This edit operation was done where such a part was marked."""
        self._settings.remember({part or "whole": operation}, "usual", generator)

    def seeds(self) -> list[int]:
        """Seeds used lately."""
        return self._settings.recent_seeds()

    def keep_seed(self, seed: int) -> None:
        """A seed was used."""
        self._settings.add_recent_seed(seed)


def _controls(verb: str) -> str:
    return "controls" if verb == "generate" else f"{verb}_controls"
