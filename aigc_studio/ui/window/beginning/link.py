"""Between the first screen and the window: when it is there, and what its parts do."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Slot
from PySide6.QtWidgets import QFileDialog

from aigc_studio.translation import _, localized
from aigc_studio.ui.first.screen import FirstScreen
from aigc_studio.ui.window.beginning import offers
from aigc_studio.ui.window.beginning.boards import Boards
from aigc_studio.ui.window.beginning.living import Living
from aigc_studio.ui.window.beginning.starting import Starting
from aigc_studio.ui.window.tour.tour import SEEN

if TYPE_CHECKING:
    from aigc_studio.api import Description, Starter
    from aigc_studio.host import PluginRecord
    from aigc_studio.ui.prompt.values import Prompt
    from aigc_studio.ui.window.window import StudioWindow


class Beginning(QObject):
    """Shows the first screen while the board is empty and nothing is on its way to it.

    Its prompt and the panel's are one: what is typed in one of them stands in the other.
    """

    def __init__(self, window: StudioWindow) -> None:
        super().__init__(window)
        self._window = window
        self._studio = window.studio
        self._panel = window.panel
        view = window.board_area.view
        self.screen = FirstScreen(view)
        self.living = Living(self._studio, window.session, self._panel, self.screen.wall, self)
        self.starting = Starting(self._studio, self._panel, window.board_area, self)
        self._boards = Boards(self._studio, self.screen)
        self._shown = self._panel.generator()
        self._ready = False
        self._against = ""
        """Why what was asked for last could not be made then."""
        self._wished = False
        """Something was asked for before it was known what can make it: that is made then."""
        self._made_of: tuple[object, ...] = ()
        """What the cards are made of that are there."""
        self._due = True
        """The prompt gets the keyboard as soon as it is there."""
        self.dialog: QFileDialog | None = None
        # Many things change in one turn of events; cards are made anew once.
        self._later = QTimer(self, singleShot=True, interval=0)
        self._later.timeout.connect(self._show_offers)
        self._connect()
        window.prompting.take_preview = self.takes
        window.installEventFilter(self)
        self._show_records()
        self._show_words()
        self.follow()
        self._begin()

    def _connect(self) -> None:
        window, studio, screen, panel = self._window, self._studio, self.screen, self._panel
        session, view = window.session, window.board_area.view
        view.bare_changed.connect(self.follow)
        session.busy_changed.connect(self.follow)
        for waiting in (session.candidates_added, session.candidates_gone):
            waiting.connect(self.follow)
        session.candidates_reset.connect(self.follow)
        studio.records_changed.connect(self._show_records)
        studio.models_changed.connect(self._show_records)
        studio.project_changed.connect(self._begin_board)
        panel.generator_changed.connect(self._note_generator)
        panel.models.changed.connect(self._note_model)
        panel.middle.operation_chosen.connect(self._show_words)
        panel.middle.generate_page.prompt.textChanged.connect(self._show_words)
        session.refused.connect(self._show_refused)
        self.living.refused.connect(screen.say)
        screen.bar.typed.connect(self._note_typed)
        screen.bar.confirmed.connect(self.generate)
        screen.bar.generator_chosen.connect(self._choose)
        screen.board_wanted.connect(window.documents.open)
        screen.plugins_wanted.connect(window.dialogs.show_plugins)
        screen.shown_changed.connect(self._note_shown)
        window.board_area.arrangement.spare(screen.places, (screen.arranged, screen.shown_changed))
        screen.tour_wanted.connect(window.tour.begin)
        window.tour.changed.connect(self.follow)
        screen.tour_refused.connect(self.refuse_tour)

    # When it is there

    @Slot()
    def follow(self) -> None:
        """Show it, or let it go."""
        session = self._window.session
        # What was asked for on the last board is no reason to hold back on this one.
        busy = any(not job.unwanted for job in self._studio.jobs.under_way())
        if self._window.board_area.view.bare and not session.any_waiting and not busy:
            self.screen.offer_tour(not self._studio.settings.flag(SEEN))
            self.screen.appear()
            return
        self.screen.leave()
        if session.any_waiting or len(self._studio.project.board):
            # Offered once: whoever has begun needs it no more, and it stays in the Help menu.
            self._studio.settings.set_flag(SEEN, True)

    def _begin(self, early: str = "") -> None:
        """Whoever types at once types into the large prompt, in the place of what stands there from
        the last time; `early` is what was typed before a generator was known."""
        if not self._due:
            return
        focus, panels = self._window.focusWidget(), self._panel.middle.generate_page.prompt
        typing = focus is panels and panels.document().isModified()
        view = self._window.board_area.view
        given = (None, panels, view, self.screen.bar.words)
        if typing or view.writing is not None or focus not in given:
            self._due = False  # the person has begun elsewhere
        elif self.take_keyboard():
            self._due = not self._ready
            if not early:
                self.screen.bar.words.selectAll()

    def take_keyboard(self) -> bool:
        """Whether the prompt is there; it has the keyboard then: on an empty board there is nothing
        yet to use a tool on."""
        there = self.screen.isVisible() and self.screen.bar.isVisible()
        if there:
            self.screen.bar.words.setFocus()
        return there

    @Slot()
    def _begin_board(self) -> None:
        """Another board has come; an empty one begins as the first one did."""
        self.follow()
        if self.take_keyboard():
            self.screen.bar.words.selectAll()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Nothing is made for a window that nobody sees."""
        if event.type() in (QEvent.Type.Hide, QEvent.Type.Show, QEvent.Type.WindowStateChange):
            self._note_shown()
        return False

    @Slot()
    def _note_shown(self) -> None:
        window = self._window
        seen = window.isVisible() and self.screen.isVisible() and not window.isMinimized()
        self.living.set_awake(seen)
        if seen:
            self._boards.look()

    # Generators and cards

    @Slot()
    def _show_records(self) -> None:
        records = self._offered()
        generator = self._panel.generator()
        self.screen.bar.set_records(records, generator)
        words = self.screen.bar.words
        early = words.text() if generator and not self._ready and words.isModified() else ""
        self._ready = bool(generator)
        self.screen.set_ready(self._ready, self._studio.scanning)
        self._look_again()
        self._show_words()
        self._begin(early)
        if early:
            # The panel comes with what was typed into it the last time, after this.
            QTimer.singleShot(0, self, lambda: self._type(early))
        QTimer.singleShot(0, self, self._meet_wish)  # behind what was typed
        self._later.start()
        self.living.recall()
        self.living.wake()

    def _offered(self) -> list[PluginRecord]:
        """The generators that work and are in nobody's way."""
        return [each for each in self._studio.offered if each.state == "ready" and each.description]

    @Slot()
    def _note_generator(self) -> None:
        if self._panel.generator() != self._shown:
            # What another one made would promise what this one cannot do.
            self._wished = self._wished and not self._shown  # the first one is no other
            self._shown = self._panel.generator()
            self.living.forget()
            self.screen.say("")
        self._show_records()

    @Slot()
    def _note_model(self) -> None:
        self._look_again()
        # The page hears of its model's words after this.
        QTimer.singleShot(0, self, self._show_words)
        QTimer.singleShot(0, self, self._meet_wish)
        self._later.start()
        self.living.wake()

    @Slot()
    def _show_offers(self) -> None:
        chosen = self._panel.generator()
        abouts: list[Description] = [each.description for each in self._offered()]  # type: ignore[misc]
        wall = self.screen.wall
        begin, can = self._start, self._can
        here = [each for each in abouts if each.id == chosen]
        others = [each for each in abouts if each.id != chosen]
        models = {each.id: self._used(each.id) for each in abouts}
        able = [[can(each, starter) for starter in each.starters] for each in abouts]
        made_of = abouts, able, chosen, models
        if made_of == self._made_of:
            return
        self._made_of = made_of
        found = list(offers.starter_offers(here, can, wall, begin, models))
        if here and "train" in here[0].verbs:
            found.append(offers.teach_offer(wall, self._teach))
            if str(here[0].medium) == "image":
                found.append(offers.draw_offer(self._draw))
        found += list(offers.starter_offers(others, can, None, begin, models))[: offers.MOST]
        # The last ones are left out where there is not room for all.
        self.screen.set_offers([*found, offers.open_offer(self.ask_file)])

    def _used(self, generator: str) -> str:
        """The name of the model that a generator is used with; empty where it has none. Of those
        that are not shown it is the one that was chosen before."""
        row = self._panel.models
        chosen = generator == self._panel.generator()
        model = row.model() if chosen else row.begun_with(generator)
        return model.name if model is not None else ""

    def _can(self, about: Description, starter: Starter) -> bool:
        """Whether a starter leads anywhere now: what needs a model has one."""
        operation = about.operation(starter.operation)
        if operation is None:
            return False
        learns = "train" in about.verbs and operation.model == "required"
        return not learns or any(each.generator == about.id for each in self._studio.models)

    def _start(self, about: Description, starter: Starter) -> None:
        """Do what a card says. Where it only fills the prompt, that is to be seen: Enter makes it,
        and what is typed takes its place."""
        self.starting.begin(about, starter)
        if not starter.pieces and self.take_keyboard():
            self.screen.bar.words.selectAll()

    @Slot()
    def _teach(self) -> None:
        self._window.trainings.ask(self._panel.generator())

    @Slot()
    def _draw(self) -> None:
        model = self._panel.models.model()
        digest = model.digest if model is not None else ""
        self._window.trainings.ask_to_draw(self._panel.generator(), digest)

    @Slot()
    def ask_file(self) -> None:
        """Let the person choose a board, or files to put on this one."""
        from aigc_studio.ui.library.last_folder import last_folder
        from aigc_studio.ui.window.files.importing import ends

        self.dialog = dialog = QFileDialog(self._window, _("Open a file"), last_folder())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        words = _("Boards, pictures, texts and melodies ({ends})")
        known = words.format(ends=f"*.aigc {ends()}")
        dialog.setNameFilters([known, _("All files (*)")])
        dialog.filesSelected.connect(self._take_files)
        dialog.open()

    @Slot(list)
    def _take_files(self, names: list[str]) -> None:
        from aigc_studio.ui.library.last_folder import note_folder

        paths = [Path(name) for name in names]
        if paths:
            note_folder(paths[0])
            self._window.take_files(paths)

    # The prompt

    def takes(self, prompt: Prompt) -> bool:
        """Whether a preview belongs on the wall: it was asked for by typing on the first screen."""
        if prompt.verb != "generate" or not self.screen.bar.words.hasFocus():
            return False
        self.living.ask(prompt)
        return True

    @Slot(str)
    def _note_typed(self, words: str) -> None:
        self._wished = False  # whoever types on asks once more
        self._type(words)

    def _type(self, words: str) -> None:
        self.screen.say("")
        if not self._ready:
            return  # it is passed on once a generator is known
        self._panel.set_verb("generate")
        self._panel.middle.generate_page.prompt.setPlainText(words)

    @Slot()
    def _show_words(self) -> None:
        if not self._ready:
            return  # what is typed already stays
        page = self._panel.middle.generate_page
        self.screen.bar.show_operation(page.asking(), page.prompt.toPlainText())

    @Slot(str)
    def _choose(self, generator: str) -> None:
        self._panel.choose(generator)

    @Slot()
    def generate(self) -> None:
        """Do what the large button says, or say beside it why not."""
        if not self._ready:
            self._wished = self._studio.scanning
            return
        panel = self._panel
        panel.set_verb("generate")
        operation = panel.middle.page().asking()
        typed = panel.middle.page().prompt_text().strip()
        if operation is not None and operation.prompt == "required" and not typed:
            example = localized(operation.prompt_example)
            words = _("Type a prompt first, for example {example}.").format(example=example)
            self.screen.say(words if example else _("Type a prompt first."), failed=False)
            self.screen.bar.words.setFocus()
            return
        self._against = panel.why_not()
        self._wished = bool(self._against) and not panel.models.complete
        self.screen.say(self._against, failed=panel.generators.fault() is not None)
        panel.run()

    @Slot()
    def _meet_wish(self) -> None:
        """Make what was asked for too early, now that its model was found; or forget that."""
        if not self._wished or not self._ready:
            return
        possible = not self._panel.why_not()
        if possible or self._panel.models.complete:
            self._wished = False
            if possible and self.screen.isVisible():
                self.generate()

    def _look_again(self) -> None:
        """Say no longer why it could not be made, once that does not hold any more."""
        if self._against and self._panel.why_not() != self._against:
            if self.screen.problem == self._against:  # else something else was said since
                self.screen.say("")
            self._against = ""

    @Slot(str, dict, str)
    def _show_refused(self, _generator: str, errors: dict[str, str], _details: str) -> None:
        self.screen.say(next(iter(errors.values()), ""))

    # The tour

    @Slot()
    def refuse_tour(self) -> None:
        """It is not offered again; it stays in the Help menu."""
        self._studio.settings.set_flag(SEEN, True)
        self.screen.offer_tour(False)
