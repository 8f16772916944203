"""What the start costs: nothing heavy before the first paint, torch never, no lost references."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu, QMessageBox
from pytestqt.qtbot import QtBot

from aigc_studio import app
from aigc_studio.ui.window import StudioWindow

ROOT = Path(__file__).parents[3]
MODULES = 230
"""Our own modules, at most, before the window is whole."""
OUTLINE = 40
"""Our own modules, at most, before its outline is painted."""


def run(code: Any, home: Path, **more: Any) -> Any:
    environment = dict(os.environ) | {
        "AIGC_STUDIO_HOME": str(home),
        "QT_QPA_PLATFORM": "offscreen",
        "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'plugins'}",
        **more,
    }
    return subprocess.run(
        [sys.executable, "-c", code] if code else [sys.executable, "-m", "aigc_studio"],
        env=environment, capture_output=True, text=True, timeout=80, check=False,
    )  # fmt: skip


def menus_of(window: StudioWindow) -> list[QMenu]:
    """The menus in the menu bar."""
    found = (action.menu() for action in window.menuBar().actions())
    return [menu for menu in found if isinstance(menu, QMenu)]


def test_before_the_first_paint_only_qt_and_the_standard_library_are_imported(home: Path) -> None:
    done = run("", home, AIGC_STUDIO_MEASURE="1")
    assert done.returncode == 0, done.stderr
    measured = json.loads(done.stderr.strip().splitlines()[-1])
    assert measured["modules"] == []
    assert 0 < measured["first_paint_ms"] < measured["whole_ms"] < 60_000


def test_a_cached_plugin_record_costs_no_heavy_import_either(home: Path) -> None:
    code = """
from aigc_studio.host import Registry
Registry().refresh()
"""
    assert run(code, home, AIGC_STUDIO_PLUGINS="gan-digits").returncode == 0
    done = run("", home, AIGC_STUDIO_MEASURE="1")
    measured = json.loads(done.stderr.strip().splitlines()[-1])
    assert measured["modules"] == []


def test_the_outline_waits_for_nothing_that_is_in_the_window(home: Path) -> None:
    code = """
import os, sys
from aigc_studio import app
application = app.make_application()
window = app.open_window(application)
def painted():
    ours = [name for name in sys.modules if name.startswith("aigc_studio")]
    print(len(ours), len(window.menuBar().actions()))
    print(*[name for name in ours if name.startswith(("aigc_studio.project", "aigc_studio.jobs"))])
    sys.stdout.flush()
    os._exit(0)
window.first_painted.connect(painted)
application.exec()
"""
    done = run(code, home)
    (modules, menus), *there = (line.split() for line in done.stdout.splitlines())
    assert there == [[]], done.stderr
    assert int(modules) <= OUTLINE
    assert int(menus) >= 9  # they do not come one by one later


def test_what_comes_into_the_outline_is_what_a_window_is_built_with(
    qtbot: QtBot, window: StudioWindow
) -> None:
    later = StudioWindow(later=True)
    qtbot.addWidget(later)
    later.resize(window.size())
    with qtbot.waitSignal(later.filled):
        later.show()
    qtbot.waitUntil(lambda: later.beginning is not None and not later.studio.errands.under_way)
    menus, there = (
        [(menu.title(), [each.text() for each in menu.actions()]) for menu in menus_of(one)]
        for one in (later, window)
    )
    assert menus == there
    places, wanted = (
        [one.panel.geometry(), one.rail.geometry(), one.board_area.geometry(), one.status.size()]
        for one in (later, window)
    )
    assert places == wanted
    later.closing.allowed = True
    later.close()


def test_one_that_is_closed_before_it_is_filled_just_goes(qtbot: QtBot) -> None:
    later = StudioWindow(later=True)
    qtbot.addWidget(later)
    assert later.close()


def test_the_first_paint_waits_for_nothing_of_the_first_screen(home: Path) -> None:
    code = """
import os, sys
from aigc_studio import app
application = app.make_application()
window = app.open_window(application)
def painted():
    late = ("aigc_studio.ui.first", "aigc_studio.ui.window.beginning", "aigc_studio.ui.window.tour")
    found = [name for name in sys.modules if name.startswith(late)]
    print(sorted(found))
    sys.stdout.flush()
    os._exit(0)
