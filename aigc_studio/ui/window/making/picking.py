"""What comes next is picked by hand: pieces at the caret of a text, one after another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QRectF, QTimer, Signal, Slot

from aigc_studio.jobs import JobState
from aigc_studio.translation import _
from aigc_studio.ui import keys
from aigc_studio.ui.canvas.items.text_card import TextItem, readable
from aigc_studio.ui.labels import tip
from aigc_studio.ui.window.board.chip_bar import ChipBar, ChipWords
from aigc_studio.ui.window.files.missing import model_missing
from aigc_studio.ui.window.making.pick_keys import PickKeys
from aigc_studio.ui.window.making.picks import (
    Pick,
    Surroundings,
    end_of_change,
    labels_of,
    together,
)

if TYPE_CHECKING:
    from aigc_studio.host import PluginRecord
    from aigc_studio.jobs import Job
    from aigc_studio.library.model_info import ModelInfo
    from aigc_studio.ui.canvas.view import BoardView
    from aigc_studio.ui.prompt.values import Prompt
    from aigc_studio.ui.studio import Studio

PAUSE = 250
"""Milliseconds without a key until pieces are asked for anew."""
PATIENCE = 400
"""Milliseconds until it is said that they are being looked for."""


class Picking(QObject):
    """Offers pieces at the caret of one text until it is ended, or something else is selected.

    The newest place alone counts: what comes for a former one is not shown. `choosing`: plain keys
    go to the chips; else they are written, and the chips follow after a pause.
    """

    changed = Signal()
    """It has begun or ended."""

    def __init__(self, studio: Studio, view: BoardView) -> None:
        super().__init__(view)
        self._studio = studio
        self._view = view
        self.chips = ChipBar(view)
        self.chips.bar.keep_above(view.covered)
        self.choosing = False
        self.picks: tuple[Pick, ...] = ()
        self.job: Job | None = None
        self._id = ""
        self._place = -1
        self._text = ""
        self._shown_for: Prompt | None = None
        self._found: list[Pick] = []
        self._keys: PickKeys | None = None
        self._waits = self._picked = False
        self._pause = QTimer(self, singleShot=True, interval=PAUSE)
        self._pause.timeout.connect(self._ask)
        self._patience = QTimer(self, singleShot=True, interval=PATIENCE)
        self._patience.timeout.connect(self._say_patience)
        self.chips.chosen.connect(self.pick)
        self.chips.closed.connect(self.end)
        view.selection_changed.connect(self._follow)
        view.stage.changed.connect(self._follow)
        studio.history.stack.indexChanged.connect(self._follow)
        studio.project_changed.connect(self.end)
        studio.jobs.job_changed.connect(self._note_job)

    @property
    def item_id(self) -> str:
        """The text that is picked for; empty when none is."""
        return self._id

    @property
    def count(self) -> int:
        """Chips that can be taken now."""
        return min(len(self.picks), len(self.chips.chips))

    def begin(self, prompt: Prompt, id: str) -> bool:
        """Offer pieces at the caret of a text, or behind the words that are marked in it."""
        self.end()
        self._id = id
        card = self._card()
        marked = card.selected() if card is not None else None
        if card is None or marked is None:
            self._id = ""
            return False
        self._shown_for = prompt
        if marked.start < marked.stop:
            self._put_caret(card, marked.stop)
        self._keys = PickKeys(self, self._view)
        self._view.setFocus()
        self.choosing, self._place, self._text = True, -1, card.value
        self.changed.emit()
        self._follow()
        return True

    def change(self, prompt: Prompt) -> None:
        """The model, or how it is asked, is another one: look for pieces anew."""
        if self._id and prompt != self._shown_for:
            self._shown_for = prompt
            self._pause.start()

    @Slot()
    def end(self) -> bool:
        """Pick no more. False when nothing was picked."""
        if not self._id:
            return False
        self._id, self.choosing, self._waits, self._picked = "", False, False, False
        self._pause.stop()
        self._forget()
        self.chips.bar.stay_by(None)
        if self._keys is not None:
            self._keys.leave()
            self._keys = None
        self.changed.emit()
        return True

    # What the keys and the pointer do

    @Slot(int)
    def pick(self, number: int) -> None:
        """Write a piece at the caret, and ask for the next ones."""
        card = self._card()
        if card is None or not 0 <= number < self.count:
            return
        words = self.picks[number].words
        self.picks = ()
        self.chips.wait()
        self._picked = True
        place = self._place
        if card.writing is None and card.scrolls:
            # A long text is kept beside the window: too late for the next piece.
            self._view.write(card.id)
        if card.writing is not None:
            card.writing.insert(words)
        else:
            self._view.writer.write_at(card.id, place, words)
        self._follow()

    def pick_current(self) -> None:
        """Write the piece that the keys have gone to, or the likeliest."""
        self.pick(max(self.chips.current, 0))

    def step(self, by: int) -> None:
        """Go to the next chip, or the one before, round and round."""
        if self.count:
            current = self.chips.current
            first = 0 if by > 0 else self.count - 1
            self.chips.point_at((current + by) % self.count if current >= 0 else first)

    def choose(self, on: bool) -> None:
        """Plain keys go to the chips from now on, or to the text."""
        self.choosing = on
        if self.picks:
            self._show_picks()
        self.chips.point_at(0 if on else -1)

    def write(self) -> None:
        """Have the text written in, if it is not."""
        card = self._card()
        if card is not None and card.writing is None:
            self._view.write(card.id)

    # Following the text

    @Slot()
    def _follow(self) -> None:
        """The caret is elsewhere, or what is selected."""
        if not self._id:
            return
        card = self._card()
        chosen = self._view.board_scene.target().item_ids
        if card is not None:
            self._keep_caret(card)
        marked = card.selected() if card is not None else None
        if card is None or card.covered or chosen != (self._id,) or marked is None:
            self.end()
            return
        place = marked.stop if marked.start == marked.stop else -1
        if place == self._place and not self._picked:
            self._stay(card)
            return
        self._place = place
        self.picks = ()
        self._forget()
        if not self._picked or place < 0:
            self.chips.bar.stay_by(None)
        else:
            self._stay(card)
        if place >= 0:
            self._pause.start(0 if self._picked else PAUSE)
        else:
            self._pause.stop()
        self._picked = False

    def _keep_caret(self, card: TextItem) -> None:
        """The text is another one by a step back or forth: the caret is where it was changed."""
        former, self._text = self._text, card.value
        if card.writing is None and former and former != card.value:
            self._put_caret(card, end_of_change(former, card.value))

    def _stay(self, card: TextItem) -> None:
        """Have the bar below the line that the caret is on, if it is shown."""
        if not self.chips.bar.isHidden():
            self._show_bar(card)

    def _show_bar(self, card: TextItem | None = None) -> None:
        card = card or self._card()
        place = _caret_place(card) if card is not None else None
        self.chips.bar.stay_by(place)

    # Asking

    @Slot()
    def _ask(self) -> None:
        card, prompt = self._card(), self._shown_for
        if card is None or prompt is None or self._place < 0:
            return
        record = self._record(prompt)
        model = self._studio.model(prompt.model, prompt.generator, prompt.model_digest)
        if record is None:
            return
        if model is None and prompt.model:
            self._say(model_missing(self._studio, prompt), problem=True)
            return
        self._patience.start()
        self._send(card, record, prompt, model)

    def _send(
        self, card: TextItem, record: PluginRecord, prompt: Prompt, model: ModelInfo | None
    ) -> None:
        text = card.writing.result()[0] if card.writing is not None else card.value
        around = Surroundings.of(text, self._place)
        operation = record.description and record.description.operation(prompt.operation)
        model = None if operation and operation.model == "none" else model
        request = around.request(prompt, model, self._studio.settings.preference("device"))
        self._found = []
        job = self._studio.jobs.preview(record, "edit", request, around.keep, private=True)
        self.job, self._waits = job, job is None
        if job is not None:
            ear = _Ear(self, job)
            job.candidate_received.connect(ear.take)
            job.finished.connect(ear.settle)

    def take(self, pick: Pick) -> None:
        """One more piece has come."""
        self._found.append(pick)

    def settle(self, job: Job) -> None:
        """All pieces of this place have come, or why not."""
        self.job = None
        self._patience.stop()
        if job.state in (JobState.CANCELLED, JobState.STOPPED) and not self._found:
            self._pause.start()  # something newer was asked of the generator in between
            return
        self.picks = together(self._found)
        if self.picks:
            self._show_picks()
            self._show_bar()
        elif job.error is not None:
            sentence = "\n".join(job.error.by_field.values()) or job.error.sentence
            self._say(sentence, problem=True)
        else:
            self._say(_("Nothing comes to mind here. Write on, or move the caret."))

    @Slot(object)
    def _note_job(self, job: Job) -> None:
        """What was in the way may have ended."""
        prompt = self._shown_for
        if self._id and self._waits and prompt is not None and job.state.ended:
            self._waits = False
            self._pause.start()

    @Slot()
    def _say_patience(self) -> None:
        if self._id and (self.job is not None or self._waits):
            self._say(_("Looking for what may come next…"))

    # What is shown

    def _show_picks(self) -> None:
        chips = [
            ChipWords(label, pick.share, tip("\n".join(filter(None, (label, pick.title)))))
            for label, pick in zip(labels_of(self.picks), self.picks, strict=True)
        ]
        current = self.chips.current
        self.chips.offer(chips, self._hint(len(chips)))
        if self.choosing:
            self.chips.point_at(max(min(current, self.count - 1), 0))

    def _hint(self, count: int) -> str:
        first, last = "1", str(count)
        if not self.choosing:
            first = keys.shown("pick")
        if count == 1:
            return _("{key} picks").format(key=first)
        return _("{first} to {last} picks").format(first=first, last=last)

    def _say(self, sentence: str, *, problem: bool = False) -> None:
        self.picks = ()
        self.chips.say(" ".join(sentence.split()), tip(sentence), problem=problem)
        self._show_bar()

    # Within

    def _forget(self) -> None:
        """Nobody waits any more for what is under way."""
        self.job = None  # the next request takes its place
        self._patience.stop()

    def _put_caret(self, card: TextItem, place: int) -> None:
        from aigc_studio.api import Span

        if card.writing is not None:
            card.writing.select(place, place)
        else:
            self._view.board_scene.set_part(card.id, Span(place, place))

    def _record(self, prompt: Prompt) -> PluginRecord | None:
        from aigc_studio.api import StudioError

        try:
            return self._studio.record(prompt.generator)
        except StudioError as error:
            self._say(str(error), problem=True)
            return None

    def _card(self) -> TextItem | None:
        return readable(self._view.board_scene.item(self._id)) if self._id else None


def _caret_place(card: TextItem) -> QRectF | None:
    """Where the caret is on the board; None while it is not seen."""
    line = card.caret_line()
    if line is None:
        return None
    rect = QRectF(line.p1(), line.p2()).normalized().adjusted(0, 0, 1, 0)
    return card.mapRectToScene(rect & card.boundingRect().adjusted(0, 0, 1, 1))


class _Ear(QObject):
    """Follows one request: what it says once another place counts is not heard."""

    def __init__(self, picking: Picking, job: Job) -> None:
        super().__init__(job)
        self._picking = picking
        self._job = job

    @Slot(object)
    def take(self, pick: Any) -> None:
        if self._picking.job is self._job and isinstance(pick, Pick):
            self._picking.take(pick)

    @Slot()
    def settle(self) -> None:
        if self._picking.job is self._job:
            self._picking.settle(self._job)
