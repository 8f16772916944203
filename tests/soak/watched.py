"""What `packages.py` attacks: the window of `plugins dev`, which watches a file.

    python tests/soak/watched.py FILE

Says `at STATE TITLE` now and then, and `broken …` for an exception in a slot. It never ends by
itself.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aigc_studio.ui.studio import Studio


def main() -> None:
    """Go on until killed."""
    from PySide6.QtCore import QTimer

    from aigc_studio import app
    from aigc_studio.host.discovery import find_sources
    from aigc_studio.host.plugin_path import put_first
    from aigc_studio.ui.authoring.development import Development

    application = app.make_application()
    window = app.open_window(application, later=False)
    # After the window's own guard, which would keep it to itself.
    sys.excepthook = lambda kind, error, _trace: say("broken", kind.__name__, error)
    path = put_first(sys.argv[1])[0].path
    source = next(each for each in find_sources() if each.path == path)
    Development(window, source)
    timer = QTimer(interval=300)
    timer.timeout.connect(lambda: tell(window.studio, source.path))
    timer.start()
    application.exec()


def tell(studio: Studio, path: str) -> None:
    """What is known of the plugin now."""
    from aigc_studio.translation import localized

    for record in studio.registry.records:
        if record.source.path == path and record.description is not None:
            say("at", record.state, localized(record.description.title))


def say(*words: object) -> None:
    """One line, at once."""
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
