"""The Jobs tab: what is under way, how far it is, how long still, and a way out, in place."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QProgressBar,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from aigc_studio.jobs import Job, JobQueue, JobState, TrainingJob
from aigc_studio.jobs.gesture import gesture
from aigc_studio.translation import _, localized
from aigc_studio.ui import icons, theme
from aigc_studio.ui.labels import Label, tip
from aigc_studio.ui.progress_bars import show_progress

_REFRESH_MS = 1000


class JobsPanel(QWidget):
    """One row for each job, the newest on top. `monitor_requested` carries a training job."""

    monitor_requested = Signal(object)

    def __init__(self, jobs: JobQueue, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(_("Jobs"))
        self._jobs = jobs
        self.rows: dict[str, JobRow] = {}
        self._empty = Label(_("Nothing is under way. What you generate or train appears here."))
        theme.set_kind(self._empty, "secondary")
        self._list = QVBoxLayout()
        self._list.setContentsMargins(theme.PADDING, theme.GAP, theme.PADDING, theme.GAP)
        self._list.setSpacing(theme.GRID)
        self._list.addWidget(self._empty)
        self._list.addStretch(1)
        inside = QWidget()
        inside.setLayout(self._list)
        area = QScrollArea(widgetResizable=True)
        area.setAccessibleName(_("Jobs"))
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidget(inside)
        for ground in (area.viewport(), inside):
            ground.setAutoFillBackground(False)  # it shows that of the place it lies in
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(area)
        self._clock = QTimer(self, interval=_REFRESH_MS)
        self._clock.timeout.connect(self._tick)
        jobs.job_added.connect(self._add)
        jobs.job_removed.connect(self._remove)
        for job in jobs.jobs:
            self._add(job)

    @Slot(object)
    def _add(self, job: Job) -> None:
        row = JobRow(job)
        row.removed.connect(self._jobs.remove)
        row.opened.connect(self.monitor_requested)
        self.rows[job.id] = row
        self._list.insertWidget(0, row)
        self._empty.hide()
        self._clock.start()

    @Slot(object)
    def _remove(self, job: Job) -> None:
        row = self.rows.pop(job.id, None)
        if row is not None:
            self._list.removeWidget(row)
            row.deleteLater()
        self._empty.setVisible(not self.rows)

    @Slot()
    def _tick(self) -> None:
        live = [row for row in self.rows.values() if not row.job.state.ended]
        if not live:
            self._clock.stop()
        if self.isVisible() and not gesture.is_under_way:
            # One that waits for its turn has nothing that time changes; there may be hundreds.
            for row in live:
                if row.job.started_at:
                    row.refresh()


class JobRow(QFrame):
    """One job: title, state, progress, time, memory, and its buttons."""

    removed = Signal(object)
    opened = Signal(object)

    def __init__(self, job: Job, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.job = job
        self.setAccessibleName(job.title)
        theme.set_kind(self, "card")
        self.title = Label(job.title)
        theme.set_kind(self.title, "heading")
        self.state = Label()
        self.state.setWordWrap(True)
        self.bar = QProgressBar(textVisible=False)
        self.bar.setAccessibleName(_("Progress of {title}").format(title=job.title))
        self.readout = Label()
        self.readout.setFont(theme.readout_font())
        theme.set_kind(self.readout, "secondary")
        self._make_buttons()
        self._lay_out()
        job.state_changed.connect(self._follow)
        job.progress_changed.connect(self._follow)
        self.refresh()

    @Slot()
    def _follow(self) -> None:
        """What nobody sees is shown once somebody does."""
        if self.isVisible():
            self.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        """Somebody sees it now."""
        self.refresh()
        super().showEvent(event)

    def _make_buttons(self) -> None:
        self.monitor = _button("train", _("Show the training monitor"))
        self.pause = _button("pause", _("Pause"))
        self.stop = _button("stop", _("Stop and keep the result"))
        self.cancel = _button("cancel", _("Cancel and discard it"))
        self.remove = _button("close", _("Remove from the list"))
        self.monitor.clicked.connect(self._open)
        self.pause.clicked.connect(self._pause_or_resume)
        self.stop.clicked.connect(self.job.stop)
        self.cancel.clicked.connect(self.job.cancel)
        self.remove.clicked.connect(self._remove)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(theme.GAP)
        head.addWidget(self.title)
        head.addWidget(self.state, 1)
        head.addWidget(self.readout)
        for button in (self.monitor, self.pause, self.stop, self.cancel, self.remove):
            head.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.PADDING, theme.GRID, theme.GRID, theme.GRID)
        layout.setSpacing(theme.GRID)
        layout.addLayout(head)
        layout.addWidget(self.bar)

    @Slot()
    def refresh(self) -> None:
        """Show how the job stands now."""
        job = self.job
        live = not job.state.ended
        training = isinstance(job, TrainingJob)
        self.state.setText(_state_text(job))
        failed = job.state is JobState.FAILED
        theme.set_kind(self.state, "error" if failed else "secondary")
        if job.error and job.error.details:
            self.state.setToolTip(tip(job.error.details[-2000:]))
        self._show_progress(live)
        self.readout.setText(_readout(job))
        self.monitor.setVisible(training)
        self.pause.setVisible(live and training)
        self.pause.setEnabled(job.state in (JobState.RUNNING, JobState.PAUSED))
        paused = job.state is JobState.PAUSED
        self.pause.setIcon(icons.icon("play" if paused else "pause"))
        self.pause.setToolTip(_("Resume") if paused else _("Pause"))
        self.stop.setVisible(live and training)
        self.cancel.setVisible(live)
        self.remove.setVisible(not live)

    def _show_progress(self, live: bool) -> None:
        self.bar.setVisible(live)
        progress = self.job.progress
        if progress is None or not progress.total or self.job.state is JobState.QUEUED:
            show_progress(self.bar, 0, 0 if self.job.state is JobState.STARTING else 1)
            return
        show_progress(self.bar, progress.step, progress.total)

    @Slot()
    def _pause_or_resume(self) -> None:
        self.job.resume() if self.job.state is JobState.PAUSED else self.job.pause()

    @Slot()
    def _remove(self) -> None:
        self.removed.emit(self.job)

    @Slot()
    def _open(self) -> None:
        self.opened.emit(self.job)


def _button(icon: str, tip: str) -> QToolButton:
    button = QToolButton()
    button.setToolTip(tip)
    button.setIcon(icons.icon(icon, "muted"))
    button.setAccessibleName(tip)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button


def _state_text(job: Job) -> str:
    if job.state is JobState.FAILED and job.error:
        return job.error.sentence
    names = {
        JobState.QUEUED: _("waiting for its turn"),
        JobState.STARTING: _("starting"),
        JobState.RUNNING: _("working"),
        JobState.PAUSED: _("paused"),
        JobState.DONE: _("done"),
        JobState.STOPPED: _("stopped, result kept"),
        JobState.CANCELLED: _("cancelled"),
        JobState.FAILED: _("failed"),
    }
    progress = job.progress
    if job.state is JobState.RUNNING and progress and progress.text:
        return localized(progress.text)
    return names[job.state]


def _readout(job: Job) -> str:
    parts = []
    if job.started_at:
        parts.append(duration(job.seconds))
    if not job.state.ended:
        left = _seconds_left(job)
        if left is not None:
            parts.append(_("{time} left").format(time=duration(left)))
        memory = job.memory
        if memory:
            parts.append(_("{number} MB").format(number=round(memory / 1e6)))
    return "   ".join(parts)


def _seconds_left(job: Job) -> float | None:
    progress = job.progress
    if not progress or not progress.total or not progress.step or job.seconds < 2:
        return None
    return job.seconds / progress.step * max(0, progress.total - progress.step)


def duration(seconds: float) -> str:
    """Seconds as `0:07` or `1:02:03`."""
    whole = round(seconds)
    hours, minutes, rest = whole // 3600, whole // 60 % 60, whole % 60
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
