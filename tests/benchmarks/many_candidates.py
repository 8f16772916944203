"""1,000 candidates in the real window: they arrive, all are accepted, that is undone; and again.

Beside it, in the same process and in turns with it, a bare Qt list of 1,000 icons that is filled
and emptied, and a bare loop that writes 1,000 PNGs: what the machine gives at best just then.
"""

from __future__ import annotations

import argparse
import io
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from references import Loops
from rows import Reference, row, tell
from surroundings import enter, new_home

if TYPE_CHECKING:
    from aigc_studio.ui.window import StudioWindow

PLUGIN = "bad/yields_many"
GENERATOR = "yields-many"
COUNT = 1000
BLOCK = 100.0
ACCEPT = 2.0
BARE_LIST = 0.026
"""Seconds that the bare list took on the machine on which the bars were set."""
STEPS = ("arrive", "accept all", "undo", "discard all")


def main() -> None:
    """Measure and tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=3)
    arguments = parser.parse_args()
    with new_home() as home:
        enter(home, PLUGIN)
        measure(arguments.repeats)


def measure(repeats: int) -> None:
    """Take all figures in one window."""
    import studio_window as studio

    window = studio.open_studio()
    window.resize(1400, 900)
    studio.choose(window, GENERATOR)
    meter = studio.BlockMeter()
    studio.turn(4.0)
    seconds: dict[str, list[float]] = {step: [] for step in STEPS}
    blocks: dict[str, list[tuple[float, float]]] = {step: [] for step in STEPS}
    bare: dict[str, list[float]] = {"list": [], "files": []}
    loops = Loops()
    for _n in range(repeats):
        bare["list"].append(fill_a_list())
        bare["files"].append(write_files())
        loops.take()
        for step in STEPS:
            # The first tick after the bare loops is late by all of them.
            studio.turn(0.1)
            meter.take()
            seconds[step].append(timed(ACTIONS[step], window))
            # What comes after the last moment, such as repainting, belongs to it as well.
            studio.turn(0.5)
            blocks[step] += meter.take()
    studio.shut(window)
    tell_all(seconds, blocks, bare, loops.reference())


def timed(act: Callable[[StudioWindow], None], window: StudioWindow) -> float:
    """Seconds that it takes."""
    began = time.perf_counter()
    act(window)
    return time.perf_counter() - began


def arrive(window: StudioWindow) -> None:
    """Ask once, until the strip shows all and the job has ended."""
    import studio_window as studio

    window.activateWindow()
    studio.turn(0.1)
    studio.press(window)
    studio.wait(lambda: len(window.board_area.strip.ids()) >= COUNT, "the candidates", 120)
    studio.wait(lambda: studio.idle(window), "the end of the job")


def accept_all(window: StudioWindow) -> None:
    """Press the button, until all are items, nothing waits, and the canvas shows them."""
    import studio_window as studio

    area = window.board_area
    area.strip.accept_all_button.click()
    board = window.studio.project.board
    studio.wait(lambda: len(board) == COUNT and not area.strip.ids(), "the items", 240)
    studio.wait(lambda: len(area.view.board_scene.shown()) == COUNT, "the items shown", 240)


def undo(window: StudioWindow) -> None:
    """Take it back, until all wait again."""
    import studio_window as studio

    area = window.board_area
    area.undo()
    studio.wait(lambda: len(area.strip.ids()) == COUNT, "the candidates again", 240)
    studio.wait(lambda: not area.view.board_scene.shown(), "an empty canvas", 240)


def discard_all(window: StudioWindow) -> None:
    """Throw all away."""
    import studio_window as studio

    window.board_area.strip.discard_all_button.click()
    studio.wait(lambda: not window.board_area.strip.ids(), "an empty strip", 240)


ACTIONS = dict(zip(STEPS, (arrive, accept_all, undo, discard_all), strict=True))


def fill_a_list() -> float:
    """Seconds for a bare list view of as many icons: filled, selected, shown, emptied."""
    from PySide6.QtCore import QSize
    from PySide6.QtGui import QIcon, QPixmap, QStandardItem, QStandardItemModel
    from PySide6.QtWidgets import QApplication, QListView

    began = time.perf_counter()
    model, view = QStandardItemModel(), QListView()
    view.setViewMode(QListView.ViewMode.IconMode)
    view.setWrapping(False)
    view.setIconSize(QSize(84, 84))
    view.setModel(model)
    view.resize(1400, 140)
    view.show()
    for n in range(COUNT):
        picture = QPixmap(84, 84)
        picture.fill(n % 255)
        model.appendRow(QStandardItem(QIcon(picture), str(n)))
    QApplication.processEvents()
    view.selectAll()
    QApplication.processEvents()
    model.clear()
    QApplication.processEvents()
    view.close()
    return time.perf_counter() - began


def write_files() -> float:
    """Seconds for a bare loop that writes as many PNGs, none of them synced."""
    import numpy as np
    from PIL import Image

    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        for n in range(COUNT):
            pixels = np.random.default_rng(n).integers(0, 256, (28, 28), np.uint8)
            data = io.BytesIO()
            Image.fromarray(pixels).save(data, "PNG")
            (Path(folder) / f"{n}.png").write_bytes(data.getvalue())
        return time.perf_counter() - began


def tell_all(
    seconds: dict[str, list[float]],
    blocks: dict[str, list[tuple[float, float]]],
    bare: dict[str, list[float]],
    loops: Reference,
) -> None:
    """A row for each step, its longest block, and the bare references."""
    for step in STEPS:
        more: dict[str, Any] = {"beside": Reference("a bare Qt list", bare["list"], BARE_LIST)}
        more |= {"bar": ACCEPT, "judged": "worst"} if step == "accept all" else {}
        tell(row(f"{COUNT:,} candidates, {step}", seconds[step], "s", **more))
        what = f"longest block of the UI thread while {COUNT:,} candidates: {step}"
        tell_gaps(what, blocks[step], loops)
    tell(row(f"a bare Qt list of {COUNT:,} icons", bare["list"], "s", peer=True))
    tell(row(f"a bare loop that writes {COUNT:,} PNGs", bare["files"], "s", peer=True))


def tell_gaps(what: str, gaps: list[tuple[float, float]], loops: Reference) -> None:
    """How late a timer was, and how much of it the thread itself computed."""
    longest = max(computed for _late, computed in gaps)
    note = f"how late a 10 ms timer is; the thread itself computed {longest:.0f} ms at most"
    late = [late for late, _computed in gaps]
    tell(row(what, late, bar=BLOCK, judged="worst", beside=loops, note=note))


if __name__ == "__main__":
    main()
