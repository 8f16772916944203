"""Changes to plugins, made beside the window: switched, removed and put back, given a Python."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot

from aigc_studio.jobs import Errands
from aigc_studio.translation import _
from aigc_studio.ui.library.work import Work
from aigc_studio.ui.network import TellNetwork, watched
from aigc_studio.ui.plugins.words import title_of

if TYPE_CHECKING:
    from aigc_studio.host import PluginRecord
    from aigc_studio.host.packages.removing import Removed

Folders = Callable[[Sequence[Path], Mapping[Path, bool]], None]
"""Takes paths, and of those that are folders whether each is a plugin without a package."""


class Changes(QObject):
    """`changed`: the plugins are to be looked at again. `said` carries a sentence, its kind (info
    or error), and what takes it back, or None; `unsaid` a sentence that holds no longer. `added`
    carries the path of a file that has come, `begun` what is being done in `work`."""

    changed = Signal()
    said = Signal(str, str, object)
    unsaid = Signal(str)
    added = Signal(str)
    begun = Signal(str)

    def __init__(self, parent: QObject, tell_network: TellNetwork) -> None:
        super().__init__(parent)
        self._tell_network = tell_network
        self._errands = Errands(self)
        self._errands.silent.connect(self._tell_silence)
        self.work = Work(self)
        self.work.done.connect(self._note_environment)
        self.work.failed.connect(self._refuse_work)

    def switch(self, record: PluginRecord, on: bool) -> None:
        """Let it run from now on, or not."""
        from aigc_studio.host.switches import switch

        self._do(lambda: switch(record.source.name, on), lambda _nothing: None)

    def add(self, path: Path) -> None:
        """Copy a plugin without a package into the plugin folder."""
        from aigc_studio.host.packages import adding

        self._do(lambda: adding.add(path), lambda place: self.added.emit(str(place)))

    def sort(self, paths: Sequence[Path], then: Folders) -> None:
        """Tell `then` which of the paths are folders, and which of those are plugins without a
        package, once their drive says so."""
        from aigc_studio.host.packages import adding

        def look() -> Mapping[Path, bool]:  # raises nothing
            found = [path for path in paths if os.path.isdir(path)]
            return {path: adding.is_folder(str(path)) for path in found}

        self._errands.run_in_order(look, lambda folders: then(paths, folders), at=paths[0].parent)

    @Slot(str, bool)
    def _tell_silence(self, folder: str, silent: bool) -> None:
        sentence = _("{folder} does not answer: what came from there waits until it does.")
        told = sentence.format(folder=folder)
        self.said.emit(told, "info", None) if silent else self.unsaid.emit(told)

    def remove(self, record: PluginRecord) -> None:
        """Take it away; it can be put back."""
        from aigc_studio.host.packages.removing import remove

        self._do(lambda: remove(record.source), lambda removed: self._tell(record, removed))

    def restore(self, removed: Removed) -> None:
        """Put back what was removed."""
        self._do(removed.restore, lambda _nothing: self.said.emit("", "info", None))

    def give_environment(self, record: PluginRecord, wanted: bool) -> None:
        """Make it a Python of its own, or take that away."""
        from aigc_studio.host.packages.environments import give_environment, take_environment

        if not wanted:
            self._do(lambda: take_environment(record.source), lambda _nothing: None)
            return
        self.begun.emit(_("An environment for {name}").format(name=title_of(record)))
        tell = self._tell_network
        self.work.start(lambda: watched(give_environment(record.source), tell), keeps=True)

    def _tell(self, record: PluginRecord, removed: Removed) -> None:
        sentence = _("{name} was removed. Models that were trained with it stay.")
        self.said.emit(sentence.format(name=title_of(record)), "info", removed)

    def _do(self, change: Callable[[], Any], done: Callable[[Any], None]) -> None:
        def finish(value: Any) -> None:
            done(value)
            self.changed.emit()

        self._errands.run_in_order(change, finish, self._refuse)

    def _refuse(self, error: Exception) -> None:
        from aigc_studio.api import StudioError

        if not isinstance(error, StudioError):
            raise error
        self.said.emit(str(error), "error", None)

    def _refuse_work(self, sentence: str) -> None:
        self.said.emit(sentence, "error", None)

    def _note_environment(self, record: PluginRecord) -> None:
        sentence = _("{name} runs in a Python of its own now.").format(name=title_of(record))
        self.said.emit(sentence, "info", None)
        self.changed.emit()
