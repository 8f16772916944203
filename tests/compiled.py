"""What Python and pytest make of source is made once in a run, and not by each of its processes.

The processes of `pytest -n` read all tests at the same time: each would rewrite the assertions of
every file for itself, which takes half of what it does before the first test. So each begins with
another part of a folder, and finds what the others have kept when it comes to theirs. Workers,
shells and studios that tests start find the code of the studio compiled.

Bytecode is kept also where `PYTHONDONTWRITEBYTECODE` is set, but what tests themselves import
leaves none: it is about folders that they look into.
"""

from __future__ import annotations

import compileall
import sys
from collections.abc import Generator, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TypeVar

import pytest

Entry = TypeVar("Entry")

ROOT = Path(__file__).resolve().parents[1]
CODE = ("aigc_studio", "plugins")


def compile_once() -> None:
    """Compile the studio's own code; where nothing can be written, all goes on without."""
    for name in CODE:
        compileall.compile_dir(ROOT / name, quiet=2)


@contextmanager
def kept() -> Iterator[None]:
    """In this block, what is compiled is written down."""
    former, sys.dont_write_bytecode = sys.dont_write_bytecode, False
    try:
        yield
    finally:
        sys.dont_write_bytecode = former


def turned(entries: list[Entry], number: int, count: int) -> list[Entry]:
    """All of a folder, begun at another place by each of `count` processes (`number` from 0)."""
    start = len(entries) * number // count
    return entries[start:] + entries[:start]


@pytest.hookimpl(wrapper=True)
def pytest_collection(session: pytest.Session) -> Generator[None, object, object]:
    """The processes of `-n` keep what they make of the tests' source, each for the others."""
    with kept() if hasattr(session.config, "workerinput") else nullcontext():
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Each of them begins with another part of a folder."""
    report = yield
    told = getattr(collector.config, "workerinput", None)
    if told is not None and isinstance(collector, pytest.Directory):
        number = int(told["workerid"].removeprefix("gw"))
        report.result = turned(report.result, number % told["workercount"], told["workercount"])
    return report
