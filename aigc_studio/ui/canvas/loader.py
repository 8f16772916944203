"""Tiles brought from the content store: what is small at once, what is large beside the window."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QObject, QRect, QTimer, Signal

from aigc_studio.api.errors import StudioError
from aigc_studio.jobs.errands import Errands
from aigc_studio.ui.canvas.layers import ColourLayer, Layer
from aigc_studio.ui.canvas.tiles import Place

if TYPE_CHECKING:
    from aigc_studio.project.content import ContentStore

KNOWN = 48
"""So many tiles that are kept are shown at once; more of them would hold up the window."""
AT_ONCE = 4
"""So many tiles are read without a detour: a small picture never appears in steps."""
BATCH = 12
KEPT = 256
"""Decoded tiles that are kept (256 KiB each), so that undo shows its result at once."""

T = TypeVar("T")
Decode = Callable[[bytes], Any]
Arrived = Callable[[QRect], None]


class TileLoader(QObject):
    """Loads the tiles of layers that are shown. `arrived` tells that all wishes are fulfilled."""

    arrived = Signal()

    def __init__(self, store: ContentStore, errands: Errands, parent: QObject) -> None:
        super().__init__(parent)
        self.store = store
        self._errands = errands
        self._kept: OrderedDict[tuple[Decode, str], Any] = OrderedDict()
        self._wishes: OrderedDict[tuple[int, Place], tuple[Layer, Decode, str, Arrived]]
        self._wishes = OrderedDict()
        self._failed: set[str] = set()
        self._busy = False
        self._brought = 0
        self._timer = QTimer(self, singleShot=True, interval=0)
        self._timer.timeout.connect(self._fetch)

    @property
    def idle(self) -> bool:
        """Whether nothing is on its way."""
        return not self._wishes and not self._busy and not self._brought

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

    def keep(self, decode: Decode, tiles: Iterable[tuple[str, Any]]) -> None:
        """Remember decoded tiles by their digest. Only on the UI thread."""
        for digest, tile in tiles:
            self._kept[decode, digest] = tile
            self._kept.move_to_end((decode, digest))
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)

    def wish(
        self, layer: Layer, decode: Decode, rect: QRect, arrived: Arrived, *, wait: bool = False
    ) -> QRect:
        """Have the tiles of `layer` in `rect` loaded: now when they are few, known or `wait`.

        Gives the pixels that changed now; `arrived` is told those that change later.
        """
        changed, missing, known = QRect(), [], 0
        for place, digest in layer.missing(rect):
            tile = self._kept.get((decode, digest))
            known += tile is not None
            if tile is not None and (wait or known <= KNOWN):
                changed = changed.united(layer.load(place, digest, tile))
            elif digest not in self._failed:
                missing.append((place, digest))
        if wait or len(missing) <= AT_ONCE:
            for place, digest in missing:
                tile = self._kept.get((decode, digest))
                if tile is None:
                    self.keep(decode, read_tiles(self.store, decode, [digest], self._failed))
                    tile = self._kept.get((decode, digest))
                if tile is not None:
                    changed = changed.united(layer.load(place, digest, tile))
            return changed
        for place, digest in missing:
            self._wishes[id(layer), place] = (layer, decode, digest, arrived)
        self._timer.start()
        return changed

    def _fetch(self) -> None:
        if self._busy or not self._wishes:
            return
        batch: list[tuple[Place, Layer, Decode, str, Arrived]] = []
        while self._wishes and len(batch) < BATCH:
            (_, place), wish = self._wishes.popitem(last=False)
            batch.append((place, *wish))
        known = [(*wish, self._kept.get((wish[2], wish[3]))) for wish in batch]
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
        self._busy = False
        raise error

    def _show(self, found: list[tuple[Place, Layer, Decode, str, Arrived, Any]]) -> None:
        self._busy = False
        for place, layer, decode, digest, arrived, tile in found:
            self.keep(decode, [(digest, tile)])
            arrived(layer.load(place, digest, tile))
        self._fetch()
        if self.idle:
            self.arrived.emit()


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
