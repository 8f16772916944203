"""A grid of a dataset's examples: loaded as they come into view."""

from __future__ import annotations

from collections import OrderedDict
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QAbstractListModel,
    QItemSelection,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    QTimer,
    Signal,
    Slot,
)
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPen, QPixmap, QRegion
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from aigc_studio.translation import _
from aigc_studio.ui import icons, theme
from aigc_studio.ui.artifact_pictures import picture
from aigc_studio.ui.listening import is_heard, play_marks
from aigc_studio.ui.listening.pictures import PlayedPictures, Spot
from aigc_studio.ui.painting import saved

if TYPE_CHECKING:
    from aigc_studio.api import Melody
    from aigc_studio.library.rows import Browser, ExampleInfo

_KEPT = 600
"""Thumbnails that are held; those shown longest ago go first."""
_BUDGET_MS = 8
_CAPTION = 20
_INSET = (2, 2, -2, -2)
_BATCH = 1000
"""Examples laid out in one turn of the event loop."""

_Index = QModelIndex | QPersistentModelIndex


def body_size(medium: str) -> QSize:
    """The room that an example of a medium gets: writing and tunes need more of it."""
    if medium == "image":
        return QSize(72, 72)
    return QSize(208, 5 * QFontMetrics(theme.secondary_font()).lineSpacing() + 8)


