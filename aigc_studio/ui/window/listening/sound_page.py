"""How a tune sounds and is shown, at the end of the bar over the board: instrument, metronome,
volume, and whether it is a roll or a staff."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSize, Qt, Slot
from PySide6.QtWidgets import (
    QHBoxLayout,
    QMenu,
    QSlider,
    QToolButton,
    QWidget,
    QWidgetAction,
)

from aigc_studio.sound.instruments import INSTRUMENTS, instrument_of
from aigc_studio.translation import _
from aigc_studio.ui import icons, theme
from aigc_studio.ui.canvas.items.melody_card import MelodyItem
from aigc_studio.ui.canvas.painting import melody_edits
from aigc_studio.ui.canvas.painting.edits import Edit
from aigc_studio.ui.labels import Label
from aigc_studio.ui.window.board.buttons import MenuButton, command_button

if TYPE_CHECKING:
    from aigc_studio.ui.canvas.view import BoardView
    from aigc_studio.ui.settings import Settings
    from aigc_studio.ui.window.actions.actions import Actions


class SoundPage(QWidget):
    """Seen while there is a tune at hand. The instrument is the tune's, and a step in its history;
    volume and metronome are the person's."""

    def __init__(self, view: BoardView, settings: Settings, actions: Actions) -> None:
        super().__init__()
        self._view = view
        self._settings = settings
        self.setAccessibleName(_("Sound"))
        self.instrument = MenuButton()
        self.instrument.choices.aboutToShow.connect(self._fill)
        self.metronome = command_button(actions["metronome"])
        self.volume = Volume(settings, actions)
        self.staff = command_button(actions["staff"])
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        for part in (self.instrument, self.metronome, self.volume, self.staff):
            row.addWidget(part)
        self._program = -1
        self._at_hand: MelodyItem | None = None

    def refresh(self, card: MelodyItem | None, *, there: bool) -> None:
        """Be there where there is a tune at hand, and say what the selected one is played on."""
        self.setVisible(there or card is not None)
        self.instrument.setVisible(card is not None)
        self._at_hand = card
        if card is not None:
            card.when_here(partial(self._say, card))

    def _say(self, card: MelodyItem) -> None:
        """A tune is here, which may have been read beside the window."""
        if card is not self._at_hand or card.shown.program == self._program:
            return
        self._program = card.shown.program
        title = instrument_of(self._program).title
        self.instrument.say(title, _("Instrument: {name}").format(name=title))

    @property
    def card(self) -> MelodyItem | None:
        """The tune that is selected alone."""
        chosen = self._view.board_scene.chosen()
        only = chosen[0] if len(chosen) == 1 else None
        return only if isinstance(only, MelodyItem) else None

    @Slot()
    def _fill(self) -> None:
        menu, card = self.instrument.choices, self.card
        if card is None:
            return
        menu.clear()
        for instrument in INSTRUMENTS:
            action = menu.addAction(instrument.title)
            action.setCheckable(True)
            action.setChecked(instrument_of(card.shown.program) is instrument)
            action.triggered.connect(partial(self.choose, instrument.program))

    def choose(self, program: int, _checked: bool = True) -> None:
        """Play the selected tune on another instrument: one step in its history."""
        card = self.card
        if card is not None and card.shown.program != program:
            make = melody_edits.change_program(program)
            self._view.board_scene.edits.add(Edit(card.id, "compose", make))
            self._view.sound_note(_middle(card), program)


def _middle(card: MelodyItem) -> int:
    """A pitch of the tune, to hear the instrument by."""
    pitches = card.score.pitches
    return int(pitches[0]) if len(pitches) else 67


class Volume(QToolButton):
    """A loudspeaker: its slider opens under it, with the switch that mutes."""

    def __init__(self, settings: Settings, actions: Actions) -> None:
        super().__init__()
        self._settings = settings
        self.setIconSize(QSize(theme.TOOL_ICON, theme.TOOL_ICON))
        self.setFixedSize(theme.CONTROL_HEIGHT, theme.CONTROL_HEIGHT)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, 100)
        self.slider.setPageStep(10)
        self.slider.setFixedWidth(140)
        self.slider.setAccessibleName(_("Volume"))
        self.number = Label()
        self.number.setFont(theme.readout_font())
        self.number.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.number.setFixedWidth(theme.digits_width(self.number.font(), "100 %"))
        part = QWidget()
        row = QHBoxLayout(part)
        row.setContentsMargins(theme.PADDING, theme.GRID, theme.PADDING, theme.GRID)
        row.setSpacing(theme.GAP)
        row.addWidget(self.slider)
        row.addWidget(self.number)
        menu = QMenu(self)
        holder = QWidgetAction(menu)
        holder.setDefaultWidget(part)
        menu.addAction(holder)
        menu.addSeparator()
        menu.addAction(actions["mute"])
        menu.aboutToShow.connect(self.slider.setFocus)
        self.setMenu(menu)
        self.slider.valueChanged.connect(self._choose)
        settings.changed.connect(self._follow)
        self._show()

    @Slot(int)
    def _choose(self, value: int) -> None:
        self._settings.set_preference("volume", value)
        # Who makes it louder wants to hear it.
        self._settings.set_preference("muted", False)

    @Slot(str)
    def _follow(self, name: str) -> None:
        if name in ("volume", "muted"):
            self._show()

    def _show(self) -> None:
        volume = min(max(self._settings.preference("volume"), 0), 100)
        muted = self._settings.preference("muted") or not volume
        self.slider.blockSignals(True)
        self.slider.setValue(volume)
        self.slider.blockSignals(False)
        words = _("{n} %").format(n=volume)
        self.number.setText(words)
        self.setIcon(icons.icon("volume-off" if muted else "volume"))
        said = _("Volume: muted") if muted else _("Volume: {percent}").format(percent=words)
        self.setToolTip(said)
        self.setAccessibleName(said)


class MuteIcon(QObject):
    """The icon of the command that mutes says how it is."""

    def __init__(self, settings: Settings, actions: Actions) -> None:
        super().__init__(actions)
        self._settings = settings
        self._action = actions["mute"]
        settings.changed.connect(self._follow)
        self._follow("muted")

    @Slot(str)
    def _follow(self, name: str) -> None:
        if name == "muted":
            muted = self._settings.preference("muted")
            self._action.setIcon(icons.icon("volume-off" if muted else "volume"))
