"""A photograph of 4000×3000 in the real window: a mask dragged, the frame made anew, put back.

    python tests/benchmarks/large_edit.py --repeats 5

The model is the toy plugin `pixels`, which takes no time: what is measured is the studio alone.
Beside it stands what Pillow takes to cut, enlarge, paste and hash the same picture.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rows import Reference, row, tell
from surroundings import PLUGINS, enter, new_home

if TYPE_CHECKING:
    import numpy as np

    from aigc_studio.project import Item
    from aigc_studio.ui.window import StudioWindow

WIDTH, HEIGHT = 4000, 3000
FRAME = {"width": 64, "height": 64, "mode": "RGB", "margin": 0.5}
HOLE = (1400, 900, 2500, 2000)
"""Left, top, right and bottom of what is made anew, in pixels of the picture."""
SECONDS, MEGABYTES = 1.0, 600.0
BARE = 0.25
"""Seconds that Pillow took where the bars were set."""


def main() -> None:
    """Measure and tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=5)
    arguments = parser.parse_args()
    with new_home() as home:
        enter(home, "pixels")
        publish(home)
        measure(home, arguments.repeats)


def publish(home: Path) -> None:
    """A model of the toy plugin that eats colour pictures of 64×64."""
    from aigc_studio.library import ModelStore

    spec = importlib.util.spec_from_file_location("pixels_model", PLUGINS / "pixels.py")
    if spec is None or spec.loader is None:
        raise SystemExit("tests/plugins/pixels.py is not there")
    pixels = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(pixels)
    pixels.MeanPicture().save(home / "step-000000001", {"step": 1, "seconds": 1.0})
    ModelStore().publish(home / "step-000000001", "mean", {"generator": "pixels", "frame": FRAME})


def photograph() -> np.ndarray[Any, Any]:
    """Soft shapes with a grain over them: nothing of it can be left out."""
    import numpy as np
    from PIL import Image as Pillow

    dice = np.random.default_rng(1)
    small = dice.integers(30, 220, (30, 40, 3)).astype(np.uint8)
    large = np.asarray(Pillow.fromarray(small).resize((WIDTH, HEIGHT), Pillow.Resampling.BICUBIC))
    grain = dice.integers(-6, 7, (HEIGHT, WIDTH, 1), np.int8)
    found: np.ndarray[Any, Any] = np.clip(large + grain.astype(np.int16), 0, 255).astype(np.uint8)
    return found


def measure(home: Path, repeats: int) -> None:
    """The whole way, each time on a picture as it was."""
    import studio_window as studio

    from aigc_studio.jobs import resident_bytes

    window = studio.open_studio()
    window.resize(1280, 800)
    studio.wait(lambda: "mean" in [each.name for each in window.studio.models], "the model")
    studio.turn(4.0)
    put(window)
    meter = studio.BlockMeter()
    held: list[float] = []
    made, kept = [], []
    for number in range(repeats + 1):
        meter.take()
        drag_mask(window)
        choose(window, seed=number)
        made.append(timed(window, lambda: press(window), lambda: bool(window.session.waiting)))
        held.append(resident_bytes() / 1e6)
        before = picture(window).content
        kept.append(
            timed(
                window,
                lambda: window.session.accept([each.id for each in window.session.waiting]),
                lambda before=before: picture(window).content != before,  # type: ignore[misc]
            )
        )
        held.append(resident_bytes() / 1e6)
        blocked = max(computed for _late, computed in meter.take())
        if number < repeats:
            window.studio.history.stack.undo()
            studio.turn(0.5)
            # What was kept waits again.
            studio.clear_candidates(window)
        studio.wait(lambda: studio.idle(window), "rest")
        studio.turn(0.5)
    check(window)
    studio.shut(window)
    beside = Reference("Pillow alone", [bare() for _n in range(repeats)], BARE)
    whole = [one + other for one, other in zip(made[1:], kept[1:], strict=True)]
    what = f"a photograph of {WIDTH}×{HEIGHT}, a part made anew"
    note = "the model takes no time; the first time starts its worker and is left out"
    tell(
        row(
            f"{what}: button to painted, and kept",
            whole,
            "s",
            bar=SECONDS,
            beside=beside,
            note=note,
        )
    )
    tell(row(f"{what}: button to the painted candidate", made[1:], "s", beside=beside))
    tell(row(f"{what}: kept to painted", kept[1:], "s", beside=beside))
    tell(row(f"{what}: longest block of the UI thread", [blocked], "ms"))
    tell(row(f"{what}: memory of the window", held, "MB", bar=MEGABYTES, judged="worst"))


