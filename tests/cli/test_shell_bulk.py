"""Many results: without a limit, as they come, gone on with by seed, or straight into a dataset."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from aigc_studio import cli
from aigc_studio.api import Candidate, GenerateRequest, Progress, Text
from aigc_studio.cli import naming, pace
from aigc_studio.cli.console import Console
from aigc_studio.files import files_below
from aigc_studio.host import Registry, Run, RunState, WorkerPool
from aigc_studio.host.mail import MOST_WAITING
from aigc_studio.library import DatasetStore

Shell = Callable[..., tuple[int, str, str]]

CLASSES = """
from aigc_studio.api import *

@hookimpl
def describe():
    return Description(id="many", title="Many", medium=Text)

@hookimpl
def generate(request):
    for n in range(request.count):
        seed = request.seed + n
        for word in request.prompt.split() or ["x"]:
            yield Candidate(Text(f"{word} {seed}"), seed=seed, title=word)
"""


@pytest.fixture
def shell(
    plugin_home: Callable[..., Path],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Shell:
    """Call it with words for (status, standard output, standard error)."""
    folder = plugin_home("echo")
    (folder / "many.py").write_text(CLASSES, encoding="utf-8")
    monkeypatch.setenv("AIGC_STUDIO_PLUGINS", "echo,many")

    def run(*words: object) -> tuple[int, str, str]:
        status = cli.main([str(each) for each in words])
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return run


def contents(folder: Path) -> dict[str, bytes]:
    return {each.name: each.read_bytes() for each in folder.iterdir()}


def test_a_count_has_no_limit_and_the_bytes_do_not_depend_on_it(
    shell: Shell, tmp_path: Path
) -> None:
    words = ("generate", "many", "--seed", 5, "--no-label", "--out")
    status, out, err = shell(*words, tmp_path / "many", "--count", 300)
    assert status == 0, err
    assert out == f"300 results are in {tmp_path / 'many'}, from seed 5 to 304.\n"
    assert shell(*words, tmp_path / "few", "--count", 3)[0] == 0
    many, few = contents(tmp_path / "many"), contents(tmp_path / "few")
    assert set(many) == {f"many-{seed}.txt" for seed in range(5, 305)}
    assert few.items() < many.items()


def test_a_long_document_is_one(shell: Shell, tmp_path: Path) -> None:
    words = ("generate", "many", "--seed", 0, "--out", tmp_path, "--json", "--count")
    status, out, _err = shell(*words, 100)
    document = json.loads(out)
    assert (status, len(document["candidates"])) == (0, 100)
    assert document["candidates"][99]["path"] == str(tmp_path / "many-99.txt")
    assert json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n" == out


@pytest.mark.parametrize("prompt", ["", "a b c"])
def test_what_was_cut_off_goes_on_by_seed(shell: Shell, tmp_path: Path, prompt: str) -> None:
    words = ("generate", "many", "--seed", 7, "--prompt", prompt, "--out")
    assert shell(*words, tmp_path / "whole", "--count", 90)[0] == 0
    torn = tmp_path / "torn"
    assert shell(*words, torn, "--count", 40)[0] == 0
    # Cut off within a seed of several results, and with an empty file as a power cut leaves it.
    (torn / "many-46-3.txt").unlink(missing_ok=True)
    (torn / "many-45.txt").write_bytes(b"")
    before = {each: each.stat().st_mtime_ns for each in torn.iterdir()}
    status, _out, err = shell(*words, torn, "--count", 90, "--resume")
    assert status == 0, err
    assert "38 of 90 seeds are there already." in err
    assert contents(torn) == contents(tmp_path / "whole")
    kept = [each for each in before if each.name != "many-45.txt"]
    assert [each.stat().st_mtime_ns for each in kept] == [before[each] for each in kept]
    status, out, err = shell(*words, torn, "--count", 90, "--resume", "--json")
    assert (status, len(json.loads(out)["candidates"])) == (0, 3 if prompt else 1)
    assert "90 of 90 seeds are there already." in err


@pytest.mark.parametrize("label", [(), ("--no-label",)])
def test_going_on_with_other_words_is_refused(
    shell: Shell, tmp_path: Path, label: tuple[str, ...]
) -> None:
    words = ("generate", "many", "--seed", 7, "--out", tmp_path / "x", *label, "--count")
    assert shell(*words, 3, "--prompt", "a b")[0] == 0
    before = contents(tmp_path / "x")
    for count in (3, 9):
        status, out, err = shell(*words, count, "--prompt", "b", "--resume")
        assert (status, out) == (2, "")
        assert err.count("\n") == 1
        assert "was made with other settings" in err
        assert "already exists" not in err
        assert ("(--prompt 'a b')" in err) == (not label)
        assert contents(tmp_path / "x") == before


@pytest.mark.parametrize("prompt", ["", "a b"])
def test_the_numbers_of_what_was_gone_on_with_agree(
    shell: Shell, tmp_path: Path, prompt: str
) -> None:
    each = max(1, len(prompt.split()))
    folder = tmp_path / "big"
    words = ("generate", "many", "--seed", 1, "--prompt", prompt, "--out", folder, "--count")
    assert shell(*words, 20)[0] == 0
    status, out, _err = shell(*words, 120, "--resume")
    assert status == 0
    assert out == (
        f"{100 * each} made now: {120 * each} results are in {folder}, from seed 1 to 120.\n"
    )
    assert len(list(folder.glob("*.txt"))) == 120 * each
    status, out, _err = shell(*words, 120, "--resume")
    assert f"0 made now: {120 * each} results are in" in out


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--out", "x", "--resume"), "--resume needs the --seed"),
        (("--to-data", "x", "--out", "y"), "leave --out and --resume out"),
        (("--to-data", "x", "--resume"), "leave --out and --resume out"),
        (("--to-data", "a/b"), "a/b"),
        (("--out", "x", "--seed", 2**63 - 1, "--count", 2), "Seeds end at"),
    ],
)
def test_what_does_not_go_together_is_a_sentence(
    shell: Shell, words: tuple[object, ...], sentence: str
) -> None:
    status, out, err = shell("generate", "many", *words)
    assert (status, out) == (2, "")
    assert sentence in err


def test_the_command_to_go_on_has_the_seed_once() -> None:
    class Arguments:
        words = ("generate", "many", "--seed", "9", "--resume", "--prompt=a b", "--seed=4")

    command = naming.resuming(Arguments(), 4)  # type: ignore[arg-type]
    assert command == "aigc-studio generate many '--prompt=a b' --seed 4 --resume"


def test_straight_into_a_dataset(shell: Shell) -> None:
    words = ("generate", "many", "--seed", 1, "--count", 200, "--prompt", "a b", "--to-data")
    status, out, err = shell(*words, "made", "--json")
    assert status == 0, err
    told = json.loads(out)
    store = DatasetStore()
    info = store.info("made")
    assert (info.examples, info.train, info.test) == (400, told["train"], told["test"])
    assert info.test > 0
    assert info.source == "generated by many 0, prompt 'a b', seeds 1 to 200"
    found = store.browse("made")
    texts = [found.artifact(n) for n in range(len(found))]
    assert texts[:3] == [Text("a 1"), Text("b 1"), Text("a 2")]
    # What one seed made is not torn apart by the split.
    parts = [found.info(n) for n in range(len(found))]
    assert all(parts[n].split == parts[n + 1].split for n in range(0, len(parts), 2))
    for again in ("made", " MADE "):
        status, _out, err = shell(*words, again)
        assert status == 2
        assert err == f"aigc-studio: The name {again.strip()} is taken: choose another.\n"


def test_a_dataset_that_nothing_was_made_for_is_no_word_worth(shell: Shell) -> None:
    status, _out, err = shell("generate", "many", "--count", 0, "--to-data", "made")
    assert status == 2
    assert err.count("\n") == 1
    assert "made" not in err


def test_a_dataset_that_breaks_half_way_is_not_there(
    shell: Shell, plugin_home: Callable[..., Path]
) -> None:
    code = CLASSES.replace("        seed =", "        1 / (n - 150)\n        seed =")
    (plugin_home() / "many.py").write_text(code, encoding="utf-8")
    status, _out, err = shell("generate", "many", "--count", 200, "--to-data", "made")
    assert status == 1
    assert "Nothing of the dataset made was kept." in err
    assert "many.py, line " in err
    assert DatasetStore().names() == []
    assert not list(DatasetStore().folder.iterdir())


@pytest.mark.skipif(os.name != "posix", reason="Windows has no SIGINT to send")
@pytest.mark.parametrize("place", ["--out", "--to-data"])
def test_cut_off_in_the_middle(shell: Shell, tmp_path: Path, place: str) -> None:
    target = tmp_path / "made" if place == "--out" else "made"
    words = ["generate", "many", "--count", "1000000", "--no-label", place, str(target)]
    command = [sys.executable, "-m", "aigc_studio", *words]
    folder = tmp_path / "made" if place == "--out" else DatasetStore().folder
    with subprocess.Popen(command, stderr=subprocess.PIPE, encoding="utf-8") as process:
        due = time.monotonic() + 60
        while not any(not path.name.startswith(".") for path in files_below(folder)):
            assert process.poll() is None
            assert time.monotonic() < due
            time.sleep(0.02)
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        err = process.communicate(timeout=60)[1]
    assert process.returncode == 130, err
    if place == "--to-data":
        assert "Nothing of the dataset made was kept." in err
        assert not list(folder.iterdir())
        return
    made = len(list(folder.glob("*.txt")))
    assert f"{made} results were saved before" in err
    assert not list(folder.glob(".*"))
    (line,) = [line for line in err.splitlines() if line.startswith("Make the rest with: ")]
    assert " --seed " in line
    assert line.endswith(" --resume")


def test_a_generator_that_is_faster_waits_for_its_reader() -> None:
    """Nothing piles up on this side while somebody reads."""
    import threading

    run = Run(None, "generate", GenerateRequest())  # type: ignore[arg-type]
    documents = [
        {"type": "candidate", "artifact": {"medium": "text", "data": "eA=="}, "latent": None,
         "probability": None, "strip": "", "position": 0, "seed": n, "title": "", "part": False}
        for n in range(500)
    ]  # fmt: skip
    taken: list[int] = []

    def feed() -> None:
        for n, document in enumerate(documents[1:]):
            run.take_events([document], Path())
            taken.append(n)
        run.finish(RunState.DONE)

    run.take_events(documents[:1], Path())
    events = run.events()
    first = next(events)  # from here on somebody reads
    assert isinstance(first, Candidate)
    thread = threading.Thread(target=feed, daemon=True)
    thread.start()
    for _time in range(1000):
        if len(taken) >= MOST_WAITING:
            break
        time.sleep(0.01)
    time.sleep(0.3)
    assert MOST_WAITING <= len(taken) <= MOST_WAITING + 1
    assert [first.seed, *(each.seed for each in events if isinstance(each, Candidate))] == list(
        range(500)
    )
    thread.join(10)
    assert not thread.is_alive()


@pytest.mark.parametrize("end", ["stop", "cancel", "close"])
def test_a_reader_that_leaves_holds_nobody_up(end: str) -> None:
    import threading

    run = Run(None, "generate", GenerateRequest())  # type: ignore[arg-type]
    begun = threading.Event()

    def feed() -> None:
        begun.wait(10)
        for _n in range(200):
            run.take_events([{"type": "message", "text": "x", "level": "info"}], Path())

    thread = threading.Thread(target=feed, daemon=True)
    thread.start()
    run.take_events([{"type": "message", "text": "x", "level": "info"}], Path())
    events = run.events()
    next(events)
    begun.set()
    time.sleep(0.2)
    assert thread.is_alive()
    {"stop": run.stop, "cancel": run.cancel, "close": events.close}[end]()  # type: ignore[attr-defined]
    thread.join(10)
    assert not thread.is_alive()


def test_the_worker_stands_still_while_nobody_takes_its_results(
    plugin_home: Callable[..., Path],
    monkeypatch: pytest.MonkeyPatch,
    pool: WorkerPool,
    tmp_path: Path,
) -> None:
    count = tmp_path / "count"
    body = f"""
    with open({str(count)!r}, "w") as file:
        for n in range(100000):
            print(n, file=file, flush=True)
            yield Candidate(Text("x" * 1000))
