"""Showing what is not on the board yet: a candidate in its place, or a live preview."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QRectF, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QFontMetrics, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from aigc_studio.api import Image, Text
from aigc_studio.translation import _
from aigc_studio.ui import artifact_pictures, theme
from aigc_studio.ui.window.making.placing import places_for

if TYPE_CHECKING:
    from aigc_studio.api import Artifact
    from aigc_studio.project import Item, Project
    from aigc_studio.ui.canvas.view import BoardView
    from aigc_studio.ui.window.making.asked import Look

ABOVE_ALL = 1e6
_EDGE = 16
"""Pixels between a preview and what lies beside it."""
_APART, _TALL = 8, 18
"""Pixels between a ghost and its badge (a handle has room), and how tall that is."""
_STEPS = 12
"""Places that are tried for a preview, across and down."""
_LINGER_MS = 6000
"""A preview that nobody goes on with leaves by itself."""


class Ghost(QGraphicsItem):
    """A picture of an artifact lying over the board, with a line around it; no item of the board.

    A scene's own rendering leaves it out, because it knows board items only.
    """

    def __init__(
        self, picture: QPixmap, place: QRectF, rotation: float, smooth: bool, label: str
    ) -> None:
        super().__init__()
        self._picture = picture
        self._size = QRectF(0, 0, place.width(), place.height())
        self._smooth = smooth
        self.label = label
        self.setPos(place.topLeft())
        self.setTransformOriginPoint(self._size.center())
        self.setRotation(rotation)
        self.setZValue(ABOVE_ALL)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)

    def boundingRect(self) -> QRectF:
        """The place it covers, with the line."""
        return self._size.adjusted(-2, -2, 2, 2)

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """The picture, and a dashed line that says that it is not there yet."""
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, self._smooth)
        painter.drawPixmap(self._size, self._picture, QRectF(self._picture.rect()))
        pen = QPen(theme.colour("accent"), 1.5, Qt.PenStyle.DashLine)
        pen.setCosmetic(True)
        painter.setPen(pen)
        painter.drawRect(self._size)


class _Note(QGraphicsItem):
    """What a ghost is, in a badge of the same size at any zoom: beside it, as it is looked at to
    see what is in it.

    Under it on the left, as far as that is in sight; else over it on the right (a name tag may lie
    over the left).
    """

    def __init__(self, ghost: Ghost, seen: QRectF, zoom: float) -> None:
        super().__init__(ghost)
        self._label = ghost.label
        self._font = theme.readout_font(11)
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIgnoresTransformations)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        place = ghost.sceneBoundingRect()
        width = QFontMetrics(self._font).horizontalAdvance(self._label) + 10
        under = place.bottom() + (_APART + _TALL) / zoom <= seen.bottom()
        if under or place.top() - (_APART + _TALL) / zoom < seen.top():
            self._room = QRectF(0, _APART, width, _TALL)
            x = max(place.left(), min(seen.left(), place.right() - width / zoom))
            self.setPos(ghost.mapFromScene(x, place.bottom()))
        else:
            self._room = QRectF(-width, -_APART - _TALL, width, _TALL)
            x = min(place.right(), max(seen.right(), place.left() + width / zoom))
            self.setPos(ghost.mapFromScene(x, place.top()))

    def boundingRect(self) -> QRectF:
        """The badge, in pixels from the corner that it hangs on."""
        return self._room

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """The badge."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("accent"))
        painter.drawRoundedRect(self._room, 3, 3)
        painter.setFont(self._font)
        painter.setPen(theme.colour("on_accent"))
        painter.drawText(self._room, Qt.AlignmentFlag.AlignCenter, self._label)


