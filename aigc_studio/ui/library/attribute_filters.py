"""Filters by attributes: one is added by name, then its value or range is chosen."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QGridLayout,
    QHBoxLayout,
    QToolButton,
    QWidget,
)

from aigc_studio.translation import _
from aigc_studio.ui import icons, theme
from aigc_studio.ui.labels import ElidedLabel, Label, tip
from aigc_studio.ui.library.asking import in_line
from aigc_studio.ui.library.formats import answer_text

if TYPE_CHECKING:
    from aigc_studio.api import Attribute
    from aigc_studio.library.rows import Wanted

_COLUMNS = 2
_NAME_WIDTH = 96
_MOST = 8
"""Filters at a time: with more of them hardly anything is left, and the grid has no room."""


class AttributeFilters(QWidget):
    """The filters that were added; `chooser` is the box that adds one, to be laid where it fits.

    `changed` after every change of what is looked for.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._attributes: dict[str, Attribute] = {}
        self._examples = 0
        self._word: Callable[[str], str] = str
        self.filters: list[AttributeFilter] = []
        self.chooser = QComboBox()
        self.chooser.setAccessibleName(_("Add a filter by attribute"))
        self.chooser.setToolTip(_("Show only examples with a certain value of an attribute"))
        _narrow(self.chooser, 9)
        self.chooser.activated.connect(self._add_chosen)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(theme.SECTION)
        self._grid.setVerticalSpacing(theme.GRID)
        for column in range(_COLUMNS):
            self._grid.setColumnStretch(column, 1)
        self.show_attributes((), 0)

    def show_attributes(
        self, attributes: Sequence[Attribute], examples: int, word: Callable[[str], str] = str
    ) -> None:
        """Offer these; filters of others go, and the others keep what is chosen in them.

        `word` says what names and values are called in the language spoken.
        """
        self._word = word
        self._attributes = {each.name: each for each in attributes if each.kind != "text"}
        self._examples = examples
        former = list(self.filters)
        for each in former:
            self._drop(each)
        for each in former:
            now = self._attributes.get(each.attribute.name)
            if now is not None and now.kind == each.attribute.kind:
                self._append(now).take_over(each)
        self._settle()

    def clear(self) -> None:
        """Take all filters away."""
        for each in list(self.filters):
            self._drop(each)
        self._settle()

    def wanted(self) -> list[Wanted]:
        """What is looked for now."""
        found = (each.wanted() for each in self.filters)
        return [each for each in found if each is not None]

    @Slot(int)
    def _add_chosen(self, place: int) -> None:
        name = self.chooser.itemData(place)
        self.chooser.setCurrentIndex(0)
        if name in self._attributes:
            self.add(name)

    def add(self, name: str) -> None:
        """Add a filter by the attribute of this name, which lets everything through at first."""
        added = self._append(self._attributes[name])
        self._settle()
        added.focus()

    def _append(self, attribute: Attribute) -> AttributeFilter:
        added = AttributeFilter(attribute, self._examples, self._word, self)
        added.changed.connect(self.changed)
        added.dropped.connect(self._drop_asked)
        self.filters.append(added)
        return added

    @Slot(object)
    def _drop_asked(self, gone: AttributeFilter) -> None:
        self._drop(gone)
        self._settle()
        self.chooser.setFocus()
        self.changed.emit()

    def _drop(self, gone: AttributeFilter) -> None:
        self.filters.remove(gone)
        self._grid.removeWidget(gone)
        gone.hide()
        gone.deleteLater()

    def _settle(self) -> None:
        for number, each in enumerate(self.filters):
            self._grid.addWidget(each, number // _COLUMNS, number % _COLUMNS)
        self.setVisible(bool(self.filters))
        used = {each.attribute.name for each in self.filters}
        self.chooser.clear()
        self.chooser.addItem(icons.icon("plus"), _("Filter by…"))
        for name in self._attributes:
            if name not in used:
                self.chooser.addItem(self._word(name), name)
        self.chooser.setVisible(bool(self._attributes))
        self.chooser.setEnabled(len(self.filters) < _MOST and self.chooser.count() > 1)


class AttributeFilter(QWidget):
    """One filter: the attribute's name, its values with their counts or its range, and a cross."""

    changed = Signal()
    dropped = Signal(object)

    def __init__(
        self,
        attribute: Attribute,
        examples: int,
        word: Callable[[str], str] = str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.attribute, self._word = attribute, word
        title = word(attribute.name)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.GAP)
        name = ElidedLabel(title)
        theme.set_kind(name, "secondary")
        name.setFixedWidth(_NAME_WIDTH)
        row.addWidget(name)
        self.value: QComboBox | None = None
        self.low = self.high = None
        if attribute.kind == "number":
            self.low, self.high = self._end(attribute.low), self._end(attribute.high)
            self.low.setAccessibleName(_("{name} from").format(name=title))
            self.high.setAccessibleName(_("{name} to").format(name=title))
            row.addWidget(self.low, 1)
            row.addWidget(Label("–"))
            row.addWidget(self.high, 1)
        else:
            self.value = self._values(examples)
            row.addWidget(self.value, 1)
        drop = QToolButton()
        drop.setIcon(icons.icon("close"))
        drop.setToolTip(tip(_("Remove the filter {name}").format(name=title)))
        drop.setAccessibleName(drop.toolTip())
        drop.clicked.connect(lambda: self.dropped.emit(self))
        self.drop = drop
        row.addWidget(drop)

    def focus(self) -> None:
        """The keyboard goes to what is to be chosen."""
        (self.value or self.low or self).setFocus()

    def take_over(self, former: AttributeFilter) -> None:
        """Choose what was chosen in another filter of the same attribute, in silence."""
        self.blockSignals(True)
        if self.value is not None and former.value is not None:
            place = self.value.findData(former.value.currentData())
            self.value.setCurrentIndex(max(place, 0))
        for own, theirs in ((self.low, former.low), (self.high, former.high)):
            if own is not None and theirs is not None:
                own.setValue(theirs.value())
        self.blockSignals(False)

    def _end(self, value: float) -> QDoubleSpinBox:
        whole = isinstance(self.attribute.low, int) and isinstance(self.attribute.high, int)
        spin = QDoubleSpinBox(decimals=0 if whole else 3)
        spin.setRange(self.attribute.low, self.attribute.high)
        if not whole:  # rounded outwards: what lies at the end is within
            spin.setRange(self.attribute.low - 0.001, self.attribute.high + 0.001)
            spin.setSingleStep(max((self.attribute.high - self.attribute.low) / 50, 0.001))
            value += 0.001 if value == self.attribute.high else -0.001
        spin.setValue(value)
        spin.setKeyboardTracking(False)
        spin.setMinimumWidth(72)
        in_line(spin)
        spin.valueChanged.connect(self.changed)
        return spin

    def _values(self, examples: int) -> QComboBox:
        combo = QComboBox()
        combo.setAccessibleName(self._word(self.attribute.name))
        _narrow(combo, 6)
        combo.addItem(_("any"), None)
        for value, count in itertools.islice(self.attribute.counts.items(), 1000):
            shown = answer_text(value) if self.attribute.kind == "yes_no" else self._word(value)
            combo.addItem(f"{shown} ({count:,})", value)
        without = examples - self.attribute.count
        if without > 0:
            combo.addItem(_("not said ({count})").format(count=f"{without:,}"), "")
        combo.currentIndexChanged.connect(self.changed)
        return combo

    def wanted(self) -> Wanted | None:
        """What is looked for; None while everything fits."""
        from aigc_studio.library.rows import Wanted

        name = self.attribute.name
        if self.value is not None:
            value = self.value.currentData()
            return None if value is None else Wanted(name, value)
        if self.low is None or self.high is None:
            return None
        return Wanted(name, low=self.low.value(), high=self.high.value())


def _narrow(combo: QComboBox, characters: int) -> None:
    """Long names of a person's own must not make the window wider."""
    combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    combo.setMinimumContentsLength(characters)
