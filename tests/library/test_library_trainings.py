"""Trainings: asked for, interrupted, gone on with, published; one process at a time."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from kinds import there
from library.library_samples import weights

from aigc_studio.api import Checkpoint, StudioError, Text
from aigc_studio.library import DatasetStore, ModelInfo, ModelStore, Training, TrainingStore
from aigc_studio.library.drafts import Draft
from aigc_studio.library.new_trainings import NewTraining


@pytest.fixture
def datasets() -> DatasetStore:
    store = DatasetStore()
    about = {"licence": "CC0", "credit": "me"}
    list(store.write("数据", "text", [Draft(Text(f"{n}")) for n in range(30)], about))
    return store


@pytest.fixture
def trainings() -> TrainingStore:
    return TrainingStore()


def begun(trainings: TrainingStore, datasets: DatasetStore, **told: Any) -> Training:
    usual: dict[str, Any] = {
        "name": "mine",
        "minutes": 5,
        "parameters": {"rate": 0.1, "wide": True},
    }
    return trainings.create(
        NewTraining("rnn-text", datasets.open("数据"), seed=3, **(usual | told))
    )


def checkpoint(
    training: Training, step: int, best: bool = False, values: tuple[float, ...] = (1.0,)
) -> Checkpoint:
    folder = training.work / "models" / f"step-{step}"
    folder.mkdir(parents=True)
    (folder / "weights.safetensors").write_bytes(weights(values))
    return Checkpoint(folder, step, {"precision": step / 10}, best, {"architecture": "small"})


def test_a_request_says_everything_and_resumes_when_something_is_there(
    trainings: TrainingStore, datasets: DatasetStore
) -> None:
    training = begun(trainings, datasets)
    request = training.request(threads=2)
    assert (request.minutes, request.steps, request.seed, request.threads) == (5, None, 3, 2)
    assert request.parameters == {"rate": 0.1, "wide": True}
    assert len(request.dataset) == datasets.info("数据").train
    assert request.folder == training.work
    assert not request.resume
    (training.work / "resume.safetensors").write_bytes(b"x")
    training.release()
    assert trainings.open(training.id).request().resume


def test_the_best_checkpoint_becomes_a_model_with_a_complete_card(
    trainings: TrainingStore, datasets: DatasetStore
) -> None:
    training, models = begun(trainings, datasets), ModelStore()
    assert training.publish(models) is None
    training.request()
    for step, best in ((1, False), (2, True), (3, False)):
        training.note_checkpoint(checkpoint(training, step, best, (float(step),)))
    assert trainings.open(training.id).best() == training.best()
    info = there(training.publish(models))
    assert info.card["step"] == 2
    assert info.card["metrics"] == {"precision": 0.2}
    assert info.card["data"]["name"] == "数据"
    assert info.card["data"]["fingerprint"] == datasets.info("数据").fingerprint
    assert (info.card["licence"], info.card["credit"]) == ("CC0", "me")
    assert info.card["architecture"] == "small"
    assert info.card["command"] == (
        "aigc-studio train rnn-text --data '数据' --minutes 5 --seed 3 --out mine "
        "--set rate=0.1 --set wide=true"
    )
    assert info.card["versions"]["aigc-studio"]
    assert str(training.folder) not in str(info.card)
    assert there(training.publish(models)).name == "mine 2"


def test_what_it_started_from_stands_in_the_card(
    trainings: TrainingStore, datasets: DatasetStore
) -> None:
    training, models = begun(trainings, datasets), ModelStore()
    training.note_checkpoint(checkpoint(training, 1))
    first = there(training.publish(models))
    second = begun(trainings, datasets, name="second", model=first)
    request = second.request()
    assert request.model == first.folder
    assert request.card["architecture"] == "small"
    second.note_checkpoint(checkpoint(second, 1, values=(7.0,)))
    card = there(second.publish(models)).card
    assert card["base"] == {"name": "mine", "digest": first.digest}
    assert card["data"]["before"][0]["name"] == "数据"
    assert "--from mine" in card["command"]
    models.delete("mine")
    second.release()
    with pytest.raises(StudioError, match="model mine that this training started from is gone"):
        trainings.open(second.id).request()


def test_a_checkpoint_that_is_gone_is_not_the_best(
    trainings: TrainingStore, datasets: DatasetStore
) -> None:
    training = begun(trainings, datasets)
    best, last = checkpoint(training, 1, True), checkpoint(training, 2)
    training.note_checkpoint(best)
    training.note_checkpoint(last)
    (best.path / "weights.safetensors").unlink()
    assert there(training.best()).step == 2
    with pytest.raises(StudioError, match="incomplete"):
        training.note_checkpoint(best)
    with pytest.raises(StudioError, match="incomplete"):
        training.note_checkpoint(Checkpoint(training.folder.parent, 1))


@pytest.mark.parametrize("name", ["x" * 300, "models/" + "y" * 5000])
def test_a_checkpoint_whose_name_no_folder_can_have_is_gone(
    trainings: TrainingStore, datasets: DatasetStore, name: str
) -> None:
    training = noted(trainings, datasets, 5, 6)
    training.document["checkpoints"][-1]["path"] = name
    assert there(training.best()).step == 5
    assert [each["step"] for each in training.checkpoints()] == [5]


def test_the_newest_is_not_the_best_and_what_is_broken_is_neither(
    trainings: TrainingStore, datasets: DatasetStore
) -> None:
    training, models = begun(trainings, datasets), ModelStore()
    marks = (True, True, False, False)
    made = [checkpoint(training, step, best) for step, best in enumerate(marks, 1)]
    for each in made:
        training.note_checkpoint(each)
    assert (there(training.best()).step, there(training.newest()).step) == (2, 4)
    assert there(training.publish(models, "now", newest=True)).card["step"] == 4
    # The name is that of what was taken, whatever was newest when it was asked for.
    named = there(training.publish(models, lambda taken: f"step {taken.step}", newest=True))
    assert (named.name, named.card["step"]) == ("step 4", 4)
    for each in (made[1], made[3]):
        whole = (each.path / "weights.safetensors").read_bytes()
        (each.path / "weights.safetensors").write_bytes(whole[:-2])
    assert (there(training.best()).step, there(training.newest()).step) == (1, 3)
    assert there(training.publish(models)).card["step"] == 1


def test_interrupted_are_those_whose_process_is_gone(
    trainings: TrainingStore, datasets: DatasetStore
) -> None:
    done, going, fresh = (begun(trainings, datasets) for _ in range(3))
    done.request()
    done.note("done")
    going.request()
    assert trainings.interrupted() == []
    going.release()  # as the system does when the process is killed
    assert [each.id for each in trainings.interrupted()] == [going.id]
    assert len(trainings.list()) == 3
    fresh.discard()
    assert len(trainings.list()) == 2


def test_one_that_ended_without_a_model_is_not_lost(
    trainings: TrainingStore, datasets: DatasetStore
) -> None:
    training = begun(trainings, datasets)
    training.request()
    training.note_checkpoint(checkpoint(training, 1))
    training.note("done")  # and here the process is killed
    assert [each.id for each in trainings.interrupted()] == [training.id]
    training.publish(ModelStore())
    assert trainings.interrupted() == []


def test_a_name_taken_in_the_last_moment_gets_a_number(
    trainings: TrainingStore, datasets: DatasetStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    training, models = begun(trainings, datasets), ModelStore()
    training.note_checkpoint(checkpoint(training, 1))
    rename = os.rename

    def too_late(source: Path, target: Path) -> None:
        if Path(target) == models.folder / "mine" and not Path(target).exists():
            shutil.copytree(source, target)
        rename(source, target)

    monkeypatch.setattr("os.rename", too_late)
    assert there(training.publish(models)).name == "mine 2"
    assert {each.name for each in models.folder.iterdir()} == {"mine", "mine 2"}


def test_another_process_cannot_run_the_same_training(
    trainings: TrainingStore, datasets: DatasetStore
) -> None:
    training = begun(trainings, datasets)
    program = (
        "import sys; from pathlib import Path; from aigc_studio.library.trainings import Training\n"
        "Training(Path(sys.argv[1])).take(); print('taken', flush=True); sys.stdin.read()"
    )
    other = subprocess.Popen(
        [sys.executable, "-c", program, str(training.folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with other:
        assert other.stdout is not None
        assert other.stdout.readline() == "taken\n"
        assert training.running_elsewhere
        with pytest.raises(StudioError, match=f"another window or shell .process {other.pid}"):
            training.request()
        with pytest.raises(StudioError, match="another window or shell"):
            training.discard()
        other.kill()
        other.wait()
    assert training.request().folder == training.work


def test_a_dataset_that_changed_or_is_gone_stops_it(
    trainings: TrainingStore, datasets: DatasetStore
) -> None:
    training = begun(trainings, datasets)
    datasets.exclude("数据", [0])
    with pytest.raises(StudioError, match="数据 has changed since this training began"):
        training.request()
    assert trainings.open(training.id).state == "failed"
    datasets.delete("数据")
    with pytest.raises(StudioError, match="数据 is gone"):
        training.request()


def test_a_dataset_that_was_renamed_is_found_again(
    trainings: TrainingStore, datasets: DatasetStore
) -> None:
    training = begun(trainings, datasets)
    datasets.rename("数据", "another name")
    assert training.request().dataset.name == "another name"


@pytest.mark.parametrize("told", [{"minutes": 0}, {"minutes": 1, "steps": 1}, {"minutes": -3}])
def test_bad_lengths_are_refused(
    trainings: TrainingStore, datasets: DatasetStore, told: dict[str, Any]
) -> None:
    with pytest.raises(StudioError, match="minutes or steps"):
        begun(trainings, datasets, **told)
    assert trainings.list() == []


def test_a_damaged_training_does_not_hide_the_others(
    trainings: TrainingStore, datasets: DatasetStore
) -> None:
    one, two = begun(trainings, datasets), begun(trainings, datasets)
    (one.folder / "training.json").write_text("{")
    assert [each.id for each in trainings.list()] == [two.id]
    with pytest.raises(StudioError, match="There is no training"):
        trainings.open(one.id)


def test_a_crash_before_the_first_checkpoint_can_be_gone_on_with(
    trainings: TrainingStore, datasets: DatasetStore
) -> None:
    training = begun(trainings, datasets)
    training.request()
    (training.work / "plan.jsonl").write_text("{}\n")
    training.note("failed", "it crashed")
    could = training.can_go_on, list(trainings.interrupted())
    assert could == (False, [])
    (training.work / "resume.safetensors").write_bytes(weights())
    assert training.can_go_on
    assert [each.id for each in trainings.interrupted()] == [training.id]


def noted(trainings: TrainingStore, datasets: DatasetStore, *steps: int) -> Training:
    """A training that ended early, with a checkpoint for each step, the first of them the best."""
    training = begun(trainings, datasets)
    training.request()
    for step in steps:
        training.note_checkpoint(checkpoint(training, step, step == steps[0], (float(step),)))
    training.note("failed", "it crashed")
    return training


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"\xff\xfe", b'{"dataset": {}}', b"[" * 9999])
def test_a_damaged_document_is_read_from_the_one_before(
    trainings: TrainingStore, datasets: DatasetStore, data: bytes
) -> None:
    training = noted(trainings, datasets, 1, 2)
    (training.folder / "training.json").write_bytes(data)
    found = trainings.open(training.id)
    assert found.best() is not None
    assert [each.id for each in trainings.list()] == [training.id]
    assert trainings.damaged() == []
    model = found.publish(ModelStore())
    assert model is not None
    assert model.card["step"] == 1
    assert model.card["data"]["name"] == "数据"


@pytest.mark.parametrize(
    "change",
    [
        {"state": 3}, {"checkpoints": [3]}, {"checkpoints": [{"path": "x"}]}, {"name": None},
        {"dataset": []}, {"generator": 1}, {"parameters": None},
    ],
)  # fmt: skip
def test_a_document_that_says_nonsense_is_damaged(
    trainings: TrainingStore, datasets: DatasetStore, change: dict[str, Any]
) -> None:
    training = noted(trainings, datasets, 1)
    document = training.document | change
    (training.folder / "training.json").write_text(json.dumps(document), encoding="utf-8")
    assert trainings.open(training.id).document["name"] == "mine"
    (training.folder / "training-former.json").unlink()
    assert trainings.damaged() == [training.id]
    with pytest.raises(StudioError, match=f"--discard {training.id}"):
        trainings.open(training.id)
    trainings.discard(training.id)
    assert not training.folder.exists()


def test_a_training_without_its_newest_document_is_found(
    trainings: TrainingStore, datasets: DatasetStore
) -> None:
    training = noted(trainings, datasets, 1)
    (training.folder / "training.json").unlink()
    assert [each.id for each in trainings.list()] == [training.id]
    assert trainings.open("mine").id == training.id


def test_several_of_one_name_are_told_by_their_ids(
    trainings: TrainingStore, datasets: DatasetStore
) -> None:
    first, second = noted(trainings, datasets, 1), noted(trainings, datasets, 1)
    with pytest.raises(
        StudioError, match=f"There are: .*{first.id}.*{second.id}|{second.id}.*{first.id}"
    ):
        trainings.open("mine")


@pytest.mark.parametrize("data", [b"", b"x" * 200, b"half", None])
def test_broken_checkpoints_are_passed_over_for_the_best_that_is_whole(
    trainings: TrainingStore, datasets: DatasetStore, data: bytes | None
) -> None:
    training = noted(trainings, datasets, 5, 6, 7)

    def spoil(step: int) -> None:
        path = training.work / "models" / f"step-{step}" / "weights.safetensors"
        path.write_bytes(path.read_bytes()[:-3] if data is None else data)

    for broken, expected in ((5, 7), (7, 6)):
        spoil(broken)
        best = training.best()
        assert best is not None
        assert best.step == expected
    spoil(6)
    assert training.best() is None
    assert training.publish(ModelStore()) is None
    assert not ModelStore().broken()


def base_of(
    trainings: TrainingStore, datasets: DatasetStore, models: ModelStore, name: str, value: float
) -> ModelInfo:
    training = begun(trainings, datasets, name=name)
    training.note_checkpoint(checkpoint(training, 1, values=(value,)))
    info: ModelInfo | None = training.publish(models)
    training.discard()
    assert info is not None
    return info


def test_the_model_it_started_from_is_found_under_another_name(
    trainings: TrainingStore, datasets: DatasetStore
) -> None:
    models = ModelStore()
    first = base_of(trainings, datasets, models, "first", 1)
    training = begun(trainings, datasets, name="second", model=first)
    models.rename("first", "renamed")
    other = base_of(trainings, datasets, models, "first", 2)
    assert other.digest != first.digest
    assert training.request().model == models.find("renamed").folder
    training.release()
    models.delete("renamed")
    with pytest.raises(StudioError, match=r"model first .* is gone: another one has its name"):
        trainings.open(training.id).request()
    assert trainings.open(training.id).state == "failed"


def test_a_training_of_version_0_1_finds_the_model_it_started_from(
    trainings: TrainingStore, datasets: DatasetStore
) -> None:
    models = ModelStore()
    first = base_of(trainings, datasets, models, "first", 1)
    training = begun(trainings, datasets, name="second", model=first)
    # Then the digest was that of the weights alone.
    training.document["model"]["digest"] = first.weights_digest
    training.note("paused")
    assert training.request().model == first.folder
    training.release()
    models.rename("first", "renamed")
    assert trainings.open(training.id).request().model == models.find("renamed").folder


def test_a_card_says_which_plugin_made_it_and_of_which_version(
    trainings: TrainingStore, datasets: DatasetStore
) -> None:
    training = begun(trainings, datasets, versions={"rnn-text": "1.2.3"}, distribution="aigc-rnn")
    training.note_checkpoint(checkpoint(training, 1))
    card = there(training.publish(ModelStore())).card
    assert card["plugin"] == {"distribution": "aigc-rnn", "version": "1.2.3"}
    assert card["versions"]["rnn-text"] == "1.2.3"
    bare = begun(trainings, datasets, name="bare")
    bare.note_checkpoint(checkpoint(bare, 1))
    assert there(bare.publish(ModelStore())).card["plugin"] == {}


def test_a_card_keeps_the_parameters_in_effect_whatever_the_plugin_says_of_them(
    trainings: TrainingStore, datasets: DatasetStore
) -> None:
    training = begun(trainings, datasets)  # rate 0.1, wide
    made = checkpoint(training, 1)
    for told, kept in (
        ({"layers": 3}, {"rate": 0.1, "wide": True, "layers": 3}),
        ({"rate": 0.05}, {"rate": 0.05, "wide": True}),
        ({}, {"rate": 0.1, "wide": True}),
    ):
        training.note_checkpoint(Checkpoint(made.path, 1, card={"parameters": told}))
        model = there(training.publish(ModelStore(), f"with {len(told)} {kept['rate']}"))
        assert model.card["parameters"] == kept


def test_a_loss_that_ran_away_does_not_cost_the_checkpoint(
    trainings: TrainingStore, datasets: DatasetStore
) -> None:
    training = begun(trainings, datasets)
    made = checkpoint(training, 1)
    training.note_checkpoint(
        Checkpoint(made.path, 1, {"loss": float("nan"), "other": float("inf"), "steps": 3.0})
    )
    assert there(training.publish(ModelStore())).card["metrics"] == {"steps": 3.0}
