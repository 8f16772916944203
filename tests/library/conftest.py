"""What the tests of the library draw for themselves: pictures, texts, tunes, model folders."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from library.library_samples import weights
from PIL import Image as Pillow


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """A folder 图 1 with sub-folders 'a' and 'b' of six different 12×10 grey pictures each."""
    folder = tmp_path / "图 1"
    for number in range(12):
        path = folder / ("a" if number % 2 else "b") / f"{number}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        pixels = np.random.default_rng(number).integers(0, 255, (10, 12), np.uint8)
        Pillow.fromarray(pixels).save(path)
    return folder


@pytest.fixture
def checkpoint(tmp_path: Path) -> Path:
    """A complete model folder as a plugin writes it."""
    folder = tmp_path / "checkpoint"
    folder.mkdir()
    (folder / "weights.safetensors").write_bytes(weights())
    (folder / "vocabulary.json").write_text('["a"]')
    return folder


@pytest.fixture
def card() -> dict[str, Any]:
    return {"generator": "gan-digits", "metrics": {"precision": 0.5}, "licence": "CC0"}
