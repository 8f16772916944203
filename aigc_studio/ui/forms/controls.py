"""The other controls of a form: combo boxes, switches, segments.

None of them takes the mouse wheel unless it has the focus, so that a form can be scrolled past.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyleOptionComboBox,
    QWidget,
)

from aigc_studio.translation import labelled
from aigc_studio.ui import theme
from aigc_studio.ui.labels import width_of


class Choice(QComboBox):
    """A combo box that never grows wider than its place; long labels are in its tooltip."""

    _left, _right = 9, 26

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(6)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFixedHeight(theme.CONTROL_HEIGHT)
        # The usual delegate of combo boxes ignores the style sheet.
        theme.set_row_height(self.view())

    def paintEvent(self, event: QPaintEvent) -> None:
        """As always, but a label that is too long ends in an ellipsis."""
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        with QPainter(self) as painter:
            combo = QStyle.ComplexControl.CC_ComboBox
            self.style().drawComplexControl(combo, option, painter, self)
            room = self.rect().adjusted(self._left, 0, -self._right, 0)
            if not option.currentIcon.isNull():
                place = QRect(room.left(), 0, option.iconSize.width(), room.height())
                option.currentIcon.paint(painter, place)
                room.setLeft(place.right() + theme.GRID + 2)
            text = option.fontMetrics.elidedText(
                option.currentText, Qt.TextElideMode.ElideRight, room.width()
            )
            painter.setPen(theme.colour("text" if self.isEnabled() else "disabled"))
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Only with the focus."""
        super().wheelEvent(event) if self.hasFocus() else event.ignore()


class Switch(QCheckBox):
    """A check box drawn as a switch."""

    _track = QSize(32, 18)

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """The track, and the text beside it."""
        text = self.fontMetrics().horizontalAdvance(self.text()) + theme.GAP if self.text() else 0
        return QSize(self._track.width() + 4 + text, max(24, self.fontMetrics().height()))

    def minimumSizeHint(self) -> QSize:
        """As `sizeHint`."""
        return self.sizeHint()

    def hitButton(self, point: QPoint) -> bool:
        """All of it can be clicked."""
        return self.rect().contains(point)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A track with a knob; a ring around it while it has the focus."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            top = (self.height() - self._track.height()) / 2
            track = QRectF(2, top, self._track.width(), self._track.height())
            on, enabled = self.isChecked(), self.isEnabled()
            ground = ("accent" if on else "outline") if enabled else "border"
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour(ground))
            painter.drawRoundedRect(track, 9, 9)
            knob = QRectF(track.right() - 16 if on else track.left() + 2, top + 2, 14, 14)
            painter.setBrush(theme.colour("on_accent" if on else "surface"))
            painter.drawEllipse(knob)
            if self.hasFocus():
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(theme.colour("accent"), 1.5))
                painter.drawRoundedRect(track.adjusted(-1.5, -2, 1.5, 2), 11, 11)
            if self.text():
                painter.setPen(theme.colour("text" if enabled else "disabled"))
                room = self.rect().adjusted(self._track.width() + 4 + theme.GAP, 0, 0, 0)
                painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, self.text())


class Segments(QWidget):
    """A few choices side by side, one of which is on. Arrow keys go from one to the next."""

    changed = Signal()

    def __init__(self, labels: list[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.GRID)
        for number, label in enumerate(labels):
            button = QPushButton(label.replace("&", "&&"))
            button.setCheckable(True)
            button.setAutoDefault(False)
            theme.set_kind(button, "segment")
            button.setFixedHeight(theme.CONTROL_HEIGHT)
            self._group.addButton(button, number)
            row.addWidget(button, 1)
        self._group.idToggled.connect(self._toggled)

    def index(self) -> int:
        """Which one is on, -1 for none."""
        return self._group.checkedId()

    def set_index(self, index: int) -> None:
        """Switch this one on."""
        button = self._group.button(index)
        if button is not None:
            button.setChecked(True)

    def set_names(self, name: str, description: str) -> None:
        """Name each segment for screen readers."""
        for button in self._group.buttons():
            label = button.text().replace("&&", "&")
            button.setAccessibleName(labelled(name, label))
            button.setAccessibleDescription(description)

    @staticmethod
    def fit(labels: list[str], width: int, metrics: Any) -> bool:
        """Whether the labels stand side by side in `width` pixels without being cut."""
        widest = max((width_of(label, metrics) for label in labels), default=0)
        return (widest + 2 * theme.GAP + 2 + theme.GRID) * len(labels) <= width

    def _toggled(self, _index: int, on: bool) -> None:
        if on:
            self.changed.emit()
