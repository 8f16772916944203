"""What of a file of tunes comes onto the board: its parts or tunes, each seen, heard and chosen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from aigc_studio.translation import _, ngettext
from aigc_studio.ui import artifact_pictures, theme
from aigc_studio.ui.listening.pictures import HearButton
from aigc_studio.ui.screen_room import fit
from aigc_studio.ui.window.files.part_rows import described, heads, name_of

if TYPE_CHECKING:
    from aigc_studio.api import Melody
    from aigc_studio.library.melodies import Choice, Choices

_FEW = 12
"""Above so many rows there is a field to find one."""
_PICTURE = 88


class PartsDialog(QDialog):
    """Lists parts or tunes with what is known of each. `chosen` carries names and melodies."""

    chosen = Signal(list)

    def __init__(self, offers: Sequence[Choices], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._offers = offers
        self._rows: list[tuple[QTreeWidgetItem, Choices, Choice]] = []
        self._are_parts = all(each.are_parts for each in offers)
        self.setWindowTitle(_("Choose parts") if self._are_parts else _("Choose tunes"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        fit(self, 760, 520)
        self.tree = self._tree()
        self._make_search()
        self.picture = QLabel()
        self.picture.setFixedHeight(_PICTURE)
        self.picture.setMinimumWidth(200)
        self.picture.setAccessibleName(_("What it looks like"))
        self.hear = HearButton(self.picture)
        self.more = QLabel(_more_text(offers), self)
        self.more.setWordWrap(True)
        self.more.setVisible(bool(self.more.text()))
        theme.set_kind(self.more, "secondary")
        self.said = QLabel()
        self.said.setWordWrap(True)
        theme.set_kind(self.said, "secondary")
        self.together = QCheckBox(_("Put together in one tune"), self)
        self.together.setToolTip(_("The parts of a file sound together, on the first instrument"))
        self.together.setVisible(self._are_parts)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.take = QPushButton()
        theme.set_kind(self.take, "primary")
        self.buttons.addButton(self.take, QDialogButtonBox.ButtonRole.AcceptRole)
        self.buttons.accepted.connect(self._accept)
        self.buttons.rejected.connect(self.reject)
        self._lay()
        self._fill()
        self.tree.itemChanged.connect(self._note_checks)
        self.tree.currentItemChanged.connect(self._show_current)
        self._note_checks()
        self._begin()

    def _make_search(self) -> None:
        self.search = QLineEdit()
        self.search.setPlaceholderText(_("Find a name"))
        self.search.setAccessibleName(_("Find a name"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._filter)
        self.every = QPushButton(_("All"))
        self.every.clicked.connect(lambda: self._check_all(True))
        self.none = QPushButton(_("None"))
        self.none.clicked.connect(lambda: self._check_all(False))

    def _tree(self) -> QTreeWidget:
        tree = QTreeWidget()
        tree.setHeaderLabels(heads())
        tree.setRootIsDecorated(len(self._offers) > 1)
        tree.setUniformRowHeights(True)
        tree.setAllColumnsShowFocus(True)
        tree.setAccessibleName(self.windowTitle())
        head = tree.header()
        head.setStretchLastSection(False)
        head.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        head.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        return tree

    def _lay(self) -> None:
        above = QHBoxLayout()
        above.setSpacing(theme.GAP)
        above.addWidget(self.search, 1)
        above.addStretch(0)
        above.addWidget(self.every)
        above.addWidget(self.none)
        below = QHBoxLayout()
        below.setSpacing(theme.GAP)
        below.addWidget(self.together)
        below.addStretch(1)
        below.addWidget(self.buttons)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[theme.SECTION] * 4)
        layout.setSpacing(theme.GAP)
        layout.addLayout(above)
        layout.addWidget(self.tree, 1)
        layout.addWidget(self.more)
        layout.addWidget(self.picture)
        layout.addWidget(self.said)
        layout.addLayout(below)

    def _fill(self) -> None:
        rows: list[QTreeWidgetItem] = []
        for offer in self._offers:
            children = [self._row(offer, each) for each in offer.found]
            if len(self._offers) > 1:
                top = QTreeWidgetItem([offer.path.name])
                top.setSizeHint(0, QSize(0, theme.CONTROL_HEIGHT))
                top.addChildren(children)
                rows.append(top)
            else:
                rows += children
        self.tree.addTopLevelItems(rows)
        self.tree.expandAll()
        self.search.setVisible(len(self._rows) > _FEW)

    def _row(self, offer: Choices, choice: Choice) -> QTreeWidgetItem:
        row = QTreeWidgetItem(described(choice))
        row.setSizeHint(0, QSize(0, theme.CONTROL_HEIGHT))
        if choice.melody is None:
            row.setFlags(row.flags() & ~Qt.ItemFlag.ItemIsUserCheckable)
            row.setForeground(0, theme.colour("muted"))
        else:
            state = Qt.CheckState.Checked if choice.is_taken else Qt.CheckState.Unchecked
            row.setCheckState(0, state)
        row.setToolTip(0, choice.name)
        row.setData(0, Qt.ItemDataRole.UserRole, len(self._rows))
        self._rows.append((row, offer, choice))
        return row

    def _begin(self) -> None:
        """Begin at what is taken by itself."""
        first = next((row for row, _offer, choice in self._rows if choice.is_taken), None)
        if first is None and self._rows:
            first = self._rows[0][0]
        if first is not None:
            self.tree.setCurrentItem(first)
        self.tree.setFocus()

    def _checked(self) -> list[tuple[Choices, Choice, Melody]]:
        return [
            (offer, choice, choice.melody)
            for row, offer, choice in self._rows
            if choice.melody is not None and row.checkState(0) == Qt.CheckState.Checked
        ]

    def _check_all(self, on: bool) -> None:
        """All rows that are seen, or none."""
        state = Qt.CheckState.Checked if on else Qt.CheckState.Unchecked
        self.tree.blockSignals(True)
        for row, _offer, choice in self._rows:
            if choice.melody is not None and not row.isHidden():
                row.setCheckState(0, state)
        self.tree.blockSignals(False)
        self.tree.viewport().update()
        self._note_checks()

    @Slot(str)
    def _filter(self, words: str) -> None:
        asked = words.strip().casefold()
        for row, _offer, choice in self._rows:
            row.setHidden(asked not in choice.name.casefold())

    @Slot()
    def _note_checks(self) -> None:
        count = len(self._checked())
        sentence = ngettext("Import {count}", "Import {count}", count)
        self.take.setText(sentence.format(count=f"{count:,}") if count else _("Import"))
        self.take.setEnabled(count > 0)
        self.together.setEnabled(count > 1)

    @Slot()
    def _show_current(self) -> None:
        row = self.tree.currentItem()
        number = row.data(0, Qt.ItemDataRole.UserRole) if row is not None else None
        choice = self._rows[number][2] if number is not None else None
        melody = choice.melody if choice else None
        self.hear.show_artifact(melody)
        if melody is None:
            self.picture.clear()
        else:
            size = QSize(max(self.picture.width(), 200), _PICTURE)
            ratio = self.devicePixelRatioF()
            self.picture.setPixmap(artifact_pictures.picture(melody, size, ratio))
        self.said.setText(" ".join((choice.reason, *choice.remarks)).strip() if choice else "")

    def resizeEvent(self, event: Any) -> None:
        """Draw the picture as wide as there is room."""
        super().resizeEvent(event)
        self._show_current()

    @Slot()
    def _accept(self) -> None:
        self.chosen.emit(self._tunes())
        self.accept()

    def _tunes(self) -> list[tuple[str, Melody]]:
        checked = self._checked()
        if not (self._are_parts and self.together.isChecked()):
            return [(name_of(offer, choice), melody) for offer, choice, melody in checked]
        from aigc_studio.library.melodies import together

        found: dict[str, list[Melody]] = {}
        for offer, _choice, melody in checked:
            found.setdefault(offer.path.stem, []).append(melody)
        return [(stem, together(parts)) for stem, parts in found.items()]


def _more_text(offers: Sequence[Choices]) -> str:
    """That not all are listed; empty where they are."""
    more = sum(each.more for each in offers)
    if not more:
        return ""
    listed = sum(len(each.found) for each in offers)
    sentence = (
        _("The first {count} of {all} parts are listed.")
        if all(each.are_parts for each in offers)
        else _(
            "The first {count} of {all} tunes are listed. In the library a dataset takes all of "
            "them."
        )
    )
    return sentence.format(count=f"{listed:,}", all=f"{listed + more:,}")
