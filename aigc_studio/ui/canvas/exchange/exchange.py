"""The canvas's ways in and out: clipboard, files for other programs, artifacts from elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QByteArray, QMimeData, QPointF, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QDrag, QImage, QPixmap

from aigc_studio.api.errors import StudioError
from aigc_studio.translation import _
from aigc_studio.ui.canvas.exchange import clipboard, rendering, transfer
from aigc_studio.ui.canvas.items.picture import ImageItem
from aigc_studio.ui.canvas.pointer import Pointer

if TYPE_CHECKING:
    from aigc_studio.api.artifacts import Artifact


class Exchange(Pointer):
    """A view whose items can be copied, pasted and dragged out. `told` carries a sentence."""

    told = Signal(str)
    _copying = 0
    _paste_wanted = False

    @Slot()
    def copy(self) -> None:
        """Put the selected items into the clipboard."""
        self.board_scene.have_all()
        chosen = self.board_scene.chosen()
        scene = self.board_scene

        def put() -> None:
            if not transfer.is_large(chosen):
                clipboard.put(transfer.mime_of(scene, chosen))
                return
            # Here it can be pasted at once; the picture is for others, and comes after it.
            first = transfer.mime_of(scene, chosen, QImage())
            items = first.data(transfer.ITEMS_TYPE)
            clipboard.put(first)
            make = cast(ImageItem, chosen[0]).colours.grid.imaging()
            scene.errands.run(make, lambda picture: complete(items, picture))

        def complete(items: QByteArray, picture: QImage) -> None:
            if clipboard.held().data(transfer.ITEMS_TYPE) == items:
                mime = QMimeData()
                mime.setData(transfer.ITEMS_TYPE, items)
                mime.setImageData(picture)
                clipboard.put(mime)

        if len(chosen) > transfer.MANY:
            self._copy_many()
        elif chosen:
            scene.when_loaded(chosen, put)

    def _copy_many(self) -> None:
        """Pack thousands beside the window; a paste that is asked for meanwhile comes after it."""
        scene = self.board_scene
        items = [item.item for item in scene.chosen()]
        self._copying += 1

        def put(data: bytes) -> None:
            self._copying -= 1
            clipboard.put(transfer.items_mime(data))
            if self._paste_wanted and not self._copying:
                self._paste_wanted = False
                self.paste()

        scene.errands.run(partial(transfer.packed, scene.project.store, items), put)

    @Slot()
    def cut(self) -> None:
        """Put the selected items into the clipboard and take them off the board."""
        self.copy()
        self.commands.delete()

    @Slot()
    def paste(self) -> None:
        """Put what is in the clipboard on the board, in the middle of the view."""
        if self._copying:
            self._paste_wanted = True
            return
        mime = clipboard.held()
        paths = transfer.paths_of(mime)
        if paths and not mime.hasFormat(transfer.ITEMS_TYPE):
            self.files_dropped.emit(paths, self.middle())
        elif not transfer.paste(self.board_scene, mime, self.middle()):
            self.told.emit(_("There is nothing in the clipboard that can be put on the board."))

    def can_paste(self) -> bool:
        """Whether something in the clipboard can be put on the board."""
        return transfer.can_take(clipboard.held())

    @Slot()
    def copy_files(self) -> None:
        """Put the selected items into the clipboard as files."""
        paths = self._files()
        if paths:
            clipboard.put(transfer.files_mime(paths))

    def drag_out(self) -> None:
        """Drag the selected items to another program as files."""
        chosen = self.board_scene.chosen()
        paths = self._files()
        if not paths:
            return
        self._active = None
        drag = QDrag(self)
        drag.setMimeData(transfer.files_mime(paths))
        bounds = self.board_scene.bounds(chosen)
        scale = min(96 / max(bounds.width(), bounds.height(), 1), 1.0)
        picture = rendering.render(self.board_scene, scale=scale, items=chosen)
        drag.setPixmap(QPixmap.fromImage(picture))
        drag.exec(Qt.DropAction.CopyAction)

    def add_artifact(
        self, artifact: Artifact, name: str, at: QPointF | None = None, kind: str = "add"
    ) -> None:
        """Put an artifact on the board, around `at` (the middle of the view by default)."""
        at = self.middle() if at is None else at
        transfer.add_artifact(self.board_scene, lambda: artifact, at, name, kind)

    # Pictures of the board

    def render_board(self, rect: QRectF | None = None, scale: float = 1.0) -> QImage:
        """The board, or `rect` of it (board units), as a picture of `scale` pixels a unit.

        Reads what is not loaded yet; `when_loaded` has it loaded before, beside the window.
        """
        return rendering.render(self.board_scene, rect, scale)

    def draw_board(
        self, then: Callable[[QImage], None], scale: float = 1.0, smooth: bool | None = None
    ) -> None:
        """Have all of the board as it is now drawn, beside other events, for `then`.

        `scale` is pixels on a board unit; `smooth` how pictures are enlarged, None: as they are
        shown.
        """
        rendering.Drawing(self.board_scene, then, scale, smooth)

    def when_loaded(self, then: Callable[[], None]) -> None:
        """Call `then` once everything on the board is loaded: now, when it is."""
        self.board_scene.have_all()
        self.board_scene.when_loaded(self.board_scene.shown(), then)

    def _finish_drawings(self) -> None:
        """Whoever asked for a picture of this board gets it, even if the board goes."""
        for drawing in self.board_scene.findChildren(rendering.Drawing):
            drawing.finish()

    def _files(self) -> list[Path]:
        try:
            return transfer.write_files(self.board_scene, self.board_scene.chosen())
        except StudioError as error:
            self.told.emit(str(error))
            return []
