"""A desk that edits are asked at: a project with one item, whose content goes on meanwhile."""

from typing import Any

import numpy as np
from handwork import change_content

from aigc_studio.api import Image, Mask, Melody, Note, Selection
from aigc_studio.api.artifacts import Artifact
from aigc_studio.project import (
    CandidateRecord,
    Item,
    Project,
    commands,
    editing,
)
from aigc_studio.project import frames as framing
from aigc_studio.project.accepting import Acceptance
from aigc_studio.project.joining import Base

Pixels = np.ndarray[Any, Any]


class Desk:
    """A project with one item that edits are asked of."""

    def __init__(self, project: Project, artifact: Artifact, mask: Pixels | None = None) -> None:
        self.project = project
        store = project.store
        (self.id,) = project.board.new_ids(1)
        content = store.put(artifact)
        held = store.put(Image(mask)) if mask is not None else None
        item = Item(self.id, "Drawing 1", content, 0, 0, 320, 180, mask=held)
        project.do(commands.add_items(project.board, [item]))

    @property
    def item(self) -> Item:
        return self.project.board.item(self.id)

    @property
    def shown(self) -> Any:
        return self.project.store.get(self.item.content)

    def offer(self, result: Artifact, selection: Selection | None = None, **fields: Any) -> str:
        """A result of an edit of what is shown now waits; its id."""
        candidates, store = self.project.candidates, self.project.store
        record = CandidateRecord(
            candidates.new_id(), store.put(result), target=self.id, use="replace",
            base=Base.of(self.item, selection, (0, 0, 9, 9)), **fields,
        )  # fmt: skip
        candidates.add(record)
        return record.id

    def write(self, artifact: Artifact, kind: str = "write") -> None:
        """A hand changes what is shown."""
        content = self.project.store.put(artifact)
        self.project.do(change_content(self.project.board, {self.id: content}, kind))

    def accept(self, *ids: str) -> Acceptance:
        """Accept candidates, and look whether undo and redo and a crash lead to the same."""
        project = self.project
        before, waiting = project.board.items, project.candidates.list()
        acceptance = project.candidates.accepting(*ids).make()
        project.do(acceptance.command)
        after = project.board.items
        assert not {record.id for record in project.candidates.list()} & set(ids)
        project.undo()
        assert project.board.items == before
        assert project.candidates.list() == waiting
        project.redo()
        assert project.board.items == after
        return acceptance


def picture(seed: int, shape: tuple[int, ...] = (300, 520, 3)) -> Image:
    return Image(np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8))


def box_mask(shape: tuple[int, ...], top: int, left: int, bottom: int, right: int) -> Pixels:
    mask = np.zeros(shape[:2], np.uint8)
    mask[top:bottom, left:right] = 255
    return mask


def brought_back(image: Image, mask: Pixels, patch: Image) -> Image:
    return framing.bring_back(image, Mask(mask), framing.whole(image, patch), patch)


def tune(*starts: int, **fields: Any) -> Melody:
    notes = tuple(Note(start, 240, 60) for start in starts)
    return Melody(notes, **{"length": 1920 * 4} | fields)


def flipped(table: Desk) -> None:
    changed = editing.flip(table.project.store, table.item)
    table.project.do(commands.change_items(table.project.board, {table.id: changed}, "flip"))
