"""How long it takes from the last thing that a generator says of a text until it is drawn.

The worker writes down when it yields the last annotation; the window is done when it has painted
the card with all of them. A timer of 10 ms tells how long the UI thread was ever held up meanwhile.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import TYPE_CHECKING

from references import Loops
from rows import row, tell
from surroundings import enter, new_home

if TYPE_CHECKING:
    from aigc_studio.ui.window import StudioWindow

DRAWN, BLOCK = 300.0, 100.0
TEXTS = {"20,000 characters": 20_000, "1 MB, each character of its first fifth": 1_000_000}
"""What is explained; of the second one as many characters as may be (`limits.ANNOTATIONS`)."""
WORDS = "The boat sailed every morning to the far side of the lake. "


def main() -> None:
    """Measure and tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=10)
    arguments = parser.parse_args()
    with new_home() as home:
        enter(home, "tells")
        measure(home, arguments.repeats)


def measure(home: Path, repeats: int) -> None:
    """Two rows a text."""
    import studio_window as studio

    window = studio.open_studio()
    studio.choose(window, "tells")
    studio.warm_up(window)
    meter, loops = studio.BlockMeter(), Loops()
    for what, length in TEXTS.items():
        id = put(window, (WORDS * (length // len(WORDS) + 1))[:length])
        explained(window, id)
        meter.take()
        times, gaps = list[float](), list[tuple[float, float]]()
        for _n in range(repeats):
            times.append(explained(window, id))
            gaps += meter.take()
            loops.take()
            studio.turn(0.05)
            meter.take()
        beside = loops.reference()
        bar = DRAWN if length <= 20_000 else None
        tell(row(f"explain {what}: last event to drawn", times, bar=bar, beside=beside))
        block = f"longest block of the UI thread while {what} are explained"
        longest = max(computed for _late, computed in gaps)
        note = f"how late a 10 ms timer is; the thread itself computed {longest:.0f} ms at most"
        late = [late for late, _computed in gaps]
        tell(row(block, late, bar=BLOCK, beside=beside, judged="worst", note=note))
    studio.shut(window)


def put(window: StudioWindow, words: str) -> str:
    """A text on the board, selected and in sight."""
    import studio_window as studio

    from aigc_studio.api import Text

    view = window.board_area.view
    before = set(window.studio.project.board.ids)
    view.exchange.add_artifact(Text(words), "text")
    studio.wait(lambda: len(window.studio.project.board) > len(before), "the text")
    (id,) = set(window.studio.project.board.ids) - before
    view.select([id])
    view.fit_selection()
    studio.turn(0.3)
    return id


def explained(window: StudioWindow, id: str) -> float:
    """Milliseconds from the last event until all of it is on screen."""
    import studio_window as studio

    window.panel.explains.ask(window.panel.explains.verbs()[0])
    shown, view = window.board_area.explaining, window.board_area.view

    def over() -> bool:
        return shown.job is None and shown.item_id == id

    studio.wait(over, "the end of it", seconds=300)
    view.viewport().repaint()
    now = time.time()
    item = view.board_scene.item(id)
    if item is None or item.heat is None:
        raise SystemExit(f"nothing was explained: {window.board_area.bar.text}")
    said = item.heat.words(len(item.heat) - 1).split()[-1]
    shown.close()
    return (now - float(said)) * 1000


if __name__ == "__main__":
    main()
