"""How long the UI thread is ever held up, while a training and other plugins do what they do.

A timer of 10 ms ticks in the real window; what it is late by was spent in some event. The bare loop
runs in the same thread in between, so that it meets the same machine under the same work.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from references import Loops
from rows import row, tell
from surroundings import enter, new_home

if TYPE_CHECKING:
    from studio_window import BlockMeter

    from aigc_studio.ui.window import StudioWindow

BAR = 100.0
BAD = ("bad/loops_in_generate", "bad/sleeps_in_generate", "bad/crashes", "bad/exits")
HANG = 3.0
"""Seconds that a hanging plugin is left alone before it is cancelled."""


def main() -> None:
    """Measure and tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=10)
    arguments = parser.parse_args()
    with new_home() as home:
        enter(home, *BAD)
        measure(home, arguments.repeats)


def measure(home: Path, repeats: int) -> None:
    """Train in the real window, and beside it generate, hang and crash."""
    import digits
    import studio_window as studio

    name = digits.find_model(home)
    window = studio.open_studio()
    meter, loops = studio.BlockMeter(), Loops()

    def tell_gaps(what: str) -> None:
        tell_row(what, meter, loops)

    meter.take()
    studio.turn(8.0)
    tell_gaps("longest block of the UI thread in the first seconds after the first paint")
    studio.choose(window, digits.GENERATOR, name)
    studio.warm_up(window)
    training = digits.started(window, home)
    studio.wait(lambda: digits.at_its_steps(training), "the steps of a training")
    meter.take()
    for _n in range(repeats):
        generate(window)
    tell_gaps("longest block of the UI thread while training and generating")
    for _n in range(max(repeats // 4, 1)):
        hang(window, "loops-in-generate")
        hang(window, "sleeps-in-generate")
    tell_gaps("longest block of the UI thread when a plugin hangs and is cancelled")
    for _n in range(repeats):
        crash(window, "crashes")
        crash(window, "exits")
    tell_gaps("longest block of the UI thread when a plugin crashes")
    studio.shut(window)


def tell_row(what: str, meter: BlockMeter, loops: Loops) -> None:
    """A row of the gaps since the last one, beside a bare loop now."""
    import studio_window as studio

    gaps = meter.take()
    loops.take()
    studio.turn(0.05)  # the loops were a block as well, and no fault of the studio
    meter.take()
    longest = max(computed for _late, computed in gaps)
    note = f"how late a 10 ms timer is; the thread itself computed {longest:.0f} ms at most"
    late = [late for late, _computed in gaps]
    tell(row(what, late, bar=BAR, judged="worst", beside=loops.reference(), note=note))


def generate(window: StudioWindow) -> None:
    """16 digits, all accepted, then undone: results, journal, board and canvas take part."""
    import studio_window as studio

    studio.press_generate(window, "2024", 16)
    until_ended(window)
    studio.wait(lambda: len(window.board_area.strip.ids()) >= 16, "16 candidates")
    window.session.accept(window.board_area.strip.ids())
    studio.turn(0.5)
    window.studio.history.stack.undo()
    studio.turn(0.2)
    studio.clear_candidates(window)


def hang(window: StudioWindow, generator: str) -> None:
    """Ask a plugin that never ends, and cancel after a while."""
    import studio_window as studio

    studio.choose(window, generator)
    studio.press_generate(window, "x", 1)
    studio.turn(HANG)
    window.session.cancel()
    until_ended(window)
    studio.clear_candidates(window)


def crash(window: StudioWindow, generator: str) -> None:
    """Ask a plugin whose process dies."""
    import studio_window as studio

    studio.choose(window, generator)
    studio.press_generate(window, "x", 1)
    until_ended(window)
    studio.turn(0.2)
    studio.clear_candidates(window)


def until_ended(window: StudioWindow) -> None:
    """Let the window live until the newest job has ended."""
    import studio_window as studio

    studio.wait(lambda: studio.last_job(window).state.ended, "the end of a job")


if __name__ == "__main__":
    main()
