"""The processes that plugins work in, as the settings want them: how many threads, how much memory,
and which of them is warm before it is asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot

from aigc_studio import folders

if TYPE_CHECKING:
    from aigc_studio.host import PluginRecord, WorkerPool
    from aigc_studio.jobs import JobQueue
    from aigc_studio.ui.settings import Settings

_LATER_MS, _SOON_MS = 2000, 300
_CHOSEN_MS = 500


def make_pool(settings: Settings) -> WorkerPool:
    """A pool of workers with the threads and the memory that are set; the first job asks for it,
    in a thread of its own."""
    from aigc_studio.host import WorkerPool

    threads = settings.preference("threads") or None
    folder = folders.cache_folder() / "workers"
    return WorkerPool(folder, threads=threads, memory=_memory(settings), in_window=True)


def _memory(settings: Settings) -> int | None:
    """How many bytes a plugin may take; None: each run says what is wrong with it."""
    from aigc_studio.api import StudioError
    from aigc_studio.host.memory import usual_limit

    try:
        return usual_limit(settings.preference("memory"))
    except StudioError:
        return None


class Workers(QObject):
    """Keeps the pool of a window's jobs to what the person sets, and warm.

    `chosen` gives the record of the generator that is in use, None where it does not work.
    """

    def __init__(
        self, settings: Settings, chosen: Callable[[], PluginRecord | None], jobs: JobQueue
    ) -> None:
        super().__init__(jobs)
        self._settings, self._chosen, self._jobs = settings, chosen, jobs
        self._closed = False
        self._warmth = QTimer(self, singleShot=True)
        self._warmth.timeout.connect(self._warm)
        # A slider goes through many numbers, and workers are renewed for each.
        self._memory_chosen = QTimer(self, singleShot=True, interval=_CHOSEN_MS)
        self._memory_chosen.timeout.connect(self._limit_memory)

    def warm_later(self) -> None:
        """Have the worker of the generator in use ready, when the window has begun to be used."""
        self._warmth.start(_LATER_MS)

    def warm_soon(self) -> None:
        """Have it ready before the person has said what it is to make."""
        self._warmth.start(_SOON_MS)

    def limit_soon(self) -> None:
        """Hold workers to the memory that is set, once it is chosen."""
        self._memory_chosen.start()

    def close(self) -> None:
        """Do nothing more by itself."""
        self._closed = True
        self._warmth.stop()
        self._memory_chosen.stop()

    @Slot()
    def _limit_memory(self) -> None:
        if "pool" in vars(self._jobs) and not self._closed:
            self._jobs.pool.limit_memory(_memory(self._settings))

    @Slot()
    def _warm(self) -> None:
        if not self._settings.preference("warm_worker"):
            return
        chosen = self._chosen()
        # The spare first: the generator's own worker is made of it.
        self._jobs.pool.warm()
        if chosen is not None:
            self._jobs.pool.warm(chosen)
