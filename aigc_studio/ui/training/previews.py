"""What a training's samples looked like, step by step: any medium, always the same seed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, QTimer, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from aigc_studio.translation import _
from aigc_studio.ui import icons, theme
from aigc_studio.ui.forms.numbers import Slider
from aigc_studio.ui.labels import ElidedLabel, tip
from aigc_studio.ui.training.artifact_view import ArtifactView

if TYPE_CHECKING:
    from aigc_studio.api import Artifact

KEPT = 120
"""Previews kept; when there are more, every second older one is let go."""
_FRAME_MS = 180
"""How long each of them stands while they are played."""
_NARROW = 208
"""Pixels below which the slider needs the room of the step's number."""
_WIDE = 360
"""Pixels from which on the button has words beside its icon."""


@dataclass(frozen=True)
class Look:
    """One preview as it is kept."""

    artifact: Artifact
    step: int
    title: str


class PreviewPane(QWidget):
    """The newest preview, and a film of the earlier ones: dragged by hand, or played.

    Follows the newest as long as the slider stands at its end.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._looks: list[Look] = []
        self._steps = False
        self.view = ArtifactView()
        self._title = ElidedLabel()
        self._title.setFont(theme.readout_font())
        theme.set_kind(self._title, "secondary")
        self.slider = Slider()
        self.slider.setAccessibleName(_("Step of the preview"))
        self.slider.setToolTip(_("Look back at earlier steps"))
        self.slider.valueChanged.connect(self._show)
        self.slider.sliderPressed.connect(self.stop)
        self.slider.valueChanged.connect(self._note_hand)
        self.play = QPushButton()
        self.play.setAutoDefault(False)
        self.play.setIconSize(QSize(16, 16))
        self.play.setToolTip(_("Play how the samples changed from the first step to now"))
        self.play.clicked.connect(self._play_or_stop)
        self._clock = QTimer(self, interval=_FRAME_MS)
        self._clock.timeout.connect(self._next)
        self._lay_out()
        self.clear()
        self.expect(True)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.GAP)
        column.addWidget(self.view, 1)
        row = QHBoxLayout()
        row.setSpacing(theme.GAP)
        row.addWidget(self.play)
        row.addWidget(self.slider, 1)
        row.addWidget(self._title)
        column.addLayout(row)

    def add(self, artifact: Artifact, step: int, title: str = "") -> None:
        """Keep a preview and show it, unless an earlier one is being looked at."""
        follows = self.slider.value() == self.slider.maximum() and not self.playing
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
        self.stop()
        self._looks = []
        self.slider.setRange(0, 0)
        self._show()

    def expect(self, more: bool) -> None:
        """Say, where there is none, whether one can still come."""
        coming, missed = _("Samples appear here as the model learns"), _("It showed no samples.")
        self.view.show_artifact(self.view.artifact, coming if more else missed)

    def look(self) -> Look | None:
        """The preview that is shown."""
        index = self.slider.value()
        return self._looks[index] if 0 <= index < len(self._looks) else None

    def look_near(self, step: float) -> Look | None:
        """The one whose step is nearest; None while there are none."""
        return min(self._looks, key=lambda look: abs(look.step - step), default=None)

    def steps(self) -> list[int]:
        """The steps that can be looked back at."""
        return [look.step for look in self._looks]

    @property
    def playing(self) -> bool:
        """Whether the film runs."""
        return self._clock.isActive()

    @Slot()
    def _play_or_stop(self) -> None:
        if self.playing:
            self.stop()
            return
        if self.slider.value() == self.slider.maximum():
            self.slider.setValue(0)
        self._clock.start()
        self._name_button()

    @Slot()
    def stop(self) -> None:
        """Hold the film where it is."""
        self._clock.stop()
        self._name_button()

    @Slot()
    def _next(self) -> None:
        self._steps = True
        self.slider.setValue(self.slider.value() + 1)
        self._steps = False
        if self.slider.value() == self.slider.maximum():
            self.stop()

    @Slot()
    def _note_hand(self) -> None:
        """Whoever takes the slider in hand looks at one."""
        if self.playing and not self._steps:
            self.stop()

    def _name_button(self) -> None:
        words = _("Stop") if self.playing else _("How it learnt")
        self.play.setIcon(icons.icon("pause" if self.playing else "play"))
        self.play.setAccessibleName(words)
        self.play.setText(words if self.width() >= _WIDE else "")
        self._title.setVisible(self.width() >= _NARROW)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The button has words where there is room for them."""
        super().resizeEvent(event)
        self._name_button()

    @Slot()
    def _show(self) -> None:
        look = self.look()
        self.view.show_artifact(look.artifact if look else None)
        words = [_("step {n}").format(n=f"{look.step:,}")] if look else []
        self._title.setText(" · ".join(filter(None, words)))
        told = look.title if look else ""
        self.view.setToolTip(tip(told))
        self.view.setAccessibleName(" ".join(filter(None, (_("Preview"), *words, told))))
        for part in (self.slider, self.play):
            part.setVisible(len(self._looks) > 1)
