"""The previews of an export dialog: made beside the window, the newest wish first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QSize, QTimer, Slot

from aigc_studio.api.errors import StudioError
from aigc_studio.translation import _
from aigc_studio.ui.window.files.export_preview import SIDE

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

    from aigc_studio.api import Artifact, Image
    from aigc_studio.project import CandidateRecord, Item
    from aigc_studio.project.prints import Print
    from aigc_studio.ui.studio import Studio
    from aigc_studio.ui.window.files.export_dialog import ExportDialog

_PAUSE = 40
"""Milliseconds between two wishes that are looked at."""
_FLATTEST = 3
"""So many times as wide as high, or as high as wide, a text or a tune is drawn at most."""
_MOST = 1024
"""Pixels on the longer side of what is made for a preview."""


class ExportLooks(QObject):
    """Shows in a dialog what would be written. It ends with the dialog."""

    def __init__(self, studio: Studio, dialog: ExportDialog) -> None:
        super().__init__(dialog)
        self._studio = studio
        self._dialog = dialog
        self._source: Image | None = None
        self._others = ""
        self._wanted: Print | None = None
        self._busy = False
        self._timer = QTimer(self, singleShot=True, interval=_PAUSE)
        self._timer.timeout.connect(self._make)
        dialog.preview_wanted.connect(self._note)

    def look_at(
        self, item: Item | CandidateRecord, others: Sequence[Item | CandidateRecord]
    ) -> None:
        """Read the first item, and of all pictures which grounds they can have."""
        from aigc_studio.project import Item

        store = self._studio.project.store
        if len(others) > 1 and isinstance(item, Item):
            self._others = _("{name}, one of {count}").format(name=item.name, count=len(others))

        def read() -> tuple[Artifact, list[str]]:
            from aigc_studio.project.prints import GROUNDS, grounds_of

            artifact = store.get(item.content)
            found = set[str]()
            for each in others:
                if each.content.medium == "image":
                    picture: Any = store.get(each.content)
                    found |= set(grounds_of(picture))
                if len(found) == len(GROUNDS):
                    break
            return artifact, [ground for ground in GROUNDS if ground in found]

        shape = (item.width, item.height) if isinstance(item, Item) else (1.0, 1.0)
        show = guarded(self, lambda found: self._show_artifact(found, shape))
        self._studio.errands.run(read, show, guarded(self, self._fail))

    def look_at_board(self, image: QImage) -> None:
        """A drawing of the board, small: its ground is clear or white."""
        from aigc_studio.ui.canvas.exchange.transfer import artifact_of

        found: Any = artifact_of(image)
        self._source = found
        self._dialog.set_grounds(("as_it_is", "paper"))

    @Slot(object)
    def _note(self, wanted: Print) -> None:
        self._wanted = wanted
        self._timer.start()

    def _show_artifact(self, read: tuple[Artifact, list[Any]], shape: tuple[float, float]) -> None:
        from aigc_studio.api import Image
        from aigc_studio.ui import artifact_pictures

        artifact, grounds = read
        if isinstance(artifact, Image):
            self._source = artifact
            self._dialog.set_grounds(grounds)
            return
        ratio = self._dialog.devicePixelRatioF()
        drawn = artifact_pictures.picture(artifact, _drawn_size(shape), ratio).toImage()
        told = self._others or _("This is what will be written.")
        self._dialog.show_preview(drawn, drawn.size(), told)

    @Slot()
    def _make(self) -> None:
        source, wanted = self._source, self._wanted
        if source is None or wanted is None or self._busy:
            return
        self._busy, self._wanted = True, None
        size = QSize(wanted.width or source.width, wanted.height or source.height)

        def make() -> QImage:
            from dataclasses import replace

            from aigc_studio.project.prints import printed
            from aigc_studio.ui import artifact_pictures

            least = min(_MOST / max(size.width(), size.height()), 1.0)
            width, height = (max(round(side * least), 1) for side in size.toTuple())
            small = replace(wanted, width=width, height=height)
            return artifact_pictures.qimage(printed(source, small))

        show = guarded(self, lambda image: self._show(image, size))
        self._studio.errands.run(make, show, guarded(self, self._fail))

    def _show(self, image: QImage, size: QSize) -> None:
        self._busy = False
        told = f"{size.width()} × {size.height()} px"
        told = f"{self._others} · {told}" if self._others else told
        self._dialog.show_preview(image, size, told)
        if self._wanted is not None:
            self._timer.start()

    def _fail(self, error: Exception) -> None:
        self._busy = False
        if not isinstance(error, StudioError):
            raise error
        self._dialog.problem.setText(str(error))
        self._dialog.problem.show()


def _drawn_size(shape: tuple[float, float]) -> QSize:
    """The size of a drawing as wide and high as its card is, within the preview; a long tune is
    not drawn as a thread."""
    side = SIDE - 48
    width, height = shape
    share = min(max(height / max(width, 1), 1 / _FLATTEST), _FLATTEST)
    return QSize(round(side / max(share, 1)), round(side * min(share, 1)))


def guarded(looks: ExportLooks, call: Callable[[Any], None]) -> Callable[[Any], None]:
    """A call that is left out once the dialog has gone."""
    import shiboken6

    return lambda value: call(value) if shiboken6.isValid(looks) else None
