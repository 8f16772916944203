"""Accepting candidates: each onto what is there now, or beside it, as one command."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from aigc_studio.project import commands, joining, placing
from aigc_studio.project.board import Board
from aigc_studio.project.candidates import CandidateRecord
from aigc_studio.project.commands import Command
from aigc_studio.project.content import ContentStore
from aigc_studio.project.items import Item, mask_fits
from aigc_studio.project.joining import Joined, Part, Problem
from aigc_studio.project.placing import Place, Size
from aigc_studio.translation import Localized, _, localized


@dataclass(frozen=True)
class Acceptance:
    """The command that accepts candidates, and what to tell the person of it.

    `parts` says where in an item (by id) the new part lies: span or bars, when a part was edited.
    `beside` has a sentence for each candidate (by id) that could not take the place it was for.
    """

    command: Command
    parts: Mapping[str, Part] = field(default_factory=dict)
    beside: Mapping[str, str] = field(default_factory=dict)

    @property
    def remark(self) -> str:
        """What is to be told, each sentence once; empty when all went as was asked."""
        return " ".join(dict.fromkeys(self.beside.values()))


@dataclass(frozen=True)
class Accepting:
    """What is to be accepted, onto a board as it is at one moment. `make` may run on any thread.

    `done` are the commands that led to the board. `places` and `sizes` (by candidate id) say where
    new items go and how large they are; what they do not say is found out.
    """

    board: Board
    store: ContentStore
    done: tuple[Command, ...]
    records: tuple[CandidateRecord, ...]
    places: Mapping[str, Place] = field(default_factory=dict)
    sizes: Mapping[str, Size] = field(default_factory=dict)

    @property
    def quick(self) -> bool:
        """Whether nothing has to be read and joined for it."""
        replacing = [record for record in self.records if record.use == "replace"]
        several = len({record.target for record in replacing}) < len(replacing)
        items = ((record, self.board.get(record.target)) for record in replacing)
        return not several and all(item is None or is_fresh(record, item) for record, item in items)

    def make(self, on_record: Callable[[int], None] | None = None) -> Acceptance:
        """Make the one command. Takes as many steps as there are candidates, items and commands.

        `on_record` is told how many candidates are done; what it raises ends it, and nothing has
        happened. Raises `StudioError` when the store cannot be read or written, `ValueError` for no
        candidates at all.
        """
        if not self.records:
            raise ValueError("there is nothing to accept")
        with self.store.together():
            return self._made(on_record)

    def _made(self, on_record: Callable[[int], None] | None) -> Acceptance:
        now: dict[str, Item] = {}
        parts: dict[str, Part] = {}
        beside: dict[str, str] = {}
        new: list[CandidateRecord] = []
        replaces: list[str] = []
        taken: set[tuple[str, str]] = set()
        steps = _steps_of(self.done, {record.target for record in self.records if record.target})
        for number, record in enumerate(_in_order(self.records)):
            if on_record is not None:
                on_record(number)
            item = now.get(record.target) or self.board.get(record.target)
            # Of one edit only one can take the place; the others go beside it, and none is lost.
            if record.use == "add" or (record.target, record.request) in taken:
                new.append(record)
                continue
            joined = self._joined(record, item, steps)
            if item is None or joined.content is None:
                beside[record.id] = _why_beside(joined.problem, item)
                new.append(record)
                continue
            now[item.id] = replaced(item, record, joined)
            replaces.append(record.id)
            taken.add((record.target, record.request))
            if joined.part is not None:
                parts[item.id] = joined.part
        command = self._command(now, new)
        command = replace(command, candidates=(*replaces, *(record.id for record in new)))
        return Acceptance(command, parts, beside)

    def _joined(
        self, record: CandidateRecord, item: Item | None, steps: Mapping[str, Sequence[Command]]
    ) -> Joined:
        if item is None:
            return Joined(None, problem="gone")
        if is_fresh(record, item):
            base = record.base or joining.Base(item.content)
            return joining.join(self.store, base, record.content, item, False)
        if record.base is None:
            return Joined(None, problem="whole")
        turned = joining.was_turned(steps.get(item.id, ()), item.id, record.base.content)
        return joining.join(self.store, record.base, record.content, item, turned)

    def _command(self, now: Mapping[str, Item], new: Sequence[CandidateRecord]) -> Command:
        """One command that changes items and adds new ones, on top and in order."""
        steps = [commands.change_items(self.board, now, "regenerate")] if now else []
        if new:
            spots = self._spots(now, new)
            made = [
                item_of(record, id, spots[record.id], self._target(now, record))
                for record, id in zip(new, self.board.draft().new_ids(len(new)), strict=True)
            ]
            steps.append(commands.add_items(self.board, made, kind="accept"))
        kind, label = ("accept" if new else "regenerate"), _action_of(self.records)
        return commands.grouped(steps, kind, label)

    def _target(self, now: Mapping[str, Item], record: CandidateRecord) -> Item | None:
        return now.get(record.target) or self.board.get(record.target)

    def _spots(self, now: Mapping[str, Item], new: Sequence[CandidateRecord]) -> dict[str, Place]:
        """Where new items go: rows beside what they were made from."""
        spots = {record.id: self.places[record.id] for record in new if record.id in self.places}
        groups: dict[str, list[CandidateRecord]] = {}
        for record in new:
            if record.id not in spots:
                groups.setdefault(record.target, []).append(record)
        targets = [self._target(now, records[0]) for records in groups.values()]
        sizes = [
            [self.size_of(record, target) for record in records]
            for records, target in zip(groups.values(), targets, strict=True)
        ]
        wanted = list(zip(targets, sizes, strict=True))
        blocks = placing.groups(_with(self.board, now), wanted, list(spots.values()))
        for records, corners, extents in zip(groups.values(), blocks, sizes, strict=True):
            for record, corner, size in zip(records, corners, extents, strict=True):
                spots[record.id] = (*corner, *size)
        return spots

    def size_of(self, record: CandidateRecord, target: Item | None) -> Size:
        """How large a new item becomes that was made from `target`, if from any."""
        if record.id in self.sizes:
            return self.sizes[record.id]
        if target is not None and target.medium == "image" and record.content.medium == "image":
            info, other = record.content.info, target.content.info
            same = all(info[side] == other[side] for side in ("width", "height"))
            if same and _is_edit(record):
                # As large as what it was made from: they want to be compared.
                return target.width, target.height
        return placing.natural_size(record.content)


def _with(board: Board, now: Mapping[str, Item]) -> Board:
    """The board with some items as they are to be."""
    return Board(now.get(item.id, item) for item in board.items) if now else board


def _steps_of(done: Sequence[Command], ids: set[str]) -> dict[str, list[Command]]:
    """The commands that touched each of these items, in order."""
    steps: dict[str, list[Command]] = {}
    for command in done:
        for id in command.after if len(command.after) < len(ids) else ids:
            if id in ids and id in command.after:
                steps.setdefault(id, []).append(command)
    return steps


def is_fresh(record: CandidateRecord, item: Item) -> bool:
    """Whether an item is as it was when the candidate was asked for."""
    if record.base is not None:
        return item.content == record.base.content
    # Of an older file: only the provenance knows.
    made_by = record.provenance
    return made_by is not None and made_by.parents[:1] == (item.content.digest,)


def replaced(item: Item, record: CandidateRecord, joined: Joined | None = None) -> Item:
    """The item with the candidate's content, where it is and as wide as it is.

    A picture of other proportions keeps its middle. A mask goes when it no longer fits, and when
    it is what the candidate was made with: it must not limit what is asked for next. `joined` is
    the content when it is not the candidate's own: then something of what was there is in it.
    """
    content = joined.content if joined and joined.content else record.content
    width, height, mask = item.width, item.height, item.mask
    if content.medium == "image" and item.medium == "image":
        new, old = content.info, item.content.info
        if new["width"] * old["height"] != new["height"] * old["width"]:
            height = width * new["height"] / new["width"]
    if mask is not None and (_was_used(record, item) or not mask_fits(mask, content)):
        mask = None
    made_by, latent = record.provenance, record.latent
    if content != record.content:
        latent = ""
        if made_by is not None and item.has_other_material:
            made_by = replace(made_by, composite=True)
    return replace(
        item,
        content=content,
        y=item.y + (item.height - height) / 2,
        height=height,
        mask=mask,
        provenance=made_by,
        latent=latent,
    )


def _was_used(record: CandidateRecord, item: Item) -> bool:
    """Whether the item's mask is the one that the candidate was made with."""
    if record.base is not None:
        return record.base.mask is not None and record.base.mask == item.mask
    made_by = record.provenance
    return made_by is not None and (made_by.selection or {}).get("kind") == "mask"


