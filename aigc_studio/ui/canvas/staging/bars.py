"""The dark bars under what is staged: how the making goes, and what is decided of a candidate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QRectF, Signal, Slot
from PySide6.QtWidgets import QProgressBar

from aigc_studio.translation import _
from aigc_studio.ui import progress_bars, theme
from aigc_studio.ui.canvas.floating_bar import FloatingBar
from aigc_studio.ui.labels import Label

if TYPE_CHECKING:
    from PySide6.QtWidgets import QGraphicsView


class DecisionBar(FloatingBar):
    """`‹ 2 / 6 ›`, hear it, keep, drop, hold to see before, hear before, a line between before and
    after, more like this.

    `stepped` carries -1 or 1, `before_held` whether it is held now, `wiped` whether the line is
    wanted, `hear_wanted` whether what was before is to be heard rather than what is shown. A click
    leaves the keyboard where it was. Where the view is narrow, those behind say less, or all of it
    in their tips.
    """

    stepped = Signal(int)
    kept = Signal()
    dropped = Signal()
    before_held = Signal(bool)
    wiped = Signal(bool)
    more_wanted = Signal()
    hear_wanted = Signal(bool)

    def __init__(self, view: QGraphicsView) -> None:
        super().__init__(view, "below", dark=True)
        self._furnished = False
        self._fitted: tuple[object, ...] = ()
        self._heard: bool | None = None

    def furnish(self) -> None:
        """Have the buttons here: the first thing that is decided on needs them, the start does
        not."""
        if self._furnished:
            return
        from aigc_studio.ui.canvas.staging.choice import Choice, Steps

        self._furnished = True
        self.steps = Steps()
        self.back, self.count, self.forth = self.steps.back, self.steps.count, self.steps.forth
        self.keep = Choice("check", "on_accent")
        theme.set_kind(self.keep, "primary")
        self.drop = Choice("close")
        self.before = Choice("compare")
        self.wipe = Choice("wipe")
        self.wipe.setCheckable(True)
        self.more = Choice("more-like")
        self.hear, self.hear_before = Choice("play"), Choice("hear-before")
        decisions = (self.hear, self.keep, self.drop, self.before, self.hear_before)
        for part in (self.steps, *decisions, self.wipe, self.more):
            self.row.addWidget(part)
        for part in (self.hear, self.hear_before):
            part.hide()
        self.hear.clicked.connect(lambda: self.hear_wanted.emit(False))
        self.hear_before.clicked.connect(lambda: self.hear_wanted.emit(True))
        self.steps.stepped.connect(self.stepped)
        self.keep.clicked.connect(self.kept)
        self.drop.clicked.connect(self.dropped)
        self.before.pressed.connect(self._hold)
        self.before.released.connect(self._let_go)
        self.wipe.clicked.connect(self.wiped)
        self.more.clicked.connect(self.more_wanted)
        self.speak()

    def show_wipe(self, there: bool, on: bool) -> None:
        """Whether there can be a line between before and after, and whether there is one."""
        self.furnish()
        self.wipe.setVisible(there)
        self.wipe.setChecked(on)

    def show_hear(self, there: bool, *, before: bool = False) -> None:
        """Whether it can be heard, and whether there was something before that can be."""
        self.furnish()
        self.hear.setVisible(there)
        self.hear_before.setVisible(there and before)

    def show_heard(self, before: bool | None) -> None:
        """Which of the two is heard now; None: neither."""
        if self._furnished and before is not self._heard:
            self._heard = before
            self.speak()
            if self.isVisible():
                self.fit()

    def show_place(self, number: int, first: int, last: int) -> None:
        """Say which number it has, of those from the first to the last."""
        self.furnish()
        self.steps.show_place(number, first, last)
        if self.isVisible():
            self.fit()  # 10 / 10 is wider than 9 / 9

    def stay_by(self, place: QRectF | None) -> None:
        """As a floating bar, with words where there is room for them."""
        if place is not None:
            self.furnish()
            self.fit()
        super().stay_by(place)

    @Slot()
    def fit(self) -> None:
        """Show as many words as the view is wide; the same as last time costs nothing."""
        asked = self._measures()
        if asked != self._fitted:
            self._show_words()
            self._fitted = asked

    def _measures(self) -> tuple[object, ...]:
        """All that the words depend on: digits are as wide as one another."""
        parts = (self.hear, self.keep, self.drop, self.before, self.hear_before, self.wipe)
        shown = (part.isHidden() for part in (*parts, self.more, self.steps))
        return (self.isVisible(), self.room().width(), len(self.count.text()), *shown)

    def _show_words(self) -> None:
        less = (self.before, self.hear_before, self.wipe, self.more)
        for part in (self.hear, self.drop, self.keep):
            part.show_words("long")
        for how in ("long", "short", "none"):
            for part in less:
                part.show_words(how)
            if self._fits():
                return
        for part, how in (
            (self.hear, "none"), (self.drop, "none"), (self.keep, "bare"), (self.keep, "none")
        ):  # fmt: skip
            part.show_words(how)
            if self._fits():
                return

    def _fits(self) -> bool:
        return self.sizeHint().width() <= self.room().width()

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
        self._fitted = ()
        self.setAccessibleName(_("Candidate on the board"))
        self.steps.speak()
        self.keep.name(_("Keep"), _("Put on the board"), action="keep")
        self.drop.name(_("Drop"), _("Drop it and look at the next"), action="drop")
        before = _("What was here before")
        self.before.name(_("Hold to see before"), before, _("See before"), action="before")
        heard = self._heard
        self.hear.picture("stop" if heard is False else "play")
        self.hear.name(
            _("Stop") if heard is False else _("Hear it"), _("Play this candidate"), action="hear"
        )
        self.hear_before.picture("stop" if heard else "hear-before")
        self.hear_before.name(
            _("Stop") if heard else _("Hear before"),
            _("Play what was here before"),
            _("Stop") if heard else _("Before"),
            action="hear_before",
        )
        between = _("A line over the picture: left of it before, right of it after")
        self.wipe.name(_("Before and after"), between, _("Compare"), action="wipe")
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
        from aigc_studio.ui.canvas.staging.choice import Choice, Steps

        self._furnished = True
        self.steps = Steps()
        self.steps.stepped.connect(self.stepped)
        self.words = Label()
        self.words.setContentsMargins(theme.GAP, 0, theme.GAP, 0)
        self.progress = QProgressBar(textVisible=False)
        self.progress.setFixedWidth(96)
        self.cancel = Choice("close")
        self.cancel.clicked.connect(self.cancelled)
        self.keep = Choice("check", "on_accent")
        theme.set_kind(self.keep, "primary")
        self.keep.clicked.connect(self.kept)
        for part in (self.steps, self.words, self.progress, self.keep, self.cancel):
            self.row.addWidget(part)
        self.steps.show_place(1, 1, 1)
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

    def show_place(self, number: int, first: int, last: int) -> None:
        """Say which number it has, of those from the first to the last."""
        self.furnish()
        self.steps.show_place(number, first, last)

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
        self.keep.name(_("Stop and keep"), _("Keep what is there so far"), action="keep")
        self.steps.speak()
