"""What accepting a candidate would give, as an item: shown before anything is done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF

from aigc_studio.ui.window.making.placing import natural_size

if TYPE_CHECKING:
    from aigc_studio.api import Artifact
    from aigc_studio.project import CandidateRecord, Command, Content, ContentStore, Item
    from aigc_studio.ui.studio import Studio
    from aigc_studio.ui.window.making.acceptor import Acceptor
    from aigc_studio.ui.window.making.spots import Spots

Show = Callable[["Item", str], None]
"""Takes the item as it would be, and the id of the one whose place it takes (or "")."""


class Foresight:
    """Tells what would be. Reads and joins beside the window where that takes its time."""

    def __init__(self, studio: Studio, acceptor: Acceptor, spots: Spots) -> None:
        self._studio = studio
        self._acceptor = acceptor
        self._spots = spots

    def of(self, ids: list[str], number: int, show: Show) -> None:
        """Have that one of several candidates shown that are accepted together: its item, now or
        soon."""
        board = self._studio.project.board
        record = self._studio.project.candidates.record(ids[number])
        target = board.get(record.target)
        if record.use == "replace" and target is not None:
            self._changed(record, target, show)
        elif len(ids) > 1:
            self._together(ids, number, show)
        elif record.content.medium == "text" and self._acceptor.size(record.id) is None:
            self._later(record, target, show)
        else:
            self._new(record, target, self._acceptor.size(record.id), show)

    def of_look(
        self,
        artifact: Artifact,
        content: Content,
        target: Item | None,
        contents: ContentStore,
        *,
        grows: bool = False,
    ) -> tuple[Item, str]:
        """The item for something that no candidate is of yet, and whose place it takes.

        What `grows` stays where it is while it becomes larger.
        """
        from aigc_studio.project import CandidateRecord
        from aigc_studio.project.accepting import item_of, replaced
        from aigc_studio.project.commands import change_items
        from aigc_studio.ui.canvas.scene.fitting import fitted

        record = CandidateRecord("preview", content)
        if target is None:
            size = natural_size(content, artifact, grows=grows)
            place = self._spots.grow(size) if grows else self._spots.find(size)
            return item_of(record, "preview", _values(place), None), ""
        new = replaced(target, record)
        command = change_items(self._studio.project.board, {target.id: new}, "preview")
        return _bare(fitted(command, contents).after[target.id] or new), target.id

    def _changed(self, record: CandidateRecord, target: Item, show: Show) -> None:
        """What would take the place of an item; beside it where it cannot."""
        from aigc_studio.project.accepting import replaced
        from aigc_studio.project.commands import change_items

        project = self._studio.project
        accepting = self._acceptor.accepting([record.id])
        if accepting.quick:
            new = replaced(target, record)
            command = change_items(project.board, {target.id: new}, "regenerate")
            self._show_changed(command, target.id, show)
            return
        self._studio.errands.run(
            lambda: accepting.make().command,
            partial(self._show_changed, id=target.id, show=show),
            self._studio.say_error,
        )

    def _show_changed(self, command: Command, id: str, show: Show) -> None:
        after = self._studio.project.candidates.fit(command).after
        if id in after:
            item = after[id]
            if item is not None:
                show(_bare(item), id)
            return
        for item in after.values():
            if item is not None:
                show(item, "")
                return

    def _together(self, ids: list[str], number: int, show: Show) -> None:
        """One of a sequence, where all of it would begin when it is laid out: it plays in one
        place, and in view."""
        made = self._acceptor.accepting(ids).make().command
        new = [item for item in made.after.values() if item is not None]
        if number < len(new):
            first, item = new[0], new[number]
            size = (item.width, item.height)
            place = self._spots.begin_at((first.x, first.y), size)
            show(replace(item, x=place.x(), y=place.y()), "")

    def _later(self, record: CandidateRecord, target: Item | None, show: Show) -> None:
        """A text that has to be read first: it is as high as its lines."""
        store, content = self._studio.project.store, record.content

        def go_on(artifact: Artifact) -> None:
            self._new(record, target, natural_size(content, artifact), show)

        self._studio.errands.run(lambda: store.get(content), go_on, self._studio.say_error)

    def _new(
        self,
        record: CandidateRecord,
        target: Item | None,
        size: tuple[float, float] | None,
        show: Show,
    ) -> None:
        from aigc_studio.project.accepting import item_of

        size = size or self._acceptor.accepting([record.id]).size_of(record, target)
        place = self._spots.find(size, target)
        show(item_of(record, "candidate", _values(place), target), "")


def _values(place: QRectF) -> tuple[float, float, float, float]:
    return place.x(), place.y(), place.width(), place.height()


def _bare(item: Item) -> Item:
    """What the eye is to be on: the result, without the mask over it."""
    return replace(item, mask=None) if item.mask is not None else item
