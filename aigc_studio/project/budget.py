"""What of a project goes into its file: what it needs, and as much of the past as is sensible."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from aigc_studio.project.candidates import CandidateRecord
from aigc_studio.project.commands import Command, accepted
from aigc_studio.project.content import Content, ContentStore
from aigc_studio.project.items import Item

if TYPE_CHECKING:
    from aigc_studio.project.snapshot import Document, Snapshot

HISTORY_BUDGET = 512 << 20
"""How many bytes a file holds for undo alone; the oldest steps beyond it are left out."""


STEPS_BUDGET = 16 << 20
"""How much the steps of a file weigh at most (`Command.weight`): 16,000 small ones.

So a file opens as quickly after a long session as after a short one.
"""


def within_budget(snapshot: Snapshot, budget: int | None = None) -> Snapshot:
    """The snapshot without the oldest steps that are more than a file should keep.

    They are too many, or their content is too much. The board and the tray stay as they are; a
    candidate whose acceptance is left out is not kept.
    """
    left = HISTORY_BUDGET if budget is None else budget
    steps = STEPS_BUDGET
    store = snapshot.store
    parts: list[Item | CandidateRecord] = [*snapshot.items, *snapshot.candidates]
    contents: set[tuple[str, str]] = set()
    seen: set[tuple[str, str]] = set()
    for new in _new_files(parts, contents, store):
        seen.add(new)
    first = len(snapshot.history)
    for number in reversed(range(len(snapshot.history))):
        command = snapshot.history[number]
        steps -= command.weight
        for new in _new_files(states(command), contents, store):
            if new not in seen:
                seen.add(new)
                left -= store.size(*new)
        # What can be redone follows from what is done: only the oldest of the latter may go.
        if min(left, steps) < 0 and number < snapshot.position:
            break
        first = number
    gone = accepted(snapshot.history[:first])
    return replace(
        snapshot,
        history=snapshot.history[first:],
        position=snapshot.position - first,
        candidates=tuple(record for record in snapshot.candidates if record.id not in gone),
    )


def _new_files(
    parts: Iterable[Item | CandidateRecord], contents: set[tuple[str, str]], store: ContentStore
) -> Iterator[tuple[str, str]]:
    """The files of what is not among `contents` yet, which it is then."""
    for part in parts:
        if part.latent and ("latent", part.latent) not in contents:
            contents.add(("latent", part.latent))
            yield "latent", part.latent
        for content in (part.content, *_beside(part)):
            if (content.medium, content.digest) not in contents:
                contents.add((content.medium, content.digest))
                yield from store.files(content)


def references(project: Snapshot | Document, store: ContentStore) -> Iterator[tuple[str, str]]:
    """The files of the store that a project needs, as (kind, digest); tiles may come up twice."""
    yield from _new_files(_parts(project), set(), store)


def named(project: Snapshot | Document) -> Iterator[tuple[str, str, Content | None]]:
    """What a project names by itself, as (kind, digest, content), each once; a latent is no
    content. The tiles of pictures are not among it.
    """
    seen: set[tuple[str, str]] = set()
    for part in _parts(project):
        contents = (part.content, *_beside(part))
        latents = [("latent", part.latent, None)] if part.latent else []
        for each in (*((one.medium, one.digest, one) for one in contents), *latents):
            if each[:2] not in seen:
                seen.add(each[:2])
                yield each


def _parts(project: Snapshot | Document) -> Iterator[Item | CandidateRecord]:
    yield from project.items
    yield from project.candidates
    for command in project.history:
        yield from states(command)


def states(command: Command) -> Iterator[Item]:
    """The states of items in a step, but for those that only moved and the like.

    What these show is named by the board, or by the steps that lead there.
    """
    for id, was in command.before.items():
        now = command.after[id]
        if was is not None and now is not None:
            same = was.content is now.content and was.mask is now.mask
            if same and was.latent == now.latent:
                continue
        yield from (item for item in (was, now) if item is not None)


def _beside(part: Item | CandidateRecord) -> Iterator[Content]:
    """The contents that stand beside an item's or a candidate's own."""
    if isinstance(part, Item):
        masks = [part.mask]
    else:
        # An edit finds its place by them when it is accepted.
        masks = [part.base.content, part.base.mask] if part.base else []
    yield from (content for content in masks if content is not None)
