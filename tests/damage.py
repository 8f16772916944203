"""Files that disks, programs and people have damaged: changed by chance, the same for one seed.

A specimen is a whole file and what reads it. `outcome` says what came of a changed one: a value, a
`StudioError`, or something that nobody has documented.
"""

from __future__ import annotations

import io
import json
import random
import re
import shutil
import struct
import traceback
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aigc_studio.api import Checkpoint, Image, Melody, Note, StudioError, load_model
from aigc_studio.library import DatasetStore, ModelStore, PackStore, TrainingStore, digests
from aigc_studio.library.drafts import Draft
from aigc_studio.library.new_trainings import NewTraining

ODD: tuple[bytes, ...] = (
    b"null", b"true", b"[]", b"{}", b"-1", b"0", b"1e2", b"1e999", b"NaN", b"-Infinity", b'""',
    b"9" * 30, b"9" * 5000, b'"28"', b'"\\ud800"', b'"\\u0000"', b'"../../x"', b"[[1]]", b"1.5",
    b'{"en": 5}', b"[" * 2000 + b"]" * 2000, b'{"a":' * 100 + b"1" + b"}" * 100, b"[" * 100_000,
    b"1000000000", b"9223372036854775808",
)  # fmt: skip
"""What may stand in the place of a value, and is hardly ever meant."""

_value = re.compile(rb'"(?:[^"\\]|\\.){0,200}"(?!\s*:)|-?\d+(?:\.\d+)?|true|false|null')
_field = re.compile(rb'"[a-z_0-9]{1,30}"\s*:\s*(?:"[^"]{0,200}"|-?\d+(?:\.\d+)?|\[[^\]]{0,60}\]),?')


def changed(data: bytes, chance: random.Random, text: bool) -> bytes:
    """The data with one to three changes."""
    ways = [*_bytes, *(_texts * 2 if text else ())]
    for _n in range(chance.choice((1, 1, 1, 2, 3))):
        data = chance.choice(ways)(data, chance)
    return data


def _flip(data: bytes, chance: random.Random) -> bytes:
    if not data:
        return data
    place = chance.randrange(len(data))
    return data[:place] + bytes([data[place] ^ 1 << chance.randrange(8)]) + data[place + 1 :]


def _cut(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data) + 1)]


def _blank(data: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(data) + 1)
    stop = min(len(data), start + chance.choice((1, 4, 16, 512)))
    return data[:start] + chance.choice((b"\0", b"\xff", b" ")) * (stop - start) + data[stop:]


def _put(data: bytes, chance: random.Random) -> bytes:
    place = chance.randrange(len(data) + 1)
    return data[:place] + chance.randbytes(chance.choice((1, 2, 8, 64))) + data[place:]


def _take(data: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(data) + 1)
    return data[:start] + data[start + chance.choice((1, 2, 8, 64)) :]


def _again(data: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(data) + 1)
    return data[:start] + data[start : start + chance.choice((8, 64, 512))] + data[start:]


def _number(data: bytes, chance: random.Random) -> bytes:
    """A number of two, four or eight bytes, little or large, in either order."""
    form = chance.choice(("<H", ">H", "<I", ">I", "<Q"))
    size = struct.calcsize(form)
    if len(data) < size:
        return data
    place = chance.randrange(len(data) - size + 1)
    most = (1 << 8 * size) - 1
    value = chance.choice((0, 1, most, most >> 1, (most >> 1) + 1, chance.randrange(65536) & most))
    return data[:place] + struct.pack(form, value) + data[place + size :]


def _odd(data: bytes, chance: random.Random) -> bytes:
    found = list(_value.finditer(data))
    if not found:
        return data
    place = chance.choice(found)
    return data[: place.start()] + chance.choice(ODD) + data[place.end() :]


def _lose(data: bytes, chance: random.Random) -> bytes:
    found = list(_field.finditer(data))
    if not found:
        return data
    place = chance.choice(found)
    return data[: place.start()] + data[place.end() :]


def _twice(data: bytes, chance: random.Random) -> bytes:
    found = [each for each in _field.finditer(data) if each[0].endswith(b",")]
    if not found:
        return data
    place = chance.choice(found)
    return data[: place.end()] + place[0] + data[place.end() :]


def _other_code(data: bytes, chance: random.Random) -> bytes:
    code = chance.choice(("utf-16", "utf-8-sig", "utf-32", "utf-16-be"))
    return data.decode("utf-8", "replace").encode(code)


def _whole(data: bytes, chance: random.Random) -> bytes:
    return chance.choice((*ODD, b"", b"\n", b"\0" * 100, b"\n\n\n"))


_Change = Callable[[bytes, random.Random], bytes]
_bytes: list[_Change] = [_flip, _cut, _blank, _put, _take, _again, _number]
_texts: list[_Change] = [_odd, _odd, _odd, _lose, _twice, _other_code, _whole]


