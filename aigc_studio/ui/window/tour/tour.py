"""The tour through the window: each step is done by doing it, and can be skipped."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal, Slot

from aigc_studio.translation import _

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from aigc_studio.ui.window.tour.ring import Ring, StepCard
    from aigc_studio.ui.window.tour.steps import Step
    from aigc_studio.ui.window.window import StudioWindow

SEEN = "tour_seen"
"""The flag that says that the tour was taken, or offered and not wanted."""

_FOLLOW_MS = 100
"""So often the ring looks where its control is: it may be scrolled, shown or moved by anything."""


class Tour(QObject):
    """Leads through a window. It ends with its last step, with another board, or with the window.

    `changed`: it began, ended, or is at another step.
    """

    changed = Signal()

    def __init__(self, window: StudioWindow) -> None:
        super().__init__(window)
        self._window = window
        self._steps: list[Step] = []
        self._at = -1
        self._ring: Ring | None = None
        self._card: StepCard | None = None
        self._timer = QTimer(self, interval=_FOLLOW_MS)
        self._timer.timeout.connect(self._follow)
        window.installEventFilter(self)
        self.changed.connect(self._note_asking)

    @property
    def step(self) -> str:
        """What is to be done now; `end` after the last step, and empty while there is no tour."""
        if self._at < 0:
            return ""
        return self._steps[self._at].name if self._at < len(self._steps) else "end"

    @property
    def ring(self) -> Ring | None:
        """The ring, once there was one."""
        return self._ring

    @property
    def card(self) -> StepCard | None:
        """The card, once there was one."""
        return self._card

    @Slot()
    def begin(self) -> None:
        """Begin, or begin again."""
        from aigc_studio.ui.window.tour.steps import steps

        self._window.studio.settings.set_flag(SEEN, True)
        if self._card is None:
            self._make()
        self._window.panel.set_verb("generate")  # whatever is selected: the first step makes new
        self._steps = steps(self._window)
        self._timer.start()
        self._show(0)

    @Slot()
    def skip(self) -> None:
        """To the next step, without doing this one."""
        if self.step == "end":
            self.end()
        elif self._at >= 0:
            self._show(self._at + 1)

    @Slot()
    def back(self) -> None:
        """To the step before."""
        if self._at > 0:
            self._show(self._at - 1)

    @Slot()
    def end(self) -> None:
        """Leave it."""
        if self._at < 0:
            return
        self._at = -1
        self._timer.stop()
        if self._ring is not None and self._card is not None:
            # Asked before it hides: Qt gives the keyboard to whatever comes next then.
            held = self._has_keyboard()
            self._ring.hide()
            self._card.hide()
            if held:
                self._window.board_area.view.setFocus()
        self.changed.emit()

    def take_keyboard(self) -> bool:
        """Have the card answered by keys; from there the keyboard goes back to the board. False
        while there is no tour."""
        if self._at < 0 or self._card is None:
            return False
        to: QWidget = self._card.skip_button
        if self._has_keyboard():
            to = self._window.board_area.view
        to.setFocus(Qt.FocusReason.ShortcutFocusReason)
        return True

    @Slot()
    def _note_asking(self) -> None:
        asks = bool(self.step) or bool(self._window.board_area.bar.text)
        self._window.actions_by_name["message"].setEnabled(asks)

    def _has_keyboard(self) -> bool:
        focus = self._window.focusWidget()
        return focus is not None and self._card is not None and self._card.isAncestorOf(focus)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The window goes, or has another size."""
        if self._at >= 0 and event.type() in (QEvent.Type.Hide, QEvent.Type.Close):
            self.end()
        elif self._at >= 0 and event.type() == QEvent.Type.Resize:
            self._follow()
        return False

    def _make(self) -> None:
        from aigc_studio.ui.window.tour.ring import Ring, StepCard

        window = self._window
        self._ring, self._card = Ring(window), StepCard(window)
        self._card.left.connect(self.end)
        self._card.skipped.connect(self.skip)
        self._card.back.connect(self.back)
        session = window.session
        session.candidates_added.connect(self._note_made)
        session.items_accepted.connect(self._note_kept)
        session.begun.connect(self._note_begun)
        window.board_area.target_changed.connect(self._note_target)
        window.trainings.asked.connect(self._note_taught)
        window.studio.project_changed.connect(self.end)

    def _show(self, number: int) -> None:
        self._at = number
        assert self._card is not None
        total = len(self._steps)
        if number < total:
            step = self._steps[number]
            self._card.show_step(step.title, step.words, number + 1, total)
        else:
            words = _(
                "That is all it takes. Everything can be undone, and nothing leaves this computer."
            )
            self._card.show_step(_("Now you know it"), words, number + 1, total)
        self._follow()
        if self.step == "make":
            self._let_type()
        self.changed.emit()

    def _let_type(self) -> None:
        """Whoever is told to type can: the button that was pressed for the tour has gone."""
        beginning = self._window.beginning
        if beginning is not None and beginning.take_keyboard():
            beginning.screen.bar.words.selectAll()  # what is left from the last time gives way
            return
        prompt = self._window.panel.middle.page().prompt
        if prompt.isVisible():
            prompt.setFocus()

    @Slot()
    def _follow(self) -> None:
        """Lie where the control is by now."""
        if self._ring is None or self._card is None or self._at < 0:
            return
        from aigc_studio.ui.window.tour.steps import place_of, to_be_seen

        place = self._steps[self._at].place() if self._at < len(self._steps) else None
        if place is None:
            self._ring.hide()
        else:
            self._ring.show_around(place)
        room = place_of(self._window.board_area.view, self._window)
        free = to_be_seen(self._window)
        self._card.stay_by(place, room or self._window.rect(), free)

    # What is done

    def _did(self, name: str) -> None:
        if self.step == name:
            self._show(self._at + 1)

    @Slot(list)
    def _note_made(self, _records: list[Any]) -> None:
        self._did("make")

    @Slot(list)
    def _note_kept(self, _ids: list[str]) -> None:
        self._did("keep")

    @Slot()
    def _note_begun(self) -> None:
        job = self._window.session.last
        if job is not None and job.verb == "edit":
            self._did("change")

    @Slot()
    def _note_target(self) -> None:
        if self._window.board_area.view.board_scene.target().part not in ("", "caret"):
            self._did("mark")

    @Slot(str)
    def _note_taught(self, _generator: str) -> None:
        self._did("teach")
