"""From the key press to the painted candidates, and from the slider to the painted preview."""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from references import net_alone
from rows import row, tell
from surroundings import enter, new_home

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QSlider

    from aigc_studio.ui.window import StudioWindow

DIGITS = 16
SIZE = (2000, 900)
"""Wide enough for 16 candidates side by side."""
PREVIEWED = "2024"
NET_16, NET_4 = 15.8, 5.3
"""Milliseconds that the net alone took for 16 and for 4 digits where the bars were set."""
PAUSE = 0.15
"""Seconds between two measurements, as a person leaves at least."""


def main() -> None:
    """Measure and tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=40)
    arguments = parser.parse_args()
    with new_home() as home:
        enter(home)
        measure(home, arguments.repeats)


def measure(home: Path, repeats: int) -> None:
    """Open the window once, warm its worker, and take all figures in it."""
    import digits
    import studio_window as studio

    name = digits.find_model(home)
    window = studio.open_studio()
    window.resize(*SIZE)
    studio.choose(window, digits.GENERATOR, name)
    studio.warm_up(window)
    sheets = [generate(window, "7", DIGITS) for _n in range(repeats)]
    words = [generate(window, "0123456789012345", 1) for _n in range(repeats)]
    steps = look_in_steps(window, repeats * 2)
    dragged = drag(window, 5.0, Variety(window))
    steered = drag(window, 5.0, SlantAndWeight(window))
    studio.shut(window)
    many = net_alone(home, DIGITS, usual=NET_16)
    few = net_alone(home, len(PREVIEWED), usual=NET_4)
    what = "16 digits, warm, key press to pixels"
    tell(row(f"{what}: 16 candidates", sheets, bar=150, beside=many, note="all 16 in the strip"))
    tell(row(f"{what}: one picture", words, bar=150, beside=many))
    tell(row("slider to preview, one step at a time", steps, bar=50, judged="p95", beside=few))
    what, note = "slider to preview, dragged with 60 steps a second", "to it or a later one"
    tell(row(what, dragged, bar=50, judged="p95", beside=few, note=note))
    what = "pad of two controls to preview, dragged with 60 steps a second"
    tell(row(what, steered, bar=50, judged="p95", beside=few, note=note))


def generate(window: StudioWindow, prompt: str, count: int) -> float:
    """Milliseconds from Ctrl+Enter until the strip has painted `count` candidates."""
    import studio_window as studio

    strip = window.board_area.strip
    window.panel.middle.page().prompt.setPlainText(prompt)
    window.panel.middle.count.setValue(count)
    studio.turn(PAUSE)
    painted: list[float] = []

    def note(*_candidate: object) -> None:
        if len(strip.ids()) >= count and not painted:
            strip.list.viewport().repaint()
            painted.append(time.perf_counter())

    window.session.candidate_added.connect(note)
    began = time.perf_counter()
    studio.press(window)
    studio.wait(lambda: bool(painted) or failed(window), "painted candidates")
    if not painted:
        raise SystemExit(f"{prompt}: {studio.last_job(window).error}")
    window.session.candidate_added.disconnect(note)
    studio.wait(lambda: studio.idle(window), "the end of the job")
    studio.clear_candidates(window)
    return (painted[0] - began) * 1000


def failed(window: StudioWindow) -> bool:
    """Whether the newest job came to a bad end."""
    job = window.session.last
    return job is not None and job.error is not None


def look_in_steps(window: StudioWindow, repeats: int) -> list[float]:
    """Milliseconds from one step of the slider to its painted preview, each on its own."""
    import studio_window as studio

    slider = prepare_slider(window)
    seen = _Seen(window, lambda request: float(request.parameters["variety"]))
    values = []
    for _n in range(repeats + 2):
        studio.turn(PAUSE)
        seen.painted.clear()
        began = time.perf_counter()
        low = slider.value() < slider.maximum() // 2
        slider.setValue(slider.maximum() * (6 if low else 4) // 10)
        studio.wait(lambda: bool(seen.painted), "a painted preview")
        values.append((seen.painted[0] - began) * 1000)
    seen.close()
    return values[2:]


class Subject(Protocol):
    """What is dragged: a slider, or a pad."""

    def move(self, way: float) -> float:
        """Put it at this share of its way; gives the value that is asked for now."""

    def of(self, request: Any) -> float:
        """The value in a request."""


class Variety:
    """The slider of a parameter, as it is dragged."""

    def __init__(self, window: StudioWindow) -> None:
        self._slider = prepare_slider(window)
        self._form = window.panel.middle.page().form

    def move(self, way: float) -> float:
        """Put it at this share of its way; gives the value that is asked for now."""
        low, high = self._slider.minimum(), self._slider.maximum()
        self._slider.setValue(round(low + way * (high - low)))
        return float(self._form.values()["variety"])

    def of(self, request: Any) -> float:
        """The value in a request."""
        return float(request.parameters["variety"])


class SlantAndWeight:
    """The pad of the model's controls, under the mouse."""

    def __init__(self, window: StudioWindow) -> None:
        from PySide6.QtCore import Qt
        from PySide6.QtTest import QTest

        prepare_slider(window)
        self._pad = window.panel.middle.controls.pads["slant", "weight"]
        QTest.mousePress(self._pad, Qt.MouseButton.LeftButton)

    def move(self, way: float) -> float:
        """Put it at this share of the way from the upper left to the lower right."""
        from PySide6.QtCore import QEvent, QPointF, Qt
        from PySide6.QtGui import QMouseEvent
        from PySide6.QtWidgets import QApplication

        place = QPointF(1, 1) * (12 + way * (self._pad.width() - 24))
        left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        kind, beyond = QEvent.Type.MouseMove, self._pad.mapToGlobal(place)
        moved = QMouseEvent(kind, place, beyond, Qt.MouseButton.NoButton, left, none)
        QApplication.sendEvent(self._pad, moved)
        return float(self._pad.point()[0])

    def of(self, request: Any) -> float:
        """The slant in a request; not there where it does nothing."""
        return float(request.controls.get("slant", 0.0))


