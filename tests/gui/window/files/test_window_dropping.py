from __future__ import annotations

import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication

from aigc_studio.api import Text
from aigc_studio.project import Item, Project, commands
from aigc_studio.ui.window.window import StudioWindow

Wait = Callable[[Callable[[], Any]], None]


def drop(window: StudioWindow, *paths: Path) -> None:
    """Files dropped on the canvas."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    both = (
        Qt.DropAction.CopyAction,
        mime,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    viewport = window.board_area.view.viewport()
    enter = QDragEnterEvent(QPoint(200, 100), *both)
    QApplication.sendEvent(viewport, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(viewport, QDropEvent(QPointF(200, 100), *both))


def saved(path: Path, words: str) -> Path:
    """A project with one text."""
    project = Project.new()
    content = project.store.put(Text(words))
    project.do(
        commands.add_items(project.board, [Item("i1", words, content, 0.0, 0.0, 100.0, 50.0)])
    )
    project.save(path)
    project.close()
    return path


def names(window: StudioWindow) -> list[str]:
    return [item.name for item in window.studio.project.board.items]


def test_of_two_projects_one_is_opened_and_the_other_named(
    window: StudioWindow, wait: Wait, tmp_path: Path
) -> None:
    drop(window, saved(tmp_path / "a.aigc", "first"), saved(tmp_path / "b.aigc", "second"))
    wait(lambda: names(window) == ["first"])
    assert window.board_area.bar.text == (
        "“a.aigc” is taken alone: “b.aigc” was left out, bring it by itself."
    )


def test_several_folders_become_one_dataset_and_files_beside_them_come_on_the_board(
    window: StudioWindow, wait: Wait, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folders = [tmp_path / name for name in ("cats", "dogs")]
    for folder in folders:
        folder.mkdir()
        (folder / "a.txt").write_text(folder.name)
    (tmp_path / "words.txt").write_text("words")
    drop(window, *folders, tmp_path / "words.txt")
    wait(lambda: len(names(window)) == 1)
    bar = window.board_area.bar
    assert "2 folders were dropped" in bar.text
    taken: list[list[Path]] = []
    monkeypatch.setattr(window.dialogs, "import_into_library", taken.append)
    next(button for button, _call in bar._calls if button.text() == "Import…").click()
    assert taken == [folders]


def zipped(path: Path, names: Sequence[str]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, name)
    return path


def press(window: StudioWindow, words: str) -> None:
    next(each for each, _call in window.board_area.bar._calls if each.text() == words).click()


def test_a_zip_file_is_data_to_learn_from_as_a_folder_is(
    window: StudioWindow, wait: Wait, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Path] = []
    monkeypatch.setattr(
        window.trainings, "_open_dialog", lambda _generator, place: asked.append(place)
    )
    cats = zipped(tmp_path / "cats.ZIP", ("a/1.txt", "b/2.txt"))
    drop(window, cats)
    bar = window.board_area.bar
    wait(lambda: bar.text == "“cats.ZIP” is a zip file. Train a generator with what is in it?")
    press(window, "Train…")
    assert asked == [cats]
    assert not names(window)


def test_several_zip_files_and_folders_become_one_dataset(
    window: StudioWindow, wait: Wait, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cats = zipped(tmp_path / "cats.zip", ("1.txt",))
    (tmp_path / "dogs.zip").mkdir()  # a folder, whatever its name says
    drop(window, tmp_path / "dogs.zip", cats)
    bar = window.board_area.bar
    wait(lambda: bar.text.startswith("2 folders and zip files were dropped."))
    taken: list[list[Path]] = []
    monkeypatch.setattr(window.dialogs, "import_into_library", taken.append)
    press(window, "Import…")
    assert taken == [[tmp_path / "dogs.zip", cats]]
    drop(window, cats, zipped(tmp_path / "birds.zip", ("2.txt",)))
    wait(lambda: bar.text.startswith("2 zip files were dropped."))
