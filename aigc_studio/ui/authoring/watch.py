"""Watches a plugin's files, whichever way an editor writes them."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal, Slot

from aigc_studio.jobs import Mailbox
from aigc_studio.jobs.drives import answers

if TYPE_CHECKING:
    from aigc_studio.host import PluginSource

SETTLE_MS = 60
"""Writing a file is several changes: it is looked at when there is none for so long."""
EVERY_MS = 1000
"""It is looked at so often in any case: network folders tell of no change."""
_MOST_FILES = 200


class Watch(QObject):
    """`changed` when the code of a plugin is another: not after a touch, or what lies beside it.

    Files are looked at on a thread of their own: a folder may have many.
    """

    changed = Signal()

    def __init__(self, source: PluginSource, parent: QObject) -> None:
        super().__init__(parent)
        self._source = source
        self._mark = self._code = ""
        self._looking = self._again = False
        self._mailbox = Mailbox(self)
        self._system = QFileSystemWatcher(self)
        self._soon = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._soon.timeout.connect(self.look)
        self._system.fileChanged.connect(self._wait)
        self._system.directoryChanged.connect(self._wait)
        self._always = QTimer(self, interval=EVERY_MS)
        self._always.timeout.connect(self.look)
        self._always.start()
        self.look()

    @Slot()
    def look(self) -> None:
        """Look whether the code is another now."""
        if self._looking:
            self._again = True
            return
        self._looking = True
        threading.Thread(target=self._read, name="watch", daemon=True).start()

    @Slot()
    def _wait(self) -> None:
        """Something happens there: the clock starts anew."""
        self._soon.start()

    def close(self) -> None:
        """Watch no longer."""
        self._always.stop()
        self._soon.stop()
        self._mailbox.close()

    def _read(self) -> None:
        from aigc_studio.host.stamps import code_of, digest, stamp

        mark = stamp(self._source)
        code = digest(self._source) if mark != self._mark else self._code
        files = [str(file) for file in code_of(self._source)[:_MOST_FILES]]
        self._mailbox.post(self._note, mark, code, files)

    def _note(self, mark: str, code: str, files: list[str]) -> None:
        self._follow(files)
        former, self._mark, self._code = self._code, mark, code
        self._looking = False
        if self._again:
            self._again = False
            self.look()
        if former and code != former:
            self.changed.emit()

    def _follow(self, files: list[str]) -> None:
        """A file that was replaced is watched no longer, and its folder tells of the new one."""
        wanted = {*files, *(str(Path(file).parent) for file in files)}
        unseen = [Path(each) for each in wanted - self._watched()]
        found = zip(unseen, answers(os.path.exists, unseen), strict=True)
        new = [str(path) for path, is_there in found if is_there]
        if new:
            self._system.addPaths(new)

    def _watched(self) -> set[str]:
        return {*self._system.files(), *self._system.directories()}
