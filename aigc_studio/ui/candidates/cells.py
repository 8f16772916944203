"""How one candidate looks in the strip: its picture, number, seed; a stack for a sequence."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPen, QPixmap
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from aigc_studio.translation import _
from aigc_studio.ui import artifact_pictures, icons, theme
from aigc_studio.ui.painting import saved

if TYPE_CHECKING:
    from aigc_studio.api import Artifact

CELL_ROLE = int(Qt.ItemDataRole.UserRole)
PICTURE_HEIGHT = 84
_EDGE = 6
_CAPTION = 18
_PLAY = 26


@dataclass
class Frame:
    """One candidate as the strip keeps it."""

    id: str
    artifact: Artifact
    title: str = ""
    tooltip: str = ""
    seed: int | None = None
    position: int = 0


@dataclass
class Cell:
    """One place in the strip: a single candidate, or the frames of a sequence in order."""

    number: int
    strip: str = ""
    frames: list[Frame] = field(default_factory=list)
    shown: int = 0
    playing: bool = False
    pictures: dict[tuple[str, float, bool], QPixmap] = field(default_factory=dict)

    @property
    def frame(self) -> Frame:
        """The one that is shown now."""
        return self.frames[min(self.shown, len(self.frames) - 1)]

    @property
    def ids(self) -> list[str]:
        """Of all its candidates, in order."""
        return [frame.id for frame in self.frames]

    def caption(self) -> str:
        """What stands under the picture."""
        frame = self.frame
        words = []
        if len(self.frames) > 1:
            words.append(_("{n} of {total}").format(n=self.shown + 1, total=len(self.frames)))
        if frame.title:
            words.append(frame.title)
        elif frame.seed is not None:
            words.append(_("seed {n}").format(n=frame.seed))
        return " · ".join(words)

    def spoken(self) -> str:
        """What a screen reader says."""
        frame = self.frame
        words = [_("Candidate {n}").format(n=self.number), frame.title]
        if len(self.frames) > 1:
            words.append(_("sequence of {n}").format(n=len(self.frames)))
        if frame.seed is not None:
            words.append(_("seed {n}").format(n=frame.seed))
        return ", ".join(filter(None, words))

    def picture(self, ratio: float) -> QPixmap:
        """The picture of the frame that is shown, drawn once for each density and scheme."""
        key = (self.frame.id, ratio, theme.is_dark())
        found = self.pictures.get(key)
        if found is None:
            artifact = self.frame.artifact
            width = artifact_pictures.preferred_width(artifact, PICTURE_HEIGHT)
            found = artifact_pictures.picture(artifact, QSize(width, PICTURE_HEIGHT), ratio)
            self.pictures[key] = found
        return found

    def size(self) -> QSize:
        """Of the whole cell."""
        width = artifact_pictures.preferred_width(self.frames[0].artifact, PICTURE_HEIGHT)
        return QSize(max(width, 84) + 2 * _EDGE, PICTURE_HEIGHT + 2 * _EDGE + _CAPTION)


class CellPainter(QStyledItemDelegate):
    """Paints cells; the view asks it where the play button of a sequence is."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """As wide as the picture needs."""
        cell: Cell = index.data(CELL_ROLE)
        return cell.size()

    def play_place(self, cell_rect: QRect) -> QRect:
        """The play button within a cell's rectangle."""
        room = picture_place(cell_rect)
        corner = room.bottomRight() - QPoint(_PLAY + 2, _PLAY + 2)
        return QRect(corner, QSize(_PLAY, _PLAY))

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """A frame in the accent colour when selected, a thin one otherwise."""
        with saved(painter):
            self._paint(painter, option, index.data(CELL_ROLE))

    def _paint(self, painter: QPainter, option: QStyleOptionViewItem, cell: Cell) -> None:
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        room = picture_place(rect)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if len(cell.frames) > 1:
            painter.setPen(theme.colour("border"))
            painter.setBrush(theme.colour("window"))
            painter.drawRoundedRect(room.adjusted(4, -3, 3, -4), 4, 4)
        _draw_picture(painter, cell, room)
        _draw_frame(painter, room, state)
        if len(cell.frames) > 1:
            self._draw_play(painter, self.play_place(rect), cell.playing)
        selected = bool(state & QStyle.StateFlag.State_Selected)
        below = QRect(room.left(), room.bottom() + 4, room.width(), _CAPTION)
        below.setLeft(_draw_number(painter, cell.number, below, selected))
        painter.setPen(theme.colour("muted"))
        text = painter.fontMetrics().elidedText(
            cell.caption(), Qt.TextElideMode.ElideRight, below.width()
        )
        painter.drawText(below, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)

    def _draw_play(self, painter: QPainter, place: QRect, playing: bool) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("surface", 0.88))
        painter.drawEllipse(place)
        icons.paint(painter, "pause" if playing else "play", "text", place.adjusted(6, 6, -6, -6))


def picture_place(cell_rect: QRect) -> QRect:
    """Where the picture lies in a cell."""
    return QRect(
        cell_rect.left() + _EDGE,
        cell_rect.top() + _EDGE,
        cell_rect.width() - 2 * _EDGE,
        PICTURE_HEIGHT,
    )


def _draw_picture(painter: QPainter, cell: Cell, room: QRect) -> None:
    ratio = painter.device().devicePixelRatioF()
    drawn = cell.picture(ratio)
    painter.fillRect(room, theme.colour("surface"))
    size = drawn.deviceIndependentSize().toSize()
    corner = QPoint(
        room.left() + (room.width() - size.width()) // 2,
        room.top() + (room.height() - size.height()) // 2,
    )
    painter.drawPixmap(corner, drawn)


def _draw_frame(painter: QPainter, room: QRect, state: QStyle.StateFlag) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    selected = bool(state & QStyle.StateFlag.State_Selected)
    over = bool(state & QStyle.StateFlag.State_MouseOver)
    if state & QStyle.StateFlag.State_HasFocus:
        painter.setPen(QPen(theme.colour("accent"), 1, Qt.PenStyle.DotLine))
        painter.drawRoundedRect(room.adjusted(-4, -4, 3, 3), 5, 5)
    role = "accent" if selected else "outline" if over else "border"
    painter.setPen(QPen(theme.colour(role), 2.5 if selected else 1))
    painter.drawRoundedRect(room.adjusted(-1, -1, 0, 0), 3, 3)


def _draw_number(painter: QPainter, number: int, room: QRect, selected: bool) -> int:
    """The number at the left of `room`; returns where the text after it begins."""
    font = theme.readout_font(11)
    painter.setFont(font)
    width = max(18, theme.digits_width(font, str(number)) + 8)
    place = QRect(room.left(), room.top() + 1, width, 16)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour("accent" if selected else "pressed"))
    painter.drawRoundedRect(place, 5, 5)
    painter.setPen(theme.colour("on_accent" if selected else "text"))
    painter.drawText(place, Qt.AlignmentFlag.AlignCenter, str(number))
    return place.right() + 5
