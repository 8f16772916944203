"""Following a starter: its board is prepared in one step, and panel and tool are set for it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from aigc_studio.translation import _, localized

if TYPE_CHECKING:
    from aigc_studio.api import Artifact, Description, Piece, Starter
    from aigc_studio.project import Content, ContentStore, Project, Provenance
    from aigc_studio.ui.prompt.panel import PromptPanel
    from aigc_studio.ui.studio import Studio
    from aigc_studio.ui.window.board.area import BoardArea


@dataclass(frozen=True)
class Laid:
    """A piece that is in the store: what goes onto the board."""

    piece: Piece
    artifact: Artifact
    content: Content
    mask: Content | None


class Starting(QObject):
    """Prepares boards. Reading and storing what lies on one is done beside the window."""

    def __init__(
        self, studio: Studio, panel: PromptPanel, area: BoardArea, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._studio = studio
        self._panel = panel
        self._area = area

    def begin(self, description: Description, starter: Starter) -> None:
        """Do what a card says."""
        project = self._studio.project
        if not starter.pieces:
            self._set_up(description, starter)
            return
        self._studio.errands.run_in_order(
            partial(_lay, project.store, starter),
            lambda laid: self._put(project, description, starter, laid),
            self._studio.say_error,
        )

    def _put(
        self, project: Project, description: Description, starter: Starter, laid: list[Laid]
    ) -> None:
        """The board in one step of the history, which is called after the card."""
        from aigc_studio.project import Item, commands
        from aigc_studio.ui.window.making.placing import centred, places_for

        if project is not self._studio.project:
            return
        board = project.board
        spots = places_for(board, [(each.content, each.artifact) for each in laid])
        if not board.items:
            spots = centred(spots)
        items = [
            Item(
                id, _name(each), each.content, *spot, mask=each.mask,
                provenance=_provenance(description) if each.piece.made else None,
            )
            for id, each, spot in zip(board.new_ids(len(laid)), laid, spots, strict=True)
        ]  # fmt: skip
        if not self._studio.do(commands.add_items(board, items, label=starter.title)):
            return
        self._area.reveal([item.id for item in items])
        scene = self._area.view.board_scene
        for item, each in zip(items, laid, strict=True):
            if each.piece.artifact is None:
                scene.sheets.add(item.id)
            elif each.artifact.medium != "image" and each.piece.marked:
                scene.set_part(item.id, _selected(each))
        self._set_up(description, starter)

    def _set_up(self, description: Description, starter: Starter) -> None:
        """The panel shows the operation, and the tool is in the hand."""
        from aigc_studio.ui.canvas import Tool

        operation = description.operation(starter.operation)
        if starter.model or any(each.made for each in starter.pieces):
            self._choose_maker(description, starter.model)
        if operation is not None:
            self._panel.show_operation(description.id, operation, localized(starter.prompt))
        view = self._area.view
        view.set_tool(Tool(starter.tool))
        if starter.tool == "brush":
            self._studio.say(_hint(operation), subject="canvas")
        if starter.pieces:
            view.setFocus()

    def _choose_maker(self, description: Description, name: str) -> None:
        """What lies there was made by a model that came along, and is changed by one that did; by
        the one of this name where the starter says so."""
        came = [m for m in self._studio.models if m.shipped and m.generator == description.id]
        came = [m for m in came if m.name == name] or came
        if came and not any(self._panel.uses(description.id, each.digest) for each in came):
            self._panel.choose(description.id, came[0].name, came[0].digest)


def _hint(operation: Any) -> str:
    title = localized(operation.title) if operation is not None else ""
    return _("Draw on the sheet, then press “{operation}” at the right.").format(operation=title)


def _lay(store: ContentStore, starter: Starter) -> list[Laid]:
    """Put what a starter lays out into the store. On another thread."""
    from aigc_studio.api import Image
    from aigc_studio.api.starters import SHEET
    from aigc_studio.ui.canvas.exchange.transfer import artifact_of
    from aigc_studio.ui.first.portraits import sheet_of

    laid = []
    with store.together():
        for piece in starter.pieces:
            read = piece.read()
            artifact = artifact_of(sheet_of(piece, SHEET)) if read is None else read
            mask = None
            if isinstance(artifact, Image) and piece.marked:
                mask = store.put(Image(_pixels(piece, artifact)))
            laid.append(Laid(piece, artifact, store.put(artifact), mask))
    return laid


def _pixels(piece: Piece, artifact: Artifact) -> Any:
    from aigc_studio.api.starters import selected

    mask: Any = selected(piece.marked, artifact)
    return mask.pixels


def _selected(laid: Laid) -> Any:
    from aigc_studio.api.starters import selected

    return selected(laid.piece.marked, laid.artifact)


def _name(laid: Laid) -> str:
    from aigc_studio.ui.prompt.values import medium_title

    return localized(laid.piece.name) or medium_title(laid.artifact.medium)


def _provenance(description: Description) -> Provenance:
    """What was made by the generator before it came here says so, wherever it goes."""
    from aigc_studio.project import Provenance

    return Provenance(
        medium=description.medium,  # type: ignore[arg-type]
        generator=description.id,
        generator_version=description.version,
        api_version=description.api_version,
    )
