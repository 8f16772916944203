"""Keeps the verbs at the selection true: in the bar over it, in its menu and in the menu bar."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Slot
from PySide6.QtGui import QAction, QKeyEvent, QMouseEvent

from aigc_studio.translation import _, localized
from aigc_studio.ui import icons
from aigc_studio.ui.canvas.menu import EXPLAINS, VERBS
from aigc_studio.ui.labels import shortened
from aigc_studio.ui.prompt.verbs import LONGEST_TITLE
from aigc_studio.ui.window.board.verb_bar import BarContent, VerbBar

if TYPE_CHECKING:
    from aigc_studio.ui.prompt.panel import PromptPanel
    from aigc_studio.ui.prompt.verbs import EditVerb
    from aigc_studio.ui.studio import Studio
    from aigc_studio.ui.target import Target
    from aigc_studio.ui.window.actions.actions import Actions
    from aigc_studio.ui.window.board.area import BoardArea

REST = 150
"""Milliseconds after a gesture until the bar is back: between strokes it would only flicker."""
_downs = (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick, QEvent.Type.TabletPress)
_typings = (QEvent.Type.KeyPress, QEvent.Type.InputMethod)
_ups = (QEvent.Type.MouseButtonRelease, QEvent.Type.TabletRelease)


class VerbLink(QObject):
    """Between panel, canvas and the bar `area.verbs`.

    `actions` are the verbs as actions, by the names that menus know; those beyond what can be done
    are unseen.
    """

    def __init__(self, studio: Studio, panel: PromptPanel, area: BoardArea) -> None:
        super().__init__(panel)
        self._studio = studio
        self._panel = panel
        self._area = area
        self._view = area.view
        self._offered: Actions | None = None
        self._held = self._typed = False
        self._verbs: list[EditVerb] = []
        self._explains: list[EditVerb] = []
        self.bar = VerbBar(area.view, area.verbs)
        self.actions = {name: self._action(number) for number, name in enumerate(VERBS, 1)}
        self.actions |= {name: self._explaining(n) for n, name in enumerate(EXPLAINS)}
        self._later = QTimer(self, singleShot=True, interval=0)
        self._later.timeout.connect(self.refresh)
        self._rest = QTimer(self, singleShot=True, interval=REST)
        self._rest.timeout.connect(self._let_go)
        self.bar.chosen.connect(self._do)
        panel.verbs_changed.connect(self._wake)
        area.target_changed.connect(self._wake)
        area.bars_changed.connect(self._wake)
        area.view.zoom_changed.connect(self._wake)
        area.view.menu_asked.connect(self.refresh)
        area.view.stage.changed.connect(self._wake)
        self._viewport = area.view.viewport()
        self._viewport.installEventFilter(self)
        area.view.installEventFilter(self)

    def offer(self, actions: Actions) -> None:
        """The window's actions are there: those of the hand stand in the bar as well."""
        self._offered = actions
        for menu in actions.menus.values():
            menu.aboutToShow.connect(self.refresh)
        actions.menus["generate"].aboutToShow.connect(self._leave_out_twin)
        # Unseen it would have no key.
        actions.menus["generate"].aboutToHide.connect(self._bring_back_twin)
        self._later.start()

    def take_keyboard(self) -> None:
        """Give the bar the keyboard, or open the menu where the bar has no room."""
        self.refresh()
        if self.bar.take_keyboard():
            return
        if self._area.target().number:
            self._view.setFocus()
            self._view.show_menu()
        else:
            self._studio.say(_("Select something first: what can be done with it stands over it."))

    @Slot()
    def _leave_out_twin(self) -> None:
        """Where the panel would do the likely verb, a menu need not say it twice."""
        operation = self._panel.middle.page().operation() if self._panel.verb() == "edit" else None
        chosen = self._panel.generator(), operation.id if operation is not None else ""
        if self._offered is not None and self._verbs and self._verbs[0].key == chosen:
            self._offered["edit_selection"].setVisible(False)

    @Slot()
    def _bring_back_twin(self) -> None:
        if self._offered is not None:
            self._offered["edit_selection"].setVisible(True)

    @Slot()
    def _wake(self) -> None:
        self._later.start()

    @Slot()
    def refresh(self) -> None:
        """Show what can be done now."""
        begun = self._view.writer.begun()
        target = begun or self._area.target()
        self._verbs = self._panel.editing.verbs(begun)
        self._explains = self._panel.explains.verbs() if target.number == 1 else []
        self._show_actions()
        if self._offered is None:
            return
        if self._is_wanted(target):
            self.bar.fill(self._content(target), self._view.offered)
            self.bar.show_words(self._panel.editing.words_for)
            self._area.verbs.stay_around(self._view.overlay.taken, self._view.overlay.caret_row)
        else:
            self._area.verbs.stay_around(None)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """What the pointer does to the board, or keys to a text, is not to be done under a bar."""
        # A view that is taken down still has events: nothing is asked of it but what is its own.
        kind = event.type()
        if watched is self._viewport:
            self._note_pointer(event)
        elif kind in _typings and self._view.writing is not None:
            typed = _is_typing(event)
            if typed != self._typed:
                self._typed = typed
                self._later.start()
        return False

    def _note_pointer(self, event: QEvent) -> None:
        kind = event.type()
        if kind in _downs:
            self._held, self._typed = True, False
            self._rest.stop()
            self._area.verbs.stay_around(None)
        elif kind in _ups or (self._held and _is_idle_move(event) and not self._rest.isActive()):
            self._rest.start()  # a move with no button down: the release went somewhere else

    @Slot()
    def _let_go(self) -> None:
        self._held = False
        self.refresh()

    def _is_wanted(self, target: Target) -> bool:
        # Beside a text that is begun the bar stays while one types: it comes with the first words.
        typed = self._typed and not self._view.writer.is_begun
        if not target.number or self._held or typed or self._is_on_something_new(target):
            return False
        if self._area.picks or self._area.finds:
            return False  # another bar is what is worked with
        if self._view.toolbox.keeps_pointer:
            return False  # A line is being drawn where the bar would lie.
        # In a text that is written in, only what is marked there is worth a bar.
        return self._view.writing is None or bool(target.part and self._verbs)

    def _is_on_something_new(self, target: Target) -> bool:
        """Whether a candidate is looked at that is to lie beside the selection: one bar then."""
        beside = self._view.stage.hides not in target.item_ids
        return bool(self._area.staging.candidate) and beside

    def _content(self, target: Target) -> BarContent:
        worded: tuple[str, ...] = ()
        pictured: tuple[str, ...] = ()
        alone = target.number == 1
        if target.part == "mask":
            worded = ("invert_mask", "clear_mask")
            pictured = ("grow_mask", "shrink_mask", "feather_mask")
        elif target.medium == "image":
            pictured = ("turn_left", "flip_h", *(("crop",) if alone else ()))
        elif target.medium == "text" and alone and self._view.writing is None:
            pictured = ("write",)
        if not self._verbs:
            pictured += ("duplicate", "delete")
        return BarContent(tuple(self._verbs), tuple(self._explains), worded, pictured)

    def _action(self, number: int) -> QAction:
        action = QAction(icons.icon("sparkle"), _("Edit"), self)
        action.setObjectName(VERBS[number - 1])
        action.setVisible(False)
        action.setEnabled(False)
        action.triggered.connect(lambda: self._do_number(number))
        return action

    def _explaining(self, number: int) -> QAction:
        action = QAction(icons.icon("heat"), _("Explain"), self)
        action.setObjectName(EXPLAINS[number])
        action.setVisible(False)
        action.setEnabled(False)
        action.triggered.connect(lambda: self._explain_number(number))
        return action

    def _show_actions(self) -> None:
        """Name the actions after the verbs: the likely one is *Regenerate Selection* by its key."""
        offered = dict(zip(VERBS, self._verbs[1:], strict=False))
        offered |= zip(EXPLAINS, self._explains, strict=False)
        for name, action in self.actions.items():
            action.setVisible(name in offered)
            action.setEnabled(name in offered)
            if name in offered:
                self._name(action, offered[name])
        if self._offered is not None:
            likely = self._offered["edit_selection"]
            likely.setData(bool(self._verbs))
            if self._verbs:
                self._name(likely, self._verbs[0])
            else:
                likely.setText(_("&Regenerate Selection"))

    def _name(self, action: QAction, verb: EditVerb) -> None:
        words = self._panel.editing.words_for(verb).strip() if verb.takes_words else ""
        title = _("{verb}: {words}").format(verb=verb.title, words=words) if words else verb.title
        if verb.generator != self._panel.generator():
            title = f"{title} · {self._title_of(verb.generator)}"  # two may call theirs the same
        action.setText(title.replace("&", "&&"))
        action.setWhatsThis(localized(verb.operation.help) or verb.title)

    def _title_of(self, generator: str) -> str:
        about = (each.description for each in self._studio.offered)
        titles = {each.id: localized(each.title) for each in about if each is not None}
        return shortened(titles.get(generator, generator), LONGEST_TITLE)

    def _do_number(self, number: int) -> None:
        if number < len(self._verbs):
            self._do(self._verbs[number], None)

    def _explain_number(self, number: int) -> None:
        if number < len(self._explains):
            self._do(self._explains[number], None)

    @Slot(object, object)
    def _do(self, verb: EditVerb, words: str | None) -> None:
        self._view.setFocus()
        if self._view.writer.is_begun:  # it is put on the board, to be gone on from
            self._area.finish_edits()
            self._panel.set_target(self._area.target(), False)
        if verb.operation.verb == "evaluate":
            self._panel.explains.ask(verb)
        else:
            self._panel.editing.do(verb, words)


def _is_idle_move(event: QEvent) -> bool:
    if not isinstance(event, QMouseEvent) or event.type() != QEvent.Type.MouseMove:
        return False
    return event.buttons() == Qt.MouseButton.NoButton


def _is_typing(event: QEvent) -> bool:
    """Whether it changes a text, or will: a key with a letter, a line or one that deletes."""
    if event.type() == QEvent.Type.InputMethod:
        return True
    if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
        return False
    return bool(event.text()) and event.text() != "\x1b"
