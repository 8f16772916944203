"""What the edit page says when the generator in use has no verb for what is selected."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from aigc_studio.api import Description
from aigc_studio.translation import _, localized
from aigc_studio.ui import icons, theme
from aigc_studio.ui.labels import Label, shortened, tip


class Elsewhere(QWidget):
    """One sentence, and the generators that can do it instead, or the way to more of them.

    `generator_chosen` carries the id of one, `plugins_requested` asks for the Plugins window.
    """

    generator_chosen = Signal(str)
    plugins_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme.GAP)
        self.sentence = Label(wordWrap=True)
        self._column.addWidget(self.sentence)
        self.buttons: list[QPushButton] = []
        self._shown: object = None
        self.hide()

    def show_for(self, sentence: str, others: Sequence[Description]) -> None:
        """Say this, and offer these generators; with an empty sentence there is nothing to say."""
        now = sentence, [other.id for other in others]
        if now != self._shown:
            self._shown = now
            self.sentence.setText(sentence)
            self._fill(others)
        self.setVisible(bool(sentence))

    def _fill(self, others: Sequence[Description]) -> None:
        for button in self.buttons:
            self._column.removeWidget(button)
            button.hide()
            button.deleteLater()
        self.buttons = [self._other(each) for each in others] or [self._plugins()]
        for button in self.buttons:
            self._column.addWidget(button)

    def _other(self, description: Description) -> QPushButton:
        title = shortened(localized(description.title), 32)
        button = QPushButton(_("Use {generator}").format(generator=title).replace("&", "&&"))
        medium = str(description.medium)
        button.setIcon(icons.icon(medium, theme.badge(medium)))
        button.setToolTip(tip(localized(description.summary)))
        button.clicked.connect(lambda: self.generator_chosen.emit(description.id))
        return button

    def _plugins(self) -> QPushButton:
        button = QPushButton(_("Open Plugins…"))
        button.setIcon(icons.icon("plugins"))
        button.clicked.connect(self.plugins_requested)
        return button


def elsewhere(
    chosen: Description | None, offered: Sequence[Description], medium: str
) -> tuple[str, list[Description]]:
    """Why the generator in use does nothing for what is selected (of one medium), and which of
    those on offer do; an empty sentence when it does.
    """
    if chosen is None or not medium:
        return "", []
    fits = str(chosen.medium) == medium
    if fits and chosen.of_verb("edit"):
        return "", []
    others = [
        each
        for each in offered
        if each.id != chosen.id and str(each.medium) == medium and each.of_verb("edit")
    ]
    title = localized(chosen.title)
    if not others:
        sentence = _none_yet(medium)
    elif fits:
        sentence = _("{generator} makes only new things.").format(generator=title)
    else:
        sentence = _not_by(medium).format(generator=title)
    return sentence, others


def _not_by(medium: str) -> str:
    return {
        "image": _("{generator} does not edit pictures. Another generator does."),
        "text": _("{generator} does not edit texts. Another generator does."),
        "melody": _("{generator} does not edit melodies. Another generator does."),
    }[medium]


def _none_yet(medium: str) -> str:
    return {
        "image": _("No generator for pictures yet: none that is here can edit them."),
        "text": _("No generator for texts yet: none that is here can edit them."),
        "melody": _("No generator for melodies yet: none that is here can edit them."),
    }[medium]
