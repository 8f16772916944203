"""`evaluate GENERATOR --input FILE`: what a generator says of the parts of a file, as a table."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from aigc_studio import cli
from aigc_studio.api import Checkpoint, Image, Melody, Note, Text
from aigc_studio.library import DatasetStore, ModelStore, TrainingStore
from aigc_studio.library.drafts import Draft
from aigc_studio.library.new_trainings import NewTraining
from aigc_studio.project import export

Shell = Callable[..., tuple[int, str, str]]

TELLS = """
import numpy as np
from aigc_studio.api import *

@hookimpl
def describe():
    return Description(id="tells", title="Tells", medium={medium}, operations=(
        Operation(id="measure", verb="evaluate", title="Measure", model="none"),
        Operation(id="tell", verb="evaluate", title="Tell", artifacts=1, model="none"),
    ), metrics={{"oddity": Measure(title="How odd it is")}})

@hookimpl
def evaluate(request):
    artifact = request.artifact
    if artifact.medium == "melody":
        yield Annotation(Bars(1, 2), 0.5, {{"en": "yes", "zh": "是"}})
        yield Annotation(Bars(0, 0), 0.5)
    elif artifact.medium == "image":
        mask = np.zeros((artifact.height, artifact.width), np.uint8)
        mask[1:3, 2:] = 255
        yield Annotation(Mask(mask), 1.0, "a corner")
    elif artifact.value == "hush":
        yield Message("It is a whisper.")
    else:
        yield Annotation(Span(0, 3), 0.25, "the beginning")
        yield Annotation(Span(0, 300), 0.25, "too long")
        yield Metric("nats_per_character", 1.5)
        yield Metric("oddity", 7.5)
"""


@pytest.fixture
def shell(
    plugin_home: Callable[..., Path],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Shell:
    """Call it with a medium and words for (status, standard output, standard error)."""
    home = plugin_home("echo")
    monkeypatch.setenv("AIGC_STUDIO_PLUGINS", "echo,tells")

    def run(medium: str, *words: object) -> tuple[int, str, str]:
        (home / "tells.py").write_text(TELLS.format(medium=medium), encoding="utf-8")
        status = cli.main([str(word) for word in words])
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return run


@pytest.fixture
def text(tmp_path: Path) -> Path:
    path = tmp_path / "诗.txt"
    path.write_text("The fox runs.", encoding="utf-8")
    return path


def test_a_table_of_place_value_and_words(shell: Shell, text: Path) -> None:
    status, out, err = shell("Text", "evaluate", "tells", "--input", text)
    assert status == 0, err
    lines = out.splitlines()
    assert lines[0].split() == ["place", "value", "words"]
    assert lines[1].split("  ") == ["0:3 'The'", "0.2500", "the beginning"]
    assert "the characters 0 to 300, and the text has 13" in err
    assert "Tells" in err
    assert "1.5" in out
    assert "How odd it is: 7.5" in out  # by the plugin's own words, without a model


def test_one_document_for_programs(shell: Shell, text: Path) -> None:
    status, out, err = shell("Text", "evaluate", "tells", "--input", text, "--json")
    assert status == 0, err
    document = json.loads(out)
    assert document["annotations"] == [{"span": [0, 3], "text": "the beginning", "value": 0.25}]
    assert document["metrics"] == {"nats_per_character": 1.5, "oddity": 7.5}
    assert document["model"] is None


def test_bars_of_a_tune_and_what_came_before_it_broke(shell: Shell, tmp_path: Path) -> None:
    path = tmp_path / "tune.mid"
    tune = Melody(tuple(Note(n * 480, 480, 60) for n in range(8)))
    path.write_bytes(export.export_bytes(tune, path, None)[path])
    status, out, err = shell("Melody", "evaluate", "tells", "--input", path, "--json")
    document = json.loads(out)
    assert status == 1
    assert document["annotations"] == [{"bars": [1, 2], "text": "yes", "value": 0.5}]
    assert "Bars need 1 <= first" in document["error"]["sentence"]
    assert "Tells" in err or "Tells" in document["error"]["sentence"]


def test_what_is_said_of_it_in_words_is_all_that_there_is_to_say(
    shell: Shell, tmp_path: Path
) -> None:
    file = tmp_path / "hush.txt"
    file.write_text("hush", encoding="utf-8")
    status, _out, notes = shell("Text", "evaluate", "tells", "--input", file)
    assert status == 0
    assert "It is a whisper." in notes
    assert "nothing to say" not in notes
    _status, out, _notes = shell("Text", "evaluate", "tells", "--input", file, "--json")
    assert json.loads(out)["messages"] == ["It is a whisper."]


def test_masks_of_a_picture_are_boxes(shell: Shell, tmp_path: Path) -> None:
    path = tmp_path / "picture.png"
    Image(np.full((4, 6), 255, np.uint8)).to_pillow().save(path)
    status, out, err = shell("Image", "evaluate", "tells", "--input", path)
    assert status == 0, err
    assert out.splitlines()[1].split("  ") == ["2,1 4×2", "1.0000", "a corner"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("tells", "--operation", "measure"), "“Measure” of Tells explains no item"),
        (("nobody",), "nobody"),
        (("tells", "--data", "tales"), "--input and --data do not go together"),
        (("tells", "--model", "fox"), "fox"),
        (("echo",), "echo cannot do this"),
    ],
)
def test_what_cannot_be_explained_is_a_sentence(
    shell: Shell, text: Path, words: tuple[Any, ...], sentence: str
) -> None:
    status, _out, err = shell("Text", "evaluate", *words, "--input", text)
    assert status == 2
    assert sentence in err


def test_a_file_that_is_missing_or_of_another_kind_is_a_sentence(
    shell: Shell, tmp_path: Path
) -> None:
    picture = tmp_path / "picture.png"
    Image(np.zeros((4, 6), np.uint8)).to_pillow().save(picture)
    for path in (tmp_path / "nothing.txt", picture):
        status, _out, err = shell("Text", "evaluate", "tells", "--input", path)
        assert status == 2
        assert path.name in err


def test_a_model_beside_no_file_is_a_sentence(shell: Shell) -> None:
    status, _out, err = shell("Text", "evaluate", "fox", "--model", "fox")
    assert status == 2
    assert "--model goes with --input FILE" in err


COPIES = """
from aigc_studio.api import *
from aigc_studio.toolkit.sequences import copies

