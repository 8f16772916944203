"""Puts the pieces together: one application, one window, and what happens after its first paint.

Before the first paint nothing is imported but Qt, the standard library and modules of the studio
that keep to the same rule; numpy and the rest load on another thread once the window is there.
"""

from __future__ import annotations

import contextlib
import gc
import json
import logging
import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from aigc_studio import translation
from aigc_studio.translation import _

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from aigc_studio.host import PluginSource
    from aigc_studio.ui.window import StudioWindow
    from aigc_studio.ui.window.ending import Ending

SWITCH_INTERVAL = 0.0005
"""Seconds after which a thread gives way to another that waits for the interpreter."""

_loaded_at = time.time()
_log = logging.getLogger(__name__)


def develop(source: PluginSource, *, everything: bool = False, editor: str = "") -> int:
    """Open a window for a plugin that is being written, and give the exit status."""

    def begin(window: StudioWindow) -> None:
        from aigc_studio.ui.authoring.development import Development

        window.filled.connect(
            lambda: Development(window, source, everything=everything, editor=editor)
        )

    return run((), begin)


def run(words: Sequence[str], begin: Callable[[StudioWindow], None] | None = None) -> int:
    """Open the window (with the files named in `words`) and give the exit status.

    `begin` is told the window before anything is in it.
    """
    tune_interpreter()
    from aigc_studio.api.errors import StudioError
    from aigc_studio.jobs import GarbageTimer
    from aigc_studio.ui.window import crash_guard

    crash_guard.keep_log()
    application = make_application()
    paths = [Path(word) for word in words if not word.startswith("-")]
    window = open_window(application, paths)
    if begin is not None:
        begin(window)

    def give_up(error: Exception) -> None:
        # A data folder that cannot be written to, say: there can be no window without one.
        if sys.stderr is not None:  # as in a window of Windows
            sys.stderr.write(f"{error}\n")
        status = 2 if isinstance(error, StudioError) else 1
        tell_end(window, str(error), lambda: application.exit(status))

    window.failed.connect(give_up)
    guard = crash_guard.CrashGuard(window.tell_crash)
    garbage = GarbageTimer(application)
    window.filled.connect(lambda: window.studio.heavy_loaded.connect(garbage.settle))
    endings: list[Ending] = []
    window.filled.connect(lambda: endings.append(_heed_end(window, application)))
    try:
        return application.exec()
    finally:
        for ending in endings:
            ending.close()
        garbage.close()
        guard.close()


def _heed_end(window: StudioWindow, application: QApplication) -> Ending:
    """Have the window close in good order when the system asks; before it is filled there is
    nothing to lose."""
    from aigc_studio.ui.window.ending import Ending

    return Ending(window, application)


def tell_end(window: StudioWindow, sentence: str, then: Callable[[], None]) -> None:
    """Say why there can be no window to who has no terminal to read it in, then do `then`."""
    from PySide6.QtCore import Qt
    from PySide6.QtGui import QGuiApplication
    from PySide6.QtWidgets import QMessageBox

    in_terminal = sys.stderr is not None and sys.stderr.isatty()
    if in_terminal or QGuiApplication.platformName() in ("offscreen", "minimal"):
        then()
        return
    box = QMessageBox(QMessageBox.Icon.Critical, "AIGC Studio", sentence, parent=window)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.finished.connect(lambda _result: then())
    box.open()


def tune_interpreter() -> None:
    """Fit Python to a window: its thread need not wait, for others or for the collector."""
    # Nothing that is made until the first paint is garbage; looking for some costs 15 ms.
    gc.disable()
    # Readers of workers' results otherwise hold the UI thread up for 5 ms at a time: on a busy
    # machine 16 digits were there after 89 ms and not after 135.
    sys.setswitchinterval(SWITCH_INTERVAL)
    spare_sources()


def spare_sources() -> None:
    """Keep PySide from reading the source of each module that is imported.

    It looks for its own name in there, so as to know who asks for snake_case. Nobody here does;
    it found that out from 280 files before the first paint, and from all of numpy's after it.
    """
    import PySide6.QtCore  # noqa: F401  (brings the module below)

    features = sys.modules.get("shibokensupport.feature")
    if hasattr(features, "_mod_uses_pyside"):
        setattr(features, "_mod_uses_pyside", lambda _module: True)  # noqa: B010  (not typed)


