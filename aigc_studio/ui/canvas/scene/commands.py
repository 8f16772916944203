"""What can be done with the selected items: each is one command for the project."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

from PySide6.QtCore import QObject, QPointF, QRectF

from aigc_studio import late
from aigc_studio.api.selections import Bars
from aigc_studio.translation import _
from aigc_studio.ui.canvas.painting.edits import Edit
from aigc_studio.ui.canvas.scene import places
from aigc_studio.ui.canvas.scene.board_scene import BoardScene
from aigc_studio.ui.canvas.scene.following_scene import AT_ONCE

if TYPE_CHECKING:
    from aigc_studio.project.commands import Edge, Place
    from aigc_studio.project.items import Item
    from aigc_studio.ui.canvas.items.item import BoardItem
    from aigc_studio.ui.canvas.painting import picture_edits
    from aigc_studio.ui.canvas.painting.progress import Progress
else:
    picture_edits = late.module("aigc_studio.ui.canvas.painting.picture_edits")

Direction = Literal["horizontal", "vertical"]


def places_between(item: BoardItem, other: BoardItem) -> tuple[float, ...]:
    """Where the pixels of one picture are in another, as both lie on the board."""

    def at(x: float, y: float) -> QPointF:
        """Where a place in the pixels of `item` is, in those of `other`."""
        scene = item.mapToScene(item.from_pixels(QRectF(x, y, 0, 0)).topLeft())
        point, rect = other.mapFromScene(scene), other.from_pixels(QRectF(0, 0, 1, 1))
        return QPointF(point.x() / rect.width(), point.y() / rect.height())

    start, across, down = at(0, 0), at(1, 0), at(0, 1)
    return (
        *(across.x() - start.x(), down.x() - start.x(), start.x()),
        *(across.y() - start.y(), down.y() - start.y(), start.y()),
    )


class BoardCommands(QObject):
    """Works on the selection of a scene. Nothing happens when nothing suitable is selected."""

    def __init__(self, scene: BoardScene, parent: QObject) -> None:
        super().__init__(parent)
        self._scene = scene
        self.goes_on = False
        """Whether the command that is being sent belongs to the same step as the one before it."""

    @property
    def ids(self) -> list[str]:
        """The selected items, bottom first, and hidden ones that were chosen as layers."""
        self._scene.have_all()
        return [item.id for item in self._scene.meant()]

    @property
    def items(self) -> list[Item]:
        """Their committed states."""
        self._scene.have_all()
        return [item.item for item in self._scene.meant()]

    def delete(self) -> None:
        """Take them off the board."""
        from aigc_studio.project import commands

        ids = self.ids
        if ids:
            self._scene.make(commands.remove_items(self._scene.board, ids))

    def duplicate(self) -> None:
        """Copies, a little to the right and down, selected."""
        from aigc_studio.project import commands

        scene, items = self._scene, self.items
        ids = scene.board.new_ids(len(items))

        def put(made: list[Item]) -> None:
            scene.choose_when_there(ids)
            scene.make(commands.add_items(scene.board, made, kind="duplicate"))

        if len(items) > AT_ONCE:
            scene.errands.run(lambda: commands.copies(items, ids), put)
        elif items:
            put(commands.copies(items, ids))

    def nudge(self, dx: float, dy: float) -> None:
        """Move them by board units, as one step."""
        self._change(places.moved(self.items, dx, dy), "move")

    def align(self, edge: Edge) -> None:
        """Line two or more of them up: left, center, right, top, middle, bottom."""
        from aigc_studio.project import commands

        ids = self.ids
        if len(ids) > 1:
            self._scene.make(commands.align(self._scene.board, ids, edge))

    def distribute(self, direction: Direction) -> None:
        """Spread three or more of them evenly."""
        self._scene.make(places.distributed(self._scene.board, self.ids, direction))

    def reorder(self, place: Place) -> None:
        """To the front or the back, or one step forward or backward."""
        from aigc_studio.project import commands

        ids = self.ids
        if ids:
            command = commands.reorder(self._scene.board, ids, place)
            if command.order:
                self._scene.make(command)

    def place_between(self, ids: Iterable[str], below: str, above: str) -> None:
        """Bring items right above the item `below`, else right under `above`, else to the back."""
        from aigc_studio.project import commands

        board, chosen = self._scene.board, set(ids)
        moved = [id for id in board.ids if id in chosen]
        rest = [id for id in board.ids if id not in chosen]
        place = rest.index(below) + 1 if below else rest.index(above) if above else 0
        command = commands.set_order(board, [*rest[:place], *moved, *rest[place:]], moved)
        if command.order:
            self._scene.make(command)

    def rename(self, name: str, id: str = "") -> None:
        """Give the one that is selected another name, or the one of this `id`."""
        items = [self._scene.board.item(id)] if id else self.items
        if len(items) == 1 and name.strip() and name.strip() != items[0].name:
            self._change({items[0].id: replace(items[0], name=name.strip())}, "rename")

    def set_visible(self, visible: bool, ids: Iterable[str] | None = None) -> None:
        """Show or hide them, or those of `ids`."""
        values = {"visible": visible}
        items = self.items if ids is None else map(self._scene.board.item, ids)
        changed = {i.id: i.changed(values) for i in items if i.visible != visible}
        self._change(changed, "show" if visible else "hide")

    def show_opacity(self, opacity: float | None) -> None:
        """Show them more or less transparent, 0 to 1, and change nothing; None: as they are."""
        self._scene.have_all()
        meant = self._scene.meant()
        self._scene.expect(len(meant))
        for item in meant:
            item.setOpacity(item.item.opacity if opacity is None else opacity)

    def set_opacity(self, opacity: float, *, goes_on: bool = False) -> None:
        """Make them more or less transparent, 0 to 1; `goes_on`: in one step with the last time."""
        values = {"opacity": opacity}
        items = self.items
        if all(item.opacity == opacity for item in items):
            return
        self.goes_on = goes_on
        try:
            # All of them, so that steps that go on are of the same items.
            self._change({item.id: item.changed(values) for item in items}, "opacity")
        finally:
            self.goes_on = False

    def turn(self, quarters: int) -> None:
        """Turn pictures by quarters, clockwise."""
        self._edit("turn", picture_edits.turn(quarters))

    def flip(self, direction: Direction) -> None:
        """Mirror pictures."""
        self._edit("flip", picture_edits.flip(direction))

    def crop(self) -> None:
        """Cut the picture to its frame, or to what is masked."""
        for item in self._pictures():
            frame = self._scene.frame_of(item.id)
            if frame is not None:
                box = (frame.left(), frame.top(), frame.right() + 1, frame.bottom() + 1)
                self._scene.edits.add(Edit(item.id, "crop", picture_edits.crop(box)))
            else:
                self._scene.edits.add(Edit(item.id, "crop", picture_edits.crop_to_mask()))

    def add_bars(self) -> None:
        """Make melodies four bars longer."""
        self._compose("add_bars", 4)

    def insert_bar(self) -> None:
        """An empty bar before those that are selected; with none, at the end."""
        bars = self._one_part()
        if bars is None:
            self._compose("add_bars", 1)
        else:
            self._compose("insert_bars", bars.first)

    def delete_bars(self) -> None:
        """Take the selected bars out of the melody."""
        bars = self._one_part()
        if bars is None:
            self._scene.refused.emit(_("Select the bars to delete: drag over their numbers."))
        else:
            self._compose("delete_bars", bars)

    def set_metre(self, numerator: int, denominator: int) -> None:
        """Another metre, from the selected bars on or for all of the melody."""
        self._compose("set_metre", numerator, denominator, self._from_tick())

    def set_key(self, fifths: int | None, mode: str = "major") -> None:
        """Another key, from the selected bars on or for all of the melody; None: no key."""
        self._compose("set_key", fifths, mode, self._from_tick())

    def set_tempo(self, quarters: float) -> None:
        """So many quarter notes a minute, from the selected bars on or for all of the melody."""
        self._compose("set_tempo", quarters, self._from_tick())

    def set_bars(self, count: int) -> None:
        """Have so many bars."""
        self._compose("set_bars", count)

    def transpose(self, semitones: int) -> None:
        """Move melodies, or the selected bars of one, by semitones."""
        from aigc_studio.ui.canvas.painting import melody_edits

        for item in self._tunes():
            bars = item.selected()
            stretch = _ticks(item, bars) if isinstance(bars, Bars) else (0, None)
            make = melody_edits.transpose(semitones, *stretch)
            self._scene.edits.add(Edit(item.id, "compose", make))

    def _compose(self, name: str, *values: Any) -> None:
        """By the name of a function of `bar_edits`, which the first change of bars brings."""
        from aigc_studio.ui.canvas.painting import bar_edits

        for item in self._tunes():
            make = getattr(bar_edits, name)(*values)
            self._scene.edits.add(Edit(item.id, "compose", make))

    def _tunes(self) -> list[BoardItem]:
        return [item for item in self._scene.chosen() if item.has_notes]

    def _one_part(self) -> Bars | None:
        tunes = self._tunes()
        part = tunes[0].selected() if len(tunes) == 1 else None
        return part if isinstance(part, Bars) else None

    def _from_tick(self) -> int | None:
        """Where the selected bars begin; None where all of the melody is meant."""
        bars = self._one_part()
        return _ticks(self._tunes()[0], bars)[0] if bars is not None else None

    def invert_mask(self) -> None:
        """Mask what is not masked, and the other way round."""
        masked = [item for item in self._pictures() if item.has_mask]
        self._edit_masks("invert_mask", only=masked or None)

    def grow_mask(self, pixels: int) -> None:
        """Make masks larger by so many pixels on every side; smaller by a negative number."""
        titles = (_("Shrinking the mask"), _("Growing the mask"))
        self._rework("grow_mask", pixels, titles[pixels > 0])

    def feather_mask(self, pixels: int) -> None:
        """Let masks fade over so many pixels on both sides of their edges."""
        self._rework("feather_mask", pixels, _("Feathering the mask"))

    def mask_opaque(self) -> None:
        """Mask what of pictures is not transparent."""
        clear = [i for i in self._pictures() if i.item.content.info.get("mode") == "RGBA"]
        if not self._edit_masks("mask_opaque", only=clear):
            self._scene.refused.emit(
                _("Nothing of it is transparent: there is no shape to make a mask of.")
            )

    def mask_shape(self) -> None:
        """Mask what lies under what is opaque of the uppermost picture that is selected."""
        pictures = self._pictures()
        if len(pictures) < 2:
            self._scene.refused.emit(
                _("Select a picture and one that lies over it: that one's shape becomes the mask.")
            )
            return
        *below, above = pictures
        places = {item.id: places_between(item, above) for item in below}
        self._edit_masks("mask_shape", above.item.content, places, only=below)

    def clear_mask(self) -> None:
        """Take masks, spans, bars and frames away."""
        self._edit_masks("clear_mask", only=[i for i in self._scene.chosen() if i.has_mask])
        for item in self._scene.chosen():
            self._scene.set_frame(item.id, None)
            self._scene.set_part(item.id, None)

    def _rework(self, name: str, pixels: int, title: str) -> None:
        from aigc_studio.ui.canvas.painting.progress import Progress

        progress = Progress(title)
        masked = [item for item in self._pictures() if item.has_mask]
        if not self._edit_masks(name, pixels, progress, only=masked, progress=progress):
            self._scene.refused.emit(_("Nothing is marked: mark a part of a picture first."))

    def _edit_masks(
        self,
        name: str,
        *values: Any,
        only: Sequence[BoardItem] | None = None,
        progress: Progress | None = None,
    ) -> bool:
        """Change the masks of pictures, all of the selected by default; False when there are none.

        `name` is that of a function of `mask_edits`, which the first change of a mask brings.
        """
        from aigc_studio.ui.canvas.painting import mask_edits

        pictures = self._pictures() if only is None else only
        if pictures:
            first, *others = [item.id for item in pictures]
            make = getattr(mask_edits, name)(*values)
            self._scene.edits.add(Edit(first, "mask", make, also=tuple(others), progress=progress))
        return bool(pictures)

    def select_all(self) -> None:
        """Select everything that can be seen."""
        self._scene.have_all()
        self._scene.choose([item.id for item in self._scene.shown() if item.isVisible()])

    def deselect(self) -> None:
        """Select nothing."""
        self._scene.choose([])

    def next_item(self, step: int) -> str:
        """The item after (1) or before (-1) the selected one, in reading order; empty past the end.

        When none is selected it is the first, or the last.
        """
        ids, selected = self._in_reading_order(), set(self.ids)
        places = [place for place, id in enumerate(ids) if id in selected]
        if not places:
            return ids[0 if step > 0 else -1] if ids else ""
        place = places[-1 if step > 0 else 0] + step
        return ids[place] if 0 <= place < len(ids) else ""

    def select_next(self, step: int) -> None:
        """Select the item after (1) or before (-1) the selected one; past the end, the same."""
        following = self.next_item(step)
        if following:
            self._scene.choose([following])

    def select_round(self, forward: bool) -> bool:
        """Select the first item of all, or the last. False when there is none."""
        ids = self._in_reading_order()
        self._scene.choose(ids[:1] if forward else ids[-1:])
        return bool(ids)

    def _in_reading_order(self) -> list[str]:
        self._scene.have_all()
        items = [item for item in self._scene.shown() if item.isVisible()]
        items.sort(key=lambda item: (item.item.y, item.item.x))
        return [item.id for item in items]

    def step_bars(self, by: int, *, extend: bool) -> None:
        """Select the bar before or after, or make the selection longer or shorter at its end."""
        item = self._scene.chosen()[0]
        bars = item.stepped(by, extend=extend)
        if bars is not None:
            self._scene.set_part(item.id, bars)

    def _pictures(self) -> list[BoardItem]:
        return [item for item in self._scene.chosen() if item.has_pixels]

    def _edit(self, kind: str, make: picture_edits.Make) -> None:
        ids = [item.id for item in self._pictures()]
        if ids:
            self._scene.edits.add(Edit(ids[0], kind, make, also=tuple(ids[1:])))

    def _change(self, items: Mapping[str, Item], kind: str) -> None:
        from aigc_studio.project import commands

        if items:
            self._scene.make(commands.change_items(self._scene.board, items, kind))


def _ticks(item: BoardItem, bars: Bars) -> tuple[int, int]:
    """Where bars of a melody begin and end."""
    found: Any = item
    last: int = found.score.count
    return found.melody.ticks(Bars(min(bars.first, last), min(bars.last, last)))  # type: ignore[no-any-return]
