"""How one candidate looks in the strip: its picture, number, seed; a stack for a sequence."""

from __future__ import annotations

from bisect import insort
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPen, QPixmap
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from aigc_studio.api import limits
from aigc_studio.translation import _, enumerated
from aigc_studio.ui import artifact_pictures, icons, pixels, theme
from aigc_studio.ui.labels import shortened, width_of
from aigc_studio.ui.painting import saved

if TYPE_CHECKING:
    from aigc_studio.api import Artifact
    from aigc_studio.ui.candidates.small import Glimpse

CELL_ROLE = int(Qt.ItemDataRole.UserRole)
ALIKE_ROLE = CELL_ROLE + 1
"""Whether all cells have one title."""
PICTURE_HEIGHT = 84
_EDGE = 6
_CAPTION = 18
_PLAY = 26
_SHORT, _LAST = 6, 4
"""Seeds of more digits are shortened to so many where there is little room."""
_PICTURES = 16 << 20
"""Bytes of drawn pictures that are kept: some hundred, more than a screen is wide."""


@dataclass(eq=False)
class Frame:
    """One candidate as the strip keeps it.

    `artifact` is drawn when it is first seen (a `small` one will do); without one, whoever paints
    the frame asks for it then. `width` is that of its picture, known from the artifact otherwise.
    `tooltip` is asked for when it is shown. Those of one `strip` share a cell, in the order of
    `position`. One that `grows` is no candidate yet, and its `glimpse` is of what there is of it.
    One that `sounds` can be heard.
    """

    id: str
    artifact: Artifact | None = None
    title: str = ""
    tooltip: str | Callable[[], str] = ""
    seed: int | None = None
    position: int = 0
    strip: str = ""
    width: int = PICTURE_HEIGHT
    grows: bool = False
    glimpse: Glimpse | None = None
    sounds: bool = False

    def __post_init__(self) -> None:
        shown = self.glimpse.artifact if self.glimpse is not None else self.artifact
        if shown is not None:
            self.width = artifact_pictures.preferred_width(shown, PICTURE_HEIGHT)
        self.title = shortened(self.title, limits.TITLE)

    def told(self) -> str:
        """The tooltip, of no more words than are read."""
        words = self.tooltip if isinstance(self.tooltip, str) else self.tooltip()
        return shortened(words, limits.SENTENCE)


@dataclass(eq=False)
class Cell:
    """One place in the strip: a single candidate, or the frames of a sequence in order."""

    number: int
    strip: str = ""
    frames: list[Frame] = field(default_factory=list)
    shown: int = 0
    playing: bool = False
    played: bool = False

    @property
    def frame(self) -> Frame:
        """The one that is shown now."""
        return self.frames[min(self.shown, len(self.frames) - 1)]

    @property
    def ids(self) -> list[str]:
        """Of all its candidates, in order."""
        return [frame.id for frame in self.frames]

    @property
    def can_play(self) -> bool:
        """Whether there is a button on it: of a sequence, and of a tune."""
        return len(self.frames) > 1 or (self.frame.sounds and not self.frame.grows)

    def insert(self, frame: Frame) -> None:
        """A frame more, in its place. Until it is played, a sequence is shown by its middle: its
        ends may be what it was made from."""
        insort(self.frames, frame, key=lambda each: each.position)
        if not self.played:
            self.shown = len(self.frames) // 2

    def captions(self, *, alike: bool = False) -> list[str]:
        """What may stand under the picture, the longest first: what it is and what it differs by.

        `alike`: all have one title, so that it says little. A seed is whole, or its last digits.
        """
        frame = self.frame
        title, seed = frame.title, frame.seed
        if frame.grows:
            return [_("Being made…")]
        if len(self.frames) > 1:
            place = _("{n} of {total}").format(n=self.shown + 1, total=len(self.frames))
            return [_joined(place, title), place] if title else [place]
        if seed is None:
            return [title]
        short = tail_of(seed)
        seeds = [_("seed {n}").format(n=seed), short]
        if not title:
            return seeds
        return [*(_joined(title, each) for each in seeds), short if alike else title]

    def caption(self, fits: Callable[[str], bool] | None = None, *, alike: bool = False) -> str:
        """What stands there: the longest that fits, or else the shortest."""
        captions = self.captions(alike=alike)
        return next((each for each in captions if fits is None or fits(each)), captions[-1])

    def spoken(self) -> str:
        """What a screen reader says."""
        frame = self.frame
        words = [_("Candidate {n}").format(n=self.number), frame.title]
        if frame.grows:
            words.append(_("Being made…"))
        if len(self.frames) > 1:
            words.append(_("sequence of {n}").format(n=len(self.frames)))
        if frame.seed is not None:
            words.append(_("seed {n}").format(n=frame.seed))
        return enumerated(filter(None, words))

    @property
    def width(self) -> int:
        """Pixels that its picture takes: no fewer than it is high."""
        return max(self.frames[0].width, PICTURE_HEIGHT)


def _joined(*words: str) -> str:
    return " · ".join(words)


