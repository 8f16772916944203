"""Parts of the prompt panel: the prompt box, the seed, and the bar that tells an error."""

from __future__ import annotations

import functools
import random
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QFrame,
    QHBoxLayout,
    QMenu,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from aigc_studio.translation import _
from aigc_studio.ui import icons, theme
from aigc_studio.ui.forms.numbers import NumberBox
from aigc_studio.ui.labels import Label

LARGEST_SEED = 2**32 - 1
_LARGEST_ROLL = 999_999


class PromptEdit(QPlainTextEdit):
    """Where the prompt is typed. Grows with its lines; Enter confirms unless lines are wanted.

    `confirmed` fires on Enter (one line) and on Ctrl+Enter.
    """

    confirmed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines_wanted = False
        self._least, self._most = 1, 4
        self.setTabChangesFocus(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setAccessibleName(_("Prompt"))
        self.document().setDocumentMargin(2)
        self.document().documentLayout().documentSizeChanged.connect(self._fit)
        self._fit()

    def want_lines(self, wanted: bool) -> None:
        """Whether a prompt may have several lines (texts do)."""
        self._lines_wanted = wanted
        self._least, self._most = (4, 10) if wanted else (1, 4)
        self._fit()

    def event(self, event: QEvent) -> bool:
        """Undo and redo are the board's where nothing was typed that they could be about."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            keys, document = QKeySequence.StandardKey, self.document()
            spent = (keys.Undo, document.isUndoAvailable()), (keys.Redo, document.isRedoAvailable())
            if any(event.matches(key) and not able for key, able in spent):
                event.ignore()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter confirms; Shift+Enter, or Enter where lines are wanted, begins a line."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
            plain = modifiers == Qt.KeyboardModifier.NoModifier
            if modifiers == Qt.KeyboardModifier.ControlModifier or (
                plain and not self._lines_wanted
            ):
                self.confirmed.emit()
                return
        super().keyPressEvent(event)

    def _fit(self) -> None:
        line = self.fontMetrics().lineSpacing()
        lines = min(max(self.document().size().height(), self._least), self._most)
        # Borders, padding and the document's own margin.
        self.setFixedHeight(round(lines * line) + 18)


class SeedRow(QWidget):
    """The seed: typed, locked, rolled, or taken from those used lately.

    An unlocked seed is rolled anew for each run, but never before it was used once: what a live
    preview showed is what is made. `changed` fires when the number is another one.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._used = False
        self._recent: list[int] = []
        self.box = NumberBox(integer=True, minimum=0, maximum=LARGEST_SEED)
        self.box.setAccessibleName(_("Seed"))
        self.box.setToolTip(_("The same seed with the same settings makes the same result."))
        self.lock = self._button("unlock", _("Keep this seed"))
        self.lock.setCheckable(True)
        self.dice = self._button("dice", _("Roll a new seed"))
        self.recall = self._button("history", _("Seeds used lately"))
        self.recall.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._menu = QMenu(self.recall)
        self.recall.setMenu(self._menu)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.GRID)
        row.addWidget(self.box, 1)
        for button in (self.lock, self.dice, self.recall):
            row.addWidget(button)
        self.box.setValue(self._roll())
        self.box.valueChanged.connect(self._typed)
        self.lock.toggled.connect(self._lock_toggled)
        self.dice.clicked.connect(self.roll)
        self._menu.aboutToShow.connect(self._fill_menu)
        self.set_recent([])

    def seed(self) -> int:
        """The number in the box."""
        return int(self.box.number())

    def use(self, seed: int) -> None:
        """Take this seed and keep it: something was made with it before."""
        self.box.setValue(min(max(seed, 0), LARGEST_SEED))
        self._used = True
        self.lock.setChecked(True)

    def take(self) -> int:
        """The seed of a run that starts now."""
        if self._used and not self.lock.isChecked():
            self.roll()
        self._used = True
        return self.seed()

    def keep_shown(self) -> None:
        """A preview shows what this seed makes with other settings: the next run takes it."""
        self._used = False

    def roll(self) -> None:
        """Another seed by chance."""
        self.box.setValue(self._roll())

    def set_recent(self, seeds: list[int]) -> None:
        """The seeds that the menu offers, newest first."""
        self._recent = list(seeds)
        self.recall.setEnabled(bool(seeds))

    def _roll(self) -> int:
        return random.randint(0, _LARGEST_ROLL)

    def _typed(self) -> None:
        self._used = False
        self.changed.emit()

    def _lock_toggled(self, locked: bool) -> None:
        self.lock.setIcon(icons.icon("lock" if locked else "unlock", "muted", "accent"))
        self.lock.setToolTip(_("Roll a new seed each time") if locked else _("Keep this seed"))

    def _fill_menu(self) -> None:
        self._menu.clear()
        for seed in self._recent:
            action = self._menu.addAction(str(seed))
            action.triggered.connect(lambda _checked=False, chosen=seed: self.use(chosen))

    def _button(self, name: str, tip: str) -> QToolButton:
        button = QToolButton()
        button.setIcon(icons.icon(name, "muted", "accent"))
        button.setIconSize(QSize(theme.TOOL_ICON, theme.TOOL_ICON))
        button.setFixedSize(theme.CONTROL_HEIGHT, theme.CONTROL_HEIGHT)
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        return button


