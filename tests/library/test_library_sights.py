"""What came along is read again when its files have changed, and only then."""

import json
import os
import time
from pathlib import Path

import pytest

from aigc_studio.library import ModelStore, model_info
from aigc_studio.library.digests import file_digest, is_settled
from aigc_studio.library.sights import sight


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Seconds have gone by since all was written."""
    now = time.time
    monkeypatch.setattr("aigc_studio.files.time.time", lambda: now() + 60)


def shipped(folder: Path, words: str) -> ModelStore:
    model = folder / "shipped" / "echo" / "ours"
    model.mkdir(parents=True, exist_ok=True)
    (model / "model.json").write_text("{}")
    card = {"format": 2, "generator": "echo", "title": words}
    (model / "card.json").write_text(json.dumps(card))
    return ModelStore(folder / "models", shipped=folder / "shipped")


def read(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The models whose files are read from now on."""
    found, true = [], model_info._read_anew

    def noted(folder: Path, shipped: bool) -> model_info.ModelInfo:
        found.append(folder)
        return true(folder, shipped)

    monkeypatch.setattr(model_info, "_read_anew", noted)
    return found


@pytest.mark.usefixtures("settled")
def test_it_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store, opened = shipped(tmp_path, "first"), read(monkeypatch)
    first, again = store.list(), store.list()
    assert [each.card["title"] for each in first] == ["first"]
    assert first == again
    assert len(opened) == 1


@pytest.mark.usefixtures("settled")
@pytest.mark.parametrize(
    ("name", "text", "title"),
    [
        ("card.json", '{"format": 2, "generator": "echo", "title": "other"}', "other"),
        ("model.json", "{ }", "first"),
        ("extra.json", "{}", "first"),
    ],
)
def test_it_is_read_again_when_a_file_has_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, text: str, title: str
) -> None:
    store, opened = shipped(tmp_path, "first"), read(monkeypatch)
    store.list()
    (tmp_path / "shipped" / "echo" / "ours" / name).write_text(text)
    assert [each.card["title"] for each in store.list()] == [title]
    assert len(opened) == 2


def test_what_was_written_just_now_is_read_each_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, opened = shipped(tmp_path, "first"), read(monkeypatch)
    store.list()
    assert shipped(tmp_path, "again").list()[0].card["title"] == "again"
    assert len(opened) == 2


@pytest.mark.parametrize("ahead", [60.0, 7200.0, 1e8])
def test_what_was_written_ahead_of_the_clock_is_read_each_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ahead: float
) -> None:
    now = time.time
    monkeypatch.setattr("aigc_studio.files.time.time", lambda: now() - ahead)
    path = tmp_path / "file"
    path.write_text("one")
    about = path.stat()
    assert not is_settled(about)
    assert sight(tmp_path) == ()
    first = file_digest(path)
    path.write_text("two")
    monkeypatch.setattr("aigc_studio.library.digests.os.stat", lambda _path: about)
    assert file_digest(path) != first  # its times may well be the same


@pytest.mark.usefixtures("settled")
@pytest.mark.skipif(os.name != "posix", reason="Windows lets few make links")
def test_nothing_is_told_of_a_folder_with_a_link(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    assert [each[:2] for each in sight(tmp_path)] == [(str(tmp_path / "file"), 1)]
    (tmp_path / "link").symlink_to(tmp_path / "file")
    assert sight(tmp_path) == ()


@pytest.mark.parametrize("ahead", [60.0, 2 * 3600.0, 1e9])
def test_times_that_lie_ahead_tell_nothing(tmp_path: Path, ahead: float) -> None:
    """A second write in the same moment would not be seen."""
    (file := tmp_path / "card.json").write_text("{}")
    os.utime(file, (time.time() + ahead,) * 2)
    assert not is_settled(file.stat())
