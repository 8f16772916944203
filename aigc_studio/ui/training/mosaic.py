"""What a model learns from as a mosaic: a row for each kind, with its count at the right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from aigc_studio.api import Melody, Text
from aigc_studio.translation import _
from aigc_studio.ui import artifact_pictures, theme
from aigc_studio.ui.labels import ElidedLabel, Label, width_of
from aigc_studio.ui.listening import is_heard, play_marks
from aigc_studio.ui.listening.pictures import PlayedPictures, Spot
from aigc_studio.ui.training.lessons import Lessons, about, mixed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aigc_studio.api import Artifact
    from aigc_studio.ui.training.lessons import Kind

_LEAST_ROW = {"image": 32, "text": 26, "melody": 32}
_MOST_ROW = {"image": 48, "text": 26, "melody": 48}
_LABEL = 56
"""Pixels that a label may take."""
_FLAT = {"image": 82, "text": 82, "melody": 84}
"""Pixels that a flat mosaic is high at most: two rows of pictures, three lines, with the gaps."""
_BUTTON = 20
"""Pixels of the button that plays a tune."""
_CELL = 40
"""Pixels of an example where there are no kinds."""
_WIDE = {"image": 2.0, "melody": 2.5}
"""So much wider than high an example may be at most."""


class Mosaic(QWidget):
    """Paints `Lessons`: pictures as pictures, texts as lines, tunes as small rolls.

    `flat` mixes the kinds in two rows, for where there is little room.
    """

    def __init__(self, parent: QWidget | None = None, *, flat: bool = False) -> None:
        super().__init__(parent)
        self._flat = flat
        self.lessons: Lessons | None = None
        self._drawn: dict[Any, QPixmap] = {}
        self._tunes: dict[Any, tuple[QRect, Melody]] = {}
        """Where tunes were painted last, each with its button."""
        PlayedPictures(self, self._spot_at)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme.scheme_changed.connect(self._draw_anew)

    def show_lessons(self, lessons: Lessons | None) -> None:
        """Show the examples of a training, a row for each kind; None for nothing to show."""
        self.lessons = lessons
        least = 0
        if lessons is not None:
            rows = len(lessons.kinds) if self.has_kinds and not self._flat else 3
            least = rows * _LEAST_ROW.get(lessons.medium, 32)
        if lessons is not None and self._flat:
            least = self._flat_height()
        self.setMinimumHeight(least)
        self.setAccessibleName(about(lessons) if lessons is not None else "")
        self._draw_anew()

    def sizeHint(self) -> QSize:
        """Wide enough for a handful of examples."""
        return QSize(220, self.minimumHeight() if self._flat else max(self.minimumHeight(), 120))

    @property
    def has_kinds(self) -> bool:
        """Whether there is more than one kind, or one with a name."""
        kinds = self.lessons.kinds if self.lessons is not None else ()
        return len(kinds) > 1 or any(kind.label for kind in kinds)

    def _spot_at(self, point: QPoint) -> Spot | None:
        """The button at a point, which plays the tune there."""
        tunes = self._tunes.values()
        found = next((each for each in tunes if each[0].contains(point)), None)
        return (found[0], lambda: found[1], is_heard(found[1])) if found is not None else None

    def _draw_anew(self) -> None:
        self._drawn, self._tunes = {}, {}
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Those rows that are to be seen."""
        if self.lessons is None or not self.lessons.kinds:
            return
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            if self._flat or not self.has_kinds:
                self._paint_all(painter, mixed(self.lessons))
                return
            height = self._row_height()
            for number, kind in enumerate(self.lessons.kinds):
                row = QRect(0, number * height, self.width(), height)
                if row.intersects(event.rect()):
                    self._paint_kind(painter, kind, row)

    def _row_height(self) -> int:
        assert self.lessons is not None
        medium, rows = self.lessons.medium, max(1, len(self.lessons.kinds))
        least, most = _LEAST_ROW.get(medium, 32), _MOST_ROW.get(medium, 64)
        return min(most, max(least, self.height() // rows))

    def _paint_kind(self, painter: QPainter, kind: Kind, row: QRect) -> None:
        painter.setFont(theme.readout_font())
        metrics, flags = painter.fontMetrics(), Qt.AlignmentFlag.AlignVCenter
        assert self.lessons is not None
        names = [width_of(each.label, metrics) for each in self.lessons.kinds]
        counts = [width_of(f"{each.count:,}", metrics) for each in self.lessons.kinds]
        left, right = min(_LABEL, max(names)), max(counts)
        painter.setPen(theme.colour("text"))
        name = metrics.elidedText(kind.label, Qt.TextElideMode.ElideRight, left)
        painter.drawText(row, flags, name)
        painter.setPen(theme.colour("muted"))
        painter.drawText(row, flags | Qt.AlignmentFlag.AlignRight, f"{kind.count:,}")
        strip = row.adjusted(left + theme.GAP, 2, -right - theme.GAP, -2)
        self._paint_strip(painter, kind, strip)
        painter.setPen(theme.colour("border"))
        painter.drawLine(row.bottomLeft(), row.bottomRight())

    def _paint_strip(self, painter: QPainter, kind: Kind, strip: QRect) -> None:
        """As many examples as there is room for, whole ones only (but for the first)."""
        x = strip.left()
        for number, artifact in enumerate(kind.artifacts):
            if isinstance(artifact, Text):
                self._paint_line(painter, artifact, strip)
                return
            width = self._width(artifact, strip.height())
            if x + width > strip.right() + 1 and number:
                return
            place = QRect(x, strip.top(), min(width, strip.width()), strip.height())
            self._paint_example(painter, artifact, place, (kind.label, number))
            x += width + self._gap

    def _paint_line(self, painter: QPainter, text: Text, room: QRect) -> None:
        painter.setPen(theme.colour("text"))
        words = " ".join(text.value[:400].split())
        elided = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, elided)

    def _paint_all(self, painter: QPainter, artifacts: list[Artifact]) -> None:
        """One mosaic of all, or lines below each other."""
        painter.setFont(theme.secondary_font())
        for number, (artifact, place) in enumerate(self._places(artifacts, self.height())):
            if isinstance(artifact, Text):
                self._paint_line(painter, artifact, place)
                painter.setPen(theme.colour("border"))
                painter.drawLine(place.bottomLeft(), place.bottomRight())
            else:
                self._paint_example(painter, artifact, place, ("", number))

    def _places(self, artifacts: list[Artifact], most: int) -> Iterator[tuple[Artifact, QRect]]:
        """Where each lies, as many as `most` pixels of height have room for."""
        x = y = 0
        for artifact in artifacts:
            text = isinstance(artifact, Text)
            height = _LEAST_ROW["text"] if text else _CELL
            width = self.width() if text else self._width(artifact, height)
            if x and x + width > self.width():
                x, y = 0, y + height + self._gap
            if y + height > most:
                return
            yield artifact, QRect(x, y, min(width, self.width()), height)
            x += width + self._gap

    def _flat_height(self) -> int:
        """Pixels of a flat mosaic: of few examples it has no empty row."""
        if self.lessons is None:
            return 0
        most = _FLAT.get(self.lessons.medium, 0)
        bottoms = [place.bottom() for _each, place in self._places(mixed(self.lessons), most)]
        return max(bottoms, default=-1) + 1

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is more room, fewer rows are enough."""
        super().resizeEvent(event)
        if self._flat:
            self.setMinimumHeight(self._flat_height())
            self.updateGeometry()

    @property
    def _gap(self) -> int:
        """Pixels between two: rolls are white on white."""
        return theme.GRID if self.lessons is not None and self.lessons.medium == "melody" else 2

    def _width(self, artifact: Artifact, height: int) -> int:
        medium = self.lessons.medium if self.lessons is not None else ""
        preferred = artifact_pictures.preferred_width(artifact, height)
        if medium == "melody":
            return round(height * _WIDE["melody"])
        return min(preferred, round(height * _WIDE["image"]))

    def _paint_example(
        self, painter: QPainter, artifact: Artifact, place: QRect, key: tuple[str, int]
    ) -> None:
        ratio = self.devicePixelRatioF()
        found = self._drawn.get((key, place.size().toTuple(), ratio))
        if found is None:
            found = artifact_pictures.picture(artifact, place.size(), ratio)
            self._drawn[key, place.size().toTuple(), ratio] = found
        size = found.deviceIndependentSize()
        room = QRectF(0, 0, size.width(), size.height())
        room.moveCenter(QRectF(place).center())
        painter.drawPixmap(room.topLeft().toPoint(), found)
        if isinstance(artifact, Melody):
            button = play_marks.place_in(place, _BUTTON)
            self._tunes[key] = button, artifact
            play_marks.paint(painter, button, is_heard(artifact), quiet=True)


class LessonsPane(QWidget):
    """The mosaic under its heading; it scrolls where there are many kinds."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        heading = ElidedLabel(_("What it learns from"))
        theme.set_kind(heading, "heading")
        self.about = Label(wordWrap=True)
        theme.set_kind(self.about, "secondary")
        self.mosaic = Mosaic()
        self.area = QScrollArea(widgetResizable=True)
        self.area.setAccessibleName(heading.text())
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setWidget(self.mosaic)
        for part in (self.area.viewport(), self.mosaic):
            part.setAutoFillBackground(False)  # it lies on whatever the monitor lies on
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.GRID)
        column.addWidget(heading)
        column.addWidget(self.about)
        column.addWidget(self.area, 1)
        self.show_lessons(None)

    def show_lessons(self, lessons: Lessons | None) -> None:
        """Show these, or that they are being read."""
        self.mosaic.show_lessons(lessons)
        words = about(lessons) if lessons is not None else _("Looking at the data…")
        if lessons is not None and lessons.more:
            words += " · " + _("{n} kinds are not shown").format(n=lessons.more)
        self.about.setText(words)

    def show_missing(self, sentence: str) -> None:
        """Say why there is nothing to see."""
        self.mosaic.show_lessons(None)
        self.about.setText(sentence)
