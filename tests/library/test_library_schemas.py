"""What is kept can be read again, and what cannot be read is one sentence about that one thing."""

import json
import os
import shutil
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from kinds import there
from library.library_samples import weights

from aigc_studio.api import Checkpoint, Dataset, Image, StudioError, Text, limits
from aigc_studio.library import (
    DatasetStore,
    ModelStore,
    PackStore,
    TrainingStore,
    archives,
    readers,
)
from aigc_studio.library.drafts import Draft
from aigc_studio.library.members import Members
from aigc_studio.library.names import LONGEST_NAME, checked_name, free_name
from aigc_studio.library.new_trainings import NewTraining
from aigc_studio.library.training import MOST_CHECKPOINTS
from aigc_studio.wire.model_folder import MOST_FILES, card_fault, stray_file


@pytest.fixture
def datasets(tmp_path: Path) -> DatasetStore:
    return DatasetStore(tmp_path / "datasets")


@pytest.fixture
def models(tmp_path: Path) -> ModelStore:
    return ModelStore(tmp_path / "models", tmp_path / "none")


@pytest.fixture
def trainings(tmp_path: Path) -> TrainingStore:
    return TrainingStore(tmp_path / "jobs")


def written(store: DatasetStore, name: str = "d", count: int = 6) -> Path:
    pixels = [np.full((4, 5), number, np.uint8) for number in range(count)]
    drafts = [Draft(Image(each), f"k{n % 2}") for n, each in enumerate(pixels)]
    list(store.write(name, "image", drafts, {}))
    return store.path(name)


def damaged(row: dict[str, Any], **changed: Any) -> bytes:
    kept = {name: value for name, value in (row | changed).items() if value is not ...}
    return json.dumps(kept).encode()


# Datasets


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"offset": ...}, "“offset” is missing"),
        ({"sha256": ...}, "“sha256” is missing"),
        ({"shape": ...}, "“shape” is missing"),
        ({"split": "other"}, "“split” should be one of train, test"),
        ({"length": "20"}, "“length” should be a whole number"),
        ({"offset": -1}, "“offset” should be"),
        ({"shape": [4, 6]}, "“shape” does not go with “length”"),
        ({"shape": [4, True]}, r"“shape\[1\]” should be"),
        ({"label": {"en": 5}}, "“label” should be a text"),
        ({"label": "x" * 1001}, "“label” should be a text of at most 1,000"),
        ({"group": "a\0"}, "“group” should be a text"),
        ({"excluded": 1}, "“excluded” should be true or false"),
        ({"attributes": []}, "“attributes” should be an object"),
    ],
)
def test_a_damaged_row_is_named_by_its_line(
    datasets: DatasetStore, changed: dict[str, Any], problem: str
) -> None:
    folder = written(datasets)
    written(datasets, "good")
    lines = (folder / "examples.jsonl").read_bytes().splitlines()
    lines[2] = damaged(json.loads(lines[2]), **changed)
    (folder / "examples.jsonl").write_bytes(b"\n".join(lines))
    with pytest.raises(
        StudioError, match=rf"dataset d is damaged \(examples\.jsonl, line 3: {problem}"
    ):
        datasets.open("d")
    with pytest.raises(StudioError, match="line 3"):
        datasets.browse("d")
    assert len(datasets.open("good", None)) == 6


@pytest.mark.parametrize("line", [b"true", b"[1]", b"3", b"null", b"{", b"[" * 5000, b"NaN"])
def test_a_row_that_is_no_object_hides_nothing(datasets: DatasetStore, line: bytes) -> None:
    folder = written(datasets)
    with (folder / "examples.jsonl").open("ab") as rows:
        rows.write(line + b"\n")
    assert [each.name for each in datasets.list()] == ["d"]
    with pytest.raises(StudioError, match="line 7"):
        datasets.open("d")
    with pytest.raises(ValueError, match="line 7"):
        Dataset(folder)
    assert datasets.mend("d") == 1
    assert len(datasets.open("d", None)) == 6