class NoticeBar(QFrame):
    """One sentence on a tinted ground (`error`, `warning` or `info`), perhaps with a link, and one
    to something better before it. What is in it is made when there is first something to say."""

    link_clicked = Signal()
    better_clicked = Signal()
    closed = Signal()

    def __init__(self, level: str = "error", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.set_kind(self, f"{level}_bar")
        self._level = self._usual = level
        self._sentence = ""
        self.hide()

    def show_text(
        self,
        sentence: str,
        link: str = "",
        closable: bool = True,
        *,
        better: str = "",
        level: str = "",
    ) -> None:
        """Show a sentence; `link` is the text of a link under it, `better` that of one before.
        It is of another `level` than the bar's own where one is given."""
        self._sentence = sentence
        if sentence:
            self._use_level(level or self._usual)
            inside = self._inside
            inside.words.setText(sentence)
            inside.words.setAccessibleName(sentence)
            for button, words in ((inside.better, better), (inside.link, link)):
                button.setText(words.replace("&", "&&"))
                button.setVisible(bool(words))
            inside.close.setVisible(closable)
        self.setVisible(bool(sentence))

    def text(self) -> str:
        """The sentence shown, or an empty one."""
        return self._sentence

    @property
    def link(self) -> QPushButton:
        """The link under the sentence."""
        return self._inside.link

    @property
    def better(self) -> QPushButton:
        """The link to something better."""
        return self._inside.better

    @Slot()
    def clear(self) -> None:
        """Show nothing and take no room."""
        was_shown, self._sentence = bool(self._sentence), ""
        self.hide()
        if was_shown:
            self.closed.emit()

    def _use_level(self, level: str) -> None:
        if level != self._level:
            self._level = self._inside.level = level
            theme.set_kind(self, f"{level}_bar")
            self._inside.paint_sign()

    @property
    def level(self) -> str:
        """Of which level what it says is."""
        return self._level

    @functools.cached_property
    def _inside(self) -> _Notice:
        made = _Notice(self, self._level)
        made.better.clicked.connect(self.better_clicked)
        made.link.clicked.connect(self.link_clicked)
        made.close.clicked.connect(self.clear)
        theme.scheme_changed.connect(self._paint_sign)
        return made

    @Slot()
    def _paint_sign(self) -> None:
        self._inside.paint_sign()


class _Notice:
    """What is in a notice: its sign, the words, two links below them, and the way to close it."""

    def __init__(self, bar: QWidget, level: str) -> None:
        self.level = level
        self.sign, self.words = Label(), Label(wordWrap=True)
        self.words.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.better, self.link, self.close = QPushButton(), QPushButton(), QToolButton()
        self.close.setIcon(icons.icon("close", "muted"))
        self.close.setIconSize(QSize(14, 14))
        self.close.setFixedSize(22, 22)
        self.close.setToolTip(_("Close"))
        self.close.setAccessibleName(_("Close this message"))
        self._lay_out(bar)
        self.paint_sign()

    def paint_sign(self) -> None:
        """In the colours that are worn now."""
        role = {"error": "danger", "warning": "warning"}.get(self.level, "accent")
        ratio = self.sign.devicePixelRatioF()
        self.sign.setPixmap(icons.pixmap(self.level, role, 16, ratio))

    def _lay_out(self, bar: QWidget) -> None:
        column = QVBoxLayout()
        column.setSpacing(2)
        column.addWidget(self.words)
        for link in (self.better, self.link):
            theme.set_kind(link, "link")
            column.addWidget(link, 0, Qt.AlignmentFlag.AlignLeft)
        row = QHBoxLayout(bar)
        row.setContentsMargins(theme.GAP, theme.GAP, theme.GRID, theme.GAP)
        row.setSpacing(theme.GAP)
        row.addWidget(self.sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(column, 1)
        row.addWidget(self.close, 0, Qt.AlignmentFlag.AlignTop)
        # Made late, they would be the last that Tab comes to.
        before = _focused_before(bar)
        for each in (self.words, self.better, self.link, self.close):
            QWidget.setTabOrder(before, each)
            before = each


class _Column(QScrollArea):
    """Scrolls up and down. What lies under it may grow: what was worked with stays in sight."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A notice came or went below: its end stays seen, and so does what has the keyboard."""
        bar, held = self.verticalScrollBar(), self.window().focusWidget()
        at_end = 0 < bar.maximum() == bar.value()
        inside, was_seen = self.widget(), False
        if held is not None and inside is not None and inside.isAncestorOf(held):
            place = QRect(held.mapTo(self.viewport(), QPoint(0, 0)), held.size())
            was_seen = place.intersects(QRect(QPoint(0, 0), event.oldSize()))
        super().resizeEvent(event)
        if at_end:
            bar.setValue(bar.maximum())
        if held is not None and was_seen:
            self.ensureWidgetVisible(held, 0, theme.GAP)


def stacked(*parts: QWidget) -> QVBoxLayout:
    """Widgets that belong together, close below each other."""
    column = QVBoxLayout()
    column.setSpacing(theme.GRID)
    for part in parts:
        column.addWidget(part)
    return column


def _focused_before(widget: QWidget) -> QWidget:
    """The last that Tab comes to before a widget; Qt puts nothing after what takes no focus."""
    found = widget.previousInFocusChain()
    while found is not None and found is not widget:
        if found.focusPolicy() != Qt.FocusPolicy.NoFocus:
            return found
        found = found.previousInFocusChain()
    return widget


def put_after(before: QWidget, whole: QWidget) -> None:
    """Have Tab go from `before` through all that is in `whole`, which came last otherwise."""
    inside, current = [], whole.nextInFocusChain()
    while current is not None and whole.isAncestorOf(current):
        takes_focus = current.focusPolicy() != Qt.FocusPolicy.NoFocus
        if takes_focus and not isinstance(current.parent(), QAbstractSpinBox):
            inside.append(current)
        current = current.nextInFocusChain()
    for widget in inside:
        QWidget.setTabOrder(before, widget)
        before = widget


def scrolling(parts: Sequence[QWidget]) -> QScrollArea:
    """Widgets below each other in an area that scrolls up and down only."""
    inner = QWidget()
    column = QVBoxLayout(inner)
    column.setContentsMargins(theme.PADDING, theme.PADDING, theme.PADDING, theme.PADDING)
    column.setSpacing(theme.PADDING)
    for part in parts:
        column.addWidget(part)
    column.addStretch(1)
    area = _Column()
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(inner)
    return area
