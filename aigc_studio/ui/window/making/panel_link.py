"""Between the prompt panel, the canvas and the session: what is asked, of what, and the answers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from aigc_studio.translation import _, in_a_row
from aigc_studio.ui.prompt.values import Prompt
from aigc_studio.ui.window.files.missing import missing_parts

if TYPE_CHECKING:
    from collections.abc import Callable

    from aigc_studio.project import Provenance
    from aigc_studio.ui.prompt.panel import PromptPanel
    from aigc_studio.ui.studio import Studio
    from aigc_studio.ui.target import Target
    from aigc_studio.ui.window.board.area import BoardArea
    from aigc_studio.ui.window.making.session import Session


_MADE_HERE = "made here"


class PanelLink(QObject):
    """Keeps the panel true, and sends on what it asks for."""

    def __init__(
        self, studio: Studio, session: Session, panel: PromptPanel, area: BoardArea
    ) -> None:
        super().__init__(panel)
        self._studio = studio
        self._session = session
        self._panel = panel
        self._area = area
        self._fresh = False
        self.take_preview: Callable[[Prompt], bool] = lambda _prompt: False
        """Takes a preview that is to be seen elsewhere than on the board."""
        self._follow_window()
        self._follow_panel()
        self._show_models()
        self._show_records()
        self._show_target()

    def _follow_window(self) -> None:
        studio, session, panel, area = self._studio, self._session, self._panel, self._area
        studio.records_changed.connect(self._show_records)
        studio.models_changed.connect(self._show_models)
        area.target_changed.connect(self._show_target)
        # A board can become empty, or get its first item, while nothing is selected.
        studio.history.stack.indexChanged.connect(self._show_target)
        studio.project_changed.connect(self._begin_board)
        area.marked.connect(panel.offer_edit)
        area.seed_chosen.connect(self._use_seed)
        session.refused.connect(self._refuse)
        session.busy_changed.connect(panel.set_busy)
        session.progressed.connect(panel.set_progress)
        session.growing.changed.connect(self._show_growing)
        for worked in (area.view.tool_changed, area.view.command_made, studio.project_changed):
            worked.connect(self._note_work)

    def _follow_panel(self) -> None:
        session, panel, area = self._session, self._panel, self._area
        panel.editing.following.left.connect(area.view.setFocus)
        panel.before_run = self._go_on_writing
        panel.generate_requested.connect(self._generate)
        panel.edit_requested.connect(self._edit)
        panel.explain_requested.connect(self._explain)
        panel.preview_requested.connect(self._preview)
        panel.middle.verb_changed.connect(area.staging.end_preview)
        panel.cancel_requested.connect(self._cancel)
        panel.keep_requested.connect(session.growing.stop_and_keep)
        panel.generator_changed.connect(self._note_generator)
        panel.verbs_changed.connect(self._show_frame)
        panel.command_copied.connect(self._report_copied)

    def begin(self) -> None:
        """The window has come: what is typed first on an empty board is what to make."""
        self._fresh = True
        self._give_keyboard()

    def _give_keyboard(self) -> None:
        """Give the prompt the keyboard, now or once a generator is known, if nothing was done."""
        prompt = self._panel.middle.page().prompt
        new = not self._studio.project.board.items and self._panel.verb() == "generate"
        idle = self._area.view.hasFocus() and self._area.view.writing is None
        if self._fresh and new and prompt.isVisible() and idle:
            self._fresh = False
            prompt.setFocus()
            self._panel.editing.following.lend(prompt)

    @Slot()
    def _note_work(self) -> None:
        self._fresh = False

    @Slot()
    def _show_records(self) -> None:
        self._panel.set_records(self._studio.offered, self._studio.scanning)

    @Slot()
    def _show_models(self) -> None:
        self._panel.set_models(self._studio.models, self._studio.complete)

    @Slot()
    def _show_target(self) -> None:
        empty = not len(self._studio.project.board)
        self._panel.set_target(self._area.target(), empty)

    @Slot()
    def _show_frame(self) -> None:
        model = self._panel.models.model()
        self._area.view.board_scene.show_model_frame(model.card.get("frame") if model else None)

    @Slot()
    def _begin_board(self) -> None:
        self._show_target()
        self._show_frame()
        self._studio.taken_back.emit(_MADE_HERE)
        if not self._studio.project.board.items:
            self._panel.set_verb("generate")

    @Slot(str)
    def _note_generator(self, generator: str) -> None:
        self._studio.use_generator(generator)
        self._give_keyboard()

    @Slot(str, dict, str)
    def _refuse(self, generator: str, errors: dict[str, str], details: str) -> None:
        if generator in ("", self._panel.generator()):
            self._panel.set_errors(errors, details)
        elif errors:
            # The person has gone on to another generator: its fields are not there to stand beside.
            self._studio.say(in_a_row(errors.values()), "error", details=details)

    @Slot(object)
    def _generate(self, prompt: Prompt) -> None:
        self.ask(prompt)

    def ask(self, prompt: Prompt, target: Target | None = None) -> None:
        """Ask for something, once the plugin is known as its code is now."""
        renewal = self._studio.renewal
        source = renewal.due(prompt.generator)
        if source is None:
            self._session.ask(prompt, target)
        else:
            renewal.renew(source, lambda: self._session.ask(self._as_now(prompt), target))

    def _as_now(self, prompt: Prompt) -> Prompt:
        """A prompt as the form is now: the plugin was read anew, and may take other values."""
        shown = self._panel.prompt()
        if shown is None or (shown.generator, shown.operation) != (
            prompt.generator,
            prompt.operation,
        ):
            return prompt
        return replace(prompt, parameters=shown.parameters)

    @Slot(object)
    def _edit(self, prompt: Prompt) -> None:
        if self._picks(prompt):
            target = self._area.target()  # what is being written stays open
            if target.number == 1:
                self._area.picking.begin(prompt, target.item_ids[0])
            return
        self.ask(prompt, self._area.edit_target())

    def _picks(self, prompt: Prompt) -> bool:
        """Whether what is asked for are pieces to pick from, one after another."""
        about = self._panel.generators.description()
        operation = about.operation(prompt.operation) if about is not None else None
        return operation is not None and operation.pick

    @Slot(object)
    def _explain(self, prompt: Prompt) -> None:
        items = self._area.edit_target().items
        job = self._area.explaining.explain(prompt, items[0]) if len(items) == 1 else None
        if job is not None:
            job.progress_changed.connect(self._session.progressed)

    @Slot()
    def _cancel(self) -> None:
        self._session.cancel()

    @Slot()
    def _show_growing(self) -> None:
        self._panel.buttons.set_growing(self._session.growing.can_keep)

    @Slot(object)
    def _preview(self, prompt: Prompt) -> None:
        if self.take_preview(prompt):
            return
        if prompt.verb == "edit" and self._picks(prompt):
            if self._area.picks:
                self._area.picking.change(prompt)
            return
        target = self._area.edit_target() if prompt.verb == "edit" else None
        self._session.preview(prompt, target)

    def _go_on_writing(self) -> bool:
        """The key that makes something, in a text that is being begun: it is put on the board, and
        what can be done at its caret is done."""
        if not self._area.view.writer.is_begun:
            return False
        self._area.finish_edits()
        self._show_target()
        if self._area.target().medium != "text":
            return False  # nothing was typed
        self.run_edit()
        return True

    @Slot()
    def run_edit(self) -> None:
        """Do the likely verb to what is selected, or say why there is none."""
        verbs = self._panel.editing.verbs()
        if verbs:
            self._panel.editing.do(verbs[0])
            return
        self._panel.set_verb("edit")
        reason = self._panel.why_not()
        if reason:
            self._panel.refuse(reason)
        else:
            self._panel.run()

    @Slot()
    def focus_prompt(self) -> None:
        """Let the person type."""
        prompt = self._panel.middle.page().prompt
        if prompt.isVisible():
            prompt.setFocus()
        else:
            self._studio.say(self._panel.why_not() or _("What is chosen here takes no prompt."))

    @Slot()
    def restore_chosen(self) -> None:
        """Set the panel as it was for what is selected."""
        made = [item.provenance for item in self._area.chosen_items() if item.provenance]
        if made:
            self.restore(made[0])
        else:
            self._studio.say(_("Select something that a generator made."))

    @Slot(object)
    def _use_seed(self, seed: int) -> None:
        self._panel.use_seed(seed)

    @Slot(str)
    def _report_copied(self, _command: str) -> None:
        self._studio.say(_("The command for the shell is on the clipboard."))

    # What made something

    @Slot(object)
    def offer_restore(self, provenance: Provenance) -> None:
        """A file that the studio made came in: offer to set everything as it was then."""
        self._studio.say(
            _("This was made here, with seed {seed}.").format(seed=provenance.seed),
            "info",
            [(_("Use the same settings"), lambda: self.restore(provenance))],
            subject=_MADE_HERE,
        )

    def restore(self, provenance: Provenance) -> None:
        """Set generator, model, prompt, parameters and seed as they were; say what is not here."""
        missing = missing_parts(self._studio, provenance)
        if missing:
            self._studio.say(missing, "warning")
        prompt = Prompt.of(provenance, seed=provenance.seed, count=1)
        if not self._has_latents(prompt):
            sentence = _("What this was to be like is not on this board: others come of it now.")
            self._studio.say(sentence, "warning")
            prompt = replace(prompt, latents=())
        self._panel.set_prompt(prompt)

    def _has_latents(self, prompt: Prompt) -> bool:
        from aigc_studio.api import StudioError

        try:
            return all(map(self._studio.project.store.latent, prompt.latents))
        except StudioError:
            return False