def test_what_is_left_of_a_damaged_table_can_be_gone_on_with(datasets: DatasetStore) -> None:
    folder = written(datasets)
    before = datasets.info("d").fingerprint
    whole = (folder / "examples.jsonl").read_bytes()
    lines = whole.splitlines()
    hurt = b"\n".join(
        [lines[0], lines[1][:40], *lines[2:5], damaged(json.loads(lines[5]), offset=10**6)]
    )
    (folder / "examples.jsonl").write_bytes(hurt)
    assert datasets.mend("d") == 2
    info = datasets.info("d")
    assert (info.train + info.test, info.fingerprint == before) == (4, False)
    assert (folder / "examples-damaged.jsonl").read_bytes() == hurt
    assert [each.artifact for each in datasets.open("d", None)]
    assert datasets.mend("d") == 0
    (folder / "examples.jsonl").write_bytes(b"[]\n")
    with pytest.raises(StudioError, match="No example would be left"):
        datasets.mend("d")


@pytest.mark.parametrize(
    "about",
    [
        b"", b"[]", b"[" * 9999, b'{"medium": "image"}', b'{"counts": {"train": "1"}}',
        '{"medium": "image"}'.encode("utf-16"), None,
    ],
)  # fmt: skip
def test_a_damaged_document_hides_no_other_and_can_be_deleted(
    datasets: DatasetStore, about: bytes | None
) -> None:
    folder = written(datasets)
    written(datasets, "good")
    if about is None:
        (folder / "dataset.json").unlink()
    else:
        (folder / "dataset.json").write_bytes(about)
    assert [each.name for each in datasets.list()] == ["good"]
    ((broken, sentence),) = datasets.broken()
    assert broken == folder
    assert sentence.startswith("The dataset d is damaged (")
    datasets.delete("d")
    assert datasets.broken() == []
    assert not folder.exists()


@pytest.mark.parametrize("name", ["licence", "credit", "source", "consent"])
def test_rights_are_kept_up_to_the_limit(datasets: DatasetStore, name: str) -> None:
    written(datasets)
    text = "的" * limits.RIGHTS
    assert getattr(datasets.describe("d", **{name: text}), name) == text
    with pytest.raises(StudioError, match="use at most 5,000 characters"):
        datasets.describe("d", **{name: text + "x"})
    with pytest.raises(StudioError, match="use at most 5,000 characters"):
        list(datasets.write("e", "text", [Draft(Text("a"))], {name: text + "x"}))
    assert getattr(datasets.info("d"), name) == text


def test_labels_are_kept_up_to_the_limit(datasets: DatasetStore) -> None:
    label = "签" * limits.LABEL
    list(datasets.write("d", "text", [Draft(Text("a"), label), Draft(Text("b"), "b")], {}))
    assert label in datasets.open("d", None).labels
    with pytest.raises(StudioError, match="use at most 1,000 characters"):
        Draft(Text("a"), label + "x")
    with pytest.raises(StudioError, match="use at most 1,000 characters"):
        datasets.relabel("d", {0: label + "x"})


def test_examples_are_kept_up_to_the_limit(
    datasets: DatasetStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "EXAMPLES", 6)
    written(datasets)
    assert len(datasets.open("d", None)) == 6
    with pytest.raises(StudioError, match="cannot be kept: it would have more than 6 examples"):
        written(datasets, "e", 7)
    assert datasets.names() == ["d"]


def test_fifty_thousand_labels_are_kept(datasets: DatasetStore) -> None:
    drafts = [Draft(Text(f"{n}"), f"class {n}") for n in range(55_000)]
    list(datasets.write("d", "text", drafts, {}))
    assert len(datasets.info("d").labels) == 55_000
    assert len(datasets.open("d", None).labels) == 55_000


# Models


def classes(count: int) -> dict[str, Any]:
    return {
        "generator": "gan-digits",
        "controls": {"classes": [f"class {n:07}" for n in range(count)]},
    }


def test_a_card_of_fifty_thousand_names_is_kept_once(models: ModelStore, checkpoint: Path) -> None:
    card = classes(55_000)
    assert card_fault(card) == ""
    info = models.publish(checkpoint, "many", card)
    assert [each.name for each in models.list()] == ["many"]
    assert info.card["controls"] == card["controls"]
    models.rename("many", "more")
    models.export("more", checkpoint.parent / "out")
    assert models.import_file(checkpoint.parent / "out.aigcmodel").name == "out"


def test_a_card_that_is_too_large_is_refused_before_anything_is_written(
    models: ModelStore, checkpoint: Path
) -> None:
    with pytest.raises(StudioError, match="card of the model many cannot be kept: it is larger"):
        models.publish(checkpoint, "many", classes(80_000))
    assert not models.folder.exists()
    assert "larger than" in card_fault(classes(80_000))


