"""An item explained: a generator says something of its parts, which is drawn over it as heat."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRect, Signal, Slot
from PySide6.QtGui import QGuiApplication, QHelpEvent
from PySide6.QtWidgets import QToolTip

from aigc_studio.api import limits
from aigc_studio.jobs import JobState
from aigc_studio.translation import _, in_a_row, localized
from aigc_studio.ui.canvas.heat.legend import Legend
from aigc_studio.ui.canvas.heat.parts import strength_of
from aigc_studio.ui.labels import shortened, tip
from aigc_studio.ui.window.files.missing import model_missing
from aigc_studio.ui.window.making.explanation import Ear, kept, request_of

if TYPE_CHECKING:
    from aigc_studio.api import Operation
    from aigc_studio.jobs import Job
    from aigc_studio.project import Item
    from aigc_studio.ui.canvas.heat.layer import HeatLayer
    from aigc_studio.ui.canvas.heat.options import HeatOptions
    from aigc_studio.ui.canvas.items.item import BoardItem
    from aigc_studio.ui.canvas.view import BoardView
    from aigc_studio.ui.prompt.values import Prompt
    from aigc_studio.ui.studio import Actions, Studio

_LONGEST_TIP = 600
"""Characters of what is told under the pointer."""
_SUBJECT = "explaining"


class Explaining(QObject):
    """Asks a generator what it has to say of one item, and shows that until it is closed.

    One item at a time: another one that is explained takes its place. What is shown is no part of
    the project: it goes with the content that it is about. What an operation can be asked for with
    is set in a form at the legend, and remembered; each change is asked for anew.
    """

    data_wanted = Signal(str)
    """The data that a model learnt from is asked for: the pack that has it, or nothing."""
    _remarked = Signal(str)
    _lacked = Signal(str)

    def __init__(self, studio: Studio, view: BoardView) -> None:
        super().__init__(view)
        self._studio = studio
        self._view = view
        self.legend = Legend(view)
        self.legend.keep_above(view.covered)
        self.job: Job | None = None
        self._id = self._title = ""
        self._heat: HeatLayer | None = None
        self.options: HeatOptions | None = None
        self._asked: tuple[Prompt, Item] | None = None
        self._is_blank = True
        self._words: dict[str, str] = {}
        """What the run said besides, with how grave each sentence is."""
        self._lacking: str | None = None
        self._remarked.connect(self._tell_remark)
        self._lacked.connect(self._note_lacking)
        self.legend.stepped.connect(self.step)
        self.legend.copied.connect(self.copy)
        self.legend.closed.connect(self.close)
        view.viewport().installEventFilter(self)
        view.selection_changed.connect(self._follow)
        view.stage.changed.connect(self._follow)
        studio.history.stack.indexChanged.connect(self._follow)
        studio.project_changed.connect(self.close)

    @property
    def item_id(self) -> str:
        """The item that is explained; empty when none is."""
        return self._id

    def explain(self, prompt: Prompt, item: Item) -> Job | None:
        """Ask for it, with what was last set; None when it cannot be (the window was told why)."""
        self.close()
        record = self._record(prompt)
        description = record.description if record is not None else None
        operation = description.operation(prompt.operation) if description is not None else None
        if operation is not None and operation.schema.get("properties"):
            self._offer(prompt, operation)
        job = self._ask(prompt, item)
        if job is None:
            self._end_options()
        return job

    def _offer(self, prompt: Prompt, operation: Operation) -> None:
        from aigc_studio.ui.canvas.heat.options import HeatOptions

        self.legend.offer_options(True)
        values = self._memory().parameters(prompt.generator, prompt.operation)
        self.options = HeatOptions(self.legend, operation.schema, values | dict(prompt.parameters))
        self.options.chosen.connect(self._ask_again)

    def _end_options(self) -> None:
        options, self.options = self.options, None
        if options is not None:
            options.end()
            self.legend.offer_options(False)

    @Slot(dict)
    def _ask_again(self, values: dict[str, Any]) -> None:
        """Something else was set: keep it, and ask for that."""
        item = self._item()
        if self._asked is None or item is None:
            return
        prompt, asked = self._asked
        self._memory().keep_parameters(prompt.generator, prompt.operation, values)
        job, self.job = self.job, None
        if job is not None:
            job.cancel()
        self._ask(prompt, asked)

    def _memory(self) -> Any:
        from aigc_studio.ui.prompt.memory import PromptMemory

        return PromptMemory(self._studio.settings)

    def _ask(self, prompt: Prompt, item: Item) -> Job | None:
        shown = self._view.board_scene.item(item.id)
        record = self._record(prompt)
        if shown is None or record is None or record.description is None:
            return None
        if shown.problem:
            self._studio.say(shown.problem, "error")
            return None
        model = self._studio.model(prompt.model, prompt.generator, prompt.model_digest)
        if model is None and prompt.model:
            self._studio.say(model_missing(self._studio, prompt), "error")
            return None
        self._asked, self._lacking = (prompt, item), None
        if self.options is not None:
            prompt = replace(prompt, parameters=self.options.values())
            self.options.show_errors({})
        operation = record.description.operation(prompt.operation)
        self._title = localized(operation.title) if operation else prompt.operation
        self._studio.taken_back.emit(_SUBJECT)
        self._begin(shown)
        assert self._heat is not None
        request = partial(
            request_of,
            self._studio,
            prompt,
            item,
            model,
            operation,
            self._remarked.emit,
            self._lacked.emit,
        )
        title = _("{generator}: {operation}").format(
            generator=localized(record.description.title), operation=self._title
        )
        keep = partial(kept, self._heat.step)
        self.job = self._studio.jobs.submit(record, "evaluate", request, title, keep)
        self._listen(self.job)
        self._say()
        return self.job

    @Slot()
    def close(self) -> bool:
        """Show the item as it is, and ask no more. False when nothing was explained."""
        self._end_options()
        if not self._id:
            return False
        job, self.job = self.job, None
        if job is not None:
            job.cancel()
        item = self._item()
        self._id, self._heat, self._asked = "", None, None
        if item is not None:
            item.show_heat(None)
        self.legend.stay_by(None)
        QToolTip.hideText()
        return True

    @Slot(int)
    def step(self, by: int) -> None:
        """Go to the next part, or the one before, and say what was said of it."""
        heat = self._heat
        if heat is None or not len(heat):
            return
        if heat.current < 0:
            heat.current = 0 if by > 0 else len(heat) - 1
        else:
            heat.current = (heat.current + by) % len(heat)
        heat.reveal(heat.current)
        item = self._item()
        if item is not None:
            item.update()
        self._say()

    @Slot()
    def copy(self) -> None:
        """Put all that was said into the clipboard, as a table that a spreadsheet takes."""
        if self._heat is None:
            return
        head = "\t".join((_("Part"), _("Value"), _("Words")))
        lines = (
            "\t".join((place, f"{value:.6g}", " ".join(words.split())))
            for place, value, words in self._heat.table()
        )
        QGuiApplication.clipboard().setText("\n".join((head, *lines)))
        self._studio.say(_("The table is on the clipboard."), subject=_SUBJECT)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Tell what was said of what is under the pointer."""
        if event.type() != QEvent.Type.ToolTip or not isinstance(event, QHelpEvent):
            return False
        words, item = "", self._item()
        at = self._view.to_scene(QPointF(event.pos()))
        here = self._view.board_scene.item_at(at)
        if item is not None and item is here and self._heat is not None and not item.covered:
            words = self._heat.at(item.mapFromScene(at))
        if not words:
            if self._id:
                QToolTip.hideText()
            return False
        near = QRect(event.pos() - QPoint(2, 2), event.pos() + QPoint(2, 2))
        words = tip(shortened(words, _LONGEST_TIP))
        QToolTip.showText(event.globalPos(), words, self._view.viewport(), near)
        return True

    # How it goes

    def _begin(self, shown: BoardItem) -> None:
        self._id, self._words, self._is_blank = shown.id, {}, True
        self._heat = shown.new_heat()
        shown.show_heat(self._heat)
        self.legend.show_scale(self._heat.role)

    def _listen(self, job: Job) -> None:
        ear = Ear(job, self._hears)
        ear.said.connect(self.take)
        ear.went_on.connect(self.note_progress)
        ear.remarked.connect(self.tell)
        ear.ended.connect(self.settle)
        job.annotations_received.connect(ear.take)
        job.progress_changed.connect(ear.note)
        job.message_received.connect(ear.tell)
        job.finished.connect(ear.settle)

    def _hears(self, job: Job) -> bool:
        return job is self.job

    @Slot(list)
    def take(self, marks: list[Any]) -> None:
        """Some more was said of the item."""
        item = self._item()
        if item is None or self._heat is None:
            return
        first, said = not len(self._heat), [mark for mark in marks if mark is not None]
        self._is_blank = self._is_blank and not any(map(strength_of, said))
        if self._heat.add(said):
            item.update()
        if first or self._heat.current >= 0:
            self._say()

    @Slot(object)
    def settle(self, job: Job) -> None:
        """All that there is to say was said, or why not."""
        self.job = None
        error, heat = job.error, self._heat
        stays = heat is not None and len(heat) > 0
        if job.state is JobState.FAILED and error is not None:
            if self.options is not None and self.options.show_errors(error.by_field):
                self._say()
                return
            sentence = "\n".join(error.by_field.values()) or error.sentence
            self._studio.say(sentence, "error", self._remedies(), error.details, _SUBJECT)
        elif not stays and job.state is JobState.DONE:
            self._answer(job)
        # With something else set there may be something to say.
        if stays or (self.options is not None and job.state is JobState.DONE):
            self._say()
        else:
            self.close()

    def _answer(self, job: Job) -> None:
        """Nothing was said of a part: what was said in words is the answer, and stays."""
        if not self._words:
            sentence = _("The plugin {name} has nothing to say about this.")
            self._studio.say(sentence.format(name=job.record.title), subject=_SUBJECT)
            return
        level = "warning" if "warning" in self._words.values() else "info"
        words = in_a_row(self._words)
        copy = partial(QGuiApplication.clipboard().setText, words)
        self._studio.say(
            shortened(words, limits.SENTENCE), level, [(_("Copy"), copy)], subject=_SUBJECT
        )

    @Slot(object)
    def tell(self, message: Any) -> None:
        """What the run has to say besides."""
        words = shortened(localized(message.text), limits.SENTENCE)
        if words:
            self._words[words] = message.level
            self._studio.say(words, message.level, subject=_SUBJECT)

    @Slot(str)
    def _tell_remark(self, words: str) -> None:
        """What is to be known of the data that was looked into."""
        if self._id:
            self._studio.say(words, subject=_SUBJECT)

    @Slot(str)
    def _note_lacking(self, pack: str) -> None:
        """The data that the model learnt from is not here."""
        self._lacking = pack

    def _remedies(self) -> Actions:
        """What can be done at once where it could not be told."""
        pack = self._lacking
        if pack is None:
            return []
        words = _("Show the sample pack") if pack else _("Import it…")
        return [(words, lambda: self.data_wanted.emit(pack))]

    @Slot()
    def _follow(self) -> None:
        """The board has changed, or what is shown on it: what was said may be of nothing now."""
        if not self._id:
            return
        item = self._item()
        if item is None or item.heat is not self._heat:
            self.close()
        else:
            self._place(item)

    def _say(self) -> None:
        heat, item = self._heat, self._item()
        if heat is None or item is None:
            return
        count = len(heat)
        blank = self._is_blank and count > 0 and self.job is None
        words = self._title
        if heat.current >= 0:
            sentence = _("{number} of {count}: {words}")
            said = " · ".join(heat.words(heat.current).split("\n"))
            number = f"{heat.current + 1:,}"
            words = sentence.format(number=number, count=f"{count:,}", words=said)
        elif self.job is not None:
            words = self._title_with_progress()
        elif blank:
            sentence = _("{question} Every value is 0, so nothing is coloured.")
            words = sentence.format(question=self._title)
        self.legend.say(words, count, scaled=not blank)
        self._place(item)

    def _title_with_progress(self) -> str:
        progress = self.job.progress if self.job is not None else None
        if progress is None or not progress.total:
            return f"{self._title} …"
        share = min(progress.step / progress.total, 1.0)
        return f"{self._title} {share:.0%}"

    def note_progress(self) -> None:
        """It is farther by now."""
        self._say()

    def _place(self, item: BoardItem) -> None:
        hidden = item.covered or not item.isVisible()
        self.legend.stay_by(None if hidden else item.sceneBoundingRect())

    def _item(self) -> BoardItem | None:
        return self._view.board_scene.item(self._id) if self._id else None

    def _record(self, prompt: Prompt) -> Any:
        from aigc_studio.api import StudioError

        try:
            return self._studio.record(prompt.generator)
        except StudioError as error:
            self._studio.say_error(error)
            return None
