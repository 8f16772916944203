"""Cards as high as their texts: what a command that brings other texts needs besides."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from aigc_studio.api.errors import StudioError

if TYPE_CHECKING:
    from aigc_studio.project.commands import Command
    from aigc_studio.project.content import ContentStore
    from aigc_studio.project.items import Item


def fitted(command: Command, store: ContentStore) -> Command:
    """The command with each card that gets another text as high as that text needs.

    It is one step with the text, so that undo brings the former height back.
    """
    after = dict(command.after)
    for id, item in after.items():
        former = command.before.get(id)
        if former and item and former.medium == item.medium == "text" and _rewrites(former, item):
            after[id] = _fit(former, item, store)
    return replace(command, after=after)


def _rewrites(former: Item, item: Item) -> bool:
    """Whether the text is another one, and nothing has decided about the card's size yet."""
    same_size = (former.width, former.height) == (item.width, item.height)
    return former.content != item.content and same_size


def _fit(former: Item, item: Item, store: ContentStore) -> Item:
    from aigc_studio.ui.canvas.items.text_layout import height_after, with_height

    try:
        texts = [str(store.get(each.content)) for each in (former, item)]
    except StudioError:
        return item  # the card says what is wrong with it
    return with_height(item, height_after(former.height, item.width, *texts))
