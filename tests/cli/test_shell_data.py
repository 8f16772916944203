"""`data import` and `train --data FOLDER`: the same is said, and nothing comes in twice unasked."""

import json
import os
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from kinds import a_melody

from aigc_studio import cli
from aigc_studio.cli.asking import _typed
from aigc_studio.library import DatasetStore, readers

Shell = Callable[..., tuple[int, str, str]]
WORDS = "The fox runs over the hill.\nThe hen sits on the wall.\nThe fox sees the hen.\n" * 4


@pytest.fixture
def shell(plugin_home: Callable[..., Path], capsys: pytest.CaptureFixture[str]) -> Shell:
    """Call it with words for (status, standard output, standard error)."""
    plugin_home("spans")

    def run(*words: object) -> tuple[int, str, str]:
        status = cli.main([str(word) for word in words])
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return run


@pytest.fixture
def tales(tmp_path: Path) -> Path:
    """Texts in parts and classes, and around them everything that must be said."""
    top = tmp_path / "tales"
    for part in ("train", "test"):
        for number, label in enumerate(("fox", "hen")):
            (top / part / label).mkdir(parents=True)
            (top / part / label / "1.txt").write_text(f"{WORDS}{part} {number}")
    (top / "train" / "fox" / "same.txt").write_text("One and the same.")
    (top / "train" / "hen" / "same.txt").write_text("One and the same.")
    (top / "cover.png").write_bytes(b"")
    (top / "@eaDir").mkdir()
    return top


def odd_lines(printed: str) -> list[str]:
    """What was said of the files: up to the first line on what was made of them."""
    ends = ("The folder is", "Training ", "aigc-studio:")
    said = [each for each in printed.splitlines() if "%" not in each]
    stop = next((n for n, each in enumerate(said) if each.startswith(ends)), len(said))
    return said[:stop]


def test_training_on_a_folder_says_what_importing_it_says(shell: Shell, tales: Path) -> None:
    status, _out, imported = shell("data", "import", tales, "--name", "a", "--medium", "text")
    assert status == 0, imported
    DatasetStore().delete("a")
    status, _out, err = shell("train", "spans", "--data", tales, "--steps", 3, "--out", "m")
    assert status == 0, err
    said = odd_lines(err)
    assert said == odd_lines(imported)
    for words in (
        "cover.png: It is not a text.", "contradict", "in test are held out", "1 file or folder",
    ):  # fmt: skip
        assert any(words in line for line in said), words
    info = DatasetStore().info("tales")
    assert info.labels == {"fox": 26, "hen": 26}
    assert (info.train, info.test) == (26, 26)


def test_a_folder_that_was_imported_is_not_imported_again(shell: Shell, tales: Path) -> None:
    assert shell("data", "import", tales, "--name", "mine", "--medium", "text")[0] == 0
    status, _out, err = shell("train", "spans", "--data", tales, "--steps", 3, "--out", "m")
    assert status == 0, err
    assert "already here as the dataset mine" in err
    assert DatasetStore().names() == ["mine"]


def test_one_source_under_two_names_is_refused_unless_asked_for(shell: Shell, tales: Path) -> None:
    words = ("data", "import", tales, "--medium", "text", "--name")
    assert shell(*words, "one")[0] == 0
    status, _out, err = shell(*words, "two")
    assert status == 2
    assert "already here as the dataset one" in err
    assert "--again" in err
    assert shell(*words, "two", "--again")[0] == 0
    store = DatasetStore()
    assert store.info("one").fingerprint == store.info("two").fingerprint
    assert shell(*words, "three", "--layout", "plain")[0] == 0
    assert store.info("three").labels == {"test": 24 + 2, "train": 24 + 2 + 1}


def test_the_medium_is_guessed_and_said(shell: Shell, tales: Path) -> None:
    status, out, err = shell("data", "import", tales, "--name", "small")
    assert status == 0, err
    assert "6 of 7 files in tales are texts" in err
    assert "26 examples to train on" in out


