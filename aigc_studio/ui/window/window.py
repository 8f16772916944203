"""The window: puts canvas, candidates, prompt panel, tabs and menus together."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QTimer, Signal, Slot
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QPaintEvent
from PySide6.QtWidgets import QMainWindow, QWidget

from aigc_studio.translation import _
from aigc_studio.ui import theme
from aigc_studio.ui.window import layout
from aigc_studio.ui.window.outline import show_outline

if TYPE_CHECKING:
    from PySide6.QtGui import QShowEvent

    from aigc_studio.ui.layers.panel import LayersPanel
    from aigc_studio.ui.studio import Studio
    from aigc_studio.ui.window.actions.actions import Actions
    from aigc_studio.ui.window.beginning.link import Beginning
    from aigc_studio.ui.window.files.exporting import Exporting
    from aigc_studio.ui.window.files.importing import Importing
    from aigc_studio.ui.window.files.mask_files import MaskFiles
    from aigc_studio.ui.window.tour.tour import Tour
    from aigc_studio.ui.window.training.from_board import FromBoard


class StudioWindow(QMainWindow):
    """One window on one project.

    `first_painted` comes once, when it can be seen, and `filled` when all is in it. With `later`
    its outline is all that is there until it has been painted: the person sees at once that it is
    opening, and need not wait for what cannot be used before it is looked at. Raises `StudioError`
    where its data cannot be kept; `failed` carries that one where it is filled later.
    """

    first_painted = Signal()
    filled = Signal()
    failed = Signal(object)

    def __init__(
        self,
        studio: Studio | None = None,
        parent: QWidget | None = None,
        *,
        later: bool = False,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("studio")
        self.setMinimumSize(640, 480)
        self.setAcceptDrops(True)
        self.setDockNestingEnabled(False)
        self._paths: list[Path] = []
        self._painted = False
        self._is_filled = False
        if later:
            show_outline(self)
        else:
            self._fill(studio)

    # Building: what is imported here is not waited for by a window that is filled later

    def _fill(self, studio: Studio | None = None) -> None:
        from aigc_studio.ui.studio import Studio

        self.studio = studio or Studio(self)
        self._make_parts()
        self._make_panels()
        self._connect()
        self.show_title()
        self._is_filled = True

    def _make_parts(self) -> None:
        from aigc_studio.ui.window.closing import Closing
        from aigc_studio.ui.window.dialogs import Dialogs
        from aigc_studio.ui.window.files.documents import Documents
        from aigc_studio.ui.window.making.session import Session
        from aigc_studio.ui.window.training.trainings import Trainings

        studio = self.studio
        self.session = Session(studio, self)
        self.documents = Documents(studio, self)
        self.trainings = Trainings(studio, self)
        self.dialogs = Dialogs(studio, self)
        self.closing = Closing(studio, self)
        self.beginning: Beginning | None = None

    def _make_panels(self) -> None:
        from aigc_studio.ui.history_panel import HistoryPanel
        from aigc_studio.ui.jobs_panel import JobsPanel
        from aigc_studio.ui.prompt.panel import PromptPanel
        from aigc_studio.ui.window.board.area import BoardArea
        from aigc_studio.ui.window.status import StatusLine
        from aigc_studio.ui.window.work_line import WorkLine

        self.board_area = BoardArea(self.studio, self.session)
        self.setCentralWidget(self.board_area)
        self.panel = PromptPanel(self.studio.settings)
        layout.add_prompt_dock(self, self.panel)
        self.bottom = self.board_area.bottom
        self.history_panel = HistoryPanel(self.studio.history.stack, self.studio.history.go)
        self.jobs_panel = JobsPanel(self.studio.jobs)
        self.status = StatusLine()
        self.setStatusBar(self.status)
        self.work_line = WorkLine(self.studio.jobs, self.studio.errands, self.status)
        self._make_links()

    def _make_links(self) -> None:
        from aigc_studio.ui.window.actions.effects import make_actions
        from aigc_studio.ui.window.board.tool_rail import ToolRail
        from aigc_studio.ui.window.leaving import Leaving
        from aigc_studio.ui.window.letters import TOOLS_HERE, Letters
        from aigc_studio.ui.window.making.caution_link import CautionLink
        from aigc_studio.ui.window.making.panel_link import PanelLink
        from aigc_studio.ui.window.making.verb_link import VerbLink
        from aigc_studio.ui.window.tabs import Tabs
        from aigc_studio.ui.window.training.training_link import TrainingLink

        self.prompting = PanelLink(self.studio, self.session, self.panel, self.board_area)
        self.verbs = VerbLink(self.studio, self.panel, self.board_area)
        self.cautions = CautionLink(self.studio, self.panel, self.board_area)
        self.actions_by_name: Actions = make_actions(self)
        self.training_link = TrainingLink(self.trainings, self.panel, self.dialogs)
        self.tabs = Tabs(self)
        self.status.add_mute(self.actions_by_name["mute"])
        self.board_area.heard.connect(self.status.show_mute)
        self.status.name_buttons(self.actions_by_name["fit"], self.actions_by_name["jobs"])
        self.rail = ToolRail(self.board_area.view, self)
        self.rail.offer(self.actions_by_name.menus["insert"].actions())
        self.addToolBar(self.rail.area, self.rail)
        self.letters = Letters(self)
        self.leaving = Leaving(self, self.board_area)
        # Typing would go to the step that begins with the letter, and take work back by that.
        self.history_panel.view.setProperty(TOOLS_HERE, True)

    def _connect(self) -> None:
        from aigc_studio.ui.window.actions.availability import Availability
        from aigc_studio.ui.window.actions.effects import connect_actions

        area, dialogs, documents = self.board_area, self.dialogs, self.documents
        self.studio.told.connect(self._tell)
        self.studio.taken_back.connect(area.bar.take_back)
        self.studio.network_used.connect(self.status.show_network)
        documents.title_changed.connect(self.show_title)
        area.view.typing_changed.connect(self.show_title)
        documents.about_to_settle.connect(area.finish_edits)
        documents.about_to_leave.connect(self.session.give_up)
        documents.answered.connect(self._focus_canvas)
        self.closing.answered.connect(self._focus_canvas)
        self.status.zoom_clicked.connect(self._show_everything)
        self.status.follow(area.view)
        area.files_dropped.connect(self.take_files)
        area.bar.details_wanted.connect(dialogs.show_remarks)
        area.data_wanted.connect(dialogs.show_data)
        area.strip.learn_wanted.connect(lambda ids: self.learning.take_candidates(ids))
        dialogs.generator_wanted.connect(self.panel.choose)
        self.jobs_panel.monitor_requested.connect(self.trainings.watch)
        self._connect_panel()
        connect_actions(self)
        self.availability = Availability(self)

    def _connect_panel(self) -> None:
        panel, dialogs = self.panel, self.dialogs
        panel.plugins_requested.connect(dialogs.show_plugins)
        panel.models.opened.connect(dialogs.show_model)
        panel.details_requested.connect(dialogs.show_details)

    # Files in and out, whose modules are not needed before somebody asks for them

    @functools.cached_property
    def importing(self) -> Importing:
        """Takes files in."""
        from aigc_studio.ui.window.files.importing import Importing

        made = Importing(self.studio, self)
        made.imported.connect(self.board_area.reveal)
        made.files_chosen.connect(self.take_files)
        made.restore_offered.connect(self.prompting.offer_restore)
        return made

    @functools.cached_property
    def mask_files(self) -> MaskFiles:
        """Reads and writes masks."""
        from aigc_studio.ui.window.files.mask_files import MaskFiles

        return MaskFiles(self.studio, self, self.board_area)

    @functools.cached_property
    def exporting(self) -> Exporting:
        """Writes files."""
        from aigc_studio.ui.window.files.exporting import Exporting

        return Exporting(self.studio, self, self.board_area)

    @functools.cached_property
    def learning(self) -> FromBoard:
        """Makes data of what is on the board."""
        from aigc_studio.ui.window.training.from_board import FromBoard

        return FromBoard(self.studio, self, self.board_area, self.trainings, self.dialogs)

    @functools.cached_property
    def tour(self) -> Tour:
        """Leads a new person through the window."""
        from aigc_studio.ui.window.tour.tour import Tour

        return Tour(self)

    @functools.cached_property
    def layers_panel(self) -> LayersPanel:
        """Lists what is on the board; made when it is first looked at."""
        from aigc_studio.ui.layers.panel import LayersPanel

        made = LayersPanel(self.board_area.view)
        made.offer(self.board_area.view.offered)
        self.studio.project_changed.connect(made.follow_project)
        return made

    # First paint

    def open_later(self, paths: Sequence[Path]) -> None:
        """Open or import these once the window is there."""
        self._paths = list(paths)

    def restore_layout(self) -> None:
        """Lay the window out as it was left, as far as there is something in it."""
        if self._is_filled:
            layout.restore(self, self.bottom, self.studio.settings)
            if not self.studio.project.candidates.list():
                self.bottom.leave("candidates")  # nothing waits any more of what was open then
        else:
            from aigc_studio.ui.settings import Settings

            layout.restore_place(self, Settings())

    def changeEvent(self, event: QEvent) -> None:
        """Whoever comes back from an editor finds plugins as their code is now."""
        super().changeEvent(event)
        is_back = event.type() == QEvent.Type.ActivationChange and self.isActiveWindow()
        if is_back and self._is_filled and not self.studio.scanning:
            self.studio.renewal.look()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The first one tells that the window can be seen."""
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            # After this event, so that the paint is on the screen before anything else begins.
            QTimer.singleShot(0, self._start_up)

    @Slot()
    def _start_up(self) -> None:
        self.first_painted.emit()
        if self._is_filled:
            self._begin()
        elif self._fill_now():
            # What has come into it is painted before anything else begins.
            QTimer.singleShot(0, self._begin)

    @Slot()
    def _begin(self) -> None:
        self.filled.emit()
        self._make_first_screen()
        self.studio.start_up()
        if self._paths:
            self.take_files(self._paths)
        self.documents.recovery.offer()
        self.trainings.offer_interrupted()

    def _fill_now(self) -> bool:
        """Put everything into the outline. False where its data cannot be kept."""
        from aigc_studio.api.errors import StudioError

        try:
            with theme.undressed():
                self._fill()
                layout.restore_docks(self, self.bottom, self.studio.settings)
        except StudioError as error:
            self.failed.emit(error)
            return False
        self.board_area.view.setFocus()
        self.prompting.begin()
        return True

    def _make_first_screen(self) -> None:
        """What an empty board shows: nothing that the first paint should wait for."""
        from aigc_studio.ui.window.beginning.link import Beginning

        self.beginning = Beginning(self)

    def showEvent(self, event: QShowEvent) -> None:
        """The canvas has the focus, so that single-key shortcuts work at once; on an empty board
        the prompt has it, as there is nothing yet to use a tool on."""
        super().showEvent(event)
        if self._is_filled:
            self.board_area.view.setFocus()
            if not event.spontaneous():
                self.prompting.begin()

    @Slot()
    def _focus_canvas(self) -> None:
        """A dialog has gone: its next key is the canvas's, whatever had the keyboard before; on an
        empty board the prompt's."""
        if self.isVisible():
            self.activateWindow()
            if self.beginning is None or not self.beginning.take_keyboard():
                self.board_area.view.setFocus()

    # Saying something

    @Slot(str, str, object, str, str)
    def _tell(self, sentence: str, kind: str, actions: Any, details: str, subject: str) -> None:
        self.board_area.bar.say(sentence, kind, actions, details, subject)

    def tell_crash(self, details: str) -> None:
        """Something unforeseen happened somewhere; the log has all of it."""
        if not self._is_filled:
            self.failed.emit(RuntimeError(details))
            return
        self.studio.say(
            _("Something went wrong; nothing that you kept is lost."),
            "error",
            [(_("Show the log"), self.dialogs.show_log)],
            details,
            "crash",
        )

    @Slot()
    def show_title(self) -> None:
        """The project's name, with a mark when it is not saved; and what is developed here."""
        # Qt puts the mark of the platform in the place of [*].
        title = f"{self.documents.name}[*]"
        if self.studio.developed is not None:
            words = _("{title} – developing {plugin}")
            title = words.format(title=title, plugin=self.studio.developed.file_name)
        self.setWindowTitle(title)
        typed = self.board_area.view.writer.is_changed
        self.setWindowModified(typed or self.documents.unsaved)

    # What is pressed elsewhere in it

    @Slot()
    def _show_everything(self) -> None:
        view = self.board_area.view
        view.fit() if self.studio.project.board.items else view.actual_size()

    # Files

    def take_files(self, paths: Sequence[Path], place: tuple[float, float] | None = None) -> None:
        """Open, import or install what came, each by what it is."""
        from aigc_studio.ui.window.files.taking import take

        take(self, paths, place)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files may be dropped."""
        from aigc_studio.ui.local_paths import paths_of

        if paths_of(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take files that were dropped anywhere on the window."""
        from aigc_studio.ui.local_paths import paths_of

        event.acceptProposedAction()
        self.take_files(paths_of(event.mimeData()))

    # The end

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask about trainings and unsaved work; close when all is answered."""
        if not self._is_filled or self.studio.closed:
            super().closeEvent(event)
            return
        if not self.closing.allowed:
            # What was asked for of the board is to be written before it goes.
            self.board_area.view.exchange.finish_drawings()
            self.closing.ask(self.documents)
        if not self.closing.allowed:
            event.ignore()
            return
        layout.remember(self, self.bottom, self.studio.settings)
        self.hide()
        self.board_area.close_project()
        self.studio.close(keep=self.closing.keeps)
        super().closeEvent(event)
