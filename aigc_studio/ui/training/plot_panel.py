"""A plot with what belongs to it: legend, smoothing, scale, and the same numbers as a table."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QSizePolicy,
    QStackedWidget,
    QStyle,
    QStyleOptionToolButton,
    QStylePainter,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from aigc_studio.translation import _
from aigc_studio.ui import icons, theme
from aigc_studio.ui.forms.controls import Switch
from aigc_studio.ui.forms.numbers import Slider
from aigc_studio.ui.labels import Label, tip
from aigc_studio.ui.training.plot import LinePlot
from aigc_studio.ui.training.series import short_number

_MOST_ROWS = 2000
MOST_LINES = 24
"""Lines of a chart; more than that nobody tells apart, and each has a button."""
_NAME_WIDTH = 150
"""Pixels of the legend that a name may take; longer ones end in an ellipsis."""
_PLOT_WIDTH = 160
_LEGEND_LEAST = 96
"""Pixels that the legend keeps in a narrow place."""


class PlotPanel(QWidget):
    """A `LinePlot` with a legend to hide lines, smoothing, a logarithmic scale, and a table."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.plot = LinePlot()
        self.table = QTableView()
        self.table.setAccessibleName(_("The numbers of the plot"))
        self.table.verticalHeader().hide()
        self._model = PlotTable(self.plot)
        self.table.setModel(self._model)
        self._legend: dict[str, LegendButton] = {}
        self._legend_column = QVBoxLayout()
        self._legend_column.setSpacing(0)
        self.smoothing = Slider()
        self.smoothing.setRange(0, 99)
        self.smoothing.setMinimumWidth(48)
        self.smoothing.setMaximumWidth(80)
        self.smoothing.setAccessibleName(_("Smoothing"))
        self.smoothing.setToolTip(_("Smooths the lines; the raw ones stay behind, faint"))
        self.logarithmic = Switch(_("Log scale"))
        self.as_table = QToolButton()
        self.as_table.setIcon(icons.icon("table", "muted", "accent"))
        self.as_table.setIconSize(QSize(theme.TOOL_ICON, theme.TOOL_ICON))
        self.as_table.setFixedSize(theme.CONTROL_HEIGHT, theme.CONTROL_HEIGHT)
        self.as_table.setCheckable(True)
        self.as_table.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.as_table.setToolTip(_("Show the numbers as a table"))
        self.as_table.setAccessibleName(self.as_table.toolTip())
        self._pages = QStackedWidget()
        self._lay_out()
        self.smoothing.valueChanged.connect(lambda value: self.plot.set_smoothing(value / 100))
        self.logarithmic.toggled.connect(self.plot.set_logarithmic)
        self.as_table.toggled.connect(self._show_table)
        theme.scheme_changed.connect(self._colour_legend)

    def add_point(self, name: str, x: float, y: float) -> bool:
        """Add to a line; its newest value stands in the legend. False when there are too many."""
        return not self.add_points([(name, x, y)])

    def add_points(self, points: Iterable[tuple[str, float, float]]) -> set[str]:
        """Add to lines, and write the legend once; gives the names that were one line too many."""
        grown: dict[str, None] = {}
        left: set[str] = set()
        for name, x, y in points:
            is_new = name not in self.plot.series
            if is_new and len(self._legend) >= MOST_LINES:
                left.add(name)
                continue
            self.plot.add_point(name, x, y)
            if is_new:
                self._add_to_legend(name)
            grown[name] = None
        for name in grown:
            self._write_legend(name)
        if grown and self.as_table.isChecked():
            self._model.refresh()
        return left

    def _write_legend(self, name: str) -> None:
        last = self.plot.series[name].last()
        self._legend[name].show_value("–" if last is None else short_number(last))

    def clear(self) -> None:
        """Forget all lines."""
        self.plot.clear()
        for button in self._legend.values():
            self._legend_column.removeWidget(button)
            button.deleteLater()
        self._legend = {}
        self._model.refresh()

    def _add_to_legend(self, name: str) -> None:
        button = LegendButton(name)
        button.toggled.connect(lambda on: self.plot.set_visible(name, on))
        button.toggled.connect(lambda _on: self._colour_legend())
        self._legend[name] = button
        self._legend_column.addWidget(button)
        self._colour_legend()

    def _colour_legend(self) -> None:
        for name, button in self._legend.items():
            role = self.plot.colour_role(name) if button.isChecked() else "disabled"
            button.setIcon(icons.icon("series", role))

    def _show_table(self, on: bool) -> None:
        if on:
            self._model.refresh()
        self._pages.setCurrentIndex(int(on))

    def _lay_out(self) -> None:
        self._pages.addWidget(self.plot)
        self._pages.addWidget(self.table)
        self._pages.setMinimumWidth(_PLOT_WIDTH)
        head = QHBoxLayout()
        head.setSpacing(theme.GAP)
        head.addStretch(1)
        smoothing = Label(_("Smoothing"))
        theme.set_kind(smoothing, "secondary")
        for part in (smoothing, self.smoothing, self.logarithmic, self.as_table):
            head.addWidget(part)
        legend = QWidget()
        # Many lines give way before the window has to grow.
        legend.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Ignored)
        legend.setLayout(self._legend_column)
        self._legend_column.setContentsMargins(0, 0, 0, 0)
        self._legend_column.setAlignment(Qt.AlignmentFlag.AlignTop)
        body = QHBoxLayout()
        body.setSpacing(theme.GAP)
        body.addWidget(self._pages, 1)
        body.addWidget(legend)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.GRID)
        column.addLayout(head)
        column.addLayout(body, 1)


