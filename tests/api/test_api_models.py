"""Models saved and loaded by the API: what comes back, what is refused, what a fault leaves."""

import errno
import json
import math
import os
import pickle
import struct
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from aigc_studio import files
from aigc_studio.api import GeneratorError, limits, load_model, save_model

DOCUMENT: dict[str, Any] = {
    "order": 3,
    "counts": {"th": {"e": 12, "🎵": 1}, "": {}},
    "文字": ["长", "\u0301", "\ud800", "\x00", ""],
    "whole": [2**53 + 1, -(2**63), 2**64 - 1, 0],
    "parts": [0.1, -0.0, 5e-324, 1.7e308, 1 / 3],
    "other": [None, True, False, [], {}],
}
ARRAYS: dict[str, np.ndarray] = {
    "floats": np.linspace(0, 1, 7, dtype=np.float16),
    "whole/文": np.arange(6, dtype=np.int64).reshape(2, 3),
    "bits": np.array([True, False]),
    "scalar": np.array(3, np.uint8),
    "nothing": np.zeros((0, 4), np.float64),
}


def assert_equal(loaded: dict[str, np.ndarray], wanted: dict[str, np.ndarray]) -> None:
    assert loaded.keys() == wanted.keys()
    for name, array in wanted.items():
        assert loaded[name].dtype == array.dtype
        assert loaded[name].shape == array.shape
        assert np.array_equal(loaded[name], array)


def test_a_document_comes_back_exactly(tmp_path: Path) -> None:
    folder = save_model(tmp_path / "模型 é", DOCUMENT)
    assert [path.name for path in folder.iterdir()] == ["model.json"]
    document, arrays = load_model(folder)
    assert document == DOCUMENT
    assert arrays == {}
    assert math.copysign(1, document["parts"][1]) == -1
    assert all(type(each) is int for each in document["whole"])


def test_arrays_come_back_with_their_dtypes_and_can_be_written_to(tmp_path: Path) -> None:
    folder = save_model(tmp_path / "m", arrays=ARRAYS)
    assert [path.name for path in folder.iterdir()] == ["weights.safetensors"]
    document, arrays = load_model(folder)
    assert document == {}
    assert_equal(arrays, ARRAYS)
    arrays["bits"][0] = False


@pytest.mark.parametrize(
    "array",
    [
        np.arange(12).reshape(3, 4).T,
        np.arange(12)[::-2],
        np.arange(5, dtype=">f4"),
        np.broadcast_to(np.float32(2), (3, 3)),
    ],
)
def test_an_array_of_any_order_in_memory_comes_back(tmp_path: Path, array: np.ndarray) -> None:
    (loaded,) = load_model(save_model(tmp_path / "m", arrays={"a": array}))[1].values()
    assert np.array_equal(loaded, array)
    assert loaded.dtype == array.dtype.newbyteorder("=")


def test_both_lie_side_by_side_and_equal_models_are_equal_bytes(tmp_path: Path) -> None:
    turned = dict(reversed(DOCUMENT.items()))
    one = save_model(tmp_path / "one", DOCUMENT, ARRAYS)
    two = save_model(tmp_path / "two", turned, dict(reversed(ARRAYS.items())))
    for name in ("model.json", "weights.safetensors"):
        assert (one / name).read_bytes() == (two / name).read_bytes()
    document, arrays = load_model(two)
    assert document == DOCUMENT
    assert_equal(arrays, ARRAYS)


def test_what_is_saved_over_a_model_takes_its_place(tmp_path: Path) -> None:
    folder = save_model(tmp_path / "m", DOCUMENT, ARRAYS)
    (folder / "words.txt").write_text("kept")
    save_model(folder, {"a": 1})
    assert load_model(folder) == ({"a": 1}, {})
    save_model(folder, arrays={"a": np.ones(2)})
    assert load_model(folder)[0] == {}
    assert sorted(path.name for path in folder.iterdir()) == ["weights.safetensors", "words.txt"]


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ({1: 2}, "must be a text, not 1"),
        ({"a": [{True: 2}]}, "must be a text, not True"),
        ({"a": float("nan")}, "plain JSON"),
        ({"a": [math.inf]}, "plain JSON"),
        ({"a": {1, 2}}, "plain JSON"),
        ({"a": b"x"}, "plain JSON"),
        ([1], "is a mapping, not list"),
        (None, "neither"),
    ],
)
def test_what_no_document_can_hold_is_the_authors_mistake(
    tmp_path: Path, document: Any, said: str
) -> None:
    with pytest.raises(ValueError, match=said) as told:
        save_model(tmp_path / "m", document, {})
    assert not isinstance(told.value, GeneratorError)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "array", [np.array(["a"]), np.array([object()]), np.zeros(2, complex), [1]]
)
def test_what_no_array_can_be_is_the_authors_mistake(tmp_path: Path, array: Any) -> None:
    with pytest.raises(ValueError, match=r"array 'odd' is of the kind"):
        save_model(tmp_path / "m", arrays={"odd": array})
    assert list(tmp_path.iterdir()) == []