def drag(window: StudioWindow, seconds: float, subject: Subject) -> list[float]:
    """Move it 60 times a second; for each step, ms until it or a later one is painted."""
    import studio_window as studio
    from PySide6.QtCore import Qt, QTimer

    moves: list[tuple[float, float]] = []
    seen = _Seen(window, subject.of)

    def move() -> None:
        # To and fro over 30 values; each step is another value.
        value = subject.move(abs((len(moves) % 60) / 30 - 1))
        if moves and value == moves[-1][1]:
            raise SystemExit("a step changed nothing")
        moves.append((time.perf_counter(), value))

    timer = QTimer(interval=16, timerType=Qt.TimerType.PreciseTimer)
    timer.timeout.connect(move)
    timer.start()
    studio.turn(seconds)
    timer.stop()
    studio.turn(1.0)
    seen.close()
    return seen.waits(moves)


class _Seen:
    """Which value each painted preview was made of; one that a newer follows is not painted."""

    def __init__(self, window: StudioWindow, value_of: Callable[[Any], float]) -> None:
        import studio_window as studio

        self._value_of = value_of
        self.started: dict[int, tuple[float, float]] = {}
        self.painted: list[float] = []
        self._requests: list[Any] = []  # kept, so that no other gets the id of one
        self._shown: list[tuple[float, float, float]] = []
        self._start = window.studio.jobs.pool.start
        window.studio.jobs.pool.start = self._note_start  # type: ignore[method-assign]
        self._painting = studio.Painting(window, window.board_area.view.viewport())
        self._pool, self._looked = window.studio.jobs.pool, window.session.looked
        self._looked.connect(self._note_look)

    def close(self) -> None:
        """Look no more."""
        self._looked.disconnect(self._note_look)
        self._painting.close()
        self._pool.start = self._start  # type: ignore[method-assign]

    def _note_start(self, record: Any, verb: str, request: Any, **more: Any) -> Any:
        self.started[id(request)] = (time.perf_counter(), self._value_of(request))
        self._requests.append(request)
        return self._start(record, verb, request, **more)

    def _note_look(self, look: Any) -> None:
        began, value = self.started[id(look.asked._request)]

        def note() -> None:
            self.painted.append(time.perf_counter())
            self._shown.append((began, value, self.painted[-1]))

        self._painting.then(note)

    def waits(self, moves: list[tuple[float, float]]) -> list[float]:
        """For each move the ms until a preview of it or of a later one was painted."""
        shown = []
        for began, value, painted in self._shown:
            known = [n for n, (at, moved) in enumerate(moves) if at <= began and moved == value]
            shown.append((known[-1] if known else -1, painted))
        found = []
        for n, (at, _value) in enumerate(moves):
            times = [painted for newest, painted in shown if newest >= n and painted >= at]
            if times:
                found.append((min(times) - at) * 1000)
        return found


def prepare_slider(window: StudioWindow) -> QSlider:
    """The slider of "variety", with live preview on and four digits asked for."""
    import studio_window as studio
    from PySide6.QtWidgets import QSlider

    window.panel.middle.page().prompt.setPlainText(PREVIEWED)
    window.panel.middle.live.setChecked(True)
    studio.turn(1.0)
    row_of = window.panel.middle.page().form.rows["variety"]
    slider = row_of.findChild(QSlider)
    if slider is None:
        raise SystemExit("the form has no slider for variety")
    assert isinstance(slider, QSlider)
    return slider


if __name__ == "__main__":
    main()
