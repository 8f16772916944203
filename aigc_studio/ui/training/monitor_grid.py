"""Where data, samples and words lie in the training monitor, by the room that it has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from aigc_studio.ui import theme

if TYPE_CHECKING:
    from PySide6.QtCore import QSize

    from aigc_studio.ui.training.hood import Hood
    from aigc_studio.ui.training.previews import PreviewPane
    from aigc_studio.ui.training.standing_box import StandingBox

Form = Literal["low", "tall", "large"]

_WIDE, _HIGH = 760, 430
"""From so many pixels on it is large: the samples have a page below the words."""
_WORDS_WIDTH = 288
_DATA_LEAST = 148
_DATA_WIDTH = 296
"""The most that the data takes of a large page."""
_ANY = 16_777_215
_LEFT_OVER, _LIKED = QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred
_PLACES: dict[Form, tuple[tuple[int, int, int, int], ...]] = {
    "low": ((0, 0, 1, 1), (0, 1, 1, 1), (0, 2, 1, 1)),
    "tall": ((1, 0, 1, 1), (1, 1, 1, 1), (0, 0, 1, 2)),
    "large": ((0, 0, 2, 1), (1, 1, 1, 1), (0, 1, 1, 1)),
}
"""Where data, samples and words lie: row, column, rows and columns that they take."""


class MonitorGrid(QGridLayout):
    """Three columns in a low place; the samples below the words where it is high.

    `data` is what is learnt from, or (with the hood open) the curves of the `hood` in its place.
    """

    def __init__(self, data: QWidget, hood: Hood, samples: PreviewPane, words: StandingBox) -> None:
        super().__init__()
        self._data, self._hood, self._samples, self._words = data, hood, samples, words
        self._arranged: tuple[Form, bool, bool] | None = None
        self.setHorizontalSpacing(theme.SECTION)
        self.setVerticalSpacing(theme.PADDING)

    @property
    def is_large(self) -> bool:
        """Whether there is so much room that the samples have a page of their own."""
        return self._arranged is not None and self._arranged[0] != "low"

    def arrange(self, room: QSize, *, hood: bool) -> bool:
        """Lay all out in a monitor of this size, with the hood open or not; whether that is another
        way than before."""
        high, wide = room.height() >= _HIGH, room.width() >= _WIDE
        form: Form = ("large" if wide else "tall") if high else "low"
        samples = form != "low" or not hood or self._has_room_for_samples(room.width())
        self._data.setMinimumHeight(self._hood.minimumSizeHint().height() if hood else 0)
        if self._arranged == (form, hood, samples):
            return False
        self._arranged = (form, hood, samples)
        parts = (self._data, self._samples, self._words)
        for part, place in zip(parts, _PLACES[form], strict=True):
            self.removeWidget(part)
            self.addWidget(part, *place)
        self._samples.setVisible(samples)
        self._share_room(form, hood, samples)
        return True

    def _share_room(self, form: Form, hood: bool, samples: bool) -> None:
        low = form == "low"
        self.setRowStretch(0, int(low))
        self.setRowStretch(1, int(not low))
        self.setColumnMinimumWidth(0, _DATA_LEAST if low else 0)
        self.setColumnStretch(0, (6 if low else 3) if hood else 2)
        self.setColumnStretch(1, (3 if low or hood else 5) if samples else 0)
        self._words.setMinimumWidth(_WORDS_WIDTH if low else 0)
        self._words.setMaximumWidth(_WORDS_WIDTH if low else _ANY)
        self._data.setMaximumWidth(_DATA_WIDTH if not low and not hood else _ANY)
        self._words.set_wide(not low)
        # In a low place samples and curves take what is left: what they like made all of it scroll.
        self._samples.setSizePolicy(*[_LEFT_OVER if low else _LIKED] * 2)
        self._data.setSizePolicy(_LIKED, _LEFT_OVER if low and hood else _LIKED)

    def _has_room_for_samples(self, width: int) -> bool:
        """Whether the samples fit beside the curves and the words."""
        curves, samples = (each.minimumSizeHint().width() for each in (self._hood, self._samples))
        around = 2 * theme.PADDING + 2 * self.horizontalSpacing()
        return width - around - curves - _WORDS_WIDTH >= samples
