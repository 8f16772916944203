"""One thing in its place on the board that is not there yet, drawn as an item that is."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, QPointF, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QFontMetrics, QPainter, QPen, QPolygonF

from aigc_studio.translation import _
from aigc_studio.ui import theme
from aigc_studio.ui.canvas.items.kinds import type_of
from aigc_studio.ui.canvas.scene.loader import TileLoader
from aigc_studio.ui.canvas.staging.held import Held
from aigc_studio.ui.canvas.staging.skeleton import Light, Skeleton

if TYPE_CHECKING:
    from PySide6.QtWidgets import QGraphicsItem

    from aigc_studio.api import Artifact, Bars, Span
    from aigc_studio.project import Content, ContentStore, Item
    from aigc_studio.ui.canvas.items.item import BoardItem
    from aigc_studio.ui.canvas.scene.board_scene import BoardScene
    from aigc_studio.ui.canvas.tools.hand import Hand

    Part = Span | Bars | None

ABOVE_ALL = 1e6
"""Where new things come: over all that is on the board."""
_APART = 5
"""Pixels between what is shown and the line around it."""
_TALL = 18
"""Pixels that the note beside it is high."""
_CALM = 100
"""Milliseconds without another picture after which a smooth copy of the last is made."""


class Stage(QObject):
    """Shows one item over a view's board, or the place where one is being made.

    The board does not know of it: export, saving, undo and selecting never meet it. What is shown
    is drawn by the item class of its medium. Shown again and again, it stays the same thing with
    another content, so that a text may grow. `changed`: something else is shown now, or nothing.
    """

    changed = Signal()
    settled = Signal()
    """What is shown is there now: nothing of it is on its way any more."""

    def __init__(self, hand: Hand, parent: QObject) -> None:
        super().__init__(parent)
        self._hand = hand
        self._scene: BoardScene | None = None
        self._loader: TileLoader | None = None
        self._held: Held | None = None
        self._shown: BoardItem | None = None
        self._skeleton: Skeleton | None = None
        self._covered: BoardItem | None = None
        self._light = Light(self)
        self._marked = False
        self.label = ""
        self.before = False
        """Whether the board is shown as it is, for as long as somebody holds a key."""
        self.split: float | None = None
        """Where a line lies between what was and what would be, in 0 to 1 across what is shown;
        None where nobody wants one."""
        self.is_past = False
        """Whether what is shown is what was, and the board has what is."""

    @property
    def item(self) -> BoardItem | None:
        """What is shown; no item of the board."""
        return self._shown

    @property
    def skeleton(self) -> Skeleton | None:
        """The place where something is being made."""
        return self._skeleton

    @property
    def hides(self) -> str:
        """The id of the item of the board whose place it takes; empty when it takes none."""
        return self._covered.id if self._covered is not None else ""

    @property
    def is_empty(self) -> bool:
        """Whether the board is shown as it is."""
        return self._shown is None and self._skeleton is None

    @property
    def place(self) -> QRectF | None:
        """The upright rectangle around it, in board units."""
        thing = self._skeleton or self._shown
        return thing.sceneBoundingRect() if thing is not None else None

    @property
    def can_split(self) -> bool:
        """Whether a picture is shown in the place of a picture."""
        shown, covered = self._shown, self._covered
        return bool(shown and covered and shown.has_pixels and covered.has_pixels)

    @property
    def is_split(self) -> bool:
        """Whether a line is seen: left of it what was, right of it what is or would be."""
        return self.split is not None and self.can_split and not self.before

    def show_split(self, share: float | None) -> None:
        """Have a line there, in 0 to 1 across what is shown; None: no line."""
        if share != self.split:
            self.split = share
            self._lay_both()
            self._hand.repaint_marks()

    # Showing

    def hold(self, artifact: Artifact) -> Content:
        """A content for something that no project keeps, to be shown soon."""
        self._set_up()
        assert self._held is not None
        return self._held.hold(artifact)

    def contents(self) -> ContentStore:
        """Where contents are read: those of the project, and what is held."""
        self._set_up()
        # It reads as a store does, and nobody here writes.
        return cast("ContentStore", self._held)

    def show(self, item: Item, hides: str = "", label: str = "", *, is_past: bool = False) -> None:
        """Show an item. It hides the one of the board whose place it takes (by id).

        `is_past`: it is what that one was.
        """
        self._set_up()
        self.is_past = is_past
        self._drop_skeleton()
        assert self._scene is not None
        former, beneath = self._shown, self._scene.item(hides) if hides else None
        marks = self._marks() if beneath is self._covered else None
        self.label = label
        if former is not None and self._marked:
            self._marked = False
            former.show_part(None)
            former.bring_out(None)
        if former is not None and former.medium == item.medium:
            former.reflect(item)
            shown = former
        else:
            self._drop_shown()
            assert self._loader is not None
            shown = self._shown = type_of(item)(item, self._loader)
            shown.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
            shown.note_scale()
            self._scene.addItem(shown)
        shown.setZValue(beneath.zValue() + 0.5 if beneath is not None else ABOVE_ALL)
        self._cover(beneath)
        now = self._marks()
        self._note_change(marks | now if marks and now else None)

    def bring_out(self, part: Part) -> QRectF:
        """Mark what is new of what is shown, and have its end in sight within its card.

        Gives where that is, in board units.
        """
        if self._shown is None:
            return QRectF()
        self._marked = True
        self._shown.show_part(part)
        return self._shown.mapRectToScene(self._shown.bring_out(part))

    @property
    def is_settled(self) -> bool:
        """Whether nothing that is shown is still on its way."""
        return self._loader is None or self._loader.idle

    def wait(self, place: QRectF, rotation: float = 0.0, *, over: bool = False) -> None:
        """Show where something is being made; `over` an item of the board that stays in sight."""
        self._set_up()
        self._drop_shown()
        self._drop_skeleton()
        self.is_past = False
        assert self._scene is not None
        self._skeleton = Skeleton(place, rotation, over=over)
        self._skeleton.setZValue(ABOVE_ALL)
        self._scene.addItem(self._skeleton)
        self._light.shine_on(self._skeleton)
        self.label = ""
        self._note_change()

    def show_before(self, on: bool) -> None:
        """Show the board as it is, as long as that is held."""
        if on == self.before or (on and self._shown is None):
            return
        self.before = on
        self._lay_both()
        self._hand.repaint_marks()

    @Slot()
    def end(self) -> None:
        """Show the board as it is."""
        if not self.is_empty:
            self._drop_shown()
            self._drop_skeleton()
            self.label, self.is_past = "", False
            self._note_change()

    # The view

    def look_from(self, scale: float) -> None:
        """A board unit takes so many pixels of the screen from now on."""
        if self._loader is not None:
            self._loader.scale = scale
            if self._shown is not None:
                self._shown.note_scale()

    def paint(self, painter: QPainter) -> None:
        """The line around it that says that it is not there yet, in pixels of the viewport."""
        if self._shown is None:
            return
        outline = self._outline(self._shown)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.colour("accent"), 1.5, Qt.PenStyle.DashLine))
        painter.drawPolygon(outline)
        if self.is_split:
            from aigc_studio.ui.canvas.staging import line

            line.paint(painter, self._hand, self._shown, self.split or 0.0)
            return
        note = self._note()
        if note:
            self._paint_note(painter, outline.boundingRect(), note)

    def _outline(self, item: QGraphicsItem) -> QPolygonF:
        apart = _APART / self._hand.zoom
        rect = item.boundingRect().adjusted(-apart, -apart, apart, apart)
        ends = (rect.topLeft(), rect.topRight(), rect.bottomRight(), rect.bottomLeft())
        return QPolygonF([self._hand.to_view(item.mapToScene(end)) for end in ends])

    def _note(self) -> str:
        """What the note beside it says."""
        return _("Before") if self.before else self.label

    def _badge(self, around: QRectF, words: str) -> QRectF:
        """Where the note lies, of the same size at any zoom: under it on the left, else over it on
        the right (a name tag may lie over the left); in sight as far as can be.
        """
        width = QFontMetrics(theme.readout_font(11)).horizontalAdvance(words) + 10
        room = self._hand.to_view_rect(self._hand.seen())
        corner = QPointF(max(around.left(), min(room.left(), around.right() - width)), 0)
        if around.bottom() + 3 + _TALL <= room.bottom() or around.top() - 3 - _TALL < room.top():
            corner.setY(around.bottom() + 3)
        else:
            corner.setX(min(around.right(), max(room.right(), around.left() + width)) - width)
            corner.setY(around.top() - 3 - _TALL)
        return QRectF(corner.x(), corner.y(), width, _TALL)

    def _paint_note(self, painter: QPainter, around: QRectF, words: str) -> None:
        badge = self._badge(around, words)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("accent"))
        painter.drawRoundedRect(badge, 3, 3)
        painter.setFont(theme.readout_font(11))
        painter.setPen(theme.colour("on_accent"))
        painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, words)

    def _marks(self) -> QRectF | None:
        """The pixels of the viewport that `paint` may touch now; None where that is not known."""
        if self._shown is None or self.is_split:
            return None
        around = self._outline(self._shown).boundingRect()
        note = self._note()
        marks = around | self._badge(around, note) if note else around
        return marks.adjusted(-2, -2, 2, 2)

    # Within

    def _set_up(self) -> None:
        """Read from the project that the view shows now."""
        scene = self._hand.board_scene
        if self._scene is not scene:
            self._scene = scene
            self._held = Held(scene.project.store)
            # One of its own: what comes and goes here is nothing that the board keeps.
            self._loader = TileLoader(
                self.contents(), scene.errands, self, _CALM, beside=scene.loader
            )
            self._loader.scale = scene.loader.scale
            self._loader.arrived.connect(self.settled)

    def _cover(self, item: BoardItem | None) -> None:
        if self._covered is not None and self._covered is not item:
            self._covered.cover(False)
            self._covered.clip_to(None)
        self._covered = item
        self._lay_both()

    def _lay_both(self) -> None:
        """Show what is to be seen of both: of what was, and of what would be."""
        shown, covered, here, there = self._shown, self._covered, None, None
        if self.is_split and shown is not None and covered is not None:
            from aigc_studio.ui.canvas.staging import line

            share = self.split or 0.0
            here = QPolygonF(line.half(shown, share, left=self.is_past))
            there = covered.mapFromItem(shown, line.half(shown, share, left=not self.is_past))
        if shown is not None:
            shown.setVisible(not self.before)
            shown.clip_to(here)
        if covered is not None:
            covered.cover(not (self.before or self.is_split))
            covered.clip_to(there)

    def _drop_shown(self) -> None:
        self._cover(None)
        self.before = False
        shown, self._shown, self._marked = self._shown, None, False
        if shown is not None:
            if self._loader is not None:
                self._loader.forget(shown)
            shown.leave()
            self._remove(shown)

    def _drop_skeleton(self) -> None:
        skeleton, self._skeleton = self._skeleton, None
        self._light.shine_on(None)
        if skeleton is not None:
            self._remove(skeleton)

    def _remove(self, item: QGraphicsItem) -> None:
        scene = item.scene()
        if scene is not None:
            scene.removeItem(item)

    def _note_change(self, marks: QRectF | None = None) -> None:
        """Something else is shown; over the items it changes these pixels (None: any)."""
        self._hand.show_hint()
        self._hand.repaint_marks(marks)
        self.changed.emit()
