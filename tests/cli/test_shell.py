"""The shell on texts and melodies: what works for pictures works for everything."""

import errno
import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import time
import wave
from collections.abc import Callable
from pathlib import Path
from typing import Any, Never

import numpy as np
import pytest
from kinds import a_melody
from PIL import Image as Pillow

from aigc_studio import cli
from aigc_studio.api import Checkpoint, Melody, Note
from aigc_studio.host import leftovers
from aigc_studio.host.run_errors import RunError, RunFailed
from aigc_studio.library import (
    DatasetStore,
    ModelInfo,
    ModelStore,
    Training,
    TrainingStore,
    readers,
)
from aigc_studio.library.new_trainings import NewTraining
from aigc_studio.project.export import read_provenance

Shell = Callable[..., tuple[int, str, str]]
SENTENCES = "The fox runs over the hill.\nThe hen sits on the wall.\nThe fox sees the hen.\n" * 4


@pytest.fixture
def shell(plugin_home: Callable[..., Path], capsys: pytest.CaptureFixture[str]) -> Shell:
    """Call it with words for (status, standard output, standard error)."""
    plugin_home("spans", "bars", "echo")

    def run(*words: object) -> tuple[int, str, str]:
        status = cli.main([str(word) for word in words])
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return run


@pytest.fixture(scope="module")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the home with a model in it lies, once a test has made it."""
    return tmp_path_factory.mktemp("homes")


@pytest.fixture
def trained(shell: Shell, home: Path, tmp_path: Path, homes: Path) -> dict[str, Any]:
    """A model of the text plugin called `fox`, trained once for all tests of this file."""
    source = tmp_path / "故事.txt"
    source.write_text(SENTENCES, encoding="utf-8")
    told: dict[str, Any]
    if (homes / "told.json").exists():
        shutil.copytree(homes / "home", home, dirs_exist_ok=True)
        told = json.loads((homes / "told.json").read_bytes())
        return told
    assert shell("data", "import", source, "--name", "tales", "--medium", "text")[0] == 0
    status, out, err = shell(
        "train", "spans", "--data", "tales", "--steps", 20, "--out", "fox", "--json"
    )
    assert status == 0, err
    shutil.copytree(home, homes / "home", ignore=shutil.ignore_patterns("plugins", "cache"))
    (homes / "told.json").write_text(out)
    told = json.loads(out)
    return told


def test_training_says_what_it_made(trained: dict[str, Any]) -> None:
    assert trained["model"] == "fox"
    assert trained["steps"] == 20
    assert trained["seconds"] > 0
    assert trained["metrics"]


def test_the_same_seed_gives_the_same_bytes(
    shell: Shell, trained: dict[str, Any], tmp_path: Path
) -> None:
    words = ("generate", "spans", "--model", "fox", "--seed", 5, "--count", 2, "--out")
    assert shell(*words, tmp_path / "a")[0] == 0
    assert shell(*words, tmp_path / "结果 b")[0] == 0
    first = {path.name: path.read_bytes() for path in (tmp_path / "a").iterdir()}
    again = {path.name: path.read_bytes() for path in (tmp_path / "结果 b").iterdir()}
    assert first == again
    assert {"spans-5.txt", "spans-6.txt"} <= set(first)


def test_flags_come_from_the_schema(shell: Shell, trained: dict[str, Any], tmp_path: Path) -> None:
    words = ("generate", "spans", "--model", "fox", "--seed", 1, "--out", tmp_path)
    assert shell(*words, "--length", 12, "--set", "keep_prompt=no")[0] == 0
    assert len((tmp_path / "spans-1.txt").read_text(encoding="utf-8")) == 12
    status, out, _err = shell("generate", "spans", "--parameters")
    assert status == 0
    assert "--temperature" in out
    assert "0.1 … 2.0" in out


def test_editing_a_span_leaves_the_rest(
    shell: Shell, trained: dict[str, Any], tmp_path: Path
) -> None:
    source = tmp_path / "in.txt"
    source.write_text("The fox runs over the hill.", encoding="utf-8")
    status, out, err = shell(
        "edit", "spans", "--model", "fox", "--input", source, "--span", "4:12",
        "--seed", 1, "--out", tmp_path / "out.txt", "--json",
    )  # fmt: skip
    assert status == 0, err
    made = (tmp_path / "out.txt").read_text(encoding="utf-8")
    assert made.startswith("The ")
    assert made.endswith(" over the hill.")
    assert json.loads(out)["candidates"] == [
        {"path": str(tmp_path / "out.txt"), "medium": "text", "seed": 1}
    ]


@pytest.mark.parametrize("place", [0, 3, 27])
def test_a_place_between_two_characters_can_be_edited_at(
    shell: Shell, trained: dict[str, Any], tmp_path: Path, place: int
) -> None:
    words = "The fox runs over the hill."
    source = tmp_path / "in.txt"
    source.write_text(words, encoding="utf-8")
    for operation in ("continue", "rewrite"):
        status, _out, err = shell(
            "edit", "spans", "--operation", operation, "--model", "fox", "--input", source,
            "--span", f"{place}:{place}", "--seed", 1, "--out", tmp_path / f"{operation}.txt",
        )  # fmt: skip
        assert status == 0, err
        made = (tmp_path / f"{operation}.txt").read_text(encoding="utf-8")
        assert made.startswith(words[:place])
        assert made.endswith(words[place:])
        assert len(made) > len(words)


def test_a_melody_is_learned_made_and_edited(shell: Shell, tmp_path: Path) -> None:
    notes = tuple(Note(n * 480, 480, 60 + n * 5 % 12) for n in range(16))
    source = tmp_path / "曲.melody.json"
    source.write_text(Melody(notes).to_json(), encoding="utf-8")
    assert shell("data", "import", source, "--name", "tune", "--medium", "melody")[0] == 0
    assert shell("train", "bars", "--data", "tune", "--steps", 5, "--out", "march")[0] == 0
    words = ("--model", "march", "--seed", 3, "--out")
    assert shell("generate", "bars", *words, tmp_path)[0] == 0
    assert isinstance(readers.read_artifact(tmp_path / "bars-3.mid"), Melody)
    edited = tmp_path / "edited.mid"
    status, _out, err = shell("edit", "bars", "--input", source, "--bars", "2:3", *words, edited)
    assert status == 0, err
    again = a_melody(readers.read_artifact(edited))
    ticks = again.ticks_per_quarter

    def outside(melody: Melody) -> list[tuple[float, int]]:
        bars = ((note.start // (melody.ticks_per_quarter * 4), note) for note in melody.notes)
        return [
            (note.start / melody.ticks_per_quarter, note.pitch)
            for bar, note in bars
            if bar not in (1, 2)
        ]

    assert ticks > 0
    assert outside(again) == outside(Melody(notes))
    # The same as sound: an edit of the same seed, which says how it was made.
    heard = tmp_path / "heard.wav"
    status, _out, err = shell("edit", "bars", "--input", source, "--bars", "2:3", *words, heard)
    assert status == 0, err
    assert read_provenance(heard) == read_provenance(edited) is not None
    with wave.open(str(heard)) as file:
        assert file.getnframes() / file.getframerate() >= 8.0


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("generate", "nobody", "--out", "x"), "There is no generator nobody"),
        (("generate", "echo", "--count", "-3", "--out", "x"), "at least 1, not -3"),
        (("generate", "echo", "--out", "x", "--colour", "red"), "no parameter colour"),
        (("generate", "echo"), "--out FOLDER is missing"),
        (("train", "echo", "--data", "x", "--out", "y"), "cannot do this"),
        (("train", "spans", "--data", "nowhere", "--steps", "1", "--out", "y"), "neither a data"),
        (("train", "spans", "--data", "digits", "--steps", "1", "--out", "y"), "data fetch digits"),
        (("edit", "spans", "--out", "y.txt"), "--input FILE is missing"),
        (("edit", "spans", "--input", "none.txt", "--out", "y.7z"), "y.7z cannot be exported like"),
        (("edit", "spans", "--input", "", "--out", "y.txt"), "--input is empty: name a file or a"),
        (("generate", "echo", "--out", " "), "--out is empty: name a file or a folder"),
        (("data", "import", ""), "after “aigc-studio data import” is empty: name a file or a"),
        (("models", "import", ""), "after “aigc-studio models import” is empty: name a file or a"),
        (("plugins", "check", ""), "after “aigc-studio plugins check” is empty: name a file or a"),
        (("plugins", "install", ""), "“aigc-studio plugins install” is empty: name a file or a"),
        (("generate", "echo", "--plugin", " ", "--out", "x"), "--plugin is empty: name a file or"),
        (
            ("models", "show", ""),
            "after “aigc-studio models show” is empty: say which one is meant",
        ),
        (("evaluate", "nothing"), "nothing"),
        (("models", "show", "nothing"), "nothing"),
        (("data", "show", "nothing"), "There is no dataset nothing"),
        (("plugins", "check", "nothing.py"), "nothing.py"),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_status_2(
    shell: Shell,
    words: tuple[str, ...],
    sentence: str,
    tmp_path: Path,
) -> None:
    before = sorted(tmp_path.rglob("*.txt"))
    status, out, err = shell(*words)
    assert status == 2
    assert sentence in err
    assert err.strip().count("\n") == 0
    assert not out
    assert sorted(tmp_path.rglob("*.txt")) == before


def test_a_result_never_replaces_another(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "echo-1.txt").write_text("mine", encoding="utf-8")
    status, _out, err = shell("generate", "echo", "--seed", 1, "--out", tmp_path)
    assert status == 2
    assert "echo-1.txt" in err
    assert (tmp_path / "echo-1.txt").read_text(encoding="utf-8") == "mine"


def test_a_text_and_its_label_are_written_both_or_neither(shell: Shell, tmp_path: Path) -> None:
    label = tmp_path / "echo-1.txt.provenance.json"
    label.write_text("mine", encoding="utf-8")
    status, _out, err = shell("generate", "echo", "--seed", 1, "--out", tmp_path)
    assert (status, label.read_text(encoding="utf-8")) == (2, "mine")
    assert label.name in err
    assert not (tmp_path / "echo-1.txt").exists()


def test_the_same_text_made_otherwise_is_named_itself_and_kept(
    shell: Callable[..., tuple[int, str, str]], trained: Any, tmp_path: Path
) -> None:
    source, made = tmp_path / "in.txt", tmp_path / "made.txt"
    source.write_text("The fox runs.", encoding="utf-8")
    words = ("edit", "spans", "--input", source, "--span", "4:7", "--out", made, "--seed", 1)
    assert shell(*words)[0] == 0
    assert shell(*words)[0] == 0  # nothing else: nothing to say
    label = tmp_path / "made.txt.provenance.json"
    before = label.read_bytes().replace(b'"seed": 1', b'"seed": 2')
    label.write_bytes(before)
    status, _out, err = shell(*words)
    assert status == 2
    assert f"There is already {label.name} beside {made}" in err
    assert label.read_bytes() == before


def test_a_report_on_models_is_written(
    shell: Shell, trained: dict[str, Any], tmp_path: Path
) -> None:
    status, out, err = shell("models", "report", "fox", "digits", "--out", tmp_path / "r.html")
    assert status == 0, err
    assert "r.html" in out
    assert "<th>fox</th><th>digits</th>" in (tmp_path / "r.html").read_text(encoding="utf-8")
    status, _out, err = shell("models", "report", "fox", "--out", tmp_path / "r.pdf")
    assert status != 0
    assert "ends in .html or .csv" in err
    status, _out, err = shell("models", "report", "fox", "--out", tmp_path / "r.html")
    assert status == 2
    assert "r.html already exists" in err
    assert shell("models", "report", "fox", "--out", tmp_path / "new" / "x.csv")[0] == 0
    assert "fox" in (tmp_path / "new" / "x.csv").read_text(encoding="utf-8-sig")
    status, _out, err = shell("models", "report", "fox", "--out", tmp_path / "r.html" / "x.csv")
    assert status == 2
    assert "x.csv could not be written" in err


def test_a_model_travels_as_a_file(shell: Shell, trained: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "狐狸.aigcmodel"
    assert shell("models", "export", "fox", "--out", path)[0] == 0
    status, out, err = shell("models", "import", path, "--json")
    assert status == 0, err
    assert json.loads(out)["generator"] == "spans"


def test_broken_plugins_are_listed_with_the_reason(
    shell: Shell, plugin_home: Callable[..., Path]
) -> None:
    plugin_home("bad/raises_on_import")
    status, out, _err = shell("plugins", "list", "--json")
    states = {each["id"]: each for each in json.loads(out)["plugins"]}
    assert status == 0
    assert states["raises_on_import"]["state"] == "failed"
    assert states["raises_on_import"]["reason"]
    assert states["echo"]["state"] == "ready"


def test_evaluating_uses_what_was_held_out(shell: Shell, trained: dict[str, Any]) -> None:
    status, out, err = shell("evaluate", "fox", "--data", "tales", "--json")
    assert status == 0, err
    document = json.loads(out)
    assert document["examples"] >= 1
    assert document["metrics"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--out", "../y"), "The name ../y has the character"),
        (("--out", "FOX"), "The name FOX is taken"),
        (("--out", "y", "--minutes", 0), "more than zero"),
        (("--out", "y", "--minutes", "nan"), "more than zero"),
        (("--out", "y", "--steps", 0), "more than zero"),
        (("--out", "y", "--steps", 1, "--threads", -5), "not -5"),
        (("--out", "y", "--steps", 1, "--seed", -5), "from 0 to"),
        (("--out", "y", "--steps", 1, "--from", "march"), "belongs to bars, not to spans"),
    ],
)
def test_a_training_that_is_refused_leaves_nothing(
    shell: Shell,
    trained: dict[str, Any],
    home: Path,
    words: tuple[object, ...],
    sentence: str,
) -> None:
    theirs = home / "data" / "models" / "march"
    shutil.copytree(home / "data" / "models" / "fox", theirs)
    card = json.loads((theirs / "card.json").read_text(encoding="utf-8"))
    (theirs / "card.json").write_text(json.dumps(card | {"generator": "bars"}), encoding="utf-8")
    status, out, err = shell("train", "spans", "--data", "tales", *words)
    assert (status, out) == (2, "")
    assert sentence in err
    assert list((home / "data" / "jobs").iterdir()) == []
    assert {each.name for each in theirs.parent.iterdir()} == {"fox", "march"}


def test_what_is_wrong_is_said_before_a_folder_becomes_a_dataset(
    shell: Shell, trained: dict[str, Any], tmp_path: Path
) -> None:
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "a.txt").write_text(SENTENCES, encoding="utf-8")
    words = ("train", "spans", "--data", tmp_path / "more", "--steps", 1, "--out", "fox")
    assert shell(*words)[0] == 2
    assert shell("data", "show", "more")[0] == 2


def test_a_number_that_is_none_is_refused(
    shell: Shell, trained: dict[str, Any], tmp_path: Path
) -> None:
    words = ("generate", "spans", "--model", "fox", "--out", tmp_path, "--temperature")
    for value in ("nan", "inf", "-Infinity"):
        status, _out, err = shell(*words, value)
        assert status == 2
        assert "temperature must be a number" in err


@pytest.mark.parametrize("words", [("models", "import"), ("train", "spans", "--data", "tales")])
def test_a_full_disk_is_called_one(
    shell: Shell,
    trained: dict[str, Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...],
) -> None:
    assert shell("models", "export", "fox", "--out", tmp_path / "fox.aigcmodel")[0] == 0
    more = ("--steps", 1, "--out", "y") if words[0] == "train" else (tmp_path / "fox.aigcmodel",)

    def full(*_words: Any, **_more: Any) -> Never:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("shutil.copyfileobj", full)
    monkeypatch.setattr("aigc_studio.files.write_bytes", full)
    status, _out, err = shell(*words, *more)
    assert status == 2
    assert "No space left on device" in err
    assert "damaged" not in err


def test_without_a_folder_for_logs_everything_works(
    shell: Shell, home: Path, tmp_path: Path
) -> None:
    (home / "logs").rename(home / "kept") if (home / "logs").exists() else None
    (home / "logs").parent.mkdir(parents=True, exist_ok=True)
    (home / "logs").write_text("not a folder", encoding="utf-8")
    status, _out, err = shell("generate", "echo", "--seed", 1, "--out", tmp_path)
    assert status == 0, err


def test_the_job_is_named_as_soon_as_it_learns(shell: Shell, trained: dict[str, Any]) -> None:
    status, _out, err = shell(
        "train", "spans", "--data", "tales", "--steps", 20, "--out", "hen", "--json"
    )
    assert status == 0
    (line,) = [line for line in err.splitlines() if line.startswith("Training ")]
    job = line.split()[1].rstrip(".")
    assert line.endswith(f"aigc-studio train spans --resume {job}")


def test_a_training_goes_on_with_its_own_generator_only(
    shell: Shell, trained: dict[str, Any]
) -> None:
    training = TrainingStore().create(
        NewTraining("bars", DatasetStore().open("tales"), name="half", steps=3, seed=1)
    )
    status, _out, err = shell("train", "spans", "--resume", training.id)
    assert status == 2
    assert "belongs to bars, not to spans: name bars" in err
    assert TrainingStore().open(training.id).state == "created"


def test_a_plugin_that_dies_in_training_says_how_to_go_on(
    shell: Shell,
    trained: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def die(*_words: Any, **_more: Any) -> Never:
        raise RunFailed(RunError("It crashed."))

    words = ("train", "spans", "--data", "tales", "--steps", 3, "--out", "second")
    with monkeypatch.context() as patched:
        patched.setattr("aigc_studio.cli.asking.running", die)
        status, _out, err = shell(*words)
    assert status == 1
    (key,) = [each.id for each in TrainingStore().list()]
    assert f"aigc-studio train spans --resume {key}" in err
    status, out, err = shell("train", "spans", "--resume", key, "--json")
    assert status == 0, err
    assert json.loads(out)["model"] == "second"


def test_what_a_model_was_trained_on_is_no_test_of_it(
    shell: Shell, trained: dict[str, Any]
) -> None:
    store = DatasetStore()
    store.rename("tales", "stories")
    assert shell("evaluate", "fox")[0] == 0  # found again by its fingerprint
    store.rename("stories", "tales")
    held_out = [n for n in range(len(store.browse("tales"))) if n % 2]
    store.split_by("tales", test_indices=held_out)
    status, out, err = shell("evaluate", "fox", "--data", "tales")
    assert (status, out) == (2, "")
    assert "has changed since the model fox was trained" in err


@pytest.mark.skipif(os.name != "posix", reason="Windows has no signals to end a process with")
def test_a_training_that_is_told_to_end_can_go_on(shell: Shell, trained: dict[str, Any]) -> None:
    words = ["train", "spans", "--data", "tales", "--steps", str(10**8), "--out", "long"]
    command = [sys.executable, "-m", "aigc_studio", *words]
    with subprocess.Popen(command, stderr=subprocess.PIPE, encoding="utf-8") as process:
        due = time.monotonic() + 60
        while not any(each.state == "running" for each in TrainingStore().list()):
            assert process.poll() is None
            assert time.monotonic() < due
            time.sleep(0.05)
        process.send_signal(signal.SIGTERM)
        err = process.communicate(timeout=60)[1]
    (training,) = TrainingStore().interrupted()
    assert (process.returncode, training.state) == (128 + signal.SIGTERM, "paused")
    assert f"--resume {training.id}" in err
    # One that was told to end while it wrote may leave its scratch folder, which nobody holds.
    leftovers.sweep(training.work)
    assert not list(training.work.glob(".run-*"))


def test_evaluate_takes_an_operation_and_parameters(shell: Shell, trained: dict[str, Any]) -> None:
    words = ("evaluate", "fox", "--data", "tales")
    status, _out, err = shell(*words, "--operation", "nothing")
    assert status == 2
    assert "has no operation nothing. It has: evaluate." in err
    status, _out, err = shell(*words, "--set", "colour=red")
    assert status == 2
    assert "evaluate has no parameter colour" in err
    assert shell(*words, "--operation", "evaluate")[0] == 0


def test_a_download_that_broke_off_says_both_ways_on(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    from aigc_studio.library import downloads

    program = "raise SystemExit('IncompleteRead')"
    monkeypatch.setattr(downloads, "pip_command", lambda _folder: [sys.executable, "-c", program])
    status, _out, said = shell("data", "fetch", "digits", "--yes")
    assert status == 2
    assert "was interrupted" in said
    assert "aigc-studio data fetch digits, or aigc-studio data fetch digits --file FILE" in said
    assert "Traceback" not in said


def cut_off(name: str, *steps: int) -> Training:
    """A training of the text plugin that crashed, with a checkpoint for each of these steps."""
    training = TrainingStore().create(
        NewTraining("spans", DatasetStore().open("tales"), name=name, steps=30, seed=1)
    )
    training.request()
    model = ModelStore().find("fox")
    for step in steps:
        folder = training.work / "models" / f"step-{step}"
        shutil.copytree(model.folder, folder, ignore=shutil.ignore_patterns("card.json"))
        training.note_checkpoint(Checkpoint(folder, step, {}, step == steps[0], {"kept": step}))
    training.note("failed", "it crashed")
    return training


def test_what_a_damaged_training_made_can_be_kept(
    shell: Shell, trained: dict[str, Any], tmp_path: Path
) -> None:
    training = cut_off("half", 10, 20)
    (training.work / "resume.safetensors").write_bytes(b"no state")
    (training.folder / "training.json").write_bytes(b"{")
    (training.work / "models" / "step-10" / "weights.safetensors").write_bytes(b"")
    status, out, err = shell("train", "--list", "--json")
    assert status == 0, err
    (told,) = json.loads(out)["trainings"]
    assert (told["id"], told["name"], told["step"]) == (training.id, "half", 20)
    status, out, err = shell("train", "--keep", training.id, "--out", "kept", "--json")
    assert status == 0, err
    assert json.loads(out) == {"job": training.id, "model": "kept", "step": 20}
    assert ModelStore().find("kept").card["kept"] == 20
    status, _out, err = shell(
        "generate", "spans", "--model", "kept", "--prompt", "The", "--seed", 1, "--out", tmp_path
    )
    assert status == 0, err
    assert shell("train", "--keep", "half")[0] == 0  # by its name, and a taken one gets a number
    assert shell("train", "spans", "--discard", training.id)[0] == 0
    assert TrainingStore().list() == []


def test_what_cannot_be_kept_says_so(shell: Shell, trained: dict[str, Any]) -> None:
    training = cut_off("none")
    status, _out, err = shell("train", "--keep", training.id)
    assert status == 2
    assert "no complete checkpoint" in err
    assert f"--discard {training.id}" in err
    assert shell("train", "--keep", "nonsense")[0] == 2
    assert shell("train", "--discard", "nonsense")[0] == 2
    assert shell("train", "--keep", training.id, "--out", "fox")[0] == 2  # the name is taken
    (training.folder / "training.json").write_bytes(b"")
    (training.folder / "training-former.json").unlink()
    status, out, _err = shell("train", "--list")
    assert status == 0
    assert "damaged" in out
    status, _out, err = shell("train", "--keep", training.id)
    assert status == 2
    assert "is damaged" in err
    assert shell("train", "--discard", training.id)[0] == 0
    assert not training.folder.exists()
    status, _out, err = shell("train", "--steps", 3)
    assert status == 2
    assert "Name a generator" in err


def test_a_mask_on_a_transparent_layer_changes_nothing_outside(
    plugin_home: Callable[..., Path], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    plugin_home("pixels")
    pixels = np.random.default_rng(0).integers(0, 255, (28, 112), np.uint8)
    drawn = np.full((28, 112, 4), (255, 255, 255, 0), np.uint8)
    drawn[6:20, 40:60, 3] = 255
    (tmp_path / "set").mkdir()
    for number in range(6):
        Pillow.fromarray(pixels[:, number * 16 : number * 16 + 16]).save(
            tmp_path / "set" / f"{number}.png"
        )
    for line in (
        f"data import '{tmp_path / 'set'}' --name some --medium image",
        "train pixels --data some --steps 5 --out mean",
    ):
        assert cli.main(shlex.split(line)) == 0, capsys.readouterr().err
    Pillow.fromarray(pixels).save(tmp_path / "picture.png")
    Pillow.fromarray(drawn).save(tmp_path / "mask.png")
    words = ["edit", "pixels", "--operation", "fill", "--input", tmp_path / "picture.png"]
    words += ["--mask", tmp_path / "mask.png", "--seed", 1, "--out", tmp_path / "out.png"]
    assert cli.main([str(word) for word in words]) == 0, capsys.readouterr().err
    with Pillow.open(tmp_path / "out.png") as picture:
        changed = np.asarray(picture.convert("L")) != pixels
    assert changed[6:20, 40:60].any()
    changed[6:20, 40:60] = False
    assert changed.sum() == 0
    capsys.readouterr()
    Pillow.fromarray(np.maximum(drawn[..., 3], 1)).save(tmp_path / "mask.png")
    words[-1] = tmp_path / "noted.png"
    assert cli.main([str(word) for word in words]) == 0
    assert "mask.png: The mask has noise in it" in capsys.readouterr().err
    Pillow.fromarray(np.zeros((28, 112), np.uint8)).save(tmp_path / "mask.png")
    words[-1] = tmp_path / "other.png"
    assert cli.main([str(word) for word in words]) == 2
    assert "black all over: paint white" in capsys.readouterr().err


@pytest.fixture
def came(shell: Shell, plugin_home: Callable[..., Path], tmp_path: Path) -> ModelInfo:
    """A model that came with the plugin needs-model, called `usual`."""
    folder = plugin_home("needs_model")
    (tmp_path / "seen.txt").write_text(SENTENCES, encoding="utf-8")
    shell("data", "import", tmp_path / "seen.txt", "--name", "seen", "--medium", "text")
    words = ("train", "needs-model", "--data", "seen", "--steps", 1, "--out", "usual")
    status, _out, err = shell(*words)
    assert status == 0, err
    model = ModelStore().find("usual")
    place = folder / "shipped-models" / "usual"
    place.parent.mkdir()
    model.folder.rename(place)
    (found,) = ModelStore(plugin_folders={"needs-model": place.parent}).list("needs-model")
    return found


def own(came: ModelInfo, name: str) -> ModelInfo:
    """One of the person's own, with the weights of the one that came and other words."""
    store = ModelStore()
    shutil.copytree(came.folder, store.folder / name)
    (store.folder / name / "words.json").write_text(json.dumps(name), encoding="utf-8")
    return next(each for each in store.list("needs-model") if each.name == name)


