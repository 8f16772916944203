"""The candidates that wait: looked at on the board, kept or dropped."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QMimeData, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from aigc_studio.translation import _, ngettext
from aigc_studio.ui import icons, pixels, theme
from aigc_studio.ui.candidates.cells import PICTURE_HEIGHT, Cell, Frame
from aigc_studio.ui.candidates.listing import CandidateList
from aigc_studio.ui.labels import Label
from aigc_studio.ui.progress_bars import show_progress

if TYPE_CHECKING:
    from aigc_studio.api import Artifact

MIME_TYPE = "application/x-aigc-candidate"
"""What a candidate is dragged as: its id in UTF-8; several ids one a line."""

FEWEST_COMPARED, MOST_COMPARED = 2, 4
"""So many can be seen beside each other."""

FRAME_TIME = 140
"""Milliseconds that a frame of a sequence stands while it plays."""

_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1}


class CandidateStrip(QWidget):
    """Results that wait, numbered. Hidden while there are none.

    `accepted` and `discarded` carry lists of ids; the caller removes what it took. `compared`
    carries those that are to be seen beside each other. `opened` carries
    the id of the one that is current now, or was clicked again; `played` that of the frame that a
    sequence has come to, `heard` that of a tune to be heard, or no longer.
    `seed_chosen` carries a seed to use again, `learn_wanted` ids to learn from.
    `left` tells that the last one went while the keyboard was here, `cancel_wanted` that what takes
    long (`show_progress`) is to be given up.
    """

    accepted = Signal(list)
    compared = Signal(list)
    discarded = Signal(list)
    seed_chosen = Signal(object)
    learn_wanted = Signal(list)
    opened = Signal(str)
    played = Signal(str)
    heard = Signal(str)
    left = Signal()
    cancel_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._playing: set[Cell] = set()
        self.list = CandidateList(self._mime)
        self._title = Label()
        theme.set_kind(self._title, "heading")
        self.accept_button = self._button("check", _("Keep"), _("Put on the board (Enter)"))
        self.discard_button = self._button("trash", _("Drop"), _("Drop (Delete)"))
        self.compare_button = self._button(
            "compare",
            _("Compare"),
            _("Up to four beside each other: choose which with Ctrl or Shift"),
        )
        self.accept_all_button = self._button("", _("Keep All"), _("Put all on the board"))
        self.discard_all_button = self._button("", _("Drop All"), _("Drop all of them"))
        self.progress = QProgressBar(textVisible=False)
        self.progress.setFixedWidth(120)
        self.progress.setAccessibleName(_("Progress"))
        self.cancel_button = self._button("cancel", _("Cancel"), _("Leave all as it is"))
        for button in self._buttons():
            button.installEventFilter(self)
        self._timer = QTimer(self)
        self._timer.setInterval(FRAME_TIME)
        self._timer.timeout.connect(self._play_on)
        self._lay_out()
        self.show_progress(0, 0)
        self._connect()
        self.hide()

    def add(
        self,
        candidate_id: str,
        artifact: Artifact,
        title: str = "",
        tooltip: str | Callable[[], str] = "",
        strip: str = "",
        position: int = 0,
        seed: int | None = None,
    ) -> None:
        """Show a candidate, as `add_all`."""
        self.add_all([Frame(candidate_id, artifact, title, tooltip, seed, position, strip)])

    def add_all(self, frames: Iterable[Frame]) -> None:
        """Show candidates that came together. Those of one `strip` share a place, in the order of
        `position`.

        The first one of all becomes current. An id that is there already is left as it is.
        """
        self.list.shown.add(frames)
        if self.list.current is None and self.list.cells:
            self.list.choose_rows([0])
        self._refresh()

    def renew(self, candidate_id: str, frame: Frame) -> None:
        """Show something else in the place of one: what has grown, or what it has become."""
        pictures = self.list.painter.pictures
        pictures.forget(candidate_id)
        self.list.shown.renew(candidate_id, frame)
        self.list.make_room(frame.width)
        if frame.id != candidate_id:
            self._refresh()

    def remove(self, *candidate_ids: str) -> None:
        """Take candidates away; unknown ids do nothing."""
        chosen = [self.cells[row] for row in self.list.chosen_rows()]
        current = self.list.current
        self.list.shown.remove(candidate_ids)
        if current is not None and self.list.current is None and self.cells:
            # Many went, and the list began anew: what was selected stays so.
            numbers = [cell.number for cell in chosen]
            rows = [self.list.shown.row_of_number(number) for number in numbers]
            self.list.choose_rows([row for row in rows if row >= 0] or [0])
        self._playing &= set(self.cells) if self._playing else set()
        self._refresh()

    def clear(self) -> None:
        """Take all away."""
        self.list.shown.clear()
        self._refresh()

    @property
    def cells(self) -> list[Cell]:
        """The places, in their order."""
        return self.list.cells

    @property
    def count(self) -> int:
        """How many there are to decide on: a sequence is one, however long it is."""
        return len(self.cells)

    def ids(self) -> list[str]:
        """All ids, in the order shown."""
        return self.list.shown.ids()

    def first_ids(self) -> list[str]:
        """Those of the first place; empty when there is none."""
        return self.cells[0].ids if self.cells else []

    def following(self, ids: Iterable[str]) -> str:
        """The id of what comes after these, or else before; empty when there is nothing else."""
        gone = {self.list.shown.row_of(id) for id in ids}
        last = max(gone, default=-1)
        order = [*range(last + 1, len(self.cells)), *range(last - 1, -1, -1)]
        row = next((row for row in order if row not in gone), -1)
        return self.cells[row].frame.id if row >= 0 else ""

    def selected_ids(self) -> list[str]:
        """Those that are selected, in the order shown; a sequence counts with all its frames."""
        return [name for row in self.list.chosen_rows() for name in self.cells[row].ids]

    def select(self, *candidate_ids: str) -> None:
        """Select these and no others."""
        rows = {self.list.shown.row_of(id) for id in candidate_ids}
        self.list.choose_rows(sorted(row for row in rows if row >= 0))

    def show_progress(self, done: int, total: int) -> None:
        """Say how far something is that takes long; 0 of 0 when it is over."""
        show_progress(self.progress, done, total)
        self.progress.setVisible(total > 0)
        self.cancel_button.setVisible(total > 0)
        self._head.fit()

    def accept(self) -> None:
        """Ask for the selected ones to be accepted."""
        ids = self.selected_ids()
        if ids:
            self.accepted.emit(ids)

    def accept_all(self) -> None:
        """Ask for all to be accepted."""
        if self.count:
            self.accepted.emit(self.ids())

    def discard(self) -> None:
        """Ask for the selected ones to be thrown away."""
        ids = self.selected_ids()
        if ids:
            self.discarded.emit(ids)

    def compare(self) -> None:
        """Ask for the selected ones to be shown beside each other, each by the frame it shows.

        With fewer than two selected those around them are meant: a batch is mostly four.
        """
        rows = self.list.chosen_rows()
        if len(rows) < FEWEST_COMPARED:
            middle = rows[0] if rows else 0
            last = max(len(self.cells) - MOST_COMPARED, 0)
            first = min(middle - middle % MOST_COMPARED, last)
            rows = list(range(first, min(first + MOST_COMPARED, len(self.cells))))
        self.compared.emit([self.cells[row].frame.id for row in rows])

    def toggle_play(self) -> None:
        """Play the current sequence, or hold it."""
        cell = self.list.current
        if cell is None or not cell.can_play:
            return
        if len(cell.frames) < 2:
            self.heard.emit(cell.frame.id)
            return
        cell.playing, cell.played = not cell.playing, True
        (self._playing.add if cell.playing else self._playing.discard)(cell)
        if self._playing:
            self._timer.start()
        self.list.viewport().update()

    def show_heard(self, candidate_id: str) -> None:
        """Mark the tune that is heard now; none, if it is none of these."""
        if candidate_id != self.list.painter.heard:
            self.list.painter.heard = candidate_id
            self.list.viewport().update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrows on the buttons go through the candidates, not to the next button."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            plain = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
            step = _STEPS.get(Qt.Key(event.key()), 0)
            if step and plain == Qt.KeyboardModifier.NoModifier:
                self.list.setFocus(Qt.FocusReason.OtherFocusReason)
                self.list.step(step)
                return True
        return super().eventFilter(watched, event)

    def _refresh(self) -> None:
        count = self.count
        words = ngettext("{n} candidate", "{n} candidates", count).format(n=f"{count:,}")
        self._title.setText(words)
        if count == 0:
            # Asked before it hides: Qt gives the keyboard to whatever comes next then.
            held = self._has_keyboard()
            self._timer.stop()
            self._playing.clear()
            self.list.forget_pictures()
            if held:
                self.left.emit()
        self.setVisible(count > 0)
        self._selection_changed()

    def _selection_changed(self) -> None:
        chosen = self.list.selectionModel().hasSelection()
        if not chosen and self._has_keyboard():
            # A button that is switched off would pass the keyboard on to another panel.
            self.list.setFocus()
        for button in self._buttons()[:2]:
            button.setEnabled(chosen)
        several = len(self.cells) > 1
        self.compare_button.setEnabled(len(self.list.chosen_rows()) <= MOST_COMPARED)
        self.compare_button.setVisible(several)
        self.accept_all_button.setVisible(several)
        self.discard_all_button.setVisible(several)
        self._head.fit()

    def _has_keyboard(self) -> bool:
        focus = self.window().focusWidget()
        return focus is not None and self.isAncestorOf(focus)

    def _play_on(self) -> None:
        for cell in self._playing:
            cell.shown = (cell.shown + 1) % len(cell.frames)
            self.played.emit(cell.frame.id)
        if not self._playing:
            self._timer.stop()
        self.list.viewport().update()

    def _current_changed(self) -> None:
        cell = self.list.current
        if cell is not None:
            self.opened.emit(cell.frame.id)

    def _mime(self) -> QMimeData:
        data = QMimeData()
        ids = [id for id in self.selected_ids() if not self.list.shown.grows(id)]
        if ids:
            data.setData(MIME_TYPE, "\n".join(ids).encode())
        return data

    def _button(self, icon: str, title: str, tip: str) -> QPushButton:
        button = QPushButton(title)
        button.setAccessibleName(title)
        if icon:
            button.setIcon(icons.icon(icon))
            button.setIconSize(QSize(16, 16))
        theme.set_kind(button, "quiet")
        button.setToolTip(tip)
        return button

    def _buttons(self) -> tuple[QPushButton, ...]:
        one = (self.accept_button, self.discard_button, self.compare_button)
        return (*one, self.accept_all_button, self.discard_all_button)

    def _connect(self) -> None:
        self.accept_button.clicked.connect(self.accept)
        self.discard_button.clicked.connect(self.discard)
        self.compare_button.clicked.connect(self.compare)
        self.accept_all_button.clicked.connect(self.accept_all)
        self.discard_all_button.clicked.connect(lambda: self.discarded.emit(self.ids()))
        self.cancel_button.clicked.connect(self.cancel_wanted)
        self.list.chosen_changed.connect(self._selection_changed)
        self.list.current_changed.connect(self._current_changed)
        self.list.clicked.connect(self._current_changed)
        self.list.accept_pressed.connect(self.accept)
        self.list.discard_pressed.connect(self.discard)
        self.list.play_pressed.connect(self.toggle_play)
        self.list.seed_chosen.connect(self.seed_chosen)
        self.list.learn_pressed.connect(lambda: self.learn_wanted.emit(self.selected_ids()))
        theme.scheme_changed.connect(self.list.viewport().update)
        pixels.changed.connect(self.list.viewport().update)

    def _lay_out(self) -> None:
        buttons = self._buttons()
        long = (self.progress, self.cancel_button)
        self._head = _Head(self._title, buttons[:3], (*long, *buttons[3:]))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.GRID, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head)
        column.addWidget(self.list)
        self.list.setFixedHeight(PICTURE_HEIGHT + 46)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(_("Candidates"))


class _Head(QWidget):
    """A title, `buttons` with an icon each, and at the other end the `rest`.

    Where it is narrow the title goes first (the tab says the same), and then the words of the
    buttons, the last one's first: an icon is whole where half a word is none.
    """

    def __init__(
        self, title: QWidget, buttons: Sequence[QPushButton], rest: Sequence[QWidget]
    ) -> None:
        super().__init__()
        self._title, self._buttons = title, tuple(buttons)
        self._words = [button.text() for button in buttons]
        self._row = QHBoxLayout(self)
        self.setMinimumWidth(1)  # rather than what all the words take
        self._row.setContentsMargins(theme.PADDING, 0, theme.GAP, 0)
        self._row.setSpacing(theme.GRID)
        self._row.addWidget(title)
        self._row.addSpacing(theme.GAP)
        for button in buttons:
            self._row.addWidget(button)
        self._row.addStretch(1)
        for part in rest:
            self._row.addWidget(part)

    def fit(self) -> None:
        """Say as much as there is room for."""
        for wordless in range(-1, len(self._buttons) + 1):
            self._title.setVisible(wordless < 0)
            spoken = len(self._buttons) - max(wordless, 0)
            for number, button in enumerate(self._buttons):
                button.setText(self._words[number] if number < spoken else "")
            self._row.invalidate()
            if self._row.sizeHint().width() <= self.width():
                break

    def resizeEvent(self, event: QResizeEvent) -> None:
        """It is as wide as it is now."""
        super().resizeEvent(event)
        self.fit()
