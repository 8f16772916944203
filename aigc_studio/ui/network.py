"""Says when the network is used: while a sample pack is fetched, or a plugin installed."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import Any, Protocol

from aigc_studio.library.packs import PackStore


class TellNetwork(Protocol):
    """Hears, on any thread, that the network is used or no longer, and whether that went well."""

    def __call__(self, used: bool, well: bool = True, /) -> None:
        """As said above."""


def watched(steps: Iterator[Any], used: TellNetwork) -> Generator[Any, None, Any]:
    """The same steps, with `used(True)` before the first and `used(False)` after the last; to stop
    them is to have them end well."""
    used(True)
    well = True
    try:
        return (yield from steps)
    except Exception:
        well = False
        raise
    finally:
        used(False, well)


class WatchedPacks(PackStore):
    """A PackStore that tells `used(True)` when a fetch begins and `used(False)` when it ends.

    It tells on the thread that fetches.
    """

    def __init__(self, used: TellNetwork) -> None:
        super().__init__()
        self._used = used

    def fetch(self, *values: Any, **named: Any) -> Iterator[Any]:
        """As `PackStore.fetch`; whoever shows it is told that the network is used."""
        yield from watched(super().fetch(*values, **named), self._used)