def padded(size: int) -> dict[str, Any]:
    """A card of so many bytes as it is written under the name `m`."""
    card = {"generator": "g", "notes": ""}
    length = len(json.dumps(card | {"name": "m"}, separators=(",", ":"))) + 1
    return card | {"notes": "x" * (size - length)}


def test_a_card_is_kept_up_to_the_limit(models: ModelStore, checkpoint: Path) -> None:
    models.publish(checkpoint, "m", padded(limits.CARD_BYTES))
    assert [each.name for each in models.list()] == ["m"]
    with pytest.raises(StudioError, match="larger than 1 MB"):
        models.publish(checkpoint, "n", padded(limits.CARD_BYTES + 1))
    with pytest.raises(StudioError, match="larger than 1 MB"):
        models.rename("m", "a longer name")
    assert (models.find("m").name, models.names()) == ("m", ["m"])


@pytest.mark.parametrize(
    "odd",
    [{"a": "\ud800"}, {"a": 10**30}, {"a": json.loads("[" * 70 + "]" * 70)}, {"a": float("nan")}],
)
def test_what_the_fence_lets_through_can_be_read(
    models: ModelStore, checkpoint: Path, odd: dict[str, Any]
) -> None:
    assert card_fault(odd)
    with pytest.raises(StudioError, match="cannot be kept"):
        models.publish(checkpoint, "odd", {"generator": "g"} | odd)
    assert models.names() == []


@pytest.mark.parametrize(
    "content", [b"true", b"[]", b"[" * 9999, b'{"generator": 3}', b'{"generator": "G"}', b"\0\0"]
)
def test_a_damaged_card_hides_no_other_and_can_be_deleted(
    models: ModelStore, checkpoint: Path, content: bytes
) -> None:
    models.publish(checkpoint, "hurt", {"generator": "g"})
    models.publish(checkpoint, "good", {"generator": "g"})
    (models.folder / "hurt" / "card.json").write_bytes(content)
    assert [each.name for each in models.list()] == ["good"]
    ((folder, sentence),) = models.broken()
    assert folder.name == "hurt"
    assert sentence.endswith("delete the model, then import it or train it again.")
    models.delete("hurt")
    assert models.broken() == []
    assert models.names() == ["good"]


def test_a_model_of_the_library_without_a_card_is_to_be_deleted(
    models: ModelStore, checkpoint: Path
) -> None:
    models.publish(checkpoint, "hurt", {"generator": "g"})
    (models.folder / "hurt" / "card.json").unlink()
    ((_folder, sentence),) = models.broken()
    assert sentence.endswith("delete it, then import it or train it again.")


def test_a_damaged_file_that_comes_from_elsewhere_is_to_be_exported_again(
    models: ModelStore, checkpoint: Path, tmp_path: Path
) -> None:
    models.publish(checkpoint, "m", {"generator": "g"})
    whole = models.export("m", tmp_path / "whole")
    hurt = tmp_path / "hurt.aigcmodel"
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(hurt, "w") as target:
        for each in source.infolist():
            is_card = each.filename.endswith("card.json")
            target.writestr(each, b"[]" if is_card else source.read(each))
    with pytest.raises(StudioError, match=r"card of the model hurt.* export the model again"):
        models.import_file(hurt)


def test_a_header_that_is_no_object_hides_no_other(models: ModelStore, checkpoint: Path) -> None:
    models.publish(checkpoint, "hurt", {"generator": "g"})
    models.publish(checkpoint, "good", {"generator": "g"})
    for text in (b"true", b"[]", b'{"a": null}', b'{"__metadata__": 1}', b"{" * 5000):
        data = struct.pack("<Q", len(text)) + text
        (models.folder / "hurt" / "weights.safetensors").write_bytes(data)
        assert [each.name for each in models.list()] == ["good"]
        ((_folder, sentence),) = models.broken()
        assert sentence.endswith("delete the model, then import it or train it again.")


@pytest.mark.parametrize("name", ["a#.json", "aux.json", "a..json", "x" * 250 + ".json", "a:b.txt"])
def test_a_file_that_could_not_be_imported_again_is_refused(
    models: ModelStore, checkpoint: Path, name: str
) -> None:
    (checkpoint / name).write_text("[]")
    if name == "a..json":
        models.publish(checkpoint, "m", {"generator": "g"})
        models.export("m", checkpoint.parent / "out")
        models.import_file(checkpoint.parent / "out.aigcmodel")
        return
    assert stray_file(checkpoint) == name
    with pytest.raises(StudioError, match="may not have a file like"):
        models.publish(checkpoint, "m", {"generator": "g"})