@dataclass(frozen=True)
class Specimen:
    """A whole file: `read` is given a changed one. `text` says that it is JSON, or some other."""

    name: str
    data: bytes
    read: Callable[[bytes], object]
    text: bool = True


def outcome(specimen: Specimen, data: bytes) -> str:
    """`value`, `StudioError`, or the traceback of what should not have been."""
    try:
        specimen.read(data)
    except StudioError as error:
        return "StudioError" if str(error).strip() else "an error without a sentence"
    except Exception:
        return traceback.format_exc()
    return "value"


# The library: one of each kind, of which one file at a time is damaged


def weights(about: str = "{}") -> bytes:
    """The bytes of a safetensors file with two tensors."""
    header = {
        "__metadata__": {"aigc_studio": about},
        "a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]},
        "b": {"dtype": "F16", "shape": [1, 2], "data_offsets": [8, 12]},
    }
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + struct.pack("<ff", 1, 2) + bytes(4)


CARD = {
    "generator": "gan-digits", "metrics": {"precision": 0.5}, "licence": "CC0", "seed": 3,
    "data": {"name": "Digits", "examples": 3, "before": [{"name": "Other"}]}, "steps": 40,
    "frame": {"width": 28, "height": 28, "mode": "L"}, "controls": {"classes": ["0", "1"]},
    "versions": {"torch": "2.9"}, "parameters": {"size": "28"}, "seconds": 3.5,
}  # fmt: skip


MODEL = json.dumps({"order": 3, "counts": {"th": {"e": 12}, "长": {}}, "rate": [0.5, None]})


class Library:
    """Datasets, models, a training and packs below `top`, put back after every reading."""

    def __init__(self, top: Path) -> None:
        self.top, self.whole = top / "library", top / "whole"
        datasets, models, trainings = self._stores(self.whole)
        for name in ("good", "hurt"):
            pictures = [Image(_pixels(n)) for n in range(12)]
            drafts = [Draft(each, f"label {n % 2}") for n, each in enumerate(pictures)]
            list(datasets.write(name, "image", drafts, {"licence": "CC0"}))
            tunes = [Draft(Melody((Note(0, 480, 60 + n),)), "a") for n in range(9)]
            list(datasets.write(f"{name} tunes", "melody", tunes, {}))
            folder = top / name
            folder.mkdir()
            (folder / "weights.safetensors").write_bytes(weights())
            (folder / "model.json").write_text(MODEL)
            models.publish(folder, name, CARD)
            dataset = datasets.open("good")
            training = trainings.create(
                NewTraining("gan-digits", dataset, name=f"of {name}", steps=20)
            )
            made = training.work / "models" / "step-00000010"
            shutil.copytree(folder, made)
            training.note_checkpoint(Checkpoint(made, 10, {"loss": 0.5}, True, CARD))
            training.note("failed", "It broke off.")
            training.folder.rename(self.whole / "jobs" / name)
        (self.whole / "jobs" / "hurt" / "training-former.json").unlink()
        _pack(self.whole / "packs")

    @staticmethod
    def _stores(top: Path) -> tuple[DatasetStore, ModelStore, TrainingStore]:
        return (
            DatasetStore(top / "datasets"),
            ModelStore(top / "models", top / "none"),
            TrainingStore(top / "jobs"),
        )

    def specimen(
        self, name: str, place: str, read: Callable[[Library], object], *beside: str
    ) -> Specimen:
        """The file at `place`, and what reads it there; `beside` are the other stores of that."""

        def damaged(data: bytes) -> object:
            shutil.rmtree(self.top, ignore_errors=True)
            for store in (place.split("/")[0], *beside):
                shutil.copytree(self.whole / store, self.top / store)
            (self.top / place).write_bytes(data)
            return read(self)

        is_text = not place.endswith((".bin", ".safetensors", ".zip"))
        return Specimen(name, (self.whole / place).read_bytes(), damaged, is_text)

    def read_datasets(self) -> None:
        """All that is done with datasets. The good ones stay whole, whatever the others are."""
        datasets = self._stores(self.top)[0]
        names = {each.name for each in datasets.list()}
        broken = {folder.name for folder, _sentence in datasets.broken()}
        assert {"good", "good tunes"} <= names
        assert names | broken == {"good", "good tunes", "hurt", "hurt tunes"}
        assert not names & broken
        assert all(datasets.browse("good").artifact(n) for n in range(12))
        for name in ("hurt", "hurt tunes"):
            datasets.open(name)
        for name in ("hurt", "hurt tunes"):
            browser = datasets.browse(name)
            for number in range(len(browser)):
                browser.info(number)
                browser.artifact(number)
            browser.find(label="label 1", words="1")
            opened = datasets.open(name, None)
            assert opened.labels is not None
            assert all(each.artifact for each in opened)
            datasets.relabel(name, {0: "other"})
            datasets.exclude(name, [1])
            datasets.split_by(name, test_share=0.3)
            datasets.describe(name, credit="somebody")
            datasets.remove(name, [0])
            datasets.rename(name, f"{name} new")
            datasets.info(f"{name} new")

    def mend_datasets(self) -> None:
        """What is left of a damaged table can be gone on with."""
        datasets = self._stores(self.top)[0]
        if datasets.mend("hurt"):
            assert all(each.artifact is not None for each in datasets.open("hurt"))

    def read_models(self) -> None:
        """All that is done with models."""
        from aigc_studio.cli.cards import tell_card
        from aigc_studio.cli.console import Console

        digests._loaded_from.clear()
        models = self._stores(self.top)[1]
        names = {each.name for each in models.list()}
        broken = {folder.name for folder, _sentence in models.broken()}
        assert "good" in names
        assert names | broken == {"good", "hurt"}
        assert not names & broken
        if "hurt" in broken:
            models.delete("hurt")
            assert [each.name for each in models.list()] == ["good"]
            return
        tell_card(models.find("hurt"), Console(as_json=True))
        models.rename("hurt", "hurt too")
        path = models.export("hurt too", self.top / "out")
        models.import_file(path)

    def load_model(self) -> object:
        """What a plugin does with a model."""
        return load_model(self.top / "models" / "hurt")

    def read_trainings(self) -> None:
        """All that is done with trainings."""
        _datasets, models, trainings = self._stores(self.top)
        names = {each.id for each in trainings.list()}
        assert "good" in names
        assert names | set(trainings.damaged()) == {"good", "hurt"}
        assert len(trainings.interrupted()) >= 1
        if "hurt" in names:
            training = trainings.open("hurt")
            training.newest()
            training.publish(models)
            try:
                training.request()
                training.note("paused")
            finally:
                training.release()
        trainings.discard("hurt")
        assert [each.id for each in trainings.list()] == ["good"]

    def read_packs(self) -> None:
        """The packs, and one made a dataset of from a file of one's own."""
        packs = PackStore(self.top / "packs", self.top / "fetched")
        assert len(packs.list()) + len(packs.broken()) == 1
        for pack in packs.list():
            assert pack.dataset is not None
            datasets = DatasetStore(self.top / "made")
            list(packs.import_wheel(pack.id, self.top / "packs" / "rows.zip", datasets, "made"))

    def import_model(self) -> None:
        """A model file that somebody sent."""
        models = self._stores(self.top)[1]
        try:
            models.import_file(self.top / "packs" / "sent.aigcmodel")
        finally:
            assert {each.name for each in models.list()} >= {"good", "hurt"}


