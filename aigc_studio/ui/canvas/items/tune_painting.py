"""How a melody's card is painted: the sheet, and the roll or the staff on it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QRectF, Qt, QTimer
from PySide6.QtGui import QPainter, QPen

from aigc_studio.translation import _
from aigc_studio.ui import theme
from aigc_studio.ui.canvas.items import roll_margins, roll_painting

if TYPE_CHECKING:
    from PySide6.QtWidgets import QGraphicsScene

    from aigc_studio.api.selections import Bars
    from aigc_studio.ui.canvas.heat.melody import MelodyHeat
    from aigc_studio.ui.canvas.items.hand_marks import HandMarks
    from aigc_studio.ui.canvas.items.roll import Roll
    from aigc_studio.ui.canvas.items.staff_face import StaffFace

BARS_AT_ONCE = 24
"""Bars of a staff that are drawn at a time; the others follow, so that nothing is held up."""
_READABLE = 0.35
"""Bar numbers are painted where a board unit takes more pixels than this."""


class _Card(Protocol):
    """The card of a tune, as far as painting it needs it."""

    bars: Bars | None
    made: Bars | None
    typing_at: int | None
    heat: MelodyHeat | None
    hands: HandMarks

    @property
    def is_on_its_way(self) -> bool:
        """Whether its tune is still read."""

    @property
    def roll(self) -> Roll:
        """What is seen of its roll."""

    @property
    def staff(self) -> StaffFace | None:
        """Its staff, where it is shown as one."""

    def whole_roll(self) -> Roll:
        """Its roll, all of it in sight."""

    def boundingRect(self) -> QRectF:
        """Where it is, in its own coordinates."""

    def sceneBoundingRect(self) -> QRectF:
        """Where it is on the board."""

    def scene(self) -> QGraphicsScene:
        """The board that it is on."""


def paint_card(
    painter: QPainter, card: _Card, scale: float, exposed: QRectF, *, on_screen: bool
) -> None:
    """Paint the card at `scale` pixels a board unit: marks, hands and heat only on screen, and
    there what lies in `exposed`."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    outline = roll_painting.outline(card.boundingRect())
    painter.fillPath(outline, theme.colour("surface"))
    painter.save()
    painter.setClipPath(outline, Qt.ClipOperation.IntersectClip)
    face = card.staff
    if face is None:
        _paint_roll(painter, card, scale, exposed, on_screen=on_screen)
    elif on_screen:
        _paint_staff(painter, card, face, scale, exposed)
    else:
        face.paint(painter, scale, exposed, None, None)
    painter.restore()
    painter.setPen(QPen(theme.colour("border"), 0))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(outline)


def _paint_roll(
    painter: QPainter, card: _Card, scale: float, exposed: QRectF, *, on_screen: bool
) -> None:
    roll = card.roll if on_screen else card.whole_roll()
    heat, made, marked = (card.heat, card.made, card.bars) if on_screen else (None, None, None)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    roll_painting.paint_rows(painter, roll)
    if heat is not None:
        heat.paint(painter, scale, exposed)
    roll_painting.paint_bars(painter, roll, scale, exposed)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    roll_painting.paint_notes(painter, roll, scale, exposed, made)
    if on_screen:
        card.hands.paint(painter, roll, scale, exposed)
        if card.typing_at is not None:
            roll_margins.paint_cursor(painter, roll, card.typing_at, scale)
    roll_margins.paint_keys(painter, roll, scale)
    if card.is_on_its_way:
        roll_painting.paint_hint(painter, roll, _("Loading…"))
    if marked is not None:
        roll_painting.paint_marked(painter, roll, marked)
    if heat is not None:
        heat.paint_over(painter)
    if scale > _READABLE:
        roll_painting.paint_numbers(painter, roll, marked, exposed)
    if on_screen:
        roll_margins.paint_bar(painter, roll, scale)


def _paint_staff(
    painter: QPainter, card: _Card, face: StaffFace, scale: float, exposed: QRectF
) -> None:
    if card.heat is not None:
        card.heat.paint(painter, scale, exposed)
    if not face.paint(painter, scale, exposed, card.bars, card.made, BARS_AT_ONCE):
        scene = card.scene()  # which lives longer than its items
        QTimer.singleShot(0, scene, partial(scene.update, card.sceneBoundingRect()))
    if card.heat is not None:
        card.heat.paint_over(painter)