def test_nothing_usable_says_why_in_both(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for words in (
        ("data", "import", tmp_path / "empty", "--name", "x"),
        ("train", "spans", "--data", tmp_path / "empty", "--steps", 3, "--out", "m"),
    ):
        status, _out, err = shell(*words)
        assert status == 2
        assert "The folder empty is empty" in err


@pytest.mark.skipif(os.name != "posix", reason="file names of any bytes")
def test_names_that_are_no_text_go_all_the_way(shell: Shell, tmp_path: Path) -> None:
    folder = tmp_path / os.fsdecode(b"caf\xe9")
    folder.mkdir()
    (folder / os.fsdecode(b"a\xff.txt")).write_text(WORDS)
    (folder / os.fsdecode(b"b\xff.png")).write_text(WORDS)
    status, _out, err = shell("train", "spans", "--data", folder, "--steps", 3, "--out", "fox")
    assert status == 0, err
    assert r"b\xff.png: It is not a text" in err
    assert DatasetStore().names() == ["caf_"]
    words = ("--name", "x", "--medium", "text", "--again", "--credit", folder)
    status, out, err = shell("data", "import", folder, *words)
    assert status == 0, err
    assert r"caf\xe9" in out
    file = tmp_path / os.fsdecode(b"fox\xff.aigcmodel")
    assert shell("models", "export", "fox", "--out", file)[0] == 0
    status, out, err = shell("models", "import", file)
    assert status == 0, err
    assert "fox_" in out
    made = tmp_path / os.fsdecode(b"made\xff")
    status, out, err = shell("generate", "spans", "--model", "fox", "--seed", 1, "--out", made)
    assert status == 0, err
    assert r"made\xff" in out
    out.encode("utf-8")


def test_a_dataset_is_found_as_macos_spells_it(shell: Shell, tales: Path) -> None:
    assert shell("data", "import", tales, "--name", "café", "--medium", "text")[0] == 0
    name = unicodedata.normalize("NFD", "café")
    assert shell("data", "show", name)[0] == 0
    assert shell("train", "spans", "--data", name, "--steps", 3, "--out", "m")[0] == 0


def test_a_choice_is_found_in_any_spelling() -> None:
    schema = {"enum": ["auto", "café"]}
    assert _typed("x", unicodedata.normalize("NFD", "café"), schema) == "café"
    assert _typed("x", "ＡＵＴＯ", schema) == "auto"
    assert _typed("x", "other", schema) == "other"


def two_hands(path: Path) -> Path:
    """A MIDI file with a part for each hand."""
    import mido

    file = mido.MidiFile()
    for name, pitch in (("Piano RH", 72), ("Piano LH", 48)):
        on = mido.Message("note_on", note=pitch)
        off = mido.Message("note_off", note=pitch, time=480)
        file.tracks.append(mido.MidiTrack([mido.MetaMessage("track_name", name=name), on, off]))
    file.save(path)
    return path


def test_what_was_guessed_in_files_is_said_and_can_be_chosen(shell: Shell, tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_bytes("Kommentar;Wert\nПривет, мир;1\nКак дела?;2\n".encode("koi8-r"))
    words = ("data", "import", table, "--medium", "text", "--json", "--name")
    status, out, err = shell(*words, "a")
    assert status == 0, err
    assert "t.csv: It is not UTF-8 and was read as KOI8-R" in err
    told = json.loads(out)
    assert [each["file"] for each in told["files"]] == ["t.csv"]
    assert len(told["files"][0]["remarks"]) == 2
    assert any("KOI8-R" in each for each in told["remarks"])
    chosen = ("--encoding", "KOI8-R", "--text-column", "1", "--label-column", "Wert")
    status, out, err = shell(*words, "b", *chosen)
    assert status == 0, err
    assert json.loads(out)["labels"] == {"1": 1, "2": 1}
    assert json.loads(out)["files"] == []
    for bad, said in (
        (("--encoding", "nope"), "no encoding nope"),
        (("--text-column", "9"), "no column 9"),
    ):
        status, _out, err = shell(*words, "c", *bad)
        assert status == 2
        assert said in err


def test_training_on_a_file_takes_the_same_choices(shell: Shell, tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    rows = "".join(f"number {n} is a long line,{n % 2}\n" for n in range(30))
    table.write_bytes(("words of some kind,mark\n" + rows + "été à la plage,1\n").encode("cp1252"))
    words = ("train", "spans", "--steps", 3, "--data", table, "--out")
    status, _out, err = shell(*words, "m", "--encoding", "cp1252", "--label-column", "-")
    assert status == 0, err
    assert "not UTF-8" not in err
    assert DatasetStore().info("t").labels == {}
    DatasetStore().delete("t")
    status, _out, err = shell(*words, "n")
    assert "not UTF-8 and was read as Windows-1252" in err
    assert DatasetStore().info("t").labels == {"0": 15, "1": 16}


def test_parts_of_tunes_in_the_shell(
    shell: Shell, plugin_home: Callable[..., Path], tmp_path: Path
) -> None:
    path = two_hands(tmp_path / "hands.mid")
    words = ("data", "import", path, "--name")
    _status, _out, err = shell(*words, "one")
    assert "1 of 2 notes" in err
    _status, _out, err = shell(*words, "two", "--part", "piano lh")
    assert "of 2 notes" not in err
    (melody,) = list(DatasetStore().open("two", None))
    assert [note.pitch for note in a_melody(melody.artifact).notes] == [48]
    plugin_home("bars")
    edited = tmp_path / "edited.mid"
    edit = ("edit", "bars", "--operation", "transpose", "--input", path, "--out", edited)
    status, _out, err = shell(*edit)
    assert status == 0, err
    assert "hands.mid: Of 2 parts Piano RH was taken" in err
    edited.unlink()
    status, _out, err = shell(*edit, "--part", "all")
    assert status == 0, err
    assert "Of 2 parts" not in err
    assert len(a_melody(readers.read_artifact(edited)).notes) == 2


def test_a_guess_is_said_only_where_something_is_left_over(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "all").mkdir()
    for number in range(3):
        (tmp_path / "all" / f"{number}.txt").write_text(f"{WORDS}{number}")
    status, _out, err = shell("data", "import", tmp_path / "all")
    assert status == 0, err
    assert "--medium" not in err
    (tmp_path / "all" / "cover.mid").write_bytes(b"")
    status, _out, err = shell("data", "import", tmp_path / "all", "--name", "b", "--again")
    assert "3 of 4 files in all are texts; the others are left out." in err
    assert "taken" not in err


def test_files_left_out_for_one_reason_are_named_a_few_and_counted(
    shell: Shell, tmp_path: Path
) -> None:
    folder = tmp_path / "twins"
    folder.mkdir()
    for number in range(41):
        (folder / f"{number:02}.txt").write_text(WORDS)
    (folder / "other.png").write_bytes(b"")
    for words in (
        ("data", "import", folder, "--medium", "text"),
        ("train", "spans", "--data", folder, "--steps", 3, "--out", "m"),
    ):
        DatasetStore().delete("twins") if DatasetStore().names() else None
        status, _out, err = shell(*words)
        assert status == 0, err
        lines = err.splitlines()
        said = "01.txt: It is the same as 00.txt. Nothing to do: one of them is enough."
        place = lines.index(said)
        assert sum("It is the same as" in line for line in lines) == 5
        assert lines[place + 5] == "… and 35 more files. Nothing to do: one of them is enough."
        assert any(line.startswith("other.png: It is not a text.") for line in lines)
    DatasetStore().delete("twins")
    told = json.loads(shell("data", "import", folder, "--medium", "text", "--json")[1])
    assert len(told["skipped"]) == 41


def test_one_example_is_no_examples(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text("Once.")
    status, out, err = shell("data", "import", tmp_path / "one.txt")
    assert status == 0, err
    assert out == "one: 1 example to train on, 0 held out.\n"


def test_what_is_damaged_is_listed_and_can_be_mended(shell: Shell, tales: Path, home: Path) -> None:
    for name in ("good", "hurt", "lost"):
        assert shell("data", "import", tales, "--name", name, "--medium", "text", "--again")[0] == 0
    folder = DatasetStore().folder
    with (folder / "hurt" / "examples.jsonl").open("ab") as rows:
        rows.write(b"[1]\n[2]\n")
    (folder / "lost" / "dataset.json").write_bytes(b"{}")
    (home / "data" / "models" / "bad").mkdir(parents=True)
    (home / "data" / "models" / "bad" / "card.json").write_bytes(b"true")
    (home / "data" / "jobs" / "gone").mkdir(parents=True)
    (home / "data" / "jobs" / "gone" / "training.json").write_bytes(b"[]")
    status, out, err = shell("data", "list", "--json")
    told = json.loads(out)
    assert (status, [each["name"] for each in told["datasets"]]) == (0, ["good", "hurt"])
    assert [each["name"] for each in told["damaged"]] == ["lost"]
    assert "The dataset lost is damaged" in err
    status, out, err = shell("models", "list", "--json")
    assert (status, [each["name"] for each in json.loads(out)["damaged"]]) == (0, ["bad"])
    assert "card of the model bad is damaged" in err
    status, out, err = shell("train", "--list", "--json")
    assert (status, json.loads(out)["trainings"][0]["id"]) == (0, "gone")
    assert "The training gone is damaged" in err
    status, _out, err = shell("train", "spans", "--data", "hurt", "--steps", 3, "--out", "m")
    assert (status, "examples.jsonl, line" in err) == (2, True)
    assert shell("data", "mend", "hurt")[:2] == (0, "2 damaged lines were left out.\n")
    assert shell("train", "spans", "--data", "hurt", "--steps", 3, "--out", "m")[0] == 0
