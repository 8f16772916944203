"""Hearing on the board: which tune Play is about, where it is, what is heard of what is made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRect, Qt, QTimer, Signal, Slot

from aigc_studio.api.selections import Bars
from aigc_studio.translation import _
from aigc_studio.ui import icons
from aigc_studio.ui.canvas.items.melody_card import MelodyItem
from aigc_studio.ui.listening import ear
from aigc_studio.ui.window.listening.auditions import ITEM, STAGE, Auditions
from aigc_studio.ui.window.listening.follower import Follower
from aigc_studio.ui.window.listening.play_bar import PlayBar
from aigc_studio.ui.window.listening.sound_page import MuteIcon, SoundPage

if TYPE_CHECKING:
    from aigc_studio.api.melody import Melody
    from aigc_studio.ui.studio import Studio
    from aigc_studio.ui.window.actions.actions import Actions
    from aigc_studio.ui.window.board.area import BoardArea

APART = 8
"""Pixels between this bar and the one beside it."""


class Hearing(QObject):
    """Between what is heard and the board of a window.

    Play is about the tune at hand: the candidate on stage, else the one that is selected, else the
    one that is heard. Playing goes on while something else is selected and while the tune is
    edited; it ends with the tune, and when another one is played. `changed`: what Play is about, or
    what it would do, is another thing.
    """

    changed = Signal()

    def __init__(self, studio: Studio, area: BoardArea, actions: Actions) -> None:
        super().__init__(area)
        self._studio = studio
        self._area = area
        self._view = area.view
        self._staging = area.staging
        self._ear = ear()
        self._ear.use(studio.settings)
        if studio.settings.preference("warm_worker"):
            self._ear.prepare()
        self._waiting: tuple[str, bool, bool] | tuple[()] = ()
        """What is to be played as soon as it has been read: where it is, and how."""
        self._heard_digest = ""
        self._stops = False
        self._bars: Bars | None = None
        """The bars that were selected in it when it was last looked at."""
        self.auditions = Auditions(area.staging, area.strip, self.play, area)
        self.bar = PlayBar(area.view, actions["loop"])
        self.follower = Follower(area.view)
        self._later = QTimer(self, singleShot=True, interval=0)
        self._later.timeout.connect(self.refresh)
        self._actions = actions
        self.sound_page = SoundPage(area.view, studio.settings, actions)
        area.options.add_end(self.sound_page)
        self._mute_icon = MuteIcon(studio.settings, actions)
        self._connect()
        self._wake()

    def _connect(self) -> None:
        view, ear = self._view, self._ear
        self.bar.play_wanted.connect(self.toggle)
        ear.changed.connect(self._note_heard)
        ear.moved.connect(self._move)
        ear.refused.connect(self._tell)
        ear.remarked.connect(self._tell)
        view.stage.changed.connect(self._wake)
        view.zoom_changed.connect(self._wake)
        self._area.target_changed.connect(self._wake)
        self._studio.project_changed.connect(self._note_project)
        self._studio.history.stack.indexChanged.connect(self._wake)
        self._studio.settings.changed.connect(self._note_setting)

    # What it is about

    @property
    def place(self) -> str:
        """Where the tune at hand is shown; empty when there is none."""
        if self._staging.sounds:
            return STAGE + self._staging.shown
        chosen = self._view.board_scene.chosen()
        if len(chosen) == 1 and isinstance(chosen[0], MelodyItem):
            return ITEM + chosen[0].id
        return self._ear.place if self._ear.is_playing and self.card(self._ear.place) else ""

    def card(self, place: str) -> MelodyItem | None:
        """The card that shows a tune."""
        if place.startswith(ITEM):
            item = self._view.board_scene.item(place.removeprefix(ITEM))
        elif place.startswith(STAGE) and place.removeprefix(STAGE) == self._staging.shown:
            item = self._view.stage.item
        else:
            item = None
        return item if isinstance(item, MelodyItem) else None

    @property
    def is_here(self) -> bool:
        """Whether what is heard is shown on this board."""
        return self._ear.is_playing and self.card(self._ear.place) is not None

    # Playing

    @Slot(bool)
    def tap(self, anew: bool) -> None:
        """Space: stop what is heard, or play the tune at hand, or under the pointer. `anew`: from
        its beginning, whatever is heard."""
        if self._ear.is_playing and not anew:
            self._ear.stop()
            return
        place = self._ear.place if self.is_here and anew else self.place or self._under_pointer()
        if place:
            self.play(place, anew=anew)

    def _under_pointer(self) -> str:
        at = self._view.pointed()
        item = self._view.board_scene.item_at(at) if at is not None else None
        return ITEM + item.id if isinstance(item, MelodyItem) else ""

    @Slot()
    def toggle(self) -> None:
        """Play the tune at hand, or stop it."""
        place = self.place or self._under_pointer()
        if self._ear.is_playing and self._ear.place == place:
            self._ear.stop()
        elif place:
            self.play(place)
        else:
            self._ear.stop()

    @Slot()
    def play_anew(self) -> None:
        """Play from the beginning."""
        self.tap(True)

    def play(self, place: str, *, anew: bool = False, quietly: bool = False) -> None:
        """Play a tune that is shown here, from the first of its selected bars on."""
        card = self.card(place)
        if card is None:
            return
        self._waiting = ()
        if not self._is_here(card):
            self._waiting = (place, anew, quietly)
            return
        self.auditions.show_before(False)
        melody, loop = card.melody, self._loop(card)
        start = 0 if anew else self._begin(card)
        self._heard_digest, self._bars = card.item.content.digest, card.selected()
        self.follower.begin()
        self._ear.play(melody, place, start, loop, quietly=quietly)

    def _is_here(self, card: MelodyItem) -> bool:
        """Whether a tune has been read: a long one is read beside the window, and then."""
        if card.is_here:
            return True
        once = Qt.ConnectionType.SingleShotConnection
        card.loader.arrived.connect(self._wake, once)
        return False

    def _begin(self, card: MelodyItem) -> int:
        """The tick where Play begins."""
        bars = self._new_bars(card)
        if bars is not None:
            # With the bar before them, so that it is heard how they join.
            return card.melody.ticks(Bars(max(bars.first - 1, 1), bars.last))[0]
        bars = card.selected()
        return card.melody.ticks(bars)[0] if bars is not None else 0

    def _new_bars(self, card: MelodyItem) -> Bars | None:
        """What is new of the tune on stage: it is looked at there, and before it as well."""
        stage = self._view.stage
        if not stage.hides or not self._staging.sounds or stage.item is None:
            return None
        if card is not stage.item and card.id != stage.hides:
            return None
        bars = self._staging.new_part
        there = isinstance(bars, Bars) and bars.last <= card.score.count
        return bars if there and isinstance(bars, Bars) else None

    def _loop(self, card: MelodyItem) -> tuple[int, int] | None:
        """What goes round: the selected bars, or all of it."""
        if not self._studio.settings.preference("loop"):
            return None
        bars = self._new_bars(card)
        if bars is not None:
            last = min(bars.last + 1, card.score.count)
            return card.melody.ticks(Bars(max(bars.first - 1, 1), last))
        bars = card.selected()
        return card.melody.ticks(bars) if bars is not None else (0, card.melody.length)

    # What happens meanwhile

    @Slot(object)
    def _note_project(self, _project: object) -> None:
        self.follower.leave()
        if self._ear.place:
            self._ear.stop()
        self._wake()

    @Slot(str)
    def _note_setting(self, name: str) -> None:
        if name == "loop":
            self._wake()

    @Slot(str)
    def _tell(self, sentence: str) -> None:
        self._studio.say(sentence, "warning", subject="sound")

    @Slot()
    def _note_heard(self) -> None:
        ear = self._ear
        if ear.is_playing:
            self._studio.taken_back.emit("sound")
        self._move(ear.tick)
        # What plays comes first, and what says so in the next turn.
        self._wake()

    @Slot(float)
    def _move(self, tick: float) -> None:
        """The line goes on."""
        card = self.card(self._ear.place) if self._ear.is_playing else None
        if card is None:
            self.follower.leave()
            return
        self.follower.show(card, tick)
        if self._ear.place == self.place:
            self.bar.show_time(*self._ear.seconds())

    @Slot()
    def _wake(self) -> None:
        self._later.start()

    @Slot()
    def refresh(self) -> None:
        """Have all that is shown true, and what is heard as the board has it now."""
        if self._ear.is_playing and self._ear.place:
            self._keep_true()
        if self._waiting:
            place, anew, quietly = self._waiting
            self.play(place, anew=anew, quietly=quietly)
        place = self.place
        card = self.card(place)
        if card is not None and not self._is_here(card):
            card = None
        if card is None or self._view.toolbox.keeps_pointer:
            self.bar.stay_around(None)
        else:
            self._show_bar(place, card)
        self._share_row()
        ear = self._ear
        heard = ear.place.removeprefix(STAGE) if ear.is_playing else ""
        self._area.strip.show_heard(heard)
        self._staging.deciding.bar.show_heard(self.auditions.which())
        own = self.sound_page.card
        own = own if own is not None and self._is_here(own) else None
        self.sound_page.refresh(own, there=bool(place))
        self._name_play()
        self.changed.emit()

    def _name_play(self) -> None:
        """The command says what it does now."""
        place = self.place
        stops = self._ear.is_playing and (not place or place == self._ear.place)
        if stops is not self._stops:
            self._stops = stops
            self._actions.retitle("play", _("&Stop") if stops else _("&Play"))
            self._actions["play"].setIcon(icons.icon("stop" if stops else "play"))

    def _show_bar(self, place: str, card: MelodyItem) -> None:
        playing = self._ear.is_playing and self._ear.place == place
        self.bar.show_state(playing, *self._times(card, playing=playing))
        self.bar.stay_around(self._around)

    def _share_row(self) -> None:
        """The bar of the verbs has so much less room."""
        yields = self.bar.sizeHint().width() + APART if self.bar.isVisible() else 0
        if yields != self._area.verbs.yields:
            self._area.verbs.yields = yields
            self._area.bars_changed.emit()

    def _times(self, card: MelodyItem, *, playing: bool) -> tuple[float, float]:
        from aigc_studio.ui.listening.clock import Clock

        if playing:
            return self._ear.seconds()
        clock = Clock(card.melody)
        return clock.seconds(self._begin(card)), clock.seconds(card.melody.length)

    def _around(self) -> QRect:
        """The pixels that the tune takes, handles and name included where it is selected."""
        card = self.card(self.place)
        if card is None:
            return QRect()
        place = self._view.to_view_rect(card.sceneBoundingRect()).toAlignedRect()
        hidden = self._view.board_scene.item(self._view.stage.hides)
        if card.chosen or (hidden is not None and hidden.chosen):
            return place.united(self._view.overlay.taken())
        return place

    def _keep_true(self) -> None:
        """What is heard is what is there: edited, kept, or gone."""
        ear = self._ear
        card = self.card(ear.place) or self._kept()
        if card is None:
            ear.stop()
            return
        if not self._is_here(card):
            return
        digest = card.item.content.digest
        if digest != self._heard_digest:
            self._heard_digest = digest
            ear.renew(card.melody)
        loop, bars, former = self._loop(card), card.selected(), self._bars
        ear.set_loop(loop)
        self._bars = bars
        if bars is None or (former is not None and former.first == bars.first):
            return
        # A bar was clicked: it goes on there, where it is not in what goes round by now.
        start = card.melody.ticks(bars)[0]
        if loop is None or not loop[0] <= ear.tick < loop[1]:
            ear.seek(start)

    def _kept(self) -> MelodyItem | None:
        """The item that the candidate has become which is heard: it goes on there."""
        for item in self._view.board_scene.chosen():
            if isinstance(item, MelodyItem) and item.item.content.digest == self._heard_digest:
                self._ear.move_to(ITEM + item.id, item.melody)
                return item
        return None

    def melody(self) -> Melody | None:
        """The tune at hand."""
        card = self.card(self.place)
        return card.melody if card is not None else None
