"""A window in which one hostile plugin is used: `python tests/soak/zoo_window.py HOME`.

Prints what was wrong as a JSON list on its last line.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "benchmarks"))

if TYPE_CHECKING:
    from aigc_studio.ui.window import StudioWindow

LONGEST = 7.5
"""The longest block, as a multiple of a bare loop (100 ms where that takes 13.3)."""
TRIED = 8.0
"""Seconds that the plugin is left alone before it is cancelled."""


def main() -> None:
    """Use it, cancel it, use echo, leave."""
    from references import Loops
    from studio_window import BlockMeter, open_studio, turn

    faults: list[str] = []
    window = open_studio()
    shown = crashes()
    loops, meter = Loops(), BlockMeter()
    loops.take(3)
    turn(1.0)
    meter.take()
    records = [each for each in window.studio.registry.records if each.source.name != "echo"]
    names = {each.description.id for each in records if each.description} - {"gan-digits"}
    for name in sorted(names):
        use(window, name, faults)
    longest = max((computed for _late, computed in meter.take()), default=0.0)
    loops.take(3)
    turn(0.1)
    bare = sorted(loops.values)[len(loops.values) // 2]
    if longest > LONGEST * bare:
        faults.append(f"the window computed {longest:.0f} ms at a time, a bare loop {bare:.0f}")
    good(window, faults)
    faults += shown()
    leave(window)
    sys.stdout.write(json.dumps(faults) + "\n")
    sys.stdout.flush()


def crashes() -> Callable[[], list[str]]:
    """Hear of errors that a slot let out, before the window's own guard takes them."""
    found: list[str] = []
    former = sys.excepthook

    def hear(kind: type[BaseException], error: BaseException, trace: object) -> None:
        found.append(f"{kind.__name__} in a slot: {error}")
        former(kind, error, trace)  # type: ignore[arg-type]

    sys.excepthook = hear
    return lambda: [each[:300] for each in found]


def use(window: StudioWindow, name: str, faults: list[str]) -> None:
    """Choose it, press Generate, wait a while, cancel."""
    import studio_window as studio
    from PySide6.QtCore import QElapsedTimer

    window.panel.choose(name)
    studio.turn(0.3)
    if window.panel.generator() != name or window.panel.why_not():
        return  # it says why it cannot be used, which is an answer
    studio.press_generate(window, "x", 1)
    studio.turn(0.1)
    job = window.session.last
    if job is None:
        return
    clock = QElapsedTimer()
    clock.start()
    while not job.state.ended and clock.elapsed() < TRIED * 1000:
        studio.turn(0.1)
    if not job.state.ended:
        clock.restart()
        job.cancel()
        while not job.state.ended and clock.elapsed() < 5000:
            studio.turn(0.02)
        if clock.elapsed() > 2000:
            faults.append(f"cancel took {clock.elapsed() / 1000:.1f} s")
    if job.error is not None and not job.error.sentence:
        faults.append("it failed without a sentence")
    waiting = window.board_area.strip.ids()
    if waiting:
        window.session.accept(waiting[:3])
        studio.turn(0.5)
        window.studio.history.stack.undo()
        studio.turn(0.2)
    window.session.discard(window.board_area.strip.ids())
    studio.turn(0.3)


def good(window: StudioWindow, faults: list[str]) -> None:
    """A good job after it."""
    import studio_window as studio

    try:
        studio.choose(window, "echo")
        before = len(window.board_area.strip.ids())
        studio.press_generate(window, "a good job", 1)
        studio.wait(lambda: studio.last_job(window).state.ended, "the end of a good job", 30)
        error = studio.last_job(window).error
        if error or len(window.board_area.strip.ids()) <= before:
            faults.append(f"a good job after it failed: {error.sentence if error else 'nothing'}")
    except SystemExit as error:
        faults.append(f"a good job after it: {error}")


def leave(window: StudioWindow) -> None:
    """Save, open again, end."""
    import studio_window as studio

    from aigc_studio.project import Project

    project = window.studio.project
    path = Path(sys.argv[1]) / "after.aigc"
    project.save(path)
    Project.open(path).close()
    studio.shut(window)


if __name__ == "__main__":
    main()
