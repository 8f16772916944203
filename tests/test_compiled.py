"""What is compiled once in a run: who begins where, and when bytecode is kept."""

import sys
from types import SimpleNamespace
from typing import Any

import compiled
import pytest
from compiled import turned


def read(told: dict[str, Any] | None, folder: Any) -> str:
    """The order in which a process reads a folder of six files; `told` it is by `-n`."""
    collector = object.__new__(folder)  # a true one is of a run and of its parent
    collector.config = SimpleNamespace(**({"workerinput": told} if told else {}))
    reading = compiled.pytest_make_collect_report(collector)
    next(reading)
    with pytest.raises(StopIteration) as end:
        reading.send(SimpleNamespace(result=list("abcdef")))  # type: ignore[arg-type]
    return "".join(end.value.value.result)


def test_each_process_begins_with_another_part_of_a_folder() -> None:
    told = [{"workerid": f"gw{number}", "workercount": 3} for number in (0, 1, 2, 4)]
    assert [read(each, pytest.Dir) for each in told] == ["abcdef", "cdefab", "efabcd", "cdefab"]
    assert read(None, pytest.Dir) == "abcdef"
    assert read(told[1], pytest.Module) == "abcdef"  # tests of a file stay in its order


@pytest.mark.parametrize("count", [1, 2, 3, 4, 7])
def test_all_of_a_folder_is_read_however_many_there_are(count: int) -> None:
    for number in range(count):
        assert sorted(turned(list(range(5)), number, count)) == list(range(5))
        assert turned([], number, count) == []


@pytest.mark.parametrize("told", [{"workerid": "gw1"}, None])
def test_bytecode_is_kept_only_while_the_processes_of_a_run_read(
    monkeypatch: pytest.MonkeyPatch, told: dict[str, Any] | None
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    config = SimpleNamespace(**({"workerinput": told} if told else {}))
    reading = compiled.pytest_collection(SimpleNamespace(config=config))  # type: ignore[arg-type]
    next(reading)
    assert sys.dont_write_bytecode is (told is None)
    with pytest.raises(StopIteration):
        reading.send(None)
    assert sys.dont_write_bytecode
