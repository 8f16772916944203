"""Choosing the frame of an import: a contact sheet to drag it on, and pictures as they will be."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from aigc_studio.api import Image
from aigc_studio.jobs import Errands
from aigc_studio.library.framing import WHOLE, Frame, square
from aigc_studio.translation import _
from aigc_studio.ui import icons, theme
from aigc_studio.ui.artifact_pictures import qimage
from aigc_studio.ui.labels import ElidedLabel, Label
from aigc_studio.ui.library.contact_sheet import MOST, ContactSheet
from aigc_studio.ui.library.examples import paint_framed

if TYPE_CHECKING:
    from aigc_studio.library import FileCheck, ImportOptions

_SOON_MS = 30
_SHOWN, _ACROSS = 12, 3
_SIDE = 64


class FramePage(QWidget):
    """`changed` when the frame stays where it is: the files are to be looked at again."""

    changed = Signal()

    def __init__(self, options: Callable[[], ImportOptions], parent: QWidget | None = None) -> None:
        """`options` gives the other choices of the import, for the pictures as they will be."""
        super().__init__(parent)
        self._options = options
        self._errands = Errands(self)
        self._paths: list[Path] = []
        self._asked = 0
        self.images: list[Image] = []
        self.sheet = ContactSheet()
        self.results = Results()
        self.hint = ElidedLabel()
        theme.set_kind(self.hint, "secondary")
        self.square = QPushButton(icons.icon("crop"), _("Square in the middle"))
        self.square.clicked.connect(self._take_square)
        self.whole = QPushButton(_("Whole pictures"))
        self.whole.clicked.connect(lambda: self.sheet.set_frame(WHOLE))
        self._soon = QTimer(self, singleShot=True, interval=_SOON_MS)
        self._soon.timeout.connect(self.show_results)
        self.sheet.frame_changed.connect(self._soon.start)
        self.sheet.frame_changed.connect(self._show_state)
        self.sheet.frame_settled.connect(self.changed)
        self._lay_out()
        self._show_state()

    def _lay_out(self) -> None:
        title = Label(_("As they will be"))
        theme.set_kind(title, "secondary")
        left, right = QVBoxLayout(), QVBoxLayout()
        for column in (left, right):
            column.setSpacing(theme.GRID)
        left.addWidget(self.hint)
        left.addWidget(self.sheet, 1)
        right.addWidget(title)
        right.addWidget(self.results, 1)
        right.addWidget(self.square)
        right.addWidget(self.whole)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, theme.GAP, 0, 0)
        layout.setSpacing(theme.SECTION)
        layout.addLayout(left, 1)
        layout.addLayout(right)

    def crop(self) -> Frame | None:
        """The frame; None while the pictures are taken whole."""
        return None if self.sheet.frame == WHOLE else self.sheet.frame

    def show_files(self, files: Sequence[FileCheck]) -> None:
        """Show some of these; those that are shown stay while they are among them."""
        from aigc_studio.library.contact_sheets import chosen_for_sheet, read_for_sheet

        there = {each.path for each in files}
        if self._paths and there.issuperset(self._paths):
            self.show_results()
            return
        chosen = chosen_for_sheet(files, MOST)
        self._paths = [each.path for each, _count in chosen]
        self._asked += 1
        asked = self._asked
        self.images = []
        self._show_images()
        for file, count in chosen:
            self._errands.run_in_order(
                lambda file=file, count=count: read_for_sheet(file, count),  # type: ignore[misc]
                lambda found: self._add(asked, found),
            )

    def forget(self) -> None:
        """Other files come: take them whole until somebody says otherwise."""
        self._paths = []
        self._asked += 1
        self.images = []
        self.sheet.frame = WHOLE
        self._show_images()

    def _add(self, asked: int, found: list[Image]) -> None:
        if asked == self._asked:
            self.images += found
            self._show_images()

    def _show_images(self) -> None:
        self.sheet.show_pictures(self.images)
        self.show_results()
        self._show_state()

    @Slot()
    def _take_square(self) -> None:
        first = self.images[0]
        self.sheet.set_frame(square(first.width, first.height))

    @Slot()
    def show_results(self) -> None:
        """Show the first pictures as the options and the frame make them."""
        from aigc_studio.api import StudioError
        from aigc_studio.library.options import fit_picture

        try:
            options = self._options()
            self.results.show_images([fit_picture(each, options) for each in self.images[:_SHOWN]])
        except StudioError:
            self.results.show_images([])  # the dialog says what does not go together

    @Slot()
    def _show_state(self) -> None:
        there = bool(self.images)
        self.sheet.setEnabled(there)
        self.square.setEnabled(there)
        self.whole.setEnabled(there and self.sheet.frame != WHOLE)
        shapes = {round(each.width / each.height, 2) for each in self.images}
        if not there:
            words = _("Choose pictures first: they are shown here, to drag a frame over them.")
        elif self.sheet.frame == WHOLE:
            words = _("Drag a square over one picture: it is cut out of all of them.")
        elif len(shapes) > 1:
            words = _("The pictures have different proportions: see whether it fits all of them.")
        else:
            words = _("Drag the frame or its corners; or use the arrow keys, + and -.")
        self.hint.setText(words)


class Results(QWidget):
    """Small pictures, three in a row: as many rows as there is room for."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pictures: list[QPixmap] = []
        self.sizes: list[tuple[int, int]] = []
        step = _SIDE + theme.GRID
        self.setFixedWidth(_ACROSS * step - theme.GRID)
        self.setMinimumHeight(_SIDE)
        self.setAccessibleName(_("As they will be"))

    def show_images(self, images: Sequence[Image]) -> None:
        """Show pictures as they will be, each as large as fits its square."""
        self.sizes = [(each.width, each.height) for each in images]
        self._pictures = [self._fitted(each) for each in images]
        self.update()

    def _fitted(self, image: Image) -> QPixmap:
        ratio = self.devicePixelRatioF()
        whole = qimage(image)
        wanted = QSize(_SIDE, _SIDE) * ratio
        enlarged = whole.width() < wanted.width() and whole.height() < wanted.height()
        how = (
            Qt.TransformationMode.FastTransformation
            if enlarged
            else Qt.TransformationMode.SmoothTransformation
        )
        found = QPixmap.fromImage(whole.scaled(wanted, Qt.AspectRatioMode.KeepAspectRatio, how))
        found.setDevicePixelRatio(ratio)
        return found

    def paintEvent(self, event: QPaintEvent) -> None:
        """The pictures, each in a frame."""
        step = _SIDE + theme.GRID
        with QPainter(self) as painter:
            for number, picture in enumerate(self._pictures):
                if (number // _ACROSS + 1) * step - theme.GRID > self.height():
                    break
                place = QRect(number % _ACROSS * step, number // _ACROSS * step, _SIDE, _SIDE)
                paint_framed(painter, place, picture, 3)