def asked(*words: object) -> tuple[object, ...]:
    return ("generate", "needs-model", "--prompt", "a", "--seed", 1, *words)


def test_the_shell_says_which_model_it_used_when_none_was_named(
    shell: Shell, came: ModelInfo, tmp_path: Path
) -> None:
    mine = own(came, "a model")
    status, out, err = shell(*asked("--out", tmp_path / "x", "--json"))
    assert status == 0, err
    # The person's own comes first in every list, and does not take the place of the usual one.
    assert json.loads(out)["model"] == {"name": "usual", "digest": came.digest}
    assert err.strip() == (
        f"No model was named: this is usual, which is included ({came.digest[:12]})."
    )
    for word in ("a model", mine.digest[:10]):
        status, out, err = shell(*asked("--model", word, "--out", tmp_path / "y", "--json"))
        assert (status, err) == (0, "")
        assert json.loads(out)["model"] == {"name": "a model", "digest": mine.digest}
    made = read_provenance(tmp_path / "y" / "needs-model-1.txt")
    assert made is not None
    assert (made.model, made.model_digest) == ("a model", mine.digest)


def test_a_name_of_two_models_is_not_guessed(shell: Shell, came: ModelInfo, tmp_path: Path) -> None:
    mine = own(came, "usual")
    for words in (
        asked("--model", "usual", "--out", tmp_path / "x"),
        ("models", "show", "usual"),
    ):
        status, out, err = shell(*words)
        assert (status, out) == (2, "")
        assert f"usual (yours) {mine.digest[:12]}" in err
        assert f"usual (came with the studio) {came.digest[:12]}" in err
    status, out, _err = shell("models", "list")
    assert status == 0
    assert "usual (yours) " in out
    assert "usual (came with the studio) " in out
    for word, model in (
        (mine.digest, mine),
        (came.digest[:8], came),
        ("usual (yours)", mine),
        ("usual (came with the studio)", came),
    ):
        place = tmp_path / model.digest
        status, out, err = shell(*asked("--model", word, "--out", place, "--json"))
        assert status == 0, err
        assert json.loads(out)["model"]["digest"] == model.digest
    path = tmp_path / "out.aigcmodel"
    assert shell("models", "export", "usual (came with the studio)", "--out", path)[0] == 0
    assert ModelStore().import_file(path, "back").digest == came.digest


