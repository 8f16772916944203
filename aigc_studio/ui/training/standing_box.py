"""How a training stands, in words and as a ring; and what can be done with it now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QBoxLayout,
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from aigc_studio.translation import _
from aigc_studio.ui import icons, theme
from aigc_studio.ui.labels import ElidedLabel, Label
from aigc_studio.ui.training.outlook import outlook
from aigc_studio.ui.training.ring import Ring

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from aigc_studio.ui.training.outlook import Standing

ACTIVE = ("queued", "starting", "running", "paused")
_SIGNS = {
    "done": ("check", "good"),
    "stopped": ("check", "good"),
    "failed": ("error", "danger"),
    "cancelled": ("close", "muted"),
}


class StandingBox(QWidget):
    """Ring, sentence, readout and buttons; below each other, or (`set_wide`) side by side."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.ring = Ring()
        self.sentence = Label(wordWrap=True)
        theme.set_kind(self.sentence, "heading")
        self.readout = Label(wordWrap=True)
        self.readout.setFont(theme.readout_font())
        theme.set_kind(self.readout, "secondary")
        self.phase = ElidedLabel()
        theme.set_kind(self.phase, "secondary")
        self.card: QWidget | None = None
        self._wide = False
        self._room, self._active = 0, False
        self._make_buttons()
        self._lay_out()

    def _make_buttons(self) -> None:
        self.pause_button = _button("pause", _("Pause"))
        self.stop_button = _button("stop", _("Stop here and keep it"))
        self.try_button = _button("generate", _("Try it on the board"))
        self.cancel_button = _button("cancel", _("Cancel"), "danger")
        self.cancel_button.setToolTip(_("Stop and keep nothing"))

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addStretch(1)
        for label in (self.sentence, self.readout, self.phase):
            words.addWidget(label)
        words.addStretch(1)
        self._told = QWidget()
        told = QHBoxLayout(self._told)
        told.setContentsMargins(0, 0, 0, 0)
        told.setSpacing(theme.PADDING)
        told.addWidget(self.ring, 0, Qt.AlignmentFlag.AlignVCenter)
        told.addLayout(words, 1)
        self.buttons = QWidget()
        grid = QGridLayout(self.buttons)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(theme.GAP)
        grid.addWidget(self.pause_button, 0, 0)
        grid.addWidget(self.stop_button, 0, 1)
        grid.addWidget(self.cancel_button, 1, 0)
        grid.addWidget(self.try_button, 1, 1)
        self._whole = QBoxLayout(QBoxLayout.Direction.TopToBottom, self)
        self._whole.setContentsMargins(0, 0, 0, 0)
        self._whole.setSpacing(theme.PADDING)
        self._whole.addWidget(self._told, 1)
        self._whole.addWidget(self.buttons)
        self._whole.addStretch(0)
        self.set_wide(False)

    def set_wide(self, wide: bool) -> None:
        """Lay it in one row, or below each other."""
        across, down = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._whole.setDirection(across if wide else down)
        self._whole.setStretch(0, int(wide))
        self._whole.setStretch(self._whole.count() - 1, int(not wide))
        theme.set_kind(self.sentence, "title" if wide else "heading")
        self._wide = wide
        self._make_room()

    def show_card(self, card: QWidget | None) -> None:
        """Put a card among the words, or take it away; it is deleted then."""
        if self.card is not None and self.card is not card:
            self._whole.removeWidget(self.card)
            self.card.hide()
            self.card.deleteLater()
        if card is not None and card is not self.card:
            self._whole.insertWidget(1, card)
            card.show()
        self.card = card
        self._make_room()

    def _make_room(self) -> None:
        """In a low place there is room for the card or for what it says as well."""
        self._told.setVisible(self._wide or self.card is None)
        self.buttons.setVisible(self.card is None)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Words are broken anew at another width."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._room = 0
        self._keep_room()

    def _keep_room(self) -> None:
        """While it learns, what is said changes by a line every second; the buttons below must not
        move under the hand that goes to press one."""
        layout, width = self._told.layout(), self._told.width()
        if not self._active or layout is None:
            self._room = 0
        else:
            usual = zip((self.sentence, self.readout, self.phase), (2, 3, 1), strict=True)
            lines = sum(label.fontMetrics().lineSpacing() * most for label, most in usual)
            self._room = max(self._room, lines + 6, layout.totalHeightForWidth(width))
        self._told.setMinimumHeight(self._room)

    def show_standing(self, standing: Standing) -> None:
        """Say how it stands."""
        words = outlook(standing)
        self.sentence.setText(words)
        self.sentence.setVisible(bool(words))
        sign = _SIGNS.get(standing.state)
        if sign is not None:
            self.ring.show_sign(*sign)
        else:
            self.ring.show_share(standing.share)
        self.ring.setVisible(bool(standing.state))
        self._keep_room()

    def show_readout(self, words: str) -> None:
        """Time left, steps and pace."""
        self.readout.setText(words)
        self.readout.setVisible(bool(words))
        self._keep_room()

    def show_phase(self, words: str) -> None:
        """What the plugin says that it is doing."""
        self.phase.setText(words)
        self.phase.setVisible(bool(words))
        self._keep_room()

    def show_state(self, state: str) -> None:
        """Offer what can be done in this state."""
        active, paused = state in ACTIVE, state == "paused"
        self.pause_button.setText(_("Resume") if paused else _("Pause"))
        self.pause_button.setIcon(icons.icon("play" if paused else "pause"))
        self.pause_button.setEnabled(state in ("running", "paused"))
        self.stop_button.setEnabled(state in ("running", "paused"))
        self.cancel_button.setEnabled(active)
        self.try_button.setEnabled(state not in ("", "queued", "starting", "cancelled"))
        ended_well = state in ("done", "stopped")
        self.try_button.setText(_("Use the model") if ended_well else _("Try it on the board"))
        self.try_button.setToolTip(_try_tip(ended_well))
        for button in (self.pause_button, self.stop_button, self.cancel_button):
            button.setVisible(active)
        self._active = active
        self._keep_room()


def _try_tip(ended_well: bool) -> str:
    if ended_well:
        return _("Choose the model that it made in the prompt panel")
    return _("Make a model of what it knows so far, and generate with it at once")


def _button(icon: str, title: str, kind: str = "") -> QPushButton:
    button = QPushButton(title)
    button.setAutoDefault(False)
    button.setIcon(icons.icon(icon, "danger" if kind == "danger" else "text"))
    button.setIconSize(QSize(16, 16))
    theme.set_kind(button, kind)
    return button
