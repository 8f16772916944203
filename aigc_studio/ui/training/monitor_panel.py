"""The training monitor: what is learnt from, samples as they grow, how long still, every way out.

It knows no jobs: it takes plain calls and emits what the person asks for.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QSize, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from aigc_studio.translation import _, localized
from aigc_studio.ui import icons, theme
from aigc_studio.ui.labels import ElidedLabel, Label
from aigc_studio.ui.prompt.parts import NoticeBar
from aigc_studio.ui.training.failed_row import FailedRow
from aigc_studio.ui.training.hood import Hood
from aigc_studio.ui.training.monitor_grid import MonitorGrid
from aigc_studio.ui.training.mosaic import LessonsPane
from aigc_studio.ui.training.previews import PreviewPane
from aigc_studio.ui.training.so_far import SoFar
from aigc_studio.ui.training.standing_box import ACTIVE, StandingBox

if TYPE_CHECKING:
    from aigc_studio.api import Metric, Preview, Progress
    from aigc_studio.library.measures import Own
    from aigc_studio.ui.training.lessons import Lessons
    from aigc_studio.ui.training.plot_panel import PlotPanel


class TrainingMonitor(QWidget):
    """One training. `stop_requested` means: stop and keep the best; `cancel_requested`: keep none.

    `try_requested` asks to use the model as it stands, or, after the end, the model. `large_wanted`
    asks for all the room over the board, or for less. `failed_row` says what can be done with one
    that failed. States: queued, starting, running, paused, done, stopped, cancelled, failed
    (a `JobState` will do).
    """

    pause_requested = Signal()
    resume_requested = Signal()
    stop_requested = Signal()
    cancel_requested = Signal()
    try_requested = Signal()
    large_wanted = Signal(bool)

    def __init__(
        self, parent: QWidget | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__(parent)
        self._state = ""
        self._clock = clock
        self.so_far = SoFar(clock)
        self._title = ElidedLabel(_("No training yet"))
        theme.set_kind(self._title, "title")
        self._state_label = Label()
        theme.set_kind(self._state_label, "secondary")
        self.hood_button = _tool("train", _("Under the hood"))
        self.hood_button.setToolTip(_("Losses and other numbers as curves"))
        self.large_button = _tool("enlarge", _("Large"))
        self.lessons = LessonsPane()
        self.hood = Hood()
        self.previews = PreviewPane()
        self.box = StandingBox()
        self.pause_button, self.stop_button = self.box.pause_button, self.box.stop_button
        self.try_button, self.cancel_button = self.box.try_button, self.box.cancel_button
        self._notice = NoticeBar("error")
        self.failed_row = FailedRow()
        self._lay_out()
        self._connect()
        self._open_hood(False)
        self.set_state("")

    def show_training(
        self,
        title: str,
        *,
        timed: bool = False,
        own: Own | None = None,
        minutes: float | None = None,
    ) -> None:
        """Begin anew for a training of this title. `timed`: it has minutes, so that the number of
        its steps is a guess of its own, and is not told. `own` are the plugin's words for measures
        of its own, `minutes` how long it is to last, where it goes by time."""
        self.so_far = SoFar(self._clock, timed=timed, own=own, minutes=minutes)
        self.hood.own = self.so_far.own
        self._title.setText(title)
        self.hood.clear()
        self.previews.clear()
        self.box.show_card(None)
        self._notice.clear()
        self.box.show_phase("")
        self.box.show_readout("")
        self.set_state("queued")

    def show_lessons(self, lessons: Lessons) -> None:
        """Show what is learnt from."""
        self.lessons.show_lessons(lessons)

    def add_metrics(self, metrics: Iterable[Metric]) -> None:
        """Numbers that came together."""
        metrics = list(metrics)
        self.so_far.note_metrics(metrics)
        self.hood.add_metrics(metrics)
        self._show_standing()

    def add_look(self, step: int, measured: Mapping[str, float]) -> None:
        """It was measured on what it has not seen; what comes of that is told in words."""
        self.so_far.note_look(step, measured)
        self._show_standing()

    def show_measured(self, metrics: Mapping[str, float]) -> None:
        """Show how good the model was found to be that came of it."""
        self.so_far.note_measured(metrics)
        self._show_standing()

    def set_error(self, sentence: str) -> None:
        """Show why the training failed; nothing when empty."""
        self._notice.show_text(sentence, closable=False)

    def add_preview(self, preview: Preview) -> None:
        """A sample more, of any medium."""
        self.so_far.begin_to_learn()
        # Those of the first steps come close together: with half the steps it is always the same.
        former = self.previews.look_near(preview.step / 2)
        self.so_far.note_sample(former.artifact if former else None, preview.artifact)
        self.previews.add(preview.artifact, preview.step, localized(preview.title))
        self._show_standing()

    def set_progress(self, progress: Progress) -> None:
        """How far: the time left comes from the last 20 seconds."""
        words = localized(progress.text)
        self.box.show_phase(self.so_far.phase(words))
        self.so_far.note_progress(progress, words)
        self._show_standing()

    def set_state(self, state: Any) -> None:
        """Where the training is: what can be done follows from it."""
        self._state = str(getattr(state, "value", state))
        self._state_label.setText(_state_titles().get(self._state, self._state))
        kinds = {"failed": "error", "paused": "warning", "done": "good", "stopped": "good"}
        theme.set_kind(self._state_label, kinds.get(self._state, "secondary"))
        active = self._state in ACTIVE
        self.failed_row.offer(self._state == "failed")
        if self._state == "paused" or not active:
            self.so_far.stand_still()
        if not active:
            self.box.show_phase("")
        if self._state != "failed":
            self._notice.clear()
        self.previews.expect(active)
        self.box.show_state(self._state)
        self._show_try()
        self._show_standing()

    def show_card(self, card: QWidget | None) -> None:
        """Show the card of the model that came of it; it stays until it is answered."""
        self.box.show_card(card)
        self._show_try()

    def _show_try(self) -> None:
        # The card has a button of its own for that.
        self.try_button.setVisible(self.box.card is None)

    def state(self) -> str:
        """The state that is shown."""
        return self._state

    def readout(self) -> str:
        """Time left, step and pace as they are shown."""
        return self.box.readout.text()

    def panel(self, family: str) -> PlotPanel | None:
        """The chart of a family of metrics, if there is one."""
        return self.hood.panel(family)

    def _show_standing(self) -> None:
        self.box.show_standing(self.so_far.standing(self._state))
        self.box.show_readout(self.so_far.readout())

    def _pause_pressed(self) -> None:
        (self.resume_requested if self._state == "paused" else self.pause_requested).emit()

    # Where things lie

    @property
    def is_large(self) -> bool:
        """Whether there is so much room that the samples have a page of their own."""
        return self._grid.is_large

    @Slot()
    def _ask_large(self) -> None:
        self.large_wanted.emit(not self.is_large)

    def _name_large(self) -> None:
        self.large_button.setIcon(icons.icon("shrink" if self.is_large else "enlarge", "muted"))
        self.large_button.setText(_("Small") if self.is_large else _("Large"))
        self.large_button.setAccessibleName(self.large_button.text())
        self.large_button.setToolTip(
            _("Smaller, so that the board can be seen")
            if self.is_large
            else _("As large as can be, over the board")
        )

    @Slot(bool)
    def _open_hood(self, on: bool) -> None:
        self.hood.setVisible(on)
        self.lessons.setVisible(not on)
        self._arrange()

    def _connect(self) -> None:
        self.pause_button.clicked.connect(self._pause_pressed)
        self.stop_button.clicked.connect(self.stop_requested)
        self.try_button.clicked.connect(self.try_requested)
        self.cancel_button.clicked.connect(self.cancel_requested)
        self.hood_button.setCheckable(True)
        self.hood_button.toggled.connect(self._open_hood)
        self.large_button.clicked.connect(self._ask_large)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(theme.GAP)
        head.addWidget(self._title)
        head.addWidget(self._state_label)
        head.addStretch(1)
        head.addWidget(self.hood_button)
        head.addWidget(self.large_button)
        self._left = QWidget()
        left = QVBoxLayout(self._left)
        left.setContentsMargins(0, 0, 0, 0)
        left.addWidget(self.lessons)
        left.addWidget(self.hood)
        self._grid = MonitorGrid(self._left, self.hood, self.previews, self.box)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.PADDING, theme.GAP, theme.PADDING, theme.PADDING)
        column.setSpacing(theme.GAP)
        column.addLayout(head)
        column.addWidget(self._notice)
        column.addWidget(self.failed_row)
        column.addLayout(self._grid, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Three columns in a low place; the samples below the words where it is high."""
        super().resizeEvent(event)
        self._arrange()

    def event(self, event: QEvent) -> bool:
        """What is shown asks for other room: the first curve comes under a hood that was open."""
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self._arrange()
        return done

    def _arrange(self) -> None:
        if self._grid.arrange(self.size(), hood=self.hood_button.isChecked()):
            self._name_large()


def _tool(icon: str, title: str) -> QToolButton:
    button = QToolButton()
    button.setIcon(icons.icon(icon, "muted", "accent"))
    button.setIconSize(QSize(16, 16))
    button.setText(title)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    button.setAccessibleName(title)
    return button


def _state_titles() -> dict[str, str]:
    return {
        "queued": _("waiting"),
        "starting": _("starting"),
        "running": _("learning"),
        "paused": _("paused"),
        "done": _("done"),
        "stopped": _("stopped, the best is kept"),
        "cancelled": _("cancelled"),
        "failed": _("failed"),
    }
