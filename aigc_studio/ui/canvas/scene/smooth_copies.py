"""Smooth copies of small pictures that are seen enlarged: made beside the window, and kept."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtGui import QImage

KEPT = 128
"""Copies that are kept (1 MiB each at most)."""
BATCH = 12
"""Copies that are made at a time: to begin a thread for each would hold up the window."""

Make = Callable[[], QImage]
Show = Callable[[str, QImage], None]
Bring = Callable[[Callable[[], Any], Callable[[Any], None]], None]
"""Does something beside the window, and hands its result on."""


class SmoothCopies(QObject):
    """Has copies made and shown, by the digest of what they are of: equal pictures share one.

    `patience`: so many milliseconds none may have been wanted before another copy is made, and then
    of the newest alone; 0: each is made at once.
    """

    def __init__(self, parent: QObject, bring: Bring, patience: int) -> None:
        super().__init__(parent)
        self._bring = bring
        self._kept: OrderedDict[str, QImage] = OrderedDict()
        self._wanted: dict[str, list[Show]] = {}
        self._to_make: dict[str, Make] = {}
        self._making = False
        self._calm = QTimer(self, singleShot=True, interval=patience)
        self._calm.timeout.connect(self._make)

    @property
    def waits(self) -> bool:
        """Whether some are still to be made."""
        return bool(self._to_make)

    def bring(self, digest: str, make: Make, show: Show, *, wait: bool) -> None:
        """Have a copy made, now with `wait`, and shown; at once where it is known."""
        kept = self._kept.get(digest)
        if kept is None and wait:
            kept = self._keep(digest, make())
        if kept is not None:
            self._kept.move_to_end(digest)
            show(digest, kept)
            return
        waiting = self._wanted.setdefault(digest, [])
        if show in waiting:
            return
        waiting.append(show)
        if len(waiting) == 1:
            self._put_in_line(digest, make)

    def _put_in_line(self, digest: str, make: Make) -> None:
        if self._calm.interval():
            # While a slider is dragged each would be stale before it is there.
            for former in self._to_make:
                del self._wanted[former]
            self._to_make.clear()
        self._to_make[digest] = make
        if not self._calm.isActive():
            self._make()
        if self._calm.interval():
            self._calm.start()

    @Slot()
    def _make(self) -> None:
        if self._making or not self._to_make:
            return
        batch = {digest: self._to_make.pop(digest) for digest in list(self._to_make)[:BATCH]}
        self._making = True
        self._bring(lambda: {digest: make() for digest, make in batch.items()}, self._show)

    def _show(self, made: dict[str, QImage]) -> None:
        self._making = False
        for digest, image in made.items():
            self._keep(digest, image)
            for show in self._wanted.pop(digest, []):
                show(digest, image)
        if not self._calm.isActive():
            self._make()

    def _keep(self, digest: str, image: QImage) -> QImage:
        self._kept[digest] = image
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return image
