"""How tests are shared out: files whole, those that take minutes in parts and first."""

import os
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from shares import APART, Shares, in_order, share_of


@pytest.mark.parametrize(
    ("nodeid", "share"),
    [
        ("tests/gui/test_x.py::TestA::test_b[c]", "tests/gui/test_x.py"),
        ("tests/a/test_templates.py::test_b[image]", "tests/a/test_templates.py[image]"),
        ("tests/a/test_templates.py::test_b", "tests/a/test_templates.py::test_b"),
        (
            "tests/a/test_plugins_conform.py::TestA::test_b",
            "tests/a/test_plugins_conform.py::TestA",
        ),
    ],
)
def test_a_share_is_a_file_or_a_part_of_a_long_one(nodeid: str, share: str) -> None:
    assert share_of(nodeid) == share


def item(name: str, file: str, *marks: str) -> Any:
    def closest(mark: str) -> str | None:
        return mark if mark in marks else None

    return SimpleNamespace(name=name, path=Path(file), get_closest_marker=closest)


def test_what_takes_long_comes_first_and_windows_last_and_files_stay_whole() -> None:
    items = [
        item("window", "test_window.py", "gui"),
        item("one", "test_ones.py"),
        item("quick", "test_slow.py"),
        item("slow", "test_slow.py", "slow"),
        item("two", "test_twos.py"),
        item("three", "test_twos.py"),
        item("apart", "test_templates.py"),
    ]
    names = [each.name for each in cast(Any, in_order(items))]
    assert names == ["quick", "slow", "apart", "two", "three", "one", "window"]


def test_the_order_is_the_same_whichever_file_was_read_first() -> None:
    items = [item("b", "test_b.py"), item("c", "test_c.py"), item("a", "test_a.py")]
    for read in (items, items[::-1]):
        assert [each.name for each in cast(Any, in_order(read))] == ["a", "b", "c"]


def test_the_files_that_are_shared_out_in_parts_are_there() -> None:
    there = {path.name for path in Path(__file__).parent.rglob("test_*.py")}
    assert there >= APART


class Process:
    """Takes what it is told to do."""

    gateway = SimpleNamespace(id="gw")
    shutting_down = False

    def __init__(self) -> None:
        self.told: list[int] = []

    def send_runtest_some(self, numbers: list[int]) -> None:
        self.told += numbers

    def shutdown(self) -> None:
        self.shutting_down = True


def test_all_is_handed_out_once_and_what_is_done_is_kept_no_longer() -> None:
    tests = [f"test_{file}.py::test_{number}" for file in "abcdef" for number in range(5)]
    option = SimpleNamespace(loadscopereorder=True)
    config = SimpleNamespace(getvalue=lambda _name: ["2*popen"], option=option)
    shares, processes = Shares.of(config, None), [Process(), Process()]
    for each in processes:
        shares.add_node(each)
        shares.add_node_collection(each, tests)
    shares.schedule()
    done = []
    while todo := [each for each in processes if each.told]:
        for each in todo:
            done.append(number := each.told.pop(0))
            shares.mark_test_complete(each, number)
            for units in shares.assigned_work.values():
                assert all(not all(unit.values()) for unit in units.values())
    assert sorted(done) == list(range(30))
    assert shares.tests_finished
    assert [each.shutting_down for each in processes] == [True, True]


SHARED = """
from shares import Shares

def pytest_xdist_make_scheduler(config, log):
    return Shares.of(config, log)
"""
DYING = """
import os, pathlib

def test_before(): pass

def test_dies(): os.abort()

def test_dies_once():
    mark = pathlib.Path(__file__).with_suffix(".died")
    if not mark.exists():
        mark.touch()
        os.abort()

def test_after(): pass
"""


@pytest.mark.slow
def test_a_process_that_dies_fails_the_test_that_it_was_at_and_no_other(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text(SHARED)
    (tmp_path / "test_dying.py").write_text(DYING)
    for name in ("one", "two", "three"):
        (tmp_path / f"test_{name}.py").write_text("def test_a(): pass\ndef test_b(): pass\n")
    words = ["-q", "-p", "no:cacheprovider", "-n", "2", "--reruns", "1"]
    # What this run was told is not for that one.
    surroundings = {name: told for name, told in os.environ.items() if "PYTEST" not in name}
    surroundings["PYTHONPATH"] = str(Path(__file__).parent)
    run = subprocess.run(
        [sys.executable, "-m", "pytest", *words, str(tmp_path)],
        cwd=tmp_path,
        env=surroundings,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert re.search(r"\n1 failed, 9 passed, 2 rerun in", run.stdout), run.stdout
    assert "FAILED test_dying.py::test_dies - worker" in run.stdout
