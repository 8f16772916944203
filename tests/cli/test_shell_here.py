"""`--here`: the plugin in the shell's own process, with what a worker would have made of it."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from shells import Popen

from aigc_studio import cli

pytestmark = pytest.mark.processes

HEAD = """import random
import numpy
from aigc_studio.api import *

@hookimpl
def describe():
    return Description(id="{id}", title="Mine", medium=Text)
"""
DRAWS = """
@hookimpl
def generate(request):
    import torch
    for n in range(request.count):
        numbers = random.random(), numpy.random.random(), torch.rand(1).item()
        yield Candidate(Text(f"{numbers} {request.threads > 0}"))
"""
TRAINS = """
@hookimpl
def train(request):
    step = 0
    try:
        while True:
            step += 1
            path = request.folder / f"one-{step}"
            save_model(path, {"step": step})
            yield Checkpoint(path, step, {})
            print("at", step, flush=True)
            import time; time.sleep(0.05)
    finally:
        print("closed", flush=True)
"""
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def plugin(tmp_path: Path, plugin_home: Callable[..., Path]) -> Callable[[str], Path]:
    """Call it with the hooks for the file of a plugin, of a name that no other test has."""
    plugin_home()

    def written(body: str) -> Path:
        path = tmp_path / "mine_here.py"
        path.write_text(HEAD.replace("{id}", "mine") + body, "utf-8")
        return path

    return written


@pytest.fixture
def process(tmp_path: Path) -> Run:
    """Call it with words, and what is typed, for the ended process of the shell."""

    def run(*words: object, typed: str = "") -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "aigc_studio", *map(str, words)]
        pipe = subprocess.PIPE
        with Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, encoding="utf-8") as shell:
            out, err = shell.communicate(typed, timeout=60)
        return subprocess.CompletedProcess(command, shell.returncode, out, err)

    return run


def texts(folder: Path) -> list[str]:
    return [each.read_text("utf-8") for each in sorted(folder.glob("*.txt"))]


def test_the_same_seed_makes_the_same_bytes_as_in_a_worker(
    plugin: Callable[[str], Path], tmp_path: Path, process: Run
) -> None:
    words = ["generate", "--plugin", plugin(DRAWS), "--seed", 5, "--count", 3, "--no-label"]
    for folder, more in (("worker", []), ("here", ["--here"])):
        assert process(*words, "--out", tmp_path / folder, *more).returncode == 0
    assert texts(tmp_path / "worker") == texts(tmp_path / "here")
    assert len(set(texts(tmp_path / "here"))) == 3


def test_a_breakpoint_opens_the_debugger(
    plugin: Callable[[str], Path], tmp_path: Path, process: Run
) -> None:
    body = "\n@hookimpl\ndef generate(request):\n    word = 'before'\n    breakpoint()\n"
    path = plugin(body + "    yield Candidate(Text(word))\n")
    words = ["generate", "--plugin", path, "--here", "--no-label", "--out", tmp_path / "out"]
    ended = process(*words, typed="p 6 * 7\nword = 'after'\nc\n")
    assert ended.returncode == 0
    assert f"{path}({HEAD.count(chr(10)) + 6})generate()" in ended.stdout
    assert "(Pdb) 42" in ended.stdout
    assert texts(tmp_path / "out") == ["after"]
    left = process(*words, typed="q\n")
    assert (left.returncode, left.stderr) == (130, "aigc-studio: The debugger was closed.\n")


def test_describe_and_the_import_can_be_looked_into(
    plugin: Callable[[str], Path], tmp_path: Path, process: Run
) -> None:
    path = plugin(
        "\nbreakpoint()\n@hookimpl\ndef generate(request):\n    yield Candidate(Text('x'))"
    )
    words = ["generate", "--plugin", path, "--here", "--out", tmp_path / "out"]
    ended = process(*words, typed="c\n")
    assert ended.returncode == 0
    assert ended.stdout.count("(Pdb)") == 1
    assert process(*words, typed="q\n").returncode == 130


def test_what_is_printed_goes_to_the_terminal_and_never_into_the_document(
    plugin: Callable[[str], Path], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    body = (
        "\n@hookimpl\ndef generate(request):\n    print('so far')\n    yield Candidate(Text('x'))"
    )
    words = ["generate", "--plugin", str(plugin(body)), "--here", "--out", str(tmp_path / "out")]
    assert cli.main(words) == 0
    assert "so far\n" in capfd.readouterr().out
    assert cli.main([*words, "--json"]) == 0
    printed = capfd.readouterr()
    assert json.loads(printed.out)
    assert "so far\n" in printed.err


PLACE = f"mine_here.py, line {HEAD.count(chr(10)) + 4}, in generate"
BROKEN = [
    ("    {}['a key']\n    yield", 1, "The plugin Mine broke: KeyError: 'a key' ({at})."),
    (
        "    yield Candidate(Image(numpy.zeros((8, 8), 'uint8')))",
        1,
        "The plugin Mine did not keep to the rules: it made an artifact of the medium image, and "
        "says that it makes text ({at}).",
    ),
    (
        "    yield Progress(1, 2)",
        1,
        "it made nothing, and 1 result was asked for (mine_here.py, line 10).",
    ),
    ("    return 3", 1, "did not keep to the rules: generate() returned int, and must yield"),
    ("    raise GeneratorError('Say more.', parameter='prompt')\n    yield", 2, "Say more."),
    ("    raise SystemExit(3)\n    yield", 1, "The plugin Mine broke: SystemExit: 3 ({at})."),
    (
        "    import asyncio\n    async def one():\n        raise KeyError('one')\n"
        "    async def all():\n        async with asyncio.TaskGroup() as group:\n"
        "            group.create_task(one())\n    asyncio.run(all())\n    yield",
        1,
        "The plugin Mine broke: KeyError: 'one' (mine_here.py, line 13, in one).",
    ),
    (
        "    from concurrent.futures import ThreadPoolExecutor\n"
        "    with ThreadPoolExecutor() as pool:\n        list(pool.map(int, ['x']))\n    yield",
        1,
        "invalid literal for int() with base 10: 'x' (mine_here.py, line 13, in generate).",
    ),
]


@pytest.mark.parametrize(("body", "status", "said"), BROKEN)
def test_what_fails_here_is_a_sentence_with_its_place(
    plugin: Callable[[str], Path],
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    body: str,
    status: int,
    said: str,
) -> None:
    path = plugin(f"\n@hookimpl\ndef generate(request):\n{body}\n")
    words = ["generate", "--plugin", str(path), "--here", "--out", str(tmp_path / "out")]
    assert cli.main(words) == status
    printed = capfd.readouterr().err
    assert said.format(at=PLACE) in printed
    assert "Traceback" not in printed
    assert "worker's log" not in printed


@pytest.mark.parametrize(("body", "status", "said"), [BROKEN[0], BROKEN[3], BROKEN[6]])
def test_what_fails_in_a_worker_fails_with_the_same_sentence(
    plugin: Callable[[str], Path],
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    body: str,
    status: int,
    said: str,
) -> None:
    path = plugin(f"\n@hookimpl\ndef generate(request):\n{body}\n")
    words = ["generate", "--plugin", str(path), "--out", str(tmp_path / "out")]
    assert cli.main(words) == status
    printed = capfd.readouterr().err
    assert said.format(at=PLACE) in printed
    assert "Traceback" not in printed
    assert "worker's log" in printed


@pytest.mark.parametrize("here", [[], ["--here"]], ids=["a worker", "here"])
def test_a_thread_that_broke_is_told(
    plugin: Callable[[str], Path], tmp_path: Path, process: Run, here: list[str]
) -> None:
    body = (
        "\n@hookimpl\ndef generate(request):\n    import threading\n"
        "    thread = threading.Thread(target=lambda: {}['a key'])\n    thread.start()\n"
        "    thread.join()\n    yield Candidate(Text('x'))\n"
    )
    ended = process("generate", "--plugin", plugin(body), *here, "--out", tmp_path / "out")
    assert ended.returncode == 0
    sentence = "A thread of the plugin Mine broke: KeyError: 'a key' (mine_here.py, line 12, in "
    assert ended.stderr.count(sentence) == 1


def test_its_traceback_is_whole(
    plugin: Callable[[str], Path], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    body = (
        "\ndef deep(n):\n    words = f'{n}' + 'x' * 700\n    if n:\n        try:\n"
        "            deep(n - 1)\n        except ValueError as error:\n"
        "            raise ValueError(words) from error\n    raise ValueError('the first cause')\n"
        "\n@hookimpl\ndef generate(request):\n    deep(150)\n    yield\n"
    )
    words = ["generate", "--plugin", str(plugin(body)), "--here", "--out", str(tmp_path / "out")]
    assert cli.main([*words, "--traceback"]) == 1
    printed = capfd.readouterr().err
    assert "ValueError: the first cause" in printed
    assert len(printed) > 100_000


def test_what_only_a_worker_can_is_refused(
    plugin: Callable[[str], Path], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = plugin(DRAWS)
    path.with_suffix(".plugin.json").write_text('{"interpreter": "/usr/bin/python"}', "utf-8")
    words = ["--plugin", str(path), "--here", "--out", str(tmp_path / "out")]
    assert cli.main(["generate", *words]) == 2
    sentence = "The plugin mine_here has a Python of its own (/usr/bin/python): leave --here out."
    assert sentence in capfd.readouterr().err


@pytest.fixture
def started(
    plugin: Callable[[str], Path], tmp_path: Path
) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Call it with the hooks and words for a process that has said `at 2` or that it began."""
    processes: list[subprocess.Popen[str]] = []

    def start(body: str, *words: object) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "aigc_studio", *map(str, words), "--here"]
        process = Popen(
            [*command, "--plugin", str(plugin(body))],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8",
        )  # fmt: skip
        processes.append(process)
        assert process.stdout is not None
        for line in process.stdout:
            if line in ("at 2\n", "began\n"):
                break
        return process

    yield start
    for process in processes:
        process.kill()
        process.communicate()


@pytest.mark.skipif(os.name != "posix", reason="SIGINT")
def test_ctrl_c_closes_a_training_that_can_go_on(
    started: Callable[..., subprocess.Popen[str]], tmp_path: Path
) -> None:
    data = tmp_path / "texts"
    data.mkdir()
    for n in range(4):
        (data / f"{n}.txt").write_text(f"text {n}", "utf-8")
    process = started(TRAINS, "train", "--data", data, "--out", "mine", "--steps", 9999)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert out.endswith("closed\n")
    path = tmp_path / "mine_here.py"
    assert f"Resume with: aigc-studio train mine --plugin {path} --resume" in err
    assert "Keep its best model with:" in err


@pytest.mark.skipif(os.name != "posix", reason="SIGINT")
def test_ctrl_c_ends_what_does_not_yield(
    started: Callable[..., subprocess.Popen[str]], tmp_path: Path
) -> None:
    body = (
        "\n@hookimpl\ndef generate(request):\n    print('began', flush=True)\n"
        "    import time; time.sleep(600)\n    yield\n"
    )
    process = started(body, "generate", "--out", tmp_path / "out")
    process.send_signal(signal.SIGINT)
    _out, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert err == "aigc-studio: Cancelled.\n"
