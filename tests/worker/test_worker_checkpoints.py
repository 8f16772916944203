"""A checkpoint is looked at as publishing will look at it, as it comes."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from aigc_studio.api import Checkpoint, Description, StudioError, TrainRequest, save_model
from aigc_studio.library import ModelStore
from aigc_studio.worker.results import BadResult, Fence


def write(name: str, data: bytes) -> Callable[[Path], None]:
    def spoil(folder: Path) -> None:
        (folder / name).write_bytes(data)

    return spoil


def empty(folder: Path) -> None:
    for path in folder.iterdir():
        path.unlink()


@pytest.fixture
def passed(tmp_path: Path) -> Callable[..., Any]:
    """Call it with a folder for what the fence of a training makes of it as a checkpoint."""

    def pass_(folder: Path, card: Any = None) -> Any:
        request = TrainRequest(dataset=None, folder=tmp_path)  # type: ignore[arg-type]
        fence = Fence(Description(id="one", title="One", medium="text"), request)
        return fence.passed(Checkpoint(folder, 1, card=card or {"order": 3}))

    return pass_


def test_a_document_alone_is_a_checkpoint(tmp_path: Path, passed: Callable[..., Any]) -> None:
    folder = save_model(tmp_path / "step-1", {"order": 3})
    assert passed(Path("step-1")).path == folder.resolve()
    assert passed(save_model(tmp_path / "step-2", {"a": 1}, {"b": np.ones(2)}))


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (empty, "has neither model.json nor weights.safetensors"),
        (write("model.json", b"{"), r"model.json of its checkpoint step-1 cannot be read \(.*JSON"),
        (write("model.json", b"3"), "it should be an object"),
        (write("weights.safetensors", b"x"), "is not whole"),
        (write("weights.safetensors", pickle.dumps([1])), "is a pickle"),
        (write("weights.safetensors", b"\x02" + bytes(7) + b"{}"), "has no tensor in it"),
        (write("words.bin", b"x"), "has a file words.bin, and a model may have only .safetensors"),
        (write("a#.json", b"{}"), "has a file a#.json too many, or of a name"),
    ],
)
def test_what_could_not_be_published_is_said_at_once(
    tmp_path: Path, passed: Callable[..., Any], spoil: Callable[[Path], None], said: str
) -> None:
    folder = save_model(tmp_path / "step-1", {"order": 3}, {"a": np.ones(2)})
    spoil(folder)
    with pytest.raises(BadResult, match=said):
        passed(folder)
    store = ModelStore(tmp_path / "models", tmp_path / "shipped")
    with pytest.raises(StudioError):
        store.publish(folder, "m", {"generator": "one"})


def test_one_outside_the_training_is_said(tmp_path: Path, passed: Callable[..., Any]) -> None:
    outside = save_model(tmp_path.parent / f"{tmp_path.name} outside", {"a": 1})
    with pytest.raises(BadResult, match="lies outside the folder of the training"):
        passed(outside)


@pytest.mark.parametrize(
    ("controls", "said"),
    [
        ([{"name": "x", "low": 2, "high": 1}], "the control 'x' needs low <= default <= high"),
        ([{"name": 5}], "the name of its Control is of the type int"),
        ([{"name": "x"}, {"name": "x"}], "two of its Controls are called x"),
        (3, "the controls of its Controls is of the type int"),
    ],
)
def test_controls_that_will_be_left_out_are_told(tmp_path: Path, controls: Any, said: str) -> None:
    folder = save_model(tmp_path / "step-1", {"order": 3})
    request = TrainRequest(dataset=None, folder=tmp_path)  # type: ignore[arg-type]
    fence = Fence(Description(id="one", title="One", medium="text"), request)
    assert fence.passed(Checkpoint(folder, 1, card={"controls": {"controls": controls}}))
    assert said in fence.remarks[0]


def test_a_card_that_cannot_be_kept_says_what_is_wrong(
    tmp_path: Path, passed: Callable[..., Any]
) -> None:
    folder = save_model(tmp_path / "step-1", {"order": 3})
    with pytest.raises(BadResult, match="be kept: “controls” of it must be an object"):
        passed(folder, {"controls": "garbage"})
