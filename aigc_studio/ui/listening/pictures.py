"""Tunes that are heard from their small pictures: in lists, cards and previews."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt, Slot
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QToolButton, QToolTip, QWidget

from aigc_studio.translation import _
from aigc_studio.ui import icons, theme
from aigc_studio.ui.listening import ear, is_heard

if TYPE_CHECKING:
    from aigc_studio.api.artifacts import Artifact
    from aigc_studio.api.melody import Melody

Spot = tuple[QRect, "Callable[[], Melody | None]", bool]
"""A button on a picture: its place, what reads the tune, and whether that is heard."""

_downs = (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick)


class PlayedPictures(QObject):
    """Takes presses on the round buttons that a widget paints on its pictures of tunes.

    `spot_at` says what is at a point of the widget. What has the pointer says what a press does;
    where nothing can be heard, why is said there.
    """

    def __init__(self, widget: QWidget, spot_at: Callable[[QPoint], Spot | None]) -> None:
        super().__init__(widget)
        self._widget = widget
        self._spot_at = spot_at
        self._follows = False
        widget.setMouseTracking(True)
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Whether it was a press on a button."""
        if not isinstance(event, QMouseEvent):
            return False
        kind = event.type()
        if kind == QEvent.Type.MouseMove:
            self._point_at(event.position().toPoint())
        if kind not in _downs or event.button() != Qt.MouseButton.LeftButton:
            return False
        spot = self._spot_at(event.position().toPoint())
        if spot is None:
            return False
        self.press(spot)
        return True

    def press(self, spot: Spot) -> None:
        """Play the tune, or stop it."""
        self._follow()
        _place, read, heard = spot
        melody = None if heard else read()
        if melody is not None:
            ear().play(melody)
        else:
            ear().stop()

    def _point_at(self, point: QPoint) -> None:
        over = self._spot_at(point) is not None
        shape = Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor
        if self._widget.cursor().shape() != shape:
            self._widget.setCursor(shape)

    def _follow(self) -> None:
        if not self._follows:
            self._follows = True
            ear().changed.connect(self._widget.update)
            ear().refused.connect(self._tell)

    @Slot(str)
    def _tell(self, sentence: str) -> None:
        if self._widget.isVisible() and self._widget.underMouse():
            QToolTip.showText(self._widget.cursor().pos(), sentence, self._widget)


class HearButton(QToolButton):
    """A round button in the corner of a widget that shows one artifact; there for tunes alone."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._melody: Melody | None = None
        self._follows = False
        theme.set_kind(self, "hear")
        self.setFixedSize(theme.CONTROL_HEIGHT, theme.CONTROL_HEIGHT)
        self.setIconSize(QSize(16, 16))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.clicked.connect(self._toggle)
        parent.installEventFilter(self)
        self.hide()

    def show_artifact(self, artifact: Artifact | None) -> None:
        """Be there for this one, if it can be heard."""
        from aigc_studio.api.melody import Melody

        former, self._melody = self._melody, artifact if isinstance(artifact, Melody) else None
        if former is not self._melody and former is not None and is_heard(former):
            ear().stop()
        self.setVisible(self._melody is not None)
        self._name()
        self._lay()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The picture has another size."""
        if event.type() == QEvent.Type.Resize:
            self._lay()
        return False

    def _lay(self) -> None:
        parent = self.parentWidget()
        assert parent is not None
        room = parent.rect()
        corner = room.bottomRight() - QPoint(self.width() + theme.GRID, self.height() + theme.GRID)
        self.move(corner)

    @Slot()
    def _toggle(self) -> None:
        if self._melody is None:
            return
        if not self._follows:
            self._follows = True
            ear().changed.connect(self._name)
            ear().refused.connect(self._tell)
        ear().toggle(self._melody)

    @Slot()
    def _name(self) -> None:
        heard = self._follows and ear().hears(self._melody)
        words = _("Stop") if heard else _("Play")
        self.setIcon(icons.icon("stop" if heard else "play", "on_accent"))
        self.setAccessibleName(words)
        self.setToolTip(words)

    @Slot(str)
    def _tell(self, sentence: str) -> None:
        if self.isVisible() and (self.underMouse() or self.hasFocus()):
            QToolTip.showText(self.mapToGlobal(self.rect().bottomLeft()), sentence, self)
