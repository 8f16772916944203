"""How large a picture goes out, smooth or crisp, and on which ground: the rows of a dialog."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QSize, Signal, Slot
from PySide6.QtWidgets import QComboBox, QFormLayout, QHBoxLayout, QToolButton, QWidget

from aigc_studio.translation import _
from aigc_studio.ui import icons, theme
from aigc_studio.ui.forms.controls import Segments
from aigc_studio.ui.forms.numbers import NumberBox
from aigc_studio.ui.labels import Label

if TYPE_CHECKING:
    from aigc_studio.project.prints import Ground, Print

MOST = 65_536
"""Pixels a side that can be typed; fewer can be written where the other side is long too."""

Size = tuple[int, int]


@dataclass(frozen=True)
class Pictures:
    """The pictures that go out: how many, and of the first its own size, and that on the board.

    `whole_board`: it is one drawing of the board, whose own size is that at 100 %.
    """

    count: int
    own: Size
    on_board: Size
    whole_board: bool = False


class PictureChoices(QObject):
    """Adds its rows to a form. `changed`: another choice; `wanted` says what was chosen."""

    changed = Signal()

    def __init__(self, form: QFormLayout, pictures: Pictures, former: Mapping[str, Any]) -> None:
        super().__init__(form)
        self._pictures = pictures
        self.size = _combo(_("Size"))
        self.width = _pixels(_("Width in pixels"), pictures.on_board[0])
        self.height = _pixels(_("Height in pixels"), pictures.on_board[1])
        self.linked = QToolButton()
        self.linked.setCheckable(True)
        self.linked.setChecked(True)
        self.linked.setToolTip(_("Keep the proportions"))
        self.linked.setAccessibleName(_("Keep the proportions"))
        self.pixels = Segments([_("Smooth"), _("Crisp")])
        self.pixels.set_names(
            _("Pixels"), _("Smooth leads from pixel to pixel; crisp shows each as a square")
        )
        self.pixels.setToolTip(_("Smooth leads from pixel to pixel; crisp shows each as a square"))
        self.ground = _combo(_("Background"))
        self.sides = QWidget()
        self._lay_out(form)
        self._fill(former)
        self._show_link()
        self._former_ground = str(former.get("ground", ""))
        self.set_grounds(("as_it_is",))
        for combo in (self.size, self.ground):
            combo.currentIndexChanged.connect(self._follow)
        self.pixels.changed.connect(self._follow)
        # Only what a person does: a ground that is not there yet is still the one to remember.
        self.ground.activated.connect(self._note_ground)
        self.width.valueChanged.connect(self._follow_width)
        self.height.valueChanged.connect(self._follow_height)
        self.linked.toggled.connect(self._follow_link)
        self._follow()

    def _lay_out(self, form: QFormLayout) -> None:
        row = QHBoxLayout(self.sides)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.GAP)
        row.addWidget(self.width, 1)
        if self._pictures.count == 1:
            row.addWidget(Label("×"))
            row.addWidget(self.height, 1)
        row.addWidget(Label("px"))
        if self._pictures.count == 1:
            row.addWidget(self.linked)
        form.addRow(_("Size"), self.size)
        form.addRow("", self.sides)
        form.addRow(_("Pixels"), self.pixels)
        form.addRow(_("Background"), self.ground)
        self._form = form

    def _fill(self, former: Mapping[str, Any]) -> None:
        for name, words in self._sizes():
            self.size.addItem(words, name)
        usual = str(former.get("size", "board"))
        # Nobody loses pixels by what was chosen for another picture.
        _choose(self.size, "own" if usual == "board" and self._is_smaller() else usual)
        self.pixels.set_index(1 if former.get("smooth") is False else 0)
        side = former.get("side")
        if isinstance(side, int) and 1 <= side <= MOST:
            self.width.setValue(side)
            self._keep_shape(self.height, self.width, 0)

    def _is_smaller(self) -> bool:
        """Whether the picture has more pixels than it takes on the board."""
        pictures = self._pictures
        return pictures.on_board[0] < pictures.own[0] or pictures.on_board[1] < pictures.own[1]

    def _sizes(self) -> list[tuple[str, str]]:
        """Names of sizes, and what they are called."""
        pictures = self._pictures
        told = {name: self._size_of(name) for name in ("own", "board", "2x", "4x")}
        words = {
            name: "" if pictures.count > 1 else f" · {size[0]} × {size[1]} px"
            for name, size in told.items()
        }
        if pictures.whole_board:
            first = [("own", _("As on the board") + words["own"]), ("2x", "2 ×" + words["2x"])]
        else:
            on_board = _("As on the board") + words["board"]
            first = [("own", "1 ×" + words["own"]), ("board", on_board)]
        own = _("Own size…") if pictures.count == 1 else _("Own width…")
        return [*first, ("4x", "4 ×" + words["4x"]), ("custom", own)]

    def _size_of(self, name: str, own: Size | None = None, on_board: Size | None = None) -> Size:
        """The size in pixels that a choice means for a picture; the first one by default."""
        own, on_board = own or self._pictures.own, on_board or self._pictures.on_board
        if name == "board":
            several = self._pictures.count > 1 and on_board[0] < own[0]
            return own if several else on_board
        if name == "custom":
            width = round(self.width.value())
            if self._pictures.count > 1:
                return width, max(round(width * own[1] / own[0]), 1)
            return width, round(self.height.value())
        times = {"2x": 2, "4x": 4}.get(name, 1)
        return own[0] * times, own[1] * times

    def wanted(self, own: Size | None = None, on_board: Size | None = None) -> Print:
        """What was chosen, for a picture of this size; for the first one by default."""
        from aigc_studio.project.prints import Print

        width, height = self._size_of(str(self.size.currentData()), own, on_board)
        ground: Ground = self.ground.currentData()
        return Print(width, height, self.pixels.index() == 0, ground)

    def set_grounds(self, grounds: Sequence[Ground]) -> None:
        """Offer these grounds; the one chosen before stays if it is among them."""
        before = self._former_ground
        words = {
            "as_it_is": _("As it is"),
            "transparent": _("Transparent"),
            "paper": _("White paper"),
            "ink": _("Ink on paper"),
        }
        self.ground.blockSignals(True)
        self.ground.clear()
        for ground in grounds:
            self.ground.addItem(words[ground], ground)
        _choose(self.ground, before)
        self.ground.blockSignals(False)
        self.ground.setEnabled(len(grounds) > 1)
        self.changed.emit()

    def to_remember(self) -> dict[str, Any]:
        """Plain values for the next time."""
        return {
            "size": self.size.currentData(),
            "smooth": self.pixels.index() == 0,
            "ground": self._former_ground,
            "side": round(self.width.value()),
        }

    @Slot()
    def _follow(self) -> None:
        custom = self.size.currentData() == "custom"
        self._form.setRowVisible(self.sides, custom)
        own, size = self._pictures.own, self._size_of(str(self.size.currentData()))
        larger = size[0] > own[0] or size[1] > own[1] or self._pictures.count > 1
        self._form.setRowVisible(self.pixels, larger or self._pictures.whole_board)
        self.changed.emit()

    @Slot()
    def _note_ground(self) -> None:
        self._former_ground = str(self.ground.currentData())

    @Slot()
    def _follow_width(self) -> None:
        if self.linked.isChecked():
            self._keep_shape(self.height, self.width, 0)
        self.changed.emit()

    @Slot()
    def _follow_height(self) -> None:
        if self.linked.isChecked():
            self._keep_shape(self.width, self.height, 1)
        self.changed.emit()

    @Slot(bool)
    def _follow_link(self, linked: bool) -> None:
        self._show_link()
        if linked:
            self._follow_width()

    def _show_link(self) -> None:
        self.linked.setIcon(icons.icon("lock" if self.linked.isChecked() else "unlock"))
        self.linked.setIconSize(QSize(theme.TOOL_ICON, theme.TOOL_ICON))

    def _keep_shape(self, other: NumberBox, given: NumberBox, side: int) -> None:
        """Set one side to what the other one asks for."""
        shape = self._pictures.on_board
        other.blockSignals(True)
        other.setValue(max(round(given.value() * shape[1 - side] / shape[side]), 1))
        other.blockSignals(False)


def _combo(name: str) -> QComboBox:
    box = QComboBox()
    box.setAccessibleName(name)
    return box


def _pixels(name: str, value: int) -> NumberBox:
    box = NumberBox(integer=True, minimum=1, maximum=MOST)
    box.setAccessibleName(name)
    box.setValue(value)
    return box


def _choose(combo: QComboBox, value: Any) -> None:
    combo.setCurrentIndex(max(combo.findData(value), 0))
