"""Stores that two windows change: whole or a sentence, and readers that wait for the other."""

from __future__ import annotations

import errno
import json
import os
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Never

import pytest
from library.library_samples import weights
from neighbour import Neighbour, neighbours

from aigc_studio import files, folders
from aigc_studio.api import Checkpoint, StudioError, Text
from aigc_studio.library import DatasetStore, ModelStore, PackStore, Training, TrainingStore
from aigc_studio.library import locks as locks_module
from aigc_studio.library import models as models_module
from aigc_studio.library.drafts import Draft
from aigc_studio.library.new_trainings import NewTraining

CARD = {"generator": "echo", "licence": "CC0"}


@pytest.fixture
def other() -> Iterator[Neighbour]:
    with neighbours() as (one,):
        yield one


@pytest.fixture
def datasets() -> DatasetStore:
    store = DatasetStore()
    list(store.write("cats", "text", [Draft(Text(f"cat {n}")) for n in range(30)], {}))
    return store


@pytest.fixture
def models(checkpoint: Path) -> ModelStore:
    store = ModelStore()
    store.publish(checkpoint, "mine", CARD)
    return store


def visible(store: ModelStore | DatasetStore | TrainingStore) -> list[str]:
    return sorted(each.name for each in store.folder.iterdir() if each.name[0] != ".")


# Models


