"""The middle of the window: options of the tool, canvas, and what lies over it."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPointF, Signal, Slot
from PySide6.QtWidgets import QWidget

from aigc_studio.ui.window.board.area_view import AreaView

if TYPE_CHECKING:
    from aigc_studio.api import Bars, Span
    from aigc_studio.project import Command, Item, Project
    from aigc_studio.ui.studio import Actions as Instead
    from aigc_studio.ui.studio import Studio
    from aigc_studio.ui.target import Target
    from aigc_studio.ui.window.actions.actions import Actions
    from aigc_studio.ui.window.listening.hearing import Hearing
    from aigc_studio.ui.window.making.session import Session


_CANVAS = "canvas"
"""The subject of what the canvas has to say."""


class BoardArea(AreaView):
    """Canvas and candidates of the project that is worked on.

    `target_changed`: another item, or another part of it, is selected. `marked`: a part of what is
    selected has just been marked, or it was drawn on. `files_dropped` carries
    paths and a place on the board. `seed_chosen` carries a seed to use again. `heard`: for the
    first time there is a tune that can be played.
    """

    target_changed = Signal()
    marked = Signal()
    files_dropped = Signal(list, object)
    seed_chosen = Signal(object)
    heard = Signal()

    def __init__(self, studio: Studio, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(studio, session, parent)
        self._last_target = self.view.board_scene.target()
        self._actions: Actions | None = None
        self._connect()

    def _connect(self) -> None:
        view, strip, session = self.view, self.strip, self._session
        view.command_made.connect(self._do)
        view.command_made.connect(self._note_command)
        for moved_on in (view.tool_changed, view.command_made, self._studio.project_changed):
            moved_on.connect(self._forget_notice)
        view.selection_changed.connect(self._note_selection)
        view.told.connect(self._tell)
        view.exchange.came.connect(self._tell)
        view.files_dropped.connect(self._drop)
        strip.seed_chosen.connect(self.seed_chosen)
        for left in (strip.left, self.bottom.left, self.bar.left):
            left.connect(view.setFocus)
        self._candidates.came.connect(self._show_candidates)
        self._candidates.went.connect(self._close_candidates)
        view.stage.changed.connect(self._keep_stage_in_sight)
        view.stage.changed.connect(self._wake_hearing)
        view.space_tapped.connect(self._tap)
        view.note_sounded.connect(self._sound)
        session.batch_began.connect(self._note_batch)
        session.items_accepted.connect(self.reveal)
        session.parts_accepted.connect(self._mark_accepted)
        self._studio.project_changed.connect(self._show_project)

    def offer(self, actions: Actions) -> None:
        """Call commands here by the names that they have in the menus."""
        offered = {name: actions[name] for name in actions.names()}
        submenus = {
            name: actions.menus[name].menuAction()
            for name in ("order", "align", "mask", "transpose")
        }
        self._actions = actions
        self.view.offer(offered | submenus)
        self.options.offer(actions)

    # The project

    @Slot(object)
    def _show_project(self, project: Project) -> None:
        self.view.show_project(project)
        self.view.setFocus()
        self.staging.look_anew()
        if not project.candidates.list():
            self.bottom.leave("candidates")

    @Slot()
    def undo(self) -> None:
        """Take back the newest step, a stroke that is on its way included.

        Of an edit that takes long, it is given up: nobody waits for what is not wanted.
        """
        edits = self.view.board_scene.edits
        is_long = edits.under_way is not None
        edits.give_up()
        self.view.finish_edits()
        if is_long:
            return
        self._studio.history.stack.undo()

    @Slot()
    def redo(self) -> None:
        """Do again what was taken back."""
        self.view.finish_edits()
        self._studio.history.stack.redo()

    def close_project(self) -> None:
        """Let go of the project, at the end."""
        self.staging.end()
        self.view.close_project()
        # A scene that dies with something selected would still tell of it.
        self.view.board_scene.blockSignals(True)

    # What is selected

    def chosen_items(self) -> list[Item]:
        """The selected items, bottom first."""
        return self.view.board_scene.chosen_items()

    def target(self) -> Target:
        """What is selected now."""
        return self.view.board_scene.target()

    def edit_target(self) -> Target:
        """What an edit would work on now, strokes on their way included."""
        self.view.finish_edits()
        return self.target()

    @Slot(object)
    def _note_selection(self, _target: object) -> None:
        former, target = self._last_target, self.view.board_scene.target()
        self._last_target = target
        self._wake_hearing()
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
        goes_on = self.view.nudging.goes_on or self.view.commands.goes_on
        goes_on = goes_on or self.options.geometry_page.goes_on
        self._studio.do(command, merge=goes_on)

    @Slot(object)
    def _note_command(self, command: Command) -> None:
        if command.kind in ("paint", "erase"):
            self.marked.emit()
        elif command.kind == "paste":
            self.revealing.show(command.ids)

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

    def compare(self) -> None:
        """Show the selected item beside what it was before, or no longer."""
        ids = self.view.board_scene.target().item_ids
        if len(ids) == 1 and not self.staging.candidate:
            self.staging.deciding.comparing.show_item(ids[0])

    @Slot(object)
    def _mark_accepted(self, parts: Mapping[str, Span | Bars]) -> None:
        """Mark what was made of items, where nothing is marked any more that could follow it."""
        for id, part in parts.items():
            if self.view.selection_of(id) is None:
                self.view.board_scene.set_part(id, part)

    @Slot()
    def _keep_stage_in_sight(self) -> None:
        """What lies over the board gives way to what is shown on it."""
        self.arrangement.keep_in_sight(self.view.stage.place)

    @Slot(list)
    def reveal(self, ids: list[str]) -> None:
        """Select items and bring them into view; what was worked on is there already."""
        self.staging.end()
        former = self.view.board_scene.target().item_ids
        self.view.select(ids)
        self.revealing.show(ids, known=set(ids) <= set(former))

    # What is heard

    @functools.cached_property
    def hearing(self) -> Hearing:
        """Plays tunes; made when there is one to be played."""
        from aigc_studio.ui.window.listening.hearing import Hearing

        assert self._actions is not None
        made = Hearing(self._studio, self, self._actions)
        self.heard.emit()
        return made

    @Slot()
    def _wake_hearing(self) -> None:
        """There is a tune at hand: Play stands over it."""
        staged = self.view.stage.item
        tune = self.target().medium == "melody" or (staged is not None and staged.has_notes)
        if tune and self._actions is not None:
            _made = self.hearing

    @Slot(bool)
    def _tap(self, anew: bool) -> None:
        self.hearing.tap(anew)

    @Slot(str)
    def _note_batch(self, id: str) -> None:
        tray = self._studio.project.candidates
        tune = tray.waits(id) and tray.record(id).content.medium == "melody"
        if tune and self._studio.settings.preference("play_new"):
            self.hearing.auditions.note_batch(id)

    @Slot(int, int, int)
    def _sound(self, pitch: int, program: int, velocity: int) -> None:
        from aigc_studio.ui.listening import ear

        if self._studio.settings.preference("touch_sound"):
            ear().use(self._studio.settings)
            ear().sound(pitch, program, velocity)

    # What lies over the board

    @Slot()
    def _show_candidates(self) -> None:
        self.bottom.offer("candidates")

    @Slot()
    def _close_candidates(self) -> None:
        self.bottom.withdraw("candidates")

    # In and out

    @Slot(list, QPointF)
    def _drop(self, paths: list[Path], place: QPointF) -> None:
        self.files_dropped.emit([Path(path) for path in paths], (place.x(), place.y()))

    @Slot(str)
    @Slot(str, list)
    def _tell(self, sentence: str, instead: Instead | None = None) -> None:
        self._studio.say(sentence, actions=instead, subject=_CANVAS)

    @Slot()
    def _forget_notice(self) -> None:
        """What the canvas said was about a tool that is not in the hand any more, or done."""
        self._studio.taken_back.emit(_CANVAS)
