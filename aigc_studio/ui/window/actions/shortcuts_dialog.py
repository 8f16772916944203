"""All shortcuts on one page, searchable."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QLineEdit,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from aigc_studio.translation import _
from aigc_studio.ui import theme
from aigc_studio.ui.canvas.tools.tool import tool_infos
from aigc_studio.ui.window.actions.actions import Actions

Row = tuple[str, str]


class ShortcutsDialog(QDialog):
    """What each key does."""

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Keyboard Shortcuts"))
        self.resize(480, 560)
        self.search = QLineEdit(placeholderText=_("Search"), clearButtonEnabled=True)
        self.search.setAccessibleName(_("Search shortcuts"))
        self.search.textChanged.connect(self._filter)
        self.table = QTreeWidget(columnCount=2)
        self.table.setAccessibleName(_("Keyboard Shortcuts"))
        theme.set_row_height(self.table)
        self.table.setRootIsDecorated(False)
        self.table.setHeaderLabels([_("Action"), _("Keys")])
        self.table.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.table.header().setStretchLastSection(False)
        self.table.header().resizeSection(1, 170)
        for name, keys in rows_of(actions):
            self.table.addTopLevelItem(QTreeWidgetItem([name, keys]))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[theme.SECTION] * 4)
        layout.setSpacing(theme.GAP)
        layout.addWidget(self.search)
        layout.addWidget(self.table)
        layout.addWidget(buttons)

    @Slot(str)
    def _filter(self, wanted: str) -> None:
        for number in range(self.table.topLevelItemCount()):
            item = self.table.topLevelItem(number)
            if item is not None:
                words = f"{item.text(0)} {item.text(1)}".lower()
                item.setHidden(wanted.lower() not in words)


def rows_of(actions: Actions) -> list[Row]:
    """Every action that has a key, and the keys of the canvas."""
    found = []
    for name in actions.names():
        action = actions[name]
        keys = [_shown(key) for key in action.shortcuts()]
        if keys:
            found.append((action.iconText(), ", ".join(keys[:2])))
    found += [(info.title, info.key) for info in tool_infos()]
    return [*found, *_canvas_rows()]


def _canvas_rows() -> list[Row]:
    return [
        (_("Move the view"), _("Space and drag, or the middle button")),
        (_("Zoom to the pointer"), _("Ctrl and wheel")),
        (_("Brush smaller, larger"), "[  ]"),
        (_("Brush softer, harder"), "{  }"),
        (_("Next item, previous item; past the last, out of the canvas"), "Tab, Shift+Tab"),
        (_("Next candidate, previous candidate"), _("Arrows, on the candidates")),
        (_("Move by one unit, by ten"), _("Arrows, Shift and arrows")),
    ]


def _shown(key: QKeySequence) -> str:
    return key.toString(QKeySequence.SequenceFormat.NativeText)
