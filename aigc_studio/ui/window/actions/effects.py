"""What every action of the window does."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QAction, QUndoStack

from aigc_studio.translation import _
from aigc_studio.ui import icons
from aigc_studio.ui.window.actions import words as entries
from aigc_studio.ui.window.actions.actions import Actions
from aigc_studio.ui.window.actions.menus import menus
from aigc_studio.ui.window.actions.remembered import Kept, MaskEdge, Notation, Smoothness

if TYPE_CHECKING:
    from collections.abc import Callable

    from aigc_studio.ui.window.window import StudioWindow


def make_actions(window: StudioWindow) -> Actions:
    """All actions and the menu bar."""
    made = Actions(window)
    made.add(entries.file_entries())
    made.add(entries.history_entries())
    _follow_stack(made, window.studio.history.stack)
    made.add(entries.work_entries())
    made.add(entries.insert_entries())
    made.add(entries.tool_entries())
    made.add(entries.canvas_entries(), window.board_area.view)
    run, cancel = window.panel.run_action, window.panel.cancel_action
    run.setIcon(icons.icon("generate"))
    cancel.setIcon(icons.icon("cancel"))
    for name, action in (("generate", run), ("cancel", cancel)):
        # From anywhere in the window, not only while the panel has the focus.
        action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        made.adopt(name, action)
    for name, action in window.verbs.actions.items():
        made.adopt(name, action)
    made.build_menus(window.menuBar(), menus())
    for menu in made.menus.values():
        menu.hovered.connect(window.status.show_tip_of)
        menu.aboutToHide.connect(window.status.clear_tip)
    window.board_area.offer(made)
    window.verbs.offer(made)
    return made


def _follow_stack(made: Actions, stack: QUndoStack) -> None:
    """Undo and redo say what they would take back, and are there when there is something."""
    for name, word, able, text in (
        ("undo", _("&Undo"), stack.canUndoChanged, stack.undoTextChanged),
        ("redo", _("&Redo"), stack.canRedoChanged, stack.redoTextChanged),
    ):
        made[name].setEnabled(False)
        able.connect(made[name].setEnabled)
        text.connect(_StepName(made[name], word).show)


class _StepName(QObject):
    """Names an action after the step it is about."""

    def __init__(self, action: QAction, word: str) -> None:
        super().__init__(action)
        self._action = action
        self._word = word

    @Slot(str)
    def show(self, step: str) -> None:
        text = _("{undo}: {step}").format(undo=self._word, step=step.replace("&", "&&"))
        self._action.setText(text if step else self._word)


def connect_actions(window: StudioWindow) -> None:
    """Say what each action does."""
    made = window.actions_by_name
    made.connect_all(_file_slots(window) | _work_slots(window) | _tool_slots(window))
    made.connect_all(_canvas_slots(window))
    made["message"].setEnabled(bool(window.board_area.bar.text))
    window.board_area.bar.shown.connect(partial(_note_asking, window))
    MaskEdge(window.studio.settings, made, window.board_area.view)
    Smoothness(window.studio.settings, made["smooth"])
    Notation(window.studio.settings, made["staff"])
    for name, preference in (("loop", "loop"), ("metronome", "metronome"), ("mute", "muted")):
        Kept(window.studio.settings, made[name], preference)
    made.menus["recent"].aboutToShow.connect(partial(_fill_recent, window))


def _file_slots(window: StudioWindow) -> dict[str, Callable[..., object]]:
    documents = window.documents
    return {
        "new": documents.new,
        "open": documents.ask_open,
        "save": documents.save,
        "save_as": documents.save_as,
        "import": lambda: window.importing.ask(),
        "export_items": lambda: window.exporting.export_items(),
        "export_board": lambda: window.exporting.export_board(),
        "export_sequence": lambda: window.exporting.export_sequence(),
        "quit": window.close,
    }


def _work_slots(window: StudioWindow) -> dict[str, Callable[..., object]]:
    area, panel = window.board_area, window.panel
    return {
        "undo": area.undo,
        "redo": area.redo,
        "edit_selection": window.prompting.run_edit,
        "accept": area.tray.accept_chosen,
        "discard": area.strip.discard,
        "accept_all": area.strip.accept_all,
        "discard_all": area.tray.discard_all,
        "focus_prompt": window.prompting.focus_prompt,
        "focus_verbs": window.verbs.take_keyboard,
        "find": lambda: window.board_area.finding.begin(),
        "replace": lambda: window.board_area.finding.begin_replacing(),
        "train": lambda: window.trainings.ask(panel.generator()),
        "monitor": lambda _on: window.bottom.toggle("training"),
        "resume_training": window.trainings.look_for_interrupted,
    }


def _tool_slots(window: StudioWindow) -> dict[str, Callable[..., object]]:
    dialogs = window.dialogs
    return {
        "library": dialogs.show_library,
        "plugins": dialogs.show_plugins,
        "settings": dialogs.show_settings,
        "log": dialogs.show_log,
        "candidates": lambda _on: window.bottom.toggle("candidates"),
        "message": partial(_answer, window),
        "layers": lambda _on: window.bottom.toggle("layers"),
        "history": lambda _on: window.bottom.toggle("history"),
        "jobs": lambda _on: window.bottom.toggle("jobs"),
        "shortcuts": partial(dialogs.show_shortcuts, window.actions_by_name),
        "tour": lambda: window.tour.begin(),
        "about": dialogs.show_about,
        # No partial: Qt would call it without saying whether it is on.
        "full_screen": lambda on: _full_screen(window, on),
        "smooth": lambda on: window.studio.settings.set_preference("smooth_pixels", on),
    }


def _canvas_slots(window: StudioWindow) -> dict[str, Callable[..., object]]:
    area, view = window.board_area, window.board_area.view
    found: dict[str, Callable[..., object]] = {
        name: partial(view.act, name)
        for name in view.actions_by_name
        if name in window.actions_by_name
    }
    return found | {
        "show_all": area.show_all,
        "compare": area.compare,
        "play": lambda: area.hearing.toggle(),
        "play_start": lambda: area.hearing.play_anew(),
        "learn_from": lambda: window.learning.begin(),
        "made_with": window.prompting.restore_chosen,
        "insert_picture": lambda: window.importing.ask(),
        "import_mask": lambda: window.mask_files.ask_import(),
        "export_mask": lambda: window.mask_files.ask_export(),
    }


def _answer(window: StudioWindow, *_on: bool) -> None:
    """The keyboard goes to what asks: to the message, and from there, or without one, to the card
    of the tour."""
    bar, focus = window.board_area.bar, window.focusWidget()
    is_there = focus is not None and bar.isAncestorOf(focus)
    guided = "tour" in vars(window) and (is_there or not bar.text)
    if not (guided and window.tour.take_keyboard()):
        bar.answer()


def _note_asking(window: StudioWindow, shown: bool) -> None:
    guides = "tour" in vars(window) and bool(window.tour.step)
    window.actions_by_name["message"].setEnabled(shown or guides)


def _full_screen(window: StudioWindow, on: bool) -> None:
    window.showFullScreen() if on else window.showNormal()


def _fill_recent(window: StudioWindow) -> None:
    menu = window.actions_by_name.menus["recent"]
    menu.clear()
    settings = window.studio.settings
    paths = settings.recent_files()
    for path in paths:
        action = menu.addAction(path.stem)
        action.setWhatsThis(str(path))
        action.setToolTip(str(path))
        action.triggered.connect(partial(window.documents.open, path))
    if paths:
        menu.addSeparator()
        menu.addAction(_("Clear This List")).triggered.connect(settings.clear_recent_files)
    else:
        menu.addAction(_("None yet")).setEnabled(False)
