"""The bar over a tune: play and stop, where it is, and whether it goes round."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QToolButton

from aigc_studio.translation import _
from aigc_studio.ui import theme
from aigc_studio.ui.canvas.floating_bar import FloatingBar
from aigc_studio.ui.canvas.staging.choice import Choice
from aigc_studio.ui.labels import Label
from aigc_studio.ui.listening.clock import spoken_time, time_words

if TYPE_CHECKING:
    from PySide6.QtGui import QAction
    from PySide6.QtWidgets import QGraphicsView

ROOMY = 760
"""Pixels of the view from which on there is room for words beside what else lies there."""

FARTHEST = 160
"""Pixels that it begins before its tune at most, for the sake of the verbs behind it."""


class PlayBar(FloatingBar):
    """`Play Space | 0:07 / 0:14 | loop`. Where the view is narrow, the button is its icon alone."""

    play_wanted = Signal()

    def __init__(self, view: QGraphicsView, loop: QAction) -> None:
        super().__init__(view, "above", begins=True)
        self.setAccessibleName(_("Listen"))
        self.play = Choice("play", "accent")
        theme.set_kind(self.play, "play")
        self.play.setAutoDefault(False)
        self.play.clicked.connect(self.play_wanted)
        self.time = Label()
        self.time.setFont(theme.readout_font())
        theme.set_kind(self.time, "secondary")
        self.loop = QToolButton()
        self.loop.setDefaultAction(loop)
        self.loop.setIconSize(QSize(theme.TOOL_ICON, theme.TOOL_ICON))
        self.loop.setFixedSize(theme.CONTROL_HEIGHT, theme.CONTROL_HEIGHT)
        for part in (self.play, self.loop):
            # No click takes the keyboard from the canvas; Tab comes here.
            part.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.row.addWidget(self.play)
        self.row.addWidget(self.time)
        self.row.addWidget(self.loop)
        self._state: tuple[object, ...] = ()

    def show_state(self, playing: bool, seconds: float, total: float) -> None:
        """Say what the button does, and where it is."""
        roomy = self._view.viewport().width() >= ROOMY
        state = (playing, roomy)
        if state != self._state:
            self._state = state
            words = _("Stop") if playing else _("Play")
            self.play.picture("stop" if playing else "play")
            self.play.name(words, words, action="play", shown="long" if roomy else "none")
            if roomy:
                # As wide for both words: what stands beside it stays where it is.
                width = max(self.play.minimumWidth(), self.play.sizeHint().width())
                self.play.setMinimumWidth(width)
            else:
                self.play.setMinimumWidth(0)
            self._later.start()
        self.show_time(seconds, total)

    def show_time(self, seconds: float, total: float) -> None:
        """Where it is of how long; painted only when a digit is another one."""
        words = f"{time_words(seconds)} / {time_words(total + 0.5)}"
        if words != self.time.text():
            longer = len(words) != len(self.time.text())
            self.time.setText(words)
            self.time.setAccessibleName(
                _("{place} of {length}").format(
                    place=spoken_time(seconds), length=spoken_time(total + 0.5)
                )
            )
            if longer:
                width = theme.digits_width(self.time.font(), words) + theme.GAP
                self.time.setFixedWidth(width)
                self._later.start()

    def _corner(self, about: QRect) -> QPoint:
        """Over the tune's beginning, or a little before it where the verbs have room behind it
        then: above each other the two would cover more of what lies around the tune."""
        corner, room = super()._corner(about), self.room()
        bars = self._view.findChildren(FloatingBar)
        behind = [
            each
            for each in bars
            if each is not self and each.isVisible() and each.side == self.side and not each.dark
        ]
        needed = self.width() + sum(each.width() + theme.GAP for each in behind)
        before = room.right() + 1 - needed
        if max(room.left(), corner.x() - FARTHEST) <= before < corner.x():
            corner.setX(before)
        return corner

    def gives_way_to(self, other: FloatingBar) -> bool:
        """To decisions alone; the other light bars make room for what plays."""
        return other.dark

    @Slot()
    def speak(self) -> None:
        """Say everything anew: the language, or the colours, are other ones."""
        self._state = ()
