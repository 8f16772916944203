"""Tiles brought from the content store: what is small at once, what is large beside the window."""

from __future__ import annotations

import functools
import time
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol, TypeVar
from weakref import WeakSet, WeakValueDictionary

from PySide6.QtCore import QObject, QRect, QTimer, Signal
from PySide6.QtGui import QColor

from aigc_studio.api.errors import StudioError
from aigc_studio.jobs.errands import Errands
from aigc_studio.ui import theme
from aigc_studio.ui.canvas.items.layers import ColourLayer, Layer
from aigc_studio.ui.canvas.items.tiles import Place
from aigc_studio.ui.canvas.scene import thumbs

if TYPE_CHECKING:
    from aigc_studio.project.content import ContentStore
    from aigc_studio.project.items import Item
    from aigc_studio.ui.canvas.scene.smooth_copies import SmoothCopies

KNOWN = 48
"""So many tiles that are kept are shown at once; more of them would hold up the window."""
AT_ONCE = 4
"""So many tiles are read without a detour: a small picture never appears in steps."""
A_TURN = 16
"""So many tiles and thumbs are read like that between two turns of the event loop, of all items."""
WAITED = 0.03
"""Seconds of processor time after which a turn waits for no more than the first few of them."""
BATCH = 12
THUMBS = 48
"""Thumbs that are drawn at a time, beside the window."""
SLICE = 0.008
"""Seconds of a turn of the event loop that items may take to choose how they are painted."""
KEPT = 256
"""Decoded tiles that are kept (256 KiB each), so that undo shows its result at once."""

T = TypeVar("T")
Decode = Callable[[bytes], Any]
Arrived = Callable[[QRect], None]


class Shown(Protocol):
    """What has a thumb: an item on the canvas."""

    item: Item

    def thumb_key(self) -> object:
        """What its thumb shows: equal keys, equal thumbs."""

    def show_thumb(self, item: Item, thumb: thumbs.Thumb | None) -> None:
        """This is what `item`, a former or the present state, looks like from afar."""

    def note_scale(self) -> None:
        """It is seen in another size, or may be painted in another way from now on."""

    def update(self) -> None:
        """Have it painted again."""


