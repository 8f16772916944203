"""The folders for the files of runs: made, used again, taken away."""

from __future__ import annotations

import threading
from pathlib import Path

from aigc_studio.host.leftovers import Workplace, sweep
from aigc_studio.host.run_errors import RunError, RunFailed
from aigc_studio.translation import _


class Workplaces:
    """Those of one pool, below `folder`; none is given out any more once it is `closing`."""

    def __init__(self, folder: Path, closing: threading.Event) -> None:
        self._folder = folder
        self._closing = closing
        self._lock = threading.Lock()
        self._swept = False
        self._places: set[Workplace] = set()
        self._clean: Workplace | None = None

    @property
    def closing(self) -> bool:
        """Whether the pool is closed: its workers were asked to leave."""
        return self._closing.is_set()

    def new(self) -> Workplace:
        """One for a run. What killed studios left is taken away. Raises `RunFailed` at the end."""
        with self._lock:
            if self.closing:
                raise RunFailed(RunError(_("The studio is closing: nothing new is started.")))
            fresh, self._swept = not self._swept, True
            kept, self._clean = self._clean, None
        if fresh:
            threading.Thread(target=sweep, args=(self._folder,), daemon=True).start()
        if kept is not None:
            return kept
        place = Workplace(self._folder)
        with self._lock:
            self._places.add(place)
        return place

    def keep_clean(self, place: Workplace) -> bool:
        """Keep one for the next run if nothing was left in it; whether it is so.

        A slider that is dragged asks for fifty a second, and to make and remove a folder takes as
        long as all else of asking.
        """
        clean = place.is_clean()
        with self._lock:
            kept = clean and self._clean is None and not self.closing
            if kept:
                self._clean = place
        return kept

    def leave(self, place: Workplace) -> None:
        """Take one away; one that is not left stays until `remove`."""
        with self._lock:
            self._places.discard(place)
        place.remove()

    def remove(self) -> None:
        """Take all away: those with checkpoints in them, and those of runs just ending."""
        with self._lock:
            places, self._places = self._places, set()
        for place in places:
            place.remove()
