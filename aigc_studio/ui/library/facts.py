"""Facts about a dataset or model as two columns: what, and the value, that can be selected."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QLayoutItem, QSizePolicy, QWidget

from aigc_studio.translation import _, labelled
from aigc_studio.ui import theme
from aigc_studio.ui.labels import Label


class Facts(QWidget):
    """Rows of (what, value); those without a value are left out. `first_column` is a width."""

    def __init__(self, first_column: int = 0, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setColumnMinimumWidth(0, first_column)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(theme.SECTION)
        self._grid.setVerticalSpacing(theme.GRID)
        self._grid.setColumnStretch(1, 1)

    def show_facts(self, facts: Sequence[tuple[str, str]]) -> None:
        """Show these instead of what was shown."""
        while self._grid.count():
            item: QLayoutItem | None = self._grid.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()  # without a parent, what Qt still means to show is a window
                widget.deleteLater()
        for row, (what, value) in enumerate((w, v) for w, v in facts if v):
            name = Label(what)
            theme.set_kind(name, "secondary")
            name.setAlignment(Qt.AlignmentFlag.AlignTop)
            text = Label(value, wordWrap=True)
            text.setTextFormat(Qt.TextFormat.PlainText)
            text.setTextInteractionFlags(
                Qt.TextInteractionFlag.TextSelectableByMouse
                | Qt.TextInteractionFlag.TextSelectableByKeyboard
            )
            text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            text.setAccessibleName(labelled(what, value) if what else value)
            if what:
                self._grid.addWidget(name, row, 0)
                self._grid.addWidget(text, row, 1)
            else:
                name.deleteLater()
                self._grid.addWidget(text, row, 0, 1, 2)

    def text(self) -> str:
        """All that is shown, a line for each fact."""
        labels = [self._grid.itemAt(n).widget() for n in range(self._grid.count())]  # type: ignore[union-attr]
        said = [label.accessibleName() for label in labels if isinstance(label, QLabel)]
        return "\n".join(each for each in said if each)


class SplitBar(QWidget):
    """How much of a dataset is learnt from and how much held out, as one bar."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(6)
        self._train, self._test = 0, 0

    def show_split(self, train: int, test: int) -> None:
        """Show these counts."""
        self._train, self._test = train, test
        self.setToolTip(_("The held-out part is never learnt from: it measures models."))
        self.setAccessibleName(
            _("{train} to learn from, {test} held out").format(train=train, test=test)
        )
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A bar in two colours."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        whole = QRectF(self.rect())
        total = max(self._train + self._test, 1)
        split = whole.width() * self._train / total
        painter.setBrush(theme.colour("badge_text"))
        painter.drawRoundedRect(whole, 3, 3)
        painter.setBrush(theme.colour("accent"))
        gap = 2 if self._test else 0
        painter.drawRoundedRect(QRectF(0, 0, max(split - gap, 3), whole.height()), 3, 3)
        if self._test:
            painter.setBrush(theme.colour("window"))
            painter.drawRect(QRectF(split - gap, 0, gap, whole.height()))
        painter.end()