"""
    code = CLASSES[: CLASSES.index("    for n in")] + body
    (plugin_home("echo") / "many.py").write_text(code, encoding="utf-8")
    monkeypatch.setenv("AIGC_STUDIO_PLUGINS", "many")
    record = Registry().find("many")
    run = pool.start(record, "generate", GenerateRequest(count=100000))
    events = run.events()
    next(events)
    time.sleep(1.0)
    made = len(count.read_text("utf-8").splitlines())
    time.sleep(0.5)
    assert len(count.read_text("utf-8").splitlines()) == made < 5000
    run.cancel()
    assert run.wait(10)


def test_progress_tells_count_rate_and_time_left(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    clock = {"now": 100.0}
    monkeypatch.setattr("aigc_studio.cli.pace.time.monotonic", lambda: clock["now"])
    show = pace.Pace(Console(), 1000, 10_000)
    for n in range(2000):
        clock["now"] += 0.01
        show(Progress(1, 2, "the plugin's own"))
        show(Candidate(Text("x"), seed=1000 + n))
    last = capsys.readouterr().err.splitlines()[-1]
    assert "own" not in last
    assert last.startswith(" 15% 1,500 of 10,000, 100 a second · 1:2")
    assert last.endswith(" left")


def test_the_files_are_of_the_format_that_is_asked_for(shell: Shell, tmp_path: Path) -> None:
    words = ("generate", "many", "--seed", 5, "--count", 2, "--out", tmp_path / "x", "--format")
    assert shell(*words, "MD")[0] == 0
    assert {"many-5.md", "many-6.md"} <= contents(tmp_path / "x").keys()
    assert not list((tmp_path / "x").glob("*.txt"))
    status, _out, err = shell(*words, "md", "--resume")
    assert status == 0
    assert "2 of 2 seeds are there already" in err
    status, _out, err = shell(*words, "wav")
    assert status == 2
    assert "--format must be one of txt, md for Many, not wav." in err
    assert {"many-5.md", "many-6.md"} <= contents(tmp_path / "x").keys()
    assert not list((tmp_path / "x").glob("*.txt"))
