"""A project at one moment: as it goes into a file, and as a file tells of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aigc_studio.project.candidates import CandidateRecord
    from aigc_studio.project.commands import Command
    from aigc_studio.project.content import ContentStore
    from aigc_studio.project.items import Item


@dataclass(frozen=True)
class Snapshot:
    """A project at one moment: what goes into a file. Nothing in it changes any more."""

    items: tuple[Item, ...]
    history: tuple[Command, ...]
    position: int
    candidates: tuple[CandidateRecord, ...]
    store: ContentStore
    state: int = 0
    steps: int = 0


@dataclass(frozen=True)
class Document:
    """What a file says; the content is in the store by then.

    `damage` has a sentence for each part that was damaged and that something else stands in for.
    """

    items: tuple[Item, ...]
    history: tuple[Command, ...]
    position: int
    candidates: tuple[CandidateRecord, ...]
    damage: tuple[str, ...] = ()
