"""A text that is being written and is not on the board yet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from aigc_studio.api.errors import StudioError
from aigc_studio.ui.canvas.items.text_card import TextItem
from aigc_studio.ui.canvas.items.text_layout import fitting_height, is_long, with_height

if TYPE_CHECKING:
    from aigc_studio.api.selections import Span
    from aigc_studio.project.content import Content
    from aigc_studio.project.items import Item
    from aigc_studio.ui.canvas.scene.board_scene import BoardScene

_ABOVE_ALL = 1e9

Losing = Callable[[str, str], None]
"""Is given the text that could not be kept, and why."""
Ending = Callable[[str], None]
"""Is given the id of a card whose text is on the board now, or that was left empty."""


class Draft:
    """Shows `card` over the board until it is either put there, by one command, or left empty."""

    def __init__(self, scene: BoardScene, item: Item, lose: Losing, ended: Ending) -> None:
        self._scene = scene
        self._lose, self._ended = lose, ended
        self.card = TextItem(item, scene.loader)
        self.card.setZValue(_ABOVE_ALL)
        self.card.note_scale()
        scene.addItem(self.card)

    def end(self, text: str, span: Span | None) -> None:
        """Put the text on the board as it is now, unless nothing stands in it."""
        if not text.strip():
            self._go()
            self._ended(self.card.id)
        elif is_long(text):
            self._scene.errands.run(
                lambda: self._keep(text),
                lambda content: self._put(content, text, span),
                lambda error: self._fail(error, text),
            )
        else:
            try:
                content = self._keep(text)
            except StudioError as error:
                self._fail(error, text)
                return
            self._put(content, text, span)

    def _keep(self, text: str) -> Content:
        from aigc_studio.api.artifacts import Text

        return self._scene.project.store.put(Text(text))

    def _put(self, content: Content, text: str, span: Span | None) -> None:
        from aigc_studio.project.commands import add_items

        self._go()
        scene, item = self._scene, self.card.item
        height = fitting_height(text, item.width)
        item = with_height(replace(item, content=content), height)
        scene.choose_when_there([item.id])
        scene.make(add_items(scene.board, [item]))
        if item.id in scene.board:
            self._ended(item.id)
            scene.set_part(item.id, span)
        else:
            self._lose(text, "")

    def _fail(self, error: Exception, text: str) -> None:
        self._go()
        if not isinstance(error, StudioError):
            raise error
        self._lose(text, str(error))

    def _go(self) -> None:
        if self.card.scene() is not None:
            self._scene.removeItem(self.card)