def deep(levels: int) -> Any:
    value: Any = 1
    for _level in range(levels):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ({"a": deep(limits.DEPTH)}, "levels"),
        ({"a": 10**25}, "number that is too long"),
        ({"a": [0] * 2_000_001}, "2,000,000 values"),
        ({"a": "x" * limits.DOCUMENT_BYTES}, "larger than 67 MB"),
    ],
)
def test_a_model_that_could_not_be_loaded_again_is_not_saved(
    tmp_path: Path, document: Any, said: str
) -> None:
    with pytest.raises(
        GeneratorError, match=f"The model cannot be kept .*{said}.*train it on less"
    ):
        save_model(tmp_path / "m", document)
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_leaves_the_model_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = save_model(tmp_path / "m", DOCUMENT, ARRAYS)
    write = files.write_beside

    def full(path: Path, data: bytes, **told: Any) -> str:
        if path.name == "weights.safetensors":
            raise OSError(errno.ENOSPC, "No space left on device")
        return write(path, data, **told)

    monkeypatch.setattr(files, "write_beside", full)
    with pytest.raises(OSError, match="No space left"):
        save_model(folder, {"a": 1}, {"a": np.ones(1)})
    assert load_model(folder)[0] == DOCUMENT
    assert sorted(path.name for path in folder.iterdir()) == ["model.json", "weights.safetensors"]


def test_a_new_folder_is_there_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_source: object, _target: object) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "rename", full)
    with pytest.raises(OSError, match="Input/output"):
        save_model(tmp_path / "m", DOCUMENT, ARRAYS)
    assert list(tmp_path.iterdir()) == []


def tensor(kind: str) -> bytes:
    header = json.dumps({"a": {"dtype": kind, "shape": [1], "data_offsets": [0, 2]}}).encode()
    return struct.pack("<Q", len(header)) + header + bytes(2)


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("model.json", b"", "model.json: it is not JSON"),
        ("model.json", b"[1]", "model.json: it should be an object"),
        ("model.json", b'{"a": NaN}', "NaN"),
        ("model.json", b'{"a": 1, "a": 2}', "there twice"),
        ("model.json", b'{"a": ' + b"[" * 10_000 + b"]" * 10_000 + b"}", "levels"),
        ("model.json", b"\xff{}", "UTF-8"),
        ("weights.safetensors", b"", "not a complete safetensors"),
        ("weights.safetensors", pickle.dumps([1]), "is a pickle"),
        ("weights.safetensors", b"PK\x03\x04rest", "is a pickle"),
        ("weights.safetensors", tensor("F16")[:-1], "is wrong|not a complete safetensors"),
        ("weights.safetensors", tensor("BF16"), "BF16.*needs torch"),
    ],
)
def test_a_damaged_model_is_a_sentence_that_names_it(
    tmp_path: Path, name: str, data: bytes, said: str
) -> None:
    folder = save_model(tmp_path / "Bard 3", DOCUMENT, ARRAYS)
    (folder / name).write_bytes(data)
    with pytest.raises(GeneratorError, match=said) as told:
        load_model(folder)
    assert told.value.parameter == "model"
    assert "Bard 3" in str(told.value) or name in str(told.value)


def test_a_document_of_two_gigabytes_is_not_read(tmp_path: Path) -> None:
    folder = save_model(tmp_path / "Bard 3", DOCUMENT)
    with (folder / "model.json").open("r+b") as holes:
        holes.truncate(2 << 30)
    with pytest.raises(GeneratorError, match=r"Bard 3 is damaged \(model.json: .* than 67 MB\)"):
        load_model(folder)


@pytest.mark.parametrize("made", [True, False])
def test_a_folder_without_a_model_says_what_is_missing(tmp_path: Path, made: bool) -> None:
    folder = tmp_path / "empty"
    if made:
        folder.mkdir()
        (folder / "model.json").mkdir()
    with pytest.raises(GeneratorError, match=r"empty holds no model.*model\.json nor weights"):
        load_model(folder)


def test_a_document_needs_no_safetensors_and_arrays_say_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_model(tmp_path / "arrays", arrays=ARRAYS)
    monkeypatch.setitem(sys.modules, "safetensors", None)
    monkeypatch.setitem(sys.modules, "safetensors.numpy", None)
    assert load_model(save_model(tmp_path / "m", DOCUMENT)) == (DOCUMENT, {})
    for act in (
        lambda: save_model(tmp_path / "n", arrays=ARRAYS),
        lambda: load_model(tmp_path / "arrays"),
    ):
        with pytest.raises(GeneratorError, match="pip install safetensors"):
            act()


def test_documents_are_saved_and_loaded_without_numpy_or_torch(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from aigc_studio.api import save_model, load_model;"
        f"load_model(save_model(Path({str(tmp_path / 'm')!r}), {{'a': 1}}));"
        "print({'numpy', 'torch', 'safetensors'} & set(sys.modules))"
    )
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "set()"