# Names


def test_a_free_name_is_always_a_name() -> None:
    for name in ("x" * LONGEST_NAME, "名" * 66, "a"):
        taken = [name]
        for _n in range(12):
            free = checked_name(free_name(name, taken), taken)
            taken.append(free)
        assert len(set(taken)) == 13


# Trainings


@pytest.fixture
def begin(datasets: DatasetStore, trainings: TrainingStore) -> Callable[..., Any]:
    def make(**told: Any) -> Any:
        if "d" not in datasets.names():
            written(datasets)
        known: dict[str, Any] = {"name": "mine", "steps": 10} | told
        return trainings.create(NewTraining("gan-digits", datasets.open("d"), **known))

    return make


def made(training: Any, step: int) -> Path:
    folder: Path = training.work / "models" / f"step-{step:08}"
    folder.mkdir(parents=True)
    (folder / "weights.safetensors").write_bytes(weights())
    return folder


def test_a_card_that_no_model_can_have_is_told_at_the_first_checkpoint(
    begin: Callable[..., Any], models: ModelStore
) -> None:
    training = begin()
    training.note_checkpoint(Checkpoint(made(training, 1), 1, card=classes(50_000)))
    assert training.publish(models).name == "mine"
    with pytest.raises(StudioError, match="card of the model mine cannot be kept"):
        training.note_checkpoint(Checkpoint(made(training, 2), 2, card=classes(80_000)))
    assert [each["step"] for each in training.checkpoints()] == [1]


def test_what_would_leave_no_room_in_the_card_is_told_before_a_training_begins(
    begin: Callable[..., Any], trainings: TrainingStore
) -> None:
    begin(parameters={"prompt": "x" * 10_000})
    with pytest.raises(StudioError, match="cannot be kept: it is larger than 100,000 B"):
        begin(parameters={"prompt": "x" * 100_000})
    with pytest.raises(StudioError, match="“seed” should be a whole number"):
        begin(seed=-1)
    assert len(trainings.list()) == 1


