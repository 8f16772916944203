"""The brush on a picture of 4096 x 4096 pixels beside three more items, while a training runs.

An event is a mouse move: stroke, repaint, and all that Qt has to do before it waits again.
"""

from __future__ import annotations

import argparse
import math
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rows import Reference, row, tell
from surroundings import enter, new_home

if TYPE_CHECKING:
    from aigc_studio.jobs import Job
    from aigc_studio.project.board import Board
    from aigc_studio.ui.canvas import BoardView
    from aigc_studio.ui.window import StudioWindow

SIDE = 4096
SIZE = 64
"""Diameter of the brush in board units, as in the measurements that led to this canvas."""
BAR = 5.0
BARE = {1.0: 0.15, 0.0: 0.15}
"""Milliseconds that a bare view took for a mouse move where the bar was set, by zoom."""
WHAT = "brush on a 4096² picture beside a digit, a text and a melody"


def main() -> None:
    """Measure and tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=500)
    arguments = parser.parse_args()
    with new_home() as home:
        enter(home)
        measure(home, arguments.events)


def measure(home: Path, events: int) -> None:
    """At 100 % and with the whole picture in view, with and without a training."""
    import studio_window as studio

    window = studio.open_studio()
    window.resize(1200, 800)
    large = put_items(window)
    strokes(window, large, events // 5, 1.0)
    alone = strokes(window, large, events, 1.0)
    job = start_training(window, home)
    found = {zoom: strokes(window, large, events, zoom) for zoom in BARE}
    bare = {zoom: bare_moves(zoom) for zoom in BARE}
    ended = job.state.ended
    studio.shut(window)
    if ended:
        raise SystemExit(f"the training ended while the brush was measured: {job.error}")
    tell(row(f"{WHAT}, no training", alone, judged="p99", note=f"{SIZE} px brush, 100 %"))
    for zoom, note in ((1.0, "100 %"), (0.0, "fitted")):
        more: dict[str, Any] = {"bar": BAR, "judged": "p99", "beside": bare[zoom], "note": note}
        tell(row(f"{WHAT}, while training runs", found[zoom], **more))
        same = f"a bare view beside the same training ({note})"
        tell(row(same, bare[zoom].values, judged="p99", peer=True))


def bare_moves(zoom: float) -> Reference:
    """The same mouse moves on a bare view, beside the same training."""
    import bare_brush

    return Reference("a bare view", bare_brush.moves(zoom, 500), BARE[zoom])


def put_items(window: StudioWindow) -> str:
    """Fill the board and give the id of the large picture."""
    import numpy as np
    import studio_window as studio
    from PySide6.QtCore import QPointF

    from aigc_studio.api import Image, Melody, Note, Text

    random = np.random.default_rng(0)
    large = np.full((SIDE, SIDE, 3), 235, np.uint8)
    large[::37] = random.integers(0, 256, (len(large[::37]), SIDE, 3))
    notes = tuple(Note(240 * n, 220, 60 + n % 12) for n in range(128))
    artifacts: list[tuple[Any, float, float]] = [
        (Image(large), 0, 0),
        (Image(random.integers(0, 256, (28, 28), dtype=np.uint8)), 200, -300),
        (Text("To be, or not to be, that is the question. " * 6), 500, -250),
        (Melody(notes), 900, -250),
    ]
    view: BoardView = window.board_area.view
    board = window.studio.project.board
    for artifact, x, y in artifacts:
        view.exchange.add_artifact(artifact, "Item", at=QPointF(x, y))
        studio.wait(partial(_has_more, board, len(board)), "an item")
    return stretch(window, board.items[0])


def _has_more(board: Board, count: int) -> bool:
    return len(board) > count


def stretch(window: StudioWindow, picture: Any) -> str:
    """Show the large picture pixel for pixel, its upper left corner in the middle of the board."""
    from dataclasses import replace

    from aigc_studio.project.commands import change_items

    whole = replace(picture, x=0, y=0, width=SIDE, height=SIDE)
    window.studio.do(change_items(window.studio.project.board, {picture.id: whole}, "scale"))
    return str(picture.id)


def start_training(window: StudioWindow, home: Path) -> Job:
    """A training of the digits that is well under way."""
    import digits
    import studio_window as studio

    record = window.studio.record(digits.GENERATOR)
    training = digits.new_training(home)
    store = window.studio.model_store
    job = window.studio.jobs.train(record, training, store, "under way", "Training")
    heard: list[bool] = []
    job.progress_changed.connect(lambda _progress: heard.append(True))
    studio.wait(lambda: bool(heard) or job.state.ended, "a training under way", 300)
    return job


def strokes(window: StudioWindow, id: str, events: int, zoom: float) -> list[float]:
    """Milliseconds of each mouse move, over strokes of 100; a `zoom` of 0 fits the picture."""
    import studio_window as studio

    from aigc_studio.ui.canvas import Brush, Tool

    view: BoardView = window.board_area.view
    view.set_tool(Tool.BRUSH)
    view.options.set_brush(Brush(size=SIZE))
    view.select([id])
    if zoom:
        view.set_zoom(zoom)
        view.centerOn(600, 400)
    else:
        view.fit()
    studio.turn(1.0)
    took: list[float] = []
    middle = view.viewport().rect().center()
    for number in range(math.ceil(events / 100)):
        took += stroke(view, middle.x() - 200, middle.y() - 100 + 40 * number % 200)
        studio.wait(lambda: view.board_scene.edits.idle, "the stroke's command")
        studio.turn(0.1)
    return took


def stroke(view: BoardView, x: float, y: float) -> list[float]:
    """One stroke of 100 moves at the pace of a mouse."""
    import studio_window as studio
    from PySide6.QtCore import QCoreApplication, QEvent, QPointF, Qt
    from PySide6.QtGui import QMouseEvent

    viewport, left = view.viewport(), Qt.MouseButton.LeftButton

    def send(kind: QEvent.Type, spot: QPointF) -> float:
        button = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseMove else left
        place = QPointF(viewport.mapToGlobal(spot))
        event = QMouseEvent(kind, spot, place, button, left, Qt.KeyboardModifier.NoModifier)
        start = time.perf_counter()
        QCoreApplication.sendEvent(viewport, event)
        QCoreApplication.sendPostedEvents()
        return (time.perf_counter() - start) * 1000

    send(QEvent.Type.MouseButtonPress, QPointF(x, y))
    took = []
    for n in range(100):
        spot = QPointF(x + 4 * n, y + 40 * math.sin(n / 9))
        took.append(send(QEvent.Type.MouseMove, spot))
        studio.turn(0.008)
    send(QEvent.Type.MouseButtonRelease, spot)
    return took


if __name__ == "__main__":
    main()
