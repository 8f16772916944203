"""Models whose content is a document: kept, sent, told apart, refused when it is none."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from library.library_samples import weights

from aigc_studio.api import Checkpoint, StudioError, Text, load_model, save_model
from aigc_studio.library import DatasetStore, ModelInfo, ModelStore, TrainingStore, identity
from aigc_studio.library.drafts import Draft
from aigc_studio.library.new_trainings import NewTraining
from aigc_studio.wire.model_folder import Fault, content_fault, model_fault

CARD = {"generator": "markov", "metrics": {}}


@pytest.fixture
def store(tmp_path: Path) -> ModelStore:
    return ModelStore(shipped=tmp_path / "shipped")


@pytest.fixture
def publish(store: ModelStore, tmp_path: Path) -> Callable[..., ModelInfo]:
    """Call it with a name and a document for a model of it."""

    def made(name: str, document: dict[str, Any], **more: Any) -> ModelInfo:
        folder = save_model(tmp_path / "checkpoints" / name, document, **more)
        return store.publish(folder, name, CARD)

    return made


def test_a_document_is_a_model_with_all_that_models_have(
    store: ModelStore, publish: Callable[..., ModelInfo], tmp_path: Path
) -> None:
    model = publish("Bard 3", {"order": 3})
    assert store.list() == [model]
    assert (model.weights_digest, len(model.digest)) == ("", 64)
    assert store.find(model.digest[:10]) == model
    assert load_model(model.folder) == ({"order": 3}, {})
    assert store.rename("Bard 3", "Bard").digest == model.digest
    back = store.import_file(store.export("Bard", tmp_path / "out"))
    assert back.digest == model.digest
    store.delete("Bard")
    assert [each.name for each in store.list()] == ["out"]


def test_models_are_told_apart_by_their_documents(publish: Callable[..., ModelInfo]) -> None:
    three, five = publish("Bard 3", {"order": 3}), publish("Bard 5", {"order": 5})
    more = publish("more", {"order": 3}, arrays={"a": np.ones(2)})
    again = publish("again", {"order": 3})
    assert len({three.digest, five.digest, more.digest}) == 3
    assert again.digest == three.digest
    assert identity.recalled([three, five], three.digest, "Bard 5") is three


def test_what_names_no_model_is_not_answered_by_one_without_weights(
    publish: Callable[..., ModelInfo],
) -> None:
    model = publish("Bard 3", {"order": 3})
    assert not model.answers("")
    assert not model.answers("", "Bard 3")
    assert model.answers(model.digest)
    assert identity.recalled([model], "0" * 64) is None


DAMAGE = [
    ("model.json", b"[1]", "model.json: it should be an object"),
    ("model.json", b'{"a": NaN}', "NaN"),
    ("model.json", b'{"a":' + b"[" * 10_000 + b"]" * 10_000 + b"}", "levels"),
    ("model.json", b"", "not JSON"),
]


@pytest.mark.parametrize(("name", "data", "said"), DAMAGE)
def test_a_damaged_document_is_not_published_nor_imported(
    store: ModelStore, tmp_path: Path, name: str, data: bytes, said: str
) -> None:
    folder = save_model(tmp_path / "step-1", {"order": 3})
    (folder / name).write_bytes(data)
    with pytest.raises(StudioError, match=said):
        store.publish(folder, "Bard", CARD)
    sent = tmp_path / "sent.aigcmodel"
    with zipfile.ZipFile(sent, "w") as archive:
        archive.writestr("card.json", json.dumps(CARD))
        archive.writestr(name, data)
    with pytest.raises(StudioError, match=f"sent.aigcmodel.*{said}.*export the model again"):
        store.import_file(sent)
    assert store.names() == []


def test_a_model_that_lost_its_content_is_named_and_hides_no_other(
    store: ModelStore, publish: Callable[..., ModelInfo]
) -> None:
    good, hurt, none = (publish(name, {"a": name}) for name in ("good", "hurt", "none"))
    (hurt.folder / "model.json").write_bytes(b'{"a": "hu')
    (none.folder / "model.json").unlink()
    assert store.list() == [good]
    sentences = [sentence for _folder, sentence in store.broken()]
    assert "hurt/model.json is damaged" in sentences[0]
    assert "none has neither model.json nor weights.safetensors: delete" in sentences[1]


def test_a_document_that_is_too_large_is_refused_unread(
    store: ModelStore, publish: Callable[..., ModelInfo]
) -> None:
    path = publish("Bard", {"a": 1}).folder / "model.json"
    with path.open("r+b") as holes:
        holes.truncate(2 << 30)
    ((_folder, sentence),) = store.broken()
    assert "Bard/model.json is damaged (it is larger than 67 MB)" in sentence


def test_both_sides_ask_the_same_of_a_folder(tmp_path: Path) -> None:
    folder = save_model(tmp_path / "m", {"a": 1})
    assert model_fault(folder) is None
    (folder / "weights.safetensors").write_bytes(weights()[:-1])
    assert model_fault(folder) == Fault("damaged", "weights.safetensors")
    (folder / "weights.safetensors").write_bytes(weights())
    assert model_fault(folder) is None
    (folder / "words.bin").write_bytes(b"x")
    assert model_fault(folder) == Fault("file", "words.bin")
    (folder / "words.bin").rename(folder / "a#.json")
    assert model_fault(folder) == Fault("name", "a#.json")
    assert model_fault(tmp_path / "none") == Fault("nothing")


def test_a_glance_takes_what_another_wrote_by_hand(tmp_path: Path) -> None:
    folder = tmp_path / "m"
    folder.mkdir()
    for text in ('\ufeff{"a": 1}', '\n{\n "a": 1\n}\n' + "\n" * 40):
        (folder / "model.json").write_text(text, "utf-8")
        assert content_fault(folder, whole=False) is None
    (folder / "model.json").write_text("3", "utf-8")
    assert content_fault(folder, whole=False) is not None


def test_a_training_keeps_checkpoints_without_tensors(store: ModelStore) -> None:
    datasets = DatasetStore()
    list(datasets.write("d", "text", [Draft(Text(f"{n}")) for n in range(30)], {}))
    training = TrainingStore().create(
        NewTraining("markov", datasets.open("d"), name="Bard", steps=5, parameters={"order": 2})
    )
    for step in (1, 2):
        folder = save_model(training.work / "models" / f"step-{step}", {"step": step})
        training.note_checkpoint(Checkpoint(folder, step, best=step == 2))
    (training.work / "models" / "step-2" / "model.json").write_text("{")
    (kept,) = training.checkpoints()
    assert kept["step"] == 1
    with pytest.raises(StudioError, match="an incomplete model"):
        training.note_checkpoint(Checkpoint(training.work, 3))
    made = training.publish(store)
    assert made is not None
    assert load_model(made.folder)[0] == {"step": 1}
    later = TrainingStore().create(
        NewTraining("markov", datasets.open("d"), name="Bard 2", steps=5, parameters={}, model=made)
    )
    assert later.request().model == made.folder
    later.release()