def _pixels(number: int) -> Any:
    import numpy as np

    return np.full((6, 8), number * 9, np.uint8)


def _pack(folder: Path) -> None:
    folder.mkdir(parents=True)
    manifest = {
        "id": "rows", "medium": "image", "title": {"en": "Rows", "zh": "行"}, "summary": "Some.",
        "wheels": [{"distribution": "d", "version": "1", "sha256": "0" * 64, "size": 3}],
        "reader": {
            "id": "pixel-rows", "members": ["a/rows.csv"], "options": {"width": 2, "height": 2},
        },
        "held_out": {"rule": "last-of-label", "count": 1}, "licence": "CC0", "credit": "me",
    }  # fmt: skip
    (folder / "rows.json").write_text(json.dumps(manifest))
    with zipfile.ZipFile(folder / "rows.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a/rows.csv", "\n".join(f"{n},2,3,4,{n % 3}" for n in range(12)))
    sent = io.BytesIO()
    with zipfile.ZipFile(sent, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/x-aigc-model")
        archive.writestr("card.json", json.dumps(CARD))
        archive.writestr("weights.safetensors", weights())
        archive.writestr("model.json", MODEL)
        archive.writestr("words.json", '["a"]')
    (folder / "sent.aigcmodel").write_bytes(sent.getvalue())


def library_specimens(top: Path) -> Iterator[Specimen]:
    """One of every document that the library keeps."""
    library = Library(top)
    for name, place, read, *beside in (
        ("rows", "datasets/hurt/examples.jsonl", Library.read_datasets),
        ("rows mended", "datasets/hurt/examples.jsonl", Library.mend_datasets),
        ("dataset", "datasets/hurt/dataset.json", Library.read_datasets),
        ("content", "datasets/hurt tunes/content.bin", Library.read_datasets),
        ("card", "models/hurt/card.json", Library.read_models),
        ("weights", "models/hurt/weights.safetensors", Library.read_models),
        ("model document", "models/hurt/model.json", Library.read_models),
        ("model loaded", "models/hurt/model.json", Library.load_model),
        ("arrays loaded", "models/hurt/weights.safetensors", Library.load_model),
        ("training", "jobs/hurt/training.json", Library.read_trainings, "datasets", "models"),
        ("manifest", "packs/rows.json", Library.read_packs),
        ("pack zip", "packs/rows.zip", Library.read_packs),
    ):
        yield library.specimen(name, place, read, *beside)
    sent = library.specimen("model file", "packs/sent.aigcmodel", Library.import_model, "models")
    yield Specimen(sent.name, sent.data, sent.read, text=False)


# What a training leaves for itself, and what a plugin keeps in its weights: these need torch


def torch_specimens(top: Path) -> Iterator[Specimen]:
    """Plans, metrics, resumed states, and a model of a plugin's."""
    import torch

    from aigc_studio.toolkit.checkpoints import ResumeFile
    from aigc_studio.toolkit.collapse import Looks, Scales
    from aigc_studio.toolkit.metrics import MetricLog, Window, read_metrics
    from aigc_studio.toolkit.plan import Plan, Stage
    from aigc_studio.toolkit.weights import load_weights

    top.mkdir(parents=True, exist_ok=True)

    def plan(data: bytes) -> object:
        (top / "plan.jsonl").write_bytes(data)
        found = Plan.read(top / "plan.jsonl")
        if found.stages:
            found.preview_is_due(5)
            found.evaluation_is_due(5, 4)
            found.note_is_due(5)
            found.anew(5, 10.0, 0.1, 60.0)
        return found

    kept = Plan(path=top / "plan.jsonl")
    kept.add(Stage(0, 100))
    kept.add(Stage(50, 200, 0.5, 24, "speed changed", 0.1))
    yield Specimen("plan", (top / "plan.jsonl").read_bytes(), plan)

    def metrics(data: bytes) -> object:
        (top / "metrics.jsonl").write_bytes(data)
        return read_metrics(top / "metrics.jsonl")

    log = MetricLog(top / "metrics.jsonl")
    log.note(1, {"loss": 0.5})
    log.note(2, {"loss": 0.25})
    log.close()
    yield Specimen("metrics", (top / "metrics.jsonl").read_bytes(), metrics)

    file = ResumeFile(top / "resume.safetensors")
    state = {
        "step": 7, "attended": True, "window": {"loss": [1.0, 2.0]}, "seconds": 3.0, "threads": 1,
        "log": 30, "best_folder": "step-00000005", "best_value": 0.5,
        "scales": {"loss": [1.0, 2.0]}, "looks": {"blank_since": -1, "told": False},
        "plan": kept.told(),
    }  # fmt: skip

    def resume(data: bytes) -> object:
        file.path.write_bytes(data)
        try:
            _tensors, told = file.read(file.path)
        except ValueError:
            return None  # documented: a file that is damaged
        Window(told["window"]).take()
        scales = Scales(told.get("scales"))
        scales.runaway({"loss": 0.5})
        return scales.left, Looks(told.get("looks")).kept

    file.write({"network/a": torch.zeros(2, 3)}, state)
    yield Specimen("resumed state", file.path.read_bytes(), resume)

    def loaded(data: bytes) -> object:
        (top / "weights.safetensors").write_bytes(data)
        return load_weights(top / "weights.safetensors")

    yield Specimen("weights in the worker", weights('{"kind": "a"}'), loaded)
    yield from _digit_specimens(top)


def _digit_specimens(top: Path) -> Iterator[Specimen]:
    import torch
    from gan_digits.model import open_model, save_model
    from gan_digits.network import GanSettings, Nets
    from gan_digits.pictures import Look

    folder = top / "digits"
    folder.mkdir()
    settings = GanSettings(size=16, num_classes=2, width=4, latent_dim=4)
    torch.manual_seed(0)
    nets = dict(Nets(settings).named_children())
    save_model(folder, settings, ("0", "1"), Look(0.0, 0.7), nets)
    path = folder / "weights.safetensors"
    data = path.read_bytes()
    length = int.from_bytes(data[:8], "little")
    header = json.loads(data[8 : 8 + length])

    def opened(about: bytes) -> object:
        told = header | {"__metadata__": {"aigc_studio": about.decode("utf-8", "replace")}}
        text = json.dumps(told).encode()
        path.write_bytes(struct.pack("<Q", len(text)) + text + data[8 + length :])
        return open_model(folder)

    yield Specimen("settings of gan digits", header["__metadata__"]["aigc_studio"].encode(), opened)

    def opened_whole(changed: bytes) -> object:
        path.write_bytes(changed)
        return open_model(folder)

    yield Specimen(
        "model of gan digits",
        data[: 8 + length + 64] + data[8 + length + 64 :],
        opened_whole,
        False,
    )
