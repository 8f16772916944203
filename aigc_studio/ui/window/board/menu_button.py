"""A button that shows what is chosen, and offers the rest in a menu."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QMenu, QToolButton

from aigc_studio.ui import icons, theme

WIDEST = 96
"""Pixels that what is chosen may take."""


class MenuButton(QToolButton):
    """Its menu is to be filled when it is about to be shown."""

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
