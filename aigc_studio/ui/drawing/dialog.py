"""The pad: a person draws what is to be learnt, kind by kind, and makes a dataset of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QImage, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QDialog, QWidget

from aigc_studio.api import StudioError
from aigc_studio.jobs import Errands
from aigc_studio.library.names import checked_name, free_name
from aigc_studio.library.sketchbook import (
    MOST_KINDS,
    Leaf,
    Leaves,
    Sketchbook,
    read_kinds,
    write_kinds,
)
from aigc_studio.translation import _
from aigc_studio.ui.drawing.drawn import kind_name
from aigc_studio.ui.drawing.page import DrawPage
from aigc_studio.ui.drawing.words import count_text, heading_text, rights
from aigc_studio.ui.library.asking import ask_to_delete
from aigc_studio.ui.library.work import ProgressLine, Work
from aigc_studio.ui.screen_room import fit
from aigc_studio.ui.settings import Settings

if TYPE_CHECKING:
    from aigc_studio.library import DatasetInfo, DatasetStore

_PEN = "pen"


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
        self._leaves = Leaves()
        self._pictures: dict[str, bytes] = {}
        self._gone: list[tuple[int, Leaf]] = []
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
        page.redo.clicked.connect(sheet.redo)
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
        for keys, slot in ((QKeySequence.StandardKey.Undo, self.undo), ("Ctrl+Y", sheet.redo)):
            QShortcut(QKeySequence(keys), self).activated.connect(slot)
        self.making.done.connect(self._finish)
        self.making.failed.connect(self._tell_failure)
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
        leaves, self._pictures, self._taken, datasets = found
        if not leaves.leaves and not self._pictures and self._proposed:
            leaves = leaves.with_kinds(self._proposed)
        self._open = True
        self._leaves = leaves
        self._datasets = {info.name: info for info in datasets}
        self.page.target.show_medium("image")
        self.page.target.show_datasets(datasets)
        self.page.kinds.setText(write_kinds(leaves.kinds))
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
            book, leaves, data = self._book, self._leaves, self._pictures.get(name)
            self._errands.write(lambda: book.write(leaves, name, data), None, self._refuse)

    # Drawing

    @Slot()
    def _note_stroke(self) -> None:
        """A stroke ended: it is on disk at once."""
        name, data = self._leaves.file, self.page.sheet.data()
        if data is None:
            self._pictures.pop(name, None)
        else:
            self._pictures[name] = data
        if not self._leaves.is_fresh:
            self.page.drawn.redraw(self._leaves.open, data or b"")
        self._removed_last = False
        self.page.tell("")
        self._keep(name)
        self._show_state()

    @Slot()
    def take(self) -> None:
        """Take what is drawn, and go on to the next."""
        if not self._open or self.page.sheet.is_drawn_on:
            return
        blank = self.page.sheet.is_blank
        if blank and not self._leaves.is_fresh:
            self._remove(self._leaves.open)  # what was cleared is no drawing
            return
        if blank:
            words = _("Draw something first, or skip it.")
            self.page.tell(words, "secondary")
            return
        if self._leaves.is_fresh and self._leaves.is_full:
            words = _("There are {count} drawings: make data of them, then draw on.")
            self.page.tell(words.format(count=f"{len(self._leaves.leaves):,}"))
            return
        self._go_to(self._leaves.taken())

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
        from dataclasses import replace

        self._go_to(replace(self._leaves, open=place))

    @Slot(str)
    def _draw_kind(self, kind: str) -> None:
        """This kind is to be drawn: what a fresh sheet has on it already is one of it."""
        self._go_to(self._leaves.of_kind(kind))
        self.page.sheet.setFocus()

    def _go_to(self, leaves: Leaves) -> None:
        if self._open and not self._busy:
            self._leaves = leaves
            self.page.tell("")
            self._keep()
            self._show_leaf()

    @Slot()
    def _take_kinds(self) -> None:
        try:
            kinds = read_kinds(self.page.kinds.text())
        except StudioError as error:
            self.page.tell(str(error))
            return
        self.page.tell("")
        self._leaves = self._leaves.with_kinds(kinds)
        self._show_state()

    @Slot(str)
    def _take_target(self, name: str) -> None:
        """The drawings are to join data: of its kinds, where nothing is drawn yet."""
        info = self._datasets.get(name)
        if info is not None and info.labels and not self._leaves.leaves:
            self.page.kinds.setText(write_kinds(tuple(info.labels)[:MOST_KINDS]))
        self._show_state()

    # Taking back

    @Slot(int)
    def _remove(self, place: int) -> None:
        leaf = self._leaves.leaves[place]
        self._gone.append((place, leaf))
        self._go_to(self._leaves.without(place))
        self._removed_last = True
        words = _("“{kind}” is taken away. Ctrl+Z brings it back.")
        self.page.tell(words.format(kind=kind_name(leaf.kind)), "secondary")

    @Slot()
    def undo(self) -> None:
        """Take back what was done last: a stroke, or that a drawing was taken away."""
        if self._gone and (self._removed_last or not self.page.sheet.can_undo):
            place, leaf = self._gone.pop()
            self._go_to(self._leaves.with_leaf(place, leaf))
            self._removed_last = bool(self._gone)
        elif not self.page.sheet.is_drawn_on:
            self.page.sheet.undo()

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
        self._leaves, self._pictures, self._gone = leaves, {}, []
        self.page.tell("")
        self._show_leaf()
        self.page.sheet.setFocus()

    # What is seen

    @property
    def _busy(self) -> bool:
        return self._starting or self.making.running

    def _show_leaf(self) -> None:
        data = self._pictures.get(self._leaves.file, b"")
        self.page.sheet.show_picture(QImage.fromData(data) if data else None)
        self.page.drawn.show_leaves(self._leaves, self._pictures)
        self._show_state()

    @Slot()
    def _show_state(self) -> None:
        page, leaves, busy = self.page, self._leaves, self._busy
        blank = page.sheet.is_blank
        page.heading.setText(heading_text(leaves))
        number = _("{number} of {count}").format(
            number=f"{leaves.open + 1:,}", count=f"{len(leaves.leaves):,}"
        )
        page.place.setText("" if leaves.is_fresh else number)
        page.sheet.ask_for(leaves.kind)
        page.kind_list.show_leaves(leaves)
        page.count.setText(count_text(leaves, self._proposed))
        self._show_enabled(blank, self._open and not busy)

    def _show_enabled(self, blank: bool, ready: bool) -> None:
        page, leaves = self.page, self._leaves
        parts: tuple[QWidget, ...] = (
            page.sheet, page.kinds, page.kind_list, page.drawn, page.next, page.name, page.target,
        )  # fmt: skip
        for part in parts:
            part.setEnabled(ready)
        page.back.setEnabled(ready and leaves.open > 0)
        page.skip.setEnabled(ready and (blank or not leaves.is_fresh))
        page.undo.setEnabled(page.sheet.can_undo or bool(self._gone))
        page.redo.setEnabled(page.sheet.can_redo)
        page.clear.setEnabled(not blank)
        page.discard.setEnabled(bool(leaves.leaves) and ready)
        page.show_target()
        page.make.setEnabled(ready and self._can_make())

    def _can_make(self) -> bool:
        """Whether there is something to make data of, and a name for it; what is wrong with that
        one is said."""
        drawn = bool(self._leaves.leaves) or not self.page.sheet.is_blank
        if self.page.target.name():
            return drawn
        fault = ""
        if self.page.name.text().strip():
            try:
                checked_name(self.page.name.text(), self._taken)
            except StudioError as error:
                fault = str(error)
        self.page.make.setToolTip(fault)
        if fault:
            self.page.tell(fault)
        return drawn and not fault and bool(self.page.name.text().strip())

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
        if self._leaves.is_fresh and not self.page.sheet.is_blank and not self._leaves.is_full:
            self._go_to(self._leaves.taken())  # the last one needs no Enter
        page, book, leaves, store = self.page, self._book, self._leaves, self._store
        told, name = rights(), page.target.name()
        become = book.add_to if name else book.make_data
        name = name or checked_name(page.name.text(), self._taken)
        page.tell("")
        page.making.begin(_("Making data"))

        def start(_nothing: None) -> None:
            self.making.start(lambda: become(leaves, name, store, told), keeps=True)
            self._starting = False

        self._starting = True
        self._errands.run_in_order(lambda: None, start)  # once all that was drawn is on disk
        self._show_state()

    @Slot(object)
    def _finish(self, _value: object) -> None:
        self.made.emit(self.page.target.name() or checked_name(self.page.name.text()))
        self.accept()

    @Slot(str)
    def _tell_failure(self, sentence: str) -> None:
        self.page.tell(sentence)

    def done(self, result: int) -> None:
        """Close; what was drawn last is written first, and then others may have the book."""
        self.making.close()
        settings = Settings()
        settings.remember({_PEN: self.page.pen.value()}, "drawing")
        settings.save()
        super().done(result)
        if not self._over:
            self._over = True
            self._errands.run_in_order(self._book.close, lambda _none: self.deleteLater())


def open_pad(
    store: DatasetStore, kinds: Sequence[str], parent: QWidget | None = None
) -> DrawDialog:
    """The pad over this window; it goes by itself once it is closed."""
    dialog = DrawDialog(store, kinds, parent)
    dialog.setWindowModality(Qt.WindowModality.WindowModal)
    dialog.open()
    return dialog
