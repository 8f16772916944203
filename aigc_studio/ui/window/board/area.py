"""The middle of the window: message bar, tool options, canvas, and the candidates under it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPointF, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from aigc_studio.translation import _, ngettext
from aigc_studio.ui.candidates.strip import CandidateStrip
from aigc_studio.ui.canvas import BoardView
from aigc_studio.ui.canvas.scene.places import bounds
from aigc_studio.ui.prompt.values import TargetState
from aigc_studio.ui.window.board.brush_bar import BrushBar
from aigc_studio.ui.window.board.canvas_filter import CanvasFilter
from aigc_studio.ui.window.making.asked import EditTarget
from aigc_studio.ui.window.making.ghost import Looking
from aigc_studio.ui.window.making.strip_link import StripLink
from aigc_studio.ui.window.message_bar import MessageBar

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

    from aigc_studio.api import Bars, Span
    from aigc_studio.project import Command, Item, Project
    from aigc_studio.ui.canvas.scene.target import Target
    from aigc_studio.ui.studio import Studio
    from aigc_studio.ui.window.actions.actions import Actions
    from aigc_studio.ui.window.making.asked import Look
    from aigc_studio.ui.window.making.session import Session


SMALLEST_OVERVIEW = 0.6
"""The zoom below which a new item is shown alone rather than among all others."""


_CANVAS = "canvas"
"""The subject of what the canvas has to say."""


class BoardArea(QWidget):
    """Canvas and candidates of the project that is worked on.

    `target_changed`: another item, or another part of it, is selected. `marked`: a part of what is
    selected has just been marked, or it was drawn on. `files_dropped` carries
    paths and a place on the board. `seed_chosen` carries a seed to use again.
    """

    target_changed = Signal()
    marked = Signal()
    files_dropped = Signal(list, object)
    seed_chosen = Signal(object)

    def __init__(self, studio: Studio, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self._session = session
        self.bar = MessageBar()
        self.view = BoardView(studio.project)
        self.view.setMinimumSize(240, 160)
        self.strip = CandidateStrip()
        self.brush_bar = BrushBar(self.view)
        self.looking = Looking(self.view)
        self.tray = StripLink(studio, session, self.strip, self.looking, self.finish_edits)
        self.gate = CanvasFilter(self.view, session.accept, session.cancel, self.looking)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.bar)
        layout.addWidget(self.brush_bar)
        layout.addWidget(self.view, 1)
        layout.addWidget(self.strip)
        self._revealed: list[str] = []
        self._last_target = self.view.board_scene.target()
        self._connect()

    def _connect(self) -> None:
        view, strip, session = self.view, self.strip, self._session
        view.command_made.connect(self._do)
        view.command_made.connect(self._note_command)
        # What is not on the board yet goes as soon as somebody works on the board itself.
        view.command_made.connect(self.looking.end)
        view.tool_changed.connect(self.looking.end)
        for moved_on in (view.tool_changed, view.command_made, self._studio.project_changed):
            moved_on.connect(self._forget_notice)
        view.selection_changed.connect(self._note_selection)
        view.told.connect(self._tell)
        view.files_dropped.connect(self._drop)
        strip.seed_chosen.connect(self.seed_chosen)
        strip.left.connect(view.setFocus)
        # Queued: another candidate may be about to be shown in the place of this one.
        self.looking.gone.connect(self._note_gone, Qt.ConnectionType.QueuedConnection)
        session.items_accepted.connect(self.reveal)
        session.parts_accepted.connect(self._mark_accepted)
        session.looked.connect(self._look)
        self._studio.project_changed.connect(self._show_project)

    def offer(self, actions: Actions) -> None:
        """Call commands here by the names that they have in the menus."""
        offered = {name: actions[name] for name in actions.names()}
        submenus = {name: actions.menus[name].menuAction() for name in ("order", "align")}
        self.view.offer(offered | submenus)
        self.brush_bar.name_buttons(actions["invert_mask"], actions["clear_mask"])

    # The project

    @Slot(object)
    def _show_project(self, project: Project) -> None:
        self.looking.end()
        self.view.show_project(project)
        self.view.setFocus()

    @Slot()
    def finish_edits(self) -> None:
        """Let strokes on their way become commands, and what could not be kept before."""
        self.view.finish_edits()
        self.view.writer.retry()
        self.view.finish_edits()

    @Slot()
    def undo(self) -> None:
        """Take back the newest step, a stroke that is on its way included."""
        self.view.finish_edits()
        self._studio.history.stack.undo()

    @Slot()
    def redo(self) -> None:
        """Do again what was taken back."""
        self.view.finish_edits()
        self._studio.history.stack.redo()

    def close_project(self) -> None:
        """Let go of the project, at the end."""
        self.looking.end()
        self.view.close_project()
        # A scene that dies with something selected would still tell of it.
        self.view.board_scene.blockSignals(True)

    # What is selected

    def chosen_items(self) -> list[Item]:
        """The selected items, bottom first."""
        board = self._studio.project.board
        ids = self.view.board_scene.target().item_ids
        return [item for id in ids if (item := board.get(id)) is not None]

    def target_state(self) -> TargetState:
        """What the prompt panel must know of the selection."""
        target, board = self.view.board_scene.target(), self._studio.project.board
        # Counted only: of thousands, a list of them four times a change would be felt.
        count = sum(map(board.__contains__, target.item_ids))
        if not count:
            return TargetState(empty=not len(board))
        if count == 1:
            title = self.chosen_items()[0].name
        else:
            title = ngettext("{count} item", "{count} items", count).format(count=count)
        return TargetState(
            medium=target.medium or "mixed",
            artifacts=count,
            selection=bool(target.part),
            title=title,
            part=target.part,
            marked=self._marked(target),
        )

    def _marked(self, target: Target) -> str:
        """What of the selected item is marked, in words."""
        if target.part == "mask":
            return _("A part is masked.")
        part: Any = self.view.selection_of(target.item_ids[0]) if target.part else None
        if target.part == "caret":
            return _("At the caret, after character {n}.").format(n=part.start)
        if target.part == "span":
            number = part.stop - part.start
            return ngettext(
                "{count} character is marked.", "{count} characters are marked.", number
            ).format(count=number)
        if target.part == "bars" and part.first == part.last:
            return _("Bar {n} is marked.").format(n=part.first)
        if target.part == "bars":
            return _("Bars {first} to {last} are marked.").format(first=part.first, last=part.last)
        return ""

    def edit_target(self) -> EditTarget:
        """What an edit would work on now, strokes on their way included."""
        self.view.finish_edits()
        items = self.chosen_items()
        if not items:
            return EditTarget()
        id = items[0].id
        selection = self.view.selection_of(id) if items[0].medium != "image" else None
        return EditTarget(tuple(items), selection, self.view.frame_of(id))

    @Slot(object)
    def _note_selection(self, _target: object) -> None:
        former, target = self._last_target, self.view.board_scene.target()
        self._last_target = target
        self.target_changed.emit()
        # What is merely selected, with a mask that it had before, is no wish to edit; neither is
        # a text that is written in, wherever its caret is.
        begun = target.part and target.part != former.part
        writes = target.part == "caret" and self.view.writing is not None
        if begun and not writes and target.item_ids == former.item_ids:
            self.marked.emit()

    @Slot(object)
    def _do(self, command: Command) -> None:
        """Do what the canvas asks for; steps by arrow keys that go on are one step together."""
        self._studio.do(command, merge=self.view.nudging.goes_on)

    @Slot(object)
    def _note_command(self, command: Command) -> None:
        if command.kind in ("paint", "erase"):
            self.marked.emit()
        elif command.kind == "paste":
            self._show_new(list(command.ids))

    def command(self, name: str, *values: Any) -> None:
        """Do one of the canvas's commands on what is selected."""
        self.view.nudging.end()
        getattr(self.view.commands, name)(*values)

    def show_all(self) -> None:
        """Show every item that is hidden."""
        from dataclasses import replace

        from aigc_studio.project import commands

        board = self._studio.project.board
        hidden = {i.id: replace(i, visible=True) for i in board.items if not i.visible}
        if hidden:
            self._studio.do(commands.change_items(board, hidden, "show"))

    @Slot(object)
    def _mark_accepted(self, parts: Mapping[str, Span | Bars]) -> None:
        """Mark what was made of items, where nothing is marked any more that could follow it."""
        for id, part in parts.items():
            if self.view.selection_of(id) is None:
                self.view.board_scene.set_part(id, part)

    @Slot(list)
    def reveal(self, ids: list[str]) -> None:
        """Select items and bring them into view."""
        self.looking.end()
        self.view.select(ids)
        self._show_new(ids)

    def _show_new(self, ids: list[str]) -> None:
        self._revealed = list(ids)
        # Once the candidates that were accepted have gone: then there is more room.
        QTimer.singleShot(0, self._reveal)

    @Slot()
    def _reveal(self) -> None:
        scene, room = self.view.board_scene, self.view.viewport().size()
        found = (scene.board.get(id) for id in self._revealed)
        new = bounds(item for item in found if item is not None and item.visible)
        everything = scene.bounds()
        alone = set(self._revealed) >= set(scene.board.ids)
        if alone and not new.isEmpty() and self.view.zoom < SMALLEST_OVERVIEW:
            # The zoom is left from what is gone: nothing on the board is so large any more.
            self.view.show_rect(new, 1.0)
            return
        if new.isEmpty() or self.view.seen().contains(new):
            return
        across = room.width() / max(everything.width(), 1)
        # Side by side with what was there before, as long as all of it stays large enough.
        if min(across, room.height() / max(everything.height(), 1)) >= SMALLEST_OVERVIEW:
            self.view.show_rect(everything, self.view.zoom)
        else:
            self.view.reveal_items(self._revealed)

    # Looking at what is not on the board yet

    @Slot(object)
    def _look(self, look: Look) -> None:
        self.looking.show_look(look, self._studio.project)

    def end_looking(self) -> None:
        """Show the board as it is."""
        self.looking.end()

    @Slot()
    def _note_gone(self) -> None:
        if self.looking.ghost is None:
            self.strip.end_comparing()

    # In and out

    @Slot(list, QPointF)
    def _drop(self, paths: list[Path], place: QPointF) -> None:
        self.files_dropped.emit([Path(path) for path in paths], (place.x(), place.y()))

    def board_size(self) -> tuple[int, int]:
        """Width and height in pixels of all that is visible, at 100 %."""
        rect = self.view.board_scene.bounds()
        return max(math.ceil(rect.width() - 1e-6), 1), max(math.ceil(rect.height() - 1e-6), 1)

    def draw_board(
        self,
        then: Callable[[Callable[[], Any]], None],
        scale: float = 1.0,
        smooth: bool | None = None,
    ) -> None:
        """Have the board as it is now drawn, beside other events; `then` gets a function that makes
        an artifact of it, on any thread. `scale` and `smooth` are those of `BoardView.draw_board`.
        """
        self.view.finish_edits()

        def take(image: QImage) -> None:
            from aigc_studio.ui.canvas.exchange.transfer import artifact_of

            then(lambda: artifact_of(image))

        self.view.draw_board(take, scale, smooth)

    @Slot(str)
    def _tell(self, sentence: str) -> None:
        self._studio.say(sentence, subject=_CANVAS)

    @Slot()
    def _forget_notice(self) -> None:
        """What the canvas said was about a tool that is not in the hand any more, or done."""
        self._studio.taken_back.emit(_CANVAS)
