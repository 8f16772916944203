"""A project's state in one word, and random commands that lead from one to the next."""

from __future__ import annotations

import hashlib
import json
import random
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from handwork import change_content

if TYPE_CHECKING:
    from aigc_studio.project import Project


def digest(project: Project) -> str:
    """Names what a person sees: the items with their content in order, and what waits."""
    shown = [item.to_json() for item in project.board.items]
    waiting = sorted(record.id for record in project.candidates.list())
    text = json.dumps([shown, waiting], sort_keys=True, default=str)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


_CHANGE = re.compile(rb'"op":"(do|undo|redo|candidate|discard|restore)"')


def without_last(folder: Path) -> Path:
    """A copy of a session that was cut off, without what was written to its journal last.

    That one change may be on disk though nobody was told: the process was killed in between. It may
    be a step, one that went on with the step before it, or something about a candidate.
    """
    copy = folder.with_name(f"{folder.name}-short")
    shutil.copytree(folder, copy, ignore=shutil.ignore_patterns("lock"))
    file = copy / "journal.jsonl"
    lines = file.read_bytes().splitlines(keepends=True)
    changes = [number for number, line in enumerate(lines) if _CHANGE.search(line)]
    file.write_bytes(b"".join(lines[: changes[-1]] if changes else lines))
    return copy


class Hand:
    """Does one random thing after another to a project, the same ones for the same seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self._number = 0

    def act(self, project: Project) -> str:
        """Do something that can be done now, and say what."""
        doings: list[Callable[[Project], bool]] = [
            self._add_text, self._add_picture, self._move, self._move, self._remove,
            self._reorder, self._hide, self._undo, self._redo, self._offer, self._accept,
            self._discard, self._write,
        ]  # fmt: skip
        while True:
            doing = self.random.choice(doings)
            if doing(project):
                return doing.__name__.strip("_")

    def _some(self, project: Project) -> list[str]:
        ids = [item.id for item in project.board.items]
        return self.random.sample(ids, self.random.randint(1, min(4, len(ids)))) if ids else []

    def _add_text(self, project: Project) -> bool:
        from aigc_studio.api import Text

        self._number += 1
        words = "".join(self.random.choices("ab 字é\n", k=self.random.randint(1, 400)))
        return self._add(project, Text(f"{self._number} {words}"))

    def _add_picture(self, project: Project) -> bool:
        import numpy as np

        from aigc_studio.api import Image

        width, height = self.random.randint(1, 300), self.random.randint(1, 300)
        noise = np.random.default_rng(self.random.randrange(2**32))
        return self._add(project, Image(noise.integers(0, 256, (height, width, 3), np.uint8)))

    def _add(self, project: Project, artifact: object) -> bool:
        from aigc_studio.project import Item, commands

        content = project.store.put(artifact)  # type: ignore[arg-type]
        (id,) = project.board.new_ids(1)
        x, y = self.random.uniform(-900, 900), self.random.uniform(-900, 900)
        item = Item(id=id, name=f"item {id}", content=content, x=x, y=y, width=64, height=64)
        project.do(commands.add_items(project.board, [item]))
        return True

    def _change(self, project: Project, kind: str, **fields: object) -> bool:
        from aigc_studio.project import commands

        ids = self._some(project)
        if not ids:
            return False
        board = project.board
        after = {id: replace(board.item(id), **fields) for id in ids}  # type: ignore[arg-type]
        project.do(commands.change_items(board, after, kind), merge=self.random.random() < 0.3)
        return True

    def _move(self, project: Project) -> bool:
        x, y = self.random.uniform(-900, 900), self.random.uniform(-900, 900)
        return self._change(project, "move", x=x, y=y)

    def _hide(self, project: Project) -> bool:
        return self._change(project, "change", visible=self.random.random() < 0.5)

    def _write(self, project: Project) -> bool:
        from aigc_studio.api import Text

        texts = [item.id for item in project.board.items if item.content.medium == "text"]
        if not texts:
            return False
        self._number += 1
        content = project.store.put(Text(f"written {self._number}"))
        id = self.random.choice(texts)
        project.do(change_content(project.board, {id: content}, "write"))
        return True

    def _remove(self, project: Project) -> bool:
        from aigc_studio.project import commands

        ids = self._some(project)
        if len(ids) < 2:
            return False
        project.do(commands.remove_items(project.board, ids[:1]))
        return True

    def _reorder(self, project: Project) -> bool:
        from aigc_studio.project import commands

        ids = self._some(project)
        if not ids:
            return False
        place = self.random.choice(["front", "back", "forward", "backward"])
        project.do(commands.reorder(project.board, ids, place))  # type: ignore[arg-type]
        return True

    def _undo(self, project: Project) -> bool:
        if not project.position:
            return False
        project.undo()
        return True

    def _redo(self, project: Project) -> bool:
        if project.position == len(project.history):
            return False
        project.redo()
        return True

    def _offer(self, project: Project) -> bool:
        from aigc_studio.api import Text
        from aigc_studio.project import CandidateRecord

        self._number += 1
        content = project.store.put(Text(f"candidate {self._number}"))
        project.candidates.add(CandidateRecord(project.candidates.new_id(), content))
        return True

    def _accept(self, project: Project) -> bool:
        waiting = project.candidates.list()
        if not waiting:
            return False
        project.do(project.candidates.accept(self.random.choice(waiting).id))
        return True

    def _discard(self, project: Project) -> bool:
        waiting = project.candidates.list()
        if len(waiting) < 3:
            return False
        project.candidates.discard(self.random.choice(waiting).id)
        return True