def make_application() -> QApplication:
    """The QApplication: its name, language, look, and Qt's own words in that language."""
    from PySide6.QtCore import QCoreApplication
    from PySide6.QtWidgets import QApplication

    from aigc_studio import __version__
    from aigc_studio.ui import icons, theme
    from aigc_studio.ui.settings import Settings

    QCoreApplication.setApplicationName("aigc-studio")
    QCoreApplication.setApplicationVersion(__version__)
    existing = QApplication.instance()
    application = existing if isinstance(existing, QApplication) else QApplication(sys.argv[:1])
    application.setApplicationDisplayName("AIGC Studio")
    settings = Settings()
    translation.set_language(settings.preference("language") or translation.system_language())
    _translate_qt(application)
    theme.apply(application, settings.preference("theme"))
    application.setWindowIcon(icons.application_icon())
    return application


def open_window(
    application: QApplication, paths: Sequence[Path] = (), *, later: bool = True
) -> StudioWindow:
    """Show the window, and have the rest done after its first paint.

    What is in it comes then too, unless it shall be there when this returns (`later=False`).
    """
    from aigc_studio.ui import theme
    from aigc_studio.ui.window import StudioWindow

    with theme.undressed() if not later else contextlib.nullcontext():
        window = StudioWindow(later=later)
    measure_start(window)
    window.open_later(paths)
    window.restore_layout()
    window.show()
    return window


def measure_start(window: StudioWindow) -> None:
    """With AIGC_STUDIO_MEASURE, tell how long the start took as a line of JSON, and leave."""
    if not os.environ.get("AIGC_STUDIO_MEASURE"):
        return
    times: list[float] = []

    def tell() -> None:
        from aigc_studio.jobs import resident_bytes

        times.append(time.time())
        first, whole, begun = ((moment - process_start()) * 1000 for moment in (*times, _loaded_at))
        measured = {
            "first_paint_ms": round(first, 1),
            "whole_ms": round(whole, 1),
            "since_import_ms": round(whole - begun, 1),
            "memory_mb": round(resident_bytes() / 1e6, 1),
            "modules": sorted(
                {"numpy", "pydantic", "PIL", "torch", "pluggy", "mido"} & set(sys.modules)
            ),
        }
        sys.stderr.write(json.dumps(measured) + "\n")
        sys.stderr.flush()
        # Nothing has been started yet that would have to be ended in order.
        os._exit(0)

    window.first_painted.connect(lambda: times.append(time.time()))
    window.filled.connect(tell)


def process_start() -> float:
    """When this process was started, as `time.time()` counts.

    `AIGC_STUDIO_STARTED` (seconds) says it exactly; Linux tells it to 10 ms; else: our import.
    """
    said = os.environ.get("AIGC_STUDIO_STARTED")
    try:
        if said:
            return float(said)
        fields = Path("/proc/self/stat").read_text().rpartition(")")[2].split()
        uptime = float(Path("/proc/uptime").read_text().split()[0])
        return time.time() - (uptime - int(fields[19]) / os.sysconf("SC_CLK_TCK"))
    except (OSError, ValueError, IndexError):
        return _loaded_at


def _translate_qt(application: QApplication) -> None:
    from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator

    language = translation.language()
    QLocale.setDefault(QLocale(language))
    if language == "en":
        return
    # Two labels of its file dialog got other letters to press, which its Chinese has not followed.
    left = {"&Look in:": _("&Look in:"), "Files of &type:": _("Files of &type:")}

    class Rest(QTranslator):
        """What Qt's own translation has left out: of several the newest is asked first."""

        def translate(
            self, _context: str, source: str, _about: str | None = None, _number: int = -1
        ) -> str:
            return left.get(source, "")

    application.installTranslator(Rest(application))
    translator = QTranslator(application)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if translator.load(QLocale(language), "qtbase", "_", folder):
        application.installTranslator(translator)