class Least(Parameters):
    least: int = parameter(6, "At least", minimum=2)

@hookimpl
def describe():
    return Description(id="tells", title="Tells", medium=Text, operations=(
        Operation(id="learn", verb="train", title="Learn"),
        Operation(id="copied", verb="evaluate", title="What was copied?", artifacts=1,
                  parameters=Least, data="required"),
    ))

@hookimpl
def train(request):
    yield Progress(1, 1)

@hookimpl
def evaluate(request):
    sources = [str(each.artifact) for each in request.dataset]
    for each in copies(request.text.value, sources, request.parameters.least):
        yield Annotation(Span(each.start, each.stop), 1.0, request.dataset.name)
"""


@pytest.mark.parametrize(
    ("pack", "remedy"),
    [
        ("", "“tales”, and that is not in the Library: import it there"),
        (
            "fiddle-tunes",
            "fetch the sample pack “Fiddle tunes” there, and ask again. "
            "In the shell: aigc-studio data fetch fiddle-tunes",
        ),
    ],
)
def test_what_a_model_learnt_from_is_looked_into(
    plugin_home: Callable[..., Path],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    text: Path,
    pack: str,
    remedy: str,
) -> None:
    home = plugin_home("echo")
    monkeypatch.setenv("AIGC_STUDIO_PLUGINS", "echo,tells")
    (home / "tells.py").write_text(COPIES, encoding="utf-8")
    drafts = [Draft(Text("A fox runs."), split="train"), Draft(Text("Owls."), split="test")]
    list(DatasetStore().write("tales", "text", drafts, {"test_share": None, "pack": pack}))
    list(DatasetStore().write("others", "text", [Draft(Text("The fox."))] * 2, {}))
    training = TrainingStore().create(
        NewTraining("tells", DatasetStore().open("tales"), name="m", steps=1)
    )
    training.request()
    (training.work / "one").mkdir()
    head = b'{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}'
    weights = len(head).to_bytes(8, "little") + head + bytes(4)
    (training.work / "one" / "weights.safetensors").write_bytes(weights)
    training.note_checkpoint(Checkpoint(training.work / "one", 1, {}, best=True))
    training.publish(ModelStore())
    training.discard()

    def ask(*words: object) -> tuple[int, list[Any], str]:
        status = cli.main(["evaluate", "m", "--input", str(text), "--json", *map(str, words)])
        printed = capsys.readouterr()
        found = json.loads(printed.out) if printed.out else {}
        return status, [each["span"] for each in found.get("annotations", [])], printed.err

    assert ask()[:2] == (0, [[3, 13]])
    assert ask("--set", "least=11")[:2] == (0, [])
    assert ask("--data", "others")[1] == [[0, 7]]
    DatasetStore().delete("tales")
    status, _spans, err = ask()
    assert status == 2
    assert remedy in err
