"""All shortcuts on one page, by what they are for, searchable."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, Slot
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
from aigc_studio.ui import keys, theme
from aigc_studio.ui.canvas.tools.tool import tool_infos
from aigc_studio.ui.labels import Label
from aigc_studio.ui.screen_room import fit
from aigc_studio.ui.window.actions.actions import Actions

Row = tuple[str, str]


@dataclass(frozen=True)
class Section:
    """A heading, and what each key under it does."""

    title: str
    rows: tuple[Row, ...]


class ShortcutsDialog(QDialog):
    """What each key does."""

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Keyboard Shortcuts"))
        fit(self, 560, 640)
        self.search = QLineEdit(placeholderText=_("Search"), clearButtonEnabled=True)
        self.search.setAccessibleName(_("Search shortcuts"))
        self.search.textChanged.connect(self._filter)
        self.nothing = Label(_("No shortcut matches."))
        theme.set_kind(self.nothing, "secondary")
        self.nothing.hide()
        self.table = self._make_table()
        self._rows: list[list[QTreeWidgetItem]] = []
        for section in sections_of(actions):
            self._add(section)
        self.table.expandAll()
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[theme.SECTION] * 4)
        layout.setSpacing(theme.GAP)
        layout.addWidget(self.search)
        layout.addWidget(self.nothing)
        layout.addWidget(self.table)
        layout.addWidget(buttons)

    def _make_table(self) -> QTreeWidget:
        table = QTreeWidget(columnCount=2)
        table.setAccessibleName(_("Keyboard Shortcuts"))
        theme.set_row_height(table)
        table.setHeaderHidden(True)
        table.setRootIsDecorated(False)
        table.setItemsExpandable(False)
        table.setIndentation(0)
        table.header().setStretchLastSection(False)
        table.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        # As wide as the longest of them: a key that is cut is no help.
        table.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        return table

    def _add(self, section: Section) -> None:
        heading = QTreeWidgetItem([section.title])
        heading.setFont(0, theme.title_font())
        heading.setFlags(Qt.ItemFlag.ItemIsEnabled)
        heading.setTextAlignment(0, Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft)
        heading.setSizeHint(0, QSize(0, theme.MAIN_HEIGHT if self._rows else theme.SECTION * 2))
        self.table.addTopLevelItem(heading)
        heading.setFirstColumnSpanned(True)
        self._rows.append([])
        for words, key in section.rows:
            row = QTreeWidgetItem([words, key])
            row.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            heading.addChild(row)
            self._rows[-1].append(row)

    @Slot(str)
    def _filter(self, wanted: str) -> None:
        """Show the rows with these words, and of a heading with them all."""
        any_shown = False
        for number in range(self.table.topLevelItemCount()):
            heading = self.table.topLevelItem(number)
            if heading is None:
                continue
            whole, shown = _has(heading, wanted), False
            for row in self._rows[number]:
                row.setHidden(not (whole or _has(row, wanted)))
                shown = shown or not row.isHidden()
            heading.setHidden(not shown)
            any_shown = any_shown or shown
        self.nothing.setVisible(not any_shown)


def _has(item: QTreeWidgetItem, wanted: str) -> bool:
    return wanted.casefold() in f"{item.text(0)} {item.text(1)}".casefold()


def sections_of(actions: Actions) -> list[Section]:
    """All keys of the table, and what mouse and arrows do, under their headings."""
    titles = _canvas_titles() | {info.name: info.title for info in tool_infos()}
    rows: dict[str, list[Row]] = {group: [] for group in _headings()}
    for binding in keys.BINDINGS:
        words = _lasting_titles().get(binding.name, "")
        if not words and binding.name in actions:
            words = actions[binding.name].iconText()
        words = words or titles.get(binding.name, "")
        if words:
            shown = "   ".join(keys.in_words(key) for key in binding.keys)
            rows[binding.group].append((words, shown))
    for group, row in _gestures():
        rows[group].append(row)
    return [Section(title(), tuple(rows[group])) for group, title in _headings().items()]


def _headings() -> dict[str, Callable[[], str]]:
    return {
        "file": lambda: _("Files"),
        "make": lambda: _("Make and train"),
        "candidates": lambda: _("Candidates"),
        "edit": lambda: _("Edit"),
        "insert": lambda: _("Insert"),
        "tools": lambda: _("Tools"),
        "brush": lambda: _("Brush and mask"),
        "items": lambda: _("Items"),
        "listen": lambda: _("Listen"),
        "view": lambda: _("View"),
        "help": lambda: _("Help"),
    }


def _lasting_titles() -> dict[str, str]:
    """Of actions whose own words change with what is there."""
    return {
        "generate": _("Do what the main button says"),
        "candidates": _("Candidates"),
        "grow_mask": _("Grow Mask"),
        "play": _("Play, or stop"),
        "shrink_mask": _("Shrink Mask"),
        "feather_mask": _("Feather Mask"),
    }


def _canvas_titles() -> dict[str, str]:
    """What the keys do that stand in no menu."""
    return {
        "escape": _("Give up, or select nothing"),
        "hold_hand": _("Move the view while it is held"),
        "smaller": _("Brush smaller"),
        "larger": _("Brush larger"),
        "softer": _("Brush softer"),
        "harder": _("Brush harder"),
        "page_down": _("Scroll a long text down"),
        "page_up": _("Scroll a long text up"),
        "keep": _("Keep the candidate"),
        "drop": _("Drop the candidate"),
        "step_back": _("Previous candidate"),
        "step_forth": _("Next candidate"),
        "hear": _("Hear the candidate"),
        "hear_before": _("Hear what was there before"),
        "before": _("What was there before, while it is held"),
        "pick": _("Write a piece that may come next"),
    }


def _gestures() -> list[tuple[str, Row]]:
    """What is no single key."""
    return [
        ("candidates", (_("The candidate of this number"), "1   …   9")),
        ("brush", (_("Add to what is marked, take away from it"), _("Shift, Alt while you mark"))),
        ("insert", (_("Text where the pointer is"), _("Double click on the empty board"))),
        ("items", (_("Move by one unit, by ten"), _("Arrows, Shift and arrows"))),
        (
            "items",
            (_("Next item, previous item; past the last, out of the canvas"), "Tab   Shift+Tab"),
        ),
        ("view", (_("Zoom to the pointer"), _("Wheel"))),
        ("view", (_("Move the view"), _("Middle button and drag"))),
    ]
