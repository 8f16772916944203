"""`aigc-studio train --processes N`, and the same command under torchrun."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
import torch

from aigc_studio import cli, family
from aigc_studio.files import files_below
from aigc_studio.library import DatasetStore, ModelStore, TrainingStore
from aigc_studio.toolkit import load_weights

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not torch.distributed.is_available(), reason="torch without distributed"),
    pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc"),
]

Shell = Callable[..., tuple[int, str, str]]
SECONDS = 120


@pytest.fixture
def shell(
    plugin_home: Callable[..., Path], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> Shell:
    """Call it with words for (status, standard output, standard error)."""
    plugin_home("slopes", "spans")
    bring_tales(tmp_path)

    def run(*words: object) -> tuple[int, str, str]:
        status = cli.main([str(word) for word in words])
        printed = capfd.readouterr()
        return status, printed.out, printed.err

    return run


def bring_tales(folder: Path) -> None:
    lines = "\n".join("x" * (number % 17 + 3) + f" {number}." for number in range(64))
    (folder / "tales.txt").write_text(lines)
    list(DatasetStore().import_files(folder / "tales.txt", "tales", "text"))


def train(name: str, *words: object) -> list[object]:
    return ["train", "slopes", "--data", "tales", "--out", name, *words]


def weights(name: str) -> list[float]:
    tensors, _about = load_weights(ModelStore().find(name).folder / "weights.safetensors")
    return [float(each) for tensor in tensors.values() for each in tensor.reshape(-1)]


def started(*words: object, **variables: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "aigc_studio", *map(str, words)]
    pipe = subprocess.PIPE
    environment = os.environ | variables
    return subprocess.Popen(command, stderr=pipe, stdout=pipe, text=True, env=environment)


def members(process: subprocess.Popen[str], home: str) -> list[psutil.Process]:
    """The processes of a training that a command has started: its worker's family."""
    return [psutil.Process(pid) for pid in of_home_now(home) if pid != process.pid]


_alone: dict[int, list[float]] = {}
"""What one process learns in so many steps: the same each time, as nothing is drawn at random."""


def learnt_alone(shell: Shell, steps: int) -> list[float]:
    if steps not in _alone:
        assert shell(*train("one", "--steps", steps))[0] == 0
        _alone[steps] = weights("one")
    return _alone[steps]


def until(condition: Callable[[], object]) -> None:
    due = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < due
        time.sleep(0.05)


def check_loopback(processes: list[psutil.Process]) -> None:
    """On one machine nothing but the loopback is used."""
    sockets = [
        each for process in processes for each in process.net_connections("inet") if each.laddr
    ]
    assert sockets
    assert {each.laddr.ip.removeprefix("::ffff:") for each in sockets} <= {"127.0.0.1", "::1"}


def is_gone(pid: int) -> bool:
    return not family.is_alive(pid)


