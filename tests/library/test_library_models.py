"""Models: published whole, exported the same every time, imported without trusting anything."""

import errno
import json
import os
import pickle
import stat
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from library.library_samples import weights

from aigc_studio import files
from aigc_studio.api import StudioError
from aigc_studio.library import ModelInfo, ModelStore
from aigc_studio.library.weights import check_weights


@pytest.fixture
def store(tmp_path: Path) -> ModelStore:
    return ModelStore(shipped=tmp_path / "shipped")


@pytest.fixture
def model(store: ModelStore, checkpoint: Path, card: dict[str, Any]) -> ModelInfo:
    return store.publish(checkpoint, "我的 one", card)


def archive(path: Path, files: Mapping[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as target:
        for name, data in files.items():
            target.writestr(name, data)
    return path


def whole(**changed: str | bytes) -> dict[str, str | bytes]:
    card = json.dumps({"generator": "gan-digits"})
    return {"card.json": card, "weights.safetensors": weights(), **changed}


def test_publish_find_rename_delete(
    store: ModelStore, model: ModelInfo, checkpoint: Path, card: dict[str, Any]
) -> None:
    assert (model.generator, model.shipped) == ("gan-digits", False)
    assert (model.folder / "vocabulary.json").exists()
    assert store.find(model.digest[:10]) == store.find("我的 one") == model
    with pytest.raises(StudioError, match="taken"):
        store.publish(checkpoint, "我的 ONE", card)
    assert store.free_name("我的 one") == "我的 one 2"
    assert store.rename("我的 one", "new").card["name"] == "new"
    assert store.size("new") == store.find("new").size > 100
    store.delete("new")
    with pytest.raises(StudioError, match="There is no model new"):
        store.find("new")
    assert list(store.folder.iterdir()) == []


@pytest.mark.parametrize("step", ["rename", "write_bytes"])
def test_a_rename_that_fails_on_the_way_leaves_name_and_card_as_they_were(
    store: ModelStore, model: ModelInfo, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    failures = [OSError(errno.ENOSPC, "No space left on device")]
    owner = {"rename": os, "write_bytes": files}[step]
    done = getattr(owner, step)

    def fail(*given: Any, **told: Any) -> Any:
        if failures:
            raise failures.pop()
        return done(*given, **told)

    monkeypatch.setattr(owner, step, fail)
    with pytest.raises(StudioError, match="could not be changed: No space left"):
        store.rename(model.name, "new")
    assert not failures
    monkeypatch.undo()
    assert store.find(model.name) == model
    assert store.names() == [model.name]
    assert json.loads((model.folder / "card.json").read_text())["name"] == model.name


def test_models_that_come_with_it_cannot_be_changed(
    store: ModelStore, checkpoint: Path, card: dict[str, Any], tmp_path: Path
) -> None:
    (checkpoint / "card.json").write_text(json.dumps(card))
    checkpoint.rename(tmp_path / "moved")
    shipped = tmp_path / "shipped" / "gan-digits"
    shipped.mkdir(parents=True)
    (tmp_path / "moved").rename(shipped / "ours")
    assert [each.shipped for each in store.list("gan-digits")] == [True]
    assert store.list("other") == []
    with pytest.raises(StudioError, match="comes with the studio"):
        store.delete("ours")
    with pytest.raises(StudioError, match="taken"):
        store.publish(shipped / "ours", "Ours", card)
    theirs = ModelStore(shipped=tmp_path / "none", plugin_folders={"gan-digits": shipped})
    assert [each.name for each in theirs.list()] == ["ours"]


def test_export_is_the_same_every_time_and_comes_back(
    store: ModelStore, model: ModelInfo, tmp_path: Path
) -> None:
    one = store.export(model.name, tmp_path / "一 1")
    two = store.export(model.name, tmp_path / "two.aigcmodel")
    assert one.name == "一 1.aigcmodel"
    assert one.read_bytes() == two.read_bytes()
    with zipfile.ZipFile(one) as exported:
        assert {each.date_time[0] for each in exported.infolist()} == {1980}
    back = store.import_file(one)
    assert (back.name, back.digest) == ("一 1", model.digest)
    assert store.import_file(one).name == "一 1 2"
    with pytest.raises(StudioError, match="already exists"):
        store.export(model.name, tmp_path / "two")


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        (whole(**{"../evil.json": "x"}), "not allowed"),
        (whole(**{"/evil.json": "x"}), "not allowed"),
        (whole(**{"a\\..\\b.json": "x"}), "not allowed"),
        (whole(**{"run.py": "x"}), "not allowed"),
        (whole(**{".x.json": "x"}), "not allowed"),
        (whole(**{"CARD.json": "{}"}), "not a model of the studio"),
        ({"card.json": "{}"}, "not a model of the studio"),
        ({"archive/data.pkl": b"\x80\x02"}, "is a pickle"),
        (whole(**{"weights.safetensors": pickle.dumps([1])}), "is a pickle"),
        (whole(**{"weights.safetensors": weights()[:-1]}), "no complete safetensors"),
        (whole(**{"weights.safetensors": b"\xff" * 40}), "no complete safetensors"),
        (whole(**{"card.json": "[]"}), "card of the model"),
        (whole(**{"card.json": '{"generator": "../x"}'}), "card of the model"),
        (whole(**{"card.json": '{"generator": "x", "metrics": {"a": NaN}}'}), "card of the model"),
        (whole(**{"card.json": '{"generator": "x", "notes": [1e999]}'}), "card of the model"),
        (whole(**{"card.json": '{"generator": "x", "notes": "\\ud800"}'}), "card of the model"),
    ],
)
def test_bad_model_files_are_refused_and_leave_nothing(
    store: ModelStore, tmp_path: Path, files: dict[str, str | bytes], sentence: str
) -> None:
    path = archive(tmp_path / "bad.aigcmodel", files)
    with pytest.raises(StudioError, match=sentence):
        store.import_file(path)
    assert store.list() == []
    assert not [each for each in store.folder.rglob("*") if each.is_file()]
    assert not (tmp_path / "evil.json").exists()


def test_a_link_a_renamed_pickle_half_a_file_and_none(
    store: ModelStore, model: ModelInfo, tmp_path: Path
) -> None:
    path = archive(tmp_path / "l.aigcmodel", whole())
    with zipfile.ZipFile(path, "a") as target:
        link = zipfile.ZipInfo("link.json")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        target.writestr(link, "/etc/passwd")
    with pytest.raises(StudioError, match="not allowed"):
        store.import_file(path)
    path.write_bytes(pickle.dumps({"a": 1}))
    with pytest.raises(StudioError, match="is a pickle"):
        store.import_file(path)
    half = store.export(model.name, tmp_path / "whole")
    half.write_bytes(half.read_bytes()[:300])
    with pytest.raises(StudioError, match=r"whole\.aigcmodel"):
        store.import_file(half)
    with pytest.raises(StudioError, match="is not there"):
        store.import_file(tmp_path / "none.aigcmodel")


def test_half_a_model_file_is_called_damaged_and_not_a_pickle(
    store: ModelStore, model: ModelInfo, tmp_path: Path
) -> None:
    half = store.export(model.name, tmp_path / "half")
    half.write_bytes(half.read_bytes()[:300])
    with pytest.raises(StudioError, match="damaged or cut off"):
        store.import_file(half)


def test_compressed_bytes_that_rot_are_a_sentence(store: ModelStore, tmp_path: Path) -> None:
    path = tmp_path / "rot.aigcmodel"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in whole().items():
            target.writestr(name, content)
    data = bytearray(path.read_bytes())
    start = data.index(b"card.json") + len("card.json")
    data[start : start + 8] = b"\xff" * 8
    path.write_bytes(data)
    with pytest.raises(StudioError, match="damaged or cut off"):
        store.import_file(path)


def test_weights_whose_length_looks_like_a_pickle_are_weights(tmp_path: Path) -> None:
    # The length of the header is the first number of the file, and a pickle begins with 128.
    header = b'{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}'
    path = tmp_path / "weights.safetensors"
    path.write_bytes((128).to_bytes(8, "little") + header.ljust(128) + b"\0")
    check_weights(path)


def test_a_zip_that_says_less_than_it_holds(store: ModelStore, tmp_path: Path) -> None:
    path = archive(tmp_path / "b.aigcmodel", whole(**{"big.json": b"0" * 5000}))
    data = path.read_bytes().replace((5000).to_bytes(4, "little"), (50).to_bytes(4, "little"))
    path.write_bytes(data)
    with pytest.raises(StudioError, match="damaged or cut off"):
        store.import_file(path)


def tensors(*spans: tuple[int, int]) -> bytes:
    header = {
        f"t{number}": {"dtype": "U8", "shape": [stop - start], "data_offsets": [start, stop]}
        for number, (start, stop) in enumerate(spans)
    }
    text = json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text + bytes(8)


@pytest.mark.parametrize(
    "spans", [[(0, 3), (5, 8)], [(0, 5), (3, 8)], [(0, 9)], [(0, 7)], [(-1, 8)], []]
)
def test_weights_with_gaps_overlaps_and_missing_bytes_are_refused(
    tmp_path: Path, spans: list[tuple[int, int]]
) -> None:
    path = tmp_path / "weights.safetensors"
    path.write_bytes(tensors((0, 3), (3, 8)))
    check_weights(path)
    path.write_bytes(tensors(*spans))
    with pytest.raises(StudioError, match="no complete safetensors"):
        check_weights(path)


def test_publish_refuses_pickles_and_programs(
    store: ModelStore, checkpoint: Path, card: dict[str, Any]
) -> None:
    (checkpoint / "more.pt").write_bytes(b"x")
    with pytest.raises(StudioError, match=r"more\.pt"):
        store.publish(checkpoint, "x", card)
    (checkpoint / "more.pt").unlink()
    (checkpoint / "weights.safetensors").write_bytes(pickle.dumps(1))
    with pytest.raises(StudioError, match="pickle"):
        store.publish(checkpoint, "x", card)
    (checkpoint / "weights.safetensors").write_bytes(weights())
    with pytest.raises(StudioError, match="card"):
        store.publish(checkpoint, "x", {"metrics": {}})
    with pytest.raises(StudioError, match="card"):
        store.publish(checkpoint, "x", card | {"x": float("nan")})
    assert not store.folder.exists()


def test_what_torch_saves_is_called_a_pickle_whatever_its_name(
    store: ModelStore, checkpoint: Path, card: dict[str, Any]
) -> None:
    path = checkpoint / "weights.safetensors"
    archive(path, {"archive/data.pkl": pickle.dumps([1])})
    with pytest.raises(StudioError, match="is a pickle"):
        store.publish(checkpoint, "x", card)
    assert not store.folder.exists()


def test_publish_follows_no_link_out_of_the_folder(
    store: ModelStore, checkpoint: Path, card: dict[str, Any], tmp_path: Path
) -> None:
    (tmp_path / "secret.json").write_text("{}")
    (checkpoint / "settings.json").symlink_to(tmp_path / "secret.json")
    with pytest.raises(StudioError, match=r"settings\.json"):
        store.publish(checkpoint, "x", card)
    assert not store.folder.exists()


def test_a_broken_model_is_named_and_does_not_hide_the_others(
    store: ModelStore, model: ModelInfo
) -> None:
    (store.folder / "broken").mkdir()
    assert [each.name for each in store.list()] == ["我的 one"]
    ((folder, sentence),) = store.broken()
    assert folder.name == "broken"
    assert "has no card" in sentence


def test_all_of_a_few_are_named_and_whose_they_are(
    store: ModelStore, checkpoint: Path, card: dict[str, Any]
) -> None:
    for name in ("digits", "digit sums", "birds"):
        store.publish(checkpoint, name, card)
    with pytest.raises(StudioError, match=r"There are: birds, digit sums, digits\."):
        store.find("digitz")


def test_two_of_one_name_are_told_apart(
    tmp_path: Path, checkpoint: Path, card: dict[str, Any]
) -> None:
    plugins = {}
    for generator in ("gan-one", "gan-two"):
        made = ModelStore(tmp_path / generator, tmp_path / "none")
        made.publish(checkpoint, "digits", {**card, "generator": generator})
        plugins[generator] = made.folder
    store = ModelStore(tmp_path / "own", tmp_path / "none", plugins)
    with pytest.raises(StudioError, match=r"digits \(gan-one\), digits \(gan-two\)\."):
        store.find("nothing")


def test_a_folder_is_called_one(
    store: ModelStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for path in (tmp_path, Path()):
        with pytest.raises(StudioError, match="is a folder"):
            store.import_file(path)


def test_a_model_is_found_as_macos_spells_it(
    store: ModelStore, checkpoint: Path, card: dict[str, object]
) -> None:
    made = store.publish(checkpoint, "café", card)
    assert store.find("cafe\u0301") == made
