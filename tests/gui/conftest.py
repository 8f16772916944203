"""A studio with the test plugins in its plugin folder, real workers and a real project."""

import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from aigc_studio.ui.studio import Studio
from aigc_studio.ui.window import StudioWindow

PLUGINS = Path(__file__).parents[1] / "plugins"


@pytest.fixture
def wait(qtbot: QtBot) -> Callable[[Callable[[], Any]], None]:
    """Wait for something that another process does: generous, because the machine may be busy."""

    def until(condition: Callable[[], Any]) -> None:
        qtbot.waitUntil(condition, timeout=40_000)

    return until


@pytest.fixture
def add_plugins(home: Path) -> Callable[..., None]:
    """Copy test plugins into the person's plugin folder, as a person would."""

    def add(*names: str) -> None:
        folder = home / "data" / "plugins"
        folder.mkdir(parents=True, exist_ok=True)
        for name in names:
            shutil.copy(PLUGINS / f"{name}.py", folder / f"{Path(name).name}.py")

    return add


@pytest.fixture
def plugin_names(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Only these plugins are described: the big ones take their time."""

    def only(*names: str) -> None:
        monkeypatch.setenv("AIGC_STUDIO_PLUGINS", ",".join(names))

    return only


@pytest.fixture
def studio(
    qtbot: QtBot, add_plugins: Callable[..., None], plugin_names: Callable[..., None]
) -> Iterator[Studio]:
    """A Studio that knows the plugins spans, bars and echo."""
    from aigc_studio.ui.studio import Studio

    plugin_names("spans", "bars", "echo")
    add_plugins("spans", "bars", "echo")
    studio = Studio()
    studio.registry.refresh()
    yield studio
    if not studio.closed:
        studio.close()


@pytest.fixture
def blocks(qtbot: QtBot) -> Iterator[Any]:
    """The longest time between two turns of the event loop, in seconds, by a 10 ms timer."""
    from PySide6.QtCore import QTimer

    class Meter:
        longest = 0.0

        def __init__(self) -> None:
            self._last = time.perf_counter()
            self._timer = QTimer(interval=10)
            self._timer.timeout.connect(self._tick)
            self._timer.start()

        def _tick(self) -> None:
            now = time.perf_counter()
            self.longest = max(self.longest, now - self._last - 0.01)
            self._last = now

        def reset(self) -> None:
            self.longest, self._last = 0.0, time.perf_counter()

    meter = Meter()
    yield meter
    meter._timer.stop()


@pytest.fixture
def make_window(
    qapp: QApplication, qtbot: QtBot, studio: Studio
) -> Iterator[Callable[..., StudioWindow]]:
    """A real window on the studio, shown and started up."""
    made: list[StudioWindow] = []

    def make(chosen: str = "echo", size: tuple[int, int] = (1024, 640)) -> StudioWindow:

        from aigc_studio.ui import theme
        from aigc_studio.ui.window import StudioWindow

        theme.apply(qapp, "light")
        studio.settings.set_preference("warm_worker", False)
        window = StudioWindow(studio)
        qtbot.addWidget(window)
        window.resize(*size)
        window.show()
        qtbot.waitUntil(lambda: QApplication.activeWindow() is window)
        qtbot.waitUntil(lambda: window.beginning is not None, timeout=40_000)  # it was painted
        qtbot.waitUntil(lambda: studio.errands.under_way == 0, timeout=40_000)
        window.panel.choose(chosen)
        made.append(window)
        return window

    yield make
    for window in made:
        window.closing.allowed = True
        window.close()


@pytest.fixture
def window(make_window: Callable[..., StudioWindow]) -> StudioWindow:
    return make_window()
