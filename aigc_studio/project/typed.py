"""What a person is typing in a text: kept beside the journal until it is a command.

A text is one step of the history when its editor is left. What is typed until then lies in the
session's folder, so that no crash takes more than the last seconds of it.
"""

from __future__ import annotations

import json
import logging
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from aigc_studio import files
from aigc_studio.api import limits
from aigc_studio.api.artifacts import Text
from aigc_studio.api.errors import StudioError
from aigc_studio.project.commands import add_items, change_items
from aigc_studio.project.items import Item
from aigc_studio.project.sessions import TYPED

if TYPE_CHECKING:
    from aigc_studio.project.project import Project

_log = logging.getLogger(__name__)
_MOST = 6 * limits.TEXT_BYTES
"""Bytes of the file: a byte of the text may stand in it as six of them."""


@dataclass(frozen=True)
class Typed:
    """The text of a card as it stands in the editor, and the card as it is seen meanwhile."""

    item: Item
    text: str


def note(folder: Path, typed: Typed) -> None:
    """Keep it in the folder of a session, in the place of what was noted before.

    Not waited for until a disk has it: this is for the end of a program, not of the power.
    Raises `OSError`.
    """
    value = {"item": typed.item.to_json(), "text": typed.text}
    files.write_bytes(folder / TYPED, json.dumps(value).encode("ascii"), durable=False)


def forget(folder: Path) -> None:
    """It has become a command, or was taken back."""
    with suppress(OSError):
        (folder / TYPED).unlink(missing_ok=True)


def read(folder: Path) -> Typed | None:
    """What was being typed in a session; None when nothing was, or it cannot be read."""
    try:
        with files.open_plain(folder / TYPED, links=False) as file:
            data = file.read(_MOST + 1)
        if len(data) > _MOST:
            raise ValueError("it is too long")
        value = json.loads(data)
        text = value["text"]
        if type(text) is not str:
            raise ValueError("it has no text")
        return Typed(Item.from_json(value["item"]), text)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        _log.exception("what was being typed in %s cannot be read", folder)
        return None


def bring_back(project: Project) -> bool:
    """Make one step of what was being typed when the session was cut off; False: nothing was."""
    typed = read(project.folder)
    if typed is None:
        return False
    try:
        is_new = _put(project, typed)
    except (StudioError, ValueError):
        _log.exception("what was being typed in %s cannot be brought back", project.folder)
        return False
    forget(project.folder)
    return is_new


def _put(project: Project, typed: Typed) -> bool:
    content = project.store.put(Text(typed.text))
    board, id = project.board, typed.item.id
    former = board.item(id) if id in board else None
    if former is not None and former.content == content:
        return False  # it had become a step already
    if former is None or former.medium != "text":
        id = board.new_ids(1)[0] if id in board else id
        whole = replace(typed.item, id=id, content=content, latent="", mask=None)
        project.do(add_items(board, [whole]))
        return True
    after = former.changed_by_hand(content, height=typed.item.height)
    project.do(change_items(board, {id: after}, "write"))
    return True
