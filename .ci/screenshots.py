"""Make the pictures in the README: drive the real window as a person would, and grab it.

    python .ci/screenshots.py FOLDER

It works in a home folder of its own and needs no display. The picture of a training is of the
digits pack, which it fetches.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
SIZE = (1280, 800)
LOOKS = {
    "window-light": ("light", "en"),
    "window-dark": ("dark", "en"),
    "window-zh": ("light", "zh_CN"),
    "training": ("dark", "en"),
}


def wait_until(condition: Callable[[], object], seconds: float = 60) -> None:
    """Let the window live until the condition holds. Raises `TimeoutError`."""
    from PySide6.QtWidgets import QApplication

    due = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > due:
            raise TimeoutError(condition)
        QApplication.processEvents()
        time.sleep(0.005)


def rest(seconds: float) -> None:
    """Let the window live for a while."""
    due = time.monotonic() + seconds
    wait_until(lambda: time.monotonic() > due, seconds + 10)


class Person:
    """Somebody at the window, with a mouse and a keyboard."""

    def __init__(self, window: Any) -> None:
        self.window = window
        self.panel = window.panel
        self.strip = window.board_area.strip
        self.view = window.board_area.view

    def generate(self, words: str, count: int = 1, seed: int = 3) -> None:
        """Type, set seed and count, press Ctrl+Enter, and wait for the candidates."""
        from PySide6.QtCore import Qt
        from PySide6.QtTest import QTest

        self.panel.set_verb("generate")
        self.panel.use_seed(seed)
        page = self.panel.middle.page()
        page.prompt.setFocus()
        page.prompt.selectAll()
        page.prompt.insertPlainText(words)  # no key of QTest's is Chinese
        self.panel.middle.count.setValue(count)
        waiting = len(self.strip.ids())
        QTest.keyClick(page.prompt, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        wait_until(lambda: len(self.strip.ids()) > waiting)
        wait_until(lambda: not self.window.studio.jobs.under_way())
        # What grew becomes a candidate a turn after its job has ended.
        wait_until(lambda: not any(each.startswith("growing") for each in self.strip.ids()))

    def choose(self, generator: str) -> None:
        """Choose a generator as soon as it is there, and wait until it can be asked."""

        def is_chosen() -> bool:
            self.panel.choose(generator)
            return bool(self.panel.generator() == generator)

        wait_until(is_chosen)
        wait_until(lambda: self.panel.why_not() == "")

    def keep(self, generator: str, words: str, count: int = 1, seed: int = 3) -> None:
        """Have a generator make something, and take all of it onto the board."""
        self.choose(generator)
        self.generate(words, count, seed)
        self.accept_all()
        self.view.act("deselect")

    def accept_all(self) -> None:
        """Take every candidate onto the board."""
        self.strip.accepted.emit(self.strip.ids())
        wait_until(lambda: not self.strip.ids())

    def draw(self, strokes: list[list[tuple[float, float]]], centre: tuple[int, int]) -> None:
        """Draw strokes (points in 0 to 1) with the brush around a point of the view."""
        from PySide6.QtCore import QPoint, Qt
        from PySide6.QtTest import QTest

        self.view.act("tool_brush")
        place, left = self.view.viewport(), Qt.MouseButton.LeftButton
        for stroke in strokes:
            points = [
                QPoint(round(centre[0] + 180 * (x - 0.5)), round(centre[1] + 180 * (y - 0.5)))
                for x, y in stroke
            ]
            QTest.mousePress(place, left, pos=points[0])
            for point in points[1:]:
                QTest.mouseMove(place, point)
                rest(0.01)
            QTest.mouseRelease(place, left, pos=points[-1])
        rest(0.5)
        self.view.act("tool_move")


def main_job(window: Any, shot: Callable[[str], None]) -> None:
    """Keep faces, a text, a tune; ask for digits: it is taken with those waiting."""
    person = Person(window)
    person.keep("vae-faces", "beard, blond", count=3, seed=7)
    chinese = os.environ.get("AIGC_STUDIO_LANGUAGE", "").startswith("zh")  # its model is another
    person.keep("rnn-text", "春雨" if chinese else "The king", seed=2)
    person.keep("rnn-melody", "jig in D, 8 bars", seed=5)
    person.choose("gan-digits")
    person.generate("2024", count=5, seed=11)
    rest(1)
    person.view.fit()
    rest(1)
    person.view.zoom_out()  # room for the bar
    rest(1)
    shot("")


def training(window: Any, shot: Callable[[str], None]) -> None:
    """Train on the digits pack; the picture is taken while it learns."""
    from PySide6.QtWidgets import QApplication

    person = Person(window)
    wait_until(lambda: person.panel.why_not() == "")
    person.generate("2024", seed=11)
    person.accept_all()
    window.actions_by_name["train"].trigger()
    rest(2)
    dialog = next(w for w in QApplication.topLevelWidgets() if type(w).__name__ == "TrainDialog")
    dialog.page.by_steps.setChecked(True)
    dialog.page.steps.setValue(400)
    wait_until(dialog.page.accept.isEnabled)
    dialog.page.accept.click()
    wait_until(lambda: len(window.studio.jobs.trainings) == 1)
    rest(75)
    shot("")
    window.studio.jobs.trainings[0].cancel()
    rest(2)


def take(name: str, folder: Path) -> None:
    """Open the window with one look, do the main job, and grab it."""
    from aigc_studio import app, translation
    from aigc_studio.ui import theme

    scheme, language = LOOKS[name]
    if name == "training":
        fetch = [sys.executable, "-m", "aigc_studio", "data", "fetch", "digits"]
        subprocess.run(fetch, check=True)
    os.environ["AIGC_STUDIO_LANGUAGE"] = language
    application = app.make_application()
    translation.set_language(language)
    theme.apply(application, scheme)
    window = app.open_window(application, later=False)
    window.resize(*SIZE)

    def shot(suffix: str) -> None:
        path = folder / f"{name}{suffix}.png"
        window.grab().save(str(path))
        sys.stdout.write(f"{path}\n")

    (training if name == "training" else main_job)(window, shot)
    window.studio.project.close()
    window.studio.jobs.close()


def main() -> int:
    """Take one picture (`FOLDER NAME`), or all of them, each in a process of its own."""
    folder = Path(sys.argv[1]).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    if len(sys.argv) > 2:
        take(sys.argv[2], folder)
        sys.stdout.flush()
        os._exit(0)
    with tempfile.TemporaryDirectory() as home:
        variables = os.environ | {"AIGC_STUDIO_HOME": os.environ.get("AIGC_STUDIO_HOME", home)}
        for name in LOOKS:
            subprocess.run([sys.executable, __file__, folder, name], check=True, env=variables)
    return 0


if __name__ == "__main__":
    sys.exit(main())