def test_the_digest_of_version_0_1_still_names_a_model(
    shell: Shell, trained: dict[str, Any], tmp_path: Path
) -> None:
    model = ModelStore().find("fox")
    words = (
        "generate",
        "spans",
        "--model",
        model.weights_digest,
        "--out",
        tmp_path / "x",
        "--json",
    )
    status, out, err = shell(*words)
    assert status == 0, err
    assert json.loads(out)["model"] == {"name": "fox", "digest": model.digest}


def test_edit_and_evaluate_say_their_model(
    shell: Shell, trained: dict[str, Any], tmp_path: Path
) -> None:
    fox = ModelStore().find("fox")
    told = {"name": "fox", "digest": fox.digest}
    (tmp_path / "in.txt").write_text("The fox runs.", encoding="utf-8")
    words = (
        "edit",
        "spans",
        "--input",
        tmp_path / "in.txt",
        "--span",
        "4:7",
        "--seed",
        1,
        "--json",
    )
    status, out, err = shell(*words, "--out", tmp_path / "out.txt")
    assert status == 0, err
    assert err.strip() == f"No model was named: this is fox ({fox.digest[:12]})."
    assert json.loads(out)["model"] == told
    status, out, err = shell("evaluate", fox.digest[:8], "--data", "tales", "--json")
    assert status == 0, err
    assert json.loads(out)["model"] == told
    assert trained["digest"] == fox.digest