def test_a_rename_against_a_delete_leaves_no_half_folder(
    models: ModelStore, other: Neighbour, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What left a folder with only `card.json`: the other deletes just before the card is
    written."""
    write = files.write_bytes

    def slowly(path: Path, data: bytes, **how: Any) -> None:
        if path.name == "card.json":
            other.begin("ModelStore().delete('mine')")
            time.sleep(0.3)
        write(path, data, **how)

    monkeypatch.setattr(files, "write_bytes", slowly)
    assert models.rename("mine", "yours").name == "yours"
    monkeypatch.undo()
    said = other.sentence()  # it had looked for the model before, or after
    assert "mine is no longer there" in said or "There is no model mine" in said
    assert visible(models) == ["yours"]
    assert models.broken() == []


def test_a_name_taken_while_a_model_was_written_is_a_sentence(
    models: ModelStore, other: Neighbour, checkpoint: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    check = models_module._check

    def slowly(fresh: Path, name: str) -> None:
        other.does("ModelStore().rename('mine', 'FRESH')")
        check(fresh, name)

    monkeypatch.setattr(models_module, "_check", slowly)
    with pytest.raises(StudioError, match="taken"):
        models.publish(checkpoint, "fresh", CARD)
    assert visible(models) == ["FRESH"]


def test_what_was_deleted_while_it_was_waited_for_is_a_sentence(
    models: ModelStore, datasets: DatasetStore
) -> None:
    for store, name in ((models, "mine"), (datasets, "cats")):
        said: list[str] = []

        def delete(store: Any = store, name: str = name, said: list[str] = said) -> None:
            try:
                store.delete(name)
            except StudioError as error:
                said.append(str(error))

        with locks_module.turn(store.folder, name):
            waiting = threading.Thread(target=delete)
            waiting.start()
            while not (store.folder / locks_module.TURNS).is_dir():
                pass
            waiting.join(0.2)
            shutil.rmtree(store.folder / name)
        waiting.join()
        assert len(said) == 1
        assert "no longer there" in said[0] or "There is no dataset" in said[0]


@pytest.mark.parametrize("moment", ["model_files", "_names"])
def test_a_model_deleted_during_its_export_is_named_and_not_the_file(
    models: ModelStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    from aigc_studio.library import model_files

    listed = getattr(model_files, moment)

    def gone(folder: Path) -> list[str]:
        names: list[str] = listed(folder)
        with suppress(StudioError):  # asked a second time
            ModelStore().delete("mine")
        return names

    monkeypatch.setattr(model_files, moment, gone)
    with pytest.raises(StudioError, match="The model mine is no longer there"):
        models.export("mine", tmp_path / "out.aigcmodel")
    assert not [each for each in tmp_path.iterdir() if "model" in each.suffix]


# Datasets


def test_a_dataset_that_is_replaced_is_never_missing(
    datasets: DatasetStore, other: Neighbour, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the two renames of a removal the folder is not there: who looks then waits."""
    rename, looked = os.rename, []

    def slowly(source: Path, target: Path) -> None:
        rename(source, target)
        if Path(target).name.startswith(locks_module.REPLACED):
            looked.extend(datasets.names())
            other.begin(
                "[each.name for each in DatasetStore().list()], len(DatasetStore().open('cats'))"
            )
            other.begin("DatasetStore().browse('cats').info(0).label")

    monkeypatch.setattr(os, "rename", slowly)
    datasets.remove("cats", [0, 1])
    monkeypatch.undo()
    assert looked == ["cats"]
    other.answer()
    assert other.answer() == ""
    assert not list(datasets.folder.glob(".replaced-*"))


def test_two_windows_change_one_dataset_and_nothing_is_lost(
    datasets: DatasetStore, other: Neighbour
) -> None:
    other.begin(
        "store = DatasetStore()\n"
        "for number in range(15):\n"
        "    store.relabel('cats', {number: 'theirs'})"
    )
    for number in range(15, 30):
        datasets.relabel("cats", {number: "mine"})
    other.answer()
    browser = datasets.browse("cats")
    assert [browser.info(n).label for n in range(30)] == ["theirs"] * 15 + ["mine"] * 15


def test_what_a_killed_removal_moved_aside_comes_back_but_not_from_the_dead(
    datasets: DatasetStore,
) -> None:
    folder = datasets.folder / "cats"
    folder.rename(datasets.folder / ".replaced-cats")
    locks_module.sweep(datasets.folder, older_than=0)
    assert [each.name for each in datasets.list()] == ["cats"]
    assert folder.is_dir()
    shutil.copytree(folder, datasets.folder / ".replaced-cats")  # killed before it was emptied
    datasets.delete("cats")
    assert DatasetStore().names() == []


def test_a_change_to_a_full_disk_is_a_sentence_that_names_the_dataset(
    datasets: DatasetStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_place: object, **_how: object) -> Never:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(files, "write_bytes", full)
    with pytest.raises(StudioError, match="cats could not be changed: No space left"):
        datasets.relabel("cats", {0: "a"})
    monkeypatch.undo()
    assert datasets.browse("cats").info(0).label == ""


# Trainings


@pytest.fixture
def training(datasets: DatasetStore) -> Training:
    return TrainingStore().create(NewTraining("echo", datasets.open("cats"), name="mine", steps=5))


def learnt(training: Training) -> None:
    folder = training.work / "models" / "step-1"
    folder.mkdir(parents=True)
    (folder / "weights.safetensors").write_bytes(weights())
    training.note_checkpoint(Checkpoint(folder, 1, {}, True, {}))


def test_a_look_at_a_training_is_in_nobodys_way(training: Training, other: Neighbour) -> None:
    other.does("import time")
    other.begin(
        "end = time.monotonic() + 1\n"
        "while time.monotonic() < end:\n"
        "    TrainingStore().interrupted()"
    )
    for _number in range(200):
        training.take()
        training.release()
    other.answer()


def test_a_training_is_held_until_its_model_is_made(
    training: Training, other: Neighbour, models: ModelStore
) -> None:
    """Else a window that starts in between finds it ended without a model, and makes a second."""
    training.take()
    learnt(training)
    training.note("done", hold=True)
    assert other.does("len(TrainingStore().interrupted())") == 0
    said = other.refuses(f"TrainingStore().open({training.id!r}).publish(ModelStore())")
    assert f"running in another window or shell (process {os.getpid()})" in said
    training.publish(models, "made")
    training.discard()
    assert "There is no training" in other.refuses(f"TrainingStore().open({training.id!r})")


def test_what_another_window_did_with_a_training_is_known_when_it_is_taken(
    training: Training, other: Neighbour
) -> None:
    listed = TrainingStore().open(training.id)
    other.does(f"theirs = TrainingStore().open({training.id!r})")
    other.does("theirs.take(); theirs.note('failed', 'no luck')")
    listed.take()
    assert (listed.state, listed.document["error"]) == ("failed", "no luck")
    listed.release()
    other.does("theirs.discard()")
    with pytest.raises(StudioError, match="no longer there"):
        listed.take()
    with pytest.raises(StudioError, match="no longer there"):
        listed.discard()
    assert not listed.folder.exists()


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such files")
@pytest.mark.parametrize("damaged", [False, True])
def test_an_odd_lock_is_a_sentence_that_names_the_training(
    training: Training, damaged: bool
) -> None:
    os.mkfifo(training.folder / locks_module.LOCK_NAME)
    if damaged:
        for path in training.folder.glob("training*.json"):
            path.write_text("{")
    with pytest.raises(StudioError, match="cannot be resumed"):
        TrainingStore().discard(training.id)
    assert training.folder.exists()


def test_a_training_that_goes_while_it_is_read_is_not_called_damaged(training: Training) -> None:
    training.discard()
    with pytest.raises(StudioError, match="no longer there"):
        Training(training.folder)


def test_a_damaged_training_that_runs_is_not_thrown_away(
    training: Training, other: Neighbour
) -> None:
    other.does(f"theirs = TrainingStore().open({training.id!r})")
    other.does("theirs.take()")
    for path in training.folder.glob("training*.json"):
        path.write_text("{")
    with pytest.raises(StudioError, match=f"process {other.process.pid}"):
        TrainingStore().discard(training.id)
    other.does("theirs.release()")
    TrainingStore().discard(training.id)
    assert not training.folder.exists()


# Packs, and the home


def test_forgetting_a_pack_leaves_what_another_window_fetches(home: Path) -> None:
    packs = PackStore()
    pack = packs.list()[0]
    folder = packs.folder / pack.id
    scratch = folder / ".fetch.theirs"
    scratch.mkdir(parents=True)
    (folder / "some.whl").write_bytes(b"w")
    (scratch / "half.whl").write_bytes(b"w")
    lock = locks_module.FolderLock(scratch)
    assert lock.acquire()
    os.utime(scratch, (1, 1))
    packs.forget(pack.id)
    assert sorted(each.name for each in folder.iterdir()) == [".fetch.theirs"]
    lock.release()
    os.utime(scratch, (1, 1))
    packs.forget(pack.id)  # a window that was killed while it fetched
    assert not folder.exists()


@pytest.mark.skipif(os.name != "posix", reason="modes of POSIX")
def test_what_is_made_in_the_home_is_the_persons_own(datasets: DatasetStore) -> None:
    from aigc_studio.host import Registry

    Registry()._write()
    private = [folders.data_folder(), folders.cache_folder(), datasets.folder]
    assert [each.stat().st_mode & 0o777 for each in private] == [0o700] * 3
    assert json.loads((folders.cache_folder() / "plugins.json").read_text())
