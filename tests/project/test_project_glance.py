"""A look at a board's file: its picture, or nothing, whatever the file is."""

import zipfile
from pathlib import Path

import numpy as np

from aigc_studio.api import Image
from aigc_studio.project import Item, Project, commands, glance


def test_the_picture_of_a_saved_board_is_found(tmp_path: Path) -> None:
    project = Project.new(tmp_path / "session")
    content = project.store.put(Image(np.full((8, 8), 90, np.uint8)))
    item = Item(project.board.new_ids(1)[0], "One", content, 0, 0, 80, 80)
    project.do(commands.add_items(project.board, [item]))
    project.save(tmp_path / "板.aigc")
    project.close()
    data = glance.preview(tmp_path / "板.aigc")
    assert data is not None
    assert data.startswith(b"\x89PNG")


def test_other_files_have_none(tmp_path: Path) -> None:
    (tmp_path / "text.aigc").write_text("no zip")
    with zipfile.ZipFile(tmp_path / "empty.aigc", "w") as archive:
        archive.writestr("other", b"")
    with zipfile.ZipFile(tmp_path / "bomb.aigc", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("preview.png", bytes(glance.MOST_BYTES + 1))
    (tmp_path / "folder.aigc").mkdir()
    for name in ("text", "empty", "bomb", "folder", "missing"):
        assert glance.preview(tmp_path / f"{name}.aigc") is None
