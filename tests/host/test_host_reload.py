"""Reading a plugin's code anew: the worker that is kept, and what the registry knows then."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from aigc_studio.api import Candidate, GenerateRequest
from aigc_studio.host import PluginSource, Registry, WorkerPool
from aigc_studio.host.plugin_files import source_at
from aigc_studio.host.stamps import digest, says, stamp

CODE = """
from aigc_studio.api import Candidate, Description, Text, hookimpl


@hookimpl
def describe():
    return Description(id="wordy", title="Wordy", medium=Text)


@hookimpl
def generate(request):
    yield Candidate(Text("first"))
"""


@pytest.fixture
def file(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("AIGC_STUDIO_PLUGINS", "wordy")
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    file = home / "data" / "plugins" / "wordy.py"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(CODE, "utf-8")
    return file


@pytest.fixture
def source(file: Path) -> PluginSource:
    found = source_at(file)
    assert found is not None
    return found


@pytest.fixture
def pool(tmp_path: Path) -> Iterator[WorkerPool]:
    pool = WorkerPool(tmp_path / "workers")
    yield pool
    pool.close(1.0)


def _made(pool: WorkerPool, registry: Registry) -> tuple[int, str]:
    run = pool.start(registry.record("wordy"), "generate", GenerateRequest(prompt="", seed=1))
    events = [each for each in run.events() if isinstance(each, Candidate)]
    return run.pid, getattr(events[0].artifact, "value", "")


def test_what_is_asked_next_runs_the_new_code_in_the_worker_that_read_it(
    file: Path, source: PluginSource, pool: WorkerPool
) -> None:
    registry = Registry()
    registry.take(pool.reload(source))
    first, words = _made(pool, registry)
    assert words == "first"
    file.write_text(CODE.replace("first", "other"), "utf-8")
    record = registry.take(pool.reload(source, often=True))
    assert record.stamp == stamp(source)
    assert pool.is_warm(record)
    log = pool.log_of(source)
    second, words = _made(pool, registry)
    assert words == "other"
    assert second != first
    assert pool.log_of(source) == log  # the same worker, nothing was started for it


def test_one_that_breaks_says_where_and_is_known_by_what_it_said_before(
    file: Path, source: PluginSource, pool: WorkerPool
) -> None:
    registry = Registry()
    registry.take(pool.reload(source))
    file.write_text(CODE.replace("yield Candidate(", "yield Candidate(("), "utf-8")
    record = registry.take(pool.reload(source))
    assert record.state == "failed"
    assert (record.file, record.line) == (str(file.resolve()), 12)
    assert record.reason.count("line 12") == 1
    assert record.description is not None
    assert record.description.id == "wordy"
    again = Registry()
    again.load_cached()
    assert [each.description for each in again.records] == [record.description]
    file.write_text(CODE, "utf-8")
    registry.refresh()
    assert registry.record("wordy").state == "ready"


def test_a_file_that_is_gone_is_a_sentence(
    file: Path, source: PluginSource, pool: WorkerPool
) -> None:
    file.unlink()
    record = pool.reload(source)
    assert record.state == "failed"
    assert record.reason.startswith("wordy.py is not a file that can be read")


def test_a_touch_changes_the_stamp_and_not_the_digest(file: Path, source: PluginSource) -> None:
    mark, code = stamp(source), digest(source)
    os.utime(file, ns=(1, 1))
    assert stamp(source) != mark
    assert digest(source) == code
    file.write_text(CODE.replace("first", "other"), "utf-8")
    assert digest(source) != code


def test_an_environment_within_a_plugins_folder_is_not_its_code(home: Path) -> None:
    folder = home / "data" / "plugins" / "big"
    for name in ("__init__.py", "zzz.py", ".venv/lib/a.py", "venv/lib/site-packages/torch.py"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("import torch" if "venv" in name else CODE, "utf-8")
    source = source_at(folder)
    assert source is not None
    code = digest(source)
    (folder / "venv/lib/site-packages/torch.py").write_text("# another")
    assert digest(source) == code
    assert not says(source, b"torch")
    (folder / "zzz.py").write_text("import torch")
    assert digest(source) != code
    assert says(source, b"torch")
