"""What is measured beside the studio in the same run: bare things that do work of the same kind.

Each has the median that it took, quiet, on the machine on which the bars were set: two cores of a
Xeon, of the same kind as in docs/benchmarks.md, on the day of the bars.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from rows import Reference
from surroundings import ROOT, environment

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

WINDOW = 0.135
"""Seconds from process start to the first paint of a bare main window with three docks."""

LOOP = 12.0
"""Milliseconds of `loop`."""

NET = """
import sys, time
from aigc_studio.api import GenerateRequest
from aigc_studio.library import ModelStore
sys.path.append(sys.argv[1])
from gan_digits.generating import generate_pictures
model = ModelStore().list("gan-digits")[0].folder
count = int(sys.argv[2])
def draw():
    began = time.perf_counter()
    for _event in generate_pictures(GenerateRequest(prompt="3", seed=1, count=count, model=model)):
        pass
    return (time.perf_counter() - began) * 1000
for _n in range(5):
    draw()
for _n in range(int(sys.argv[3])):
    time.sleep(0.05)
    print(draw())
"""


def loop(clock: Callable[[], float] = time.perf_counter) -> float:
    """Milliseconds of a bare loop that does what a window's thread does: values, JSON, painting.

    Nothing of the studio is in it, and Qt paints in software, as it does offscreen. `clock` is the
    one that the figures beside it were taken by.
    """
    from PySide6.QtCore import QRectF
    from PySide6.QtGui import QColor, QImage, QPainter

    began = clock()
    values = [{"id": f"i{n}", "x": n * 1.5, "y": n * 2.5, "name": f"Item {n}"} for n in range(1200)]
    text = "\n".join(json.dumps(each, sort_keys=True) for each in values)
    hashlib.sha256(text.encode()).hexdigest()
    found = sorted((json.loads(line) for line in text.splitlines()), key=lambda each: each["name"])
    picture = QImage(1280, 800, QImage.Format.Format_ARGB32_Premultiplied)
    picture.fill(QColor("white"))
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for each in found:
        painter.fillRect(QRectF(each["x"] % 1200, each["y"] % 700, 24, 18), QColor(60, 90, 200, 90))
        painter.drawEllipse(QRectF(each["x"] % 1200, each["y"] % 700, 12, 12))
    painter.end()
    return (clock() - began) * 1000


class Loops:
    """A bare loop, taken now and then while the studio is measured: both meet one machine."""

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        self.values: list[float] = []
        self._clock = clock
        loop()  # the first one loads fonts and libraries

    def take(self, times: int = 5) -> None:
        """A few more rounds of it."""
        self.values += [loop(self._clock) for _n in range(times)]

    def reference(self) -> Reference:
        """What stands in a row."""
        return Reference("a bare loop", self.values, LOOP)


def net_alone(home: Path, count: int, usual: float, repeats: int = 20) -> Reference:
    """Milliseconds that the net of the digits takes alone, warm, in a process of its own."""
    words = [sys.executable, "-c", NET, str(ROOT / "plugins"), str(count), str(repeats)]
    variables = environment(home, OMP_NUM_THREADS="1")
    done = subprocess.run(words, env=variables, stdout=subprocess.PIPE, check=True, text=True)
    return Reference("the net alone", [float(line) for line in done.stdout.split()], usual)


def window(values: Sequence[float]) -> Reference:
    """The bare window, in seconds."""
    return Reference("a bare window", values, WINDOW)