class LegendButton(QToolButton):
    """A line's name and its newest value. In a narrow place the name gives way, never the value."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name, self._value = name, ""
        self.setCheckable(True)
        self.setChecked(True)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setIconSize(QSize(12, 12))
        self.setFont(theme.readout_font())
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setToolTip(tip(_("Show or hide {name}").format(name=name)))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        theme.set_kind(self, "legend")

    def show_value(self, value: str) -> None:
        """Show the newest value."""
        self._value = value
        self.setText(self._words(_NAME_WIDTH))

    def minimumSizeHint(self) -> QSize:
        """As narrow as has to be."""
        return QSize(_LEGEND_LEAST, super().minimumSizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """As much of the name as there is room for."""
        option = QStyleOptionToolButton()
        self.initStyleOption(option)
        missing = max(0, self.sizeHint().width() - self.width())
        if missing:
            drawn = self.fontMetrics().horizontalAdvance(self._words(_NAME_WIDTH))
            value = self.fontMetrics().horizontalAdvance(f"  {self._value}")
            option.text = self._words(max(0, drawn - value - missing))
        QStylePainter(self).drawComplexControl(QStyle.ComplexControl.CC_ToolButton, option)

    def _words(self, room: int) -> str:
        elide = Qt.TextElideMode.ElideRight
        return f"{self.fontMetrics().elidedText(self._name, elide, room)}  {self._value}"


class PlotTable(QAbstractTableModel):
    """The numbers of a plot as a table, newest first: one row a step, one column a series."""

    def __init__(self, plot: LinePlot) -> None:
        super().__init__(plot)
        self._plot = plot
        self._steps: list[float] = []
        self._columns: list[dict[float, float]] = []
        self._names: list[str] = []

    def refresh(self) -> None:
        """Take over what the plot shows now (the newest 2000 steps)."""
        self.beginResetModel()
        shown = self._plot.shown()
        self._names = list(shown)
        tails = [(s.xs[-_MOST_ROWS:], s.ys[-_MOST_ROWS:]) for s in shown.values()]
        self._columns = [dict(zip(xs, ys, strict=True)) for xs, ys in tails]
        steps = {x for column in self._columns for x in column}
        self._steps = sorted(steps, reverse=True)[:_MOST_ROWS]
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008
        """A row for each step, the newest first."""
        return 0 if parent.isValid() else len(self._steps)

    def columnCount(
        self,
        parent: QModelIndex | QPersistentModelIndex = QModelIndex(),  # noqa: B008
    ) -> int:
        """The step, and a column for each series."""
        return 0 if parent.isValid() else 1 + len(self._names)

    def data(
        self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole
    ) -> str | None:
        """Numbers as text; empty where a series has none at a step."""
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        step = self._steps[index.row()]
        if index.column() == 0:
            return f"{step:g}"
        value = self._columns[index.column() - 1].get(step)
        return "" if value is None else f"{value:.6g}"

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> str | None:
        """The names of the series."""
        if role != Qt.ItemDataRole.DisplayRole or orientation == Qt.Orientation.Vertical:
            return None
        return _("Step") if section == 0 else self._names[section - 1]
