"""What the person makes: board, items, commands, the `.aigc` file, export, provenance. No Qt.

The names below load their modules when they are first asked for.
"""

from typing import TYPE_CHECKING

from aigc_studio import late

if TYPE_CHECKING:
    from aigc_studio.project.board import Board, Change
    from aigc_studio.project.candidates import CandidateRecord
    from aigc_studio.project.commands import Command
    from aigc_studio.project.content import Content, ContentStore
    from aigc_studio.project.items import Item
    from aigc_studio.project.project import Project
    from aigc_studio.project.provenance import Provenance
    from aigc_studio.project.snapshot import Snapshot
    from aigc_studio.project.tray import CandidateTray

_homes = {
    "board": ("Board", "Change"),
    "candidates": ("CandidateRecord",),
    "commands": ("Command",),
    "content": ("Content", "ContentStore"),
    "items": ("Item",),
    "project": ("Project",),
    "provenance": ("Provenance",),
    "snapshot": ("Snapshot",),
    "tray": ("CandidateTray",),
}
_home_of = {name: home for home, names in _homes.items() for name in names}

__all__ = [
    "Board",
    "CandidateRecord",
    "CandidateTray",
    "Change",
    "Command",
    "Content",
    "ContentStore",
    "Item",
    "Project",
    "Provenance",
    "Snapshot",
]

__getattr__ = late.names(__name__, _home_of)
