"""The real window, driven as a person would: keys, the panel's own controls, its event loop."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QEventLoop, QObject, Qt, QTimer
from PySide6.QtTest import QTest
from stacks import Stacks

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget
    from stacks import Calls

    from aigc_studio.jobs import Job
    from aigc_studio.ui.window import StudioWindow

PATIENCE = 60.0


def open_studio() -> StudioWindow:
    """The window as `aigc-studio` opens it, painted, its plugins and models known."""
    from aigc_studio import app
    from aigc_studio.jobs import GarbageTimer

    app.tune_interpreter()
    application = app.make_application()
    window = app.open_window(application, later=False)
    window.studio.heavy_loaded.connect(GarbageTimer(window).settle)
    seen: list[bool] = []
    window.studio.models_changed.connect(lambda: seen.append(True))
    wait(lambda: bool(seen), "the list of models")
    return window


def choose(window: StudioWindow, generator: str, model: str = "") -> None:
    """Choose a generator and a model in the panel."""
    window.panel.choose(generator, model)
    if window.panel.generator() != generator or window.panel.why_not():
        raise SystemExit(f"{generator} cannot be used: {window.panel.why_not()}")


def press_generate(window: StudioWindow, prompt: str, count: int) -> None:
    """Set prompt and count, then press Ctrl+Enter."""
    window.panel.middle.page().prompt.setPlainText(prompt)
    window.panel.middle.count.setValue(count)
    press(window)


def press(window: StudioWindow) -> None:
    """Ctrl+Enter."""
    QTest.keyClick(window.board_area.view, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)


def idle(window: StudioWindow) -> bool:
    """Whether nothing but trainings is under way."""
    return not window.studio.jobs.under_way()


def last_job(window: StudioWindow) -> Job:
    """The newest job of the session."""
    job = window.session.last
    if job is None:
        raise SystemExit("nothing was asked for")
    return job


def clear_candidates(window: StudioWindow) -> None:
    """Throw away what waits."""
    window.session.discard(window.board_area.strip.ids())
    wait(lambda: not window.board_area.strip.ids(), "an empty strip")


def shut(window: StudioWindow) -> None:
    """End all that runs, without questions."""
    for job in list(window.studio.jobs.jobs):
        job.cancel()
    wait(lambda: all(job.state.ended for job in window.studio.jobs.jobs), "the end of all jobs")
    turn(0.5)
    window.studio.close()


def turn(seconds: float) -> None:
    """Let the event loop turn for a while."""
    loop = QEventLoop()
    QTimer.singleShot(int(seconds * 1000), loop.quit)
    loop.exec()


def wait(condition: Callable[[], bool], what: str, seconds: float = PATIENCE) -> None:
    """Let the event loop turn until something is so."""
    end = time.monotonic() + seconds
    loop = QEventLoop()
    timer = QTimer(interval=2)
    timer.timeout.connect(lambda: loop.quit() if condition() or time.monotonic() > end else None)
    timer.start()
    if not condition():
        loop.exec()
    timer.stop()
    if not condition():
        raise SystemExit(f"{what} did not come within {seconds:.0f} s")


class Painting(QObject):
    """Tells when the window has painted, by itself and to the end, what changed in a part of it."""

    def __init__(self, window: StudioWindow, part: QWidget) -> None:
        super().__init__(window)
        self._window, self._part = window, part
        self._waiting: list[Callable[[], None]] = []
        self._touched = False
        for each in (window, part):
            each.installEventFilter(self)

    def then(self, call: Callable[[], None]) -> None:
        """Call it after the next time that the part was painted."""
        self._waiting.append(call)

    def close(self) -> None:
        """Look no more."""
        for each in (self._window, self._part):
            each.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the window paint, and see whether the part was among it."""
        if watched is self._part and event.type() == QEvent.Type.Paint:
            self._touched = True
        if watched is not self._window or event.type() != QEvent.Type.UpdateRequest:
            return False
        self._touched = False
        self._window.event(event)
        if self._touched:
            waiting, self._waiting = self._waiting, []
            for call in waiting:
                call()
        return True


class BlockMeter(QObject):
    """By how much the UI thread is late for a timer of 10 ms.

    `gaps` has for each tick the ms beyond the 10, and the ms of processor time that the thread
    itself took: on a busy machine, the rest was waiting for a core or for the disk. With `looks`
    the calls that were seen in the longest of them are in `longest` when the gaps are taken.
    """

    def __init__(self, *, looks: bool = False) -> None:
        super().__init__()
        self.gaps: list[tuple[float, float]] = []
        self.longest: list[Calls] = []
        self._stacks = Stacks() if looks else None
        self._seen: list[Calls] = []
        self._last = time.perf_counter(), time.thread_time()
        self._timer = QTimer(self, interval=10, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._timer.start()

    def take(self) -> list[tuple[float, float]]:
        """The gaps since the last time."""
        taken, self.gaps = self.gaps, []
        self.longest, self._seen = self._seen, []
        return taken

    def _tick(self) -> None:
        now = time.perf_counter(), time.thread_time()
        late, computed = ((new - old) * 1000 for new, old in zip(now, self._last, strict=True))
        if self._stacks and computed > max((each[1] for each in self.gaps), default=0.0):
            self._seen = self._stacks.since(self._last[0])
        self.gaps.append((max(late - 10, 0.0), computed))
        self._last = now


def warm_up(window: StudioWindow, prompt: str = "7") -> Any:
    """One action to its end: from then on the worker is warm."""
    press_generate(window, prompt, 1)
    wait(lambda: last_job(window).state.ended, "the first result")
    job = last_job(window)
    if job.error:
        raise SystemExit(f"the first result failed: {job.error.sentence}\n{job.error.details}")
    clear_candidates(window)
    return job
