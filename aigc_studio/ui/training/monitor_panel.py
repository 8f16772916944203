"""The training monitor: curves and samples as they grow, how long still, and every way out.

It knows no jobs: it takes plain calls and emits what the person asks for.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from aigc_studio.translation import _, localized, ngettext
from aigc_studio.ui import icons, theme
from aigc_studio.ui.forms.controls import Choice
from aigc_studio.ui.labels import ElidedLabel, Label
from aigc_studio.ui.progress_bars import show_progress
from aigc_studio.ui.prompt.parts import NoticeBar
from aigc_studio.ui.training.failed_row import FailedRow
from aigc_studio.ui.training.plot_panel import PlotPanel
from aigc_studio.ui.training.previews import PreviewPane

if TYPE_CHECKING:
    from aigc_studio.api import Metric, Preview, Progress

_WINDOW = 20.0
"""Seconds that the throughput is averaged over."""
MOST_CHARTS = 24
"""Charts of a training: metrics that are no one's kind have one each."""
_ACTIVE = ("queued", "starting", "running", "paused")


class TrainingMonitor(QWidget):
    """One training. `stop_requested` means: stop and keep the best; `cancel_requested`: keep none.

    `try_requested` asks to use the model as it stands, or, after the end, the model. `failed_row`
    says what can be done with one that failed. States: queued, starting, running, paused,
    done, stopped, cancelled, failed (a `JobState` will do).
    """

    pause_requested = Signal()
    resume_requested = Signal()
    stop_requested = Signal()
    cancel_requested = Signal()
    try_requested = Signal()

    def __init__(
        self, parent: QWidget | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__(parent)
        self._clock = clock
        self._state = ""
        self._counted = ""
        self._steps: deque[tuple[float, int]] = deque()
        self._plots: dict[str, PlotPanel] = {}
        self._not_drawn: set[str] = set()
        self._title = ElidedLabel(_("No training yet"))
        theme.set_kind(self._title, "heading")
        self._state_label = Label()
        theme.set_kind(self._state_label, "secondary")
        self._phase = ElidedLabel()
        theme.set_kind(self._phase, "secondary")
        self._readout = Label()
        self._readout.setFont(theme.readout_font())
        theme.set_kind(self._readout, "secondary")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(_("Training progress"))
        self.pause_button = _button("pause", _("Pause"))
        self.stop_button = _button("stop", _("Stop and keep the best"))
        self.try_button = _button("generate", _("Try the model as it stands"))
        self.cancel_button = _button("cancel", _("Cancel"), "danger")
        self.cancel_button.setToolTip(_("Stop and keep nothing"))
        self.chart = Choice()
        self.chart.setAccessibleName(_("Chart"))
        self.chart.setMaximumWidth(200)
        self._charts = QWidget()
        self._charts_column = QVBoxLayout(self._charts)
        self._charts_column.setContentsMargins(0, 0, 0, 0)
        self._empty = Label(_("Curves appear here once the first numbers come."))
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        theme.set_kind(self._empty, "secondary")
        self.previews = PreviewPane()
        self._notice = NoticeBar("error")
        self.failed_row = FailedRow()
        self._lay_out()
        self._connect()
        self._show_chart()
        self.set_state("")

    def show_training(self, title: str) -> None:
        """Begin anew for a training of this title."""
        self._title.setText(title)
        for panel in self._plots.values():
            self._charts_column.removeWidget(panel)
            panel.deleteLater()
        self._plots = {}
        self._not_drawn = set()
        self.chart.clear()
        self.chart.setToolTip("")
        self.previews.clear()
        self._notice.clear()
        self._steps.clear()
        self._phase.clear()
        self._counted = ""
        self._readout.clear()
        self._bar.setRange(0, 1)
        self._bar.setValue(0)
        self._show_chart()
        self.set_state("queued")

    def add_metric(self, metric: Metric) -> None:
        """A number more: it joins the chart that its kind belongs to."""
        self.add_metrics([metric])

    def add_metrics(self, metrics: Iterable[Metric]) -> None:
        """Numbers that came together: each chart is written once."""
        points: dict[str, list[tuple[str, float, float]]] = {}
        for metric in metrics:
            point = (metric.name.replace("_", " "), metric.step, metric.value)
            points.setdefault(chart_of(metric.name), []).append(point)
        for family, some in points.items():
            panel = self._plots.get(family) or self._new_plot(family)
            left = panel.add_points(some) if panel is not None else {name for name, *_xy in some}
            self._not_drawn |= left
        if self._not_drawn:
            count = len(self._not_drawn)
            words = ngettext(
                "{count} more metric is not drawn", "{count} more metrics are not drawn", count
            )
            self.chart.setToolTip(words.format(count=count))

    def _new_plot(self, family: str) -> PlotPanel | None:
        """A chart more; None when there are too many."""
        if len(self._plots) >= MOST_CHARTS:
            return None
        panel = self._plots[family] = PlotPanel()
        self._charts_column.addWidget(panel)
        self.chart.addItem(chart_title(family), family)
        self._show_chart()
        return panel

    def set_error(self, sentence: str) -> None:
        """Show why the training failed; nothing when empty."""
        self._notice.show_text(sentence, closable=False)

    def add_preview(self, preview: Preview) -> None:
        """A sample more, of any medium."""
        self.previews.add(preview.artifact, preview.step, localized(preview.title))

    def set_progress(self, progress: Progress) -> None:
        """How far: the time left comes from the last 20 seconds."""
        self._phase.setText(localized(progress.text))
        show_progress(self._bar, progress.step, progress.total)
        now = self._clock()
        if self._steps and progress.step < self._steps[-1][1]:
            self._steps.clear()
        self._steps.append((now, progress.step))
        while len(self._steps) > 2 and now - self._steps[0][0] > _WINDOW:
            self._steps.popleft()
        self._show_readout(progress.step, progress.total)

    def set_state(self, state: Any) -> None:
        """Where the training is: what can be done follows from it."""
        self._state = str(getattr(state, "value", state))
        words = _state_titles().get(self._state, self._state)
        self._state_label.setText(words)
        kinds = {"failed": "error", "paused": "warning", "done": "good", "stopped": "good"}
        theme.set_kind(self._state_label, kinds.get(self._state, "secondary"))
        active = self._state in _ACTIVE
        paused = self._state == "paused"
        self.pause_button.setText(_("Resume") if paused else _("Pause"))
        self.pause_button.setIcon(icons.icon("play" if paused else "pause"))
        self.pause_button.setEnabled(self._state in ("running", "paused"))
        self.stop_button.setEnabled(self._state in ("running", "paused"))
        self.cancel_button.setEnabled(active)
        self.try_button.setEnabled(self._state not in ("", "queued", "starting", "cancelled"))
        ended_well = self._state in ("done", "stopped")
        self.try_button.setText(
            _("Use the model") if ended_well else _("Try the model as it stands")
        )
        self.try_button.setToolTip(_try_tip(ended_well))
        self.failed_row.offer(self._state == "failed")
        self._bar.setVisible(active)
        if self._state == "starting":
            self._bar.setRange(0, 0)
        if paused or not active:
            self._steps.clear()
            # Pace and time left were those of a moment that is over.
            self._readout.setText(self._counted)
        if not active:
            self._phase.clear()
        if self._state != "failed":
            self._notice.clear()
        for button in (self.pause_button, self.stop_button, self.cancel_button):
            button.setVisible(active)

    def state(self) -> str:
        """The state that is shown."""
        return self._state

    def readout(self) -> str:
        """Step, throughput and time left as they are shown."""
        return self._readout.text()

    def panel(self, family: str) -> PlotPanel | None:
        """The chart of a family of metrics, if there is one."""
        return self._plots.get(family)

    def _show_readout(self, step: int, total: int) -> None:
        words = [_("step {n}").format(n=step)]
        if total:
            words = [_("step {n} of {total}").format(n=step, total=total)]
        self._counted = words[0]
        begun, first = self._steps[0]
        seconds, done = self._steps[-1][0] - begun, step - first
        if seconds > 0 and done > 0:
            rate = done / seconds
            words.append(_("{n} steps/s").format(n=f"{rate:.3g}"))
            if total > step:
                left = time_words((total - step) / rate)
                words.append(_("about {time} left").format(time=left))
        self._readout.setText(" · ".join(words))

    def _pause_pressed(self) -> None:
        (self.resume_requested if self._state == "paused" else self.pause_requested).emit()

    def _show_chart(self) -> None:
        family = self.chart.currentData()
        for name, panel in self._plots.items():
            panel.setVisible(name == family)
        self._empty.setVisible(not self._plots)
        self.chart.setVisible(len(self._plots) > 1)

    def _connect(self) -> None:
        self.pause_button.clicked.connect(self._pause_pressed)
        self.stop_button.clicked.connect(self.stop_requested)
        self.try_button.clicked.connect(self.try_requested)
        self.cancel_button.clicked.connect(self.cancel_requested)
        self.chart.currentIndexChanged.connect(self._show_chart)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(theme.GAP)
        head.addWidget(self._title)
        head.addWidget(self._state_label)
        head.addStretch(1)
        for button in (self.pause_button, self.stop_button, self.try_button, self.cancel_button):
            head.addWidget(button)
        words = QHBoxLayout()
        words.setSpacing(theme.PADDING)
        words.addWidget(self._readout)
        words.addWidget(self._phase, 1)
        words.addWidget(self.chart)
        self._charts_column.addWidget(self._empty)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(self._charts)
        split.addWidget(self.previews)
        split.setStretchFactor(0, 3)
        split.setStretchFactor(1, 2)
        split.setHandleWidth(theme.PADDING + 1)
        theme.set_kind(split, "gap")
        split.setChildrenCollapsible(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.PADDING, theme.GAP, theme.PADDING, theme.GAP)
        column.setSpacing(theme.GRID)
        column.addLayout(head)
        column.addWidget(self._bar)
        column.addWidget(self._notice)
        column.addWidget(self.failed_row)
        column.addLayout(words)
        column.addWidget(split, 1)


def chart_of(metric: str) -> str:
    """Which chart a metric belongs to: those of one scale share one."""
    name = metric.lower()
    if "loss" in name:
        return "loss"
    shares = ("accuracy", "precision", "recall", "ssim", "share", "probability", "fooled")
    if any(word in name for word in shares):
        return "shares"
    return "nats" if name.startswith("nats_per") else metric


def chart_title(family: str) -> str:
    """The name of a chart for people."""
    titles = {
        "loss": _("Loss"),
        "shares": _("Shares (0 to 1)"),
        "nats": _("Nats"),
        "frechet_distance": _("Fréchet distance"),
        "psnr_db": _("PSNR (dB)"),
        "learning_rate": _("Learning rate"),
    }
    return titles.get(family, family.replace("_", " ").capitalize())


def time_words(seconds: float) -> str:
    """A span of time as a person says it, rounded."""
    if seconds < 60:
        whole = max(1, round(seconds))
        return ngettext("{n} second", "{n} seconds", whole).format(n=whole)
    minutes = round(seconds / 60)
    if minutes < 90:
        return ngettext("{n} minute", "{n} minutes", minutes).format(n=minutes)
    hours = round(seconds / 3600)
    return ngettext("{n} hour", "{n} hours", hours).format(n=hours)


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


def _try_tip(ended_well: bool) -> str:
    if ended_well:
        return _("Choose the model that came of it in the prompt panel")
    return _("Make a model of the newest checkpoint and choose it in the prompt panel")


def _button(icon: str, title: str, kind: str = "") -> QPushButton:
    button = QPushButton(title)
    button.setAutoDefault(False)
    button.setIcon(icons.icon(icon, "danger" if kind == "danger" else "text"))
    button.setIconSize(QSize(16, 16))
    theme.set_kind(button, kind)
    return button