def put(window: StudioWindow) -> None:
    """The photograph on the board, selected."""
    import studio_window as studio

    from aigc_studio.api import Image
    from aigc_studio.project import Item, commands

    project = window.studio.project
    content = project.store.put(Image(photograph()))
    item = Item(project.board.new_ids(1)[0], "Photograph", content, 0, 0, WIDTH, HEIGHT)
    window.studio.do(commands.add_items(project.board, [item]))
    window.board_area.view.select([item.id])
    window.board_area.view.fit()
    studio.turn(2.0)


def picture(window: StudioWindow) -> Item:
    """The photograph as it is now."""
    return window.studio.project.board.items[0]


def drag_mask(window: StudioWindow) -> None:
    """A rectangle over the hole, with the mouse."""
    import studio_window as studio
    from PySide6.QtCore import QPoint, QPointF, Qt
    from PySide6.QtTest import QTest

    from aigc_studio.ui.canvas import Tool

    view = window.board_area.view
    view.set_tool(Tool.RECTANGLE)
    left, top, right, bottom = HOLE
    ends = [view.mapFromScene(QPointF(*end)) for end in ((left, top), (right, bottom))]
    port = view.viewport()
    QTest.mousePress(port, Qt.MouseButton.LeftButton, pos=ends[0])
    for part in range(1, 11):
        step = ends[0] + (ends[1] - ends[0]) * (part / 10)
        QTest.mouseMove(port, QPoint(round(step.x()), round(step.y())))
    QTest.mouseRelease(port, Qt.MouseButton.LeftButton, pos=ends[1])
    edits = window.board_area.view.board_scene.edits
    # The one of the time before is there meanwhile.
    studio.wait(lambda: picture(window).mask is not None and edits.idle, "the mask")
    studio.turn(0.5)


def choose(window: StudioWindow, seed: int) -> None:
    """The toy's operation that fills a mask."""
    from aigc_studio.ui.prompt.values import Prompt

    window.panel.set_prompt(
        Prompt(generator="pixels", operation="fill", verb="edit", model="mean", count=1, seed=seed)
    )
    if window.panel.why_not():
        raise SystemExit(window.panel.why_not())


def press(window: StudioWindow) -> None:
    """The main button."""
    window.panel.run()


def timed(window: StudioWindow, act: Callable[[], object], done: Callable[[], bool]) -> float:
    """Seconds from an act until it is done and painted."""
    import studio_window as studio

    began = time.perf_counter()
    act()
    studio.wait(done, "an end")
    window.board_area.view.viewport().repaint()
    return time.perf_counter() - began


def check(window: StudioWindow) -> None:
    """What is on the board at the end: all outside the mask as it was, all inside anew."""
    import numpy as np

    from aigc_studio.api import Image

    store, item = window.studio.project.store, picture(window)
    image, before = store.get(item.content), photograph()
    if not isinstance(image, Image):
        raise SystemExit("no picture came back")
    changed = (image.pixels != before).any(axis=2)
    inside = changed[HOLE[1] + 20 : HOLE[3] - 20, HOLE[0] + 20 : HOLE[2] - 20].mean()
    rows, columns = (np.flatnonzero(changed.any(axis=axis)) for axis in (1, 0))
    reach = (columns[0], rows[0], columns[-1] + 1, rows[-1] + 1)
    if inside < 0.95 or max(abs(a - b) for a, b in zip(reach, HOLE, strict=True)) > 8:
        raise SystemExit(f"not what was asked for: {inside:.2f} changed inside, all within {reach}")


def bare() -> float:
    """Seconds of the same with Pillow alone: cut, make smaller, enlarge, paste, and hash it."""
    from PIL import Image as Pillow

    whole = Pillow.fromarray(photograph())
    left, top, right, bottom = HOLE
    began = time.perf_counter()
    small = whole.crop(HOLE).resize((64, 64), Pillow.Resampling.BOX)
    whole.paste(small.resize((right - left, bottom - top), Pillow.Resampling.BICUBIC), (left, top))
    hashlib.sha256(whole.convert("RGBA").tobytes()).hexdigest()
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
