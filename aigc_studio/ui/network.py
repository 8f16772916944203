"""Says when the network is used: while a sample pack is fetched, or a plugin installed."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from typing import Any

from aigc_studio.library.packs import PackStore


def watched(steps: Iterator[Any], used: Callable[[bool], None]) -> Generator[Any, None, Any]:
    """The same steps, with `used(True)` before the first and `used(False)` after the last."""
    used(True)
    try:
        return (yield from steps)
    finally:
        used(False)


class WatchedPacks(PackStore):
    """A PackStore that tells `used(True)` when a fetch begins and `used(False)` when it ends.

    It tells on the thread that fetches.
    """

    def __init__(self, used: Callable[[bool], None]) -> None:
        super().__init__()
        self._used = used

    def fetch(self, *values: Any, **named: Any) -> Iterator[Any]:
        """As PackStore does it."""
        yield from watched(super().fetch(*values, **named), self._used)
