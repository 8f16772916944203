"""What of a project goes into its file: what it needs, and as much of the past as is sensible."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from aigc_studio.api.errors import StudioError
from aigc_studio.project.board import Item
from aigc_studio.project.candidates import CandidateRecord
from aigc_studio.project.commands import accepted
from aigc_studio.project.content import Content, ContentStore

if TYPE_CHECKING:
    from aigc_studio.project.archive import Document
    from aigc_studio.project.project import Snapshot

HISTORY_BUDGET = 512 << 20
"""How many bytes a file holds for undo alone; the oldest steps beyond it are left out."""


def within_budget(snapshot: Snapshot, budget: int | None = None) -> Snapshot:
    """The snapshot without the oldest steps whose content is more than a file should keep.

    The board and the tray stay as they are; a candidate whose acceptance is left out is not kept.
    """
    left = HISTORY_BUDGET if budget is None else budget
    store = snapshot.store
    seen = set(references(replace(snapshot, history=()), store))
    first = len(snapshot.history)
    for number in reversed(range(len(snapshot.history))):
        step = replace(snapshot, items=(), candidates=(), history=(snapshot.history[number],))
        new = set(references(step, store)) - seen
        left -= sum(store.size(kind, digest) for kind, digest in new)
        # What can be redone follows from what is done: only the oldest of the latter may go.
        if left < 0 and number < snapshot.position:
            break
        seen |= new
        first = number
    gone = accepted(snapshot.history[:first])
    return replace(
        snapshot,
        history=snapshot.history[first:],
        position=snapshot.position - first,
        candidates=tuple(record for record in snapshot.candidates if record.id not in gone),
    )


def references(project: Snapshot | Document, store: ContentStore) -> Iterator[tuple[str, str]]:
    """The files of the store that a project needs, as (kind, digest); some come up twice."""
    for kind, digest, content in _named(project):
        if content is None:
            yield kind, digest
        else:
            yield from store.files(content)


def readable_references(
    project: Snapshot | Document, store: ContentStore
) -> Iterator[tuple[str, str]]:
    """As `references`, but first all but the tiles, and of pictures that cannot be read none."""
    named = list(_named(project))
    for kind, digest, _content in named:
        yield kind, digest
    for _kind, _digest, content in named:
        if content is not None:
            with suppress(StudioError):
                yield from store.files(content)


def _named(project: Snapshot | Document) -> Iterator[tuple[str, str, Content | None]]:
    """What a project names by itself, as (kind, digest, content); a latent is no content."""
    parts: list[Item | CandidateRecord] = [*project.items, *project.candidates]
    for command in project.history:
        parts += command.contents()
    for part in parts:
        yield part.content.medium, part.content.digest, part.content
        for content in _beside(part):
            yield content.medium, content.digest, content
        if part.latent:
            yield "latent", part.latent, None


def _beside(part: Item | CandidateRecord) -> Iterator[Content]:
    """The contents that stand beside an item's or a candidate's own."""
    if isinstance(part, Item):
        masks = [part.mask]
    else:
        # An edit finds its place by them when it is accepted.
        masks = [part.base.content, part.base.mask] if part.base else []
    yield from (content for content in masks if content is not None)
