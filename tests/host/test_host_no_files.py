"""What a plugin puts where a file should be is never waited for, followed or read without end."""

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest
from families import posix
from kinds import there

from aigc_studio import files
from aigc_studio.api import Dataset, Event, GenerateRequest, StudioError, TrainRequest
from aigc_studio.host import Registry, RunState, WorkerPool
from aigc_studio.library import ModelStore
from aigc_studio.testing import draw

pytestmark = posix


@pytest.mark.parametrize("kind", ["pipe", "link", "device", "folder", "socket", "huge"])
def test_a_result_that_is_no_file_fails_the_run_and_nothing_else(
    registry: Callable[..., Registry],
    pool: WorkerPool,
    caplog: pytest.LogCaptureFixture,
    kind: str,
) -> None:
    found = registry("bad/swaps_files", "echo")
    events: list[Event] = []
    request = GenerateRequest(prompt=kind)
    run = pool.start(found.record("swaps-files"), "generate", request, on_event=events.append)
    assert run.wait(20)
    assert run.state is RunState.FAILED
    assert "\n" not in there(run.error).sentence
    assert events == []
    # The sentence says it: a shell would print a traceback of ours for the plugin's fault.
    assert not [each for each in caplog.records if each.levelname in ("ERROR", "CRITICAL")]
    echo = pool.start(found.record("echo"), "generate", GenerateRequest())
    assert echo.wait(20)
    assert echo.state is RunState.DONE


def test_a_log_that_is_a_pipe_is_not_waited_for(
    registry: Callable[..., Registry], pool: WorkerPool
) -> None:
    record = registry("bad/swaps_files").record("swaps-files")
    for _time in range(2):
        run = pool.start(record, "generate", GenerateRequest(prompt="log"))
        assert run.wait(20)
        assert "on purpose" in there(run.error).sentence


@pytest.mark.parametrize("kind", ["pipe", "link", "device", "socket"])
@pytest.mark.parametrize("where", ["before", "after"])
def test_a_checkpoint_with_what_is_no_file_never_becomes_a_model(
    registry: Callable[..., Registry],
    pool: WorkerPool,
    tmp_path: Path,
    write_dataset: Callable[..., Path],
    kind: str,
    where: str,
) -> None:
    record = registry("bad/swaps_files").record("swaps-files")
    folder = tmp_path / "t"
    folder.mkdir()
    (folder / "kind").write_text(f"{kind} {where}")
    data = Dataset(write_dataset(draw("text", 20)[0]))
    request = TrainRequest(dataset=data, steps=2, folder=folder / "work")
    run = pool.start(record, "train", request, fresh=True)
    assert run.wait(30)
    if where == "before":
        assert "has a file notes.txt" in there(run.error).sentence
    else:
        assert run.state is RunState.DONE
        with pytest.raises(StudioError):
            ModelStore().publish(folder / "work" / "model", "mine", {"generator": "swaps-files"})
        assert "mine" not in ModelStore().names()


@pytest.mark.parametrize("kind", ["pipe", "device"])
def test_models_and_plugins_with_pipes_in_them_are_told_of(
    registry: Callable[..., Registry], plugin_home: Callable[..., Path], tmp_path: Path, kind: str
) -> None:
    folder = plugin_home("echo")
    broken = ModelStore().folder / "broken"
    broken.mkdir(parents=True)
    for path in (
        folder / "echo.plugin.json",
        broken / "card.json",
        broken / "weights.safetensors",
    ):
        os.mkfifo(path) if kind == "pipe" else path.symlink_to("/dev/zero")
    assert registry().record("echo").state == "ready"
    assert [each for each in ModelStore().list() if not each.shipped] == []
    assert len(ModelStore().broken()) == 1


def test_only_files_are_opened(tmp_path: Path) -> None:
    file, link, pipe = tmp_path / "file", tmp_path / "link", tmp_path / "pipe"
    file.write_bytes(b"content")
    link.symlink_to(file)
    os.mkfifo(pipe)
    with files.open_plain(file) as stream:
        assert stream.read() == b"content"
    with files.open_plain(link) as stream:
        assert stream.read() == b"content"
    with pytest.raises(OSError, match="link"):
        files.open_plain(link, links=False)
    with socket.socket(socket.AF_UNIX) as plug:
        here = Path.cwd()
        os.chdir(tmp_path)
        plug.bind("socket")
        os.chdir(here)
    for path in (pipe, tmp_path, tmp_path / "socket", Path("/dev/zero"), tmp_path / "none"):
        with pytest.raises(OSError, match=path.name):
            files.open_plain(path)
