"""The controls of the pad, laid out; what they do is the dialog's."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from aigc_studio.api import StudioError
from aigc_studio.library.names import checked_name
from aigc_studio.translation import _
from aigc_studio.ui import icons, theme
from aigc_studio.ui.drawing.drawn import DrawnList, KindList
from aigc_studio.ui.drawing.sheet import THICKEST, THINNEST, USUAL, Sheet
from aigc_studio.ui.drawing.words import count_text, heading_text
from aigc_studio.ui.forms.numbers import Slider
from aigc_studio.ui.labels import Label
from aigc_studio.ui.library.asking import no_default
from aigc_studio.ui.library.import_target import ImportTarget
from aigc_studio.ui.library.work import ProgressLine

if TYPE_CHECKING:
    from aigc_studio.library.sketchbook import Leaves
    from aigc_studio.ui.drawing.drawings import Drawings

_SIDE_WIDTH = 296


class DrawPage(QWidget):
    """Everything in the pad."""

    def __init__(self, making: ProgressLine, dialog: QDialog) -> None:
        super().__init__(dialog)
        self.making = making
        self._make_sheet()
        self._make_side()
        self._make_foot()
        self._lay_out(dialog)
        no_default(self)

    def _make_sheet(self) -> None:
        self.heading = Label()
        self.heading.setFont(theme.large_font())
        self.place = Label()
        theme.set_kind(self.place, "secondary")
        self.sheet = Sheet()
        self.pen = Slider()
        self.pen.setRange(THINNEST, THICKEST)
        self.pen.setValue(USUAL)
        self.pen.setFixedWidth(112)
        self.pen.setAccessibleName(_("Thickness of the pen"))
        self.pen.setToolTip(_("Thickness of the pen ([ and ])"))
        self.undo = _tool("undo", _("Take the last stroke back (Ctrl+Z)"))
        self.redo = _tool("redo", _("Draw it again (Ctrl+Y)"))
        self.clear = _tool("clear", _("Clear the sheet (Delete)"))
        self.back = QPushButton(icons.icon("chevron-left"), _("Back"))
        self.back.setToolTip(_("The drawing before this one (← or Backspace)"))
        self.skip = QPushButton(_("Skip"))
        self.skip.setToolTip(_("Go on to the next kind without a drawing (→)"))
        self.next = QPushButton(icons.icon("check", "on_accent"), _("Next"))
        self.next.setToolTip(_("Take this drawing and go on (Enter)"))
        theme.set_kind(self.next, "primary")

    def _make_side(self) -> None:
        self.kinds = QLineEdit(placeholderText=_("0 1 2 3, or: star, moon"))
        self.kinds.setAccessibleName(_("Kinds to draw"))
        self.kinds.setToolTip(
            _("Words between spaces, or between commas. None: all drawings are of one kind.")
        )
        self.kind_list = KindList()
        self.drawn = DrawnList()
        self.count = Label(wordWrap=True)
        theme.set_kind(self.count, "secondary")
        self.discard = _tool("trash", _("Throw all drawings away…"))

    def _make_foot(self) -> None:
        self.error = Label(wordWrap=True)
        theme.set_kind(self.error, "error")
        self.error.hide()
        self.target = ImportTarget()
        self.target.setAccessibleName(_("What the drawings become"))
        self.target.hide()
        self.name = QLineEdit()
        self.name.setAccessibleName(_("Name of the data"))
        self.close_button = QPushButton(_("Close"))
        self.close_button.setToolTip(_("What is drawn stays: next time it goes on here"))
        self.close_button.setMinimumHeight(theme.MAIN_HEIGHT)
        self.make = QPushButton(icons.icon("table"), _("Make data"))
        self.make.setMinimumHeight(theme.MAIN_HEIGHT)

    def _lay_out(self, dialog: QDialog) -> None:
        both = QHBoxLayout()
        both.setContentsMargins(theme.SECTION, theme.PADDING, theme.SECTION, theme.PADDING)
        both.setSpacing(theme.SECTION)
        both.addLayout(self._sheet_column(), 1)
        both.addWidget(self._side())
        line = QFrame()
        theme.set_kind(line, "line")
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(both, 1)
        whole.addWidget(line)
        whole.addLayout(self._foot())
        around = QVBoxLayout(dialog)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(self)

    def _sheet_column(self) -> QVBoxLayout:
        head = QHBoxLayout()
        head.addWidget(self.heading, 1)
        head.addWidget(self.place, 0, Qt.AlignmentFlag.AlignBottom)
        tools = QHBoxLayout()
        tools.setSpacing(theme.GAP)
        label = Label(_("Pen"))
        label.setBuddy(self.pen)
        tools.addWidget(label)
        for widget in (self.pen, self.undo, self.redo, self.clear):
            tools.addWidget(widget)
        tools.addStretch(1)
        for button in (self.back, self.skip, self.next):
            tools.addWidget(button)
        column = QVBoxLayout()
        column.setSpacing(theme.GAP)
        column.addLayout(head)
        column.addWidget(self.sheet, 1)
        column.addLayout(tools)
        return column

    def _side(self) -> QWidget:
        side = QWidget()
        side.setFixedWidth(_SIDE_WIDTH)
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.GRID)
        column.addWidget(_heading(_("Kinds to draw, in turn"), self.kinds))
        column.addWidget(self.kinds)
        column.addWidget(self.kind_list)
        column.addSpacing(theme.GAP)
        row = QHBoxLayout()
        row.addWidget(_heading(_("Drawn"), self.drawn), 1)
        row.addWidget(self.discard)
        column.addLayout(row)
        column.addWidget(self.drawn, 1)
        column.addWidget(self.count)
        return side

    def _foot(self) -> QVBoxLayout:
        foot = QVBoxLayout()
        foot.setContentsMargins(theme.SECTION, theme.GAP, theme.SECTION, theme.PADDING)
        foot.setSpacing(theme.GAP)
        foot.addWidget(self.error)
        foot.addWidget(self.making)
        last = QHBoxLayout()
        last.setSpacing(theme.GAP)
        self.name_label = _heading(_("Name of the data"), self.name)
        last.addWidget(self.target)
        last.addWidget(self.name_label)
        last.addWidget(self.name, 1)
        last.addStretch()
        last.addWidget(self.close_button)
        last.addWidget(self.make)
        foot.addLayout(last)
        return foot

    def show_leaves(self, leaves: Leaves, known: Collection[str]) -> None:
        """Say what is to be drawn, and how many there are; of kinds that a model is `known` to know
        also whether that is enough."""
        self.heading.setText(heading_text(leaves))
        number = _("{number} of {count}").format(
            number=f"{leaves.open + 1:,}", count=f"{len(leaves.leaves):,}"
        )
        self.place.setText("" if leaves.is_fresh else number)
        self.sheet.ask_for(leaves.kind)
        self.kind_list.show_leaves(leaves)
        self.count.setText(count_text(leaves, known))

    def let(self, drawings: Drawings, *, ready: bool) -> None:
        """Let be done what can be done now."""
        leaves, blank = drawings.leaves, self.sheet.is_blank
        for part in (
            self.sheet, self.kinds, self.kind_list, self.drawn, self.next, self.name, self.target,
        ):  # fmt: skip
            part.setEnabled(ready)
        self.back.setEnabled(ready and leaves.open > 0)
        self.skip.setEnabled(ready and (blank or not leaves.is_fresh))
        self.undo.setEnabled(ready and (self.sheet.can_undo or drawings.can_bring_back))
        self.redo.setEnabled(ready and self.sheet.can_redo)
        self.clear.setEnabled(ready and not blank)
        self.discard.setEnabled(ready and bool(leaves.leaves))
        self._show_target()

    def name_fault(self, taken: Collection[str]) -> str:
        """What is wrong with the name of the data; empty where nothing is, or none is typed."""
        name = self.name.text()
        if not name.strip() or self.target.name():
            return ""
        try:
            checked_name(name, taken)
        except StudioError as error:
            return str(error)
        return ""

    def _show_target(self) -> None:
        """A name is asked for where the drawings become data of their own."""
        joins = bool(self.target.name())
        self.target.setVisible(self.target.count() > 1)
        for part in (self.name, self.name_label):
            part.setVisible(not joins)
        self.make.setText(_("Add to the data") if joins else _("Make data"))

    def tell(self, sentence: str, kind: str = "error") -> None:
        """Say what cannot be, or (`secondary`) what happened; empty takes it away."""
        theme.set_kind(self.error, kind)
        self.error.setText(sentence)
        self.error.setVisible(bool(sentence))


def _heading(words: str, control: QWidget) -> QLabel:
    label = Label(words)
    theme.set_kind(label, "heading")
    label.setBuddy(control)
    return label


def _tool(icon: str, tip: str) -> QToolButton:
    button = QToolButton()
    button.setIcon(icons.icon(icon))
    button.setIconSize(QSize(theme.TOOL_ICON, theme.TOOL_ICON))
    button.setToolTip(tip)
    button.setAccessibleName(tip.partition(" (")[0])
    return button
