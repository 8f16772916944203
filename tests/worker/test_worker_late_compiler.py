"""The compiler of torch is imported when something is compiled, and not by each training."""

import importlib
import inspect
import json
import sys
import threading
import time
from collections.abc import Iterator
from importlib import resources
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from nursery import program

from aigc_studio.worker import late_compiler

pytest.importorskip("torch")

TRAINING = """
import json, sys
from aigc_studio.worker.late_compiler import compile_late
compile_late()
import torch

def has_compiler():
    return "torch._dynamo.eval_frame" in sys.modules

net = torch.nn.Linear(1, 1)
adam = torch.optim.AdamW(net.parameters(), 0.1)
def step():
    adam.zero_grad()
    net(torch.ones(1, 1)).square().sum().backward()
    adam.step()
    return float(net.weight.detach())
before = [step() for _time in range(2)]
adam.load_state_dict(adam.state_dict())
told = [has_compiler()]
twice = torch.compile(lambda value: value + value, backend="eager")
told += [twice(torch.ones(1)).tolist(), has_compiler(), torch._dynamo.disable.__module__]
after = [step() for _time in range(2)]
print(json.dumps([*told, len({*before, *after})]))
"""


def test_an_optimiser_imports_no_compiler_and_who_compiles_has_it(tmp_path: Path) -> None:
    (tmp_path / "training.py").write_text(TRAINING)
    with program(tmp_path / "training.py") as process:
        assert process.stdout is not None
        told = json.loads(process.stdout.read())
    assert told == [False, [2.0], True, "torch._dynamo.decorators", 4]


SETTINGS = """
from aigc_studio.worker.late_compiler import compile_late
compile_late()
import torch
torch.optim.SGD([torch.nn.Parameter(torch.ones(1))], 0.1)
import torch._dynamo.config
torch._dynamo.config.suppress_errors = True
from torch._dynamo import utils
print(utils.config.suppress_errors)
"""


def test_a_setting_of_the_compiler_is_the_one_that_it_reads(tmp_path: Path) -> None:
    (tmp_path / "settings.py").write_text(SETTINGS)
    with program(tmp_path / "settings.py") as process:
        assert process.stdout is not None
        assert process.stdout.read().split() == [b"True"]


PACKAGE = """
import time
from pathlib import Path
log = Path(__file__).with_name("log")
log.write_text(log.read_text() + "x" if log.is_file() else "x")
if Path(__file__).with_name("broken").is_file():
    raise ImportError("on purpose")
time.sleep(0.05)
import slow_package.below
from slow_package import other
value = 3
def graph_break(): return "true"
def disable(fn, recursive=True, **options): return lambda: ("disabled", fn(), options)
"""


