"""The canvas: a view of the board, with tools, brush and keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QInputDialog, QLineEdit, QWidget

from aigc_studio.translation import _
from aigc_studio.ui import theme
from aigc_studio.ui.canvas import menu
from aigc_studio.ui.canvas.empty_state import EmptyState
from aigc_studio.ui.canvas.items.melody_card import MelodyItem
from aigc_studio.ui.canvas.items.text_card import TextItem
from aigc_studio.ui.canvas.overview import Overview
from aigc_studio.ui.canvas.painting.brush import LARGEST, SMALLEST, Brush
from aigc_studio.ui.canvas.scene.board_scene import BoardScene
from aigc_studio.ui.canvas.scene.commands import BoardCommands
from aigc_studio.ui.canvas.scene.nudging import Nudging
from aigc_studio.ui.canvas.tools.area import FrameGrip, HandGrip, RectangleGrip
from aigc_studio.ui.canvas.tools.handles import Handle, handle_near
from aigc_studio.ui.canvas.tools.move import MoveGrip
from aigc_studio.ui.canvas.tools.overlay import Overlay
from aigc_studio.ui.canvas.tools.paint import EraseGrip, MaskGrip, PaintGrip, PickGrip, UnmaskGrip
from aigc_studio.ui.canvas.tools.tool import Grip, Tool
from aigc_studio.ui.canvas.writing.writer import Writer

if TYPE_CHECKING:
    from PySide6.QtCore import QRect
    from PySide6.QtGui import QAction, QContextMenuEvent, QResizeEvent

    from aigc_studio.api.selections import Mask, Selection
    from aigc_studio.project.project import Project


class BoardView(Overview):
    """Shows a project's board and lets people work on it.

    Nothing changes by itself: `command_made` carries every change as a command for the project.
    `selection_changed` carries a `Target`; `edit_finished` the id of an item that was written in;
    `files_dropped` paths and the place on the board; `told` a sentence for the person. `menu_asked`
    comes before the menu of an item opens.
    """

    command_made = Signal(object)
    selection_changed = Signal(object)
    edit_finished = Signal(str)
    colour_picked = Signal(QColor)
    tool_changed = Signal(object)
    brush_changed = Signal(object)
    generate_requested = Signal()
    menu_asked = Signal()

    def __init__(self, project: Project, parent: QWidget | None = None) -> None:
        self._space = False
        self._active = None
        scene = BoardScene(project)
        super().__init__(scene, parent)
        # The view's child: Qt then takes both down in an order in which nobody asks for lost items.
        scene.setParent(self)
        self.offered: dict[str, QAction] = {}
        self.tool = Tool.MOVE
        self.brush = Brush()
        self.overlay = Overlay(self)
        self._hand = HandGrip(self)
        self._grips: dict[Tool, Grip] = {
            Tool.MOVE: MoveGrip(self),
            Tool.BRUSH: PaintGrip(self),
            Tool.ERASER: EraseGrip(self),
            Tool.MASK: MaskGrip(self),
            Tool.MASK_ERASER: UnmaskGrip(self),
            Tool.RECTANGLE: RectangleGrip(self),
            Tool.FRAME: FrameGrip(self),
            Tool.EYEDROPPER: PickGrip(self),
            Tool.HAND: self._hand,
        }
        self.grip = self._grips[Tool.MOVE]
        self.empty_state = EmptyState(self.viewport())
        self.empty_state.generate_requested.connect(self.generate_requested)
        self.empty_state.draw_requested.connect(self._start_drawing)
        self.setMouseTracking(True)
        self.viewport().setMouseTracking(True)
        self.setAcceptDrops(True)
        self.viewport().setAcceptDrops(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(_("Canvas"))
        self.setAccessibleDescription(_("The board with its pictures, texts and melodies"))
        theme.scheme_changed.connect(self._repaint)
        self.zoom_changed.connect(self._look)
        self._take(scene)

    # The project

    def show_project(self, project: Project) -> None:
        """Show the board of another project: all of it, at 100 % at most."""
        former = self.board_scene
        self.cancel()
        self.writer.end()
        self.nudging.end()
        self._finish_drawings()
        former.close()
        scene = BoardScene(project, self)
        self.setScene(scene)
        self._take(scene)
        former.deleteLater()
        self.set_zoom(1.0)
        self.centerOn(0, 0)
        self.show_rect(scene.bounds(), 1.0)

    def finish_edits(self) -> None:
        """Let strokes and steps on their way become commands: before undo, saving and quitting."""
        self.cancel()
        self.writer.end()
        self.nudging.end()
        self.board_scene.edits.wait()

    def close_project(self) -> None:
        """Let go of the project; the view is not used afterwards."""
        self.finish_edits()
        self._finish_drawings()
        self.board_scene.close()

    def _take(self, scene: BoardScene) -> None:
        self.board_scene = scene
        self.commands = BoardCommands(scene, scene)
        self.nudging = Nudging(scene, scene)
        self.writer = Writer(scene, scene)
        self.writer.ended.connect(self.edit_finished)
        self._look()
        scene.command_made.connect(self.command_made)
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

    def mask_of(self, id: str) -> Mask | None:
        """The mask of a picture as it is seen now; None when nothing is masked."""
        return self.board_scene.mask_of(id)

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

    def select_when_there(self, ids: list[str]) -> None:
        """Select items that the next command brings."""
        self.board_scene.choose_when_there(ids)

    def offer(self, actions: Mapping[str, QAction]) -> None:
        """Take these commands of the window into the menu of items, by name."""
        self.offered = dict(actions)

    # Tools and brush

    def set_tool(self, tool: Tool) -> None:
        """Take another tool in hand."""
        if tool == self.tool:
            return
        self.cancel()
        self.writer.end()
        self.nudging.end()
        self._update_brush()
        self.tool, self.grip = Tool(tool), self._grips[Tool(tool)]
        self.viewport().setCursor(self.grip.cursor)
        self.viewport().update()
        self.tool_changed.emit(self.tool)

    def set_brush(self, brush: Brush) -> None:
        """Paint and mask with another brush."""
        if brush != self.brush:
            self._update_brush()
            self.brush = brush
            self._update_brush()
            self.brush_changed.emit(brush)

    def change_size(self, steps: int) -> None:
        """Make the brush larger (positive) or smaller."""
        self.set_brush(replace(self.brush, size=self.brush.grown(steps)))

    def change_hardness(self, by: float) -> None:
        """Make the brush harder (positive) or softer."""
        hardness = min(max(round(self.brush.hardness + by, 2), 0.0), 1.0)
        self.set_brush(replace(self.brush, hardness=hardness))

    def set_brush_size(self, size: float) -> None:
        """The brush's diameter in board units, 1 to 512."""
        self.set_brush(replace(self.brush, size=min(max(size, SMALLEST), LARGEST)))

    def pick_colour(self, colour: QColor) -> None:
        """Paint with this colour."""
        rgb = (colour.red(), colour.green(), colour.blue())
        self.set_brush(replace(self.brush, colour=rgb, automatic=False))
        self.colour_picked.emit(QColor(colour.rgb()))

    def show_hint(self, wanted: bool = True) -> None:
        """Say on an empty board what can be done; not while something is drawn there."""
        empty = wanted and not self.board_scene.board.items
        self.empty_state.setVisible(empty)
        if empty:
            self._place_empty_state()

    def handle_at(self, point: QPointF) -> Handle | None:
        """The handle of the selection at a point of the viewport."""
        return handle_near(self.overlay.handles(), point)

    def tell(self, sentence: str) -> None:
        """Have a sentence shown."""
        self.told.emit(sentence)

    def cancel(self) -> None:
        """Give up what the tool is doing."""
        if self._active is not None:
            self._active.cancel()
            self._active = None

    # Keys

    def can_escape(self) -> bool:
        """Whether Escape means something here; else the window may have it."""
        return self.is_busy() or self.board_scene.target().number > 0

    def is_busy(self) -> bool:
        """Whether the pointer does something just now, or a text is written in."""
        return self._active is not None or self.writing is not None

    def escape(self) -> None:
        """Give up a gesture; else take the selected part away; else select nothing."""
        if self._active is not None:
            self.cancel()
        elif self.board_scene.target().part in ("span", "caret", "bars"):
            self.commands.clear_mask()
        else:
            self.commands.deselect()

    def enter(self) -> None:
        """Write in the selected text; select the first bar of the selected melody."""
        from aigc_studio.api.selections import Bars

        chosen = self.board_scene.chosen()
        if len(chosen) == 1 and isinstance(chosen[0], TextItem):
            self.write(chosen[0].id)
        elif len(chosen) == 1 and isinstance(chosen[0], MelodyItem):
            self.board_scene.set_part(chosen[0].id, Bars(1, 1))

    def write(self, id: str, at: QPointF | None = None) -> None:
        """Write in a text; `at` (board units) says where."""
        self.setFocus()  # it may begin from a menu, while a field has the keyboard
        self.writer.begin(id, at)

    def can_scroll_text(self) -> bool:
        """Whether the selected item is a text that scrolls in its card."""
        chosen = self.board_scene.chosen()
        card = chosen[0] if len(chosen) == 1 else None
        return isinstance(card, TextItem) and card.page is not None

    def scroll_text(self, pages: int) -> None:
        """Show more of the selected long text: so many pages further down."""
        for card in self.board_scene.chosen():
            if isinstance(card, TextItem):
                card.turn_pages(pages)

    def can_step_bars(self) -> bool:
        """Whether arrow keys move a selection of bars."""
        return self.board_scene.target().part == "bars"

    @Slot()
    def ask_rename(self) -> None:
        """Ask for another name of the selected item."""
        items = self.commands.items
        if len(items) == 1:
            name, agreed = QInputDialog.getText(
                self, _("Rename"), _("Name"), QLineEdit.EchoMode.Normal, items[0].name
            )
            if agreed:
                self.commands.rename(name)

    # Qt

    def is_empty(self) -> bool:
        """Whether nothing is on the board."""
        return not len(self.board_scene.board)

    def drawForeground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        """Outlines, handles, tags, frames and the brush."""
        exposed = self.to_view_rect(QRectF(rect))
        painter.save()
        painter.resetTransform()
        self.overlay.paint(painter, exposed)
        painter.restore()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The menu of the item here, or of the board."""
        if self.writer.card is not None:
            super().contextMenuEvent(event)
            return
        item = self.board_scene.item_at(self.to_scene(QPointF(event.pos())))
        if item is None:
            self.board_scene.choose([])
        elif not item.isSelected():
            self.board_scene.choose([item.id])
        self.menu_asked.emit()
        made = menu.board_menu(self)
        made.exec(event.globalPos())
        made.deleteLater()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep what an empty board says in the middle."""
        super().resizeEvent(event)
        self._place_empty_state()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Scrolling moves the children of the viewport: put what an empty board says back."""
        super().scrollContentsBy(dx, dy)
        # The view scrolls for the first time while it is being made.
        if hasattr(self, "empty_state"):
            self._place_empty_state()

    def changeEvent(self, event: QEvent) -> None:
        """Speak another language."""
        if event.type() == QEvent.Type.LanguageChange:
            self.setAccessibleName(_("Canvas"))
            self.setAccessibleDescription(_("The board with its pictures, texts and melodies"))
            self.empty_state.speak()
        super().changeEvent(event)

    def _place_empty_state(self) -> None:
        self.empty_state.adjustSize()
        room = self.viewport().rect()
        size = self.empty_state.size()
        self.empty_state.move(
            (room.width() - size.width()) // 2, (room.height() - size.height()) // 2
        )

    @Slot()
    def _look(self) -> None:
        self.board_scene.look_from(self.zoom * self.devicePixelRatioF())

    @Slot()
    def _note_contents(self) -> None:
        self.show_hint()
        if self.board_scene.item(self.overlay.hovered) is None:
            self.overlay.hovered = ""
        self.viewport().update()

    @Slot()
    def _tell_selection(self) -> None:
        self.viewport().update()
        self.selection_changed.emit(self.board_scene.target())

    @Slot()
    def _start_drawing(self) -> None:
        self.set_tool(Tool.BRUSH)
        self.setFocus()
        self.tell(_("Draw anywhere: the first stroke brings a sheet."))

    @Slot()
    def _repaint(self) -> None:
        self.viewport().update()
