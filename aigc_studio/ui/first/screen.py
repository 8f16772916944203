"""The first screen: a stage over an empty board, with one large prompt and what can be done."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QToolButton, QWidget

from aigc_studio.translation import _
from aigc_studio.ui import icons, theme
from aigc_studio.ui.first.arrangement import arrange
from aigc_studio.ui.first.cards import Card, Offer
from aigc_studio.ui.first.fading import Fading
from aigc_studio.ui.first.prompt_bar import PromptBar
from aigc_studio.ui.first.recent import RecentBoard
from aigc_studio.ui.first.wall import Wall
from aigc_studio.ui.labels import ElidedLabel, Label

if TYPE_CHECKING:
    from PySide6.QtCore import QRect, SignalInstance
    from PySide6.QtGui import QImage
    from PySide6.QtWidgets import QAbstractScrollArea


_EXPECTED = 8
"""So many cards mostly come."""


class FirstScreen(QWidget):
    """Lies over a view, right above its viewport, so that scrolling never moves it; between its
    parts the pointer reaches the board.

    `board_wanted` carries the path of a board, `shown_changed` whether it is seen. The words and
    the generator are the prompt bar's; `tour_wanted` and `tour_refused` answer the offer of a tour.
    """

    board_wanted = Signal(object)
    shown_changed = Signal(bool)
    arranged = Signal()
    plugins_wanted = Signal()
    tour_wanted = Signal()
    tour_refused = Signal()

    def __init__(self, view: QAbstractScrollArea) -> None:
        super().__init__(view)
        self._view = view
        self._problem, self._failed = "", False
        self._ready, self._looking, self._touring = False, True, False
        self.cards: list[Card] = []
        self.boards: list[RecentBoard] = []
        self.wall = Wall(view)
        self.wall.changed.connect(self._redraw_cards)
        self.heading = Label(parent=self)
        self.heading.setFont(theme.display_font())
        self.heading.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.heading.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.bar = PromptBar(self)
        self.bar.set_ready(False)
        self._make_note()
        self.boards_label = Label(parent=self)
        theme.set_kind(self.boards_label, "secondary")
        for each in (self, self.wall, view.viewport()):
            each.lower()  # whatever else floats over the board lies above
        view.viewport().installEventFilter(self)
        self.hide()
        self.wall.hide()
        self.speak()

    def _make_note(self) -> None:
        self.note = QWidget(self)
        self.said = ElidedLabel()
        theme.set_kind(self.said, "secondary")
        self.plugins = _link(self.plugins_wanted)
        self.tour = _link(self.tour_wanted)
        self.no_tour = QToolButton()
        self.no_tour.setIcon(icons.icon("close", "muted"))
        self.no_tour.setIconSize(QSize(12, 12))
        self.no_tour.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.no_tour.clicked.connect(self.tour_refused)
        row = QHBoxLayout(self.note)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.GAP)
        for part in (self.said, self.plugins, self.tour, self.no_tour):
            row.addWidget(part)

    # What it shows

    def speak(self) -> None:
        """Say everything in the language that is spoken now."""
        self.setAccessibleName(_("First screen"))
        self.boards_label.setText(_("Recent boards"))
        self.plugins.setText(_("Open Plugins…"))
        self.tour.setText(_("New here? Take the tour"))
        self.no_tour.setToolTip(_("No tour; it stays in the Help menu"))
        self.no_tour.setAccessibleName(_("No tour"))
        self.bar.speak()
        self._show_note()

    def set_ready(self, ready: bool, looking: bool) -> None:
        """Whether a generator can be used; `looking`: plugins are still being read."""
        if (ready, looking) != (self._ready, self._looking):
            self._ready, self._looking = ready, looking
            self.bar.set_ready(ready)
            self._show_note()

    @property
    def problem(self) -> str:
        """What it says is wrong; empty where nothing is."""
        return self._problem

    def say(self, problem: str, *, failed: bool = True) -> None:
        """Show what is wrong with what is typed, or is to be done first, where nothing `failed`;
        nothing, where it is empty."""
        if (problem, failed) != (self._problem, self._failed):
            self._problem, self._failed = problem, failed
            self._show_note()

    def offer_tour(self, offered: bool) -> None:
        """Offer the tour, or not any more."""
        if offered != self._touring:
            self._touring = offered
            self._show_note()

    def set_offers(self, offers: Sequence[Offer]) -> None:
        """Show these cards, the first ones where there is not room for all."""
        focused = next((n for n, each in enumerate(self.cards) if each.hasFocus()), -1)
        for card in self.cards:
            card.hide()
            card.deleteLater()
        self.cards = [Card(offer, self) for offer in offers]
        self._arrange()
        if 0 <= focused < len(self.cards):
            self.cards[focused].setFocus()

    def set_boards(self, boards: Sequence[tuple[Path, QImage]]) -> None:
        """Show these boards, newest first."""
        for button in self.boards:
            button.hide()
            button.deleteLater()
        self.boards = [RecentBoard(path, picture, self) for path, picture in boards]
        for button in self.boards:
            button.clicked.connect(self._open_board)
        self._arrange()

    def appear(self) -> None:
        """Be there."""
        if not self.isVisible():
            self._lay_out()
            self.wall.show()
            self.show()
            self.shown_changed.emit(True)

    def leave(self) -> None:
        """Fade away; the board has the keyboard then, if this had it."""
        if self.isHidden():
            return
        had_keyboard = self.isAncestorOf(self._view.window().focusWidget() or self._view)
        if theme.motion() and self.isVisible():
            Fading((self.wall, self), self._view)
        self.hide()
        self.wall.hide()
        if had_keyboard:
            self._view.setFocus()
        self.shown_changed.emit(False)

    # Where it stands

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The canvas has another size."""
        if event.type() == QEvent.Type.Resize:
            self._arrange()
        return False

    def _arrange(self) -> None:
        """Give all its place anew; where nobody sees it, that is done as it appears."""
        if not self.isHidden():
            self._lay_out()

    def _lay_out(self) -> None:
        room = self._view.viewport().geometry()
        self.setGeometry(room)
        # The prompt does not move away from who types when the cards come.
        offers = len(self.cards) if self._ready or not self._looking else _EXPECTED
        found = arrange(room.size(), offers, len(self.boards))
        self.wall.setGeometry(found.wall.translated(room.topLeft()))
        self.wall.set_reach(found.reach)
        self.bar.setGeometry(found.bar)
        self.bar.setVisible(self._ready or self._looking)  # what is typed meanwhile is kept
        self._place_note(found.note)
        for card in self.cards:
            card.compact = found.compact
        _place(self.cards, found.cards)
        _place(self.boards, found.boards)
        self.boards_label.setGeometry(found.boards_label)
        self.boards_label.setVisible(bool(found.boards))
        self.heading.resize(self.heading.sizeHint())
        self.heading.move(found.heading.center() - self.heading.rect().center())
        self.boards_label.resize(self.boards_label.sizeHint())
        # Only where something is: the rest of the canvas can be drawn on.
        self.setMask(self.childrenRegion())
        self.arranged.emit()

    def places(self) -> list[QRect]:
        """What can be pressed or typed in, in pixels of the view; nothing while it is not there."""
        parts = (self.bar, *self.cards, *self.boards) if self.isVisible() else ()
        return [part.geometry().translated(self.pos()) for part in parts if part.isVisible()]

    def _place_note(self, room: QRect) -> None:
        """In the middle; where there is not room for all of it, the offer of a tour stays."""
        self.said.show()
        wide = self.note.sizeHint().width()
        if wide > room.width() and not self.tour.isHidden():
            self.said.hide()
            wide = self.note.sizeHint().width()
        self.note.resize(min(wide, room.width()), self.note.sizeHint().height())
        self.note.move(room.center() - self.note.rect().center())

    def _show_note(self) -> None:
        if self._ready:
            heading = _("What shall we make?")
            note = _(
                "Everything is made here, on this computer, by small models that you can teach."
            )
        elif self._looking:
            heading, note = _("A moment…"), _("Looking for generators…")
        else:
            heading = _("There is no generator yet")
            note = _("Add a plugin that makes something, or see why none of them works.")
        self.heading.setText(heading)
        self.said.setText(self._problem or note)
        theme.set_kind(self.said, "error" if self._problem and self._failed else "secondary")
        self.plugins.setVisible(not self._ready and not self._looking)
        touring = self._touring and self._ready and not self._problem
        self.tour.setVisible(touring)
        self.no_tour.setVisible(touring)
        self._arrange()

    @Slot()
    def _redraw_cards(self) -> None:
        """Some show what hangs on the wall."""
        for card in self.cards:
            card.redraw()

    @Slot()
    def _open_board(self) -> None:
        board = self.sender()
        if isinstance(board, RecentBoard):
            self.board_wanted.emit(board.path)


def _place(widgets: Sequence[QWidget], places: Sequence[QRect]) -> None:
    for number, widget in enumerate(widgets):
        shown = number < len(places)
        if shown:
            widget.setGeometry(places[number])
        widget.setVisible(shown)


def _link(signal: SignalInstance) -> QPushButton:
    button = QPushButton()
    theme.set_kind(button, "link")
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.clicked.connect(signal)
    return button
