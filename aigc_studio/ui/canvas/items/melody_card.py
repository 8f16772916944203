"""A melody on the canvas: a piano roll with bar lines, bar numbers and a pitch guide."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QLineF, QPointF, QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from aigc_studio.api.selections import Bars
from aigc_studio.ui import notation
from aigc_studio.ui.canvas.items import roll_margins, tune_painting, tune_reading
from aigc_studio.ui.canvas.items.camera import Camera
from aigc_studio.ui.canvas.items.hand_marks import HandMarks
from aigc_studio.ui.canvas.items.item import BoardItem
from aigc_studio.ui.canvas.items.roll import KEYS, RULER, Roll
from aigc_studio.ui.canvas.items.score import Score
from aigc_studio.ui.canvas.scene.following import LostParts

if TYPE_CHECKING:
    from aigc_studio.api.melody import Melody, Note
    from aigc_studio.project.items import Item
    from aigc_studio.ui.canvas.heat.melody import MelodyHeat
    from aigc_studio.ui.canvas.items.handful import Handful
    from aigc_studio.ui.canvas.items.sketch import Sketch
    from aigc_studio.ui.canvas.items.staff_bars import BarShape
    from aigc_studio.ui.canvas.items.staff_face import StaffFace
    from aigc_studio.ui.canvas.items.staff_notes import Written
    from aigc_studio.ui.canvas.scene.loader import TileLoader
    from aigc_studio.ui.target import Part

AT_ONCE = 4_000
"""Notes of a melody that is read at once; longer ones are brought beside the window."""
WRITTEN_AT_ONCE = 200
"""Notes of a melody whose first staff is made at once; of others beside the window."""


class MelodyItem(BoardItem):
    """Shows a melody artifact."""

    keeps_shape = False
    has_notes = True
    heat: MelodyHeat | None = None

    def __init__(self, item: Item, loader: TileLoader) -> None:
        super().__init__(item, loader)
        self.bars: Bars | None = None
        self._lost = LostParts[Bars]()
        self._roll: Roll | None = None
        self._face: StaffFace | None = None
        self.hands = HandMarks(self)
        """What hands are about to change in it, and what they have picked."""
        self.made: Bars | None = None
        """The bars that were made just now and are not kept yet: their notes stand out."""
        self.typing_at: int | None = None
        """Where the next note goes that is typed, in ticks; None while none is."""
        self.camera = Camera(lambda: self.roll, self._look_elsewhere)
        self._awaited = ""
        self._is_read = False
        self._melody, self._score = tune_reading.nothing()
        self._is_asked = False
        self._waiting: list[Callable[[], object]] = []
        self._shown = item.content.digest

    @property
    def part(self) -> Part:
        """`bars`, when some are selected."""
        return "bars" if self.bars is not None else ""

    def selected(self) -> Bars | None:
        """The selected bars."""
        return self.bars

    def stepped(self, by: int, *, extend: bool) -> Bars | None:
        """The bar before or after those selected, or these longer or shorter at their end."""
        bars = self.bars
        if bars is None:
            return None
        last = min(max((bars.last if extend or by > 0 else bars.first) + by, 1), self.score.count)
        return Bars(min(bars.first, last) if extend else last, last)

    def is_plain(self) -> bool:
        """Whether no bars are marked, no notes on their way, and nothing was said of it."""
        plain = self.bars is None and self.hands.is_empty and self.made is None
        return plain and self.typing_at is None and self.heat is None and not self.camera.is_near

    def new_heat(self) -> MelodyHeat:
        """What tints its bars."""
        from aigc_studio.ui.canvas.heat.melody import MelodyHeat

        self.load_all()
        return MelodyHeat(self)

    def show_sketch(self, sketch: Sketch, former: Sketch | None = None) -> None:
        """Show notes that are about to change, instead of a former sketch of them."""
        self.hands.show(sketch, former)

    def drop_stroke(self, stroke: Any) -> None:
        """The notes of a sketch are part of the melody now, or were given up."""
        self.hands.drop(stroke)

    def pick(self, notes: Iterable[Note]) -> None:
        """Mark these notes as those that are meant; none: no longer."""
        self.hands.pick(notes)

    def picked(self) -> Handful:
        """The notes that are marked, as long as they are there."""
        return self.hands.picked()

    def wanted(self) -> Handful:
        """The notes that are marked, or will be once what is under way is done."""
        return self.hands.picks

    def look_again(self) -> None:
        """Something on it is to be painted in another way."""
        self.choose_look()
        self.update()

    def show_cursor(self, tick: int | None) -> None:
        """Show where the next note goes that is typed; None: nowhere."""
        if tick != self.typing_at:
            self.typing_at = tick
            if tick is not None:
                self.camera.bring(tick, tick)
            self.look_again()

    def notes_in(self, rect: QRectF) -> Handful:
        """The notes that a rectangle (own coordinates) touches."""
        from aigc_studio.ui.canvas.items.handful import nothing
        from aigc_studio.ui.canvas.items.note_finding import notes_in

        return nothing() if self.staff is not None else notes_in(self.roll, rect)

    def note_at(self, point: QPointF) -> Note | None:
        """The note at a point (own coordinates); of several there, the one that begins last."""
        from aigc_studio.ui.canvas.items.note_finding import note_at

        return None if self.staff is not None else note_at(self.roll, point)

    def note_scale(self) -> None:
        """A long melody that will be seen from near is sent for before it is painted."""
        super().note_scale()
        if not self.is_far and int(self.item.content.info.get("notes", 0)) > AT_ONCE:
            self.read_now()

    def read_now(self) -> None:
        """Have the melody brought if nobody has wanted it yet."""
        if not self._is_asked:
            self._is_asked = True
            self._bring()

    @property
    def is_here(self) -> bool:
        """Whether the tune has been read; it is sent for otherwise."""
        self.read_now()
        return self._is_read and not self._awaited

    @property
    def is_on_its_way(self) -> bool:
        """Whether it is being read, and there is nothing to show yet."""
        return bool(self._awaited) and not self._is_read

    @property
    def melody(self) -> Melody:
        """The tune; read now, if it was still on its way."""
        self.load_all()
        return self._melody

    @property
    def shown(self) -> Melody:
        """The tune that is shown: the former one while another is on its way."""
        self.read_now()
        return self._melody

    def when_here(self, then: Callable[[], object]) -> None:
        """Do something with the tune as soon as it is here: now, if it is."""
        if self.is_here:
            then()
        else:
            self._waiting.append(then)

    @property
    def score(self) -> Score:
        """Its notes and bars as numbers; an empty tune's while it is on its way."""
        self.read_now()
        return self._score

    @property
    def roll(self) -> Roll:
        """The melody laid out at the size that is shown."""
        self.read_now()
        rect, roll = self.boundingRect(), self._roll
        same = roll is not None and roll.score is self._score
        if roll is None or not same or (roll.width, roll.height) != (rect.width(), rect.height()):
            pitches = roll.pitches_for(self._score) if roll is not None else None
            span = self.camera.span = self.camera.held(self._score.length)
            pitches = self.camera.rows or pitches
            roll = self._roll = Roll(self._score, rect.width(), rect.height(), pitches, span)
        return roll

    @property
    def staff(self) -> StaffFace | None:
        """Its staff, where tunes are shown so; None while it is a roll: long tunes always are."""
        if not notation.is_staff():
            return None
        self.read_now()
        shown = self._is_read and not self.problem and 0 < len(self._score.starts) <= AT_ONCE
        if not shown:
            return None
        if self._face is None:
            from aigc_studio.ui.canvas.items.staff_face import StaffFace, read_bars

            self._face = StaffFace(self)
            if len(self._score.starts) > WRITTEN_AT_ONCE:
                self._face.awaits = True
                self.loader.bring(partial(read_bars, self._melody), self._show_staff)
        return None if self._face.awaits else self._face

    def _show_staff(self, found: tuple[Melody, Written, list[BarShape]]) -> None:
        """Its bars were read; until now it was a roll."""
        if self._face is not None and self._face.awaits:
            self._face.take(found)
            self.look_again()

    def _look_elsewhere(self) -> None:
        """Another part of the tune is to be in sight."""
        roll = self.roll
        rows = self.camera.rows or (None if roll.range is None else roll.pitches_for(self._score))
        self._roll = replace(roll, span=self.camera.span, range=rows)
        self.look_again()

    def whole_roll(self) -> Roll:
        """All of the tune, whatever of it is in sight: for paper and for other programs."""
        roll = self.roll
        return Roll(roll.score, roll.width, roll.height) if self.camera.is_near else roll

    def head_line(self, tick: float) -> QLineF | None:
        """The line at a tick, in own coordinates: where it is heard. None: out of sight."""
        if self.staff is not None:
            return self.staff.head_line(tick)
        roll = self.roll
        x = roll.x(tick)
        inside = roll.grid.left() <= x <= roll.grid.right() + 1
        return QLineF(x, 0, x, roll.height) if inside else None

    def content_changed(self) -> None:
        """Show another melody; the same bars stay marked, wherever they are now."""
        if self._is_asked:
            self._bring()
        else:
            self._shown = self.item.content.digest
        self.update()

    def load_all(self) -> None:
        """Read the melody now."""
        self.read_now()
        if self._awaited:
            self._take(self._awaited, tune_reading.read(self.loader.store, self.item.content))

    def show_part(self, part: object) -> None:
        """Mark bars, or none."""
        self.read_now()  # what a part is of
        self._lost.forget()
        self.bars = part if isinstance(part, Bars) else None
        if part is None:
            self.made = None
        self.look_again()

    def bring_out(self, part: Any) -> QRectF:
        """Mark bars as new, and have the last of them in sight."""
        self.made = part if isinstance(part, Bars) else None
        rect = self.boundingRect()
        if self.made is not None:
            bars, last = self.score.bars, min(self.made.last, self.score.count)
            self.camera.bring(int(bars[last - 1]), int(bars[last]))
            rect = self.roll.bar_rect(self.made)
            if self.staff is not None:
                rect = self.staff.bars_rects(self.made)[-1]
        self.look_again()
        return rect

    @property
    def scrolls(self) -> bool:
        """Whether there is more of it than its card shows."""
        return self.camera.span is not None and self.staff is None

    def turn_pages(self, pages: float) -> bool:
        """Scroll it in its card, so many pages on. False when there is no more."""
        if self.staff is not None:
            return False
        former, (first, last) = self.camera.span, self.roll.ends
        self.camera.scroll(pages * (last - first))
        return self.camera.span != former

    def select_to(self, start: QPointF, end: QPointF) -> Bars:
        """The bars between two points (own coordinates)."""
        face = self.staff or self.roll
        return face.bars_between(start, end)

    def on_keys(self, point: QPointF) -> bool:
        """Whether a point (own coordinates) is on the keyboard at the left."""
        if self.staff is not None:
            return False
        return 0 <= point.x() < KEYS and RULER < point.y() < self.roll.height

    def on_bar(self, point: QPointF, scale: float) -> bool:
        """Whether a point (own coordinates) is on the thin scroll bar."""
        if self.staff is not None:
            return False
        thumb = roll_margins.scroll_thumb(self.roll, scale)
        return not thumb.isEmpty() and point.x() >= KEYS and point.y() >= thumb.top() - 4 / scale

    def on_ruler(self, point: QPointF) -> bool:
        """Whether a point (own coordinates) is where bars are selected: on the strip with their
        numbers, or on a bar of a staff."""
        if self.staff is not None:
            return self.staff.on_bars(point)
        return KEYS <= point.x() <= self.boundingRect().width() and 0 <= point.y() <= RULER

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Paint the card with its roll or staff."""
        if widget is not None and self.paint_far(painter):
            return
        if self.problem:
            self.paint_problem(painter)
            return
        on_screen = widget is not None
        if self._face is not None and not on_screen:
            self._face.awaits = False  # a picture is not looked at again
        scale = option.levelOfDetailFromTransform(painter.deviceTransform())
        tune_painting.paint_card(painter, self, scale, option.exposedRect, on_screen=on_screen)

    def _bring(self) -> None:
        """Have the melody read: a long one beside the window, while the former one is shown."""
        content, store = self.item.content, self.loader.store
        self._awaited = content.digest
        if int(content.info.get("notes", 0)) <= AT_ONCE:
            self._take(content.digest, tune_reading.read(store, content))
        else:
            read = partial(tune_reading.read, store, content)
            self.loader.bring(read, partial(self._take, content.digest))

    def _take(self, digest: str, read: tuple[Melody, Score, str]) -> None:
        """A melody was read; it is shown unless another one is wanted by now."""
        if digest != self._awaited:
            return
        self._awaited = ""
        former = self._melody if self._is_read else None
        self._melody, self._score, self.problem = read
        self._is_read = True
        self._follow(former)
        self.update()
        waiting, self._waiting = self._waiting, []
        for then in waiting:
            then()

    def _follow(self, former: Melody | None) -> None:
        """Move the bars with the tune. Those that are lost come back with the tune they were in."""
        digest, self._shown = self._shown, self.item.content.digest
        bars = self.bars
        # As many bars as before: what sounds in them is another thing, their place is the same.
        if bars is not None and former is not None and former.bar_count != self._score.count:
            self.bars = tune_reading.followed_bars(former, self._melody, bars)
            if self.bars is None:
                self._lost.keep(digest, bars)
        if self.bars is None:
            self.bars = self._lost.take(self._shown)
