"""The bar over the board: save, undo and redo, and what the tool in hand can be told."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QStackedWidget, QToolButton, QWidget

from aigc_studio.translation import _
from aigc_studio.ui import theme
from aigc_studio.ui.canvas import Tool, tool_infos
from aigc_studio.ui.labels import ElidedLabel, Label
from aigc_studio.ui.window.board.buttons import command_button
from aigc_studio.ui.window.board.geometry import Geometry

if TYPE_CHECKING:
    from PySide6.QtGui import QAction, QResizeEvent

    from aigc_studio.ui.canvas import BoardView
    from aigc_studio.ui.window.actions.actions import Actions
    from aigc_studio.ui.window.board.brush_bar import BrushBar
    from aigc_studio.ui.window.board.note_grid import NoteGrid, NoteLength
    from aigc_studio.ui.window.board.tune_facts import TuneFacts

HEIGHT = 36
_commands = {Tool.FRAME: ("crop", "clear_mask")}
"""What the bar offers beside the words of a tool without numbers."""
_ON_TUNES = frozenset(
    {
        *(Tool.MOVE, Tool.BRUSH, Tool.ERASER, Tool.MASK, Tool.MASK_ERASER),
        *(Tool.RECTANGLE, Tool.LASSO),
    }
)
"""Tools that do something to the notes or the bars of a tune."""


class ToolWords(QWidget):
    """A tool without numbers: its name, what it does, and commands that go with it."""

    def __init__(self, title: str, tip: str) -> None:
        super().__init__()
        name, words = Label(title), ElidedLabel(tip)
        theme.set_kind(name, "heading")
        theme.set_kind(words, "secondary")
        words.setMinimumWidth(24)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(theme.GAP)
        self._row.addWidget(name)
        self._row.addWidget(words, 1)

    def add(self, action: QAction) -> None:
        """One more command."""
        self.insert(command_button(action))

    def insert(self, widget: QWidget) -> None:
        """One more thing, before what the tool does."""
        self._row.insertWidget(self._row.count() - 1, widget)


class OptionsBar(QFrame):
    """Always there, always as high: nothing that it shows moves the board.

    `add_end` puts something at its right end, which is there with every tool.
    """

    def __init__(self, view: BoardView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.set_kind(self, "options")
        self.setFixedHeight(HEIGHT)
        self.setAccessibleName(_("Options of the tool"))
        self._view = view
        self.geometry_page = Geometry(view)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.geometry_page)
        self._words: dict[Tool, ToolWords] = {}
        self._actions: Actions | None = None
        self._smooth: QToolButton | None = None
        self._begin, self._end = QHBoxLayout(), QHBoxLayout()
        for part in (self._begin, self._end):
            part.setSpacing(2)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.GRID, 0, theme.GAP, 1)
        row.setSpacing(theme.GAP)
        row.addLayout(self._begin)
        row.addWidget(_line())
        row.addWidget(self._pages, 1)
        row.addLayout(self._end)
        view.tool_changed.connect(self._show_tool)
        view.selection_changed.connect(self._note_selection)
        self._show_tool(view.tool)

    def offer(self, actions: Actions) -> None:
        """Give commands of the window their buttons here."""
        self._actions = actions
        for name in ("save", "undo", "redo"):
            self._begin.addWidget(command_button(actions[name]))
        self._smooth = command_button(actions["smooth"])
        self.add_end(self._smooth)
        if "brush" in vars(self):
            self.brush.offer(actions)

    @functools.cached_property
    def brush(self) -> BrushBar:
        """The page of the painting tools, made when one is first in hand."""
        from aigc_studio.ui.window.board.brush_bar import BrushBar

        page = BrushBar(self._view)
        self._pages.addWidget(page)
        if self._actions is not None:
            page.offer(self._actions)
        return page

    @functools.cached_property
    def tune_facts(self) -> TuneFacts:
        """The page of a tune, made when one is first selected."""
        from aigc_studio.ui.window.board.tune_facts import TuneFacts

        page = TuneFacts(self._view)
        self._pages.addWidget(page)
        return page

    @functools.cached_property
    def note_grid(self) -> NoteGrid:
        """What notes keep to, with any tool."""
        from aigc_studio.ui.window.board.note_grid import NoteGrid

        button = NoteGrid(self._view)
        self._end.insertWidget(0, button)
        button.fit(self.width())
        return button

    @functools.cached_property
    def note_length(self) -> NoteLength:
        """How long a note is that is put, with any tool."""
        from aigc_studio.ui.window.board.note_grid import NoteLength

        button = NoteLength(self._view)
        self._end.insertWidget(1, button)
        button.fit(self.width())
        return button

    def add_end(self, widget: QWidget) -> None:
        """Put a widget at the right end."""
        self._end.addWidget(widget)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Tell those who leave something out where there is little room."""
        super().resizeEvent(event)
        if "note_grid" in vars(self):
            self.note_grid.fit(self.width())
            self.note_length.fit(self.width())

    def minimumSizeHint(self) -> QSize:
        """None: a window may be narrower than all that it shows."""
        return QSize(0, HEIGHT)

    @Slot(object)
    def _show_tool(self, tool: Tool) -> None:
        tool = Tool(tool)
        if tool in _ON_TUNES and self._has_tune():
            # Neither a brush's size nor the edge of a mask is anything to a tune.
            self._turn_to(self.tune_facts)
        elif tool.paints:
            self._turn_to(self.brush)
        elif tool is Tool.MOVE:
            self._turn_to(self.geometry_page)
        else:
            self._turn_to(self._words_of(tool))

    def _turn_to(self, page: QWidget) -> None:
        """Show a page; the others take no room: one that is wide would push what is at the end."""
        ignored, usual = QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred
        for number in range(self._pages.count()):
            other = self._pages.widget(number)
            if other is not None:
                other.setSizePolicy(usual if other is page else ignored, usual)
        self._pages.setCurrentWidget(page)

    @Slot()
    def _note_selection(self) -> None:
        tune = self._has_tune()
        if tune or "note_grid" in vars(self):
            self.note_grid.setVisible(tune)
            self.note_length.setVisible(tune)
        if self._smooth is not None:
            self._smooth.setVisible(not tune)  # it is about the pixels of pictures
        self._show_tool(self._view.tool)

    def _has_tune(self) -> bool:
        """Whether a tune is selected alone."""
        chosen = self._view.board_scene.chosen()
        return len(chosen) == 1 and chosen[0].has_notes and not chosen[0].problem

    def _mask_bar(self, tool: Tool, actions: Actions) -> QWidget:
        from aigc_studio.ui.window.board.mask_bar import MaskBar

        return MaskBar(self._view, actions, picks=tool is Tool.WAND)

    def _words_of(self, tool: Tool) -> ToolWords:
        """Made when the tool is first in hand, since a start need not wait for it."""
        if tool not in self._words:
            info = next(each for each in tool_infos() if each.tool is tool)
            self._words[tool] = words = ToolWords(info.title, info.tip)
            if self._actions is not None:
                for name in _commands.get(tool, ()):
                    words.add(self._actions[name])
                if tool.marks:
                    words.insert(self._mask_bar(tool, self._actions))
            self._pages.addWidget(words)
        return self._words[tool]


def _line() -> QFrame:
    line = QFrame()
    line.setFixedSize(1, 20)
    theme.set_kind(line, "upright")
    return line