window.filled.connect(painted)
application.exec()
"""
    done = run(code, home)
    assert done.stdout.strip() == "[]", done.stderr


def test_the_first_paint_waits_for_no_module_that_shows_nothing_yet(home: Path) -> None:
    code = """
import linecache, os, sys
from aigc_studio import app
app.tune_interpreter()
application = app.make_application()
window = app.open_window(application)
def painted():
    print(*[name for name in sys.modules if name.startswith("aigc_studio")])
    print(*[path for path in linecache.cache if "aigc_studio" in path])
    sys.stdout.flush()
    os._exit(0)
window.filled.connect(painted)
application.exec()
"""
    done = run(code, home)
    imported, read = (line.split() for line in done.stdout.splitlines())
    ui = "aigc_studio.ui"
    late = (
        f"{ui}.canvas.items.text_", f"{ui}.canvas.items.melody_card", f"{ui}.canvas.items.roll",
        f"{ui}.canvas.writing.", f"{ui}.canvas.exchange.transfer", f"{ui}.canvas.tools.paint",
        f"{ui}.canvas.tools.notes", f"{ui}.window.files.export", f"{ui}.window.files.import",
        f"{ui}.window.board.brush_bar",
        "aigc_studio.project.replay", "aigc_studio.project.recovery",
    )  # fmt: skip
    allowed = {f"{ui}.canvas.writing.writer"}
    assert [name for name in imported if name.startswith(late) and name not in allowed] == []
    assert len(imported) <= MODULES
    assert read == []  # PySide would look into the source of each


def test_the_window_never_imports_torch_or_a_plugin(home: Path) -> None:
    code = """
import sys
from PySide6.QtCore import QTimer
from aigc_studio import app
application = app.make_application()
window = app.open_window(application)
window.filled.connect(lambda: window.studio.settings.set_preference("warm_worker", False))
def ready():
    if window.beginning is None or window.studio.errands.under_way:
        return
    if not window.studio.registry.records:
        return
    window.closing.allowed = True
    window.close()
    application.quit()
timer = QTimer(interval=50)
timer.timeout.connect(ready)
timer.start()
application.exec()
assert "numpy" in sys.modules
print("torch" in sys.modules, "gan_digits" in sys.modules)
"""
    done = run(code, home, AIGC_STUDIO_PLUGINS="gan-digits")
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["False", "False"]
    assert "Traceback" not in done.stderr


def test_drawing_loses_no_references(qtbot: QtBot, window: StudioWindow) -> None:
    """PySide6 6.12 on CPython 3.11 gives one reference of None away with every event."""
    view = window.board_area.view
    view.update()
    qtbot.wait(20)
    before = sys.getrefcount(None)
    # Each turn calls two methods that give nothing back, and those of the painting besides.
    for _turn in range(40):
        view.viewport().update()
        window.update()
        qtbot.wait(1)
    assert sys.getrefcount(None) - before > -40


def test_why_there_is_no_window_is_said_to_who_has_no_terminal(
    window: StudioWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    ends: list[str] = []
    app.tell_end(window, "unseen", lambda: ends.append("offscreen"))
    assert ends == ["offscreen"]
    assert window.findChildren(QMessageBox) == []
    monkeypatch.setattr(QGuiApplication, "platformName", lambda: "xcb")
    app.tell_end(window, "The folder <b> cannot be written to.", lambda: ends.append("read"))
    (box,) = window.findChildren(QMessageBox)
    assert box.isVisible()
    assert box.text() == "The folder <b> cannot be written to."
    assert ends == ["offscreen"]
    box.accept()
    assert ends == ["offscreen", "read"]


def test_a_data_folder_that_cannot_be_used_is_a_sentence(home: Path) -> None:
    home.mkdir(parents=True)
    (home / "data").write_text("a file where a folder is needed")
    done = run("", home)
    assert done.returncode == 2
    assert done.stderr.strip()
    assert "Traceback" not in done.stderr
