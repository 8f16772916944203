"""Whether a path is there, asked in a way that nobody waits long for.

A drive that was unplugged, or lies behind a network, may take minutes to answer the least question.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

PATIENCE = 0.1
"""Seconds that the window waits for drives to answer: all that are asked at once, together."""

_Answer = TypeVar("_Answer")
_silent: dict[str, threading.Thread] = {}
"""Paths on drives that have not answered yet, and who waits there. Of the UI thread only."""


def answers(question: Callable[[str], _Answer], paths: Sequence[Path]) -> list[_Answer | None]:
    """What `question` (`os.path.exists`, say) says of each path, and None where a drive does not
    answer within `PATIENCE`.

    On the UI thread, which else would stand still for as long. A path that did not answer, and what
    lies below it, is not asked for again until it does. The question is to raise nothing.
    """
    found: list[_Answer | None] = [None] * len(paths)

    def ask(numbers: Sequence[int]) -> None:
        for number in numbers:
            found[number] = question(str(paths[number]))

    asked = [
        (numbers, threading.Thread(target=ask, args=(numbers,), name="ask", daemon=True))
        for numbers in _by_folder(paths)
    ]
    for _numbers, thread in asked:
        thread.start()
    end = time.monotonic() + PATIENCE
    for numbers, thread in asked:
        thread.join(max(end - time.monotonic(), 0.0))
        if thread.is_alive():
            _silent.update((str(paths[n]), thread) for n in numbers if found[n] is None)
    return list(found)


def is_there(path: Path) -> bool:
    """Whether there is anything at a path, as far as its drive answers in time."""
    return bool(answers(os.path.exists, [path])[0])


def is_folder(path: Path) -> bool:
    """Whether a folder is there, as far as its drive answers in time."""
    return bool(answers(os.path.isdir, [path])[0])


def is_file(path: Path) -> bool:
    """Whether a file is there, as far as its drive answers in time."""
    return bool(answers(os.path.isfile, [path])[0])


def _by_folder(paths: Sequence[Path]) -> list[list[int]]:
    """The numbers of the paths that may be asked for, together where one folder has them."""
    for each in [each for each, thread in _silent.items() if not thread.is_alive()]:
        del _silent[each]
    found: dict[Path, list[int]] = {}
    for number, path in enumerate(paths):
        if not _silent or not any(str(each) in _silent for each in (path, *path.parents)):
            found.setdefault(path.parent, []).append(number)
    return list(found.values())
