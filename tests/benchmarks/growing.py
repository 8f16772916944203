"""From a letter that is yielded to the letter on screen: of a new text, in a part of a long one.

The plugin writes down in its text when it yielded it; the window is asked after each paint of the
board which text it shows. What gave way to a newer one is not counted: it was never to be seen.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QTimer
from references import Loops
from rows import row, tell
from surroundings import enter, new_home, plugin_folder

if TYPE_CHECKING:
    from aigc_studio.ui.window import StudioWindow

LETTERS = 20
LONG = 1_000_000
MARK = "@"
PLUGIN = f"""
import time
from aigc_studio.api import *

@hookimpl
def describe():
    return Description(id="typist", title="Typist", medium=Text, operations=(
        Operation(id="write", verb="generate", title="Write"),
        Operation(id="rewrite", verb="edit", title="Rewrite", artifacts=1, selection="required"),
    ))

def typed(part):
    words = ""
    for letter in range({LETTERS}):
        time.sleep(0.05)
        words += "letter "
        yield Partial(Text(words + "{MARK}" + repr(time.time()) + "{MARK}"), part=part)
    yield Candidate(Text(words), part=part)

@hookimpl
def generate(request):
    yield from typed(False)

@hookimpl
def edit(request):
    yield from typed(True)
"""


class Looker(QObject):
    """Looks at the board after each paint: milliseconds since what it shows was yielded."""

    def __init__(self, window: StudioWindow) -> None:
        super().__init__()
        self._stage = window.board_area.view.stage
        self._seen: set[float] = set()
        self.firsts: list[float] = []
        self.others: list[float] = []
        self._is_first = True
        window.board_area.view.viewport().installEventFilter(self)

    def begin(self) -> None:
        """Another text is asked for."""
        self._is_first = True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The board is painted: look once that is done."""
        if event.type() == QEvent.Type.Paint:
            QTimer.singleShot(0, self._look)
        return False

    def _look(self) -> None:
        item = self._stage.item
        words = (item.words() or "") if item is not None else ""
        _before, mark, rest = words.partition(MARK)
        if not mark:
            return
        yielded = float(rest.split(MARK)[0])
        if yielded in self._seen:
            return
        self._seen.add(yielded)
        (self.firsts if self._is_first else self.others).append((time.time() - yielded) * 1000)
        self._is_first = False


def main() -> None:
    """Measure and tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=30)
    arguments = parser.parse_args()
    with new_home() as home:
        enter(home)
        (plugin_folder(home) / "typist.py").write_text(PLUGIN, "utf-8")
        measure(home, arguments.repeats)


def measure(home: Path, repeats: int) -> None:
    """Both in one window, warm."""
    import studio_window as studio

    window = studio.open_studio()
    studio.choose(window, "typist")
    window.panel.middle.count.setValue(1)
    write(window)
    new = Looker(window)
    loops = Loops()
    for _time in range(repeats):
        write(window, new)
        loops.take(1)
    studio.clear_candidates(window)
    lay_long(window)
    part, blocks = Looker(window), studio.BlockMeter()
    for _time in range(max(repeats // 3, 1)):
        rewrite(window, part)
    late = [gap for gap, _computed in blocks.take()]
    studio.shut(window)
    beside = loops.reference()
    tell(row("first letter yielded to painted", new.firsts, bar=100, judged="p95", beside=beside))
    tell(row("each letter after it", new.others, bar=100, judged="p95", beside=beside))
    what = "a letter in a text of 1 MB"
    tell(row(what, part.firsts + part.others, bar=100, judged="p95", beside=beside))
    tell(row(f"{what}: the window late for a timer", late, bar=100, judged="worst", beside=beside))


def write(window: StudioWindow, looker: Looker | None = None) -> None:
    """Have a new text written to its end, and throw it away."""
    import studio_window as studio

    if looker is not None:
        looker.begin()
    studio.press(window)
    studio.wait(lambda: studio.idle(window), "the end of a text")
    studio.clear_candidates(window)


def lay_long(window: StudioWindow) -> None:
    """Lay a long text on the board, and select three words in the middle of it."""
    import studio_window as studio

    from aigc_studio.api import Span, Text
    from aigc_studio.project import Item, commands

    project = window.studio.project
    text = Text(("as long as a text may be that somebody reads in a day or two. " * LONG)[:LONG])
    item = Item("long", "Long", project.store.put(text), 0, 0, 320, 640)
    window.studio.do(commands.add_items(project.board, [item]))
    view = window.board_area.view
    view.select([item.id])
    view.board_scene.set_part(item.id, Span(LONG // 2, LONG // 2 + 3))
    window.panel.set_verb("edit")
    studio.turn(1.0)


def rewrite(window: StudioWindow, looker: Looker) -> None:
    """Have the selected words rewritten, and throw that away."""
    import studio_window as studio

    looker.begin()
    studio.press(window)
    studio.wait(lambda: studio.idle(window), "the end of a part")
    studio.clear_candidates(window)


if __name__ == "__main__":
    main()
