"""Hearing at the window: from Space to the sound, how steadily the line moves, what it costs.

The true window and the true player, on the null device. The tune is on the board and selected, as
somebody has just clicked it. Frames are those of the line: one is late when the window was busy.
"""

from __future__ import annotations

import argparse
import itertools
import os
import random
import time
from functools import partial
from typing import TYPE_CHECKING

from rows import row, tell
from surroundings import enter, new_home

if TYPE_CHECKING:
    from aigc_studio.ui.window import StudioWindow


def main() -> None:
    """Measure and tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=10.0, help="of playback")
    arguments = parser.parse_args()
    os.environ["AIGC_STUDIO_AUDIO"] = "null"
    with new_home() as home:
        enter(home)
        from studio_window import open_studio

        window = open_studio()
        for count in (48, 10_000):
            lay(window, count)
            starting(window, count, arguments.repeats)
            going_on(window, count, arguments.seconds)
        window.closing.allowed = True
        window.close()
        window.studio.close()


def lay(window: StudioWindow, count: int) -> None:
    """A tune of so many notes alone on the board, selected and in sight."""
    from PySide6.QtCore import QPointF
    from studio_window import wait

    from aigc_studio.api import Melody, Note
    from aigc_studio.ui.listening import ear

    view, board = window.board_area.view, window.studio.project.board
    view.commands.select_all()
    view.commands.delete()
    chance = random.Random(count)
    pitches = [50 + chance.randrange(30) for _number in range(count)]
    notes = tuple(Note(n * 240, 220, pitch) for n, pitch in enumerate(pitches))
    view.exchange.add_artifact(Melody(notes, program=40), "Tune", QPointF(0, 0))
    wait(lambda: len(board) == 1, "the tune")
    view.select([board.items[0].id])
    view.fit_selection()
    view.setFocus()
    ear().prepare()
    wait(lambda: bool(window.board_area.hearing.bar.isVisible()), "the bar over it")
    rest(1.5)


def starting(window: StudioWindow, count: int, repeats: int) -> None:
    """From the key to the first sample that the device takes, and the window's part of it."""
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest
    from studio_window import wait

    from aigc_studio.ui.listening import ear

    keys, firsts = [], []
    for _number in range(repeats):
        began = time.perf_counter()
        QTest.keyClick(window.board_area.view, Qt.Key.Key_Space)
        keys.append((time.perf_counter() - began) * 1000)
        moves: list[float] = []
        ear().moved.connect(moves.append)
        wait(partial(more_than_two, moves), "the line")
        rest(0.2)
        ear().moved.disconnect(moves.append)
        firsts.append(keys[-1] + ear().figures.get("first", 0.0))
        ear().stop()
        rest(0.1)
    tell(row(f"playing: {count:,} notes, Space to the first sample", firsts, "ms", bar=150))
    tell(row(f"playing: {count:,} notes, the window's part of it", keys, "ms", bar=16))


def more_than_two(moves: list[float]) -> bool:
    """Whether the line goes."""
    return len(moves) > 2


def going_on(window: StudioWindow, count: int, seconds: float) -> None:
    """How long the window took between two places of the line, and how far these lay apart."""
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest

    from aigc_studio.ui.listening import ear

    places: list[tuple[float, float]] = []
    QTest.keyClick(window.board_area.view, Qt.Key.Key_Space)
    rest(0.5)

    def note(tick: float) -> None:
        places.append((time.perf_counter(), tick))

    ear().moved.connect(note)
    rest(seconds)
    ear().moved.disconnect(note)
    late = ear().figures.get("late", 0.0)
    ear().stop()
    pairs = list(itertools.pairwise(places))
    gaps = [(now[0] - before[0]) * 1000 for before, now in pairs]
    tell(row(f"playing: {count:,} notes, between two frames of the line", gaps, "ms", bar=20))
    pace = 960.0  # ticks a second of this tune
    off = [abs((now[1] - before[1]) / pace * 1000 - 16) for before, now in pairs]
    tell(row(f"playing: {count:,} notes, how far a step of the line is off", off, "ms"))
    tell(row(f"playing: {count:,} notes, late buffers", [late], "", bar=0.5, judged="worst"))


def rest(seconds: float) -> None:
    """Let the window go on."""
    from PySide6.QtTest import QTest

    QTest.qWait(round(seconds * 1000))


if __name__ == "__main__":
    main()
