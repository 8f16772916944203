"""What a tune is, beside its notes: title, metre, key, tempo and bars, shown and changed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QWidget

from aigc_studio.api.limits import BARS
from aigc_studio.translation import _
from aigc_studio.ui import theme
from aigc_studio.ui.canvas.items.melody_card import MelodyItem
from aigc_studio.ui.labels import Label, tip
from aigc_studio.ui.window.board.key_choice import KeyChoice
from aigc_studio.ui.window.board.metre_box import MetreBox
from aigc_studio.ui.window.board.tempo_tap import TempoTap
from aigc_studio.ui.window.board.value_box import ValueBox

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent

    from aigc_studio.api.melody import KeySignature, Melody
    from aigc_studio.ui.canvas import BoardView
    from aigc_studio.ui.canvas.scene.board_scene import BoardScene

SOON = 30
"""Milliseconds after a change until it is shown."""
SETTLED = 500
"""Milliseconds without another step until a number that is stepped is taken: one undo for all."""
SLOWEST, FASTEST = 10, 999
"""Quarter notes a minute that can be typed."""
_TITLE = 128
_NARROW = 48
_NUMBER = 44


def tune_at_hand(view: BoardView) -> MelodyItem | None:
    """The tune that is selected alone."""
    chosen = view.board_scene.chosen()
    only = chosen[0] if len(chosen) == 1 else None
    return only if isinstance(only, MelodyItem) and not only.problem else None


class TuneFacts(QWidget):
    """Follows the tune that is selected alone.

    What is changed is changed for all of it, or from the selected bars on; each is one step. In
    little room the title goes first (the card has it as well), then words before what speaks for
    itself, then the button that is tapped, and the words before numbers last.
    """

    def __init__(self, view: BoardView) -> None:
        super().__init__()
        self._view = view
        self._scene: BoardScene | None = None
        self._waiting: tuple[ValueBox, float] | None = None
        self.setAccessibleName(_("The tune"))
        self.title = Title()
        self.metre = MetreBox()
        self.key = KeyChoice(self._melody)
        where = _("For all of the tune, or from the selected bars on")
        drag = _("Drag the word, type, or press the up and down keys")
        self._where = where
        quarters = "\n".join((_("Quarter notes a minute"), where, drag))
        self.tempo = ValueBox(_("Tempo"), _("Tempo"), quarters, SLOWEST, FASTEST)
        self.tap = TempoTap()
        ends = "\n".join((_("More or fewer of them at the end"), drag))
        self.bars = ValueBox(_("Bars"), _("Bars"), ends, 1, BARS)
        for box in (self.tempo, self.bars):
            box.box.setFixedWidth(_NUMBER)
        self.words = {"metre": Label(_("Metre")), "key": Label(_("Key"))}
        self._drag: tuple[ValueBox, float] | None = None
        self._lay_out()
        self._soon = QTimer(self, singleShot=True, interval=SOON)
        self._soon.timeout.connect(self.refresh)
        self._settled = QTimer(self, singleShot=True, interval=SETTLED)
        self._settled.timeout.connect(self.take)
        self._connect()
        self.refresh()

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.GAP)
        for label, box in ((self.words["metre"], self.metre), (self.words["key"], self.key)):
            theme.set_kind(label, "secondary")
            label.setBuddy(box)
        self._pairs = [
            _paired(self.words["metre"], self.metre),
            _paired(self.words["key"], self.key),
            _paired(self.tempo, self.tap),
        ]
        row.addWidget(self.title, 1)
        for part in (*self._pairs, self.bars):
            row.addWidget(part)
        row.addStretch(0)

    def _connect(self) -> None:
        view = self._view
        view.selection_changed.connect(self._wake)
        view.command_made.connect(self._wake)
        self.title.chosen.connect(self._rename)
        self.metre.chosen.connect(self._set_metre)
        self.metre.refused.connect(view.told)
        self.key.chosen.connect(self._set_key)
        self.tap.tapped.connect(self._tap)
        for box in (self.tempo, self.bars):
            box.changed.connect(partial(self._note, box))
            box.drag_begun.connect(partial(self._begin, box))
            box.dragged.connect(self._pull)
            box.drag_ended.connect(self._end)
            box.box.editingFinished.connect(self.take)
        for left in (self.title.left, self.metre.left, self.tempo.left, self.bars.left):
            left.connect(view.setFocus)

    # What is shown

    @Slot()
    def _wake(self) -> None:
        self._soon.start()

    @Slot()
    def refresh(self) -> None:
        """Show the tune as it is."""
        self._hear(self._view.board_scene)
        card = tune_at_hand(self._view)
        if card is None:
            return
        if not card.is_here:  # a long one is read beside the window
            once = Qt.ConnectionType.SingleShotConnection
            card.loader.arrived.connect(self._wake, once)
            return
        facts = Facts.of(card.melody, self._from(card))
        self.title.show_title(card.item.name)
        self.metre.show_metre(facts.metre, self._where)
        self.key.show_key(facts.key, self._where)
        self.tap.beat = facts.beat
        for box, value in ((self.tempo, facts.tempo), (self.bars, facts.bars)):
            waits = self._waiting is not None and self._waiting[0] is box
            if not waits and self._drag is None:
                box.show_value(value)
        self._fit()

    def _hear(self, scene: BoardScene) -> None:
        """What is on its way belongs to the tune that is selected, until another one is."""
        if scene is not self._scene:
            self._scene = scene
            scene.about_to_choose.connect(self.take)
            scene.contents_changed.connect(self._wake)
            scene.refused.connect(self._wake)

    def _melody(self) -> Melody | None:
        card = tune_at_hand(self._view)
        return card.melody if card is not None else None

    def _from(self, card: MelodyItem) -> int:
        """The tick from which on something is changed."""
        bars = card.selected()
        return card.melody.ticks(bars)[0] if bars is not None else 0

    # What gives way

    def minimumSizeHint(self) -> QSize:
        """None: what there is no room for goes."""
        return QSize(0, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another room."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        words: list[QWidget] = [*self.words.values()]
        levels: list[Sequence[QWidget]] = [
            *([self.title], words, [self.tap], [self.tempo.letter], [self.bars.letter])
        ]
        for number in range(len(levels) + 1):
            for level, widgets in enumerate(levels):
                for widget in widgets:
                    widget.setVisible(level >= number)
            if self._needed() <= self.width():
                break

    def _needed(self) -> int:
        title = _NARROW + theme.GAP if not self.title.isHidden() else 0
        for pair in self._pairs:
            _activate(pair)
        _activate(self.bars)
        parts = [part.sizeHint().width() for part in (*self._pairs, self.bars)]
        return title + sum(parts) + theme.GAP * (len(parts) - 1)

    # What is changed

    @Slot(str)
    def _rename(self, name: str) -> None:
        self._view.commands.rename(name)
        self._wake()

    @Slot(int, int)
    def _set_metre(self, numerator: int, denominator: int) -> None:
        self.take()
        self._view.commands.set_metre(numerator, denominator)

    @Slot(object)
    def _set_key(self, key: KeySignature | None) -> None:
        self.take()
        if key is None:
            self._view.commands.set_key(None)
        else:
            self._view.commands.set_key(key.fifths, key.mode)

    @Slot(float)
    def _tap(self, tempo: float) -> None:
        self._wait(self.tempo, round(min(max(tempo, SLOWEST), FASTEST)))

    def _note(self, box: ValueBox, value: float, _goes_on: bool = False) -> None:
        if box.box.stepping:
            self._wait(box, value)
        else:
            self._send(box, value)

    def _wait(self, box: ValueBox, value: float) -> None:
        if self._waiting is not None and self._waiting[0] is not box:
            self.take()
        self._waiting = (box, value)
        box.show_value(value)
        # As long as it takes to tap again, slowly.
        taps = self.tap.hasFocus() or self.tap.underMouse()
        self._settled.start(3 * SETTLED if taps else SETTLED)

    @Slot()
    def take(self) -> None:
        """Take a number that is still being stepped or tapped."""
        waiting, self._waiting = self._waiting, None
        self._settled.stop()
        if waiting is not None:
            self._send(*waiting)

    def _begin(self, box: ValueBox) -> None:
        self.take()
        self._drag = (box, box.box.value())

    @Slot(float)
    def _pull(self, far: float) -> None:
        if self._drag is not None:
            box, start = self._drag
            least, most = box.box.minimum(), box.box.maximum()
            box.show_value(min(max(round(start + far / 4), least), most))

    @Slot(bool)
    def _end(self, holds: bool) -> None:
        drag, self._drag = self._drag, None
        if drag is not None and holds and drag[0].box.value() != drag[1]:
            self._send(drag[0], drag[0].box.value())
        self._wake()

    def _send(self, box: ValueBox, value: float) -> None:
        if tune_at_hand(self._view) is None:
            return
        if box is self.tempo:
            self._view.commands.set_tempo(value)
        else:
            self._view.commands.set_bars(round(value))
        self._wake()


@dataclass(frozen=True)
class Facts:
    """What holds at a place of a tune. `tempo` in quarter notes a minute; `beat` is what is tapped
    to, in quarter notes."""

    metre: tuple[int, int]
    key: KeySignature | None
    tempo: float
    bars: int
    beat: float

    @classmethod
    def of(cls, melody: Melody, tick: int) -> Facts:
        """Those at a tick."""
        metre = [each for each in melody.metres if each.start <= tick][-1]
        keys = [each for each in melody.keys if each.start <= tick]
        tempo = [each for each in melody.tempos if each.start <= tick][-1]
        beat = 4 / metre.denominator
        if metre.numerator % 3 == 0 and metre.numerator > 3:
            beat *= 3
        return cls(
            (metre.numerator, metre.denominator),
            keys[-1] if keys else None,
            60_000_000 / tempo.microseconds,
            melody.bar_count,
            beat,
        )


class Title(QLineEdit):
    """The name of a tune. `chosen` carries another one; `left`: the keyboard goes back."""

    chosen = Signal(str)
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        theme.set_kind(self, "bare")
        self.setFixedHeight(theme.CONTROL_HEIGHT)
        self.setMaximumWidth(_TITLE)
        self.setMinimumWidth(_NARROW)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(_("Title"))
        self.name = ""
        self.editingFinished.connect(self._choose)

    def show_title(self, name: str) -> None:
        """Show a name; what is being typed stays."""
        self.name = name
        if not self.hasFocus():
            self._put()
        self.setToolTip(tip(_("Title: {name}").format(name=name)))

    def _put(self) -> None:
        """As much of the name as there is room for."""
        elide = Qt.TextElideMode.ElideRight
        self.setText(self.fontMetrics().elidedText(self.name, elide, self.width() - theme.GRID))
        self.setCursorPosition(0)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """All of it can be edited."""
        self.setText(self.name)
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """It is shown as far as it goes."""
        super().focusOutEvent(event)
        if not self.hasFocus():
            self._put()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """More of it, or less."""
        super().resizeEvent(event)
        if not self.hasFocus():
            self._put()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter takes it and leaves, Escape leaves it as it was."""
        if event.key() == Qt.Key.Key_Escape:
            self.setText(self.name)
            self.left.emit()
            return
        super().keyPressEvent(event)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.left.emit()

    @Slot()
    def _choose(self) -> None:
        name = self.text().strip()
        if name and name != self.name:
            self.name = name
            self.chosen.emit(name)
        else:
            self.setText(self.name)
        self.setModified(False)


def _paired(first: QWidget, second: QWidget) -> QWidget:
    pair = QWidget()
    row = QHBoxLayout(pair)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(theme.GRID)
    row.addWidget(first)
    row.addWidget(second)
    return pair


def _activate(widget: QWidget) -> None:
    layout = widget.layout()
    if layout is not None:
        for number in range(layout.count()):
            item = layout.itemAt(number)
            within = item.widget() if item is not None else None
            if within is not None and within.layout() is not None:
                _activate(within)
        layout.invalidate()
        layout.activate()
