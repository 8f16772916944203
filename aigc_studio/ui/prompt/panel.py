"""The prompt panel: what to make, with which model, how; and the button that does it.

It knows no jobs and no board: it takes plain values and emits a `Prompt`.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from aigc_studio.api import Operation
from aigc_studio.translation import _
from aigc_studio.ui.prompt.editing import Editing
from aigc_studio.ui.prompt.live_preview import LivePreview
from aigc_studio.ui.prompt.memory import PromptMemory
from aigc_studio.ui.prompt.readiness import Readiness
from aigc_studio.ui.prompt.values import Prompt, command_line
from aigc_studio.ui.prompt.view import PromptView
from aigc_studio.ui.settings import Settings
from aigc_studio.ui.target import Target

if TYPE_CHECKING:
    from aigc_studio.library.model_info import ModelInfo
    from aigc_studio.ui.prompt.explains import Explains
    from aigc_studio.ui.prompt.steering import Steering

__all__ = ["Prompt", "PromptPanel", "Target"]


class PromptPanel(PromptView):
    """Generator, model, operation, prompt, parameters, seed, count, and Generate.

    `generate_requested`, `edit_requested`, `explain_requested` and `preview_requested` carry a
    `Prompt`, `train_requested` a generator's id, `command_copied` the command that is now on the
    clipboard. `verbs_changed` says that `verbs` may be others now, `tried_anyway` that what
    `set_caution` said is no reason against it.
    `run_action` (Ctrl+Enter) and `cancel_action` (Esc, while busy) are for the window's menus.
    """

    generate_requested = Signal(object)
    edit_requested = Signal(object)
    explain_requested = Signal(object)
    preview_requested = Signal(object)
    train_requested = Signal(str)
    cancel_requested = Signal()
    keep_requested = Signal()
    command_copied = Signal(str)
    plugins_requested = Signal()
    generator_changed = Signal(str)
    verbs_changed = Signal()
    tried_anyway = Signal()

    def __init__(self, settings: Settings | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.settings = settings or Settings(parent=self)
        self._memory = PromptMemory(self.settings)
        self.models.recall = self._memory.model
        self.editing = Editing(self, self._memory, self.run)
        self._readiness = Readiness(self, self.editing, self.prompt)
        self._loading = False
        self.nothing = _("No generator is ready. Open Plugins to see why, or add one.")
        """What is said where there is none."""
        self.before_run: Callable[[], bool] = lambda: False
        """Whether what the key asks for was something else, which is done."""
        self.hold: Callable[[], bool] = lambda: False
        """Whether a press is to wait: whoever says so presses again."""
        self._live = LivePreview(self, self.settings, self._previewed)
        self.middle.seed.set_recent(self._memory.seeds())
        self._connect()
        self._show_generator(None)

    @functools.cached_property
    def explains(self) -> Explains:
        """What can be told of what is selected; made when something is."""
        from aigc_studio.ui.prompt.explains import Explains

        return Explains(self, self.editing, self.explain_requested.emit)

    @functools.cached_property
    def steering(self) -> Steering:
        """The controls of the chosen model; a window opens without them."""
        from aigc_studio.ui.prompt.steering import Steering

        return Steering(self, self._memory)

    # What the window tells the panel

    def set_records(self, records: Sequence[Any], scanning: bool = False) -> None:
        """The plugins as the registry knows them; only those that are ready are offered.

        `scanning`: plugins are still being read, so that nothing yet does not mean none.
        """
        self._nothing.setText(_("Looking for generators…") if scanning else self.nothing)
        self.generators.set_records(records, "" if self.generator() else self._memory.generator())
        self._show_fault()

    def set_models(self, models: Sequence[Any], complete: bool = True) -> None:
        """All models there are; those of the generator in use are offered.

        While they are not `complete`, those that came with plugins may be missing.
        """
        self.models.set_models(models, complete)
        self._show_models()

    def set_target(self, target: Target, empty: bool = False) -> None:
        """What is selected on the board; `empty`: there is nothing on it that could be.

        With something else selected the edit page shows, with nothing the other one.
        """
        self.editing.set_target(target, empty)
        self._show_explains()
        self._show_action()

    def set_caution(self, sentence: str, other: ModelInfo | None = None) -> None:
        """Say before an edit what speaks against it; it is done after *Try anyway* only. Another
        model that nothing speaks against is offered."""
        self._readiness.set_caution(sentence, other)
        self._show_action()

    def set_busy(self, busy: bool) -> None:
        """While a run is under way the main button is Cancel."""
        self.buttons.set_busy(busy)
        self.cancel_action.setEnabled(busy)
        self._show_action()

    def set_prompt(self, prompt: Prompt) -> None:
        """Show a prompt as it was asked before (from provenance); what is not here is skipped."""
        if not self.generators.choose(prompt.generator):
            return
        self.models.choose(prompt.model, prompt.model_digest)
        page = self.middle.show_verb("edit" if prompt.verb == "edit" else "generate")
        page.use(prompt.operation)
        page.prompt.setPlainText(prompt.prompt)
        page.form.reset()
        page.form.set_values(prompt.parameters)
        # In another model's space the same numbers are another result.
        same = self.models.answers(prompt.model, prompt.model_digest)
        self.steering.recall(prompt.controls, prompt.latents if same else ())
        self.middle.count.setValue(prompt.count)
        self.use_seed(prompt.seed)

    def offer_edit(self) -> None:
        """Something was drawn or marked by hand: show the edit page."""
        self.editing.following.show("edit")

    # What it says

    def prompt(self) -> Prompt | None:
        """What is asked for now, or None when nothing can be."""
        operation = self.middle.page().operation()
        if operation is None or not self.generator():
            return None
        model = self.models.model()
        return Prompt(
            generator=self.generator(),
            operation=operation.id,
            verb=operation.verb,
            model=model.name if model else "",
            model_digest=model.digest if model else "",
            prompt=self.middle.page().prompt_text(),
            parameters=self.middle.page().form.values(),
            controls=self.steering.values(),
            latents=self.steering.latents(),
            seed=self.middle.seed.seed(),
            count=int(self.middle.count.number()),
        )

    def why_not(self) -> str:
        """Why the main button cannot work now, as a sentence; empty when it can."""
        return self._readiness.why_not()

    def refuse(self, reason: str) -> None:
        """Say why a press cannot be followed, for as long as that holds."""
        self._readiness.refuse(reason)

    def _heed_key(self) -> None:
        if not self.before_run():
            self.run()

    def run(self) -> None:
        """Do what the main button does when it is not Cancel, or say why that cannot be done."""
        if self.hold():
            return
        if self._readiness.makes_new:
            self.set_verb("generate")
        if not self._readiness.allows():
            return
        if (verb := self._readiness.does_elsewhere) is not None:
            self.editing.do(verb)  # and that presses again, with its generator chosen
            return
        if not self.middle.page().check():
            return
        seed = self.middle.seed.take()
        prompt = self.prompt()
        if prompt is None:
            return
        self._live.stop()
        self.set_errors({})
        self._memory.keep_seed(seed)
        self.middle.seed.set_recent(self._memory.seeds())
        self.remember()
        edits = prompt.verb == "edit"
        if edits:
            self._memory.keep_usual(prompt.generator, self.editing.target.part, prompt.operation)
        (self.edit_requested if edits else self.generate_requested).emit(prompt)

    def remember(self) -> None:
        """Keep all that is set for the next time."""
        generator = self.generator()
        if not generator or self._loading:
            return
        for page in self.middle.pages():
            self._memory.keep_page(generator, page)
        count = int(self.middle.count.number())
        models = self.models
        self._memory.keep_choice(generator, models.model(), count, picked=models.picked)

    # Within

    def _show_explains(self) -> None:
        if self.editing.target.number or "explains" in vars(self):
            self.explains.refresh()

    def _show_generator(self, record: Any) -> None:
        description = record.description if record else None
        before, self._loading = self.models.model(), True
        self.middle.setVisible(description is not None)
        self._nothing.setVisible(description is None)
        self.models.setVisible(description is not None)
        self.buttons.copy.setVisible(description is not None)
        self.buttons.train.setVisible(description is not None and "train" in description.verbs)
        if description is not None:
            # What is selected and what the model is there for choose the operation with it.
            with self.middle.settling():
                self.middle.set_description(description)
                self.models.show_for(description)
                self._steer()
                self.editing.refresh()
            self.middle.count.setValue(self._memory.count(description.id))
            self._show_explains()
        self._loading = False
        if self.models.model() is not before:
            self.remember()
        self.bar.clear()
        self._show_fault()
        if description is not None:
            self.generator_changed.emit(description.id)

    def _show_fault(self) -> None:
        """A generator in use that fails stays as it was, out of reach, until it works again."""
        broken = self.generators.fault()
        self.middle.setEnabled(broken is None)
        self.buttons.train.setEnabled(broken is None)
        if broken is not None or "faults" in vars(self):
            self.faults.show_generator(broken)
        self._show_action()

    def _show_models(self) -> None:
        about = self.generators.description()
        if about is None:
            return
        # Models that come or go are no wish of the person's: nothing is previewed for them.
        before, self._loading = self.models.model(), True
        self.models.show_for(about)
        self._loading = False
        if self.models.model() is not before:
            self.remember()
        self._show_action()

    def _show_operation(self, operation: Operation) -> None:
        page = self.middle.page_of(operation)
        was, self._loading = self._loading, True
        self._memory.recall_page(self.generator(), operation, page, fresh=page.take_fresh())
        self._loading = was
        if page is self.middle.edit_page:
            self.editing.show_reasons()
        self._show_action()

    def _show_action(self) -> None:
        operation = self.middle.page().operation()
        self._steer()
        self.middle.live.setVisible(operation is None or operation.live)
        self._readiness.show()
        self.buttons.copy.setEnabled(operation is not None)
        self.verbs_changed.emit()

    def _steer(self) -> None:
        about = self.generators.description()
        steers_itself = about is not None and bool(about.controls.controls)
        if self.models.model() is not None or "steering" in vars(self) or steers_itself:
            self.steering.refresh()

    def _verb_changed(self) -> None:
        self.editing.following.forget()
        if not self.middle.edit_page.has_target:
            self.editing.show_reasons()
        self._show_action()

    def _model_changed(self) -> None:
        # Whoever chooses a model, or has one chosen, has not asked to see anything yet.
        if not self._loading:
            self.remember()
            self._show_explains()  # a model is not offered for all that its generator can tell
            self._show_action()

    def _value_changed(self) -> None:
        if self._loading:
            return
        self.remember()
        self._readiness.settle()
        self._live.ask()

    def _previewed(self) -> Prompt | None:
        """What is asked for, where the button could be pressed for it."""
        away = self.buttons.is_busy() or self.middle.is_elsewhere()
        return None if away or self.why_not() else self.prompt()

    def _copy(self) -> None:
        prompt, record = self.prompt(), self.generators.record()
        if prompt is None or record is None:
            return
        prompt = replace(prompt, model=self.models.word())
        target, medium = self.editing.target, str(record.description.medium)
        text = command_line(prompt, medium, target.has_selection, target.number)
        QGuiApplication.clipboard().setText(text)
        self.command_copied.emit(text)

    def _connect(self) -> None:
        self.run_action.triggered.connect(self._heed_key)
        self.cancel_action.triggered.connect(self.cancel_requested)
        self.generators.changed.connect(self._show_generator)
        self.generators.plugins_requested.connect(self.plugins_requested)
        self.models.changed.connect(self._model_changed)
        self.models.train_requested.connect(self._train)
        self.middle.operation_chosen.connect(self._show_operation)
        self.middle.changed.connect(self._value_changed)
        self.middle.verb_changed.connect(self._verb_changed)
        self.middle.elsewhere.generator_chosen.connect(self.generators.choose)
        self.middle.elsewhere.plugins_requested.connect(self.plugins_requested)
        self.caution.link_clicked.connect(self._try_anyway)
        self.caution.better_clicked.connect(self._readiness.use_other)
        self._readiness.refused.connect(self._tell_reason)
        self._live.wanted.connect(self.preview_requested)
        self.middle.confirmed.connect(self.run)
        self.buttons.run_requested.connect(self.run)
        self.buttons.cancel_requested.connect(self.cancel_requested)
        self.buttons.keep_requested.connect(self.keep_requested)
        self.buttons.train_requested.connect(self._train)
        self.buttons.copy_requested.connect(self._copy)

    def _try_anyway(self) -> None:
        """Do what a caution speaks against."""
        self.set_caution("")
        self.tried_anyway.emit()
        self.run()

    def _train(self) -> None:
        self.train_requested.emit(self.generator())
