"""The key of a tune, chosen by its name, or by what the notes speak for."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QMenu

from aigc_studio.translation import _
from aigc_studio.ui.key_titles import key_title, mode_titles
from aigc_studio.ui.window.board.buttons import MenuButton

if TYPE_CHECKING:
    from collections.abc import Callable

    from aigc_studio.api.melody import KeySignature, Melody

_FIFTHS = (0, 1, 2, 3, 4, 5, 6, 7, -1, -2, -3, -4, -5, -6, -7)
"""No sign first, then sharps, then flats."""


class KeyChoice(MenuButton):
    """`chosen` carries a key, or None for no key. `tune` gives the melody that is estimated."""

    chosen = Signal(object)

    def __init__(self, tune: Callable[[], Melody | None]) -> None:
        super().__init__()
        self._tune = tune
        self._key: KeySignature | None = None
        self.choices.aboutToShow.connect(self._fill)

    def show_key(self, key: KeySignature | None, tip: str) -> None:
        """Show the key that holds."""
        self._key = key
        words = key_title(key) if key is not None else _("No key")
        self.say(words, _("Key: {name}").format(name=words), tip)

    @Slot()
    def _fill(self) -> None:
        from aigc_studio.project.key_finding import likely_key

        menu, tune = self.choices, self._tune()
        menu.clear()
        guess = likely_key(tune) if tune is not None else None
        words = _("Estimate") if guess is None else _("Estimate: {key}")
        estimate = menu.addAction(words.format(key=key_title(guess)) if guess else words)
        estimate.setEnabled(guess is not None)
        estimate.triggered.connect(partial(self._choose, guess))
        none = menu.addAction(_("No key"))
        none.setCheckable(True)
        none.setChecked(self._key is None)
        none.triggered.connect(partial(self._choose, None))
        menu.addSeparator()
        for mode, title in mode_titles().items():
            self._add_mode(menu, mode, title)

    def _add_mode(self, menu: QMenu, mode: str, title: str) -> None:
        from aigc_studio.api.melody import KeySignature

        under = menu.addMenu(title[:1].upper() + title[1:])
        for fifths in _FIFTHS:
            key = KeySignature(0, fifths, mode)
            action = under.addAction(key_title(key))
            action.setCheckable(True)
            here = self._key is not None and (self._key.fifths, self._key.mode) == (fifths, mode)
            action.setChecked(here)
            action.triggered.connect(partial(self._choose, key))

    def _choose(self, key: KeySignature | None, _checked: bool = False) -> None:
        self.chosen.emit(key)
