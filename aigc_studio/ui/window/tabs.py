"""The tabs of the place at the lower edge: what is in them, which is open, what they count."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtWidgets import QWidget

from aigc_studio.translation import _
from aigc_studio.ui import theme

if TYPE_CHECKING:
    from aigc_studio.ui.window.window import StudioWindow

NAMES = ("candidates", "layers", "history", "monitor", "jobs")
"""Their commands, from the left; the page of `monitor` is called `training`."""


_KEPT = 30
"""Jobs that have ended stay on their list, the newest."""


class Tabs(QObject):
    """Puts the pages of layers, history, trainings and jobs in, and keeps the tabs right."""

    def __init__(self, window: StudioWindow) -> None:
        super().__init__(window)
        self._window, self._bottom, self._status = window, window.bottom, window.status
        self._bottom.add("layers", QWidget())
        self._bottom.add("history", window.history_panel)
        self._bottom.add("training", _placeholder())
        self._bottom.add("jobs", window.jobs_panel)
        for name in NAMES:
            self._status.add_tab(window.actions_by_name[name], counts=name == "candidates")
        self._connect()

    def _connect(self) -> None:
        session, trainings = self._window.session, self._window.trainings
        self._status.work_clicked.connect(self._show_jobs)
        trainings.place_made.connect(self._show_trainings)
        trainings.large_wanted.connect(self._bottom.set_large)
        trainings.watch_began.connect(self._open_training)
        self._bottom.changed.connect(self._note_open)
        self._window.studio.jobs.job_added.connect(self._let_jobs_go)
        for changed in (
            session.candidates_added,
            session.candidates_gone,
            session.candidates_reset,
            session.growing.appeared,
            session.growing.gone,
        ):
            changed.connect(self._count_candidates)

    @Slot()
    def _show_jobs(self) -> None:
        self._bottom.toggle("jobs")

    @Slot()
    def _let_jobs_go(self) -> None:
        jobs = self._window.studio.jobs
        ended = [each for each in jobs.jobs if each.state.ended]
        for old in ended[: max(0, len(ended) - _KEPT)]:
            jobs.remove(old)

    @Slot(object)
    def _show_trainings(self, place: QWidget) -> None:
        self._bottom.replace("training", place)

    @Slot()
    def _open_training(self) -> None:
        self._bottom.open("training")

    @Slot()
    def _note_open(self) -> None:
        current = self._bottom.current
        for name in NAMES:
            page = "training" if name == "monitor" else name
            self._window.actions_by_name[name].setChecked(current == page)
        if current == "layers" and "layers_panel" not in vars(self._window):
            self._bottom.replace("layers", self._window.layers_panel)

    @Slot()
    def _count_candidates(self) -> None:
        self._status.show_count(
            self._window.actions_by_name["candidates"], self._window.board_area.strip.count
        )


def _placeholder() -> QWidget:
    from aigc_studio.ui.labels import Label

    words = _("No training is under way. Press Train… in the prompt panel to start one.")
    label = Label(words, wordWrap=True)
    theme.set_kind(label, "secondary")
    label.setContentsMargins(*[theme.PADDING] * 4)
    label.setAlignment(Qt.AlignmentFlag.AlignTop)
    return label
