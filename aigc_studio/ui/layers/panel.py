"""The Layers tab: what is on the board, the topmost first, with what is said and done of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QSize, Qt, Slot
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QToolButton, QVBoxLayout, QWidget

from aigc_studio.translation import _, ngettext
from aigc_studio.ui import icons, theme
from aigc_studio.ui.canvas import menu
from aigc_studio.ui.labels import Label
from aigc_studio.ui.layers.layer_list import LayerList
from aigc_studio.ui.layers.opacity import Opacity
from aigc_studio.ui.layers.view import LayerView

if TYPE_CHECKING:
    from PySide6.QtGui import QAction

    from aigc_studio.project.items import Item
    from aigc_studio.ui.canvas import BoardView

MANY = 12
"""From so many layers on there is a field to find them by their names."""
_SEARCH = 240
_ORDERS = ("front", "forward", "backward", "back")


class LayersPanel(QWidget):
    """The items of the board of a view as layers. What is chosen here is selected there.

    Hidden ones, which no hand can take on the board, can be chosen here: `unseen` of the scene.
    """

    def __init__(self, board: BoardView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._board = board
        self._synced: tuple[object, object] = (None, None)
        self._telling = False
        self.layers = LayerList(self)
        self.list = LayerView(self.layers)
        self.search = QLineEdit(clearButtonEnabled=True)
        self.search.addAction(
            icons.icon("search", "muted"), QLineEdit.ActionPosition.LeadingPosition
        )
        self.search.setMaximumWidth(_SEARCH)
        self.search.hide()
        self.count = Label()
        theme.set_kind(self.count, "secondary")
        self.opacity = Opacity(board)
        self.note = Label(wordWrap=True)
        theme.set_kind(self.note, "secondary")
        self.note.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.note.setContentsMargins(theme.PADDING, theme.GAP, theme.PADDING, theme.PADDING)
        self._lay_out()
        self._connect()
        self._speak()

    def _lay_out(self) -> None:
        self._head = head = QHBoxLayout()
        head.setContentsMargins(theme.PADDING, 0, theme.GRID, 0)
        head.setSpacing(theme.GAP)
        head.addWidget(self.search, 1)
        head.addWidget(self.count)
        head.addStretch(1)
        head.addWidget(self.opacity)
        self.orders = QWidget()
        self._orders = QHBoxLayout(self.orders)
        self._orders.setContentsMargins(0, 0, 0, 0)
        self._orders.setSpacing(0)
        head.addWidget(self.orders)
        body = QVBoxLayout()
        body.setContentsMargins(theme.GAP, 0, theme.GRID, 0)
        body.addWidget(self.list, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, theme.GRID)
        column.setSpacing(theme.GRID)
        column.addLayout(head)
        column.addLayout(body, 1)
        column.addWidget(self.note, 1)

    def _connect(self) -> None:
        self.search.textChanged.connect(self._find)
        self.layers.settled.connect(self._note_rows)
        self.layers.renamed.connect(self._rename)
        self.layers.dataChanged.connect(self.opacity.refresh)
        self.list.selectionModel().selectionChanged.connect(self._tell_chosen)
        self.list.eye_clicked.connect(self.toggle)
        self.list.dropped.connect(self.move_above)
        self.list.opened.connect(self._reveal)
        self.list.asked.connect(self._act)
        self.list.menu_wanted.connect(self._open_menu)
        self._board.selection_changed.connect(self._follow_selection)
        theme.scheme_changed.connect(self.list.pictures.clear)

    def offer(self, actions: Mapping[str, QAction]) -> None:
        """Take the commands of the window for the order of layers, by name."""
        for name in _ORDERS:
            button = QToolButton()
            button.setDefaultAction(actions[name])
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
            button.setIconSize(QSize(16, 16))
            button.setFixedSize(theme.CONTROL_HEIGHT, theme.CONTROL_HEIGHT)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            self._orders.addWidget(button)

    # Following the board

    @Slot()
    def follow(self) -> None:
        """Show the board that the view shows now."""
        scene = self._board.board_scene
        self.list.pictures.read_with(scene.loader)
        self.layers.follow(scene.board)

    @Slot()
    def follow_project(self) -> None:
        """The view shows another project."""
        if self.isVisible():
            self.follow()

    def let_go(self) -> None:
        """Follow nothing."""
        self.list.pictures.read_with(None)
        self.layers.follow(None)

    def showEvent(self, event: QShowEvent) -> None:
        """Show what is there now: nothing is followed that nobody sees."""
        self.follow()
        super().showEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody sees it: let go, and of what only can be seen to be chosen here."""
        super().hideEvent(event)
        scene = self._board.board_scene
        if scene.unseen:
            scene.choose([item.id for item in scene.chosen()])
        self.let_go()

    @Slot(str)
    def _find(self, words: str) -> None:
        """Show only what is called like this."""
        self.layers.filter(words)
        self._note_rows()

    @Slot()
    def _note_rows(self) -> None:
        """Other rows are there now: say how many, or why none, and choose what was chosen."""
        total, shown = self.layers.total, len(self.layers.ids)
        self.search.setVisible(total >= MANY or bool(self.layers.words))
        self.count.setText(self._counted(total, shown))
        for part in (self.opacity, self.orders):
            part.setVisible(total > 0)
        self.list.setVisible(shown > 0)
        self.note.setVisible(shown == 0)
        if total and not shown:
            words = self.search.text().strip()
            self.note.setText(_("No layer is called “{words}”.").format(words=words))
        elif not shown:
            self.note.setText(
                _("Nothing is on the board yet. All that lies there is listed here, top first.")
            )
        self._synced = (None, None)
        self._follow_selection()

    def _counted(self, total: int, shown: int) -> str:
        if total == shown:
            words = ngettext("{count} layer", "{count} layers", total)
            return words.format(count=f"{total:,}") if total else ""
        return _("{shown} of {total}").format(shown=f"{shown:,}", total=f"{total:,}")

    @Slot()
    def _follow_selection(self) -> None:
        """Choose the rows of what is selected on the board."""
        scene = self._board.board_scene
        now = (scene.chosen(), scene.unseen)
        same = now[0] is self._synced[0] and now[1] == self._synced[1]
        if self._telling or same or not self.isVisible():
            return
        self._synced = now
        self._telling = True
        parts = self.layers.rows_of([*(item.id for item in now[0]), *now[1]])
        self.list.choose_rows(parts)
        if parts:
            self._stand_among(parts)
        self._telling = False
        self.opacity.refresh()

    def _stand_among(self, parts: list[tuple[int, int]]) -> None:
        """The keyboard goes on from what is chosen, which comes into sight."""
        row = self.list.currentIndex().row()
        if not any(first <= row <= last for first, last in parts):
            row = parts[0][0]
            self.list.stand_at(row)
        self.list.scrollTo(self.layers.index(row, 0))

    @Slot()
    def _tell_chosen(self) -> None:
        """Select on the board what was chosen here."""
        if self._telling or self.layers.is_following:
            return
        self._telling = True
        self._board.nudging.end()
        self._board.board_scene.choose(self._chosen_ids())
        self._telling = False
        scene = self._board.board_scene
        self._synced = (scene.chosen(), scene.unseen)
        self.opacity.refresh()

    def _chosen_ids(self) -> list[str]:
        return [self.layers.ids[row] for row in self.list.chosen_rows()]

    # Doing

    @Slot(int)
    def toggle(self, row: int) -> None:
        """Hide or show a layer, or all that are chosen with it; they stay chosen."""
        item = self.layers.item_at(row)
        if item is None:
            return
        chosen = self._chosen_ids()
        ids = chosen if item.id in chosen else [item.id]
        self._board.finish_edits()
        self._board.commands.set_visible(not item.visible, ids)
        self._board.board_scene.choose(chosen)

    @Slot(int)
    def move_above(self, row: int) -> None:
        """Bring what is chosen above the layer of this row, or under the last."""
        chosen = self._chosen_ids()
        below = next((id for id in self.layers.ids[row:] if id not in set(chosen)), "")
        above = next((id for id in self.layers.ids[:row][::-1] if id not in set(chosen)), "")
        self._board.finish_edits()
        self._board.commands.place_between(chosen, below, above)

    @Slot(str, str)
    def _rename(self, id: str, name: str) -> None:
        self._board.finish_edits()
        self._board.commands.rename(name, id)

    @Slot(int)
    def _reveal(self, row: int) -> None:
        item: Item | None = self.layers.item_at(row)
        if item is not None:
            self._board.reveal_items([item.id])

    @Slot(str)
    def _act(self, name: str) -> None:
        """Do one of the canvas's actions, as its key does there."""
        action = self._board.offered.get(name)
        if action is None:
            self._board.act(name)
        elif action.isEnabled():
            action.trigger()

    @Slot(QPoint)
    def _open_menu(self, place: QPoint) -> None:
        board = self._board
        board.menu_asked.emit()
        scene = board.board_scene
        made = menu.board_menu(self, scene.target(), board.offered, unseen=len(scene.unseen))
        menu.open_at(place, made)

    # Qt

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape empties the field first; what is left of it is for whoever shows this."""
        if event.key() == Qt.Key.Key_Escape and self.search.hasFocus() and self.search.text():
            self.search.clear()
            return
        if event.key() == Qt.Key.Key_Down and self.search.hasFocus():
            self.list.setFocus()
            return
        super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Speak another language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._speak()
        super().changeEvent(event)

    def _speak(self) -> None:
        self.search.setPlaceholderText(_("Find a layer by its name"))
        self.search.setAccessibleName(_("Find a layer by its name"))