def test_what_uses_no_model_is_given_none_and_its_label_names_none(
    shell: Shell, trained: dict[str, Any], tmp_path: Path
) -> None:
    (tmp_path / "in.txt").write_text("The fox runs.", encoding="utf-8")
    words = ("edit", "spans", "--operation", "continue", "--input", tmp_path / "in.txt")
    place = ("--span", "4:4", "--seed", 1, "--json", "--out", tmp_path / "out.txt")
    status, out, err = shell(*words, *place)
    assert (status, err) == (0, "")
    assert json.loads(out)["model"] is None
    made = read_provenance(tmp_path / "out.txt")
    assert made is not None
    assert (made.operation, made.model, made.model_digest) == ("continue", "", "")
    status, _out, err = shell(*words, *place, "--model", "fox")
    assert (status, err) == (0, "This uses no model: --model changes nothing.\n")


def test_what_needs_a_model_is_refused_by_the_studio(
    shell: Shell, plugin_home: Callable[..., Path], tmp_path: Path
) -> None:
    plugin_home("needs_model")
    marker = tmp_path / "it ran"
    words = ("generate", "needs-model", "--prompt", marker, "--out", tmp_path / "x")
    status, out, err = shell(*words)
    assert (status, out) == (2, "")
    assert err.count("\n") == 1
    assert "needs a model, and there is none: train one with Needs a model" in err
    assert "import an .aigcmodel file" in err
    assert not marker.exists()
    (tmp_path / "in.txt").write_text("The fox runs.", encoding="utf-8")
    edit = ("edit", "spans", "--input", tmp_path / "in.txt", "--span", "4:7")
    status, _out, err = shell(*edit, "--out", tmp_path / "out.txt")
    assert status == 2
    assert "“Rewrite” needs a model" in err


