"""What is measured: a pack's pictures, those that were held out, and the model that came along."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import torch
from rows import row, tell
from surroundings import ROOT
from torch import Tensor

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from aigc_studio.api import Dataset
    from aigc_studio.toolkit import Pictures

GENERATOR = "vae-faces"
SUBJECTS = {"photographs": "faces", "cartoon": "cartoon-faces"}
"""The packs by the names of the models that learnt from them."""
SHIPPED = ROOT / "resources" / "models" / GENERATOR
MOST_BYTES = 5.0
"""Megabytes (10⁶ bytes) of the shipped models together: their folders whole, with cards and samples
and what they have seen, as they lie on a disk."""
_T = TypeVar("_T")


@dataclass(frozen=True)
class Subject:
    """A model and its pack: `training` and `held_out` pictures, brought to the model's size."""

    name: str
    model: Any
    folder: Path
    training: Pictures
    held_out: Pictures
    fingerprint: str

    @property
    def network(self) -> Any:
        """The model's `Faces`."""
        return self.model.network

    @property
    def values(self) -> Tensor:
        """The held-out pictures, float32 (n, c, side, side) in -1..1."""
        from aigc_studio.toolkit import to_values

        return to_values(self.held_out.planes, -1.0)


def open_subject(name: str, folder: str = "", most: int = 200) -> Subject:
    """The model `name` (or the one in `folder`), and its pack; fetched when it is not here."""
    from vae_faces.model import open_model

    from aigc_studio.api import Dataset
    from aigc_studio.toolkit import read_pictures

    torch.set_grad_enabled(False)
    model_folder = Path(folder).absolute() if folder else SHIPPED / name
    model = open_model(model_folder)
    place = find_data(SUBJECTS[name]).path
    side, parts = model.network.side, {}
    for split in ("train", "test"):
        dataset = Dataset(place, "test" if split == "test" else "train")
        chosen = range(len(dataset) if split == "train" else min(most, len(dataset)))
        parts[split] = result_of(read_pictures(dataset, side, model.mode, chosen=chosen))
    print_ = dataset.fingerprint
    return Subject(name, model, model_folder, parts["train"], parts["test"], print_)


def find_data(pack: str) -> Dataset:
    """The dataset of a sample pack; fetched from the package index when it is not here."""
    from aigc_studio.library import DatasetStore, PackStore

    store = DatasetStore()
    found = [each for each in store.list() if each.pack == pack]
    if not found:
        for _step in PackStore().fetch(pack, store, pack):
            pass
        found = [each for each in store.list() if each.pack == pack]
    return store.open(found[0].name)


def result_of(steps: Generator[Any, None, _T]) -> _T:
    """Run what yields events to its end, and give what it returns."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            found: _T = end.value
            return found


def in_parts(work: Callable[[Tensor], Tensor], values: Tensor, size: int = 50) -> Tensor:
    """What a net makes of many, some at a time."""
    return torch.cat([work(part) for part in torch.split(values, size)])


def tell_size() -> None:
    """The shipped models together."""
    files = [each for each in SHIPPED.rglob("*") if each.is_file()]
    size = sum(each.stat().st_size for each in files) / 1e6
    if files:
        note = "all files of both folders"
        tell(row("shipped models of faces together", [size], "MB", bar=MOST_BYTES, note=note))
