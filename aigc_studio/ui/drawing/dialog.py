"""The pad: a person draws what is to be learnt, kind by kind, and makes a dataset of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QImage, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QDialog, QWidget

from aigc_studio.api import StudioError
from aigc_studio.jobs import Errands
from aigc_studio.library.names import checked_name, free_name
from aigc_studio.library.sketchbook import (
    MOST_KINDS,
    Leaves,
    Sketchbook,
    read_kinds,
    write_kinds,
)
from aigc_studio.translation import _
from aigc_studio.ui.drawing.drawings import Drawings
from aigc_studio.ui.drawing.drawn import kind_name
from aigc_studio.ui.drawing.page import DrawPage
from aigc_studio.ui.drawing.words import rights
from aigc_studio.ui.library.asking import ask_to_delete
from aigc_studio.ui.library.work import ProgressLine, Work
from aigc_studio.ui.screen_room import fit
from aigc_studio.ui.settings import Settings

if TYPE_CHECKING:
    from aigc_studio.library import DatasetInfo, DatasetStore

_PEN = "pen"
_LONGEST = 600.0
"""Seconds that the book may wait for what is made of it."""


class DrawDialog(QDialog):
    """`made` carries the name of the dataset that came of it. The drawings of another time are
    still there; only an empty book takes the `kinds` that are proposed."""

    made = Signal(str)

    def __init__(
        self, store: DatasetStore, kinds: Sequence[str] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Draw your own"))
        fit(self, 900, 640)
        self._store = store
        self._proposed = tuple(kinds)
        self._book = Sketchbook()
        self._errands = Errands(self)
        self._drawings = Drawings()
        self._fault = ""  # what is wrong with the name
        self._removed_last = self._starting = False
        self._asked = self._open = self._over = False
        self._taken: Sequence[str] = ()
        self._datasets: dict[str, DatasetInfo] = {}
        self.making = Work(self)
        self.page = DrawPage(ProgressLine(self.making), self)
        self._connect()
        self._remember_pen()
        self._show_state()

    def _connect(self) -> None:
        page = self.page
        sheet = page.sheet
        sheet.changed.connect(self._note_stroke)
        sheet.next_wanted.connect(self.take)
        sheet.before_wanted.connect(self.go_back)
        sheet.after_wanted.connect(self._go_on)
        sheet.pen_wanted.connect(lambda step: page.pen.setValue(page.pen.value() + step))
        page.pen.valueChanged.connect(self._take_pen)
        page.next.clicked.connect(self.take)
        page.back.clicked.connect(self.go_back)
        page.skip.clicked.connect(self.skip)
        page.undo.clicked.connect(self.undo)
        page.redo.clicked.connect(self.redo)
        page.clear.clicked.connect(sheet.clear)
        page.kinds.textChanged.connect(self._take_kinds)
        page.kinds.editingFinished.connect(self._keep)
        page.kind_list.chosen.connect(self._draw_kind)
        page.drawn.opened.connect(self._open_leaf)
        page.drawn.removed.connect(self._remove)
        page.discard.clicked.connect(self._ask_discard)
        page.name.textChanged.connect(self._show_state)
        page.target.chosen.connect(self._take_target)
        page.close_button.clicked.connect(self.reject)
        page.make.clicked.connect(self._make)
        for keys, slot in ((QKeySequence.StandardKey.Undo, self.undo), ("Ctrl+Y", self.redo)):
            QShortcut(QKeySequence(keys), self).activated.connect(slot)
        self.making.done.connect(self._finish)
        self.making.failed.connect(self.page.tell)
        self.making.ended.connect(self._show_state)

    # The book

    def showEvent(self, event: QShowEvent) -> None:
        """Open the book, beside the window."""
        super().showEvent(event)
        if self._asked:
            return
        self._asked = True
        book, store = self._book, self._store
        self._errands.run_in_order(
            lambda: (*book.open(), store.names(), store.list()), self._begin, self._refuse
        )

    def _begin(self, found: tuple[Leaves, dict[str, bytes], list[str], list[DatasetInfo]]) -> None:
        leaves, pictures, self._taken, datasets = found
        if not leaves.leaves and not pictures and self._proposed:
            leaves = leaves.with_kinds(self._proposed[:MOST_KINDS])
        self._open = True
        self._drawings = Drawings(leaves, pictures)
        self._show_kinds(leaves.kinds)
        self._datasets = {info.name: info for info in datasets}
        self.page.target.show_medium("image")
        self.page.target.show_datasets(datasets)
        self.page.name.setText(free_name(_("My hand"), self._taken))
        if leaves.leaves:
            self.page.tell(_("It goes on where you left it."), "secondary")
        self._show_leaf()
        self.page.sheet.setFocus()  # it could not have the keyboard before

    def _refuse(self, error: Exception) -> None:
        if not isinstance(error, StudioError):
            raise error
        self.page.tell(str(error))

    @Slot()
    def _keep(self, name: str = "") -> None:
        """Write down which drawings there are, after the picture `name`."""
        if self._open:
            book, leaves = self._book, self._leaves
            data = self._drawings.pictures.get(name)
            self._errands.write(lambda: book.write(leaves, name, data), None, self._refuse)

    # Drawing

    @Slot()
    def _note_stroke(self) -> None:
        """A stroke ended: it is on disk at once."""
        name, data = self._leaves.file, self.page.sheet.data()
        self._drawings.note(data)
        if not self._leaves.is_fresh:
            self.page.drawn.redraw(self._leaves.open, data or b"")
        self._removed_last = False
        self.page.tell("")
        self._keep(name)
        self._show_state()

    @Slot()
    def take(self) -> None:
        """Take what is drawn, and go on to the next."""
        if not self._can_go:
            return
        if self._leaves.is_fresh and self.page.sheet.is_blank:
            words = _("Draw something first, or skip it.")
            self.page.tell(words, "secondary")
            return
        if self._leaves.is_fresh and self._leaves.is_full:
            self._tell_full()
            return
        self._go_to(self._leaves.taken())

    def _tell_full(self) -> None:
        words = _("There are {count} drawings: make data of them, then draw on.")
        self.page.tell(words.format(count=f"{len(self._leaves.leaves):,}"))

    @Slot()
    def skip(self) -> None:
        """Go on without a drawing."""
        if self._open and (self.page.sheet.is_blank or not self._leaves.is_fresh):
            self._go_to(self._leaves.skipped())

    @Slot()
    def _go_on(self) -> None:
        self.skip() if self.page.sheet.is_blank else self.take()

    @Slot()
    def go_back(self) -> None:
        """The drawing before this one lies on the sheet again."""
        if self._open and self._leaves.open and self._leaves.leaves:
            self._go_to(self._leaves.before())

    @Slot(int)
    def _open_leaf(self, place: int) -> None:
        self._go_to(replace(self._leaves, open=place))

    @Slot(str)
    def _draw_kind(self, kind: str) -> None:
        """This kind is to be drawn: what a fresh sheet has on it already is one of it."""
        self._go_to(self._leaves.of_kind(kind))
        self.page.sheet.setFocus()

    def _go_to(self, leaves: Leaves) -> None:
        if self._can_go:
            self.page.tell("")
            cleared = self._drawings.turn_to(leaves)
            self._keep()
            self._show_leaf()
            if cleared is not None:
                self._tell_removed(cleared.kind)

    def _show_kinds(self, kinds: Sequence[str]) -> None:
        """Draw these, as they are: what is shown of them is read once it is edited."""
        self._drawings.leaves = self._leaves.with_kinds(tuple(kinds))
        self.page.kinds.blockSignals(True)
        self.page.kinds.setText(write_kinds(kinds))
        self.page.kinds.blockSignals(False)

    @Slot()
    def _take_kinds(self) -> None:
        try:
            kinds = read_kinds(self.page.kinds.text())
        except StudioError as error:
            self.page.tell(str(error))
            return
        self.page.tell("")
        self._drawings.leaves = self._leaves.with_kinds(kinds)
        self._show_state()

    @Slot(str)
    def _take_target(self, name: str) -> None:
        """The drawings are to join data: of its kinds, where nothing is drawn yet."""
        info = self._datasets.get(name)
        if info is not None and info.labels and not self._leaves.leaves:
            self._show_kinds(tuple(info.labels)[:MOST_KINDS])
        self._show_state()

    # Taking back

    @Slot(int)
    def _remove(self, place: int) -> None:
        if self._can_go:
            leaf = self._drawings.remove(place)
            self._keep()
            self._show_leaf()
            self._tell_removed(leaf.kind)

    def _tell_removed(self, kind: str) -> None:
        self._removed_last = True
        words = _("“{kind}” is taken away. Ctrl+Z brings it back.")
        self.page.tell(words.format(kind=kind_name(kind)), "secondary")

    @Slot()
    def undo(self) -> None:
        """Take back what was done last: a stroke, or that a drawing was taken away."""
        drawings = self._drawings
        if not self._can_go:
            return
        if not drawings.can_bring_back or (self.page.sheet.can_undo and not self._removed_last):
            self.page.sheet.undo()
        elif self._leaves.is_full:
            self._tell_full()
        else:
            self.page.tell("")
            self._keep(drawings.bring_back())
            self._show_leaf()
            self._removed_last = drawings.can_bring_back

    @Slot()
    def redo(self) -> None:
        """Draw the stroke again that was taken back."""
        if self._can_go:
            self.page.sheet.redo()

    @Slot()
    def _ask_discard(self) -> None:
        ask_to_delete(
            self,
            _("Throw all drawings away?"),
            _("They cannot be brought back. Data made of others stays."),
            self._discard,
        )

    def _discard(self) -> None:
        book, leaves = self._book, self._leaves
        self._errands.write(lambda: book.clear(leaves), self._begin_anew, self._refuse)

    def _begin_anew(self, leaves: Leaves) -> None:
        self._drawings = Drawings(leaves)
        self.page.tell("")
        self._show_leaf()
        self.page.sheet.setFocus()

    # What is seen

    @property
    def _busy(self) -> bool:
        return self._starting or self.making.running

    @property
    def _can_go(self) -> bool:
        """Whether another leaf may come onto the sheet: not under a stroke that is being drawn."""
        return self._open and not self._busy and not self.page.sheet.is_drawn_on

    @property
    def _leaves(self) -> Leaves:
        return self._drawings.leaves

    def _show_leaf(self) -> None:
        pictures = self._drawings.pictures
        data = pictures.get(self._leaves.file, b"")
        self.page.sheet.show_picture(QImage.fromData(data) if data else None)
        self.page.drawn.show_leaves(self._leaves, pictures)
        self._show_state()

    @Slot()
    def _show_state(self) -> None:
        ready = self._open and not self._busy
        self.page.show_leaves(self._leaves, self._proposed)
        self.page.let(self._drawings, ready=ready)
        self.page.make.setEnabled(ready and self._can_make())

    def _can_make(self) -> bool:
        """Whether there is something to make data of, and a name for it; what is wrong with that
        one is said."""
        page, former = self.page, self._fault
        self._fault = page.name_fault(self._taken)
        page.make.setToolTip(self._fault)
        if self._fault:
            page.tell(self._fault)
        elif former and page.error.text() == former:
            page.tell("")
        named = bool(page.target.name() or page.name.text().strip())
        return named and not self._fault and bool(self._drawings.whole().leaves)

    def _remember_pen(self) -> None:
        told = Settings().remembered("drawing").get(_PEN)
        if type(told) is int:
            self.page.pen.setValue(told)
        self._take_pen(self.page.pen.value())

    @Slot(int)
    def _take_pen(self, wide: int) -> None:
        self.page.sheet.pen = wide
        self.page.sheet.update()

    # Data

    @Slot()
    def _make(self) -> None:
        if not self._can_go:
            return
        self._go_to(self._drawings.whole())
        page, book, leaves, store = self.page, self._book, self._leaves, self._store
        told, name = rights(), page.target.name()
        become = book.add_to if name else book.make_data
        name = name or checked_name(page.name.text(), self._taken)
        page.tell("")
        page.making.begin(_("Making data"))

        def start(_nothing: None) -> None:
            if self._over:
                return
            self.making.start(lambda: become(leaves, name, store, told), keeps=True)
            self._starting = False

        self._starting = True
        self._errands.run_in_order(lambda: None, start)  # once all that was drawn is on disk
        self._show_state()

    @Slot(object)
    def _finish(self, _value: object) -> None:
        self.made.emit(self.page.target.name() or checked_name(self.page.name.text()))
        self.accept()

    def done(self, result: int) -> None:
        """Close; what was drawn last is written first, and then others may have the book."""
        self.making.close()
        settings = Settings()
        settings.remember({_PEN: self.page.pen.value()}, "drawing")
        settings.save()
        super().done(result)
        if not self._over:
            self._over = True
            self._errands.run_in_order(self._let_go, lambda _none: self.deleteLater())

    def _let_go(self) -> None:
        """Beside the window: what makes data may be past its last step, and empties the book, so
        that who had it by now would lose what they draw."""
        self.making.wait(_LONGEST)
        self._book.close()


def open_pad(
    store: DatasetStore, kinds: Sequence[str], parent: QWidget | None = None
) -> DrawDialog:
    """The pad over this window; it goes by itself once it is closed."""
    dialog = DrawDialog(store, kinds, parent)
    dialog.setWindowModality(Qt.WindowModality.WindowModal)
    dialog.open()
    return dialog
