"""How the tests are shared out among the processes of `pytest -n`, so that all end together.

A share is a file, as its tests may have something in common; what takes long comes first, or one
process would be at it when the others have nothing left to do.
"""

from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

APART = {
    "test_example_distributions.py",
    "test_examples_conform.py",
    "test_plugin_docs_run.py",
    "test_plugin_packages.py",
    "test_plugins_conform.py",
    "test_templates.py",
    "test_window_first_press.py",
}
"""Files that take minutes, whose tests have nothing in common but the parameter of a fixture."""


def share_of(nodeid: str) -> str:
    """The share that a test belongs to: its file, or in those `APART` its class or parameter."""
    file, *others = nodeid.split("::")
    if PurePosixPath(file).name not in APART:
        return file
    if len(others) > 1:
        return f"{file}::{others[0]}"
    name, bracket, parameter = others[0].partition("[")
    return f"{file}{bracket}{parameter}" if bracket else f"{file}::{name}"


class Shares(LoadScopeScheduling):  # type: ignore[misc]
    """Hands out one share after the other, in the order of the tests."""

    def __init__(self, config: Any, log: Any = None) -> None:
        super().__init__(config, log)
        self._again: set[str] = set()
        self._numbers: dict[str, int] = {}

    @classmethod
    def of(cls, config: Any, log: Any) -> "Shares":
        """The scheduler of a run with several processes."""
        config.option.loadscopereorder = False
        return cls(config, log)

    def remove_node(self, node: Any) -> str | None:
        """A process has died: the test that it was at, which has failed. What it had still to do
        goes to the others without that test, or they would die of it one after the other."""
        units = self.assigned_work[node]
        undone = (each for unit in units.values() for each, done in unit.items() if not done)
        crashed = next(undone, None)
        if crashed is not None:
            units[self._split_scope(crashed)][crashed] = True
        left = {share: unit for share, unit in units.items() if not all(unit.values())}
        del self.assigned_work[node]
        self._offer(left)
        return crashed

    def mark_test_complete(self, node: Any, item_index: int, duration: float = 0) -> None:
        """A test is done. A share that is done is forgotten: all that are kept are counted through
        at each word of a process, which took half of what it takes to listen to them."""
        share = self._split_scope(test := self.registered_collections[node][item_index])
        unit = self.assigned_work[node][share]
        unit[test] = True
        if all(unit.values()):
            del self.assigned_work[node][share]
        self._reschedule(node)

    def mark_test_pending(self, item: str) -> None:
        """Have a test done once more (`--reruns`), by itself."""
        self._again.add(item)
        self._offer({item: {item: False}})

    @property
    def tests_finished(self) -> bool:
        """Whether all is done. One test each may be left, says xdist, and ends all: who dies of it
        leaves others undone."""
        left = any(map(self._pending_of, self.assigned_work.values()))
        return bool(super().tests_finished) and not left

    def _reschedule(self, node: Any) -> None:
        super()._reschedule(node)
        # A process begins with a test when it knows of another, or that there is none.
        while not node.shutting_down and self._pending_of(self.assigned_work[node]) < 2:
            super()._reschedule(node)

    def _assign_work_unit(self, node: Any) -> None:
        # By a table: xdist looks through the names of all tests for each.
        if not self._numbers:
            self._numbers = {test: number for number, test in enumerate(self.collection or ())}
        share, unit = self.workqueue.popitem(last=False)
        self.assigned_work[node][share] = unit
        node.send_runtest_some([self._numbers[test] for test, done in unit.items() if not done])

    def _offer(self, units: Any) -> None:
        for share, unit in units.items():
            self.workqueue[share] = unit
            self.workqueue.move_to_end(share, last=False)
        for node in self.nodes if units else ():
            self._reschedule(node)

    def _split_scope(self, nodeid: str) -> str:
        return nodeid if nodeid in self._again else share_of(nodeid)


def in_order(items: Iterable[pytest.Item]) -> list[pytest.Item]:
    """Files with slow tests first, as they may be shared out last of all; those that use Qt last,
    and of these the long ones first. It is the same in whatever order the files were read."""
    items = list(items)
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    slow |= {item.path for item in items if item.path.name in APART}
    gui = {item.path for item in items if item.get_closest_marker("gui")}
    count: dict[Any, int] = {}
    for item in items:
        count[item.path] = count.get(item.path, 0) + 1

    def place(item: pytest.Item) -> tuple[bool, bool, int, str]:
        return item.path not in slow, item.path in gui, -count[item.path], str(item.path)

    return sorted(items, key=place)
