"""Live previews: of each generator at most one under way and one waiting, the newest."""

from __future__ import annotations

from collections.abc import Callable

from aigc_studio.jobs.job import Job


class Previews:
    """Latest wins. One under way is let finish (it is short, and a drag shows its steps)."""

    def __init__(self, start: Callable[[Job], None]) -> None:
        self._start = start
        self._running: dict[str, Job] = {}
        self._waiting: dict[str, Job] = {}

    def ask(self, job: Job) -> None:
        """Start it, or let it wait in the place of an older one."""
        self.drop(job.generator)
        if job.generator in self._running:
            self._waiting[job.generator] = job
        else:
            self._running[job.generator] = job
            self._start(job)

    def drop(self, generator: str) -> None:
        """Forget the one that waits."""
        dropped = self._waiting.pop(generator, None)
        if dropped is not None:
            dropped.deleteLater()

    def running(self, generator: str) -> bool:
        """Whether one is under way."""
        return generator in self._running

    def ended(self, job: Job) -> None:
        """It has ended: the one that waits is next."""
        if self._running.get(job.generator) is job:
            del self._running[job.generator]
        following = self._waiting.pop(job.generator, None)
        if following is not None:
            self.ask(following)

    def close(self) -> None:
        """Cancel and forget all."""
        for job in list(self._running.values()):
            job.cancel()
        self._running.clear()
        self._waiting.clear()