BELOW = """
from pathlib import Path
from slow_package import other
log = Path(__file__).with_name("below.log")
log.write_text(log.read_text() + "x" if log.is_file() else "x")
known = 5
"""


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A package that takes its time, and is imported late."""
    folder = tmp_path / "slow_package"
    folder.mkdir()
    (folder / "__init__.py").write_text(PACKAGE)
    (folder / "below.py").write_text(BELOW)
    (folder / "other.py").write_text("import slow_package.below as seen\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(late_compiler, "NAME", "slow_package")
    finders = [each for each in sys.meta_path if not isinstance(each, late_compiler._Finder)]
    monkeypatch.setattr(sys, "meta_path", [*finders])
    late_compiler.compile_late()
    late_compiler.compile_late()
    assert sys.meta_path[1:] == finders  # once is enough
    yield folder
    for name in ("slow_package", "slow_package.below", "slow_package.other", "slow_package.apart"):
        sys.modules.pop(name, None)


def times(package: Path) -> int:
    """How often it was run."""
    log = package / "log"
    return len(log.read_text()) if log.is_file() else 0


def late() -> Any:
    return importlib.import_module("slow_package")


def test_the_two_questions_of_an_optimiser_are_answered_without_it(package: Path) -> None:
    module = late()
    assert module.graph_break() is None
    left = module.disable(len, True)  # not a function of Python: that is the true one's matter
    assert times(package) == 1
    assert left.__name__ == "<lambda>"


def test_what_was_to_be_let_be_is_told_to_the_true_one_when_it_has_come(package: Path) -> None:
    module = late()

    def own() -> int:
        """Words."""
        return 7

    let_be = module.disable(own, True, wrapping=False)
    assert (let_be(), let_be.__doc__, times(package)) == (7, "Words.", 0)
    assert module.value == 3
    assert let_be() == ("disabled", 7, {"wrapping": False})
    assert module.graph_break() == "true"
    assert times(package) == 1
    with pytest.raises(AttributeError, match="nothing"):
        _ = module.nothing


def test_what_lies_below_it_has_it_first(package: Path) -> None:
    late()
    assert importlib.import_module("slow_package.below").known == 5
    assert late().value == 3
    assert times(package) == 1


def test_what_lies_below_it_is_there_once(package: Path) -> None:
    late()
    below = importlib.import_module("slow_package.below")
    assert (package / "below.log").read_text() == "x"
    assert below is late().below is late().other.seen
    assert below.__spec__ is not None
    assert isinstance(below.__spec__.loader, SourceFileLoader)
    assert importlib.reload(below) is below  # as ever
    assert (package / "below.log").read_text() == "xx"


def test_its_source_and_the_files_beside_it_are_found(package: Path) -> None:
    module = late()
    assert {"below.py", "other.py"} <= {each.name for each in resources.files(module).iterdir()}
    assert inspect.getsource(module) == PACKAGE
    assert module.__loader__.get_source("slow_package") == PACKAGE


def test_the_list_of_finders_never_becomes_shorter(package: Path) -> None:
    """Another thread that goes through it would pass one over."""
    before = list(sys.meta_path)
    assert late().value == 3
    assert sys.meta_path == before


def test_one_that_breaks_tells_who_asked_and_is_tried_again(package: Path) -> None:
    (package / "broken").touch()
    module = late()
    for number in (1, 2):
        with pytest.raises(ImportError, match="on purpose"):
            _ = module.value
        assert times(package) == number
        assert module.graph_break() is None
    (package / "broken").unlink()
    assert module.value == 3


def test_threads_that_ask_at_once_wait_for_it(package: Path) -> None:
    module: ModuleType = late()
    found: list[int] = []
    threads = [threading.Thread(target=lambda: found.append(module.value)) for _one in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(20)
    assert found == [3] * 4
    assert times(package) == 1


def test_who_imports_what_lies_below_it_does_not_wait_for_who_waits_for_that(
    package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One thread asks for a value, which imports what the other is importing; and that needs what
    only the first would bring."""
    monkeypatch.setattr(late_compiler, "_PATIENCE", 0.1)
    begun, load = threading.Event(), late_compiler._Late._load

    def slowly(self: Any, module: ModuleType) -> None:
        begun.set()
        time.sleep(0.3)
        load(self, module)

    monkeypatch.setattr(late_compiler._Late, "_load", slowly)
    module, found = late(), []

    def value() -> None:
        found.append(module.value)

    def below() -> None:
        assert begun.wait(20)
        found.append(importlib.import_module("slow_package.below").known)

    threads = [threading.Thread(target=each, daemon=True) for each in (value, below)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(20)
    assert sorted(found) == [3, 5]
    assert times(package) == 1


def test_who_has_imported_what_lies_below_it_waits_again(
    package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its value is there when the other thread is done, and no mistake before that."""
    monkeypatch.setattr(late_compiler, "_PATIENCE", 0.0)
    (package / "apart.py").write_text("alone = 1\n")
    begun, path_given = threading.Event(), threading.Event()
    (package / "__init__.py").write_text("hold()\nvalue = 3\n")
    module, found = late(), []

    def hold() -> None:
        begun.set()
        assert path_given.wait(20)
        time.sleep(0.3)

    module.hold = hold

    def after() -> None:
        assert begun.wait(20)
        importlib.import_module("slow_package.apart")
        path_given.set()
        found.append(module.value)

    threads = [
        threading.Thread(target=each, daemon=True)
        for each in (lambda: found.append(module.value), after)
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join(20)
    assert found == [3, 3]


def test_what_has_been_imported_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(late_compiler, "NAME", "json")
    before = list(sys.meta_path)
    late_compiler.compile_late()
    assert sys.meta_path == before
