"""The canvas: a view of the board, with tools, brush and keys."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from aigc_studio.translation import _
from aigc_studio.ui import notation, theme
from aigc_studio.ui.canvas import actions, menu
from aigc_studio.ui.canvas.exchange.exchange import Exchange
from aigc_studio.ui.canvas.insertion import Insertion
from aigc_studio.ui.canvas.keys import Keyboard
from aigc_studio.ui.canvas.navigation import Navigation
from aigc_studio.ui.canvas.pending_bar import PendingBar
from aigc_studio.ui.canvas.pointer import Pointer
from aigc_studio.ui.canvas.scene.board_scene import BoardScene
from aigc_studio.ui.canvas.scene.commands import BoardCommands
from aigc_studio.ui.canvas.scene.nudging import Nudging
from aigc_studio.ui.canvas.scene.places import bounds
from aigc_studio.ui.canvas.staging.stage import Stage
from aigc_studio.ui.canvas.tools.handles import Handle, handle_near
from aigc_studio.ui.canvas.tools.marks import Marks
from aigc_studio.ui.canvas.tools.options import ToolOptions
from aigc_studio.ui.canvas.tools.overlay import Overlay
from aigc_studio.ui.canvas.tools.tool import Tool
from aigc_studio.ui.canvas.tools.toolbox import Toolbox
from aigc_studio.ui.canvas.writing.writer import Writer

if TYPE_CHECKING:
    from PySide6.QtCore import QPoint, QRect
    from PySide6.QtGui import QAction, QContextMenuEvent

    from aigc_studio.api.selections import Selection
    from aigc_studio.project.project import Project
    from aigc_studio.ui.canvas.edit_bar import EditBar
    from aigc_studio.ui.canvas.items.text_card import TextItem


class BoardView(Navigation):
    """Shows a project's board and lets people work on it.

    Nothing changes by itself: `command_made` carries every change as a command for the project.
    `selection_changed` carries a `Target`; `edit_finished` the id of an item that was written in;
    `files_dropped` paths and the place on the board; `told` a sentence for the person. `menu_asked`
    comes before the menu of an item opens. `bare_changed` says whether there is nothing to see.
    `space_tapped`: Space went down and up, and nothing was done with it (with Shift?).
    `note_sounded` carries pitch, program and velocity of a note under the hand.
    """

    command_made = Signal(object)
    selection_changed = Signal(object)
    edit_finished = Signal(str)
    typing_changed = Signal()
    tool_changed = Signal(object)
    menu_asked = Signal()
    bare_changed = Signal(bool)
    space_tapped = Signal(bool)
    note_sounded = Signal(int, int, int)
    files_dropped = Signal(list, QPointF)
    told = Signal(str)

    def __init__(self, project: Project, parent: QWidget | None = None) -> None:
        self.bare = False
        """Whether there is nothing to see: no item, no stroke under the hand, no preview."""
        scene = BoardScene(project)
        super().__init__(scene, parent)
        # The view's child: Qt then takes both down in an order in which nobody asks for lost items.
        scene.setParent(self)
        self.offered: dict[str, QAction] = {}
        self.tool = Tool.MOVE
        self.options = ToolOptions(self)
        self._hold(scene)
        self.marks = Marks()
        self.overlay = Overlay(self)
        self.stage = Stage(self, self)
        self.toolbox = Toolbox(self)
        self.pointer = Pointer(self, self.viewport())
        self.options.brush_changed.connect(self.pointer.repaint_brush)
        self.exchange = Exchange(self, self.viewport())
        self.insertion = Insertion(self)
        self.actions_by_name = actions.actions_of(self)
        self.keyboard = Keyboard(self, self)
        self.pending_bar = PendingBar(self, self)
        self.setMouseTracking(True)
        self.viewport().setMouseTracking(True)
        self.setAcceptDrops(True)
        self.viewport().setAcceptDrops(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._speak()
        theme.scheme_changed.connect(self._repaint)
        notation.changed.connect(self._end_notes)
        self.zoom_changed.connect(self._look)
        self._follow(scene)

    @Slot()
    def _end_notes(self) -> None:
        """A tune that becomes a staff is edited no more: notes are drawn on the roll."""
        if notation.is_staff() and self.marks.edited:
            self.toolbox.accept()

    # The project

    def show_project(self, project: Project) -> None:
        """Show the board of another project: all of it, at 100 % at most."""
        former = self.board_scene
        self.cancel()
        self.writer.end()
        self.nudging.end()
        self.exchange.finish_drawings()
        self.stage.end()
        former.close()
        scene = BoardScene(project, self)
        self.setScene(scene)
        self._hold(scene)
        self._follow(scene)
        former.deleteLater()
        self.set_zoom(1.0)
        self.centerOn(0, 0)
        self.show_opened(scene.bounds())

    def finish_edits(self) -> None:
        """Let strokes and steps on their way become commands, one under the hand too: before undo,
        saving and quitting."""
        self.pointer.finish()
        self.writer.end()
        self.nudging.end()
        self.board_scene.edits.wait()

    def close_project(self) -> None:
        """Let go of the project; the view is not used afterwards."""
        self.finish_edits()
        self.exchange.finish_drawings()
        self.stage.end()
        self.board_scene.close()

    def _hold(self, scene: BoardScene) -> None:
        self.board_scene = scene
        self.commands = BoardCommands(scene, scene)
        self.nudging = Nudging(scene, scene)
        self.writer = Writer(scene, scene)

    def _follow(self, scene: BoardScene) -> None:
        self.writer.ended.connect(self._end_writing)
        self.writer.changed.connect(self.typing_changed)
        self.writer.moved.connect(self._show_caret)
        self._look()
        scene.command_made.connect(self.command_made)
        scene.edits.began.connect(self._note_edit)
        scene.refused.connect(self.told)
        scene.selectionChanged.connect(self._tell_selection)
        scene.part_changed.connect(self._tell_selection)
        scene.contents_changed.connect(self._note_contents)
        self._note_contents()
        self._tell_selection()

    # Selection

    @property
    def writing(self) -> TextItem | None:
        """The text that is being written in."""
        return self.writer.card

    def selection_of(self, id: str) -> Selection | None:
        """The selected part of an item: `Mask`, `Span` or `Bars`; None when it is whole."""
        return self.board_scene.selection_of(id)

    def frame_of(self, id: str) -> tuple[int, int, int, int] | None:
        """The frame on a picture: left, top, right, bottom in its pixels, or None."""
        rect: QRect | None = self.board_scene.frame_of(id)
        if rect is None:
            return None
        return rect.left(), rect.top(), rect.right() + 1, rect.bottom() + 1

    def select(self, ids: list[str]) -> None:
        """Select exactly these items."""
        self.board_scene.choose(ids)

    def offer(self, actions: Mapping[str, QAction]) -> None:
        """Take these commands of the window into the menu of items, by name."""
        self.offered = dict(actions)

    # Tools

    def set_tool(self, tool: Tool) -> None:
        """Take another tool in hand."""
        if tool == self.tool:
            return
        self.pointer.finish()  # a quick hand is at the next key before the button is up
        self.writer.end()
        self.nudging.end()
        self.toolbox.lay_down()
        self.pointer.show_brush(None)
        self.tool = Tool(tool)
        self.toolbox.take()
        self.show_cursor(self.toolbox.cursor)
        self.viewport().update()
        self.tool_changed.emit(self.tool)

    def show_hint(self, wanted: bool = True) -> None:
        """Let an empty board say what can be done; not while something is drawn or staged there."""
        bare = wanted and self.stage.is_empty and self.is_empty()
        if bare != self.bare:
            self.bare = bare
            self.bare_changed.emit(bare)

    def handle_at(self, point: QPointF) -> Handle | None:
        """The handle of the selection at a point of the viewport."""
        return handle_near(self.overlay.handles(), point)

    def report(self, sentence: str) -> None:
        """Have a sentence shown."""
        self.told.emit(sentence)

    def tap_space(self, shift: bool) -> None:
        """Space was pressed and let go, and nothing was done while it was down."""
        self.space_tapped.emit(shift)

    def sound_note(self, pitch: int, program: int = 0, velocity: int = 80) -> None:
        """Have a note under the hand heard: pitch and program 0 to 127, velocity 1 to 127."""
        self.note_sounded.emit(pitch, program, velocity)

    def show_cursor(self, shape: Qt.CursorShape) -> None:
        """Let the pointer look like this over the board."""
        if self.viewport().cursor().shape() != shape:
            self.viewport().setCursor(shape)

    def repaint_marks(self, rect: QRectF | None = None) -> None:
        """Have what lies over the items painted anew, or a part of it (viewport)."""
        if rect is None:
            self.viewport().update()
            self.pending_bar.refresh()
        else:
            self.viewport().update(rect.toAlignedRect())

    def cancel(self) -> None:
        """Give up what the tool is doing."""
        self.pointer.cancel()

    def can_escape(self) -> bool:
        """Whether Escape means something here; else the window may have it."""
        return actions.can_escape(self)

    def is_busy(self) -> bool:
        """Whether the pointer does something just now, or a text is written in."""
        return self.pointer.is_busy or self.writing is not None or self.toolbox.is_pending

    def act(self, name: str) -> None:
        """Do one of the canvas's actions, as its key does."""
        self.nudging.end()
        self.actions_by_name[name]()

    def write(self, id: str, at: QPointF | None = None) -> None:
        """Write in a text; `at` (board units) says where."""
        self.setFocus()  # it may begin from a menu, while a field has the keyboard
        self.writer.begin(id, at)

    def write_new(self, at: QPointF) -> None:
        """Begin a text on the board, its upper left corner at `at`; left empty, it goes again."""
        self.insertion.text(at)

    # In and out

    def drag_out(self) -> None:
        """Drag the selected items to another program as files."""
        self.pointer.forget()
        self.exchange.drag_out()

    def take_files(self, paths: list[Path], at: QPointF) -> None:
        """Files came, dropped or pasted: they are for the window to read."""
        self.files_dropped.emit(paths, at)

    # What is in view

    @Slot()
    def fit(self) -> None:
        """Show everything, as large as fits and at most at 800 %; an empty board at 100 %."""
        if self.board_scene.bounds().isEmpty():
            self.actual_size()
        self.show_rect(self.board_scene.bounds(), 8.0)

    @Slot()
    def fit_selection(self) -> None:
        """Show what is selected, as large as fits and at most at 800 %."""
        chosen = self.board_scene.chosen()
        if chosen:
            self.show_rect(self.board_scene.bounds(chosen), 8.0)

    def reveal_items(self, ids: list[str]) -> None:
        """Bring items into view."""
        found = (self.board_scene.board.get(id) for id in ids)
        rect = bounds(item for item in found if item is not None and item.visible)
        if not rect.isEmpty():
            self.reveal(rect)

    def everything(self) -> QRectF:
        """The part of the board that has items on it; nothing while something is staged over it."""
        return self.board_scene.bounds() if self.stage.is_empty else QRectF()

    def is_empty(self) -> bool:
        """Whether nothing is on the board."""
        return not len(self.board_scene.board)

    # Qt

    def drawForeground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        """Outlines, handles, tags, frames and the brush."""
        exposed = self.to_view_rect(QRectF(rect))
        painter.save()
        painter.resetTransform()
        self.overlay.paint(painter, exposed)
        self.stage.paint(painter)
        painter.restore()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The menu of the item here, or of the board; none in the middle of a stroke."""
        if self.pointer.is_busy:
            return
        if self.writer.card is not None:
            super().contextMenuEvent(event)
            return
        at = self.to_scene(QPointF(event.pos()))
        item = self.board_scene.item_at(at)
        if item is None or not item.chosen:
            self.board_scene.choose([item.id] if item is not None else [])
        with self.insertion.at(at):
            self._open_menu(event.globalPos())

    def show_menu(self) -> None:
        """Open the menu of what is selected in the middle of the view."""
        self._open_menu(self.mapToGlobal(self.rect().center()))

    def _open_menu(self, place: QPoint) -> None:
        self.menu_asked.emit()
        menu.open_at(place, menu.board_menu(self, self.board_scene.target(), self.offered))

    def changeEvent(self, event: QEvent) -> None:
        """Speak another language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._speak()
        super().changeEvent(event)

    def _speak(self) -> None:
        self.setAccessibleName(_("Canvas"))
        self.setAccessibleDescription(_("The board with its pictures, texts and melodies"))

    @functools.cached_property
    def edit_bar(self) -> EditBar:
        """How far an edit is that takes its time; made when the first such is under way."""
        from aigc_studio.ui.canvas.edit_bar import EditBar

        return EditBar(self)

    @Slot()
    def _note_edit(self) -> None:
        if self.board_scene.edits.under_way is not None:
            self.edit_bar.follow(self.board_scene.edits)

    @Slot()
    def _look(self) -> None:
        scale = self.zoom * self.devicePixelRatioF()
        self.board_scene.look_from(scale)
        self.stage.look_from(scale)

    @Slot()
    def _note_contents(self) -> None:
        self.show_hint()
        if self.board_scene.item(self.marks.hovered) is None:
            self.marks.hovered = ""
        self.viewport().update()

    @Slot()
    def _tell_selection(self) -> None:
        self.viewport().update()
        self.toolbox.take()
        self.pending_bar.refresh()
        self.selection_changed.emit(self.board_scene.target())

    @Slot(str)
    def _end_writing(self, id: str) -> None:
        self.show_hint()
        self.edit_finished.emit(id)

    @Slot()
    def _show_caret(self) -> None:
        """Who writes on past the edge of the view sees what is written."""
        place = self.writing.caret_place() if self.writing is not None else QRectF()
        if 0 < place.height() < self.seen().height():
            self.reveal(place)

    @Slot()
    def _repaint(self) -> None:
        self.viewport().update()
