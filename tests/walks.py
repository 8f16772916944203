"""Random walks through a project: many commands in one session, with undo, the same for a seed.

Checks that the file opens and the session recovers equal, and that all can be undone to the start.
"""

from __future__ import annotations

import gc
import os
import random
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from crashed import crash
from handwork import change_content

from aigc_studio.api import Text
from aigc_studio.project import CandidateRecord, Command, Item, Project, Provenance, commands


@dataclass
class Left:
    """What a walk left: sizes in bytes, times in seconds of this thread."""

    file: int
    journal: int
    open_seconds: float
    recover_seconds: float
    memory_before: int
    memory_after: int
    steps: int


class Walk:
    """Random commands on a project, the same for the same seed."""

    def __init__(self, seed: int, most: int = 200) -> None:
        self.project = Project.new()
        self.project.store.durable = False
        self.dice = random.Random(seed)
        self.most = most
        self.texts = [self.project.store.put(Text(f"text {number}")) for number in range(20)]

    def step(self) -> None:
        """One command, undo or redo."""
        project, dice = self.project, self.dice
        kind = dice.random()
        if kind < 0.15 and project.position:
            project.undo()
        elif kind < 0.22 and project.position < len(project.history):
            project.redo()
        elif kind < 0.25:
            self._offer()
        else:
            project.do(self._command(), merge=dice.random() < 0.3)

    def _command(self) -> Command:
        board, dice = self.project.board, self.dice
        ids = board.ids
        if not ids or (dice.random() < 0.25 and len(ids) < self.most):
            return self._addition()
        some = dice.sample(ids, dice.choice([1, 1, 1, 1, min(5, len(ids)), min(40, len(ids))]))
        kind = dice.choice(["move", "move", "move", "order", "text", "remove", "copy", "look"])
        if kind == "order":
            return commands.reorder(board, some, dice.choice(["front", "forward", "backward"]))
        if kind == "text":
            return change_content(board, {some[0]: dice.choice(self.texts)}, "write")
        if kind == "remove":
            return commands.remove_items(board, some[:3])
        if kind == "copy" and len(ids) < self.most:
            return commands.duplicate(board, some[:3])
        look: dict[str, Any] = {"opacity": dice.random(), "visible": dice.random() < 0.5}
        shift = dice.choice([-1.0, 1.0, 10.0, 1e7])
        changed = {
            id: replace(board.item(id), **look)
            if kind == "look"
            else replace(board.item(id), x=board.item(id).x + shift)
            for id in some
        }
        return commands.change_items(board, changed, "hide" if kind == "look" else "move")

    def _addition(self) -> Command:
        board, dice = self.project.board, self.dice
        made = Provenance(
            medium="text", generator="ngram", prompt="p" * 500, seed=dice.randint(0, 9)
        )
        new = [
            Item(id, f"item {id}", dice.choice(self.texts), x=dice.uniform(-9, 9), provenance=made)
            for id in board.new_ids(dice.randint(1, 3))
        ]
        return commands.add_items(board, new, above=dice.choice([*board.ids, None]))

    def _offer(self) -> None:
        project, dice = self.project, self.dice
        waiting = project.candidates.list()
        if waiting and dice.random() < 0.7:
            record = dice.choice(waiting)
            if dice.random() < 0.3:
                project.candidates.discard(record.id)
            else:
                project.do(project.candidates.accept(record.id))
            return
        made = Provenance(
            medium="text", generator="ngram", prompt="q" * 500, seed=dice.randint(0, 9)
        )
        id = project.candidates.new_id()
        title = {"en": "made", "zh": "做的"}
        project.candidates.add(CandidateRecord(id, dice.choice(self.texts), made, title))


def summary(project: Project) -> tuple[Any, ...]:
    """All that must be the same after opening."""
    waiting = project.candidates.list()
    return project.board.items, tuple(project.history), project.position, waiting


def is_shorter(opened: Project, project: Project) -> bool:
    """Whether a project is the other one as its file keeps it: the oldest steps may be left out."""
    items, history, position, waiting = summary(opened)
    left_out = len(project.history) - len(history)
    rest = project.board.items, tuple(project.history)[left_out:], project.position - left_out
    return (items, history, position) == rest and waiting == project.candidates.list()


def let_go(project: Project) -> Path:
    """End a session as the end of its process would."""
    project.store.close()
    return crash(project)


def resident() -> int:
    """The bytes of memory that this process has now, where the system tells."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


def walk(count: int, seed: int, folder: Path) -> Left:
    """`count` steps, then everything that was promised. Raises `AssertionError`."""
    going = Walk(seed)
    project = going.project
    for _step in range(count // 5):
        going.step()
    gc.collect()
    before = resident()
    for _step in range(count - count // 5):
        going.step()
    gc.collect()
    after = resident()
    path = folder / f"long {seed}.aigc"
    project.save(path)
    journal = (project.folder / "journal.jsonl").stat().st_size
    began = time.thread_time()
    opened = Project.open(path)
    open_seconds = time.thread_time() - began
    assert opened.damage == ()
    assert is_shorter(opened, project)
    opened.close()
    expected = summary(project)
    began = time.thread_time()
    again = Project.recover(let_go(project))
    recover_seconds = time.thread_time() - began
    assert again.recovery is not None
    assert again.recovery.lost == 0
    assert summary(again) == expected
    steps = len(again.history)
    while again.position:
        again.undo()
    assert again.board.items == ()
    while again.position < len(again.history):
        again.redo()
    while again.position > expected[2]:
        again.undo()
    assert again.board.items == expected[0]
    again.close()
    size = path.stat().st_size
    return Left(size, journal, open_seconds, recover_seconds, before, after, steps)
