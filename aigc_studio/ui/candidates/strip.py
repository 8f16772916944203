"""The candidates under the canvas: looked at, compared, accepted or thrown away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QElapsedTimer, QEvent, QMimeData, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QListWidgetItem,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from aigc_studio.translation import _, ngettext
from aigc_studio.ui import icons, theme
from aigc_studio.ui.candidates.cells import CELL_ROLE, PICTURE_HEIGHT, Cell, Frame
from aigc_studio.ui.candidates.listing import CandidateList
from aigc_studio.ui.labels import Label, tip

if TYPE_CHECKING:
    from aigc_studio.api import Artifact

MIME_TYPE = "application/x-aigc-candidate"
"""What a candidate is dragged as: its id in UTF-8; several ids one a line."""

HOLD_TIME = 350
"""Milliseconds from which a press on Compare is held rather than clicked."""

FRAME_TIME = 140
"""Milliseconds that a frame of a sequence stands while it plays."""

_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1}


class CandidateStrip(QWidget):
    """Results that wait, numbered. Hidden while there are none.

    `accepted` and `discarded` carry lists of ids; the caller removes what it took. `compared`
    carries the id to look at as long as it is compared (Compare clicked or held, or the key held),
    and None at the end.
    `seed_chosen` carries a seed to use again, `opened` the id of the one that is current. `left`
    tells that the last one went while the keyboard was here.
    """

    accepted = Signal(list)
    discarded = Signal(list)
    compared = Signal(object)
    seed_chosen = Signal(object)
    opened = Signal(str)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._next_number = 1
        self.list = CandidateList(self._mime)
        self._title = Label()
        theme.set_kind(self._title, "heading")
        self.accept_button = self._button("check", _("Accept"), _("Put on the canvas (Enter)"))
        self.discard_button = self._button("trash", _("Discard"), _("Throw away (Delete)"))
        self.compare_button = self._button(
            "compare", _("Compare"), _("Click to compare, click again to end; or hold (C)")
        )
        self.compare_button.setCheckable(True)
        self._held = QElapsedTimer()
        self.accept_all_button = self._button("", _("Accept All"), _("Put all on the canvas"))
        self.discard_all_button = self._button("", _("Discard All"), _("Throw all away"))
        for button in self._buttons():
            button.installEventFilter(self)
        self._timer = QTimer(self)
        self._timer.setInterval(FRAME_TIME)
        self._timer.timeout.connect(self._play_on)
        self._lay_out()
        self._connect()
        self.hide()

    def add(
        self,
        candidate_id: str,
        artifact: Artifact,
        title: str = "",
        tooltip: str = "",
        strip: str = "",
        position: int = 0,
        seed: int | None = None,
    ) -> None:
        """Show a candidate. Those of one `strip` share a place, in the order of `position`.

        The first one becomes current. An id that is there already is left as it is.
        """
        if candidate_id in self.ids():
            return
        frame = Frame(candidate_id, artifact, title, tooltip, seed, position)
        item = self._item_of_strip(strip) if strip else None
        if item is None:
            item = QListWidgetItem()
            item.setData(CELL_ROLE, Cell(self._next_number, strip, [frame]))
            self._next_number += 1
            self.list.addItem(item)
        else:
            cell: Cell = item.data(CELL_ROLE)
            cell.frames.append(frame)
            cell.frames.sort(key=lambda each: each.position)
        self._refresh_item(item)
        if self.list.currentItem() is None:
            self.list.setCurrentItem(item)
        self._refresh()

    def remove(self, candidate_id: str) -> None:
        """Take a candidate away; unknown ids do nothing."""
        for row in range(self.list.count()):
            item = self.list.item(row)
            cell: Cell = item.data(CELL_ROLE)
            if candidate_id not in cell.ids:
                continue
            cell.frames = [frame for frame in cell.frames if frame.id != candidate_id]
            if cell.frames:
                cell.shown = min(cell.shown, len(cell.frames) - 1)
                self._refresh_item(item)
            else:
                self.list.takeItem(row)
            break
        self._refresh()

    def clear(self) -> None:
        """Take all away."""
        self.list.clear()
        self._refresh()

    def ids(self) -> list[str]:
        """All ids, in the order shown."""
        return [name for cell in self._cells() for name in cell.ids]

    def selected_ids(self) -> list[str]:
        """Those that are selected, in the order shown; a sequence counts with all its frames."""
        rows = sorted(self.list.row(item) for item in self.list.selectedItems())
        cells: list[Cell] = [self.list.item(row).data(CELL_ROLE) for row in rows]
        return [name for cell in cells for name in cell.ids]

    def select(self, *candidate_ids: str) -> None:
        """Select these and no others."""
        self.list.clearSelection()
        for row in range(self.list.count()):
            item = self.list.item(row)
            if set(item.data(CELL_ROLE).ids) & set(candidate_ids):
                self.list.setCurrentItem(item) if not self.list.selectedItems() else None
                item.setSelected(True)

    def accept(self) -> None:
        """Ask for the selected ones to be accepted."""
        if self.selected_ids():
            self.accepted.emit(self.selected_ids())

    def accept_all(self) -> None:
        """Ask for all to be accepted."""
        if self.ids():
            self.accepted.emit(self.ids())

    def discard(self) -> None:
        """Ask for the selected ones to be thrown away."""
        if self.selected_ids():
            self.discarded.emit(self.selected_ids())

    def toggle_play(self) -> None:
        """Play the current sequence, or hold it."""
        item = self.list.currentItem()
        cell: Cell | None = item.data(CELL_ROLE) if item else None
        if cell is None or len(cell.frames) < 2:
            return
        cell.playing = not cell.playing
        if any(each.playing for each in self._cells()):
            self._timer.start()
        self.list.viewport().update()

    def event(self, event: QEvent) -> bool:
        """Escape is the strip's as long as something is compared, and the window's after that."""
        if event.type() == QEvent.Type.ShortcutOverride and self.compare_button.isChecked():
            escape = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
            event.setAccepted(escape)
            return escape or super().event(event)
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape ends comparing."""
        if event.key() == Qt.Key.Key_Escape and self.compare_button.isChecked():
            self.compare_button.setChecked(False)
            self._compare(False)
            return
        super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrows on the buttons go through the candidates, not to the next button."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            plain = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
            step = _STEPS.get(Qt.Key(event.key()), 0)
            if step and plain == Qt.KeyboardModifier.NoModifier:
                self.list.setFocus(Qt.FocusReason.OtherFocusReason)
                self.list.step(step)
                return True
        return super().eventFilter(watched, event)

    def end_comparing(self) -> None:
        """What was compared is shown no longer: the button is up again."""
        self.compare_button.setChecked(False)

    def _cells(self) -> list[Cell]:
        return [self.list.item(row).data(CELL_ROLE) for row in range(self.list.count())]

    def _item_of_strip(self, strip: str) -> QListWidgetItem | None:
        for row in range(self.list.count()):
            if self.list.item(row).data(CELL_ROLE).strip == strip:
                return self.list.item(row)
        return None

    def _refresh_item(self, item: QListWidgetItem) -> None:
        cell: Cell = item.data(CELL_ROLE)
        item.setData(Qt.ItemDataRole.AccessibleTextRole, cell.spoken())
        item.setToolTip(tip(cell.frame.tooltip))
        item.setSizeHint(cell.size())

    def _refresh(self) -> None:
        count = len(self.ids())
        self._title.setText(ngettext("{n} candidate", "{n} candidates", count).format(n=count))
        if count == 0:
            # Asked before it hides: Qt gives the keyboard to whatever comes next then.
            held = self._has_keyboard()
            self._next_number = 1
            self._timer.stop()
            self.end_comparing()
            self.compared.emit(None)
            if held:
                self.left.emit()
        self.setVisible(count > 0)
        self._selection_changed()

    def _selection_changed(self) -> None:
        chosen = bool(self.list.selectedItems())
        if not chosen and self._has_keyboard():
            # A button that is switched off would pass the keyboard on to another panel.
            self.list.setFocus()
        for button in self._buttons()[:3]:
            button.setEnabled(chosen)
        several = self.list.count() > 1
        self.accept_all_button.setVisible(several)
        self.discard_all_button.setVisible(several)

    def _has_keyboard(self) -> bool:
        focus = self.window().focusWidget()
        return focus is not None and self.isAncestorOf(focus)

    def _play_on(self) -> None:
        playing = [cell for cell in self._cells() if cell.playing]
        for cell in playing:
            cell.shown = (cell.shown + 1) % len(cell.frames)
        if not playing:
            self._timer.stop()
        self.list.viewport().update()

    def _current_changed(self) -> None:
        item = self.list.currentItem()
        # While the last cell is taken away it is the current one still, and empty.
        if item is not None and item.data(CELL_ROLE).frames:
            self.opened.emit(item.data(CELL_ROLE).frame.id)
            if self.compare_button.isChecked():
                self._compare(True)

    def _compare(self, on: bool) -> None:
        item = self.list.currentItem()
        self.compared.emit(item.data(CELL_ROLE).frame.id if on and item else None)

    def _press_compare(self) -> None:
        self._held.start()
        if not self.compare_button.isChecked():
            self._compare(True)

    def _release_compare(self) -> None:
        # By now the button has switched itself, if it was let go over it.
        button = self.compare_button
        if not button.isChecked() or self._held.elapsed() >= HOLD_TIME:
            button.setChecked(False)
            self._compare(False)

    def _mime(self) -> QMimeData:
        data = QMimeData()
        data.setData(MIME_TYPE, "\n".join(self.selected_ids()).encode())
        return data

    def _button(self, icon: str, title: str, tip: str) -> QPushButton:
        button = QPushButton(title)
        if icon:
            button.setIcon(icons.icon(icon))
            button.setIconSize(QSize(16, 16))
        theme.set_kind(button, "quiet")
        button.setToolTip(tip)
        return button

    def _buttons(self) -> tuple[QPushButton, ...]:
        one = (self.accept_button, self.discard_button, self.compare_button)
        return (*one, self.accept_all_button, self.discard_all_button)

    def _connect(self) -> None:
        self.accept_button.clicked.connect(self.accept)
        self.discard_button.clicked.connect(self.discard)
        self.accept_all_button.clicked.connect(self.accept_all)
        self.discard_all_button.clicked.connect(lambda: self.discarded.emit(self.ids()))
        self.compare_button.pressed.connect(self._press_compare)
        self.compare_button.released.connect(self._release_compare)
        self.list.itemSelectionChanged.connect(self._selection_changed)
        self.list.currentItemChanged.connect(self._current_changed)
        self.list.accept_pressed.connect(self.accept)
        self.list.discard_pressed.connect(self.discard)
        self.list.play_pressed.connect(self.toggle_play)
        self.list.compare_held.connect(self._compare)
        self.list.seed_chosen.connect(self.seed_chosen)
        theme.scheme_changed.connect(self.list.viewport().update)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(theme.PADDING, 0, theme.GAP, 0)
        head.setSpacing(theme.GRID)
        head.addWidget(self._title)
        head.addSpacing(theme.GAP)
        for button in self._buttons()[:3]:
            head.addWidget(button)
        head.addStretch(1)
        head.addWidget(self.accept_all_button)
        head.addWidget(self.discard_all_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.GRID, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.list)
        self.list.setFixedHeight(PICTURE_HEIGHT + 46)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(_("Candidates"))
