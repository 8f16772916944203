"""The lasso: a part is marked by drawing around it, or by clicking its corners."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPolygonF

from aigc_studio.translation import _
from aigc_studio.ui.canvas.tools import marking
from aigc_studio.ui.canvas.tools.area import DRAGGED, is_dragged
from aigc_studio.ui.canvas.tools.grip import Grip, Touch
from aigc_studio.ui.canvas.tools.marks import Outline
from aigc_studio.ui.canvas.tools.tool import Tool

if TYPE_CHECKING:
    from aigc_studio.project.masking import How
    from aigc_studio.ui.canvas.items.picture import ImageItem
    from aigc_studio.ui.canvas.tools.hand import Hand

NEAR = 8.0
"""Pixels of the viewport: so near to where a line begins a click closes it."""


class LassoGrip(Grip):
    """A drag draws a line, which closes when the button goes up. Clicks set corners: Enter, a
    double click or a click on the first one closes the line, Delete takes the last one back.
    Shift adds to what is marked, Alt takes away.
    """

    cursor = Qt.CursorShape.CrossCursor

    def __init__(self, hand: Hand) -> None:
        super().__init__(hand)
        self._pictures: list[ImageItem] = []
        self._how: How = "set"
        self._points: list[QPointF] = []
        self._presses: list[int] = []
        self._pressed: Touch | None = None
        self._is_drawn = False

    @property
    def keeps_pointer(self) -> bool:
        """While a line is open."""
        return bool(self._points)

    # What is ready

    @property
    def is_pending(self) -> bool:
        """Whether a line is open and nothing is drawn just now."""
        return bool(self._points) and self._pressed is None

    def ready_words(self) -> str:
        """It marks what is inside."""
        return _("Mark the inside")

    def ready_place(self) -> QRectF | None:
        """The pictures and the line: where the next corner may be, no button lies."""
        if not self._points:
            return None
        place = QPolygonF(self._points).boundingRect()
        for picture in self._pictures:
            place = place.united(picture.sceneBoundingRect())
        return place

    def accept(self) -> None:
        """Close the line: what is inside is marked, as one step."""
        if len(self._points) < 3:
            self.hand.report(_("Set at least three corners, or draw around the part."))
            return
        pictures, points, how = self._pictures, self._points, self._how
        self.drop()
        marking.mark_within(self.hand, pictures, points, how)

    def drop(self) -> None:
        """Draw no line."""
        self._points, self._presses, self._pressed = [], [], None
        self._show()

    def perform(self, name: str) -> bool:
        """Delete takes back the last corner, or what was drawn last."""
        if name != "delete" or not self._presses:
            return False
        self._points = self._points[: self._presses.pop()]
        self._show()
        return True

    def take(self) -> None:
        """A line around what is not there any more, or not selected, is none."""
        chosen = self.scene.chosen()
        is_held = self.hand.tool == Tool.LASSO and all(item in chosen for item in self._pictures)
        if self._points and not is_held:
            self.drop()

    def lay_down(self) -> None:
        """Draw no line."""
        self.drop()

    # The pointer

    def press(self, touch: Touch) -> None:
        """Set a corner, or begin to draw."""
        if not self._points:
            self._pictures = marking.pictures_at(self.hand, touch)
            self._how = marking.how_of(touch)
            if not self._pictures:
                self.hand.report(_("Draw around a part of a picture, or click its corners."))
                return
        elif self._closes(touch):
            self.accept()
            return
        self._pressed, self._is_drawn = touch, False
        self._presses.append(len(self._points))
        self._points.append(touch.scene)
        self._show()

    def move(self, touch: Touch) -> None:
        """Draw on."""
        if self._pressed is None:
            return
        self._is_drawn = self._is_drawn or is_dragged(self._pressed, touch)
        if self._is_drawn and self._apart(self._points[-1], touch) >= DRAGGED - 1:
            self._points.append(touch.scene)
        self._show()

    def release(self, touch: Touch) -> None:
        """A line that was drawn in one go is closed; else it waits for the next corner."""
        if self._pressed is None:
            return
        self._pressed = None
        if self._is_drawn and len(self._presses) == 1:
            if len(self._points) < 3:
                self.drop()
            else:
                self.accept()
            return
        self._show()

    def double_press(self, touch: Touch) -> None:
        """The click before set a corner here: close the line."""
        if self._points:
            self.accept()
        else:
            self.press(touch)

    def hover(self, touch: Touch) -> Qt.CursorShape:
        """Show where the next side would be."""
        if self._points:
            self._show(touch.scene)
            if self._closes(touch):
                return Qt.CursorShape.PointingHandCursor
        return self.cursor

    def cancel(self) -> None:
        """Take back what is drawn just now."""
        if self._pressed is not None:
            self._pressed = None
            self.perform("delete")

    # Within

    def _closes(self, touch: Touch) -> bool:
        return len(self._points) > 2 and self._apart(self._points[0], touch) <= NEAR

    def _apart(self, point: QPointF, touch: Touch) -> float:
        return QLineF(self.hand.to_view(point), touch.view).length()

    def _show(self, end: QPointF | None = None) -> None:
        outline = None
        if self._points:
            corners = tuple(self._points[number] for number in self._presses)
            outline = Outline(tuple(self._points), corners, end)
        if outline != self.hand.marks.outline:
            self.hand.marks.outline = outline
            self.hand.repaint_marks()