def item_of(record: CandidateRecord, id: str, place: Place, target: Item | None) -> Item:
    """The new item that a candidate becomes."""
    return Item(
        id, _name(record, target), record.content, *place,
        provenance=record.provenance, latent=record.latent,
    )  # fmt: skip


def _name(record: CandidateRecord, target: Item | None) -> str:
    made_by = record.provenance
    words = " ".join((made_by.prompt if made_by else "").split())
    if localized(record.title) or words:
        return localized(record.title) or words[:40]
    if target is not None and target.name and _is_edit(record):
        return target.name
    from aigc_studio.api import media

    return media.one(record.content.medium)


def _is_edit(record: CandidateRecord) -> bool:
    made_by = record.provenance
    return record.base is not None or (made_by is not None and made_by.verb == "edit")


def _in_order(records: Sequence[CandidateRecord]) -> list[CandidateRecord]:
    """As they came, but those of one strip together and by their position."""
    first: dict[str, int] = {}
    for number, record in enumerate(records):
        first.setdefault(record.strip or record.id, number)
    return sorted(records, key=lambda each: (first[each.strip or each.id], each.position))


def _action_of(records: Sequence[CandidateRecord]) -> Localized:
    """What was done, if it is one and the same."""
    first = records[0].action
    return first if all(record.action == first for record in records) else ""


def _why_beside(problem: Problem, item: Item | None) -> str:
    name = item.name if item is not None else ""
    sentences = {
        "gone": _(
            "What this was made from is no longer on the board, so the result was added as new."
        ),
        "whole": _(
            "“{name}” has been changed since this was asked for, so the result was put beside it."
        ),
        "shape": _(
            "“{name}” has been cropped, turned or resized since this was asked for, so the result "
            "was put beside it."
        ),
        "part": _(
            "The selected part of “{name}” has been changed since this was asked for, so the "
            "result was put beside it."
        ),
    }
    return sentences[problem or "whole"].format(name=name)
