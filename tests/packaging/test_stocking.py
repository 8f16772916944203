"""What is said by hand on the cards of models that come along stays when they are made anew."""

import importlib.util
import json
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
WORDS = {"en": "Free", "zh": "自由"}


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[str], ModuleType]:
    """A script of `.ci`, for which the models that come along lie in the test's folder."""
    monkeypatch.syspath_prepend(ROOT / ".ci")

    def load(name: str) -> ModuleType:
        spec = importlib.util.spec_from_file_location(name, ROOT / ".ci" / f"{name}.py")
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        monkeypatch.setattr(module, "resources_folder", lambda: tmp_path)
        return module

    return load


def write(folder: Path, **card: Any) -> Path:
    folder.mkdir(parents=True)
    for name in ("weights.safetensors", "learnt-from.json"):
        (folder / name).write_bytes(b"{}")
    (folder / "card.json").write_text(json.dumps(card), encoding="utf-8")
    return folder


def read(folder: Path) -> dict[str, Any]:
    card: dict[str, Any] = json.loads((folder / "card.json").read_text("utf-8"))
    return card


def test_the_words_of_people_stay(script: Callable[[str], ModuleType], tmp_path: Path) -> None:
    trained = write(tmp_path / "new", licence="CC0", seed=2, data={"name": "Tang"})
    there = tmp_path / "models/rnn-text/tang"
    write(there, title=WORDS, licence=WORDS, seed=1, data={"name": "T", "language": "zh"})
    card = read(script("stock").stock("rnn-text", trained, "tang", "made so"))
    assert (card["title"], card["licence"], card["seed"]) == (WORDS, WORDS, 2)
    assert card["data"] == {"name": "Tang", "language": "zh"}
    other = read(script("stock").stock("rnn-text", trained, "other", "made so"))
    assert (other["licence"], "title" in other) == ("CC0", False)  # as the training says


def test_those_of_faces_too(
    script: Callable[[str], ModuleType], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    faces = script("stock_faces")
    for name in ("_was", "_draw_samples"):
        monkeypatch.setattr(faces, name, lambda _which: [])
    trained = write(tmp_path / "new", licence="For research only", seed=2)
    write(tmp_path / "models/vae-faces/photographs", title=WORDS, licence=WORDS, seed=1)
    card = read(faces.stock(trained, "photographs", "made so"))
    assert (card["title"], card["licence"], card["seed"]) == (WORDS, WORDS, 2)
