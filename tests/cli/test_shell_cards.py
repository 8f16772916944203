"""`models show` and `evaluate`: how good a model is, in words for everybody."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Never

import pytest

from aigc_studio import cli
from aigc_studio.host.run_errors import RunError, RunFailed
from aigc_studio.library import TrainingStore, measures
from aigc_studio.library.known_measures import MEASURES

Shell = Callable[..., tuple[int, str, str]]

CARD = {
    "format": 1,
    "generator": "spans",
    "credit": "Somebody",
    "licence": "CC0",
    "data": {"name": "Drawn", "pack": "drawn", "examples": 1, "medium": "image", "before": []},
    "frame": {"width": 28, "height": 20, "mode": "L"},
    "controls": {"classes": [str(n) for n in range(15)]},
    "metrics": {"zeal": 3.0, "frechet_distance": 1.343, "label_accuracy": 0.9855},
    "parameter_count": 1500,
    "seconds": 1444.8,
    "steps": 3000,
    "command": "aigc-studio train spans",
}

HEAD = b'{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}'
WEIGHTS = len(HEAD).to_bytes(8, "little") + HEAD + bytes(4)


@pytest.fixture
def shell(plugin_home: Any, capsys: pytest.CaptureFixture[str]) -> Shell:
    """Call it with words for (status, standard output, standard error)."""
    plugin_home("spans")

    def run(*words: object) -> tuple[int, str, str]:
        status = cli.main([str(word) for word in words])
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return run


@pytest.fixture
def kept(home: Path) -> Callable[[dict[str, Any]], None]:
    """Call it with a card for a model `m` that has it."""

    def keep(card: dict[str, Any]) -> None:
        folder = home / "data" / "models" / "m"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "card.json").write_text(json.dumps(card), encoding="utf-8")
        (folder / "weights.safetensors").write_bytes(WEIGHTS)

    return keep


def test_a_card_for_people_is_short(shell: Shell, kept: Callable[..., None]) -> None:
    kept(CARD)
    status, out, err = shell("models", "show", "m")
    assert status == 0, err
    lines = out.splitlines()
    assert len(lines) < 20
    assert "Makes: pictures 28×20 grey of the classes 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11" in out
    assert "and 3 more" in out
    assert "Learnt from: Drawn, sample pack drawn, 1 example" in lines
    assert "Trained: 3,000 steps, 24 minutes, 1,500 weights" in lines
    place = lines.index("How good it is:")
    assert lines[place + 1].strip() == "reads right 99 times in 100"
    told = [each.split("  ")[0] for each in lines[place + 3 :]]
    assert told == [
        "Label accuracy (1 is always right)",
        "Fréchet distance (less is better)",
        "zeal",
    ]
    assert not any(each.startswith("{") for each in lines)
    assert json.loads(shell("models", "show", "m", "--json")[1])["card"] == CARD


@pytest.mark.parametrize("odd", [None, [], 7, "x", {"a": None}])
def test_a_card_of_anothers_making_is_shown_as_far_as_it_goes(
    shell: Shell, kept: Callable[..., None], odd: Any
) -> None:
    free = ("evaluation", "parameter_count", "seconds", "steps")
    kept(CARD | dict.fromkeys(free, odd))
    status, out, err = shell("models", "show", "m")
    assert status == 0, err
    assert "Generator: spans" in out


def test_evaluating_says_which_way_is_better(shell: Shell, tmp_path: Path) -> None:
    source = tmp_path / "t.txt"
    source.write_text("The fox runs.\nThe hen sits.\nThe fox sees.\n" * 9, encoding="utf-8")
    shell("data", "import", source, "--name", "tales", "--medium", "text")
    shell("train", "spans", "--data", "tales", "--steps", 5, "--out", "fox")
    status, out, err = shell("evaluate", "fox", "--data", "tales")
    assert status == 0, err
    assert "that the model fox has not seen:" in out
    assert "as unsure of each character as among " in out
    assert "Nats a character (less is better)  " in out


def test_every_measure_has_its_direction() -> None:
    for name in MEASURES:
        assert measures.measure_title(name).endswith(")")
    assert measures.measure_title("my_own") == "my own"


@pytest.mark.parametrize("metrics", [None, [], {"label_accuracy": True}, {"psnr_db": "x"}])
def test_what_is_no_number_says_nothing(metrics: object) -> None:
    assert measures.told_measures(metrics) == []
    assert measures.plain_words(metrics) == []


def test_measures_are_told_in_the_order_of_their_worth() -> None:
    found = {"own": 3, "recall": 0.5, "label_accuracy": 0.99, "frechet_distance": float("nan")}
    assert measures.told_measures(found) == [
        ("Label accuracy (1 is always right)", "0.99"),
        ("Recall: how varied (1 is best)", "0.5"),
        ("own", "3"),
    ]
    assert measures.plain_words(found)[0] == "reads right 99 times in 100"


def test_a_judge_that_reads_noise_right_does_not_praise_it() -> None:
    found = {"label_accuracy": 0.99, "precision": 0.03, "diversity": 1.0}
    assert measures.plain_words(found) == [
        "only 3 in 100 look like real ones",
        "100 % as varied as real ones",
    ]
    assert measures.plain_words(found | {"precision": 0.9})[0] == "reads right 99 times in 100"


def test_a_model_that_draws_one_picture_of_each_class_is_told_to_be_alike() -> None:
    collapsed = {"label_accuracy": 0.99, "diversity": 0.86, "diversity_within": 0.04}  # measured
    told = measures.plain_words(collapsed | {"told_apart": 1.0})
    assert told[0] == "much alike: only 4 % as varied as real ones"
    assert not any("86" in each or "reads right" in each for each in told)
    assert measures.looks_unreal({"metrics": collapsed})
    alike_in_all = {"diversity": 0.6, "diversity_within": 0.9}  # within a class is the stricter
    assert not measures.looks_unreal({"metrics": alike_in_all})
    assert measures.looks_unreal({"metrics": {"diversity": 0.6}})
    whole = {"label_accuracy": 0.99, "diversity": 0.95, "diversity_within": 0.97}  # measured
    assert "those of one class are 97 % as varied as real ones" in measures.plain_words(whole)
    assert not measures.looks_unreal({"metrics": whole})


def test_smudges_that_lie_among_real_ones_are_told_as_what_they_are() -> None:
    smudges = {"label_accuracy": 0.99, "precision": 0.998, "recall": 0.004}  # measured, 31 steps
    assert measures.plain_words(smudges | {"told_apart": 0.988}) == [
        "easily told from real ones: 99 times in 100 (50 is chance)",
        "0 in 100 real ones lie among what it makes",
    ]
    assert measures.plain_words(smudges) == ["only 0 in 100 real ones are like what it makes"]
    good = {"label_accuracy": 0.98, "precision": 0.9, "recall": 0.8, "told_apart": 0.6}
    assert measures.plain_words(good)[0] == "reads right 98 times in 100"
    assert "told from real ones 60 times in 100 (50 is chance)" in measures.plain_words(good)


def test_a_plugin_has_words_for_measures_of_its_own() -> None:
    from aigc_studio.api import Measure

    own = {
        "tilt": Measure(title={"en": "Tilt", "zh": "倾斜"}, unit="°", better="lower"),
        "joy": Measure(title="Joy", better="higher"),
        "label_accuracy": Measure(title="Something else"),
    }
    assert measures.measure_title("tilt", own) == "Tilt (°, less is better)"
    assert measures.measure_title("joy", own) == "Joy (more is better)"
    assert measures.measure_title("label_accuracy", own).startswith("Label accuracy")
    assert measures.told_measures({"tilt": 2.0}, own) == [("Tilt (°, less is better)", "2")]


@pytest.fixture
def tales(shell: Shell, tmp_path: Path, plugin_home: Any) -> None:
    """A dataset of thirty texts."""
    plugin_home("judged")
    source = tmp_path / "tales"
    source.mkdir()
    for number in range(30):
        (source / f"{number}.txt").write_text(f"A tale of {number} foxes.", encoding="utf-8")
    assert shell("data", "import", source, "--name", "tales", "--medium", "text")[0] == 0


def test_a_training_measures_its_model_at_its_end(shell: Shell, tales: None, home: Path) -> None:
    words = ("train", "judged", "--data", "tales", "--steps", 2, "--out", "warm")
    status, out, err = shell(*words)
    assert status == 0, err
    assert "Warmth: 6 °" in out
    assert "Warmth (°, more is better)" in out
    assert "that the model warm has not seen:" in out
    card = json.loads((home / "data" / "models" / "warm" / "card.json").read_text("utf-8"))
    assert card["metrics"] == {"warmth": 6.0, "haste": 1 / card["evaluation"]["examples"]}
    assert card["evaluation"]["data"]["name"] == "tales"
    # Also where the plugin is not here any more.
    (home / "data" / "plugins" / "judged.py").unlink()
    out = shell("models", "show", "warm")[1]
    assert "Warmth: 6 °" in out
    assert "Haste (less is better)" in out
    assert "of “tales” that it has not seen." in out


def test_it_may_leave_that_out(shell: Shell, tales: None, home: Path) -> None:
    words = ("train", "judged", "--data", "tales", "--steps", 2, "--json", "--out")
    told = json.loads(shell(*words, "warm", "--no-measure")[1])
    assert "measured" not in told
    card = json.loads((home / "data" / "models" / "warm" / "card.json").read_text("utf-8"))
    assert card["metrics"] == {"warmth": 2.0}
    told = json.loads(shell(*words, "warmer")[1])
    assert told["measured"]["metrics"]["warmth"] == 6.0
    assert told["measured"]["dataset"] == "tales"


def test_going_on_remembers_that_it_was_to_be_left_out(
    shell: Shell, tales: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_words: object, **_more: object) -> Never:
        raise RunFailed(RunError("It crashed."))

    words = ("train", "judged", "--data", "tales", "--steps", 2, "--out", "warm", "--no-measure")
    with monkeypatch.context() as patched:
        patched.setattr("aigc_studio.cli.asking.running", die)
        assert shell(*words)[0] == 1
    (training,) = TrainingStore().list()
    status, out, err = shell("train", "judged", "--resume", training.id, "--json")
    assert status == 0, err
    assert "measured" not in json.loads(out)


def test_a_measuring_that_fails_leaves_the_model(
    shell: Shell, tales: None, home: Path, plugin_home: Any
) -> None:
    plugin = home / "data" / "plugins" / "judged.py"
    text = plugin.read_text("utf-8").replace(
        "    texts = [", "    raise KeyError('x')\n    texts = ["
    )
    plugin.write_text(text, encoding="utf-8")
    words = ("train", "judged", "--data", "tales", "--steps", 2, "--out", "warm")
    status, out, err = shell(*words)
    assert status == 0, err
    assert "The model warm was not measured." in err
    assert "The model warm is here now." in out


def test_what_was_trained_on_is_left_out_and_that_is_said(
    shell: Shell, tales: None, tmp_path: Path
) -> None:
    shell("train", "judged", "--data", "tales", "--steps", 2, "--out", "warm", "--no-measure")
    again = tmp_path / "again"
    (again / "test").mkdir(parents=True)
    (again / "train").mkdir()
    for number in range(28, 40):
        part = "train" if number == 39 else "test"
        text = f"A tale of {number} foxes."
        (again / part / f"{number}.txt").write_text(text, encoding="utf-8")
    shell("data", "import", again, "--name", "again", "--medium", "text")
    status, out, err = shell("evaluate", "warm", "--data", "again", "--json")
    assert status == 0, err
    told = json.loads(out)
    assert told["left_out"] >= 1
    assert told["examples"] + told["left_out"] == 11
    assert f"{told['left_out']} of 11 examples w" in err


def test_data_of_another_kind_is_refused(shell: Shell, tales: None, tmp_path: Path) -> None:
    from PIL import Image

    shell("train", "judged", "--data", "tales", "--steps", 2, "--out", "warm", "--no-measure")
    (tmp_path / "p").mkdir()
    for number in range(12):
        Image.new("L", (4, 4), number).save(tmp_path / "p" / f"{number}.png")
    shell("data", "import", tmp_path / "p", "--name", "pictures")
    status, out, err = shell("evaluate", "warm", "--data", "pictures")
    assert (status, out) == (2, "")
    assert "holds pictures, and the model warm makes texts: choose other data." in err
