"""A trained model as a folder: one net, the signs that it knows, and what it learnt from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch

from aigc_studio.toolkit import OpenModels, load_network, read_settings, save_network
from rnn_melody.network.net import Writer
from rnn_melody.settings import WriterSettings
from rnn_melody.signs import MODE, TONIC, Signs

KIND = "rnn-melody"


@dataclass(frozen=True)
class Model:
    """An open model. `tag` (8 bytes) tells it from another, `name` is what sentences call it,
    `about` what its file says; `learnt` what its tunes were like (`material.Learnt.to_json`)."""

    writer: Writer
    about: Mapping[str, Any]
    tag: bytes
    name: str

    @property
    def signs(self) -> Signs:
        """The tones, durations and metres that it knows."""
        return self.writer.signs

    @property
    def learnt(self) -> Mapping[str, Any]:
        """What its tunes were like: metres, modes, tonics, range, tempo, notes a bar."""
        found = self.about.get("learnt", {})
        return found if isinstance(found, Mapping) else {}


def save_model(folder: Path, writer: Writer, learnt: Mapping[str, Any]) -> None:
    """Write a net as the weights of a model folder, in half precision."""
    about = {
        "settings": asdict(writer.settings),
        "signs": writer.signs.to_json(),
        "learnt": dict(learnt),
    }
    save_network(folder, KIND, writer, about)


def open_model(folder: Path | None) -> Model:
    """The model in this folder, from memory if it was just used. Raises StudioError."""
    return _models.open(folder)


def build(about: Mapping[str, Any]) -> Writer:
    """The net that a file is for. Raises ValueError, TypeError or KeyError for what is none."""
    settings = read_settings(WriterSettings, about["settings"])
    return Writer(settings, Signs.from_json(about["signs"]))


def _read(folder: Path) -> Model:
    found = load_network(folder, KIND, build)
    _fill_untold(found.network)
    return Model(found.network, found.about, found.tag, found.name)


@torch.no_grad()
def _fill_untold(writer: Writer) -> None:
    """What no tune was in is as if it were not told: modes and tonics whose row is still empty."""
    weight, sizes = writer.table.weight, writer.signs.sizes()
    for column, untold in ((MODE, 0), (TONIC, 12)):
        first = int(writer.offsets[column])
        rows = weight[first : first + sizes[column]]
        rows[~rows.any(1)] = rows[untold].clone()


_models = OpenModels(_read)
