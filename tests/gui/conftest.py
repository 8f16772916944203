"""A studio with the test plugins in its plugin folder, real workers and a real project."""

import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from weakref import WeakSet

import pytest
import shiboken6
from described import PLUGINS, describe_once, find_packages_once
from gui.waiting import wait_at_once, wait_until
from kinds import there
from PySide6.QtCore import QCoreApplication, QEvent, Qt, QTimer
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from stray_windows import none_is_shown
from thread_workers import Script, thread_workers
from thread_workers import script as played

from aigc_studio.ui.settings import Settings
from aigc_studio.ui.studio import Studio
from aigc_studio.ui.window import StudioWindow


@pytest.fixture(autouse=True)
def processes(request: pytest.FixtureRequest) -> Iterator[Callable[[], None]]:
    """Workers are threads (`thread_workers`): call it, or mark the test, for true processes."""
    with ExitStack() as stack:
        if request.node.get_closest_marker("processes") is None:
            stack.enter_context(thread_workers())
        yield stack.close


# 5 s are little where several processes have the cores: what is waited for comes, or never does.
for _waiting in (QtBot.waitSignal, QtBot.waitSignals):
    there(_waiting.__kwdefaults__)["timeout"] = 40_000
wait_at_once()


@pytest.fixture(scope="session", autouse=True)
def no_stray_windows() -> Iterator[None]:
    """Nothing of the studio is shown before it has its place in a window."""
    with none_is_shown():
        yield


@pytest.fixture(scope="session")
def style_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the pictures of the style sheet are, for all tests."""
    return tmp_path_factory.mktemp("style")


@pytest.fixture(autouse=True)
def one_style_sheet(style_folder: Path, around: pytest.MonkeyPatch) -> None:
    """A sheet that names a folder of this test would be read and put on anew: 0.1 s a window."""
    around.setattr("aigc_studio.ui.style_sheet._folder", lambda: style_folder)


@pytest.fixture(autouse=True)
def described_once(request: pytest.FixtureRequest, around: pytest.MonkeyPatch) -> None:
    """A test plugin is asked once for its description, and each window's Studio told it."""
    if request.node.get_closest_marker("processes") is None:
        describe_once(around)
    find_packages_once(around)


@pytest.fixture(autouse=True)
def settings_at_rest(around: pytest.MonkeyPatch) -> Iterator[None]:
    """What settings would write half a second later is not waited for when a test is over."""
    made: WeakSet[Settings] = WeakSet()
    begin = Settings.__init__

    def noted(settings: Settings, *words: Any, **named: Any) -> None:
        begin(settings, *words, **named)
        made.add(settings)

    around.setattr(Settings, "__init__", noted)
    yield
    for settings in filter(shiboken6.isValid, made):
        settings._timer.stop()


class _Sink(QWidget):
    """Takes what the mouse does."""

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()


@pytest.fixture(autouse=True)
def patient(around: pytest.MonkeyPatch) -> None:
    """A disk of this machine answers, however busy it is; `dead_drive` has one that does not."""
    around.setattr("aigc_studio.jobs.drives.PATIENCE", 40.0)


@pytest.fixture(autouse=True)
def own_path() -> Iterator[None]:
    """Workers are threads here: what they put on the path of Python goes with the test, or what it
    installed would lie in the Python of those that come after."""
    before = list(sys.path)
    yield
    sys.path[:] = before


@pytest.fixture(autouse=True)
def buttons_let_go() -> Iterator[None]:
    """QTest holds a button that a test did not let go for all that follow it in the process: a
    slider, for one, takes no press while another button is down."""
    yield
    if QApplication.instance() is not None:
        sink = _Sink()
        for button in (
            Qt.MouseButton.LeftButton,
            Qt.MouseButton.RightButton,
            Qt.MouseButton.MiddleButton,
        ):
            QTest.mouseRelease(sink, button)
        sink.deleteLater()


