"""The one large prompt of the first screen, with the generator's name and its button."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QMenu, QPushButton, QToolButton

from aigc_studio.translation import _, localized
from aigc_studio.ui import icons, theme
from aigc_studio.ui.labels import fitting, shortened, tip

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from aigc_studio.api import Operation


class Words(QLineEdit):
    """Where it is typed. `confirmed`: Enter, with Ctrl or without."""

    confirmed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._hints: tuple[str, ...] = ()

    def hint(self, *hints: str) -> None:
        """Say what may be typed, in the first of these words that there is room for."""
        self._hints = hints
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """There is more room, or less."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        # What Qt leaves free at both ends of what is typed.
        room = self.contentsRect().width() - 2 * theme.GRID
        self.setPlaceholderText(fitting(self._hints, self.fontMetrics(), room))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter confirms."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.confirmed.emit()
            return
        super().keyPressEvent(event)


class PromptBar(QFrame):
    """`typed` carries the words, `confirmed` asks for them, `generator_chosen` carries an id."""

    typed = Signal(str)
    confirmed = Signal()
    generator_chosen = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._chosen = ""
        self._offered: list[Any] = []
        theme.set_kind(self, "stage")
        self.words = Words()
        self.words.setFont(theme.large_font())
        theme.set_kind(self.words, "bare")
        self.words.setMaxLength(2000)
        self.words.textEdited.connect(self.typed)
        self.words.confirmed.connect(self.confirmed)
        self.choice = QToolButton()
        theme.set_kind(self.choice, "choice")
        self.choice.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.choice.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.choice.setIconSize(QSize(16, 16))
        self.choice.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.choice.setMinimumHeight(theme.CONTROL_HEIGHT)
        self._menu = QMenu(self.choice)
        self._group = QActionGroup(self)
        self._group.triggered.connect(self._choose)
        self.choice.setMenu(self._menu)
        self.button = QPushButton()
        theme.set_kind(self.button, "primary")
        self.button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.button.setIconSize(QSize(theme.TOOL_ICON, theme.TOOL_ICON))
        self.button.clicked.connect(self.confirmed)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.SECTION, theme.GAP, theme.GAP, theme.GAP)
        row.setSpacing(theme.GAP)
        row.addWidget(self.words, 1)
        row.addWidget(self.choice)
        row.addWidget(self.button)
        self.speak()

    def speak(self) -> None:
        """Say everything in the language that is spoken now."""
        self.words.setAccessibleName(_("What shall we make?"))
        self.choice.setToolTip(_("What makes it"))
        self.choice.setAccessibleName(_("Generator"))
        self.button.setText(_("Generate"))
        self.button.setToolTip(_("Make something with this generator (Ctrl+Enter)"))
        self.button.setIcon(icons.icon("generate", "on_accent"))

    def set_ready(self, ready: bool) -> None:
        """Whether a generator is known; before, it can be typed already what to make."""
        self.choice.setVisible(ready)
        self.button.setEnabled(ready)
        if not ready:
            self.words.setReadOnly(False)
            self.words.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self.words.hint(_("Type here"))

    def set_records(self, records: Sequence[Any], chosen: str) -> None:
        """Offer these generators; one of them is in use."""
        offered = [each.description for each in records]
        if offered != self._offered:
            self._offered = offered
            self._fill_menu()
        self.choose(chosen)

    def _fill_menu(self) -> None:
        self._menu.clear()
        for action in self._group.actions():
            self._group.removeAction(action)
            action.deleteLater()
        for about in self._offered:
            medium = str(about.medium)
            title = shortened(localized(about.title)).replace("&", "&&")
            action = QAction(icons.icon(medium, theme.badge(medium)), title, self._menu)
            action.setData(about.id)
            action.setToolTip(tip(localized(about.summary)))
            action.setCheckable(True)
            self._group.addAction(action)
            self._menu.addAction(action)

    def choose(self, generator: str) -> None:
        """Show which generator is in use."""
        self._chosen = generator
        for action in self._group.actions():
            if action.data() == generator:
                action.setChecked(True)
                text = shortened(action.text(), 24)
                self.choice.setText(text)
                self.choice.setIcon(action.icon())

    def show_operation(self, operation: Operation | None, words: str) -> None:
        """Take the words that the operation takes; say what may be typed, or that nothing need.

        None is that of a generator that only changes what is there.
        """
        wanted = operation is not None and operation.prompt != "none"
        self.words.setReadOnly(not wanted)
        self.words.setFocusPolicy(
            Qt.FocusPolicy.StrongFocus if wanted else Qt.FocusPolicy.ClickFocus
        )
        example = localized(operation.prompt_example).strip() if operation is not None else ""
        if operation is None:  # it makes nothing new: the board must have something first
            self.words.hint(
                _("It changes what is there: drop a file here."), _("Drop a file here"), _("Drop…")
            )
        elif not wanted:
            self.words.hint(_("No words are needed: press Generate."), _("No words are needed"))
        elif example:
            self.words.hint(_("For example {example}").format(example=example), example)
        else:
            self.words.hint(_("Type here"))
        self.show_words(words if wanted else "")
        help_ = localized(operation.prompt_help) if operation is not None else ""
        self.words.setToolTip(tip(help_))
        self.words.setAccessibleDescription(help_)

    def show_words(self, words: str) -> None:
        """Show what was typed elsewhere."""
        plain = " ".join(words.splitlines())
        if plain != self.words.text():
            self.words.setText(plain)

    @Slot(QAction)
    def _choose(self, action: QAction) -> None:
        self.generator_chosen.emit(action.data())