class Looking(QObject):
    """Lays one ghost over a view's board at a time. `gone`: the board is shown as it is again."""

    gone = Signal()

    def __init__(self, view: BoardView) -> None:
        super().__init__(view)
        self._view = view
        self.ghost: Ghost | None = None
        self._timer = QTimer(self, singleShot=True, interval=_LINGER_MS)
        self._timer.timeout.connect(self.end)

    def show_at(self, artifact: Artifact, item: Item, label: str = "") -> None:
        """Show an artifact in the place of an item, as long as it is compared."""
        place = _place_for(artifact, item)
        self._lay(artifact, place, item.rotation, label or _("Candidate"))

    def show_free(self, artifact: Artifact, project: Project, label: str = "") -> None:
        """Show an artifact where accepting it would put it."""
        ((x, y, width, height),) = places_for(project.board, [(_content_like(artifact), artifact)])
        place = QRectF(x, y, width, height)
        self._lay(artifact, place, 0.0, label or _("Candidate"))
        self._view.reveal(place)

    def show_aside(self, artifact: Artifact, project: Project, label: str) -> None:
        """Show an artifact nobody asked to go to: where there is room in view, else where it would
        be put. The view stays as it is in any case."""
        ((x, y, width, height),) = places_for(project.board, [(_content_like(artifact), artifact)])
        place = QRectF(x, y, width, height)
        seen = self._view.seen()
        if not seen.contains(place):
            place = _free_place(self._view, place, seen) or place
        self._lay(artifact, place, 0.0, label)

    def show_look(self, look: Look, project: Project) -> None:
        """A live preview: in the place of what is edited, or where the new thing would go."""
        items = look.target.items if look.target else ()
        if look.verb == "edit" and len(items) == 1:
            current = project.board.get(items[0].id)
            # The board may have moved on while the preview was made.
            if current is None or current.content != items[0].content:
                return
            self.show_at(look.artifact, current, _("Preview"))
        else:
            self.show_aside(look.artifact, project, _("Preview"))
        self._timer.start()

    @Slot()
    def end(self) -> None:
        """Show the board as it is."""
        self._timer.stop()
        if self.ghost is not None:
            scene = self.ghost.scene()
            if scene is not None:
                scene.removeItem(self.ghost)
            self.ghost = None
            self._view.show_hint()
            self.gone.emit()

    def _lay(self, artifact: Artifact, place: QRectF, rotation: float, label: str) -> None:
        self.end()
        smooth = artifact.medium != "image" or getattr(artifact, "width", 0) > place.width()
        picture = _picture(artifact, place)
        self.ghost = Ghost(picture, place, rotation, smooth, label)
        self._view.board_scene.addItem(self.ghost)
        _Note(self.ghost, self._view.seen(), self._view.zoom)
        self._view.show_hint(False)


def _picture(artifact: Artifact, place: QRectF) -> QPixmap:
    if isinstance(artifact, Image):
        return QPixmap.fromImage(artifact_pictures.qimage(artifact))
    return artifact_pictures.picture(artifact, place.size().toSize())


def _free_place(view: BoardView, place: QRectF, seen: QRectF) -> QRectF | None:
    """Room for it in view that covers nothing, nearest to where it would be put; None if none."""
    from aigc_studio.project.room import Room

    edge = _EDGE / view.zoom
    inner = seen.adjusted(edge, edge, -edge, -edge)
    across, down = inner.width() - place.width(), inner.height() - place.height()
    if across < 0 or down < 0:
        return None
    shown = [each for each in view.board_scene.shown() if each.isVisible()]
    rects = [rect for each in shown if seen.intersects(rect := each.sceneBoundingRect())]
    taken = Room(_box(rect) for rect in rects)
    found: list[QRectF] = []
    for row in range(_STEPS + 1):
        for column in range(_STEPS + 1):
            left, top = inner.x() + across * column / _STEPS, inner.y() + down * row / _STEPS
            tried = QRectF(left, top, place.width(), place.height())
            apart = tried.adjusted(-edge, -edge, edge, edge + (_APART + _TALL) / view.zoom)
            if taken.is_free(_box(apart)):
                found.append(tried)
    wanted = place.center()
    return min(
        found,
        key=lambda each: (each.center() - wanted).manhattanLength(),
        default=None,
    )


def _box(rect: QRectF) -> tuple[float, float, float, float]:
    return rect.left(), rect.top(), rect.right(), rect.bottom()


def _place_for(artifact: Artifact, item: Item) -> QRectF:
    """Where an artifact would lie in an item's place: about its middle; a text grows down."""
    if isinstance(artifact, Text):
        from aigc_studio.ui.canvas.items.text_layout import fitting_height, with_height

        needs = fitting_height(artifact.value, item.width)
        item = with_height(item, max(item.height, needs))
    place = QRectF(item.x, item.y, item.width, item.height)
    if isinstance(artifact, Image):
        middle = place.center()
        place.setHeight(item.width * artifact.height / artifact.width)
        place.moveCenter(middle)
    return place


def _content_like(artifact: Artifact) -> Any:
    from aigc_studio.project import Content

    info: dict[str, Any] = {}
    if isinstance(artifact, Image):
        info = {"width": artifact.width, "height": artifact.height, "mode": artifact.mode}
    return Content(artifact.medium, artifact.digest, info)