def test_two_processes_learn_what_one_learns_with_the_same_batches(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    status, _out, err = shell(*train("two", "--steps", 60, "--processes", 2))
    assert status == 0, err
    assert weights("two") == pytest.approx(learnt_alone(shell, 60), abs=1e-9)
    assert ModelStore().find("two").card["processes"] == 2
    assert "Training" in err
    assert "2 processes share 1 core: this is slower than one process." in err


@pytest.mark.timeout(300)  # two processes begin with torch, and two again
def test_ctrl_c_ends_all_and_the_training_goes_on_as_if_nothing_had_been(shell: Shell) -> None:
    alone = learnt_alone(shell, 120)
    slow = ("--steps", 120, "--processes", 2, "--trouble", "slow")
    with started(*train("two", *slow)) as process:
        work = TrainingStore().folder
        until(lambda: any(path.name == "metrics.jsonl" for path in files_below(work)))
        training = members(process, os.environ["AIGC_STUDIO_HOME"])
        pids = [each.pid for each in training]
        assert len(pids) >= 4  # warden, launcher and two that train
        check_loopback(training)
        process.send_signal(signal.SIGINT)
        _out, err = process.communicate(timeout=SECONDS)
    assert process.returncode == 130, err
    assert "Traceback" not in err
    until(lambda: all(map(is_gone, pids)))
    (kept,) = TrainingStore().interrupted()
    assert any(path.name == "resume.safetensors" for path in files_below(work))
    status, _out, err = shell("train", "slopes", "--resume", kept.id, "--processes", 2)
    assert status == 0, err
    assert weights("two") == pytest.approx(alone, abs=1e-6)


@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        ("breaks in 1", "One of the processes of this training broke: KeyError: 'trouble'."),
        ("breaks in 0", "The plugin Slopes broke: KeyError: 'trouble'"),
        ("dies in 1", "Another of the 2 processes of this training has ended"),
        ("dies in 0", "The plugin Slopes"),
    ],
)
def test_when_one_ends_all_end_with_one_sentence(shell: Shell, trouble: str, said: str) -> None:
    home, seen = os.environ["AIGC_STUDIO_HOME"], list[int]()
    looker = threading.Thread(target=look_for, args=(home, seen), daemon=True)
    looker.start()
    status, _out, err = shell(*train("m", "--steps", 4000, "--processes", 2, "--trouble", trouble))
    looker.join()
    assert status == 1, err
    assert said in err
    assert "Traceback" not in err
    assert len([line for line in err.splitlines() if line.startswith("aigc-studio:")]) == 1
    assert len(seen) >= 4  # warden, launcher and two that train
    until(lambda: not of_home_now(home))


def of_home_now(home: str) -> list[int]:
    return [each.pid for each in psutil.process_iter() if of_home(each, home)]


def look_for(home: str, seen: list[int]) -> None:
    """Note the processes of a training once it has them all."""
    due = time.monotonic() + SECONDS
    while len(seen) < 4 and time.monotonic() < due:
        seen[:] = of_home_now(home)


def of_home(process: psutil.Process, home: str) -> bool:
    """Whether a worker or what it started is there, and works for this home: its log lies there.

    Its variables do not say: what is forked still shows those of the process it was forked from.
    """
    try:
        folder = Path(f"/proc/{process.pid}/fd")
        links = [os.readlink(each) for each in folder.iterdir()]
    except OSError:
        return False
    return process.pid != os.getpid() and any(link.startswith(f"{home}/") for link in links)


def test_what_cannot_be_is_a_sentence_before_anything_begins(
    shell: Shell,
) -> None:
    status, _out, err = shell(*train("m", "--steps", 3, "--processes", 0))
    assert (status, "--processes must be a whole number from 1 to 256, not 0" in err) == (2, True)
    status, _out, err = shell(*train("m", "--steps", 3, "--processes", 2, "--batch", 7))
    assert "2 processes cannot share batches of 7 evenly" in err
    assert TrainingStore().list() == []
    spans = ("train", "spans", "--data", "tales", "--steps", 3, "--out", "m", "--processes", 2)
    status, _out, err = shell(*spans)
    assert (status, "cannot train on several processes" in err) == (2, True)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def test_the_same_command_under_torchrun_on_two_machines(
    shell: Shell, tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two commands on one machine, which meet on its loopback; each has a library of its own."""
    alone = learnt_alone(shell, 60)
    other = tmp_path / "other home"
    port = free_port()
    with monkeypatch.context() as patch:
        patch.setenv("AIGC_STUDIO_HOME", str(other))
        bring_tales(tmp_path)
    launch = ["-m", "torch.distributed.run", "--nnodes", "2", "--nproc-per-node", "1",
              "--master-addr", "127.0.0.1", "--master-port", str(port)]  # fmt: skip
    words = ["-m", "aigc_studio", *map(str, train("two", "--steps", 60))]
    machines = [
        subprocess.Popen(
            [sys.executable, *launch, "--node-rank", str(number), *words],
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ | {"GLOO_SOCKET_IFNAME": "lo"} | variables,
        )
        for number, variables in enumerate(({}, {"AIGC_STUDIO_HOME": str(other)}))
    ]
    told = [each.communicate(timeout=SECONDS)[1] for each in machines]
    assert [each.returncode for each in machines] == [0, 0], told
    assert weights("two") == pytest.approx(alone, abs=1e-9)
    assert not (other / "data" / "models").exists()
