"""What a training's samples looked like, step by step: any medium, always the same seed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from aigc_studio.translation import _
from aigc_studio.ui import artifact_pictures, theme
from aigc_studio.ui.forms.numbers import Slider
from aigc_studio.ui.labels import Label

if TYPE_CHECKING:
    from aigc_studio.api import Artifact

KEPT = 120
"""Previews kept; when there are more, every second older one is let go."""


@dataclass(frozen=True)
class Look:
    """One preview as it is kept."""

    artifact: Artifact
    step: int
    title: str


class PreviewPane(QWidget):
    """The newest preview, and a slider back through the earlier ones.

    Follows the newest as long as the slider stands at its end.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._looks: list[Look] = []
        self._view = _View()
        self._title = Label()
        self._title.setFont(theme.readout_font())
        self._title.setTextFormat(Qt.TextFormat.PlainText)
        theme.set_kind(self._title, "secondary")
        self.slider = Slider()
        self.slider.setAccessibleName(_("Step of the preview"))
        self.slider.setToolTip(_("Look back at earlier steps"))
        self.slider.valueChanged.connect(self._show)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.GRID)
        column.addWidget(self._view, 1)
        row = QHBoxLayout()
        row.setSpacing(theme.GAP)
        row.addWidget(self._title)
        row.addWidget(self.slider, 1)
        column.addLayout(row)
        self.clear()

    def add(self, artifact: Artifact, step: int, title: str = "") -> None:
        """Keep a preview and show it, unless an earlier one is being looked at."""
        follows = self.slider.value() == self.slider.maximum()
        wanted = self.look()
        self._looks.append(Look(artifact, step, title))
        if len(self._looks) > KEPT:
            older = self._looks[: -KEPT // 2]
            self._looks = [older[0], *older[1::2], *self._looks[-KEPT // 2 :]]
        self.slider.blockSignals(True)
        self.slider.setRange(0, len(self._looks) - 1)
        place = len(self._looks) - 1
        if not follows and wanted in self._looks:
            place = self._looks.index(wanted)
        self.slider.setValue(place)
        self.slider.blockSignals(False)
        self._show()

    def clear(self) -> None:
        """Forget all previews."""
        self._looks = []
        self.slider.setRange(0, 0)
        self._show()

    def look(self) -> Look | None:
        """The preview that is shown."""
        index = self.slider.value()
        return self._looks[index] if 0 <= index < len(self._looks) else None

    def steps(self) -> list[int]:
        """The steps that can be looked back at."""
        return [look.step for look in self._looks]

    def _show(self) -> None:
        look = self.look()
        self._view.show_artifact(look.artifact if look else None)
        words = [_("step {n}").format(n=look.step), look.title] if look else []
        self._title.setText(" · ".join(filter(None, words)))
        self._view.setAccessibleName(_("Preview") + " " + self._title.text())
        self.slider.setVisible(len(self._looks) > 1)


class _View(QWidget):
    """Paints one artifact as large as it fits, centred."""

    def __init__(self) -> None:
        super().__init__()
        self._artifact: Artifact | None = None
        self.setMinimumSize(120, 80)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme.scheme_changed.connect(self.update)

    def sizeHint(self) -> QSize:
        """Room for a grid of samples."""
        return QSize(240, 200)

    def show_artifact(self, artifact: Artifact | None) -> None:
        """Paint this one, or the sentence that there is none."""
        self._artifact = artifact
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The artifact, or what will be here."""
        with QPainter(self) as painter:
            if self._artifact is None:
                painter.setPen(theme.colour("muted"))
                wrapped = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
                painter.drawText(self.rect(), wrapped, _("Samples appear here as the model learns"))
            else:
                ratio = self.devicePixelRatioF()
                drawn = artifact_pictures.picture(self._artifact, self.size(), ratio)
                size = drawn.deviceIndependentSize()
                corner = QPointF(
                    (self.width() - size.width()) / 2, (self.height() - size.height()) / 2
                )
                painter.drawPixmap(corner.toPoint(), drawn)