def test_cards_and_labels_keep_the_parameters_in_effect(
    shell: Shell, trained: dict[str, Any], tmp_path: Path
) -> None:
    card = ModelStore().find("fox").card
    assert card["parameters"] == {"order": 4}
    assert "--set order=4" in card["command"]
    assert card["versions"]["spans"] == "1.0"
    assert card["plugin"] == {"version": "1.0"}
    words = ("generate", "spans", "--model", "fox", "--seed", 5, "--length", 9, "--out", tmp_path)
    assert shell(*words)[0] == 0
    made = read_provenance(tmp_path / "spans-5.txt")
    assert made is not None
    assert made.parameters == {
        "length": 9, "temperature": 1.0, "ending": "length", "keep_prompt": True
    }  # fmt: skip


def test_models_whose_plugin_is_gone_say_what_to_install(
    shell: Shell, trained: dict[str, Any], home: Path, tmp_path: Path
) -> None:
    (home / "data" / "plugins" / "spans.py").unlink()
    words = ("generate", "spans", "--out", tmp_path)
    status, _out, err = shell(*words)
    assert status == 2
    told = "The generator spans is not here, only models of it (fox): put its plugin into the"
    assert f"{told} plugin folder, or name it by --plugin." in err
    path = home / "data" / "models" / "fox" / "card.json"
    card = json.loads(path.read_text("utf-8"))
    card["plugin"]["distribution"] = "aigc-spans"
    path.write_text(json.dumps(card), encoding="utf-8")
    for again in (words, ("evaluate", "fox")):
        status, _out, err = shell(*again)
        assert status == 2
        told = "only models of it (fox): say “aigc-studio plugins install aigc-spans”"
        assert f"{told}, or name its project by --plugin." in err
    assert "There is no generator nobody" in shell("generate", "nobody", "--out", tmp_path)[2]


