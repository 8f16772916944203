"""Size, hardness and colour of the brush: the options of the painting tools."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QColor, QResizeEvent
from PySide6.QtWidgets import QColorDialog, QFrame, QHBoxLayout, QToolButton, QWidget

from aigc_studio.translation import _
from aigc_studio.ui import theme
from aigc_studio.ui.canvas import Brush, Tool, tool_infos
from aigc_studio.ui.canvas.painting.brush import LARGEST, SMALLEST
from aigc_studio.ui.forms.numbers import NumberBox, NumberSlider
from aigc_studio.ui.labels import ElidedLabel, Label
from aigc_studio.ui.window.board import colours

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aigc_studio.ui.canvas import BoardView
    from aigc_studio.ui.window.actions.actions import Actions
    from aigc_studio.ui.window.board.mask_bar import MaskBar

_NUMBER_WIDTH = 40
_NARROWEST, _WIDEST = 92, 170
"""Pixels of a slider with its number."""
_LEAVES_OUT = ("sliders", "title", "words")
"""What goes first, next and last where there is not room for all. Each number says on its tooltip
what it is, and the tool in hand is marked in the rail."""


class BrushBar(QFrame):
    """Follows the view's tool and brush."""

    def __init__(self, view: BoardView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(_("Brush"))
        self._view = view
        self._options = view.options
        self._showing = False
        self.title = ElidedLabel()
        theme.set_kind(self.title, "heading")
        self.size_box = NumberBox(integer=True, minimum=SMALLEST, maximum=LARGEST)
        self.hardness_box = NumberBox(integer=True, minimum=0, maximum=100)
        self.colour = QToolButton()
        self.colour.setToolTip(_("Colour of the brush"))
        self.colour.setAccessibleName(_("Colour of the brush"))
        self.colour.setIconSize(QSize(colours.SWATCH + 4, colours.SWATCH + 4))
        self.colour.clicked.connect(self._show_palette)
        self.mask_bar: MaskBar | None = None
        self._sliders: list[NumberSlider] = []
        self._labels: list[Label] = []
        self._row = QHBoxLayout(self)
        self._lay_out(self._row)
        for box in (self.size_box, self.hardness_box):
            box.valueChanged.connect(self._take_values)
        self._options.brush_changed.connect(self._show_brush)
        view.tool_changed.connect(self._show_tool)
        theme.scheme_changed.connect(self._repaint)
        self._show_brush(view.options.brush)
        self._show_tool(view.tool)

    def offer(self, actions: Actions) -> None:
        """Have what can be done with a mask beside the brush that paints it."""
        from aigc_studio.ui.window.board.mask_bar import MaskBar

        if self.mask_bar is None:
            self.mask_bar = MaskBar(self._view, actions)
            self._row.insertWidget(self._row.count() - 1, self.mask_bar)
            self._show_tool(self._view.tool)

    def _lay_out(self, row: QHBoxLayout) -> None:
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.GAP)
        row.addWidget(self.title)
        row.addSpacing(theme.GRID)
        self._add_slider(row, _("Size"), self.size_box, logarithmic=True)
        self._add_slider(row, _("Hardness"), self.hardness_box, logarithmic=False)
        row.addWidget(self.colour)
        row.addStretch(1)

    def _add_slider(
        self, row: QHBoxLayout, title: str, box: NumberBox, *, logarithmic: bool
    ) -> None:
        label = Label(title)
        slider = NumberSlider(box, decimals=0, logarithmic=logarithmic)
        self._sliders.append(slider)
        theme.set_kind(box, "compact")
        box.setFixedWidth(_NUMBER_WIDTH)
        label.setBuddy(box)
        self._labels.append(label)
        box.setAccessibleName(title)
        box.setToolTip(title)
        row.addWidget(label)
        row.addWidget(slider, 1)

    @Slot(object)
    def _show_tool(self, tool: Tool) -> None:
        tool = Tool(tool)
        titles = {info.tool: info.title for info in tool_infos()}
        self.title.setText(titles.get(tool, ""))
        self.title.setMinimumWidth(self.title.sizeHint().width())  # whole, or not there
        self.colour.setVisible(tool is Tool.BRUSH)
        if self.mask_bar is not None:
            self.mask_bar.setVisible(tool.marks)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as much as there is room for."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        for count in range(len(_LEAVES_OUT) + 1):
            self._leave_out(_LEAVES_OUT[:count])
            self._row.invalidate()
            if self._row.minimumSize().width() <= self.width():
                break
        self._row.activate()

    def _leave_out(self, parts: Sequence[str]) -> None:
        roomy = "sliders" not in parts
        for slider in self._sliders:
            slider.slider.setVisible(roomy)
            slider.setMinimumWidth(_NARROWEST if roomy else _NUMBER_WIDTH)
            slider.setMaximumWidth(_WIDEST if roomy else _NUMBER_WIDTH)
        self.title.setVisible("title" not in parts)
        for label in self._labels:
            label.setVisible("words" not in parts)
        if self.mask_bar is not None:
            self.mask_bar.label.setVisible("words" not in parts)

    @Slot(object)
    def _show_brush(self, brush: Brush) -> None:
        self._showing = True
        self.size_box.setValue(brush.size)
        self.hardness_box.setValue(round(brush.hardness * 100))
        self._showing = False
        own = brush.colour is not None
        shown = colours.swatch(_colour(brush)) if own else colours.automatic_swatch()
        self.colour.setIcon(shown)

    @Slot()
    def _take_values(self) -> None:
        if not self._showing:
            size, hardness = float(self.size_box.number()), self.hardness_box.number() / 100
            self._options.set_brush(replace(self._options.brush, size=size, hardness=hardness))

    @Slot()
    def _show_palette(self) -> None:
        brush = self._options.brush
        chosen = None if brush.colour is None else _colour(brush)
        palette = colours.ColourPalette(chosen, brush.opacity, self.window())
        palette.chosen.connect(self._take_colour)
        palette.opacity_chosen.connect(self._take_opacity)
        palette.more_wanted.connect(self._ask_colour)
        palette.open_under(self.colour)

    @Slot()
    def _ask_colour(self) -> None:
        dialog = QColorDialog(_colour(self._options.brush), self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.colorSelected.connect(self._take_colour)
        dialog.open()

    @Slot(object)
    def _take_colour(self, colour: QColor | None) -> None:
        if colour is None:
            self._options.set_brush(replace(self._options.brush, colour=None))
            return
        colours.note(colour)
        self._options.pick_colour(colour)

    @Slot(float)
    def _take_opacity(self, opacity: float) -> None:
        self._options.set_brush(replace(self._options.brush, opacity=opacity))

    @Slot()
    def _repaint(self) -> None:
        self._show_brush(self._options.brush)


def _colour(brush: Brush) -> QColor:
    """The brush's colour; on white paper, where it is automatic."""
    return QColor(*brush.colour_on((255, 255, 255)))
