"""A model of RNN text as a folder: what it says of itself, and files that are none."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rnn_text.model import Form, open_model, opening
from rnn_text_examples import PROSE, alphabet_of, write_model

from aigc_studio.api import StudioError
from aigc_studio.toolkit import load_weights, save_weights


def test_a_model_is_read_as_it_was_written(tmp_path: Path) -> None:
    form = Form("verse", "\n", ("5x4", "7x4"))
    model = open_model(write_model(tmp_path / "voice", form=form, cell="lstm", tied=True, right=4))
    assert (model.kind, model.between, model.forms) == ("verse", "\n", ("5x4", "7x4"))
    assert model.name == "voice"
    assert len(model.tag) == 8
    assert model.network is model.writer
    assert model.alphabet == alphabet_of(PROSE)
    assert model.writer.settings.cell == "lstm"
    assert model.writer.right is not None
    assert open_model(tmp_path / "voice") is model


def test_a_text_begins_after_what_stands_between_texts_or_after_its_mark() -> None:
    alphabet = alphabet_of("a b\n")
    assert opening(alphabet, Form("prose", "\n\n")).tolist() == [*alphabet.encode("\n\n")]
    assert opening(alphabet, Form("prose", "—")).tolist() == [alphabet.marks["begin"]]
    found = opening(alphabet, Form("lines"))
    assert found.dtype == np.int64
    assert found.tolist() == [alphabet.marks["begin"]]


@pytest.mark.parametrize(
    "change",
    [
        {"settings": {"symbols": 5, "width": 10**9}},
        {"settings": {"symbols": "many"}},
        {"alphabet": {"symbols": ["a"], "marks": []}},
        {"alphabet": 7},
        {"form": {"kind": "opera"}},
        {"form": {"shapes": "5x4"}},
        {"kind": "vae-faces"},
    ],
)
def test_files_that_are_none_are_told_of_in_words(tmp_path: Path, change: dict[str, Any]) -> None:
    folder = write_model(tmp_path / "voice")
    tensors, about = load_weights(folder / "weights.safetensors")
    save_weights(folder / "weights.safetensors", tensors, json.loads(json.dumps(about)) | change)
    with pytest.raises(StudioError, match="voice"):
        open_model(folder)
