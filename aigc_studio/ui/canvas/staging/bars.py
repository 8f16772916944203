"""The dark bars under what is staged: how the making goes, and what is decided of a candidate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QWidget

from aigc_studio.translation import _
from aigc_studio.ui import icons, keys, progress_bars, theme
from aigc_studio.ui.canvas.floating_bar import FloatingBar
from aigc_studio.ui.labels import Label

if TYPE_CHECKING:
    from PySide6.QtWidgets import QGraphicsView


class DecisionBar(FloatingBar):
    """`‹ 2 / 6 ›`, keep, drop, hold to see before, more like this.

    `stepped` carries -1 or 1, `before_held` whether it is held now. A click leaves the keyboard
    where it was. Where the view is narrow, the two last say less, or all of it in their tips.
    """

    stepped = Signal(int)
    kept = Signal()
    dropped = Signal()
    before_held = Signal(bool)
    more_wanted = Signal()

    def __init__(self, view: QGraphicsView) -> None:
        super().__init__(view, "below", dark=True)
        self._furnished = False

    def furnish(self) -> None:
        """Have the buttons here: the first thing that is decided on needs them, the start does
        not."""
        if self._furnished:
            return
        self._furnished = True
        self.steps = _Steps()
        self.back, self.count, self.forth = self.steps.back, self.steps.count, self.steps.forth
        self.keep = _Choice("check", "on_accent")
        theme.set_kind(self.keep, "primary")
        self.drop = _Choice("close")
        self.before = _Choice("compare")
        self.more = _Choice("more-like")
        for part in (self.steps, self.keep, self.drop, self.before, self.more):
            self.row.addWidget(part)
        self.steps.stepped.connect(self.stepped)
        self.keep.clicked.connect(self.kept)
        self.drop.clicked.connect(self.dropped)
        self.before.pressed.connect(self._hold)
        self.before.released.connect(self._let_go)
        self.more.clicked.connect(self.more_wanted)
        self.speak()

    def show_place(self, number: int, total: int) -> None:
        """Say which of how many it is (from 1)."""
        self.furnish()
        self.steps.show_place(number, total)

    def stay_by(self, place: QRectF | None) -> None:
        """As a floating bar, with words where there is room for them."""
        if place is not None:
            self.furnish()
            self.fit()
        super().stay_by(place)

    @Slot()
    def fit(self) -> None:
        """Show as many words as the view is wide."""
        for how in ("long", "short", "none"):
            for part in (self.before, self.more):
                part.show_words(how)
            if self.sizeHint().width() <= self.room().width():
                return

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The view is as wide as it is now."""
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self.fit()
        return super().eventFilter(watched, event)

    def changeEvent(self, event: QEvent) -> None:
        """Speak another language."""
        if event.type() == QEvent.Type.LanguageChange and self._furnished:
            self.speak()
        super().changeEvent(event)

    def speak(self) -> None:
        """Say everything in the language that is spoken now."""
        self.setAccessibleName(_("Candidate on the board"))
        self.steps.speak()
        self.keep.name(_("Keep"), _("Put on the board"), action="keep")
        self.drop.name(_("Drop"), _("Throw away and look at the next"), action="drop")
        before = _("What was here before")
        self.before.name(_("Hold to see before"), before, _("Before"), action="before")
        self.more.name(_("More like this"), _("Make others with the same settings"), _("More"))

    @Slot()
    def _hold(self) -> None:
        self.before_held.emit(True)

    @Slot()
    def _let_go(self) -> None:
        self.before_held.emit(False)


