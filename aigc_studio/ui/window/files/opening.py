"""A project file is opened: read beside the window, shown, and what is odd about it said."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QWidget

from aigc_studio.project import Project
from aigc_studio.translation import _, ngettext
from aigc_studio.ui.window.files.arriving import Arriving
from aigc_studio.ui.window.files.former import opened
from aigc_studio.ui.window.message_bar import Aside

if TYPE_CHECKING:
    from aigc_studio.ui.studio import Actions, Studio
    from aigc_studio.ui.window.files.documents import Documents

_OPENING = "opening"
"""The subject of messages: what came of the last try holds, and only while its project is here."""


class Opening(QObject):
    """Opens files into the studio, of several that were asked for the last."""

    def __init__(self, studio: Studio, documents: Documents, window: QWidget) -> None:
        super().__init__(documents)
        self._studio = studio
        self._documents = documents
        self._window = window
        self._arriving: Arriving | None = None
        self._clock = QTimer(self, singleShot=True, interval=300)
        self._clock.timeout.connect(self._tell)
        studio.project_changed.connect(self._take_back)

    def open(self, path: Path) -> None:
        """Read a project beside the window, and show it once it is there."""
        self._clock.setProperty("name", path.name)
        self._clock.start()
        # The last one that was asked for counts: one on a drive that did not answer may come late.
        self._arriving = arriving = Arriving(self._studio, self._documents)

        def take(found: tuple[Project, Path | None]) -> None:
            def leave() -> None:
                self._studio.errands.run(found[0].close, None, self._studio.say_error)

            if arriving is not self._arriving:
                leave()
                return
            self._end()
            arriving.meet(found[0], lambda: self._note(*found), leave)

        def fail(error: Exception) -> None:
            if arriving is self._arriving:
                self._end()
                self._studio.say_error(error, _OPENING)

        self._studio.errands.run_in_order(lambda: opened(path), take, fail, at=path.parent)

    def give_up(self) -> None:
        """Who begins another board waits for none that is still to come."""
        self._arriving = None
        self._end()

    @Slot()
    def _tell(self) -> None:
        """A large file takes a while, and the window can be used meanwhile: say what it is at."""
        sentence = _("Opening {name} …").format(name=self._clock.property("name"))
        self._studio.say(sentence, subject=_OPENING)

    def _end(self) -> None:
        self._clock.stop()
        self._take_back()

    @Slot()
    def _take_back(self) -> None:
        self._studio.taken_back.emit(_OPENING)

    def _note(self, project: Project, former: Path | None) -> None:
        if project.path:
            self._studio.settings.add_recent_file(project.path)
        self._documents.missing.tell()
        self.tell_copy(project)
        if project.damage and project.mended_from is not None:
            self._tell_damage(project.mended_from, project.damage, former)

    def tell_copy(self, project: Project) -> None:
        """Say that the file is open in another window, and what is here instead."""
        if project.copied_from is None:
            return
        sentence = _(
            "{name} is open in another window. This is a copy of what was saved last: what you do "
            "here is saved to another file."
        )
        actions: Actions = [(_("Save as another file"), self._documents.save_as)]
        name = project.copied_from.name
        self._studio.say(sentence.format(name=name), "warning", actions, subject="copy")

    def _tell_damage(self, path: Path, damage: tuple[str, ...], former: Path | None) -> None:
        """Say what of a file is damaged; the person saves what is left under another name."""
        sentence = ngettext(
            "A part of {name} is damaged: {reason} The rest is open. Save it under another name, "
            "and the file stays as it is.",
            "{count} parts of {name} are damaged, the first: {reason} The rest is open. Save it "
            "under another name, and the file stays as it is.",
            len(damage),
        ).format(count=len(damage), name=path.name, reason=damage[0])
        details = "\n".join(damage)
        if former is not None:
            details += "\n" + _("The former version of it is {path}.").format(path=former)
        show = Aside(lambda: self._show_damage(path.name, details))
        actions: Actions = [(_("Show all"), show)] if len(damage) > 1 else []
        self._studio.say(sentence, "warning", actions, details=details)

    def _show_damage(self, name: str, details: str) -> None:
        from aigc_studio.ui.window.files.remarks_dialog import RemarksDialog

        RemarksDialog([(name, details)], self._window).open()
