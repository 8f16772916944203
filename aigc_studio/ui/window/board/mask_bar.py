"""What can be done with a mask, and by how many pixels: beside the tools that mark."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Slot
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from aigc_studio.api import limits
from aigc_studio.translation import _
from aigc_studio.ui import icons, theme
from aigc_studio.ui.forms.numbers import NumberBox
from aigc_studio.ui.labels import Label
from aigc_studio.ui.window.board.buttons import command_button

if TYPE_CHECKING:
    from aigc_studio.ui.canvas import BoardView
    from aigc_studio.ui.canvas.painting.brush import MaskOptions
    from aigc_studio.ui.window.actions.actions import Actions

_COMMANDS = ("grow_mask", "shrink_mask", "feather_mask", "invert_mask", "clear_mask")
_NUMBER_WIDTH = 48


class MaskBar(QWidget):
    """A number of pixels, and the commands that use it. With `picks` also how near colours must be.

    It follows the view's `mask_options`.
    """

    def __init__(self, view: BoardView, actions: Actions, *, picks: bool = False) -> None:
        super().__init__()
        self._view = view
        self._showing = False
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        self.tolerance = _number(0, 255, _("Tolerance"), "")
        tip = _("How far a colour may be from the one that you click, 0 to 255")
        self.tolerance.setToolTip("\n".join((_("Tolerance"), tip)))
        self.joined = _joined()
        if picks:
            row.addWidget(Label(_("Tolerance")))
            row.addSpacing(theme.GRID)
            row.addWidget(self.tolerance)
            row.addWidget(self.joined)
            row.addSpacing(theme.GAP)
        self.pixels = _number(1, limits.MASK_EDGE, _("Edge of the mask in pixels"), _(" px"))
        pixels = _("By how many pixels a mask is grown, shrunk or feathered")
        self.pixels.setToolTip("\n".join((_("Edge of the mask in pixels"), pixels)))
        self.label = Label(_("Edge"))
        row.addWidget(self.label)
        row.addSpacing(theme.GRID)
        row.addWidget(self.pixels)
        row.addSpacing(2)
        self.buttons = {name: command_button(actions[name]) for name in _COMMANDS}
        for button in self.buttons.values():
            row.addWidget(button)
        for box in (self.pixels, self.tolerance):
            box.valueChanged.connect(self._take)
        self.joined.toggled.connect(self._take)
        view.options.mask_changed.connect(self._show)
        self._show(view.options.mask)

    @Slot()
    def _take(self) -> None:
        if not self._showing:
            self._view.options.set_mask(
                replace(
                    self._view.options.mask,
                    pixels=int(self.pixels.number()),
                    tolerance=int(self.tolerance.number()),
                    joined=self.joined.isChecked(),
                )
            )

    @Slot(object)
    def _show(self, options: MaskOptions) -> None:
        self._showing = True
        self.pixels.setValue(options.pixels)
        self.tolerance.setValue(options.tolerance)
        self.joined.setChecked(options.joined)
        self._showing = False


def _number(least: int, most: int, name: str, suffix: str) -> NumberBox:
    box = NumberBox(integer=True, minimum=least, maximum=most)
    theme.set_kind(box, "compact")
    box.setFixedWidth(_NUMBER_WIDTH if suffix else _NUMBER_WIDTH - theme.GAP)
    box.setSuffix(suffix)
    box.setAccessibleName(name)
    return box


def _joined() -> QToolButton:
    button = QToolButton()
    button.setCheckable(True)
    button.setIcon(icons.icon("joined", "text", "accent"))
    button.setIconSize(QSize(theme.TOOL_ICON, theme.TOOL_ICON))
    button.setFixedSize(theme.CONTROL_HEIGHT, theme.CONTROL_HEIGHT)
    together = _("Only connected areas")
    button.setAccessibleName(together)
    off = _("Off: everything in the picture that has this colour")
    button.setToolTip("\n".join((together, off)))
    return button