class MakingBar(FloatingBar):
    """What is being made, how far, and the two ways out.

    `cancelled`: nobody wants it any more; `kept`: what there is of it is enough. `stepped` carries
    -1 or 1, to look at another one of several.
    """

    cancelled = Signal()
    kept = Signal()
    stepped = Signal(int)

    def __init__(self, view: QGraphicsView) -> None:
        super().__init__(view, "below", dark=True)
        self._furnished = False

    def furnish(self) -> None:
        """Have the parts here, when they are first needed."""
        if self._furnished:
            return
        self._furnished = True
        self.steps = _Steps()
        self.steps.stepped.connect(self.stepped)
        self.words = Label()
        self.words.setContentsMargins(theme.GAP, 0, theme.GAP, 0)
        self.progress = QProgressBar(textVisible=False)
        self.progress.setFixedWidth(96)
        self.cancel = _Choice("close")
        self.cancel.clicked.connect(self.cancelled)
        self.keep = _Choice("check", "on_accent")
        theme.set_kind(self.keep, "primary")
        self.keep.clicked.connect(self.kept)
        for part in (self.steps, self.words, self.progress, self.keep, self.cancel):
            self.row.addWidget(part)
        self.steps.show_place(1, 1)
        self.keep.hide()
        self.speak()
        self.show_progress(0, 0)

    def stay_by(self, place: QRectF | None) -> None:
        """As a floating bar; where the view is narrow, it says less."""
        if place is not None:
            self.furnish()
            self._fit()
        super().stay_by(place)

    def _fit(self) -> None:
        for says, cancel in ((True, "long"), (True, "none"), (False, "long"), (False, "none")):
            self.words.setVisible(says)
            self.cancel.show_words(cancel)
            if self.sizeHint().width() <= self.room().width():
                return

    def show_keep(self, on: bool) -> None:
        """Whether there is something that can be kept."""
        if on or self._furnished:
            self.furnish()
            self.keep.setVisible(on)

    def show_place(self, number: int, total: int) -> None:
        """Say which of how many it is (from 1)."""
        self.furnish()
        self.steps.show_place(number, total)

    def say(self, words: str) -> None:
        """What is going on."""
        self.furnish()
        self.words.setText(words)
        self.setAccessibleName(words)
        if self.isVisible():
            self._fit()

    def show_progress(self, step: int, total: int) -> None:
        """How far it is; of nothing, when that is not known."""
        self.furnish()
        progress_bars.show_progress(self.progress, step, total)
        self.progress.setVisible(total > 0)

    def changeEvent(self, event: QEvent) -> None:
        """Speak another language."""
        if event.type() == QEvent.Type.LanguageChange and self._furnished:
            self.speak()
        super().changeEvent(event)

    def speak(self) -> None:
        """Say everything in the language that is spoken now."""
        self.progress.setAccessibleName(_("Progress"))
        self.cancel.name(_("Cancel"), _("Stop making this"), action="cancel")
        self.keep.name(_("Stop and keep"), _("Keep what is there by now"), action="keep")
        self.steps.speak()


class _Steps(QWidget):
    """`‹ 2 / 6 ›`: which of how many, and the ways to the others. Hidden where there is one."""

    stepped = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.back = _Choice("chevron-left")
        self.forth = _Choice("chevron-right")
        self.count = Label()
        self.count.setFont(theme.readout_font(13))
        self.count.setAlignment(Qt.AlignmentFlag.AlignCenter)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.GRID)
        for part in (self.back, self.count, self.forth):
            row.addWidget(part)
        self.back.clicked.connect(self._step_back)
        self.forth.clicked.connect(self._step_forth)

    def show_place(self, number: int, total: int) -> None:
        self.count.setText(f"{number} / {total}")
        self.setVisible(total > 1)
        self.back.setEnabled(number > 1)
        self.forth.setEnabled(number < total)

    def speak(self) -> None:
        self.count.setToolTip(_("Digits choose one by its number"))
        self.back.name(_("Previous"), _("Previous"), action="step_back", shown="none")
        self.forth.name(_("Next"), _("Next"), action="step_forth", shown="none")

    @Slot()
    def _step_back(self) -> None:
        self.stepped.emit(-1)

    @Slot()
    def _step_forth(self) -> None:
        self.stepped.emit(1)


class _Choice(QPushButton):
    """A button on a dark bar: an icon, words, and in a fainter tone the key that does the same."""

    def __init__(self, icon: str, role: str = "on_bar") -> None:
        super().__init__()
        self._role = role
        self._words: dict[str, str] = {}
        self._key = ""
        self.setIcon(icons.icon(icon, role))
        self.setIconSize(QSize(16, 16))
        # A click leaves the keyboard where it was; Tab comes here.
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def name(
        self, words: str, tip: str, short: str = "", *, action: str = "", shown: str = "long"
    ) -> None:
        self._words = {"long": words, "short": short or words, "none": ""}
        # Where words may be shortened there is no room for the key.
        self._key = keys.shown(action) if not short else ""
        tip = keys.with_key(tip, action)
        self.setAccessibleName(words)
        self.setToolTip(tip)
        self.show_words(shown)

    def show_words(self, how: str) -> None:
        self.setText(self._words[how])

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        return QSize(hint.width() + self._key_width(), theme.CONTROL_HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._key_width():
            return
        painter = QPainter(self)
        painter.setFont(theme.readout_font(11))
        colour = theme.colour(self._role, 0.72)
        painter.setPen(colour)
        right = self.rect().adjusted(0, 0, -theme.GAP, 0)
        painter.drawText(
            right, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, self._key
        )
        painter.end()

    def _key_width(self) -> int:
        if not self._key or not self.text():
            return 0
        return theme.digits_width(theme.readout_font(11), self._key) + theme.GAP