class ExampleModel(QAbstractListModel):
    """The examples that fit the filter. Artifacts are read when they come into view.

    `loaded` carries the row whose picture is there now, -1 for all of them. (`dataChanged` would
    have the view lay out all rows again.)
    """

    loaded = Signal(int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.browser: Browser | None = None
        self.numbers: list[int] = []
        self._pixmaps: OrderedDict[int, QPixmap] = OrderedDict()
        self._wanted: OrderedDict[int, int] = OrderedDict()
        self._ratio = 1.0
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._load_some)
        theme.scheme_changed.connect(self._forget)

    def show(self, browser: Browser | None, numbers: list[int]) -> None:
        """Show these examples of a dataset, by their numbers in it."""
        self.beginResetModel()
        if browser is not self.browser:
            self._pixmaps.clear()
        self.browser, self.numbers = browser, numbers
        self._wanted.clear()
        self.endResetModel()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        """Examples shown."""
        return 0 if parent.isValid() else len(self.numbers)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Caption, tooltip and what a screen reader says."""
        if self.browser is None or not index.isValid():
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            info = self.info(index.row())
            return info.label or info.title
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tooltip(self.info(index.row()))
        return None

    def info(self, row: int) -> ExampleInfo:
        """What is known of the example in a row."""
        assert self.browser is not None
        return self.browser.info(self.numbers[row])

    def pixmap(self, row: int, ratio: float) -> QPixmap | None:
        """The thumbnail when it is there; None while it is loading."""
        number, self._ratio = self.numbers[row], ratio
        found = self._pixmaps.get(number)
        if found is not None:
            self._pixmaps.move_to_end(number)
            return found
        self._wanted[number] = row
        self._timer.start()
        return None

    @Slot()
    def _load_some(self) -> None:
        import time

        until = time.monotonic() + _BUDGET_MS / 1000
        while self._wanted and self.browser is not None and time.monotonic() < until:
            number, row = self._wanted.popitem()  # the newest: what is in view now
            self._pixmaps[number] = self._drawn(self.browser, number)
            if row < len(self.numbers) and self.numbers[row] == number:
                self.loaded.emit(row)
        while len(self._pixmaps) > _KEPT:
            self._pixmaps.popitem(last=False)
        if not self._wanted:
            self._timer.stop()

    def _drawn(self, browser: Browser, number: int) -> QPixmap:
        from aigc_studio.api import StudioError

        try:
            return picture(browser.artifact(number), body_size(browser.medium), self._ratio)
        except StudioError:  # deleted or renamed meanwhile: the list will be told
            return QPixmap()

    @Slot()
    def _forget(self) -> None:
        self._pixmaps.clear()
        self.loaded.emit(-1)

    def _tooltip(self, info: ExampleInfo) -> str:
        title = "" if info.source.endswith(info.title) else info.title
        parts = [title, _("Number {index}").format(index=info.index), info.source]
        if info.label:
            parts.append(_("Label: {label}").format(label=info.label))
        if info.group:
            parts.append(_("Group: {group}").format(group=info.group))
        parts.append(_("Held out") if info.split == "test" else _("To learn from"))
        if info.excluded:
            parts.append(_("Left out"))
        return "\n".join(part for part in parts if part)


class ExampleGrid(QListView):
    """The grid itself: several can be selected, with mouse or keyboard."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.examples = ExampleModel(self)
        self.setModel(self.examples)
        self.examples.loaded.connect(self._show_loaded)
        self.setItemDelegate(_Card(self))
        self.setAccessibleName(_("Examples"))
        # List mode that wraps: icon mode takes seconds for tens of thousands.
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setLayoutMode(QListView.LayoutMode.Batched)
        self.setBatchSize(_BATCH)
        self.setSelectionMode(QListView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalScrollBar().setSingleStep(40)
        self.setMouseTracking(True)
        self._heard: tuple[int, Melody] | None = None
        """The number of the example that was played last, and its tune."""
        self._played = PlayedPictures(self.viewport(), self._spot_at)

    # Hearing tunes

    def is_heard(self, row: int) -> bool:
        """Whether the example of a row is what is heard now."""
        heard = self._heard
        return heard is not None and heard[0] == self.examples.numbers[row] and is_heard(heard[1])

    def _spot_at(self, point: QPoint) -> Spot | None:
        """The button at a point, which plays the example there."""
        index = self.indexAt(point)
        if not index.isValid() or not self._has_tunes:
            return None
        place = play_marks.place_in(_body_of(self.visualRect(index)))
        return self._spot(index.row(), place) if place.contains(point) else None

    def _spot(self, row: int, place: QRect) -> Spot:
        return place, partial(self._tune, row), self.is_heard(row)

    @property
    def _has_tunes(self) -> bool:
        browser = self.examples.browser
        return browser is not None and browser.medium == "melody"

    def _tune(self, row: int) -> Melody | None:
        from aigc_studio.api import Melody, StudioError

        browser = self.examples.browser
        if browser is None:
            return None
        try:
            found = browser.artifact(self.examples.numbers[row])
        except StudioError:  # deleted or renamed meanwhile: the list will be told
            return None
        if not isinstance(found, Melody):
            return None
        self._heard = (self.examples.numbers[row], found)
        return found

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space plays the tune that the keyboard is at; all else is Qt's."""
        index = self.currentIndex()
        space = event.key() == Qt.Key.Key_Space and not event.modifiers()
        if space and index.isValid() and self._has_tunes:
            if not event.isAutoRepeat():
                self._played.press(self._spot(index.row(), QRect()))
            event.accept()
            return
        super().keyPressEvent(event)

    def show_examples(self, browser: Browser | None, numbers: list[int]) -> None:
        """Show these examples; what was selected and is still shown stays selected."""
        place = self.verticalScrollBar().value()
        same = browser is not None and self.examples.browser is not None
        self.examples.show(browser, numbers)
        if same:
            self.verticalScrollBar().setValue(place)

    def chosen(self) -> list[int]:
        """The numbers of the selected examples."""
        chosen = self.selectionModel().selection()
        parts = [chosen.at(number) for number in range(chosen.count())]
        found: list[int] = []
        behind = 0  # ranges may lie over each other
        for first, last in sorted((part.top(), part.bottom()) for part in parts):
            found += self.examples.numbers[max(first, behind) : last + 1]
            behind = max(behind, last + 1)
        return found

    def visualRegionForSelection(self, selection: QItemSelection) -> QRegion:
        """All that is in view; Qt's own asks for every selected row (0.2 s for 40,000)."""
        return QRegion(self.viewport().rect())

    @Slot(int)
    def _show_loaded(self, row: int) -> None:
        if row < 0:
            self.viewport().update()
        else:
            self.update(self.examples.index(row))


def _body_of(cell: QRect) -> QRect:
    """Where the picture of an example lies in its cell."""
    place = cell.adjusted(*_INSET)
    return place.adjusted(theme.GRID, theme.GRID, -theme.GRID, -_CAPTION)


class _Card(QStyledItemDelegate):
    """Paints one example: what it is, its label, and whether it is held out or left out."""

    _is_image = True
    _heard: bool | None = None
    """Whether the tune is heard; None for what is no tune."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        model = index.model()
        browser = model.browser if isinstance(model, ExampleModel) else None
        size = body_size(browser.medium if browser is not None else "image")
        return QSize(size.width() + 2 * theme.GAP, size.height() + _CAPTION + 2 * theme.GRID)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        model = index.model()
        if not isinstance(model, ExampleModel) or model.browser is None:
            return
        self._is_image = model.browser.medium == "image"
        grid, self._heard = self.parent(), None
        if model.browser.medium == "melody" and isinstance(grid, ExampleGrid):
            self._heard = grid.is_heard(index.row())
        with saved(painter):
            pixmap = model.pixmap(index.row(), painter.device().devicePixelRatioF())
            self._paint(painter, option, model.info(index.row()), pixmap)

    def _paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        info: ExampleInfo,
        pixmap: QPixmap | None,
    ) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        place: QRect = option.rect.adjusted(*_INSET)
        self._ground(painter, place, option.state)
        body = _body_of(option.rect)
        if not self._is_image:
            painter.setPen(theme.colour("border"))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(body, theme.RADIUS, theme.RADIUS)
        painter.setOpacity(0.35 if info.excluded else 1.0)
        if pixmap is None or pixmap.isNull():
            painter.fillRect(body, theme.colour("hover"))
        else:
            self._picture(painter, body, pixmap)
        painter.setOpacity(1.0)
        if self._heard is not None:
            spot = play_marks.place_in(body)
            play_marks.paint(painter, spot, self._heard, quiet=True)
        self._caption(painter, place, info)

    def _ground(self, painter: QPainter, place: QRect, state: QStyle.StateFlag) -> None:
        if state & QStyle.StateFlag.State_Selected:
            painter.setBrush(theme.mixed("accent", "surface", 0.16))
            painter.setPen(QPen(theme.colour("accent"), 1))
            painter.drawRoundedRect(place, theme.RADIUS, theme.RADIUS)
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.setBrush(theme.colour("hover"))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.drawRoundedRect(place, theme.RADIUS, theme.RADIUS)

    def _picture(self, painter: QPainter, body: QRect, pixmap: QPixmap) -> None:
        size = pixmap.deviceIndependentSize().toSize()
        size.scale(size.boundedTo(body.size()), Qt.AspectRatioMode.KeepAspectRatio)
        target = QRect(QPoint(0, 0), size)
        target.moveCenter(body.center())
        painter.drawPixmap(target, pixmap)

    def _caption(self, painter: QPainter, place: QRect, info: ExampleInfo) -> None:
        line = QRect(place.left() + 6, place.bottom() - _CAPTION + 2, place.width() - 12, 16)
        marks = ["lock"] if info.split == "test" else []
        marks += ["eye-off"] if info.excluded else []
        for mark in marks:
            spot = QRect(line.right() - 12, line.top() + 2, 12, 12)
            icons.paint(painter, mark, "muted", spot)
            line.setRight(line.right() - 16)
        font = theme.secondary_font()
        painter.setFont(font)
        painter.setPen(theme.colour("text" if info.label else "muted"))
        text = info.label or info.title
        text = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideMiddle, line.width())
        side = Qt.AlignmentFlag.AlignHCenter if self._is_image else Qt.AlignmentFlag.AlignLeft
        painter.drawText(line, side | Qt.AlignmentFlag.AlignVCenter, text)