def test_publishing_ends_though_nothing_that_it_makes_can_be_found(
    begin: Callable[..., Any], models: ModelStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    training, tried = begin(), []
    training.note_checkpoint(Checkpoint(made(training, 1), 1))

    def publish(_folder: Path, name: str, _card: Any) -> Any:
        tried.append(name)
        (models.folder / name).mkdir(parents=True)
        raise StudioError("taken")

    monkeypatch.setattr(models, "publish", publish)
    with pytest.raises(StudioError, match="taken"):
        training.publish(models)
    assert len(tried) <= 50


def test_a_long_name_that_is_taken_costs_no_model(
    begin: Callable[..., Any], models: ModelStore, checkpoint: Path
) -> None:
    name = "n" * LONGEST_NAME
    models.publish(checkpoint, name, {"generator": "g"})
    training = begin(name=name)
    training.note_checkpoint(Checkpoint(made(training, 1), 1))
    assert training.publish(models).name == "n" * (LONGEST_NAME - 2) + " 2"


def test_the_document_of_a_training_with_many_checkpoints_can_be_read(
    begin: Callable[..., Any], trainings: TrainingStore
) -> None:
    training = begin()
    for step in range(1, MOST_CHECKPOINTS + 10):
        training.note_checkpoint(Checkpoint(made(training, step), step, best=step == 2))
    again = trainings.open(training.id)
    assert len(again.checkpoints()) == MOST_CHECKPOINTS + 1
    assert (there(again.best()).step, there(again.newest()).step) == (2, MOST_CHECKPOINTS + 9)


def test_cards_full_of_numbers_leave_the_document_readable(
    begin: Callable[..., Any], trainings: TrainingStore
) -> None:
    training = begin()
    nested: Any = [0] * 150_000
    for _level in range(40):
        nested = [nested]
    for step in range(1, 6):
        card = {"numbers": [0] * 250_000} if step % 2 else {"nested": nested}
        training.note_checkpoint(Checkpoint(made(training, step), step, best=step == 2, card=card))
    again = trainings.open(training.id)
    assert again.document == training.document
    assert (there(again.best()).step, there(again.newest()).step) == (2, 5)


@pytest.mark.parametrize(
    "changed",
    [
        {"seed": "3"}, {"seed": 1e3}, {"checkpoints": [True]}, {"checkpoints": {"a": 1}},
        {"dataset": {"path": "/", "name": 3, "fingerprint": ""}}, {"state": "odd"}, {"name": ""},
        {"parameters": []}, {"model": 3}, {"versions": {"a": 1}}, {"error": {"en": 5}},
        {"minutes": "5"}, {"created": None}, {"model": {"name": "m"}},
    ],
)  # fmt: skip
def test_a_training_that_says_nonsense_hides_no_other(
    begin: Callable[..., Any], trainings: TrainingStore, changed: dict[str, Any]
) -> None:
    hurt, good = begin(), begin(name="other")
    document = json.loads((hurt.folder / "training.json").read_bytes())
    (hurt.folder / "training.json").write_text(json.dumps(document | changed))
    assert [each.id for each in trainings.list()] == [good.id]
    ((folder, sentence),) = trainings.broken()
    assert (folder, trainings.damaged()) == (hurt.folder, [hurt.id])
    assert next(iter(changed)) in sentence
    trainings.discard(hurt.id)
    assert trainings.broken() == []


def test_a_checkpoint_outside_the_training_is_none(
    begin: Callable[..., Any], trainings: TrainingStore, checkpoint: Path
) -> None:
    training = begin()
    document = json.loads((training.folder / "training.json").read_bytes())
    noted = {"path": str(checkpoint), "step": 1, "metrics": {}, "best": True, "card": {}}
    for path in (str(checkpoint), "../../../checkpoint"):
        document["checkpoints"] = [noted | {"path": path}]
        (training.folder / "training.json").write_text(json.dumps(document))
        assert trainings.open(training.id).best() is None


# Archives and packs


def sent(path: Path, files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def model_with(**more: bytes) -> dict[str, bytes]:
    return {"card.json": b'{"generator": "g"}', "weights.safetensors": weights(), **more}


def test_what_unpacks_to_many_times_its_size_is_refused_before_it_is_unpacked(
    models: ModelStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "_FREE", 100_000)
    path = sent(tmp_path / "m.aigcmodel", model_with(**{"a.txt": b"\0" * 200_000}))
    monkeypatch.setattr(zipfile.ZipFile, "open", lambda *_all: pytest.fail("it was unpacked"))
    with pytest.raises(StudioError, match="would unpack to"):
        models.import_file(path)
    assert models.names() == []


def test_room_on_the_disk_is_asked_for_first(
    models: ModelStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "_FREE", 100)
    usage = shutil.disk_usage(tmp_path)._replace(free=5_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage)
    large = model_with(**{"a.txt": b"a" * 10_000})
    path = sent(tmp_path / "m.aigcmodel", large, zipfile.ZIP_STORED)
    with pytest.raises(StudioError, match="free up space"):
        models.import_file(path)


def patched(path: Path, signature: bytes, offset: int, value: bytes) -> Path:
    """The zip with a value in each of its headers of this kind changed."""
    data = bytearray(path.read_bytes())
    place = data.find(signature)
    while place >= 0:
        data[place + offset : place + offset + len(value)] = value
        place = data.find(signature, place + 4)
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("offset", "value", "problem"),
    [
        (6, struct.pack("<H", 95), "packed in a way that is not known"),
        (8, struct.pack("<H", 1), "locked with a password"),
        (10, struct.pack("<H", 97), "packed in a way that is not known"),
    ],
)
def test_zips_of_other_kinds_are_a_sentence(
    models: ModelStore, tmp_path: Path, offset: int, value: bytes, problem: str
) -> None:
    path = sent(tmp_path / "m.aigcmodel", model_with())
    patched(path, b"PK\x01\x02", offset, value)
    with pytest.raises(StudioError, match=problem):
        models.import_file(path)
    pack = patched(sent(tmp_path / "p.zip", {"a.csv": b"1"}), b"PK\x01\x02", offset, value)
    with pytest.raises(StudioError, match=problem), Members(pack) as members:
        members.read("a.csv")


@pytest.mark.parametrize(
    "name",
    [
        "con.json", "a/nul.txt", "a./b.json", "a.json.", "C:a.json", "/a.json", "a/../b.json", "..",
        "a//b.json", "x" * 201 + ".json",
    ],
)  # fmt: skip
def test_members_that_not_every_system_has_are_refused(
    models: ModelStore, tmp_path: Path, name: str
) -> None:
    path = sent(tmp_path / "m.aigcmodel", model_with(**{name: b"[]"}))
    with pytest.raises(StudioError, match="not allowed"):
        models.import_file(path)


@pytest.mark.parametrize("names", [("a.json", "A.JSON"), ("é.json", "e\u0301.json")])
def test_members_that_are_one_on_some_systems_are_refused(
    models: ModelStore, tmp_path: Path, names: tuple[str, str]
) -> None:
    path = sent(tmp_path / "m.aigcmodel", model_with(**dict.fromkeys(names, b"[]")))
    with pytest.raises(StudioError, match="not a model of the studio"):
        models.import_file(path)


def test_a_member_without_a_name_is_none(models: ModelStore, tmp_path: Path) -> None:
    for name, files in (
        ("m.aigcmodel", model_with(**{"a.json": b"[]"})),
        ("p.zip", {"a.json": b"1"}),
    ):
        path = sent(tmp_path / name, files)
        data = path.read_bytes()
        place = data.rfind(b"a.json")
        path.write_bytes(data[:place] + b"\0" + data[place + 1 :])  # zipfile ends a name there
    assert models.import_file(tmp_path / "m.aigcmodel").name == "m"
    with Members(tmp_path / "p.zip") as members:
        assert members.names == []


def test_a_damaged_manifest_hides_no_other_pack(tmp_path: Path) -> None:
    ours = PackStore().manifests
    for path in ours.glob("*.json"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    packs = PackStore(tmp_path, tmp_path / "fetched")
    others = [each.id for each in packs.list() if each.id != "digits"]
    assert len(others) > 2
    whole = json.loads((tmp_path / "digits.json").read_bytes())
    changes: tuple[dict[str, Any], ...] = (
        {"reader": 3}, {"title": {"en": 5}}, {"held_out": {"rule": "odd"}}, {"id": "../x"},
        {"wheels": []}, {"reader": whole["reader"] | {"options": {"width": 0, "height": 28}}},
        {"reader": whole["reader"] | {"options": {"width": 10**9, "height": 28}}},
        {"held_out": {"rule": "last-of-label", "count": "many"}},
    )  # fmt: skip
    for changed in changes:
        (tmp_path / "digits.json").write_text(json.dumps(whole | changed))
        assert [each.id for each in packs.list()] == others
        ((path, sentence),) = packs.broken()
        assert path.name == "digits.json"
        assert "sample pack digits is damaged" in sentence


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_what_is_a_pipe_is_not_waited_for(
    datasets: DatasetStore, models: ModelStore, checkpoint: Path, tmp_path: Path
) -> None:
    for name in ("p.aigcmodel", "p.zip", "p.txt", "p.mid", "p.png"):
        os.mkfifo(tmp_path / name)
    with pytest.raises(StudioError, match="not a model of the studio"):
        models.import_file(tmp_path / "p.aigcmodel")
    with pytest.raises(StudioError, match="neither a file nor a folder"):
        Members(tmp_path / "p.zip")
    for name in ("p.txt", "p.mid", "p.png"):
        with pytest.raises(StudioError, match=r"p\."):
            readers.read(tmp_path / name)
    folder = written(datasets)
    models.publish(checkpoint, "m", {"generator": "g"})
    for path in (folder / "examples.jsonl", models.folder / "m" / "card.json"):
        path.unlink()
        os.mkfifo(path)
    with pytest.raises(StudioError, match="it is not a file"):
        datasets.open("d")
    assert models.list() == []


def test_a_model_has_as_many_files_as_can_be_imported_again(
    models: ModelStore, checkpoint: Path, tmp_path: Path
) -> None:
    there_already = sum(path.is_file() for path in checkpoint.rglob("*"))
    for number in range(MOST_FILES - there_already):
        (checkpoint / f"{number}.txt").write_text("")
    models.publish(checkpoint, "m", {"generator": "g"})
    models.import_file(models.export("m", tmp_path / "out"))
    (checkpoint / "one more.txt").write_text("")
    with pytest.raises(StudioError, match="may not have a file like"):
        models.publish(checkpoint, "n", {"generator": "g"})


@pytest.mark.parametrize(
    "whole", ["true", "5", "null", "[]", '"x"', "{}", '{"medium": "image"}', ""]
)
def test_a_summary_that_is_none_hides_no_other_dataset(datasets: DatasetStore, whole: str) -> None:
    written(datasets, "good")
    (written(datasets, "hurt") / "dataset.json").write_text(whole)
    assert [each.name for each in datasets.list()] == ["good"]
    with pytest.raises(StudioError, match="hurt is damaged"):
        datasets.info("hurt")
    with pytest.raises(StudioError, match="hurt"):
        datasets.describe("hurt", credit="mine")
    datasets.delete("hurt")
