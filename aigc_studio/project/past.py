"""What an item was before: found in the history, whose contents the store still has."""

from __future__ import annotations

from collections.abc import Sequence

from aigc_studio.project.commands import Command
from aigc_studio.project.items import Item


def former(done: Sequence[Command], id: str) -> Item | None:
    """An item as it was before a generator last worked on it; else as the oldest step that is known
    found it. None where its content was never another one.

    `done` are the commands that led to the board, oldest first. Takes as many steps as they are.
    """
    oldest: Item | None = None
    for command in reversed(done):
        before, after = command.before.get(id), command.after.get(id)
        if before is None or after is None or before.content == after.content:
            continue
        oldest = before
        if command.kind == "regenerate":
            break
    return oldest
