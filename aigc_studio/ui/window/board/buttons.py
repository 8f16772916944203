"""Buttons of the bars over the board: a command; what is chosen, with the rest in a menu."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QMenu, QToolButton

from aigc_studio.ui import icons, theme

if TYPE_CHECKING:
    from PySide6.QtGui import QAction

WIDEST = 96
"""Pixels that what is chosen may take."""


def command_button(action: QAction) -> QToolButton:
    """A button with the icon, the words and the key of a command."""
    button = QToolButton()
    button.setDefaultAction(action)
    button.setIconSize(QSize(theme.TOOL_ICON, theme.TOOL_ICON))
    button.setFixedSize(theme.CONTROL_HEIGHT, theme.CONTROL_HEIGHT)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button


class MenuButton(QToolButton):
    """Shows what is chosen. Its menu is to be filled when it is about to be shown."""

    def __init__(self) -> None:
        super().__init__()
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        # The arrow behind the words.
        self.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        self.setIcon(icons.icon("chevron-down", "muted"))
        self.setIconSize(QSize(12, 12))
        self.setFixedHeight(theme.CONTROL_HEIGHT)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.choices = QMenu(self)
        self.choices.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.setMenu(self.choices)

    def say(self, words: str, name: str, tip: str = "") -> None:
        """Show what is chosen; `name` says of what it is, for those who do not see it."""
        elide = Qt.TextElideMode.ElideRight
        self.setText(self.fontMetrics().elidedText(words, elide, WIDEST))
        self.setAccessibleName(name)
        self.setToolTip(f"{name}\n{tip}" if tip else name)