@pytest.fixture(autouse=True)
def windows_gone() -> Iterator[None]:
    """What a test has closed is gone before the next one begins: the style sheet would be taken off
    and put on all of it with each new window, which costs as much as for the new one."""
    yield
    if QApplication.instance() is not None:
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def wait(qtbot: QtBot) -> Callable[[Callable[[], Any]], None]:
    """Wait for something that another process does: generous, because the machine may be busy."""

    def until(condition: Callable[[], Any]) -> None:
        qtbot.waitUntil(condition, timeout=40_000)

    return until


@pytest.fixture
def add_plugins(home: Path, processes: Callable[[], None]) -> Callable[..., None]:
    """Copy test plugins into the person's plugin folder, as a person would.

    What crashes, sleeps and hangs gets processes.
    """

    def add(*names: str) -> None:
        folder = home / "data" / "plugins"
        folder.mkdir(parents=True, exist_ok=True)
        if any(name.startswith("bad/") for name in names):
            processes()
        for name in names:
            shutil.copy(PLUGINS / f"{name}.py", folder / f"{Path(name).name}.py")

    return add


@pytest.fixture
def plugin_names(around: pytest.MonkeyPatch) -> Callable[..., None]:
    """Only these plugins are described: the big ones take their time."""

    def only(*names: str) -> None:
        around.setenv("AIGC_STUDIO_PLUGINS", ",".join(names))

    return only


@pytest.fixture
def script() -> Script:
    """What the plugin `scripted` does, which is there then besides the others."""
    played.lines.clear()
    played.requests.clear()
    return played


@pytest.fixture
def studio(
    request: pytest.FixtureRequest,
    qtbot: QtBot,
    add_plugins: Callable[..., None],
    plugin_names: Callable[..., None],
) -> Iterator[Studio]:
    """A Studio that knows the plugins spans, bars and echo."""
    from aigc_studio.ui.studio import Studio

    names = ["spans", "bars", "echo"] + ["scripted"] * ("script" in request.fixturenames)
    plugin_names(*names)
    add_plugins(*names)
    studio = Studio()
    studio.registry.refresh()
    yield studio
    if not studio.closed:
        studio.close()


@pytest.fixture
def blocks(qtbot: QtBot) -> Iterator[Any]:
    """The longest time between two turns of the event loop, in seconds, by a 10 ms timer."""

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


def _settle(window: StudioWindow) -> None:
    """Wait until a window has the keyboard, was painted, and knows what is installed."""

    def rests() -> bool:
        active = QApplication.activeWindow() is window
        return active and window.beginning is not None and not window.studio.errands.under_way

    wait_until(rests, 40_000)


@pytest.fixture
def make_window(
    qapp: QApplication, qtbot: QtBot, studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., StudioWindow]]:
    """A real window on the studio, shown and started up."""
    made: list[StudioWindow] = []

    def make(chosen: str = "echo", size: tuple[int, int] = (1024, 640)) -> StudioWindow:

        from aigc_studio.ui import theme
        from aigc_studio.ui.window import StudioWindow

        theme.apply(qapp, "light")
        # One is what most tests are about; that four are made without this is a test of its own.
        for record in studio.registry.records:
            if record.description is not None:
                studio.settings.remember({"count": 1}, "count", record.description.id)
        # The panel begins with it: a form of another would be made first, and thrown away.
        studio.settings.remember({"generator": chosen}, "panel")
        studio.settings.set_preference("warm_worker", False)
        # No process for sound where sound is not what a test is about.
        for name in ("play_new", "touch_sound"):
            studio.settings.set_preference(name, False)
        with theme.undressed():
            window = StudioWindow(studio)
            qtbot.addWidget(window)
            window.resize(*size)
        window.show()
        _settle(window)
        window.panel.choose(chosen)
        made.append(window)
        return window

    yield make
    # Nobody reads any more what a window writes of itself as it closes, and Qt waits for the disk.
    monkeypatch.setattr(Settings, "save", lambda settings: settings._timer.stop())
    for window in made:
        window.closing.allowed = True
        window.close()


@pytest.fixture
def window(make_window: Callable[..., StudioWindow]) -> StudioWindow:
    return make_window()
