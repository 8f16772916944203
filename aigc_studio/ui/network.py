"""Says when the network is used: only while a sample pack is fetched."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from aigc_studio.library.packs import PackStore


class WatchedPacks(PackStore):
    """A PackStore that tells `used(True)` when a fetch begins and `used(False)` when it ends.

    It tells on the thread that fetches.
    """

    def __init__(self, used: Callable[[bool], None]) -> None:
        super().__init__()
        self._used = used

    def fetch(self, *values: Any, **named: Any) -> Iterator[Any]:
        """As PackStore does it."""
        self._used(True)
        try:
            yield from super().fetch(*values, **named)
        finally:
            self._used(False)
