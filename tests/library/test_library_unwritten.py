"""Where nothing can be written, a sentence names the folder and says what to do about it."""

from __future__ import annotations

import errno
from collections.abc import Callable
from pathlib import Path
from typing import Any, Never

import pytest

from aigc_studio import files
from aigc_studio.api import Text
from aigc_studio.api.dataset import Dataset
from aigc_studio.api.errors import StudioError
from aigc_studio.library import DatasetStore, ModelStore, TrainingStore
from aigc_studio.library.drafts import Draft
from aigc_studio.library.new_trainings import NewTraining

FULL = (errno.ENOSPC, "No space left on device", "free up space there")
SHUT = (errno.EACCES, "Permission denied", "or grant permission")


@pytest.fixture(params=[FULL, SHUT], ids=["full", "shut"])
def refused(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
    """No folder can be made; what the system says of it, and what is to be done."""
    number, reason, remedy = request.param

    def refuse(_folder: Path) -> Never:
        raise OSError(number, reason)

    monkeypatch.setattr(files, "make_private", refuse)
    return reason, remedy


def test_a_dataset_names_the_folder_that_takes_nothing(
    tmp_path: Path, refused: tuple[str, str]
) -> None:
    store = DatasetStore(tmp_path / "data sets")
    with pytest.raises(StudioError) as told:
        list(store.write("cats", "text", [Draft(Text("hello"))], {}))
    assert "dataset cats could not be written" in str(told.value)
    assert f"{store.folder} ({refused[0]})" in str(told.value)
    assert refused[1] in str(told.value)
    assert list(tmp_path.iterdir()) == []


def test_a_model_names_the_folder_that_takes_nothing(
    tmp_path: Path, checkpoint: Path, card: dict[str, Any], refused: tuple[str, str]
) -> None:
    store = ModelStore(tmp_path / "mo dels")
    with pytest.raises(StudioError) as told:
        store.publish(checkpoint, "mine", card)
    assert "model mine could not be written" in str(told.value)
    assert f"{store.folder} ({refused[0]})" in str(told.value)
    assert refused[1] in str(told.value)
    assert not store.folder.exists()


def test_a_training_names_the_folder_that_takes_nothing(
    tmp_path: Path, write_dataset: Callable[..., Path], refused: tuple[str, str]
) -> None:
    store = TrainingStore(tmp_path / "trai nings")
    with pytest.raises(StudioError) as told:
        store.create(
            NewTraining("echo", Dataset(write_dataset([Text("hello")])), name="mine", steps=5)
        )
    assert "training mine could not be written" in str(told.value)
    assert f"{store.folder} ({refused[0]})" in str(told.value)
    assert refused[1] in str(told.value)
    assert not store.folder.exists()