def test_a_checkpoint_that_could_be_no_model_is_the_plugins_fault(
    shell: Shell, trained: dict[str, Any], home: Path
) -> None:
    plugin = home / "data" / "plugins" / "spans.py"
    text = plugin.read_text("utf-8")
    text = text.replace("state.json", "state.pickle")
    plugin.write_text(text, encoding="utf-8")
    words = ("train", "spans", "--data", "tales", "--steps", 10**8, "--out", "long")
    status, out, err = shell(*words)
    assert (status, out) == (1, "")
    assert "The plugin Chain of characters did not keep to the rules: its checkpoint" in err
    assert "has a file state.pickle" in err


def test_a_mask_is_grown_and_feathered_as_the_window_does_it(
    plugin_home: Callable[..., Path], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    from aigc_studio.project import masking

    plugin_home("paints")
    pixels = np.random.default_rng(0).integers(100, 255, (40, 50), np.uint8)
    drawn = np.zeros((40, 50), np.uint8)
    drawn[15:25, 20:30] = 255
    Pillow.fromarray(pixels).save(tmp_path / "picture.png")
    Pillow.fromarray(drawn).save(tmp_path / "mask.png")
    common = ["edit", "paints", "--operation", "fill", "--input", tmp_path / "picture.png"]
    common += ["--seed", 0, "--out"]
    out = iter(tmp_path / f"out {number}.png" for number in range(9))

    def edit(*more: object) -> int:
        return cli.main([str(word) for word in (*common, next(out), *more)])

    given = ("--mask", tmp_path / "mask.png")
    assert edit(*given, "--grow", 4, "--feather", 3) == 0, capsys.readouterr().err
    soft = masking.feathered(masking.grown(drawn, 4), 3)
    with Pillow.open(tmp_path / "out 0.png") as picture:
        found = np.asarray(picture.convert("L"))
    assert (found[soft == 0] == pixels[soft == 0]).all()
    Pillow.fromarray(soft).save(tmp_path / "soft.png")
    assert edit("--mask", tmp_path / "soft.png") == 0, capsys.readouterr().err
    with Pillow.open(tmp_path / "out 1.png") as picture:
        assert (np.asarray(picture.convert("L")) == found).all()
    assert edit(*given, "--grow", -3) == 0, capsys.readouterr().err
    with Pillow.open(tmp_path / "out 2.png") as picture:
        assert (np.asarray(picture.convert("L")) != pixels).sum() == 4 * 4
    capsys.readouterr()
    for more, words in (
        ((*given, "--grow", -5), "nothing is left of the mask"),
        ((*given, "--feather", -1), "--feather takes a number from 0 to 500, not -1"),
        ((*given, "--grow", 501), "--grow takes a number from -500 to 500"),
        (("--grow", 2), "give one with --mask"),
    ):
        assert edit(*more) == 2
        assert words in capsys.readouterr().err
