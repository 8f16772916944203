"""Another process on the same home, as another window or shell is: it does what it is told."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_PROGRAM = """
import json, sys
from pathlib import Path
from aigc_studio.api import StudioError, Text
from aigc_studio.library import DatasetStore, ModelStore, TrainingStore
from aigc_studio.project import Item, Project, claims, commands, sessions

def add(project, words):
    content = project.store.put(Text(words))
    (id,) = project.board.new_ids(1)
    project.do(commands.add_items(project.board, [Item(id, words, content, 0, 0, 100, 50)]))

for line in sys.stdin:
    try:
        try:
            answer = eval(json.loads(line))
        except SyntaxError:
            answer = exec(json.loads(line))
        answer = {"value": answer if isinstance(answer, (int, str, list, dict)) else None}
    except Exception as error:
        answer = {"error": type(error).__name__, "says": str(error)}
    print(json.dumps(answer), flush=True)
"""


class Neighbour:
    """A process that runs Python lines one after the other; it knows `Project`, `add` and more."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", _PROGRAM],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            cwd=Path(__file__).resolve().parents[1],
        )

    def begin(self, code: str) -> None:
        """Have it begin with an expression or a statement."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(code) + "\n")
        self.process.stdin.flush()

    def answer(self) -> Any:
        """What came of it, a plain value. Raises `AssertionError` with what it raised."""
        assert self.process.stdout is not None
        answer = json.loads(self.process.stdout.readline())
        assert "error" not in answer, answer
        return answer["value"]

    def does(self, code: str) -> Any:
        """Have it do something, and give what came of it."""
        self.begin(code)
        return self.answer()

    def refuses(self, code: str) -> str:
        """The sentence of the `StudioError` (or a kind of it) that it raises."""
        self.begin(code)
        return self.sentence()

    def sentence(self) -> str:
        """The sentence of the `StudioError` that came of it."""
        assert self.process.stdout is not None
        answer = json.loads(self.process.stdout.readline())
        assert answer.get("error") in ("StudioError", "OpenElsewhere", "FileChanged"), answer
        return str(answer["says"])

    def kill(self) -> None:
        """`kill -9`."""
        self.process.kill()
        self.process.wait()
        for end in (self.process.stdin, self.process.stdout):
            assert end is not None
            end.close()


@contextmanager
def neighbours(count: int = 1) -> Iterator[list[Neighbour]]:
    """So many other processes, killed in the end."""
    started = [Neighbour() for _number in range(count)]
    try:
        yield started
    finally:
        for each in started:
            if each.process.poll() is None or not each.process.stdin.closed:  # type: ignore[union-attr]
                each.kill()
