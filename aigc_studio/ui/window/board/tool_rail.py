"""At the left what can be inserted, and the tools: one button each, the key in its tooltip."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QToolBar, QToolButton, QWidget

from aigc_studio.translation import _
from aigc_studio.ui import icons, keys, theme
from aigc_studio.ui.canvas.tools.tool import Tool, tool_infos

if TYPE_CHECKING:
    from aigc_studio.ui.canvas.view import BoardView


class ToolRail(QToolBar):
    """Chooses the canvas's tool. The keys work in the whole window, but not in its fields."""

    area = Qt.ToolBarArea.LeftToolBarArea

    def __init__(self, view: BoardView, parent: QWidget) -> None:
        super().__init__(_("Tools"), parent)
        self.setObjectName("tools")
        self.setMovable(False)
        self.setOrientation(Qt.Orientation.Vertical)
        self.setIconSize(QSize(theme.TOOL_ICON, theme.TOOL_ICON))
        self.setFixedWidth(theme.TOOLS_WIDTH)
        self._view = view
        self.add_button = self._make_add_button()
        self.buttons: dict[Tool, QAction] = {}
        group = QActionGroup(self)
        for info in tool_infos():
            action = QAction(icons.icon(info.icon, "text", "accent"), info.title, self)
            action.setShortcuts(keys.sequences(info.name))
            action.setToolTip(f"{keys.with_key(info.title, info.name)}\n{info.tip}")
            action.setCheckable(True)
            action.setData(info.tool)
            group.addAction(action)
            self.addAction(action)
            self.buttons[info.tool] = action
        group.triggered.connect(self._choose)
        view.tool_changed.connect(self._show)
        self._show(view.tool)

    def offer(self, inserts: Sequence[QAction]) -> None:
        """Put these into the menu of the button that adds something to the board."""
        menu = QMenu(self.add_button)
        menu.addActions(list(inserts))
        self.add_button.setMenu(menu)

    def _make_add_button(self) -> QToolButton:
        button = QToolButton()
        theme.set_kind(button, "add")
        button.setIcon(icons.icon("plus", "on_accent"))
        button.setToolTip(_("Insert something on the board"))
        button.setAccessibleName(_("Insert"))
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.addWidget(button)
        return button

    @Slot(QAction)
    def _choose(self, action: QAction) -> None:
        self._view.set_tool(action.data())
        # What is typed next, the size of the brush or an arrow, is meant for the canvas too.
        self._view.setFocus()

    @Slot(object)
    def _show(self, tool: Tool) -> None:
        self.buttons[Tool(tool)].setChecked(True)
