"""What every test stands on: no screen, one torch thread, a home folder of its own."""

from __future__ import annotations

import os

os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
os.environ["QT_SCALE_FACTOR"] = "1"
os.environ["AIGC_STUDIO_LANGUAGE"] = "en"

import gc
import itertools
import shutil
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from compiled import compile_once
from compiled import pytest_collection as pytest_collection  # hooks of pytest
from compiled import pytest_make_collect_report as pytest_make_collect_report
from leaks import nothing_left_behind
from nursery import forked_instead, forked_workers, is_alike, is_forked, prepare
from scratch import write_to_memory
from shares import Shares, in_order

if TYPE_CHECKING:
    from aigc_studio.api import Artifact
    from aigc_studio.host import Registry, WorkerPool

# What a disk has when the power goes is tested with one that is played (`disk`): here nothing is
# waited for, which each save would do several times.
os.fsync = os.fstat  # type: ignore[assignment]
# As in the app (jobs/garbage.py): a QObject must not be collected on a reader thread.
gc.disable()
# Who runs the tests in the background (`nohup`, `&`, some services) has these ignored, which all
# that they start would inherit: nothing could be interrupted.
for _name, _handler in (("SIGHUP", signal.SIG_DFL), ("SIGINT", signal.default_int_handler)):
    _number = getattr(signal, _name, None)
    if _number is not None and signal.getsignal(_number) is signal.SIG_IGN:
        signal.signal(_number, _handler)
_tests = itertools.count(1)


_modules = 0
"""How many there were when they were last set apart."""


def pytest_configure(config: pytest.Config) -> None:
    """Before `-n` starts its processes, which share what they are to have in common."""
    from aigc_studio.worker.late_compiler import compile_late

    prepare()
    write_to_memory()
    compile_late()  # as in a worker: trainings of plugins run here as well
    if getattr(config.option, "numprocesses", None):
        compile_once()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    """Collect garbage now and then, between tests, when hardly anything is there but modules.

    Only what has come since the last time is looked at, as most of what was there then stays: to
    look at all of it takes 0.2 s. What torch and Qt bring is never garbage: it is set apart when
    more of it has come.
    """
    global _modules
    number = next(_tests)
    if number % 20 == 0:
        grown = len(sys.modules) > _modules + 50
        gc.collect(2 if grown or number % 400 == 0 else 1)
        if grown:
            _modules = len(sys.modules)
            gc.freeze()


@pytest.fixture(autouse=True)
def leaks(request: pytest.FixtureRequest) -> Iterator[None]:
    """A test that leaves a thread, a timer, a process or a window behind fails."""
    # The tests of a class may share a worker: what the class leaves is what counts.
    with nullcontext() if request.cls else nothing_left_behind():
        yield


@pytest.fixture(autouse=True, scope="class")
def class_leaks(request: pytest.FixtureRequest) -> Iterator[None]:
    """The same for a class of tests, such as the conformance kit."""
    with nothing_left_behind() if request.cls else nullcontext():
        yield


@pytest.fixture
def around(leaks: None) -> Iterator[pytest.MonkeyPatch]:
    """What surrounds a test is patched by this one: `monkeypatch.undo()` in a test takes back what
    the test itself has patched, and not its home."""
    with pytest.MonkeyPatch.context() as patch:
        # Noted before anyone sets it: fixtures and tests do so in turns.
        known = os.environ.get("AIGC_STUDIO_PLUGINS")
        patch.setenv("AIGC_STUDIO_PLUGINS", known or "")
        if known is None:
            patch.delenv("AIGC_STUDIO_PLUGINS")
        yield patch


@pytest.fixture(autouse=True)
def home(leaks: None, tmp_path: Path, around: pytest.MonkeyPatch) -> Path:
    """Everything that the studio keeps goes to a folder whose name is not ASCII, and what a
    command sets for its own process (`--plugin`) is gone after the test."""
    folder = tmp_path / "主目录 é"
    around.setenv("AIGC_STUDIO_HOME", str(folder))
    around.setenv("AIGC_STUDIO_PLUGIN_PATH", "")
    return folder


@pytest.fixture(autouse=True)
def workers(request: pytest.FixtureRequest, leaks: None) -> Iterator[None]:
    """In some folders workers are forked, which takes less time (`nursery`)."""
    again = is_alike(request.node)
    with forked_workers(again=again) if is_forked(request.node) else nullcontext():
        yield


@pytest.fixture
def plugin_home(home: Path, around: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Call it with names of test plugins (`"spans"`, `"bad/crashes"`) to install just these.

    They are copied to the plugin folder, whose path it gives; no other plugin is found then.
    """
    from aigc_studio.folders import plugin_folder

    def install(*names: str) -> Path:
        folder = plugin_folder()
        folder.mkdir(parents=True, exist_ok=True)
        for name in names:
            shutil.copy(Path(__file__).parent / "plugins" / f"{name}.py", folder)
        stems = [name.rsplit("/")[-1] for name in names]
        known = os.environ.get("AIGC_STUDIO_PLUGINS", "")
        around.setenv("AIGC_STUDIO_PLUGINS", ",".join(filter(None, [known, *stems])))
        return folder

    return install


@pytest.fixture
def registry(plugin_home: Callable[..., Path]) -> Callable[..., Registry]:
    """Call it with names of test plugins for a `Registry` that has described them."""
    from aigc_studio.host import Registry

    def described(*names: str) -> Registry:
        plugin_home(*names)
        found = Registry()
        with forked_instead():
            found.refresh()
        return found

    return described


@pytest.fixture
def pool(tmp_path: Path) -> Iterator[WorkerPool]:
    """A `WorkerPool` that is closed in the end."""
    from aigc_studio.host import WorkerPool

    pool = WorkerPool(tmp_path / "交换")
    yield pool
    pool.close()


@pytest.fixture
def write_dataset(tmp_path: Path) -> Callable[..., Path]:
    """Call it with artifacts (and labels) for a dataset folder as the library writes it."""
    from aigc_studio.testing import write_dataset

    def write(
        artifacts: Sequence[Artifact], labels: Sequence[str] = (), name: str = "数据"
    ) -> Path:
        return write_dataset(tmp_path / "datasets" / name, artifacts, labels)

    return write


@pytest.fixture
def little_shown(around: pytest.MonkeyPatch) -> None:
    """A training shows what it makes, and is measured, in the beginning and at its end alone.

    One of a few dozen steps does so at nearly each, and takes longer over that than over learning;
    when either is due is tested with the toolkit's loop.
    """
    from aigc_studio.toolkit.plan import Plan

    def preview_is_due(plan: Plan, step: int) -> bool:
        return step in (0, plan.total(step))

    def evaluation_is_due(plan: Plan, step: int, _count: int) -> bool:
        return step in (1, plan.total(step))

    around.setattr(Plan, "preview_is_due", preview_is_due)
    around.setattr(Plan, "evaluation_is_due", evaluation_is_due)


@pytest.fixture(scope="session")
def qapp_args() -> list[str]:
    return ["aigc-studio-test", "-style", "Fusion"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test that uses Qt is a gui test, whether or not its author said so."""
    for item in items:
        if {"qtbot", "qapp"} & set(getattr(item, "fixturenames", ())):
            item.add_marker("gui")
    items[:] = in_order(items)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Shares | None:
    """Several processes (`-n 3`) share the tests out by `shares`, unless `--dist` says how."""
    return Shares.of(config, log) if config.option.dist == "load" else None