class Pictures:
    """Drawn pictures of frames, those seen last: each is drawn once for a density and scheme.

    `source` gives what is shown of a candidate by its id, or None as long as it is being read.
    """

    def __init__(self, most: int = _PICTURES) -> None:
        self.source: Callable[[str], Glimpse | Artifact | None] = lambda id: None
        self._most = most
        self._bytes = 0
        self._kept: OrderedDict[tuple[str, float, bool, bool], QPixmap] = OrderedDict()

    def __len__(self) -> int:
        return len(self._kept)

    def of(self, frame: Frame, ratio: float) -> QPixmap | None:
        """The picture of a frame; None while it is not there yet."""
        key = (frame.id, ratio, theme.is_dark(), pixels.smooth())
        found = self._kept.get(key)
        if found is None:
            shown = frame.glimpse or frame.artifact or self.source(frame.id)
            if shown is None:
                return None
            found = self._kept[key] = _drawn(shown, QSize(frame.width, PICTURE_HEIGHT), ratio)
            self._bytes += _bytes_of(found)
        self._kept.move_to_end(key)
        while self._bytes > self._most and len(self._kept) > 1:
            self._bytes -= _bytes_of(self._kept.popitem(last=False)[1])
        return found

    def forget(self, id: str) -> None:
        """Draw one anew when it is seen again: it has changed."""
        for key in [key for key in self._kept if key[0] == id]:
            self._bytes -= _bytes_of(self._kept.pop(key))

    def clear(self) -> None:
        """Forget all of them."""
        self._kept.clear()
        self._bytes = 0


def _drawn(shown: Glimpse | Artifact, size: QSize, ratio: float) -> QPixmap:
    from aigc_studio.ui.candidates.small import Glimpse

    seen = shown if isinstance(shown, Glimpse) else Glimpse(shown)
    return artifact_pictures.picture(seen.artifact, size, ratio, seen.new, begun=seen.begun)


def _bytes_of(picture: QPixmap) -> int:
    return picture.width() * picture.height() * 4


class CellPainter(QStyledItemDelegate):
    """Paints cells; the view asks it where the play button of a sequence is."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.pictures = Pictures()
        self.heard = ""
        """The id of the tune that is heard now."""
        self.width = PICTURE_HEIGHT
        """Of all pictures: as wide as the widest, so that no cell's place depends on another's."""

    @property
    def size(self) -> QSize:
        """Of each cell."""
        return QSize(self.width + 2 * _EDGE, PICTURE_HEIGHT + 2 * _EDGE + _CAPTION)

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """The same for all."""
        return self.size

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
        cell: Cell | None = index.data(CELL_ROLE)
        if cell is None or not cell.frames:
            return
        with saved(painter):
            self._draw(painter, option, cell, alike=bool(index.data(ALIKE_ROLE)))

    def _draw(
        self, painter: QPainter, option: QStyleOptionViewItem, cell: Cell, *, alike: bool
    ) -> None:
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        room = picture_place(rect)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if len(cell.frames) > 1:
            painter.setPen(theme.colour("border"))
            painter.setBrush(theme.colour("window"))
            painter.drawRoundedRect(room.adjusted(4, -3, 3, -4), 4, 4)
        _draw_picture(painter, self.pictures, cell, room)
        _draw_frame(painter, room, state, grows=cell.frame.grows)
        if len(cell.frames) > 1:
            self._draw_play(painter, self.play_place(rect), cell.playing)
        elif cell.can_play:
            from aigc_studio.ui.listening import play_marks

            hears = cell.frame.id == self.heard
            play_marks.paint(painter, self.play_place(rect), hears)
        selected = bool(state & QStyle.StateFlag.State_Selected)
        below = QRect(room.left(), room.bottom() + 4, room.width(), _CAPTION)
        below.setLeft(_draw_number(painter, cell.number, below, selected))
        painter.setPen(theme.colour("muted"))
        metrics, width = painter.fontMetrics(), below.width()
        caption = cell.caption(lambda text: width_of(text, metrics) <= width, alike=alike)
        text = metrics.elidedText(caption, Qt.TextElideMode.ElideRight, width)
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


def _draw_picture(painter: QPainter, pictures: Pictures, cell: Cell, room: QRect) -> None:
    ratio = painter.device().devicePixelRatioF()
    drawn = pictures.of(cell.frame, ratio)
    painter.fillRect(room, theme.colour("surface"))
    if drawn is None:
        return
    size = drawn.deviceIndependentSize().toSize()
    corner = QPoint(
        room.left() + (room.width() - size.width()) // 2,
        room.top() + (room.height() - size.height()) // 2,
    )
    painter.drawPixmap(corner, drawn)


def _draw_frame(
    painter: QPainter, room: QRect, state: QStyle.StateFlag, *, grows: bool = False
) -> None:
    """The line around a picture; a dashed one says, as on the board, that it is not there yet."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    selected = bool(state & QStyle.StateFlag.State_Selected)
    over = bool(state & QStyle.StateFlag.State_MouseOver)
    if state & QStyle.StateFlag.State_HasFocus:
        painter.setPen(QPen(theme.colour("accent"), 1, Qt.PenStyle.DotLine))
        painter.drawRoundedRect(room.adjusted(-4, -4, 3, 3), 5, 5)
    role = "accent" if selected else "outline" if over else "border"
    line = Qt.PenStyle.DashLine if grows else Qt.PenStyle.SolidLine
    painter.setPen(QPen(theme.colour(role), 2.5 if selected else 1, line))
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


def tail_of(seed: int | None) -> str:
    """A seed, or its last digits where it is long; empty for none."""
    if seed is None:
        return ""
    return str(seed) if seed < 10**_SHORT else f"…{str(seed)[-_LAST:]}"
