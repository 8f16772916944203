"""A studio with the test plugins in its plugin folder, real workers and a real project."""

import shutil
import time
from pathlib import Path

import pytest

PLUGINS = Path(__file__).parents[1] / "plugins"


@pytest.fixture
def wait(qtbot):
    """Wait for something that another process does: generous, because the machine may be busy."""

    def until(condition) -> None:
        qtbot.waitUntil(condition, timeout=40_000)

    return until


@pytest.fixture
def add_plugins(home):
    """Copy test plugins into the person's plugin folder, as a person would."""

    def add(*names) -> None:
        folder = home / "data" / "plugins"
        folder.mkdir(parents=True, exist_ok=True)
        for name in names:
            shutil.copy(PLUGINS / f"{name}.py", folder / f"{Path(name).name}.py")

    return add


@pytest.fixture
def plugin_names(monkeypatch):
    """Only these plugins are described: the big ones take their time."""

    def only(*names) -> None:
        monkeypatch.setenv("AIGC_STUDIO_PLUGINS", ",".join(names))

    return only


@pytest.fixture
def studio(qtbot, add_plugins, plugin_names):
    """A Studio that knows the plugins spans, bars and echo."""
    from aigc_studio.ui.window.studio import Studio

    plugin_names("spans", "bars", "echo")
    add_plugins("spans", "bars", "echo")
    studio = Studio()
    studio.registry.refresh()
    yield studio
    if not studio.closed:
        studio.close()


@pytest.fixture
def blocks(qtbot):
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
def make_window(qtbot, studio):
    """A real window on the studio, shown and started up."""
    made = []

    def make(chosen="echo", size=(1024, 640)):
        from PySide6.QtWidgets import QApplication

        from aigc_studio.ui import theme
        from aigc_studio.ui.window import StudioWindow

        theme.apply(QApplication.instance(), "light")
        studio.settings.set_preference("warm_worker", False)
        window = StudioWindow(studio)
        qtbot.addWidget(window)
        window.resize(*size)
        window.show()
        qtbot.waitUntil(lambda: QApplication.activeWindow() is window)
        qtbot.waitUntil(lambda: studio.errands.under_way == 0, timeout=40_000)
        window.panel.choose(chosen)
        made.append(window)
        return window

    yield make
    for window in made:
        window.closing.allowed = True
        window.close()


@pytest.fixture
def window(make_window):
    return make_window()
