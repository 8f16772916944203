"""What a hand does to artifacts, as one command: for tests that are about what follows from it."""

from __future__ import annotations

from collections.abc import Mapping

from aigc_studio.project.board import Board
from aigc_studio.project.commands import Command, change_items
from aigc_studio.project.content import Content
from aigc_studio.project.items import mask_fits


def change_content(
    board: Board,
    contents: Mapping[str, Content],
    kind: str = "paint",
    *,
    masks: Mapping[str, Content | None] | None = None,
) -> Command:
    """Strokes, typing, notes moved. A mask of another size goes."""
    after = {}
    for id, content in contents.items():
        item = board.item(id)
        mask = (masks or {}).get(id, item.mask)
        if mask is not None and not mask_fits(mask, content):
            mask = None
        after[id] = item.changed_by_hand(content, mask=mask)
    return change_items(board, after, kind)