class TileLoader(QObject):
    """Loads the tiles and thumbs of what is shown. `arrived` tells that all wishes are fulfilled.

    What is small is read at once, but no more of it than a frame can bear (`A_TURN`): the first
    picture on a board appears whole, and five thousand of them appear beside the window.
    """

    arrived = Signal()

    def __init__(
        self,
        store: ContentStore,
        errands: Errands,
        parent: QObject,
        patience: int = 0,
        beside: TileLoader | None = None,
    ) -> None:
        """`patience` (milliseconds) is that of the `smooth` copies. Tiles that the loader `beside`
        has are shown as they are, without being read anew."""
        super().__init__(parent)
        self._beside = beside
        self.store = store
        self.scale = 1.0
        """Pixels of the screen on a board unit, as what is shown is painted now."""
        self.laid = 0
        """Grows whenever anything is shown in another place: what was measured holds no longer."""
        self._large = WeakSet[ColourLayer]()
        self._looks: dict[int, Shown] = {}
        self._again: dict[int, Shown] = {}
        self._errands = errands
        self._kept: OrderedDict[tuple[Decode, str], Any] = OrderedDict()
        self._wishes: OrderedDict[tuple[int, Place], tuple[Layer, Decode, str, Arrived]]
        self._wishes = OrderedDict()
        self._thumbs: dict[int, Shown] = {}
        # Equal items share one, as long as any of them is there.
        self._drawn = WeakValueDictionary[object, thumbs.Thumb]()
        self._blank: tuple[QColor, thumbs.Thumb] | None = None
        self._patience = patience
        self._failed: set[str] = set()
        self._busy = self._drawing = False
        self._brought = 0
        self._left = A_TURN
        self._began = 0.0
        self._turn = QTimer(self, singleShot=True, interval=0)
        self._turn.timeout.connect(self._end_turn)
        self._timer = QTimer(self, singleShot=True, interval=0)
        self._timer.timeout.connect(self._fetch)

    @property
    def idle(self) -> bool:
        """Whether nothing is on its way."""
        waiting = self._wishes or self._thumbs or self._looks or self._again
        waits = "smooth" in vars(self) and self.smooth.waits
        return not (waiting or waits or self._busy or self._drawing or self._brought)

    def bring(self, read: Callable[[], T], show: Callable[[T], None]) -> None:
        """Have something else read on another thread, and shown on this one."""
        self._brought += 1

        def done(found: T) -> None:
            self._brought -= 1
            show(found)
            if self.idle:
                self.arrived.emit()

        def failed(error: Exception) -> None:
            self._brought -= 1
            raise error

        self._errands.run(read, done, failed)

    @functools.cached_property
    def smooth(self) -> SmoothCopies:
        """Smooth copies of small pictures; there once one is wanted."""
        from aigc_studio.ui.canvas.scene.smooth_copies import SmoothCopies

        return SmoothCopies(self, self.bring, self._patience)

    def keep(self, decode: Decode, tiles: Iterable[tuple[str, Any]]) -> None:
        """Remember decoded tiles by their digest. Only on the UI thread."""
        for digest, tile in tiles:
            self._kept[decode, digest] = tile
            self._kept.move_to_end((decode, digest))
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)

    def kept(self, decode: Decode, digest: str) -> Any:
        """A decoded tile that is here; None for any other."""
        return self._kept.get((decode, digest))

    def _known(self, decode: Decode, digest: str) -> Any:
        tile = self.kept(decode, digest)
        return self._beside.kept(decode, digest) if tile is None and self._beside else tile

    def wish(
        self, layer: Layer, decode: Decode, rect: QRect, arrived: Arrived, *, wait: bool = False
    ) -> QRect:
        """Have the tiles of `layer` in `rect` loaded: now when they are few, known or `wait`.

        Gives the pixels that changed now; `arrived` is told those that change later.
        """
        if isinstance(layer, ColourLayer) and not layer.is_begun and len(layer.digests) > A_TURN:
            self._begin(layer)
        changed, missing, known = QRect(), [], 0
        for place, digest in layer.missing(rect):
            tile = self._known(decode, digest)
            known += tile is not None
            if tile is not None and (wait or known <= KNOWN):
                changed = changed.united(layer.load(place, digest, tile))
            elif digest not in self._failed:
                missing.append((place, digest))
        if wait or (len(missing) <= AT_ONCE and self._may_wait(len(missing))):
            for place, digest in missing:
                tile = self._kept.get((decode, digest))
                if tile is None:
                    self.keep(decode, read_tiles(self.store, decode, [digest], self._failed))
                    tile = self._kept.get((decode, digest))
                if tile is not None:
                    changed = changed.united(layer.load(place, digest, tile))
            missing = []
        layer.grid.settle(changed)
        for place, digest in missing:
            self._wishes[id(layer), place] = (layer, decode, digest, arrived)
        if missing:
            self._timer.start()
        return changed

    def _begin(self, layer: ColourLayer) -> None:
        """What differs little from a large picture that is shown, as a part of it made anew does,
        begins as that: else all of it would be made smaller once more."""
        beside = list(self._beside._large) if self._beside else []
        if like := layer.likest([*self._large, *beside]):
            layer.begin_as(like)
        self._large.add(layer)

    def wish_thumb(self, shown: Shown) -> None:
        """Have the thumb of an item drawn and shown: now when few are wanted, else soon."""
        if id(shown) in self._thumbs:
            return
        kept = self._drawn.get(shown.thumb_key())
        if kept is not None:
            shown.show_thumb(shown.item, kept)
            return
        if self._may_wait(1):
            self._show_thumb(shown, shown.item, thumbs.draw(shown.item, self.store, _colours()))
            return
        self._thumbs[id(shown)] = shown
        self._timer.start()

    def may_begin(self, shown: Shown) -> bool:
        """Whether an item may read now what it is painted with from near; else it is painted again
        in a moment.
        """
        if self._may_wait(1):
            return True
        self._again[id(shown)] = shown
        return False

    def blank(self) -> thumbs.Thumb:
        """What stands for a thumb that has not come yet."""
        colour = theme.colour("border")
        if self._blank is None or self._blank[0] != colour:
            self._blank = colour, thumbs.blank(colour)
        return self._blank[1]

    def note_look(self, shown: Shown) -> None:
        """Have an item choose its look soon: not while it is being painted."""
        self._looks[id(shown)] = shown
        if not self._turn.isActive():
            self._turn.start()

    def note_looks(self, all_of_them: Collection[Shown]) -> None:
        """As `note_look`, for thousands: all are seen in another size."""
        self._looks.update(zip(map(id, all_of_them), all_of_them, strict=True))
        self._turn.start()

    def forget(self, shown: Shown) -> None:
        """An item is shown no more."""
        self._thumbs.pop(id(shown), None)
        self._looks.pop(id(shown), None)
        self._again.pop(id(shown), None)

    def _may_wait(self, count: int) -> bool:
        """Whether the window may wait for as many more tiles or thumbs before it paints."""
        if count == 0:
            return True
        now = time.thread_time()
        if self._left == A_TURN:
            self._began = now
        if self._left < count or (self._left <= A_TURN - AT_ONCE and now - self._began > WAITED):
            return False
        self._left -= count
        self._turn.start()
        return True

    def _end_turn(self) -> None:
        self._left = A_TURN
        again, self._again = self._again, {}
        for shown in again.values():
            shown.update()
        end = time.perf_counter() + SLICE
        while self._looks and time.perf_counter() < end:
            self._looks.pop(next(iter(self._looks))).note_scale()
        if self._looks:
            self._turn.start()

    def _show_thumb(self, shown: Shown, item: Item, thumb: thumbs.Thumb | None) -> None:
        if thumb is not None and item is shown.item:
            self._drawn[shown.thumb_key()] = thumb
        shown.show_thumb(item, thumb)

    def _draw_thumbs(self) -> None:
        if self._drawing or not self._thumbs:
            return
        wanted: dict[object, tuple[Shown, Item]] = {}
        for shown in list(self._thumbs.values()):
            key = shown.thumb_key()
            kept = self._drawn.get(key)
            if kept is not None:
                shown.show_thumb(shown.item, kept)
            elif key not in wanted:
                wanted[key] = (shown, shown.item)
            else:
                continue  # drawn now for another one, and then there for this one too
            del self._thumbs[id(shown)]
            if len(wanted) >= THUMBS:
                break
        if not wanted:
            return
        self._drawing = True
        store, colours = self.store, _colours()

        def draw() -> list[tuple[Shown, Item, thumbs.Thumb | None]]:
            asked = wanted.values()
            return [(shown, item, thumbs.draw(item, store, colours)) for shown, item in asked]

        self._errands.run(draw, self._show_thumbs, self._give_up)

    def _show_thumbs(self, drawn: list[tuple[Shown, Item, thumbs.Thumb | None]]) -> None:
        self._drawing = False
        for shown, item, thumb in drawn:
            self._show_thumb(shown, item, thumb)
        self._draw_thumbs()
        if self.idle:
            self.arrived.emit()

    def _fetch(self) -> None:
        self._draw_thumbs()
        if self._busy or not self._wishes:
            return
        batch: list[tuple[Place, Layer, Decode, str, Arrived]] = []
        while self._wishes and len(batch) < BATCH:
            (_, place), wish = self._wishes.popitem(last=False)
            batch.append((place, *wish))
        known = [(*wish, self._known(wish[2], wish[3])) for wish in batch]
        if all(each[-1] is not None for each in known):
            self._busy = True
            QTimer.singleShot(0, self, partial(self._show, known))
            return
        self._busy = True
        store, failed = self.store, self._failed

        def read() -> list[tuple[Place, Layer, Decode, str, Arrived, Any]]:
            found = []
            for place, layer, decode, digest, arrived in batch:
                for _, tile in read_tiles(store, decode, [digest], failed):
                    found.append((place, layer, decode, digest, arrived, tile))
            return found

        self._errands.run(read, self._show, self._give_up)

    def _give_up(self, error: Exception) -> None:
        self._busy = self._drawing = False
        raise error

    def _show(self, found: list[tuple[Place, Layer, Decode, str, Arrived, Any]]) -> None:
        self._busy = False
        loaded: dict[Layer, QRect] = {}
        for place, layer, decode, digest, arrived, tile in found:
            if self._beside is None or self._beside.kept(decode, digest) is not tile:
                self.keep(decode, [(digest, tile)])
            changed = layer.load(place, digest, tile)
            loaded[layer] = loaded.get(layer, QRect()).united(changed)
            arrived(changed)
        for layer, rect in loaded.items():
            layer.grid.settle(rect)
        self._fetch()
        if self.idle:
            self.arrived.emit()


def _colours() -> thumbs.Colours:
    colour = theme.colour
    return thumbs.Colours(
        colour("surface"),
        theme.mixed("text", "surface", 0.6),
        colour("border"),
        colour(theme.badge("melody")),
        theme.mask_colour(),
    )


def read_tiles(
    store: ContentStore, decode: Decode, digests: Iterable[str], failed: set[str] | None = None
) -> list[tuple[str, Any]]:
    """Tiles by digest, decoded. From any thread.

    Those that cannot be read are hatched in a picture, and left out of a mask.
    """
    found = []
    for digest in digests:
        try:
            found.append((digest, decode(store.tile(digest))))
        except StudioError:
            if failed is not None:
                failed.add(digest)
            if decode is ColourLayer.decode:
                from aigc_studio.project.mending import hatched

                found.append((digest, decode(hatched())))
    return found
