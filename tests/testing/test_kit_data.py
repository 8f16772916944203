"""The kit on data that its author gives: for what cannot learn from what the kit draws."""

from pathlib import Path

import numpy as np
import pytest

from aigc_studio import cli
from aigc_studio.api import Dataset, Image, Text
from aigc_studio.testing import check_plugin, write_dataset

COLOURER = """
from aigc_studio.api import *

@hookimpl
def describe():
    colour = Operation(id="colour", verb="edit", title="Colour", artifacts=1)
    return Description(id="colourer", title="Colourer", medium=Image, operations=(colour,))

@hookimpl
def train(request):
    told = [each.attributes.get("ink") for each in request.dataset]
    if not told or any(each.artifact.mode != "RGB" for each in request.dataset):
        raise GeneratorError("There are no colours here.", zh="这里没有颜色。", parameter="dataset")
    assert all(told) and request.dataset.labels == ("warm",)
    yield Progress(1, 1)
    model = save_model(request.folder / "model", {"inks": told})
    yield Checkpoint(model, 1, best=True)

@hookimpl
def edit(request):
    inks = load_model(request.model)[0]["inks"]
    assert request.image.mode == "RGB", "what it works on is of the given data as well"
    for _number in range(request.count):
        yield Candidate(Image(request.image.pixels // len(inks)))
"""
ASKED = ("train", "one_step", "edit", "two_models", "tiny_data", "empty_data", "corrupt_data")


@pytest.fixture
def plugin(tmp_path: Path) -> Path:
    file = tmp_path / "colourer.py"
    file.write_text(COLOURER, "utf-8")
    return file


def coloured(folder: Path, count: int = 5) -> Dataset:
    pictures = [Image(np.full((9, 9, 3), (200, 80, 10 + n), np.uint8)) for n in range(count)]
    inks = [{"ink": f"ink {n}"} for n in range(count)]
    return Dataset(write_dataset(folder, pictures, ["warm"] * count, "image", inks))


def test_what_refuses_the_drawn_data_says_that_other_data_can_be_given(plugin: Path) -> None:
    first, second = check_plugin(plugin, only=("train", "edit")).checks
    assert first.outcome == "failed"
    assert first.sentence.startswith("train: There are no colours here. If it cannot learn from")
    assert "--data NAME" in first.sentence
    assert second.outcome == "unreached"


def test_a_slip_in_the_code_is_no_matter_of_data(plugin: Path) -> None:
    plugin.write_text(
        COLOURER.replace("told = [", "told = nothing_here = [no_such_name, "), "utf-8"
    )
    (check,) = check_plugin(plugin, only=("train",)).checks
    assert check.outcome == "failed"
    assert "--data" not in check.sentence


def test_it_learns_from_the_given_data_and_works_on_it(plugin: Path, tmp_path: Path) -> None:
    report = check_plugin(plugin, only=ASKED, data=coloured(tmp_path / "colours"))
    assert [(each.name, each.outcome, each.sentence) for each in report.checks] == [
        (name, "passed", "") for name in ASKED
    ]


@pytest.mark.parametrize("kind", ["text", "empty"])
def test_data_of_another_medium_or_none_is_told(plugin: Path, tmp_path: Path, kind: str) -> None:
    told = [Text("No picture.")] if kind == "text" else []
    data = Dataset(write_dataset(tmp_path / "words", told, medium="image"))
    (check,) = check_plugin(plugin, only=("train",), data=data).checks
    assert check.outcome == "failed"
    assert (
        check.sentence == "The data words has none of what it learns from: give the kit other data."
    )


def test_the_shell_names_a_dataset(
    plugin: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pictures = tmp_path / "warm pictures"
    (pictures / "warm").mkdir(parents=True)
    for number, each in enumerate(coloured(tmp_path / "colours", 12)):
        assert isinstance(each.artifact, Image)
        each.artifact.to_pillow().save(pictures / "warm" / f"{number}.png")
    plugin.write_text(COLOURER.replace('.get("ink")', ".get('ink', 'red')"), "utf-8")
    asked = ["plugins", "check", str(plugin), "--only", "train,edit"]
    assert cli.main([*asked, "--data", "no such"]) == 2
    assert "no such is neither a dataset nor a folder" in capsys.readouterr().err
    assert cli.main(["data", "import", str(pictures), "--name", "warm ones"]) == 0
    assert cli.main([*asked, "--data", "warm ones"]) == 0
    capsys.readouterr()
    train = ["train", "--plugin", str(plugin), "--data", "warm ones", "--out", "warmth"]
    assert cli.main([*train, "--no-measure"]) == 0
    told = capsys.readouterr().out  # it makes nothing new: what to try is an edit
    assert "Try: aigc-studio edit colourer --plugin" in told
    assert "--model 'warmth' --out FILE --input FILE" in told
