"""Text in ABC that comes from other programs: it becomes tunes, with a way back."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from aigc_studio.translation import _, in_a_row, ngettext
from aigc_studio.ui.canvas.exchange import transfer

if TYPE_CHECKING:
    from PySide6.QtCore import QPointF

    from aigc_studio.library.melodies.abc.reading import Tune
    from aigc_studio.project.content import Content
    from aigc_studio.project.items import Item
    from aigc_studio.ui.canvas.scene.board_scene import BoardScene

Told = Callable[[str, list[tuple[str, Callable[[], None]]]], None]
"""Says a sentence, and what can be done instead."""

MOST_TUNES = 20
"""A text with more tunes than these is a collection: it is for the library, and stays a text."""
_BETWEEN = 24
_number = re.compile(r"^X:\s*\d+", re.MULTILINE)
_key = re.compile(r"^K:", re.MULTILINE)


def is_abc(text: str) -> bool:
    """Whether a text is in ABC: it numbers a tune, and says its key."""
    return _number.search(text) is not None and _key.search(text) is not None


def paste(scene: BoardScene, text: str, at: QPointF, told: Told) -> None:
    """Put the tunes of a text on the board, below each other around `at`, and offer to have the
    text itself there. One of which nothing can be made is put there as it is."""

    def read() -> list[Tune]:
        from aigc_studio.library.melodies.abc.reading import read_tunes

        found = list(itertools.islice(read_tunes(text), MOST_TUNES + 1))
        return found if len(found) <= MOST_TUNES else []

    def take(found: list[Tune]) -> None:
        tunes = [tune for tune in found if tune.melody is not None and tune.melody.notes]
        if tunes:
            _add(scene, tunes, at, lambda ids: _tell(scene, text, at, found, ids, told))
        else:
            transfer.paste_text(scene, text, at)

    scene.errands.run(read, take)


def _add(
    scene: BoardScene, tunes: list[Tune], at: QPointF, then: Callable[[list[str]], None]
) -> None:
    from aigc_studio.project import commands

    store = scene.project.store

    def add(contents: list[tuple[Tune, Content]]) -> None:
        items: list[Item] = []
        for tune, content in contents:
            name = " ".join(tune.title.split())[:100] or _("Melody")
            item = transfer.new_item(scene, content, at, name)
            if items:
                item = item.changed({"y": items[-1].y + items[-1].height + _BETWEEN})
            items.append(item)
        ids = scene.board.new_ids(len(items))
        items = [item.changed({"id": id}) for item, id in zip(items, ids, strict=True)]
        scene.choose_when_there(list(ids))
        scene.make(commands.add_items(scene.board, items, kind="paste"))
        then(list(ids))

    scene.errands.run(
        lambda: [(tune, store.put(tune.melody)) for tune in tunes if tune.melody is not None],
        add,
        lambda error: transfer.refuse(scene, error),
    )


def _tell(
    scene: BoardScene, text: str, at: QPointF, found: list[Tune], ids: list[str], told: Told
) -> None:
    def as_text() -> None:
        transfer.paste_text(scene, text, at, instead_of=ids)

    sentence = ngettext(
        "The text was a tune in ABC, and is one now.",
        "The text was {count} tunes in ABC, and they are here now.",
        len(ids),
    ).format(count=len(ids))
    told(in_a_row((sentence, *_remarks(found))), [(_("Put in the text instead"), as_text)])


def _remarks(found: list[Tune]) -> Sequence[str]:
    """What there is to say of the only tune; of several, how many of them did not come."""
    if len(found) == 1:
        return found[0].remarks
    lost = [tune for tune in found if tune.melody is None or not tune.melody.notes]
    if not lost:
        return ()
    sentence = ngettext(
        "{count} more could not be read: {reason}",
        "{count} more could not be read. The first: {reason}",
        len(lost),
    )
    return (sentence.format(count=len(lost), reason=lost[0].reason or _("It has no notes.")),)
