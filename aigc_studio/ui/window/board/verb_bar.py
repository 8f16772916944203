"""The light bar over what is selected: what can be done with it, each by one press."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QFrame,
    QLineEdit,
    QMenu,
    QPushButton,
    QToolButton,
    QWidget,
)

from aigc_studio.api import Operation
from aigc_studio.translation import _, localized
from aigc_studio.ui import icons, theme
from aigc_studio.ui.canvas import BoardView, menu
from aigc_studio.ui.canvas.floating_bar import FloatingBar
from aigc_studio.ui.labels import shortened, tip
from aigc_studio.ui.prompt.verbs import EditVerb

MOST = 3
"""Verbs in the bar; all of them stand in the menu behind it."""
WORDS_WIDTH = (44, 120)
"""Least and most pixels of a field for a verb's words."""


@dataclass(frozen=True)
class BarContent:
    """What the bar holds: verbs, what can be told of the item (the first of it, as an icon), and
    names of actions shown as words and as icons."""

    verbs: tuple[EditVerb, ...] = ()
    explains: tuple[EditVerb, ...] = ()
    worded: tuple[str, ...] = ()
    pictured: tuple[str, ...] = ()


class VerbBar(QObject):
    """Fills a `FloatingBar` and tells what is pressed in it.

    `chosen` carries a verb and its words (None where it takes none). Behind the last button is the
    menu that a right click opens. Escape gives the keyboard back to the canvas.
    """

    chosen = Signal(object, object)

    def __init__(self, view: BoardView, bar: FloatingBar) -> None:
        super().__init__(bar)
        self._view = view
        self.bar = bar
        bar.setAccessibleName(_("What can be done with the selection"))
        self._content = BarContent()
        self._titles: list[str] = []
        self._room = 0
        self.fields: dict[tuple[str, str], QLineEdit] = {}

    def fill(self, content: BarContent, actions: Mapping[str, QAction]) -> None:
        """Hold this; what is there already stays as it is."""
        titles = [verb.title for verb in (*content.verbs, *content.explains)]
        room = self.bar.room().width() - self.bar.yields
        if (content, titles, room) == (self._content, self._titles, self._room):
            return
        had_keyboard = self.bar.isAncestorOf(self._view.window().focusWidget())
        self._content, self._titles, self._room = content, titles, room
        self._clear()
        for number, verb in enumerate(content.verbs[:MOST]):
            self._add_verb(verb, likely=number == 0)
        if content.verbs and (content.explains or content.worded or content.pictured):
            self._add(_line())
        for verb in content.explains[:1]:
            self._add(self._explaining(verb))
        for name in content.worded:
            self._add(_worded(actions[name]))
        for name in content.pictured:
            self._add(_pictured(actions[name]))
        self._add_more()
        self._fit()
        self._chain()
        if had_keyboard:
            self._view.setFocus()

    def show_words(self, words_for: Callable[[EditVerb], str]) -> None:
        """Show in the fields what the verbs would be given now, but not under who types there."""
        for verb in self._content.verbs:
            field = self.fields.get(verb.key)
            if field is not None and not field.hasFocus():
                field.setText(words_for(verb))

    def take_keyboard(self) -> bool:
        """Give the bar the keyboard; False when it is out of sight."""
        widgets = self.widgets()
        if self.bar.isHidden() or not widgets:
            return False
        widgets[0].setFocus(Qt.FocusReason.ShortcutFocusReason)
        return True

    def widgets(self) -> list[QWidget]:
        """What can be pressed or typed in, from left to right."""
        return [each for each in self._parts() if each.focusPolicy() != Qt.FocusPolicy.NoFocus]

    def _parts(self) -> list[QWidget]:
        items = (self.bar.row.itemAt(n) for n in range(self.bar.row.count()))
        return [each for item in items if item and (each := item.widget()) is not None]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Escape leaves the bar, wherever in it the keyboard is."""
        kinds = (QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride)
        if event.type() not in kinds or not isinstance(event, QKeyEvent):
            return False
        if event.key() != Qt.Key.Key_Escape:
            return False
        event.accept()
        if event.type() == QEvent.Type.KeyPress:
            self._view.setFocus()
        return True

    def _clear(self) -> None:
        self.fields = {}
        for part in self._parts():
            self._remove(part)

    def _remove(self, part: QWidget) -> None:
        self.bar.row.removeWidget(part)
        part.hide()
        part.deleteLater()

    def _add(self, widget: QWidget) -> None:
        # No click takes the keyboard from the canvas; Tab and Ctrl+. bring it here.
        if isinstance(widget, QAbstractButton):
            widget.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        widget.installEventFilter(self)
        self.bar.row.addWidget(widget)
        widget.show()

    def _add_verb(self, verb: EditVerb, *, likely: bool) -> None:
        words = verb.title.replace("&", "&&")
        # A space, because Qt sets words close to the picture beside them.
        button = QPushButton(f" {words}" if likely else words)
        button.setAutoDefault(False)
        button.setAccessibleName(verb.title)
        theme.set_kind(button, "likely" if likely else "verb")
        if likely:
            button.setIcon(icons.icon("sparkle", "accent"))
        button.setToolTip(tip(localized(verb.operation.help)))
        button.setAccessibleDescription(localized(verb.operation.help))
        button.clicked.connect(lambda: self._choose(verb))
        self._add(button)
        if verb.takes_words:
            field = _words_field(verb.operation, verb.title)
            field.returnPressed.connect(lambda: self._choose(verb))
            self.fields[verb.key] = field
            self._add(field)

    def _explaining(self, verb: EditVerb) -> QToolButton:
        help = localized(verb.operation.help)
        button = QToolButton()
        button.setIcon(icons.icon("heat"))
        button.setToolTip(tip("\n".join(filter(None, (verb.title, help)))))
        button.setAccessibleName(verb.title)
        button.setAccessibleDescription(help)
        button.clicked.connect(lambda: self.chosen.emit(verb, None))
        _size(button)
        return button

    def _add_more(self) -> None:
        button = QToolButton()
        button.setIcon(icons.icon("more", "muted"))
        button.setToolTip(_("More"))
        button.setAccessibleName(_("More that can be done with the selection"))
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        _size(button)
        more = QMenu(button)
        more.aboutToShow.connect(lambda: self._fill_menu(more))
        button.setMenu(more)
        self._add(button)

    def _fill_menu(self, more: QMenu) -> None:
        self._view.menu_asked.emit()
        menu.fill(more, self._view.board_scene.target(), self._view.offered)

    def _choose(self, verb: EditVerb) -> None:
        field = self.fields.get(verb.key)
        if field is not None and not field.text().strip():
            field.setFocus()
            return
        self.chosen.emit(verb, field.text() if field is not None else None)

    def _fit(self) -> None:
        """Leave verbs to the menu where the view is too narrow for all of them; one stays."""
        self.bar.adjustSize()
        kept = list(self._content.verbs[:MOST])
        while len(kept) > 1 and self.bar.sizeHint().width() > self._room:
            verb = kept.pop()
            for widget in self._widgets_of(verb, len(kept)):
                self._remove(widget)
            self.fields.pop(verb.key, None)
            self.bar.adjustSize()

    def _widgets_of(self, verb: EditVerb, number: int) -> list[QWidget]:
        """The button of a verb, which is that of this number, and its field."""
        buttons = [each for each in self.widgets() if isinstance(each, QPushButton)]
        field = self.fields.get(verb.key)
        return [buttons[number], *([field] if field is not None else [])]

    def _chain(self) -> None:
        """Have Tab come here from the canvas, and go from left to right."""
        before: QWidget = self._view
        for widget in self.widgets():
            QWidget.setTabOrder(before, widget)
            before = widget


def _line() -> QFrame:
    line = QFrame()
    line.setFixedSize(1, theme.CONTROL_HEIGHT - theme.GAP)
    theme.set_kind(line, "upright")
    return line


def _worded(action: QAction) -> QPushButton:
    button = QPushButton(action.iconText().replace("&", "&&"))
    button.setAutoDefault(False)
    theme.set_kind(button, "verb")
    button.setToolTip(action.toolTip())
    button.clicked.connect(action.trigger)
    return button


def _pictured(action: QAction) -> QToolButton:
    button = QToolButton()
    button.setIcon(action.icon())
    button.setToolTip(action.toolTip())
    button.setAccessibleName(action.iconText())
    button.clicked.connect(action.trigger)
    _size(button)
    return button


def _size(button: QToolButton) -> None:
    button.setIconSize(QSize(theme.TOOL_ICON, theme.TOOL_ICON))
    button.setFixedSize(theme.CONTROL_HEIGHT, theme.CONTROL_HEIGHT)


class _Words(QLineEdit):
    """A field as wide as its words, within bounds."""

    def __init__(self) -> None:
        super().__init__()
        self.textChanged.connect(self._grow)
        self._grow()

    def _grow(self) -> None:
        words = self.fontMetrics().horizontalAdvance(self.text() or self.placeholderText())
        least, most = WORDS_WIDTH
        self.setFixedWidth(min(max(words + 28, least), most))
        bar = self.parentWidget()
        if bar is not None:
            bar.adjustSize()


def _words_field(operation: Operation, title: str) -> QLineEdit:
    field = _Words()
    field.setPlaceholderText(shortened(localized(operation.prompt_example), 12))
    field.setAccessibleName(title)
    field.setToolTip(tip(localized(operation.prompt_help)))
    field.setFixedHeight(theme.CONTROL_HEIGHT)
    return field
