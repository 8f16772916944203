"""What stands under the hood of a training: its curves, one chart at a time."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from aigc_studio.library.known_measures import MEASURES
from aigc_studio.library.measures import is_loss, is_measure, measure_name
from aigc_studio.translation import _, ngettext
from aigc_studio.ui import theme
from aigc_studio.ui.forms.controls import Choice
from aigc_studio.ui.labels import Label
from aigc_studio.ui.training.plot_panel import PlotPanel

if TYPE_CHECKING:
    from aigc_studio.api import Metric
    from aigc_studio.library.measures import Own

MOST_CHARTS = 24
"""Charts of a training: metrics that are no one's kind have one each."""


class Hood(QWidget):
    """Charts of the metrics; those of one scale share one. `chart` chooses which is shown.

    `own` are the plugin's words for measures of its own.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.own: Own = {}
        self._plots: dict[str, PlotPanel] = {}
        self._not_drawn: set[str] = set()
        heading = Label(_("Under the hood"))
        theme.set_kind(heading, "heading")
        self.chart = Choice()
        self.chart.setAccessibleName(_("Chart"))
        self.chart.setMaximumWidth(200)
        self.chart.currentIndexChanged.connect(self._show_chart)
        self._empty = Label(_("Curves appear here once the first numbers come."))
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        theme.set_kind(self._empty, "secondary")
        head = QHBoxLayout()
        head.setSpacing(theme.GAP)
        head.addWidget(heading)
        head.addStretch(1)
        head.addWidget(self.chart)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme.GRID)
        self._column.addLayout(head)
        self._column.addWidget(self._empty, 1)
        self._show_chart()

    def clear(self) -> None:
        """Forget all charts."""
        for panel in self._plots.values():
            self._column.removeWidget(panel)
            panel.deleteLater()
        self._plots = {}
        self._not_drawn = set()
        self.chart.clear()
        self.chart.setToolTip("")
        self._show_chart()

    def add_metrics(self, metrics: Iterable[Metric]) -> None:
        """Numbers that came together: each chart is written once."""
        points: dict[str, list[tuple[str, float, float]]] = {}
        for metric in metrics:
            point = (curve_name(metric.name, self.own), metric.step, metric.value)
            points.setdefault(chart_of(metric.name, self.own), []).append(point)
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

    def panel(self, family: str) -> PlotPanel | None:
        """The chart of a family of metrics, if there is one."""
        return self._plots.get(family)

    def _new_plot(self, family: str) -> PlotPanel | None:
        """A chart more; None when there are too many."""
        if len(self._plots) >= MOST_CHARTS:
            return None
        panel = self._plots[family] = PlotPanel()
        self._column.addWidget(panel, 1)
        self.chart.addItem(chart_title(family, self.own), family)
        self._show_chart()
        return panel

    @Slot()
    def _show_chart(self) -> None:
        family = self.chart.currentData()
        for name, panel in self._plots.items():
            panel.setVisible(name == family)
        self._empty.setVisible(not self._plots)
        self.chart.setVisible(len(self._plots) > 1)


def chart_of(metric: str, own: Own | None = None) -> str:
    """Which chart a metric belongs to: those of one scale share one."""
    if is_measure(metric, own):
        known = MEASURES.get(metric)
        return (known.scale if known is not None else "") or metric
    if is_loss(metric):
        return "loss"
    name = metric.lower()
    shares = ("accuracy", "precision", "recall", "ssim", "share", "probability", "fooled")
    if any(word in name for word in shares):
        return "shares"
    return "nats" if name.startswith("nats_per") else metric


def curve_name(metric: str, own: Own | None = None) -> str:
    """What a curve is called: the plain `loss` of a trainer has no plugin's words."""
    if metric == "loss" and metric not in (own or {}):
        return _("Loss")
    return measure_name(metric, own)


def chart_title(family: str, own: Own | None = None) -> str:
    """The name of a chart for people."""
    titles = {
        "loss": _("Loss"),
        "shares": _("Shares (0 to 1)"),
        "nats": _("Nats"),
        "learning_rate": _("Learning rate"),
        "examples_per_second": _("Examples per second"),
    }
    if family in titles:
        return titles[family]
    name = measure_name(family, own)
    return name if is_measure(family, own) else name[:1].upper() + name[1:]
