"""The canvas's ways in and out: clipboard, files for other programs, artifacts from elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QByteArray, QEvent, QMimeData, QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QDrag, QDragMoveEvent, QDropEvent, QImage, QPixmap

from aigc_studio import late
from aigc_studio.api.errors import StudioError
from aigc_studio.translation import _

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from aigc_studio.api.artifacts import Artifact
    from aigc_studio.ui import local_paths
    from aigc_studio.ui.canvas.exchange import (
        abc_text,
        clipboard,
        packing,
        rendering,
        transfer,
    )
    from aigc_studio.ui.canvas.scene.board_scene import BoardScene
    from aigc_studio.ui.canvas.scene.commands import BoardCommands
else:
    local_paths = late.module("aigc_studio.ui.local_paths")
    abc_text = late.module("aigc_studio.ui.canvas.exchange.abc_text")
    clipboard = late.module("aigc_studio.ui.canvas.exchange.clipboard")
    packing = late.module("aigc_studio.ui.canvas.exchange.packing")
    rendering = late.module("aigc_studio.ui.canvas.exchange.rendering")
    transfer = late.module("aigc_studio.ui.canvas.exchange.transfer")


_drags = (QEvent.Type.DragEnter, QEvent.Type.DragMove, QEvent.Type.Drop)


class Exchanging(Protocol):
    """A view as its clipboard knows it."""

    board_scene: BoardScene
    commands: BoardCommands

    def to_scene(self, point: QPointF) -> QPointF:
        """From pixels of the viewport to board units."""
        ...

    def middle(self) -> QPointF:
        """The place on the board in the middle of the view."""
        ...

    def report(self, sentence: str) -> None:
        """Have a sentence shown to the person."""
        ...

    def take_files(self, paths: list[Path], at: QPointF) -> None:
        """Files came: they are for the window to read."""
        ...


class Exchange(QObject):
    """Copies, pastes and drags out the items of a view; takes in what is dropped on it.

    `came` carries a sentence on what came in, with what can be done instead.
    """

    came = Signal(str, list)

    def __init__(self, view: Exchanging, viewport: QWidget) -> None:
        super().__init__(viewport)
        self._view = view
        self._viewport = viewport
        viewport.installEventFilter(self)
        self._copying = 0
        self._paste_wanted = False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Files, pictures and texts that are dragged here are welcome, anywhere on the board."""
        # A drop event is a drag-move event to Qt, an enter event a move event.
        if event.type() not in _drags or not isinstance(event, QDropEvent | QDragMoveEvent):
            return False
        if event.type() == QEvent.Type.Drop:
            taken = self._drop(event.mimeData(), self._view.to_scene(QPointF(event.position())))
        else:
            taken = transfer.can_take(event.mimeData())
        if taken:
            event.acceptProposedAction()
        return True

    @property
    def _scene(self) -> BoardScene:
        return self._view.board_scene

    def copy(self) -> None:
        """Put the selected items into the clipboard."""
        self._scene.have_all()
        chosen = self._scene.chosen()
        scene = self._scene

        def put() -> None:
            if not transfer.is_large(chosen):
                clipboard.put(transfer.mime_of(scene, chosen))
                return
            # Here it can be pasted at once; the picture is for others, and comes after it.
            first = transfer.mime_of(scene, chosen, QImage())
            items = first.data(transfer.ITEMS_TYPE)
            clipboard.put(first)
            make = chosen[0].imaging()
            if make is not None:
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
        scene = self._scene
        items = [item.item for item in scene.chosen()]
        self._copying += 1

        def put(data: bytes) -> None:
            self._copying -= 1
            clipboard.put(transfer.items_mime(data))
            if self._paste_wanted and not self._copying:
                self._paste_wanted = False
                self.paste()

        scene.errands.run(partial(packing.packed, scene.project.store, items), put)

    def cut(self) -> None:
        """Put the selected items into the clipboard and take them off the board."""
        self.copy()
        self._view.commands.delete()

    def paste(self) -> None:
        """Put what is in the clipboard on the board, in the middle of the view."""
        if self._copying:
            self._paste_wanted = True
            return
        mime = clipboard.held()
        paths = local_paths.paths_of(mime)
        if paths and not mime.hasFormat(transfer.ITEMS_TYPE):
            self._view.take_files(paths, self._view.middle())
        elif not self._take(mime, self._view.middle()):
            self._view.report(transfer.nothing_there())

    def _drop(self, mime: QMimeData, at: QPointF) -> bool:
        """Take what is dropped on the board. False when nothing can come of it."""
        paths = local_paths.paths_of(mime)
        if paths:
            self._view.take_files(paths, at)
            return True
        if not self._take(mime, at):
            self._view.report(_("There is nothing in what was dropped that the board can take."))
            return False
        return True

    def _take(self, mime: QMimeData, at: QPointF) -> bool:
        """Put this on the board, if anything can come of it. Text in ABC becomes a tune."""
        words = "" if mime.hasFormat(transfer.ITEMS_TYPE) or mime.hasImage() else mime.text()
        if abc_text.is_abc(words):
            abc_text.paste(self._scene, words, at, self.came.emit)
            return True
        return transfer.paste(self._scene, mime, at)

    def can_paste(self) -> bool:
        """Whether something in the clipboard can be put on the board."""
        return transfer.can_take(clipboard.held())

    def copy_files(self) -> None:
        """Put the selected items into the clipboard as files."""
        paths = self._files()
        if paths:
            clipboard.put(transfer.files_mime(paths))

    def drag_out(self) -> None:
        """Drag the selected items to another program as files."""
        chosen = self._scene.chosen()
        paths = self._files()
        if not paths:
            return
        drag = QDrag(self._viewport)
        drag.setMimeData(transfer.files_mime(paths, transfer.words_of(chosen)))
        bounds = self._scene.bounds(chosen)
        scale = min(96 / max(bounds.width(), bounds.height(), 1), 1.0)
        picture = rendering.render(self._scene, scale=scale, items=chosen)
        drag.setPixmap(QPixmap.fromImage(picture))
        drag.exec(Qt.DropAction.CopyAction)

    def add_artifact(
        self, artifact: Artifact, name: str, at: QPointF | None = None, kind: str = "add"
    ) -> None:
        """Put an artifact on the board, around `at` (the middle of the view by default)."""
        at = self._view.middle() if at is None else at
        transfer.add_artifact(self._scene, lambda: artifact, at, name, kind)

    # Pictures of the board

    def render_board(self, rect: QRectF | None = None, scale: float = 1.0) -> QImage:
        """The board, or `rect` of it (board units), as a picture of `scale` pixels a unit.

        Reads what is not loaded yet; `when_loaded` has it loaded before, beside the window.
        """
        return rendering.render(self._scene, rect, scale)

    def draw_board(
        self, then: Callable[[QImage], None], scale: float = 1.0, smooth: bool | None = None
    ) -> None:
        """Have all of the board as it is now drawn, beside other events, for `then`.

        `scale` is pixels on a board unit; `smooth` how pictures are enlarged, None: as they are
        shown.
        """
        rendering.Drawing(self._scene, then, scale, smooth)

    def when_loaded(self, then: Callable[[], None]) -> None:
        """Call `then` once everything on the board is loaded: now, when it is."""
        self._scene.have_all()
        self._scene.when_loaded(self._scene.shown(), then)

    def finish_drawings(self) -> None:
        """Whoever asked for a picture of this board gets it, even if the board goes."""
        for drawing in self._scene.findChildren(rendering.Drawing):
            drawing.finish()

    def _files(self) -> list[Path]:
        try:
            return transfer.write_files(self._scene, self._scene.chosen())
        except StudioError as error:
            self._view.report(str(error))
            return []
